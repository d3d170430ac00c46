"""Which of the phrases the grammar hears."""

import numpy as np
import pytest

from robot.senses.hearing.words.commands import phrases_of
from robot.senses.hearing.words.grammar import Grammar

PHRASES = tuple(phrase for phrases in phrases_of("en").values() for phrase in phrases)


@pytest.fixture(scope="module")
def grammar(engines):
    return Grammar(PHRASES)


def test_what_was_heard_before_does_not_tell(grammar, say):
    rng = np.random.default_rng(0)
    speech = say("stop moving")
    speech = (speech + 0.05 * rng.standard_normal(len(speech))).astype(np.float32)
    fresh = Grammar(PHRASES).heard(speech)
    for before in (0.5 * rng.standard_normal(16_000).astype(np.float32), say("why did you do that")):
        grammar.heard(before)
        assert grammar.heard(speech) == fresh


def test_what_was_said_is_heard(grammar, say):
    for phrase in ("stop moving", "i can't hear you", "turn it down", "go to sleep", "forget me", "get me a human"):
        assert grammar.heard(say(phrase)) == phrase


def test_whatever_it_hears_is_a_phrase_or_nothing(grammar):
    rng = np.random.default_rng(2)
    for level in (0.0, 0.01, 0.5):
        assert grammar.heard(level * rng.standard_normal(8_000).astype(np.float32)) in (*PHRASES, "")
