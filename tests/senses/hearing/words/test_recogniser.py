"""What both engines make of one turn: text, a command, or nothing."""

import numpy as np
import pytest

from robot.senses.hearing.words.choice import SOUNDS
from robot.senses.hearing.words.recogniser import LONGEST_COMMAND_S, Recogniser
from robot.senses.hearing.words.whisper import Encoded, Spoken

PHRASES = {"stop": ("stop", "freeze"), "louder": ("louder",), "no": ("no thank you",), "wake": ("wake up",)}
SOUND = 0.1 * np.random.default_rng(0).standard_normal(16_000).astype(np.float32)


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
        known = self.fits if encoded.features else {}
        return [known.get(phrase.lower(), -9.0 if phrase in SOUNDS else -7.0) for phrase in phrases]

    def no_speech(self, encoded):
        return self.spoken.no_speech


class Second:
    def __init__(self, phrase):
        self.phrase = phrase

    def heard(self, samples):
        return self.phrase


def heard(writer, grammar="", words=True, name="", sound=SOUND):
    return Recogniser(writer, Second(grammar), PHRASES, "en", name).recognise(sound, words=words)


@pytest.mark.parametrize("words", [True, False])
def test_what_fits_well_was_said_whether_or_not_it_may_write(words):
    writer = Writer({"louder": -1.0})
    assert heard(writer, words=words).command == "louder"
    assert writer.written == words


@pytest.mark.parametrize("words", [True, False])
def test_a_phrase_that_gains_little_was_not_said(words):
    assert heard(Writer({"louder": -6.0}), "louder", words=words).command is None


def test_a_sentence_that_whisper_writes_far_better_is_no_command():
    sentence = Writer({"stop": -4.4}, text="The top of the morning.", score=-0.3)
    found = heard(sentence, "stop")
    assert (found.command, found.text) == (None, "The top of the morning.")


class Filtered(Writer):
    """Whisper that hears a phrase better in the sound with its noise than in the sound without."""

    def __init__(self, clean, noisy, no_speech=(0.1, 0.1)):
        super().__init__(clean)
        self.by_sound, self.silent_by_sound, self.encoded = (clean, noisy), no_speech, []

    def encode(self, samples):
        self.encoded.append(samples)
        return Encoded(1 + int(samples is SOUND) if samples.any() else 0, 100, 1.0)

    def fit(self, encoded, phrases):
        self.fits = self.by_sound[encoded.features - 1] if encoded.features else {}
        return super().fit(encoded, phrases)

    def no_speech(self, encoded):
        return self.silent_by_sound[encoded.features - 1]


@pytest.mark.parametrize("words", [True, False])
def test_what_is_left_in_doubt_is_heard_once_more_with_its_noise(words):
    writer = Filtered({"louder": -6.0}, {"louder": -1.0})
    assert heard(writer, words=words).command == "louder"
    assert writer.encoded[-1] is SOUND
    assert heard(Filtered({"louder": -6.0}, {"louder": -6.0}), words=words).command is None


def test_a_sentence_that_was_understood_and_is_far_likelier_is_not_heard_again():
    writer = Filtered({"louder": -6.0}, {"louder": -1.0})
    writer.spoken = Spoken("The top of the morning.", -0.3, 0.1)
    assert heard(writer).text == "The top of the morning."
    assert len(writer.encoded) == 2


def test_what_is_clear_or_hopeless_is_heard_once():
    for clean in ({"louder": -0.5}, {"louder": -9.0}):
        writer = Filtered(clean, {"louder": -0.5})
        heard(writer, words=False)
        assert len(writer.encoded) == 2, "silence at the start, and the sound without noise"


@pytest.mark.parametrize("words", [True, False])
def test_what_is_no_speech_is_no_command(words):
    assert heard(Writer({"stop": -0.5}, no_speech=0.9), "stop", words=words).command is None


def test_longer_speech_is_a_sentence():
    long = np.tile(SOUND, 4)[: round((LONGEST_COMMAND_S + 0.1) * 16_000)]
    assert heard(Writer({"stop": -0.5}), "stop", sound=long).command is None


@pytest.mark.parametrize("words", [True, False])
def test_its_own_name_wakes_it_though_the_grammar_does_not_know_it(words):
    called = Writer({"hey momo": -1.0})
    assert heard(called, words=words, name="Momo").command == "wake"
    assert heard(called, words=words).command is None, "it is not called Momo"


def test_its_name_around_a_command_changes_nothing_and_alone_it_is_a_call():
    assert heard(Writer({}, text="Momo, stop!", score=-0.2), name="Momo").command == "stop"
    assert heard(Writer({}, text="Momo.", score=-0.2), name="Momo").command == "wake"


def test_text_that_whisper_does_not_believe_is_not_told():
    assert heard(Writer({}, text="Thank you.", score=-1.4)).text == ""


def test_with_one_engine_alone_only_what_is_written_plainly_is_a_command():
    alone = Recogniser(Writer({"louder": -1.0}, text="Stop.", score=-0.2), None, PHRASES, "en")
    assert alone.recognise(SOUND, words=True).command == "stop"
    assert alone.recognise(SOUND, words=False).command is None
