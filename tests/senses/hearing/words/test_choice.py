"""Which phrase it was, and whether any was said: by what it gains beyond what a laugh or a sigh would."""

import pytest

from robot.senses.hearing.words.choice import LEAST_GAIN_NAME, SOUNDS, choose, was_said

COMMANDS = {"stop": "stop", "stop it": "stop", "louder": "louder", "no thank you": "no", "hey momo": "wake"}
PRIOR = dict.fromkeys((*COMMANDS, *SOUNDS), -6.0) | {"no thank you": -4.0}
NAMES = ("hey momo",)


def judged(fits, heard=""):
    """The phrase that was chosen, and whether it was said; what is not named fits badly."""
    choice = choose(dict.fromkeys((*COMMANDS, *SOUNDS), -9.0) | fits, PRIOR, COMMANDS, heard, NAMES)
    return choice.phrase, was_said(choice, COMMANDS, heard, NAMES)


def test_what_reads_well_without_any_sound_does_not_win_by_that():
    assert judged({"no thank you": -2.0, "louder": -2.5}) == ("louder", True)


def test_a_phrase_that_gains_nothing_was_not_said():
    assert judged({"louder": -4.2}, heard="louder") == ("louder", False)


def test_a_laugh_that_gains_as_much_is_a_laugh():
    assert judged({"louder": -2.0}) == ("louder", True)
    for sound in SOUNDS:
        assert judged({"louder": -2.0, sound: -2.0}) == ("louder", False)


def test_the_engines_agreeing_is_evidence():
    near = {"stop": -2.5, "ugh": -2.4}
    assert judged(near) == ("stop", False)
    assert judged(near, heard="louder") == ("stop", False)
    assert judged(near, heard="stop it") == ("stop", True), "the same command in other words"
    assert judged(near, heard="stop") == ("stop", True)


def test_several_words_that_both_heard_need_the_least():
    assert judged({"no thank you": -2.4, "ugh": -2.9}, heard="no thank you") == ("no thank you", True)
    assert judged({"stop": -2.4, "ugh": -1.5}, heard="stop") == ("stop", False)


def test_what_fits_badly_was_said_where_both_heard_the_same_several_words_and_no_sound_gains_more():
    faint = {"no thank you": -3.1}
    assert judged(faint, heard="no thank you") == ("no thank you", True)
    assert judged(faint, heard="stop it")[1] is False
    assert judged(faint | {"ugh": -4.0}, heard="no thank you")[1] is False
    assert judged({"no thank you": -3.3}, heard="no thank you")[1] is False


def test_between_two_phrases_that_fit_alike_the_grammar_decides():
    alike = {"stop": -2.0, "louder": -2.1}
    assert judged(alike)[0] == "stop"
    assert judged(alike, heard="louder")[0] == "louder"


@pytest.mark.parametrize(("over", "said"), [(-0.1, False), (0.1, True)])
def test_its_name_must_gain_more(over, said):
    fit = 0.7 * PRIOR["hey momo"] + LEAST_GAIN_NAME + over
    assert judged({"hey momo": fit}) == ("hey momo", said)
