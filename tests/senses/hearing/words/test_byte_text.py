"""Byte-level tokens become text again, and broken ones no error."""

import pytest

from robot.senses.hearing.words.byte_text import BYTES, text_of


def test_every_byte_has_one_stand_in():
    assert sorted(BYTES.values()) == list(range(256))
    assert BYTES["Ġ"] == ord(" ")


@pytest.mark.parametrize(
    ("tokens", "text"),
    [
        (["ĠGo", "Ġforward", "Ġten", "Ġmeters", ".", "<|endoftext|>"], "Go forward ten meters."),
        (["Ġcaf", "Ã©"], "café"),
        (["Ã"], "�"),
        ([], ""),
        (["<|nospeech|>"], ""),
    ],
)
def test_tokens_spell_text(tokens, text):
    assert text_of(tokens) == text
