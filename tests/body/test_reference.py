"""The page about the body tells of what there is."""

import re
from pathlib import Path

from robot.body.ailments import AILMENTS
from robot.body.catalogue import names
from robot.body.layers import PRIORITIES
from robot.body.lights.mixer import EFFECTS
from robot.config import MotionSettings

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "reference" / "body.md").read_text(encoding="utf-8")


def rows(heading):
    """The first cells of the table under a heading."""
    section = PAGE.split(f"\n## {heading}\n")[1].split("\n## ")[0]
    return [cell.strip("` ") for cell in re.findall(r"^\| ([^|]+) \|", section, re.MULTILINE)][1:]


def test_it_names_every_light_and_every_ailment():
    assert set(rows("Lights")) | set(AILMENTS) == set(names(EFFECTS))
    assert rows("Failure has a face") == list(AILMENTS)


def test_it_names_the_layers_in_their_order():
    assert rows("Layers") == list(reversed(PRIORITIES))


def test_it_names_every_habit():
    assert ", ".join(MotionSettings().habits) in PAGE
