from itertools import count

import pytest

from robot.mind.evidence import TURN_S, Evidence, Reading, two_opinions
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


EVEN = (1 / len(MOODS),) * len(MOODS)


def reading(mood: str, sure: float, share: float = 0.9, valence: float = 0.0) -> Reading:
    rest = (1.0 - sure) / (len(MOODS) - 1)
    return Reading(share, tuple(sure if name == mood else rest for name in MOODS), valence, 0.0)


def test_two_opinions_that_agree_are_surer_than_either_and_less_sure_than_two_witnesses() -> None:
    joined = two_opinions(reading("sad", 0.6), reading("sad", 0.5))
    sad = joined.probabilities[MOODS.index("sad")]
    odds = (0.6 / 0.08) * (0.5 / 0.1)
    assert 0.6 < sad < odds / (odds + len(MOODS) - 1)
    assert sum(joined.probabilities) == pytest.approx(1.0)


def test_the_surer_of_two_opinions_prevails() -> None:
    joined = two_opinions(reading("happy", 0.4), reading("sad", 0.7))
    assert max(zip(joined.probabilities, MOODS, strict=True))[1] == "sad"
    assert joined.probabilities[MOODS.index("sad")] < 0.7


@pytest.mark.parametrize("silent_first", [True, False])
def test_where_one_is_silent_the_other_stands_as_it_is(silent_first: bool) -> None:
    silent, speaks = Reading(0.0, EVEN, 0.0, 0.0), reading("angry", 0.7, 0.8, -0.5)
    joined = two_opinions(silent, speaks) if silent_first else two_opinions(speaks, silent)
    assert joined.probabilities == pytest.approx(speaks.probabilities)
    assert (joined.share, joined.valence) == (0.8, -0.5)


def test_two_that_are_silent_say_nothing() -> None:
    assert two_opinions(Reading(0.0, EVEN, 0.0, 0.0), Reading(0.0, EVEN, 0.0, 0.0)).probabilities == EVEN


def test_two_that_exclude_each_other_leave_the_first() -> None:
    first, second = reading("happy", 1.0), reading("sad", 1.0)
    assert two_opinions(first, second) is first


def test_valence_is_the_mean_by_how_far_each_is_believed() -> None:
    joined = two_opinions(reading("sad", 0.6, 0.9, -0.6), reading("sad", 0.6, 0.3, -0.2))
    assert joined.valence == pytest.approx(-0.5)
