"""Which phrase it was, and whether any was said: by what it gains beyond what a laugh or a sigh would."""

import pytest

from robot.senses.hearing.words.choice import LEAST_GAIN, NAME_HANDICAP, SOUNDS, WEIGHTS, choose, log_odds, was_said

COMMANDS = {"stop": "stop", "stop it": "stop", "louder": "louder", "no thank you": "no", "hey momo": "wake"}
PRIOR = dict.fromkeys((*COMMANDS, *SOUNDS), -6.0) | {"no thank you": -4.0}
NAMES = ("hey momo",)


def chosen(fits, heard=""):
    """What is chosen; what is not named fits badly."""
    return choose(dict.fromkeys((*COMMANDS, *SOUNDS), -7.0) | fits, PRIOR, COMMANDS, heard, NAMES)


def judged(fits, heard="", no_speech=0.1):
    choice = chosen(fits, heard)
    return choice.phrase, was_said(choice, no_speech)


def odds(fits, heard="", no_speech=0.1):
    return log_odds(chosen(fits, heard), no_speech)


def test_what_reads_well_without_any_sound_does_not_win_by_that():
    assert judged({"no thank you": -2.0, "louder": -2.5}) == ("louder", True)


def test_a_phrase_that_gains_nothing_was_not_said_whatever_else_speaks_for_it():
    least = 0.7 * PRIOR["no thank you"] + LEAST_GAIN
    sounds = dict.fromkeys(SOUNDS, -20.0)
    assert judged(sounds | {"no thank you": least + 0.1}, heard="no thank you") == ("no thank you", True)
    assert judged(sounds | {"no thank you": least - 0.1}, heard="no thank you") == ("no thank you", False)


@pytest.mark.parametrize("sound", SOUNDS)
def test_a_laugh_that_gains_more_is_a_laugh(sound):
    assert judged({"louder": -3.0}) == ("louder", True)
    assert judged({"louder": -3.0, sound: -2.0, "stop": -3.2}) == ("louder", False)


def test_the_engines_agreeing_is_evidence_and_most_where_both_heard_the_same_several_words():
    fits = {"stop it": -3.0, "stop": -3.1}
    none, other, same = (odds(fits, heard) for heard in ("", "louder", "stop it"))
    assert none == other < same
    assert odds({"stop": -3.0}, "stop it") > odds({"stop": -3.0})
    assert same - none > odds({"stop": -3.0}, "stop") - odds({"stop": -3.0})


def test_another_command_that_fits_as_well_speaks_against_it_and_another_phrase_of_it_does_not():
    assert odds({"stop": -3.0, "louder": -3.1}) < odds({"stop": -3.0, "stop it": -3.1})


def test_the_less_it_was_speech_the_less_it_was_said():
    assert odds({"stop": -3.0}, no_speech=0.6) < odds({"stop": -3.0}, no_speech=0.1)


def test_each_sign_has_its_weight():
    assert len(chosen({"stop": -3.0}).evidence(0.1)) == len(WEIGHTS)


def test_between_two_phrases_that_fit_alike_the_grammar_decides():
    alike = {"stop": -2.0, "louder": -2.1}
    assert judged(alike)[0] == "stop"
    assert judged(alike, heard="louder")[0] == "louder"


def test_its_name_must_gain_more():
    assert chosen({"hey momo": -2.0}).gain == pytest.approx(chosen({"louder": -2.0}).gain - NAME_HANDICAP)
    assert chosen({"hey momo": -2.0, "louder": -2.0 - NAME_HANDICAP / 2}).phrase == "louder"
