import pytest

from robot.mind.toml_line import line_of

TEXT = """\
name = "x"   # [manner.none]

[manner.alone]
light = "warm"
chirp = "hello"

[words.en]
hello = [
  "Hello = hi",
  "Oh",
]
parting = ["Bye"]  # goodbye

[words . "de"]
hello = ["Hallo"]
a.b = 1
"""


@pytest.mark.parametrize(
    ("place", "line"),
    [
        ("name", 1),
        ("manner.alone.chirp", 5),
        ("manner.alone", 3),
        ("words.en.hello", 8),
        ("words.en.hello[1]", 8),
        ("words.en.hello[...]", 8),
        ("words.en.parting", 12),
        ("words.de.hello", 15),
        ("words.de.a.b", 16),
    ],
)
def test_a_key_is_found_in_its_own_table(place: str, line: int) -> None:
    assert line_of(TEXT, place) == line


def test_a_key_that_is_missing_is_looked_for_in_its_table() -> None:
    assert line_of(TEXT, "words.en.comforting") == 7
    assert line_of(TEXT, "manner.alone.deep.down") == 3


@pytest.mark.parametrize("place", ["mood.half_life_s", "nothing", ""])
def test_what_is_nowhere_has_no_line(place: str) -> None:
    assert line_of(TEXT, place) is None
