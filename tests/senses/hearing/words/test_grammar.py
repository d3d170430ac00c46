"""The short list of commands that a stretch of speech might be."""

import numpy as np

from robot.senses.hearing.words.commands import phrases_of
from robot.senses.hearing.words.grammar import Grammar

PHRASES = tuple(phrase for phrases in phrases_of("en").values() for phrase in phrases)


def test_what_was_heard_before_does_not_tell(engines, say):
    rng = np.random.default_rng(0)
    heard = [say(phrase) for phrase in PHRASES[::12]]
    heard = [(speech + 0.05 * rng.standard_normal(len(speech))).astype(np.float32) for speech in heard]
    used = Grammar(PHRASES)
    for samples in heard:
        used.candidates(0.5 * rng.standard_normal(16_000).astype(np.float32))
        used.candidates(say("why did you do that"))
        assert used.candidates(samples) == Grammar(PHRASES).candidates(samples)


def test_what_was_said_is_on_the_list(engines, say):
    grammar = Grammar(PHRASES)
    for phrase in PHRASES[::6]:
        assert phrase in grammar.candidates(say(phrase))
