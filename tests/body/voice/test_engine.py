import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.body.voice.engine import LONGEST_TEXT, language_tag, speakable
from robot.errors import SpeechError


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Hello there.", "Hello there."),
        ("  two\n\tlines ", "two lines"),
        ("nul\0inside", "nul inside"),
        ("\x0199S fast", "99S fast"),
        ("so nice 😀👍🏽 !", "so nice !"),
        ("[[h@'loU]]", "[ h@'loU]]"),
        ("Schöne Grüße, 20 °C", "Schöne Grüße, 20 °C"),
        ("lone \ud800 surrogate", "lone surrogate"),
        ("", ""),
        ("😀", ""),
    ],
)
def test_only_what_can_be_said_is_said(text, said):
    assert speakable(text) == said


def test_a_flood_of_words_is_cut_between_words():
    said = speakable("word " * 5000)
    assert LONGEST_TEXT - 5 <= len(said) <= LONGEST_TEXT
    assert said.endswith("word")


def test_a_flood_without_words_is_cut_anyway():
    assert len(speakable("a" * 10_000)) == LONGEST_TEXT


@settings(deadline=None)
@given(st.text(alphabet=st.characters()))
def test_no_text_smuggles_a_command_to_espeak(text):
    said = speakable(text)
    assert len(said) <= LONGEST_TEXT
    assert "[[" not in said
    assert all(character >= " " for character in said)
    said.encode("utf-8")


@pytest.mark.parametrize("language", ["en", "de", "DE-at", "zh-Hant-TW"])
def test_a_language_tag_passes_in_lower_case(language):
    assert language_tag(language) == language.lower()


@pytest.mark.parametrize("language", ["", "english please", "-w/tmp/x", "../../etc/passwd", "en;reboot", "en\n", "e"])
def test_anything_else_is_refused(language):
    with pytest.raises(SpeechError, match="language tag"):
        language_tag(language)
