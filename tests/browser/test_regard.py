"""Where a face looks, how its head is held and what a hand shows, drawn over the picture and said in words."""

import pytest
from msgspec import structs

from robot.messages import Box, FaceQuality, Gesture, Regard, SeenFace, SeenHand, Sighting

pytestmark = pytest.mark.browser

EYES = ((0.40, 0.5), (0.60, 0.5))
WIDTH, HEIGHT = 640, 480
REACH = 0.3 * HEIGHT
"""The arrows of a face whose box is three tenths of the picture high are at most so long, in pixels."""
THIN = 140
"""A line between two rows of pixels leaves three quarters of its colour on each."""
LOOKING, AWAY = "#56b4e9", "#f0e442"
STRAIGHT = Regard(
    t_s=1.0,
    head_pan_deg=0.0,
    head_tilt_deg=0.0,
    head_roll_deg=0.0,
    gaze_pan_deg=0.0,
    gaze_tilt_deg=0.0,
    looking=True,
    sure=0.9,
    eyes_closed=False,
    mouth=0.0,
    talking=False,
    lean=1.0,
    quality=0.9,
)

PIXELS = """([colour, most]) => {
  const canvas = document.getElementById('picture');
  const [r, g, b] = [1, 3, 5].map(at => parseInt(colour.slice(at, at + 2), 16));
  const copy = new OffscreenCanvas(canvas.width, canvas.height).getContext('2d', { willReadFrequently: true });
  copy.drawImage(canvas, 0, 0);
  const { data } = copy.getImageData(0, 0, canvas.width, canvas.height);
  const found = [];
  for (let at = 0; at < data.length; at += 4)
    if (Math.abs(data[at] - r) + Math.abs(data[at + 1] - g) + Math.abs(data[at + 2] - b) <= most)
      found.push([(at / 4) % canvas.width, Math.floor(at / 4 / canvas.width)]);
  return found;
}"""


def sighting(track: int, regard: Regard | None, **more: object) -> Sighting:
    quality = FaceQuality(size=0.9, light=0.5, sharpness=0.7, pose=1.0)
    face = SeenFace(track, Box(0.35, 0.4, 0.3, 0.3), 0.9, EYES, 0.0, quality, None, regard)
    return Sighting("s1", 1.0, 1, WIDTH, HEIGHT, 0.5, (face,), **more)


def shown(page, hub, what: Sighting) -> str:
    """Send it and wait until the page has drawn it; gives what the page says of it in the same moment."""
    hub.publish(what)
    said = f"One face, number {what.faces[0].track}"
    page.wait_for_function(
        "said => document.getElementById('picture').getAttribute('aria-label').startsWith(said)", arg=said
    )
    return page.get_attribute("#picture", "aria-label").removeprefix(said).removeprefix(": ")


def drawn(page, colour: str, most: int = 12) -> list[tuple[int, int]]:
    """Every pixel on the picture, as (x, y), whose red, green and blue are `most` in all away from a colour."""
    return [tuple(place) for place in page.evaluate(PIXELS, [colour, most])]


def extent(pixels: list[tuple[int, int]]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of what is drawn."""
    columns, rows = zip(*pixels, strict=True)
    return min(columns), min(rows), max(columns), max(rows)


def test_gaze_and_head_are_drawn_from_the_eyes_to_where_they_point(open_page, hub):
    page = open_page().page
    (eye_x, eye_y), (other_x, _) = ((x * WIDTH, y * HEIGHT) for x, y in EYES)

    aside = structs.replace(STRAIGHT, looking=False, head_pan_deg=30.0, gaze_pan_deg=90.0)
    assert shown(page, hub, sighting(1, aside)) == "looks away"
    left, top, right, bottom = extent(drawn(page, AWAY))
    assert left == pytest.approx(eye_x - 0.8 * REACH, abs=6), "an arrow of full length to the picture's left, and a dot"
    assert right == pytest.approx(other_x, abs=3), "nothing to the right of the other eye"
    assert (top, bottom) == (pytest.approx(eye_y, abs=6), pytest.approx(eye_y, abs=6)), "level"
    assert drawn(page, LOOKING) == []

    shown(page, hub, sighting(2, structs.replace(STRAIGHT, looking=False, gaze_tilt_deg=90.0)))
    _, top, _, bottom = extent(drawn(page, AWAY))
    assert top == pytest.approx(eye_y - 0.8 * REACH, abs=6), "up is up"
    assert bottom <= eye_y + 6

    shown(page, hub, sighting(3, structs.replace(STRAIGHT, head_tilt_deg=-90.0)))
    head = [y for x, y in drawn(page, LOOKING, THIN) if abs(x - (eye_x + other_x) / 2) <= 1]
    assert max(head) == pytest.approx(eye_y + REACH, abs=4), "a line of its own, from between the eyes"


def test_a_gaze_that_is_met_and_eyes_that_are_shut_look_and_read_otherwise(open_page, hub):
    page = open_page().page
    assert shown(page, hub, sighting(1, STRAIGHT)) == "looks here"
    assert len(drawn(page, LOOKING)) > 40, "a dot on each eye"
    assert drawn(page, AWAY) == []
    assert shown(page, hub, sighting(2, structs.replace(STRAIGHT, talking=True))) == "looks here, talks"

    assert shown(page, hub, sighting(3, structs.replace(STRAIGHT, eyes_closed=True, gaze_pan_deg=60.0))) == "eyes shut"
    for x, y in EYES:
        left, top, right, bottom = extent([one for one in drawn(page, LOOKING) if abs(one[0] - x * WIDTH) < 20])
        assert right - left == pytest.approx(20, abs=3), "a line across the eye"
        assert bottom - top <= 4
        assert (top + bottom) / 2 == pytest.approx(y * HEIGHT, abs=2)


def test_a_hand_has_a_frame_and_a_sign_is_said_and_without_them_there_is_nothing(open_page, hub):
    page = open_page().page
    hand = SeenHand(1.0, Box(0.7, 0.6, 0.2, 0.2), True, "open_palm", 0.9, 0.8)
    nod = Gesture("nod", 1.0, 7, 0.9, 0.8)
    assert shown(page, hub, sighting(7, None, hands=(hand,), gestures=(nod,))) == "a nod"
    left, top, right, bottom = extent(drawn(page, LOOKING))
    assert (left, top) == (pytest.approx(0.7 * WIDTH, abs=3), pytest.approx(0.6 * HEIGHT, abs=3))
    assert (right, bottom) == (pytest.approx(0.9 * WIDTH, abs=3), pytest.approx(0.8 * HEIGHT, abs=3))
    assert [one for one in drawn(page, "#ffffff") if one[0] < 120 and one[1] < 40], "words in the picture's corner"

    assert shown(page, hub, sighting(8, None)) == ""
    assert drawn(page, LOOKING) == drawn(page, AWAY) == []
