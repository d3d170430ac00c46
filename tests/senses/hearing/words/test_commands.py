"""A command is a whole phrase of the list, politely said or not, and nothing else."""

import pytest

from robot.senses.hearing.words.commands import command_in, phrases_of, plain

NAMES = {"stop", "louder", "quieter", "sleep", "wake", "why", "remember", "forget", "person", "yes", "no"}


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_language_knows_every_command_and_no_phrase_means_two(language):
    phrases = phrases_of(language)
    assert set(phrases) == NAMES
    said = [plain(phrase) for each in phrases.values() for phrase in each]
    assert len(said) == len(set(said))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Stop!", "stop"),
        ("Stop. Stop. Stop.", "stop"),
        ("Okay, stop it now, please.", "stop"),
        ("Why did you do that?", "why"),
        ("I can’t hear you", "louder"),
        ("No, thank you.", "no"),
        ("I want a person.", "person"),
        ("Stop the war on words", None),
        ("Yes, I went there yesterday", None),
        ("I forget my keys", None),
        ("please", None),
        ("", None),
    ],
)
def test_english(text, name):
    assert command_in(text, "en") == name


@pytest.mark.parametrize(("text", "name"), [("Hör auf!", "stop"), ("Lauter, bitte", "louder"), ("Ja, morgen", None)])
def test_german(text, name):
    assert command_in(text, "de-DE") == name
