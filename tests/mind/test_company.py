from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.config import Config
from robot.messages import Intent, SeenFace
from robot.mind.company import Company, Person
from robot.mind.mind import Mind
from robot.mind.reasons import Reasons
from robot.mind.shared_gaze import LONGEST_LOOK_S, SHORTEST_LOOK_S, SharedGaze
from tests.mind.percepts import face, health, sighting

FRAME_S = 1 / 15
LEFT, RIGHT, BACK = face(x=0.25, track=1), face(x=0.75, track=2), face(x=0.5, size=0.1, track=3)


class Watcher:
    """Shows pictures to a company at 15 frames a second."""

    def __init__(self) -> None:
        self.company = Company()
        self.t_s = 0.0
        self.count = 0
        self.newcomers: list[int] = []

    def show(self, duration_s: float, *faces: SeenFace) -> list[int]:
        people: tuple[Person, ...] = ()
        for _ in range(max(1, round(duration_s / FRAME_S))):
            self.count += 1
            self.t_s += FRAME_S
            people = self.company.step(self.t_s, sighting(self.count, self.t_s, *faces))
            self.newcomers += [person.id for person in self.company.newcomers]
        return [person.id for person in people]


def test_who_came_first_stays_first_whoever_is_larger() -> None:
    watcher = Watcher()
    watcher.show(1.0, RIGHT)
    assert watcher.show(1.0, face(x=0.25, size=0.35, track=1), RIGHT) == [1, 2]
    assert watcher.company.person_of(RIGHT.track) == 1
    assert watcher.newcomers == [1, 2]


def test_one_frame_is_nobody_and_a_passer_by_far_back_is_no_company() -> None:
    watcher = Watcher()
    assert watcher.show(FRAME_S, LEFT) == []
    assert watcher.show(1.0, LEFT, BACK) == [1]


def test_a_new_number_for_the_same_face_is_the_same_person() -> None:
    watcher = Watcher()
    watcher.show(1.0, LEFT, RIGHT)
    assert watcher.show(1.0, face(x=0.28, track=9), RIGHT) == [1, 2]
    assert watcher.newcomers == [1, 2]


def test_whoever_is_away_for_long_is_new_when_they_come_back() -> None:
    watcher = Watcher()
    watcher.show(1.0, LEFT, RIGHT)
    watcher.show(1.0, RIGHT)
    assert watcher.show(1.0, LEFT, RIGHT) == [1, 2]
    watcher.show(3.0, RIGHT)
    assert watcher.show(1.0, LEFT, RIGHT) == [2, 3]


def test_memory_of_people_does_not_grow() -> None:
    watcher = Watcher()
    for number in range(300):
        watcher.show(FRAME_S, face(track=number, x=0.1 + 0.8 * (number % 7) / 7))
    watcher.show(3.0)
    assert watcher.company._people == []


def looks(people: list[Person], duration_s: float, seed: int, attended: int) -> list[tuple[int, float]]:
    """Whom a shared gaze looks at, and for how long, the last look left out since it was cut off."""
    gaze = SharedGaze(Random(seed))
    turns: list[tuple[int, float]] = []
    for tick in range(round(duration_s * 50)):
        looked = gaze.step(tick / 50, people, attended)
        assert looked is not None
        if not turns or turns[-1][0] != looked.id:
            turns.append((looked.id, tick / 50))
    return [(person, later_s - since_s) for (person, since_s), (_, later_s) in pairwise(turns)]


def crowd(count: int) -> list[Person]:
    box = LEFT.box
    return [Person(number, number, box, 0.3, 10.0 * number, 0.0, number, 0.0) for number in range(1, count + 1)]


@settings(max_examples=30)
@given(st.integers(2, 6), st.integers(0, 1000), st.data())
def test_every_look_lasts_as_long_as_people_look_and_everybody_gets_their_turn(
    count: int, seed: int, data: st.DataObject
) -> None:
    attended = data.draw(st.integers(1, count))
    found = looks(crowd(count), 60.0, seed, attended)
    assert found[0][0] == attended, "the first look is for the one that is attended to"
    assert all(SHORTEST_LOOK_S - 0.02 <= lasted_s <= LONGEST_LOOK_S + 0.02 for _, lasted_s in found)
    assert {person for person, _ in found[:count]} == set(range(1, count + 1)), "nobody is left out of a round"


def test_a_look_is_not_kept_on_somebody_who_has_gone() -> None:
    gaze = SharedGaze(Random(1))
    one, two, three = crowd(3)
    assert gaze.step(0.0, [one, two, three], attended=1) is one
    assert gaze.step(0.1, [two, three], attended=2) in (two, three)
    assert gaze.step(0.2, [two], attended=2) is None


class Pair:
    """A mind with two people before it."""

    def __init__(self) -> None:
        self.mind = Mind(Config(), Reasons(), Random(3))
        self.t_s = 0.0
        self.count = 0

    def go(self, duration_s: float, *faces: SeenFace) -> list[Intent]:
        meant = []
        for _ in range(round(duration_s * 50)):
            self.count += 1
            self.t_s = self.count / 50
            picture = sighting(self.count, self.t_s, *faces) if self.count % 3 == 0 else None
            _, intent = self.mind.step(self.t_s, picture, [], health())
            if intent is not None:
                meant.append(intent)
        return meant


def test_two_people_get_looks_in_turn_and_no_ping_pong() -> None:
    pair = Pair()
    pair.go(2.0, LEFT)
    meant = pair.go(40.0, LEFT, RIGHT)
    sides = [(intent.t_s, intent.gaze_pan_deg > 0) for intent in meant if abs(intent.gaze_pan_deg) > 3]
    turns = [now for before, now in pairwise(sides) if before[1] != now[1]]
    assert 40 / LONGEST_LOOK_S - 2 <= len(turns) <= 40 / SHORTEST_LOOK_S
    assert all(later[0] - sooner[0] >= SHORTEST_LOOK_S - 0.05 for sooner, later in pairwise(turns))


def test_the_mood_is_still_that_of_one_person() -> None:
    pair = Pair()
    pair.go(3.0, face("happiness", x=0.25, track=1))
    meant = pair.go(20.0, face("happiness", x=0.25, track=1), face("anger", x=0.75, track=2))
    assert {intent.state for intent in meant} == {"sharing_joy"}


def test_somebody_who_joins_is_answered_by_the_light_at_once() -> None:
    pair = Pair()
    pair.go(5.0, LEFT)
    joined_s = pair.t_s
    meant = pair.go(3.0, LEFT, RIGHT)
    lit = next(intent for intent in meant if intent.light == "notice")
    assert lit.t_s - joined_s <= 0.2
    assert lit.gaze_pan_deg > 0, "the look that had begun goes on"
    assert meant[-1].light != "notice"
    (encounter,) = pair.mind.encounters.all
    assert len(encounter.of["glance"]) == 2


def test_a_voice_is_only_half_the_attended_ones_when_two_are_there() -> None:
    pair = Pair()
    pair.go(2.0, LEFT)
    assert pair.mind.focus.voice_share == 1.0
    pair.go(2.0, LEFT, RIGHT)
    assert pair.mind.focus.voice_share == pytest.approx(0.5)
