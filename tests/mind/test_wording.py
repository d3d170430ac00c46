from itertools import pairwise
from random import Random

import pytest

from robot.mind.persona import load_persona
from robot.mind.wording import GAP_S, KEEP_S, YIELD_S, Wording


@pytest.fixture
def wording() -> Wording:
    return Wording(load_persona("companion"), "en", say_again_after_s=12.0, rng=Random(3))


def said(wording: Wording, t_s: float, person_speaking: bool = False) -> str | None:
    due = wording.due(t_s, person_speaking)
    return due[0].key if due else None


def test_a_wish_is_said_once_with_a_phrase_of_the_persona(wording: Wording) -> None:
    wording.wish(1.0, "curious", "I wonder", "r1")
    due = wording.due(1.0, person_speaking=False)
    assert due is not None
    wish, phrase = due
    assert (wish.key, wish.because, wish.why) == ("curious", "r1", "I wonder")
    assert phrase in load_persona("companion").phrases("curious", "en")
    assert said(wording, 1.1) is None


def test_it_knows_while_an_answer_is_spoken_and_a_greeting_is_none(wording: Wording) -> None:
    wording.wish(1.0, "hello", "we have just met", "r1", urgent=True)
    assert said(wording, 1.0) == "hello"
    assert not wording.answering(1.1)
    wording.tell(2.0, "answer", "I looked up because a face came into view.", "you asked me why", "r2")
    assert said(wording, 2.0) == "answer"
    assert wording.answering(2.1)
    assert not wording.answering(6.0)
    wording.tell(7.0, "answer", "I looked up because a face came into view.", "you asked me why", "r2")
    assert said(wording, 7.0) == "answer"
    wording.cut(7.5)
    assert not wording.answering(7.6)


def test_no_phrase_comes_twice_in_a_row(wording: Wording) -> None:
    phrases = []
    for number in range(60):
        t_s = number * 20.0
        wording.wish(t_s, "parting", "you left", "r1")
        due = wording.due(t_s, person_speaking=False)
        assert due is not None
        phrases.append(due[1])
    assert all(before != after for before, after in pairwise(phrases))
    assert len(set(phrases)) >= 3


def test_nor_does_one_that_another_kind_of_words_has_too(wording: Wording) -> None:
    phrases = load_persona("companion").phrases("listening", "en")
    for number in range(20):
        wording.tell(number * 20.0, "reply", phrases[number % len(phrases)], "you spoke to me", "w1")
        due = wording.due(number * 20.0, person_speaking=False)
        assert due is not None
        assert wording.newest == due[1] != wording.pick("listening")


def test_the_same_seed_says_the_same() -> None:
    def talk(seed: int) -> list[str]:
        wording = Wording(load_persona("companion"), "de", 0.0, Random(seed))
        phrases = []
        for number in range(20):
            wording.wish(number * 5.0, "curious", "", "r1")
            due = wording.due(number * 5.0, person_speaking=False)
            phrases.append(due[1] if due else "")
        return phrases

    assert talk(1) == talk(1)
    assert talk(1) != talk(2)


def test_the_same_words_wait_for_say_again(wording: Wording) -> None:
    wording.wish(0.0, "curious", "", "r1")
    assert said(wording, 0.0) == "curious"
    wording.wish(11.9, "curious", "", "r2")
    assert said(wording, 11.9) is None
    wording.wish(12.0, "curious", "", "r3")
    assert said(wording, 12.0) == "curious"


def test_some_words_rest_longer_than_others_and_none_less_than_usual(wording: Wording) -> None:
    wording.wish(0.0, "offer", "w", "r1", again_s=60.0)
    assert said(wording, 0.0) == "offer"
    assert not wording.wish(59.0, "offer", "w", "r2", again_s=60.0)
    assert not wording.wish(11.0, "offer", "w", "r3", again_s=1.0)
    assert wording.wish(60.0, "offer", "w", "r4", again_s=60.0)


def test_other_words_wait_for_the_gap(wording: Wording) -> None:
    wording.wish(0.0, "hello", "", "r1", urgent=True)
    wording.wish(0.1, "sharing_joy", "", "r2")
    assert said(wording, 0.1) == "hello"
    assert said(wording, 0.1 + GAP_S - 0.01) is None
    assert said(wording, 0.1 + GAP_S) == "sharing_joy"


def test_words_wait_while_the_person_speaks_but_not_for_ever(wording: Wording) -> None:
    wording.wish(0.0, "calming", "", "r1")
    assert said(wording, 0.0, person_speaking=True) is None
    assert said(wording, YIELD_S - 0.01, person_speaking=True) is None
    assert said(wording, YIELD_S, person_speaking=True) == "calming"


def test_words_are_said_in_the_first_pause(wording: Wording) -> None:
    wording.wish(0.0, "calming", "", "r1")
    assert said(wording, 0.5, person_speaking=True) is None
    assert said(wording, 0.6, person_speaking=False) == "calming"


def test_urgent_words_go_first_and_wait_for_nobody(wording: Wording) -> None:
    wording.wish(0.0, "calming", "", "r1")
    wording.wish(0.0, "parting", "", "r2", urgent=True)
    assert said(wording, 0.0, person_speaking=True) == "parting"


def test_words_whose_moment_has_passed_are_not_said(wording: Wording) -> None:
    wording.wish(0.0, "curious", "", "r1")
    assert said(wording, KEEP_S + 0.01) is None
    wording.wish(20.0, "curious", "", "r1")
    wording.drop("curious")
    assert said(wording, 20.0) is None


def test_a_key_without_phrases_says_nothing(wording: Wording) -> None:
    wording.wish(0.0, "alone", "", "r1")
    assert said(wording, 0.0) is None
