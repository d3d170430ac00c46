"""Which of the phrases was said, if any: by what it gains from the sound, not by how well it reads."""

import numpy as np
import pytest

from robot.senses.hearing.words.recogniser import LONGEST_COMMAND_S, Recogniser
from robot.senses.hearing.words.whisper import Encoded, Spoken

PHRASES = {"stop": ("stop", "hush"), "louder": ("louder",), "no": ("no thank you",), "wake": ("wake up",)}
PRIORS = {"stop": -7.0, "hush": -8.4, "louder": -8.3, "no thank you": -4.0, "wake up": -6.7}
SOUND = np.ones(16_000, np.float32)


class Writer:
    """Whisper that reads: `fits` to the sound by phrase, and what it would write."""

    def __init__(self, fits, text="Blah.", score=-1.5, no_speech=0.1):
        self.fits, self.spoken, self.written = fits, Spoken(text, score, no_speech), 0

    def encode(self, samples):
        return Encoded(bool(samples.any()), 100, 1.0)

    def write(self, encoded):
        self.written += 1
        return self.spoken

    def fit(self, encoded, phrases):
        known = self.fits if encoded.features else PRIORS
        return [known.get(phrase.lower(), -9.0) for phrase in phrases]

    def no_speech(self, encoded):
        return self.spoken.no_speech


class Lister:
    def __init__(self, *phrases):
        self.phrases = phrases

    def candidates(self, samples):
        return list(self.phrases)


def heard(writer, *listed, words=True, name="", sound=SOUND):
    return Recogniser(writer, Lister(*listed), PHRASES, "en", name).recognise(sound, words=words)


def test_what_reads_well_without_any_sound_does_not_win_by_that():
    writer = Writer({"no thank you": -3.0, "louder": -3.5})
    assert heard(writer, "no thank you", "louder").command == "louder"


@pytest.mark.parametrize("words", [True, False])
def test_a_phrase_that_gains_little_was_not_said(words):
    assert heard(Writer({"no thank you": -2.9}), "no thank you", words=words).command is None


def test_where_it_may_not_write_it_writes_nothing_and_asks_for_more():
    writer = Writer({"no thank you": -1.9})
    assert heard(writer, "no thank you").command == "no"
    assert heard(writer, "no thank you", words=False).command is None
    sure = Writer({"no thank you": -1.0})
    assert heard(sure, "no thank you", words=False).command == "no"
    assert sure.written == 0


def test_a_sentence_that_whisper_writes_far_better_is_no_command():
    sentence = Writer({"stop": -4.4}, text="The top of the morning.", score=-0.3)
    found = heard(sentence, "stop")
    assert (found.command, found.text) == (None, "The top of the morning.")


@pytest.mark.parametrize("words", [True, False])
def test_what_is_no_speech_is_no_command(words):
    assert heard(Writer({"stop": -0.5}, no_speech=0.9), "stop", words=words).command is None


def test_longer_speech_is_a_sentence():
    long = np.ones(round((LONGEST_COMMAND_S + 0.1) * 16_000), np.float32)
    assert heard(Writer({"stop": -0.5}), "stop", sound=long).command is None


def test_its_own_name_wakes_it_though_the_grammar_does_not_know_it():
    called = Writer({"hey momo": -3.0})
    assert heard(called, name="Momo").command == "wake"
    assert heard(called, words=False, name="Momo").command == "wake"
    assert heard(called).command is None, "it is not called Momo"


def test_its_name_around_a_command_changes_nothing_and_alone_it_is_a_call():
    assert heard(Writer({}, text="Momo, stop!", score=-0.2), name="Momo").command == "stop"
    assert heard(Writer({}, text="Momo.", score=-0.2), name="Momo").command == "wake"


def test_a_phrase_that_the_grammar_missed_is_found_near_what_was_misread():
    misread = Writer({"wake up": -2.0}, text="Make up.", score=-1.2)
    assert heard(misread, "no thank you").command == "wake"
