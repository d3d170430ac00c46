import pytest

from robot.config import BehaviourSettings
from robot.mind.waiting import ANSWER_S, TURN_S, Waiting
from tests.mind.percepts import hearing

HOP_S = 0.1


class Talk:
    """Lets somebody speak and pause, hop by hop, and notes what is due."""

    def __init__(self, settings: BehaviourSettings | None = None) -> None:
        self.waiting = Waiting(settings or BehaviourSettings())
        self.t_s = 0.0
        self.count = 0
        self.due: list[tuple[str, float]] = []

    def go(self, duration_s: float, speaking: bool, own_noise: float = 0.0, attended: bool = True) -> None:
        for _ in range(round(duration_s / HOP_S)):
            self.count += 1
            self.t_s += HOP_S
            self.waiting.step(
                self.t_s, [hearing(self.count, self.t_s, speaking=speaking, own_noise=own_noise)], attended
            )
            due = self.waiting.due(self.t_s)
            if due is not None and self.waiting.since_s is not None:
                self.due.append((due, round(self.t_s - self.waiting.since_s, 3)))


def test_a_pause_after_a_turn_is_waiting_and_each_thing_is_due_once() -> None:
    talk = Talk()
    talk.go(2.0, speaking=True)
    assert talk.waiting.since_s is None
    talk.go(10.0, speaking=False)
    assert [what for what, _ in talk.due] == ["chirp", "filler", "offer"]
    assert [after_s for _, after_s in talk.due] == pytest.approx([ANSWER_S, 2.0, 4.0], abs=0.01)
    assert talk.waiting.clue is not None


def test_silence_before_a_word_is_no_waiting() -> None:
    talk = Talk()
    talk.go(20.0, speaking=False)
    assert (talk.due, talk.waiting.began_s) == ([], None)


def test_a_cough_is_no_turn() -> None:
    talk = Talk()
    talk.go(TURN_S - HOP_S, speaking=True)
    talk.go(10.0, speaking=False)
    assert talk.due == []


def test_a_turn_with_a_short_stop_in_it_is_one_turn() -> None:
    talk = Talk()
    for _ in range(3):
        talk.go(0.3, speaking=True)
        talk.go(0.2, speaking=False)
    assert talk.waiting.since_s is not None


def test_whoever_speaks_on_waits_no_more() -> None:
    talk = Talk()
    talk.go(1.0, speaking=True)
    talk.go(1.0, speaking=False)
    talk.go(0.2, speaking=True)
    assert talk.waiting.since_s is None


def test_words_end_the_waiting_and_a_chirp_or_a_filler_does_not() -> None:
    talk = Talk()
    talk.go(1.0, speaking=True)
    talk.go(0.1, speaking=False)
    talk.waiting.chirped()
    talk.waiting.spoke("filler")
    talk.go(0.5, speaking=False)
    assert talk.waiting.since_s is not None
    assert talk.due == [], "the chirp has been heard"
    talk.waiting.spoke("comforting")
    assert talk.waiting.since_s is None
    assert talk.waiting.began_s is not None


def test_its_own_voice_is_nobodys_turn() -> None:
    talk = Talk()
    talk.go(3.0, speaking=True, own_noise=1.0)
    talk.go(5.0, speaking=False)
    assert talk.due == []


def test_nobody_waits_for_a_robot_that_attends_to_nobody() -> None:
    talk = Talk()
    talk.go(3.0, speaking=True, attended=False)
    talk.go(5.0, speaking=False)
    assert talk.due == []


def test_a_robot_that_offers_at_once_skips_what_is_less() -> None:
    talk = Talk(BehaviourSettings(filler_after_s=0.0, offer_after_s=0.0))
    talk.go(1.0, speaking=True)
    talk.go(3.0, speaking=False)
    assert [what for what, _ in talk.due] == ["offer"]
