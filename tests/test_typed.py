"""What is typed is understood like speech, in the robot's language, and only where speech may be."""

import pytest

from robot.config import RobotSettings
from robot.messages import HeardCommand
from robot.policy import permission_for
from robot.transcript import Transcript
from robot.typed import MOST_LETTERS, MOST_WAITING, Typed

FEELINGS = permission_for(RobotSettings(consent="feelings"))
PRESENCE = permission_for(RobotSettings(consent="presence"))
OFF = permission_for(RobotSettings(consent="off"))


def taken(typed, allowed=FEELINGS, muted=False):
    return typed.take(2.0, allowed, muted=muted)


def test_a_german_sentence_and_a_german_command_are_understood_by_a_german_robot():
    typed = Typed("de")
    typed.put("Ich habe die Stelle bekommen!")
    typed.put("Lauter, bitte!")
    sentence, command = taken(typed)
    assert isinstance(sentence, Transcript)
    assert (sentence.text, sentence.language, sentence.t_s) == ("Ich habe die Stelle bekommen!", "de", 2.0)
    assert isinstance(command, HeardCommand)
    assert command.name == "louder"
    assert sentence.id != command.id
    assert taken(typed) == ()


def test_below_the_rung_of_words_only_commands_are_understood():
    typed = Typed()
    typed.put("I got the job.")
    typed.put("stop")
    assert [heard.name for heard in taken(typed, PRESENCE)] == ["stop"]


@pytest.mark.parametrize(("allowed", "muted"), [(OFF, False), (FEELINGS, True)])
def test_where_nothing_may_be_understood_it_is_gone(allowed, muted):
    typed = Typed()
    typed.put("stop")
    typed.put("I got the job.")
    assert taken(typed, allowed, muted) == ()
    assert taken(typed) == ()


def test_a_flood_and_a_long_line_are_cut():
    typed = Typed()
    for number in range(MOST_WAITING + 5):
        typed.put(f"line {number} {'x' * 500}")
    typed.put("   ")
    heard = taken(typed)
    assert len(heard) == MOST_WAITING
    assert heard[-1].text.startswith(f"line {MOST_WAITING + 4} ")
    assert max(len(each.text) for each in heard) == MOST_LETTERS
