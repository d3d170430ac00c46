"""A disliked phrase is said only where there is no other, a liked one more often."""

from collections import Counter
from random import Random

from robot.mind.taste import MOST, Taste

PHRASES = ("one", "two", "three")


def said(taste: Taste, phrases: tuple[str, ...] = PHRASES, times: int = 600) -> Counter[str]:
    rng = Random(7)
    return Counter(taste.choose("hello", phrases, rng) for _ in range(times))


def test_without_ratings_it_chooses_as_it_always_did():
    rng, same = Random(3), Random(3)
    assert [Taste().choose("hello", PHRASES, rng) for _ in range(20)] == [same.choice(list(PHRASES)) for _ in range(20)]


def test_what_is_disliked_is_not_said_and_what_is_liked_more():
    taste = Taste()
    taste.rate("hello", "one", liked=False)
    taste.rate("hello", "two", liked=True)
    count = said(taste)
    assert count["one"] == 0
    assert count["two"] > 1.5 * count["three"]


def test_where_all_is_disliked_something_is_said_all_the_same():
    taste = Taste()
    for phrase in PHRASES:
        taste.rate("hello", phrase, liked=False)
    assert set(said(taste)) == set(PHRASES)


def test_a_rating_is_about_its_own_kind_of_words_and_can_be_made_up_for():
    taste = Taste()
    taste.rate("parting", "one", liked=False)
    assert said(taste)["one"] > 100
    for _ in range(10):
        taste.rate("hello", "one", liked=False)
    for _ in range(MOST):
        taste.rate("hello", "one", liked=True)
    assert said(taste)["one"] > 100
