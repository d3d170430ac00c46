"""Looking and looking away are timed; what is not known is neither; nobody's gaze is kept when somebody else comes."""

from dataclasses import replace

from robot.mind.attention import NOBODY, Focus
from robot.mind.eye_contact import EyeContact
from robot.scenario.percepts import face, regard

FRAME_S = 0.1


def watched(eyes: EyeContact, start_s: float, seconds: float, visit: int = 1, **how: object) -> float:
    """Somebody in front for so long; gives the time of the last look."""
    t_s = start_s
    for index in range(round(seconds / FRAME_S) + 1):
        t_s = start_s + index * FRAME_S
        seen = face(regard=regard(t_s, **how))
        eyes.step(t_s, replace(NOBODY, visit=visit, face=seen, sighting_id=f"s{index}", looked=True, faces=1))
    return t_s


def test_a_look_is_as_long_as_it_lasts():
    eyes = EyeContact()
    t_s = watched(eyes, 0.0, 2.0)
    assert eyes.met_s(t_s) == t_s
    assert eyes.averted_s(t_s) is None
    t_s = watched(eyes, t_s + FRAME_S, 3.0, looking=False)
    assert eyes.met_s(t_s) is None
    assert 2.9 < eyes.averted_s(t_s) < 3.1


def test_what_is_not_known_is_neither():
    eyes = EyeContact()
    assert (eyes.met_s(0.0), eyes.averted_s(0.0), eyes.drowsy(0.0)) == (None, None, False)
    t_s = watched(eyes, 0.0, 2.0, quality=0.1)
    assert (eyes.met_s(t_s), eyes.averted_s(t_s)) == (None, None)
    t_s = watched(eyes, 3.0, 1.0)
    assert (eyes.met_s(t_s + 2.0), eyes.averted_s(t_s + 2.0)) == (None, None), "too long ago"


def test_a_face_without_landmarks_changes_nothing():
    eyes = EyeContact()
    eyes.step(0.0, Focus(1, face(), "s1", True, 1, 0.0, 0.0))
    assert eyes.met_s(0.0) is None


def test_somebody_else_starts_anew():
    eyes = EyeContact()
    t_s = watched(eyes, 0.0, 10.0, eyes_closed=True)
    assert eyes.drowsy(t_s)
    t_s = watched(eyes, t_s + FRAME_S, 1.0, visit=2)
    assert not eyes.drowsy(t_s)
    assert eyes.met_s(t_s) < 1.2


def test_blinks_are_not_drowsiness():
    eyes, t_s = EyeContact(), 0.0
    for _ in range(20):
        t_s = watched(eyes, t_s + FRAME_S, 1.5)
        t_s = watched(eyes, t_s + FRAME_S, 0.2, eyes_closed=True)
    assert not eyes.drowsy(t_s)
