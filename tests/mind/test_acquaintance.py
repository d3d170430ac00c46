"""Knowing somebody again: a name that is only nearly right, or nearly two people's, is nobody's."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.mind.acquaintance import (
    Acquaintance,
    introduced,
    known_by_code,
    known_by_name,
    known_by_token,
    tidy_name,
)


def people(*names):
    return [Acquaintance(id=str(number), name=name) for number, name in enumerate(names)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My name is Ada.", "Ada"),
        ("Hello, my name's ada lovelace!", "Ada Lovelace"),
        ("You can call me Bob", "Bob"),
        ("Ich heiße Jürgen.", "Jürgen"),
        ("Mein Name ist Anna-Lena, hallo", "Anna-Lena"),
        ("It's Theo", "Theo"),
        ("It is raining", ""),
        ("It's not so bad today", ""),
        ("Call me later please", ""),
        ("My name is a long story that nobody wants to hear", ""),
        ("I am happy", ""),
        ("", ""),
    ],
)
def test_a_name_is_heard_only_where_somebody_says_theirs(text, name):
    assert introduced(text) == name


@pytest.mark.parametrize(
    ("heard", "known", "who"),
    [
        ("Ada", ["Ada", "Theo"], "Ada"),
        ("ADA", ["Ada"], "Ada"),
        ("Juergen", ["Jürgen"], "Jürgen"),
        ("Katharina", ["Katarina", "Bob"], "Katarina"),
        ("Anna", ["Anna", "Hanna"], None),
        ("Ana", ["Theo"], None),
        ("Catharina", ["Katarina", "Bob"], "Katarina"),
        ("Philip", ["Filipp"], "Filipp"),
        ("Mariah", ["Maria"], "Maria"),
        ("Anna", ["Ana"], "Ana"),
        ("Jan", ["Jana"], None),
        ("Adam", ["Ada"], None),
        ("Hanna", ["Anna"], None),
        ("Michaela", ["Michael"], None),
        ("Marie", ["Maria"], None),
        ("Jan", ["Jana", "Jan"], None),
        ("Max", ["Max", "Max"], None),
        ("", ["Ada"], None),
        ("Ada", [], None),
    ],
)
def test_a_name_is_somebodys_only_far_ahead_of_the_runner_up(heard, known, who):
    found = known_by_name(heard, people(*known))
    assert (found.name if found else None) == who


def test_a_code_word_is_found_in_what_is_said_and_only_whole():
    ada, bob = Acquaintance(id="a", name="Ada", code_word="blue heron"), Acquaintance(id="b", name="Bob")
    assert known_by_code("Hello, it is the Blue Heron.", [ada, bob]) is ada
    assert known_by_code("blue herons are birds", [ada, bob]) is None
    assert known_by_code("anything", [bob]) is None


def test_a_code_word_of_two_people_and_a_short_one_tell_nobody():
    two = [Acquaintance(id=name, name=name, code_word="blue heron") for name in "ab"]
    assert known_by_code("blue heron", two) is None
    assert known_by_code("yes", [Acquaintance(id="a", name="Ada", code_word="yes")]) is None


def test_a_token_is_compared_as_it_is():
    ada = Acquaintance(id="a", name="Ada", token="T-1")
    assert known_by_token("T-1", [ada]) is ada
    assert known_by_token("t-1", [ada]) is None
    assert known_by_token("", [Acquaintance(id="b", name="Bob")]) is None


@given(st.text(max_size=80))
def test_any_text_has_an_answer(text):
    assert len(introduced(text)) <= 40
    assert len(tidy_name(text)) <= 40
    known_by_code(text, people("Ada"))
