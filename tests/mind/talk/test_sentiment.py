"""The mood that words tell: idioms, negation, intensity, irony, in English and German, and none where there is none."""

import csv
from pathlib import Path

import pytest

from robot.mind.talk.sentiment import LABELS, polarity, sentiment_of

SENTENCES = list(csv.DictReader((Path(__file__).parent / "sentences.tsv").open(encoding="utf-8"), delimiter="\t"))


def label(text, language="en"):
    return sentiment_of(language).judge(text).label


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("nobody likes me", "sad"),
        ("I got the job", "happy"),
        ("oh great, it broke again", "angry"),
        ("oh great, I got the job", "happy"),
        ("I am not happy", "sad"),
        ("I'm not scared", "happy"),
        ("I'm so worried about my exam", "afraid"),
        ("I hate this", "angry"),
        ("What time is it?", "neutral"),
        ("", "neutral"),
    ],
)
def test_what_english_words_tell(text, mood):
    assert label(text) == mood


@pytest.mark.parametrize(
    ("text", "mood"),
    [
        ("Niemand mag mich.", "sad"),
        ("Ich habe die Stelle bekommen!", "happy"),
        ("Na toll, schon wieder kaputt", "angry"),
        ("Ich bin nicht glücklich", "sad"),
        ("Ich habe Angst vor dem Gewitter", "afraid"),
        ("Das Buch liegt auf dem Tisch", "neutral"),
    ],
)
def test_what_german_words_tell(text, mood):
    assert label(text, "de") == mood


def test_a_stronger_word_is_surer_and_a_weaker_one_less():
    sure = [
        sentiment_of("de").judge(text).probabilities["sad"] for text in ("etwas traurig", "traurig", "sehr traurig")
    ]
    assert sure == sorted(sure)
    assert len(set(sure)) == 3


def test_a_negator_reaches_no_further_than_its_clause():
    assert label("it was not long but nice and happy") == "happy"


@pytest.mark.parametrize("text", ["", "...", "a" * 20_000, "😀", "not " * 500, "\x00\ud83d", "nicht kein nie"])
def test_whatever_comes_it_is_a_percept(text):
    for language in ("en", "de", "de-AT", "fr"):
        percept = sentiment_of(language).judge(text)
        assert set(percept.probabilities) == set(LABELS)
        assert sum(percept.probabilities.values()) == pytest.approx(1.0, abs=1e-3)
        assert -1.0 <= percept.valence <= 1.0


def test_the_sentences_are_as_many_as_promised_and_split_before_tuning():
    assert sum(row["language"] == "en" for row in SENTENCES) >= 200
    halves = [row["half"] for row in SENTENCES]
    assert abs(halves.count("tuning") - halves.count("held_out")) <= 5
    assert len({row["sentence"] for row in SENTENCES}) == len(SENTENCES)


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_sentences_held_out_are_judged_as_promised(language):
    sides = {"happy": "positive", "neutral": "neutral"}
    held = [row for row in SENTENCES if row["half"] == "held_out" and row["language"] == language]
    right = [
        polarity(sentiment_of(language).judge(row["sentence"])) == sides.get(row["mood"], "negative") for row in held
    ]
    assert sum(right) / len(right) >= 0.85
