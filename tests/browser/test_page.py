"""What the page shows and says, for eyes, ears and keyboard."""

import io
import queue
import re

import pytest
from msgspec import structs
from PIL import Image

from robot.config import ServerSettings
from robot.messages import (
    Box,
    FaceQuality,
    Health,
    Hearing,
    Intent,
    Mood,
    Percept,
    Reason,
    SeenFace,
    Sighting,
    Utterance,
)
from robot.simulator.server import SimulatorServer

pytestmark = pytest.mark.browser


def intent(state: str = "attending", say: str | None = None, chirp: str | None = None, language: str = "en") -> Intent:
    words = Utterance(say, language, 0.2, 0.1) if say else None
    return Intent("i1", 1.0, state, 0.1, 0.0, 0.0, 0.0, "glow", 0.5, (), say=words, chirp=chirp)


def mood(number: int, label: str, confidence: float = 0.8) -> Mood:
    return Mood(f"m{number}", float(number), label, confidence, 0.6, 0.4, 0.75, 0.25, ())


def sighting(*faces: SeenFace) -> Sighting:
    return Sighting("s1", 1.0, 1, 640, 480, 0.5, faces)


def face(track: int, label: str = "happy", unsure: bool = False) -> SeenFace:
    read = Percept(label, 0.7, unsure, 0.5, 0.2, 0.8, {"happy": 0.7, "neutral": 0.2, "sad": 0.1})
    quality = FaceQuality(size=0.9, light=0.5, sharpness=0.7, pose=1.0)
    return SeenFace(track, Box(0.25, 0.25, 0.5, 0.5), 0.9, ((0.4, 0.4), (0.6, 0.4)), 0.0, quality, read)


def text_becomes(page, selector: str, wanted: str) -> None:
    page.wait_for_function(
        "([selector, wanted]) => document.querySelector(selector)?.textContent.includes(wanted)", arg=[selector, wanted]
    )


def test_the_token_is_gone_from_the_address_bar(open_page, server):
    page = open_page().page
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+/", page.url)
    page.reload()
    page.wait_for_selector('body[data-connection="open"]')


def test_words_are_captioned_and_announced_politely(open_page, hub):
    page = open_page().page
    hub.publish(intent(say="Hello, good to see you.", language="en"))
    text_becomes(page, "#caption", "Hello, good to see you.")
    assert page.get_attribute("#caption", "aria-live") == "polite"
    assert page.is_visible("#caption")
    hub.publish(intent(say="Guten Tag.", language="de"))
    text_becomes(page, "#caption", "Guten Tag.")
    assert page.get_attribute("#caption", "lang") == "de"


def test_wordless_sounds_are_captioned_too(open_page, hub):
    page = open_page().page
    hub.publish(intent(chirp="happy"))
    text_becomes(page, "#caption", "(a happy chirp)")


def test_somebody_new_is_shown_what_is_perceived_until_they_have_gone(open_page, hub):
    page = open_page().page
    assert page.is_hidden("#told")
    hub.publish(structs.replace(intent(state="attending"), notice="I read faces and voices, and keep nothing."))
    text_becomes(page, "#told", "I read faces and voices, and keep nothing.")
    hub.publish(intent(state="sharing_joy"))
    text_becomes(page, '.state[aria-current="step"]', "sharing joy")
    assert page.is_visible("#told")
    assert page.get_attribute("#told", "role") == "status"
    hub.publish(intent(state="alone"))
    page.wait_for_selector("#told", state="hidden")


def test_words_are_text_and_never_markup(open_page, hub):
    page = open_page().page
    evil = '<img src=x onerror="alert(1)"><b>bold</b>'
    hub.publish(intent(say=evil, state='<b id="evil">x</b>'))
    hub.publish(Reason("r1", 1.0, "<i>kind</i>", "x", evil, ()))
    hub.publish(Health(1.0, {evil: evil}))
    hub.publish(mood(1, evil))
    text_becomes(page, "#caption", evil)
    text_becomes(page, "#reasons", evil)
    text_becomes(page, "#parts", evil)
    text_becomes(page, "#mood-label", "onerror")
    assert page.locator("img, #evil, main b, main i").count() == 0


def test_the_state_is_marked(open_page, hub):
    page = open_page().page
    hub.publish(intent(state="sharing_joy"))
    page.wait_for_selector('.state[aria-current="step"]')
    assert page.locator(".state[aria-current]").all_text_contents() == ["sharing joy"]
    assert page.locator(".frame.now").count() == 1
    hub.publish(intent(state="parting"))
    text_becomes(page, '.state[aria-current="step"]', "parting")
    assert page.locator(".frame.now").count() == 0


def test_a_state_that_the_page_does_not_know_gets_its_own_chip(open_page, hub):
    page = open_page().page
    hub.publish(intent(state="handing_off"))
    text_becomes(page, '.state[aria-current="step"]', "handing off")


def test_reasons_are_listed_newest_first_and_lead_back(open_page, hub):
    page = open_page().page
    hub.publish(Reason("r1", 1.0, "mood", "happy", "The face smiles.", ("s1",)))
    hub.publish(Reason("r2", 2.0, "word", "hello", "I greet because of the smile.", ("r1",)))
    text_becomes(page, "#reasons li:first-child", "I greet because of the smile.")
    assert page.locator("#reasons > li").count() == 2
    page.locator("#reasons summary").focus()
    page.keyboard.press("Enter")
    assert page.locator("#reasons details li").inner_text() == "The face smiles."


def test_only_the_last_reasons_stay(open_page, hub):
    page = open_page().page
    for number in range(40):
        hub.publish(Reason(f"r{number}", float(number), "mood", "x", f"Reason {number}.", ()))
    text_becomes(page, "#reasons li:first-child", "Reason 39.")
    assert page.locator("#reasons > li").count() == 8


def test_health_is_said_in_words_not_only_in_colour(open_page, hub):
    page = open_page().page
    hub.publish(Health(1.0, {"camera": "ok", "voice_tone": "lost", "servos": "off"}))
    text_becomes(page, "#parts", "voice tone")
    assert page.locator("#parts li").all_inner_texts() == [
        "camera\nworking",
        "voice tone\ngone, trying again",
        "servos\nnot in use",
    ]
    assert "on" in page.get_attribute("#camera-light", "class").split()
    hub.publish(Health(2.0, {"camera": "lost"}))
    page.wait_for_function("() => !document.getElementById('camera-light').classList.contains('on')")


def test_f25_a_disk_that_takes_nothing_is_shown_with_what_to_do(open_page, hub):
    page = open_page().page
    hub.publish(Health(1.0, {"camera": "ok", "storage": "read_only"}))
    text_becomes(page, "#parts", "read-only: look at the memory card")
    assert page.get_attribute("#parts li:last-child", "data-state") == "read_only"


def test_a_mood_is_a_word_a_doubt_and_a_curve(open_page, hub):
    page = open_page().page
    for number in range(20):
        hub.publish(mood(number, "happy"))
        text_becomes(page, "#mood-label", "Happy")
    assert page.inner_text("#mood-sure") == "80 % sure, 75 % from the face"
    hub.publish(mood(30, "unsure", 0.3))
    text_becomes(page, "#mood-label", "Not sure yet")
    drawn = """id => {
      const canvas = document.getElementById(id);
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return new Set(new Uint32Array(data.buffer)).size;
    }"""
    assert page.evaluate(drawn, "curve") > 5
    assert page.evaluate(drawn, "plane") > 5
    assert page.get_attribute("#curve", "aria-label").startswith("Over the last minute mostly: happy.")


def test_the_picture_is_shown_with_a_box_for_each_face(open_page, hub):
    page = open_page().page
    jpeg = io.BytesIO()
    Image.new("RGB", (640, 480), (200, 30, 30)).save(jpeg, "JPEG")
    hub.publish(sighting(face(3), face(4, unsure=True)))
    hub.picture(jpeg.getvalue())
    page.wait_for_function("() => document.getElementById('no-picture').hidden")
    ground, on_the_box = page.evaluate(
        """() => {
          const { data } = document.getElementById('picture').getContext('2d').getImageData(0, 240, 640, 1);
          return [20, 160].map((x) => [...data.slice(4 * x, 4 * x + 4)]);
        }"""
    )
    assert ground == pytest.approx([200, 30, 30, 255], abs=6)
    assert on_the_box != pytest.approx([200, 30, 30, 255], abs=20)
    assert page.inner_text("#faces") == "2 faces, looking at number 3"
    assert "2 faces" in page.get_attribute("#picture", "aria-label")
    assert page.locator("#expression li").all_inner_texts() == ["happy\n70 %", "neutral\n20 %", "sad\n10 %"]
    assert page.locator("#quality li").all_inner_texts() == [
        "size\n90 %",
        "light\n50 %",
        "sharpness\n70 %",
        "pose\n100 %",
    ]
    hub.publish(sighting())
    text_becomes(page, "#faces", "No face in view")
    assert page.inner_text("#expression") == "No face to read"


def test_a_picture_that_is_none_leaves_the_page_whole(open_page, hub):
    page = open_page().page
    hub.picture(b"not a picture")
    text_becomes(page, "#no-picture", "The picture cannot be read")
    hub.publish(intent(say="Still here."))
    text_becomes(page, "#caption", "Still here.")


def test_hearing_is_a_level_a_state_and_a_tone(open_page, hub):
    page = open_page().page
    tone = Percept("angry", 0.6, False, -0.5, 0.6, 0.9, {"angry": 0.6, "happy": 0.4})
    hub.publish(Hearing("h1", 1.0, 0.032, -23.4, 0.9, True, 0.0, tone))
    text_becomes(page, "#voice-state", "Someone is speaking")
    assert page.inner_text("#level-text") == "-23 dB"
    assert page.locator("#tone li").all_inner_texts() == ["angry\n60 %", "happy\n40 %"]
    laugh = structs.replace(tone, events={"none": 0.1, "laugh": 0.9})
    hub.publish(Hearing("h2", 1.5, 0.032, -23.4, 0.9, True, 0.0, laugh))
    text_becomes(page, "#voice-state", "Someone laughs")
    alone = Percept("cry", 0.8, False, 0.0, 0.0, 0.9, {"none": 0.2, "cry": 0.8}, {"none": 0.2, "cry": 0.8})
    hub.publish(Hearing("h2", 2.0, 0.032, -23.4, 0.1, False, 0.0, alone))
    text_becomes(page, "#voice-state", "Someone cries")
    assert page.locator("#tone li").all_inner_texts() == ["none\n20 %", "cry\n80 %"]
    hub.publish(Hearing("h2", 4.0, 0.032, -20.0, 0.9, True, 0.9))
    text_becomes(page, "#voice-state", "ignored")
    hub.publish(Hearing("h3", 5.0, 0.032, -100.0, 0.0, False, 0.0))
    text_becomes(page, "#voice-state", "Quiet")


def test_a_page_opened_late_shows_the_present(open_page, hub):
    hub.publish(mood(1, "sad"))
    hub.publish(intent(state="comforting"))
    hub.publish(Reason("r1", 1.0, "state", "comforting", "Someone is sad.", ()))
    page = open_page().page
    text_becomes(page, "#mood-label", "Sad")
    text_becomes(page, '.state[aria-current="step"]', "comforting")
    text_becomes(page, "#reasons", "Someone is sad.")


def test_a_lost_robot_is_said_and_a_new_one_needs_its_new_address(open_page, hub, server):
    watched = open_page()
    page = watched.page
    port = int(page.url.split(":")[2].strip("/"))
    server.stop()
    page.wait_for_selector('body[data-connection="lost"]')
    text_becomes(page, "#connection", "Connection lost")
    again = SimulatorServer(ServerSettings(port=port), hub)
    again.start()
    try:
        text_becomes(page, "#connection", "Open the new address")
    finally:
        again.stop()
    watched.complaints.clear()  # the browser itself logs the refused connections


def test_a_dropped_connection_comes_back_by_itself(open_page, hub):
    page = open_page(
        init="window.WebSocket = class extends WebSocket { constructor(...all) { super(...all); "
        "(window.sockets ??= []).push(this); } };"
    ).page
    page.evaluate("() => window.sockets[0].close()")
    page.wait_for_selector('body[data-connection="lost"]')
    page.wait_for_selector('body[data-connection="open"]')
    hub.publish(intent(say="Back again."))
    text_becomes(page, "#caption", "Back again.")


def test_everything_is_reached_with_the_keyboard_in_a_sensible_order(open_page):
    page = open_page().page
    reached = []
    for _ in range(4):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("() => document.activeElement.id || document.activeElement.className"))
    assert reached[:3] == ["skip", "sound", "hand-over"]
    outline = page.evaluate(
        "() => { const on = document.getElementById('sound'); on.focus(); return getComputedStyle(on).outlineStyle; }"
    )
    assert outline == "solid"


def test_what_a_sign_says_can_be_pressed_too(open_page, hub):
    asked = queue.SimpleQueue()
    hub.requested = lambda *request: asked.put(request)
    page = open_page().page
    buttons = {"Stop": "stop", "Yes": "yes", "No": "no", "More of that": "like", "Less of that": "dislike"}
    for name, what in buttons.items():
        page.get_by_role("button", name=name, exact=True).press("Enter")
        assert asked.get(timeout=20) == (what, "", "page")


def test_the_skip_link_leads_to_the_robot(open_page):
    page = open_page().page
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "robot"


def test_landmarks_headings_and_names_are_there(open_page):
    page = open_page().page
    for landmark in ("header", "main", "footer"):
        assert page.locator(f"body > {landmark}").count() == 1
    headings = page.locator("h1, h2").all_text_contents()
    assert headings == [
        "Rapport",
        "The robot",
        "Show it your face",
        "Tell it without a word",
        "What it may do",
        "What it sees",
        "What it hears",
        "Mood over time",
        "Why",
        "Its parts",
    ]
    nameless = page.evaluate(
        "() => [...document.querySelectorAll('button, canvas, main section')].filter((each) => "
        "!(each.textContent.trim() || each.getAttribute('aria-label') || each.getAttribute('aria-labelledby'))).length"
    )
    assert nameless == 0
    assert page.get_attribute("html", "lang") == "en"


def test_nothing_sticks_out_sideways_on_any_screen(open_page, hub):
    page = open_page().page
    hub.publish(sighting(face(3)))
    hub.publish(
        intent(say="A rather long sentence that the robot says, so that the bubble has to be broken into lines.")
    )
    hub.publish(Health(1.0, {f"part_number_{n}": "ok" for n in range(8)}))
    text_becomes(page, "#caption", "A rather long")
    for width in (320, 390, 720, 768, 1180, 1181, 1440):
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("() => document.documentElement.scrollWidth") <= width


CONTRAST = """() => {
  const parse = (css) => css.match(/[\\d.]+/g).map(Number);
  const luminance = ([r, g, b]) => {
    const [R, G, B] = [r, g, b].map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * R + 0.7152 * G + 0.0722 * B;
  };
  const behind = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const style = getComputedStyle(each);
      const colour = parse(style.backgroundColor);
      if (colour.length === 3 || colour[3] === 1) return [colour];
      if (style.backgroundImage.startsWith("linear-gradient"))
        return style.backgroundImage.match(/rgb\\([^)]*\\)/g).map(parse);
    }
    return [[255, 255, 255]];
  };
  const poor = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility() || element.closest("svg, noscript, .unseen")) continue;
    const ink = luminance(parse(getComputedStyle(element).color));
    for (const colour of behind(element)) {
      const ground = luminance(colour);
      const ratio = (Math.max(ink, ground) + 0.05) / (Math.min(ink, ground) + 0.05);
      if (ratio < 4.5) poor.push([element.id || element.className, element.textContent.trim(), ratio.toFixed(2)]);
    }
  }
  return poor;
}"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(open_page, hub, scheme):
    page = open_page(color_scheme=scheme, reduced_motion="reduce").page
    hub.publish(sighting(face(3)))
    hub.publish(intent(state="curious", say="Hello."))
    hub.publish(Health(1.0, {"camera": "ok", "voice_tone": "lost", "servos": "refused"}))
    hub.publish(Reason("r1", 1.0, "health", "camera", "The camera is back.", ()))
    hub.publish(Reason("r2", 1.0, "mood", "happy", "A smile.", ("r1",)))
    text_becomes(page, "#reasons", "A smile.")
    text_becomes(page, "#expression", "happy")
    assert page.evaluate(CONTRAST) == []
