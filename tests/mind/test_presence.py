import pytest

from robot.messages import Hearing
from robot.mind.attention import Attention
from robot.mind.presence import FORMING_GAP_S, SENTENCE_S, Presence
from tests.mind.percepts import face, hearing, sighting


class Door:
    """Sends faces and sounds to a presence."""

    def __init__(self) -> None:
        self.presence = Presence(face_gap_s=2.0)
        self.attention = Attention()
        self.count = 0

    def see(self, *times_s: float, engaged: bool = False) -> None:
        for t_s in times_s:
            self.count += 1
            focus = self.attention.step(t_s, sighting(self.count, t_s, face()))
            self.presence.step(t_s, focus, [], engaged)

    def hear(self, *hops: Hearing) -> None:
        for hop in hops:
            self.presence.step(hop.t_s, self.attention.step(hop.t_s, None), [hop], engaged=False)


def test_one_frame_is_nobody_two_are_somebody() -> None:
    door = Door()
    door.see(1.0)
    assert door.presence.noticed(1.0) is None
    door.see(1.1)
    assert door.presence.noticed(1.1) is door.presence.face


def test_somebody_is_met_only_after_the_notice_time() -> None:
    door = Door()
    door.see(1.0, 1.1, 1.2, 1.3)
    assert door.presence.met(1.3, notice_s=0.4) is None
    door.see(1.4)
    assert door.presence.met(1.4, notice_s=0.4) is door.presence.face


def test_two_frames_far_apart_in_a_slow_picture_stream_are_no_meeting() -> None:
    door = Door()
    door.see(1.0, 1.9)
    assert door.presence.met(1.9, notice_s=0.4) is None


def test_flickers_with_long_gaps_do_not_add_up() -> None:
    door = Door()
    door.see(*[number * (FORMING_GAP_S + 0.1) for number in range(20)])
    assert door.presence.noticed(20 * (FORMING_GAP_S + 0.1)) is None


def test_while_engaged_a_face_may_be_missing_for_longer() -> None:
    door = Door()
    door.see(1.0, 1.1, 1.2)
    door.see(2.9, engaged=True)
    assert door.presence.face.since_s == 1.0
    assert door.presence.face.length_s == pytest.approx(1.9)


def test_speech_adds_up_by_its_own_length() -> None:
    door = Door()
    door.hear(*[hearing(number, number * 0.1) for number in range(4)])
    assert door.presence.voice.length_s == pytest.approx(0.4)
    assert door.presence.met(0.3, notice_s=0.4) is door.presence.voice


@pytest.mark.parametrize("hop", [{"speaking": False}, {"own_noise": 0.8}])
def test_silence_and_own_noise_are_nobody(hop: dict[str, float]) -> None:
    door = Door()
    door.hear(*[hearing(number, number * 0.1, **hop) for number in range(20)])
    assert door.presence.noticed(2.0) is None


def test_a_pause_is_one_only_when_it_has_been_heard() -> None:
    door = Door()
    door.hear(hearing(0, 1.0), hearing(1, 1.1))
    assert door.presence.speaking(1.1)
    door.hear(*[hearing(number, number * 0.1, speaking=False, own_noise=1.0) for number in range(12, 20)])
    assert door.presence.speaking(1.9)
    door.hear(hearing(20, 2.0, speaking=False))
    assert not door.presence.speaking(2.0)


def test_a_sentence_lost_in_own_noise_ends_some_time() -> None:
    door = Door()
    door.hear(hearing(0, 1.0))
    assert door.presence.speaking(1.0 + SENTENCE_S)
    assert not door.presence.speaking(1.1 + SENTENCE_S)


def test_nobody_speaks_to_a_robot_that_has_just_lost_its_hearing() -> None:
    door = Door()
    door.hear(hearing(0, 1.0))
    door.presence.forget_voice()
    assert not door.presence.speaking(1.0)


def test_a_face_comes_before_a_voice() -> None:
    door = Door()
    door.hear(hearing(0, 1.0), hearing(1, 1.1))
    door.see(1.2, 1.3)
    assert door.presence.noticed(1.3) is door.presence.face


def test_what_is_forgotten_is_gone() -> None:
    door = Door()
    door.see(1.0, 1.1, 1.2)
    door.presence.forget_face()
    assert door.presence.noticed(1.2) is None
