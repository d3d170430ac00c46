"""Help lines: what is said of one is the number that its source gives."""

import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import get_args, get_type_hints

import pytest

from robot.config import HandOffSettings
from robot.mind.crisis.help_line import help_line

LINES = tomllib.loads(resources.files("robot.mind.crisis").joinpath("help_lines.toml").read_text(encoding="utf-8"))
PAGE = Path(__file__).parents[3] / "docs" / "reference" / "crisis.md"
EMERGENCY = {"000", "111", "112", "911", "999"}


def test_every_country_of_the_configuration_has_a_help_line() -> None:
    countries = get_args(get_type_hints(HandOffSettings)["country"])
    assert set(countries) - {""} == set(LINES)


@pytest.mark.parametrize("country", sorted(LINES))
@pytest.mark.parametrize("language", ["en", "de"])
def test_the_number_that_is_said_is_the_one_that_was_looked_up_and_no_other(country: str, language: str) -> None:
    said = help_line(HandOffSettings(country=country), language)
    numbers = {found.strip() for found in re.findall(r"[0-9][0-9 ]*", said)}
    assert numbers - EMERGENCY == {LINES[country]["number"]}
    assert numbers & EMERGENCY


@pytest.mark.parametrize("country", sorted(LINES))
def test_the_page_names_the_number_and_where_it_was_looked_up(country: str) -> None:
    (row,) = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith(f"| `{country}` |")]
    assert LINES[country]["number"] in row
    assert LINES[country]["source"] in row


def test_the_operators_own_words_come_first() -> None:
    assert help_line(HandOffSettings(country="de", help_line="Ask at the desk."), "de") == "Ask at the desk."
