"""The drawn head moves as the servos would."""

import pytest

from hardware.ports import JOINTS
from robot.messages import BodyPose, Intent

pytestmark = pytest.mark.browser

# joint, angle, part of the drawing, coordinate, which way it must go on the screen (down and right are positive)
MOVES = [
    ("neck_pan", 30.0, "features", "x", +1),
    ("neck_pan", -30.0, "features", "x", -1),
    ("neck_tilt", 20.0, "head-all", "y", -1),
    ("neck_tilt", -20.0, "features", "y", +1),
    ("brow_left", 15.0, "brow-left", "top", -1),
    ("brow_left", -15.0, "brow-left", "bottom", +1),
    ("brow_right", 15.0, "brow-right", "top", -1),
    ("brow_right", -15.0, "brow-right", "bottom", +1),
    ("lid_left", -40.0, "lid-left", "edge", +1),
    ("lid_left", 20.0, "lid-left", "edge", -1),
    ("lid_right", -40.0, "lid-right", "edge", +1),
    ("lid_right", 20.0, "lid-right", "edge", -1),
    ("eyes_pan", 25.0, "iris-left", "x", +1),
    ("eyes_pan", 25.0, "iris-right", "x", +1),
    ("eyes_tilt", 20.0, "iris-left", "y", -1),
    ("mouth_left", 25.0, "corner-left", "y", -1),
    ("mouth_left", -25.0, "corner-left", "y", +1),
    ("mouth_right", 25.0, "corner-right", "y", -1),
    ("jaw", 25.0, "jaw-place", "y", +1),
    ("jaw", 25.0, "mouth-inside", "bottom", +1),
]

MEASURE = """([part, coordinate]) => {
  const shape = document.getElementById(part);
  const box = shape.getBoundingClientRect();
  if (coordinate === "edge") {  // where the lid ends in the middle of the eye
    const points = Array.from({ length: 400 }, (_, n) => shape.getPointAtLength((n / 400) * shape.getTotalLength()));
    const middle = points.filter((point) => Math.abs(point.x) < 3);
    return shape.getScreenCTM().d * Math.max(...middle.map((point) => point.y));
  }
  return { x: box.x + box.width / 2, y: box.y + box.height / 2, top: box.top, bottom: box.bottom }[coordinate];
}"""


def pose(**angles: float) -> BodyPose:
    return BodyPose(1.0, {joint: angles.get(joint, 0.0) for joint in JOINTS}, ((0.0, 0.0, 0.0),) * 3)


def settle(page, hub, **angles: float) -> None:
    """Show a pose and wait until the drawing has arrived there: the angles drawn are the angles told."""
    hub.publish(pose(**angles))
    wanted = {joint: angles.get(joint, 0.0) for joint in JOINTS}
    page.wait_for_function(
        """wanted => {
          const shown = JSON.parse(document.getElementById('head').dataset.angles ?? '{}');
          return Object.entries(wanted).every(([joint, angle]) => Math.abs(shown[joint] - angle) < 0.1);
        }""",
        arg=wanted,
    )


def test_every_joint_moves_its_part_the_right_way(open_page, hub):
    page = open_page().page
    for joint, angle, part, coordinate, way in MOVES:
        settle(page, hub)
        before = page.evaluate(MEASURE, [part, coordinate])
        settle(page, hub, **{joint: angle})
        after = page.evaluate(MEASURE, [part, coordinate])
        assert (after - before) * way > 3, f"{joint} {angle}: {part} {coordinate} went from {before} to {after}"
    assert {move[0] for move in MOVES} == set(JOINTS)


def test_the_left_joint_leaves_the_right_side_alone(open_page, hub):
    page = open_page().page
    for left, right, coordinate in [
        ("brow", "brow-right", "top"),
        ("lid", "lid-right", "edge"),
        ("mouth", "corner-right", "y"),
    ]:
        settle(page, hub)
        before = page.evaluate(MEASURE, [right, coordinate])
        settle(page, hub, **{f"{left}_left": 15.0})
        assert page.evaluate(MEASURE, [right, coordinate]) == pytest.approx(before, abs=0.2)


def test_its_left_is_the_viewers_right(open_page):
    page = open_page().page
    assert page.evaluate(MEASURE, ["eye-left", "x"]) > page.evaluate(MEASURE, ["eye-right", "x"])


def test_a_shut_eye_hides_the_iris(open_page, hub):
    page = open_page().page
    settle(page, hub, lid_left=-40.0, lid_right=-40.0)
    lid = page.evaluate(MEASURE, ["lid-left", "bottom"])
    assert lid >= page.evaluate(MEASURE, ["iris-left", "bottom"])


def test_a_smile_curves_the_mouth_and_a_frown_bends_it_down(open_page, hub):
    page = open_page().page
    middle = (
        "() => { const p = document.getElementById('lip-up'); return p.getPointAtLength(p.getTotalLength() / 2).y; }"
    )
    corner = "() => document.getElementById('lip-up').getPointAtLength(0).y"
    settle(page, hub, mouth_left=25.0, mouth_right=25.0)
    assert page.evaluate(middle) > page.evaluate(corner) + 10
    settle(page, hub, mouth_left=-25.0, mouth_right=-25.0)
    assert page.evaluate(middle) < page.evaluate(corner) - 10


def test_the_lights_show_their_colours(open_page, hub):
    page = open_page().page
    hub.publish(BodyPose(1.0, {}, ((1.0, 0.0, 0.0), (0.0, 1.0, 0.0), (0.0, 0.0, 0.2), (0.0, 0.0, 0.0))))
    page.wait_for_function("() => document.querySelectorAll('#lights .lamp').length === 4")
    colours = page.eval_on_selector_all("#lights .lamp", "lamps => lamps.map(lamp => lamp.getAttribute('fill'))")
    assert colours[:2] == ["rgb(255 0 0)", "rgb(0 255 0)"]
    assert colours[2] == "rgb(0 0 123)"  # 0.2 linear is 0.48 of full on a screen
    assert colours[3] == ""
    hub.publish(BodyPose(2.0, {}, ((1.0, 1.0, 1.0),)))
    page.wait_for_function("() => document.querySelectorAll('#lights .lamp').length === 1")


def test_angles_that_are_no_numbers_are_drawn_as_neutral(open_page, hub):
    page = open_page().page
    settle(page, hub, jaw=20.0)
    hub.publish(
        BodyPose(2.0, {"jaw": float("nan"), "neck_pan": float("inf"), "unknown": 5.0}, ((float("nan"), 2.0, -1.0),))
    )
    page.wait_for_function("() => JSON.parse(document.getElementById('head').dataset.angles).jaw === 0")
    assert page.evaluate("() => JSON.parse(document.getElementById('head').dataset.angles).neck_pan") == 0
    assert page.get_attribute("#lights .lamp", "fill") == "rgb(0 255 0)"


WORDS = [
    ("sharing_joy", 0.7, 0.6, "delighted"),
    ("attending", 0.5, 0.0, "happy"),
    ("comforting", -0.2, -0.1, "concerned"),
    ("comforting", -0.5, -0.3, "sad"),
    ("asleep", 0.0, -0.9, "asleep"),
    ("curious", 0.0, 0.1, "curious"),
    ("attending", 0.0, 0.0, "calm"),
]


def test_the_face_is_also_said_in_words(open_page, hub):
    page = open_page().page
    for state, valence, arousal, words in WORDS:
        hub.publish(Intent("i1", 1.0, state, valence, arousal, 0.0, 0.0, "glow", 0.5, ()))
        page.wait_for_function("words => document.getElementById('looks').textContent === `Looks ${words}`", arg=words)
        assert page.get_attribute("#head", "aria-label") == f"The robot looks {words}"
    assert page.get_attribute("#head", "role") == "img"


def test_less_motion_is_honoured(open_page, hub):
    page = open_page(reduced_motion="reduce").page
    settle(page, hub, jaw=20.0)
    moving = page.evaluate("() => document.getAnimations().filter(each => each.playState === 'running').length")
    assert moving == 0
    hub.publish(pose(jaw=20.0, lid_left=-40.0, lid_right=-40.0))
    hub.publish(pose(jaw=5.0))
    page.wait_for_function("() => JSON.parse(document.getElementById('head').dataset.angles).jaw === 5")
