"""What the page shows of what was said, and its button that wakes the robot."""

import msgspec
import pytest

from robot.messages import Consent, Health, HeardCommand, HeardTone, Percept
from robot.transcript import Transcript
from tests.browser.test_page import text_becomes

pytestmark = pytest.mark.browser


def test_what_was_said_is_shown_for_a_moment_and_gone_with_consent_or_the_microphone(open_page, hub):
    page = open_page().page
    assert page.is_hidden("#heard")
    for leaving in (Consent(2.0, "presence", "feelings", "remember"), Health(3.0, {"microphone": "muted"})):
        hub.words(Transcript("w0", 1.0, 0.0, 1.0, "<b>Guten Tag</b>", "de", 0.9))
        text_becomes(page, "#heard", "Heard: “<b>Guten Tag</b>”")
        assert page.get_attribute("#heard", "lang") == "de"
        hub.publish(leaving)
        page.wait_for_selector("#heard", state="hidden")
        assert page.text_content("#heard") == ""
    hub.words(HeardCommand("c0", 1.0, 1.0, "stop", 0.9))
    text_becomes(page, "#heard", "Heard the command: stop")


def test_how_a_whole_sentence_was_said_stands_below_the_tone_and_goes_with_consent(open_page, hub):
    page = open_page().page
    assert page.is_hidden("#whole")
    sad = Percept("sad", 0.69, False, -0.5, -0.3, 1.0, {"sad": 0.69, "neutral": 0.31})
    hub.publish(HeardTone("t1", 3.0, 1.0, 2.6, sad))
    text_becomes(page, "#whole", "The whole sentence: sad (69 %)")
    hub.publish(HeardTone("t2", 5.0, 4.0, 4.8, msgspec.structs.replace(sad, unsure=True)))
    text_becomes(page, "#whole", "The whole sentence: not sure")
    laugh = {"none": 0.2, "laugh": 0.8}
    hub.publish(HeardTone("t3", 5.5, 5.0, 5.4, Percept("laugh", 0.8, False, 0.0, 0.0, 1.0, laugh, laugh)))
    text_becomes(page, "#whole", "The whole sound: laugh (80 %)")
    hub.publish(Consent(6.0, "presence", "feelings", "remember"))
    page.wait_for_selector("#whole", state="hidden")


def test_a_page_that_comes_later_is_not_told_how_something_was_said(open_page, hub):
    hub.publish(HeardTone("t1", 3.0, 1.0, 2.6, Percept("sad", 0.69, False, -0.5, -0.3, 1.0, {"sad": 0.69})))
    hub.publish(Health(4.0, {"microphone": "ok"}))
    page = open_page().page
    page.wait_for_selector("#parts li")
    assert page.is_hidden("#whole")


def test_a_button_of_the_page_wakes_it(open_page, hub):
    asked = []
    hub.requested = lambda what, value, by: asked.append((what, by))
    page = open_page().page
    page.click("#ask-wake")
    page.click("#ask-why")
    while len(asked) < 2:
        page.wait_for_timeout(10)
    assert asked == [("wake", "page"), ("why", "page")]


def test_what_is_typed_is_said_to_the_robot(open_page, hub):
    typed = []
    hub.typed = typed.append
    page = open_page().page
    page.fill("#typed", "Mir geht es gut, danke!")
    while page.input_value("#typed"):  # it stays there until the robot has it
        page.press("#typed", "Enter")
    while not typed:
        page.wait_for_timeout(10)
    assert typed == ["Mir geht es gut, danke!"]
