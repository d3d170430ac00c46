from itertools import count

import pytest

from robot.mind.evidence import TURN_S, Evidence
from robot.mind.mood_labels import FACE_SHARES, MOODS
from robot.mind.reasons import Clue
from tests.mind.percepts import FACE_LABELS, percept

FRAME_S = 1 / 15


class Watched:
    """Evidence fed with one expression after another."""

    def __init__(self) -> None:
        self.evidence = Evidence(FACE_SHARES, half_life_s=2.0, first_span_s=0.05, longest_span_s=0.2)
        self.t_s = 0.0
        self.ids = count()

    def see(self, duration_s: float, label: str, sure: float = 0.85) -> None:
        for _ in range(round(duration_s / FRAME_S)):
            self.t_s += FRAME_S
            clue = Clue(f"s{next(self.ids)}", label)
            self.evidence.add(self.t_s, clue, percept(label, sure, FACE_LABELS), trust=1.0)

    def sure_of(self, mood: str) -> float:
        return self.evidence.read(self.t_s).probabilities[MOODS.index(mood)]


def test_a_face_that_has_turned_is_believed_after_half_a_second_however_long_the_past() -> None:
    watched = Watched()
    watched.see(30.0, "happiness")
    watched.see(TURN_S - 2 * FRAME_S, "sadness")
    assert watched.sure_of("happy") > watched.sure_of("sad")
    watched.see(3 * FRAME_S, "sadness")
    assert watched.sure_of("sad") > 0.5 > watched.sure_of("happy")


@pytest.mark.parametrize("odd", ["sadness", "anger", "fear"])
def test_fleeting_signs_do_not_turn_anything(odd: str) -> None:
    watched = Watched()
    watched.see(5.0, "happiness")
    for _ in range(10):
        watched.see(3 * FRAME_S, odd)
        watched.see(6 * FRAME_S, "happiness")
    assert watched.sure_of("happy") > 0.5


def test_what_names_the_same_mood_keeps_its_whole_past() -> None:
    steady, again = Watched(), Watched()
    steady.see(10.0, "happiness")
    again.see(5.0, "happiness")
    again.see(FRAME_S, "sadness")
    again.see(5.0, "happiness")
    assert again.evidence.read(again.t_s).share == pytest.approx(steady.evidence.read(steady.t_s).share, abs=0.02)
