"""A sign counts once, however many sightings repeat it, and asks only for what it means."""

import pytest

from robot.messages import Gesture
from robot.mind.signs import DOES, Signs, why_asked
from robot.scenario.percepts import sighting
from robot.scenario.script import SignCue


def shown(signs: Signs, t_s: float, *gestures: Gesture, asked: bool = False) -> list[str]:
    number = round(t_s * 10)
    return [request.what for request in signs.step(t_s, sighting(number, t_s, gestures=gestures), asked)]


def sign(kind: str, t_s: float = 1.0, track: int | None = 1, sure: float = 0.8, quality: float = 0.8) -> Gesture:
    return Gesture(kind, t_s, track, sure, quality)


def test_a_sign_that_stands_in_many_sightings_counts_once():
    signs = Signs()
    assert shown(signs, 1.0, sign("open_palm")) == ["stop"]
    assert shown(signs, 1.1, sign("open_palm")) == []
    assert signs.fresh == ()
    assert shown(signs, 1.2, sign("open_palm"), sign("open_palm", 1.2)) == ["stop"]


def test_the_same_sign_of_two_people_is_two_signs():
    assert shown(Signs(), 1.0, sign("thumb_up"), sign("thumb_up", track=2)) == ["like", "like"]


@pytest.mark.parametrize(("kind", "means"), [("nod", "yes"), ("shake", "no")])
def test_a_head_answers_only_when_it_was_asked(kind, means):
    assert shown(Signs(), 1.0, sign(kind)) == []
    assert shown(Signs(), 1.0, sign(kind), asked=True) == [means]


def test_signs_that_ask_for_nothing_are_seen_all_the_same():
    signs = Signs()
    assert shown(signs, 1.0, sign("wave"), sign("victory"), asked=True) == []
    assert [gesture.kind for gesture in signs.fresh] == ["wave", "victory"]


def test_an_unsure_or_hardly_visible_sign_is_none():
    signs = Signs()
    assert shown(signs, 1.0, sign("open_palm", sure=0.4), sign("thumb_up", quality=0.1)) == []
    assert signs.fresh == ()


def test_a_request_by_sign_leads_back_to_its_sighting_and_says_what_was_seen():
    (request,) = Signs().step(1.0, sighting(7, 1.0, gestures=(sign("open_palm"),)), asked=False)
    assert (request.id, request.by) == ("s7", "gesture")
    assert why_asked(request) == "you held up your palm"


def test_every_sign_that_can_be_given_has_words():
    kinds = SignCue.__annotations__["kind"].__args__
    assert set(DOES) == set(kinds)
