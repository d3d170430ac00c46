"""The consent rung and the place of use decide which senses may exist: the whole table."""

from itertools import pairwise
from typing import get_args, get_type_hints

import pytest

from robot.config import RobotSettings
from robot.policy import Permission, permission_for

SENSES = {"attention": True, "camera": True, "microphone": True, "commands": True}
NOTHING = Permission(**dict.fromkeys(get_type_hints(Permission), False))
PRESENCE = Permission(**SENSES, expression=False, tone=False, words=False, memory=False)
FEELINGS = Permission(**SENSES, expression=True, tone=True, words=True, memory=False)
REMEMBER = Permission(**SENSES, expression=True, tone=True, words=True, memory=True)

TABLE = {
    ("home", "off"): NOTHING,
    ("home", "presence"): PRESENCE,
    ("home", "feelings"): FEELINGS,
    ("home", "remember"): REMEMBER,
    ("public", "off"): NOTHING,
    ("public", "presence"): PRESENCE,
    ("public", "feelings"): FEELINGS,
    ("public", "remember"): REMEMBER,
    ("workplace", "off"): NOTHING,
    ("workplace", "presence"): PRESENCE,
    ("workplace", "feelings"): PRESENCE,
    ("workplace", "remember"): PRESENCE,
    ("school", "off"): NOTHING,
    ("school", "presence"): PRESENCE,
    ("school", "feelings"): PRESENCE,
    ("school", "remember"): PRESENCE,
}


@pytest.mark.parametrize(("place", "consent"), TABLE)
def test_the_table(place, consent):
    assert permission_for(RobotSettings(place=place, consent=consent)) == TABLE[place, consent]


def choices(field: str) -> tuple[str, ...]:
    return get_args(get_type_hints(RobotSettings)[field])


def test_the_table_knows_every_place_and_rung_that_the_configuration_knows():
    assert set(TABLE) == {(place, consent) for place in choices("place") for consent in choices("consent")}


@pytest.mark.parametrize("place", choices("place"))
def test_a_higher_rung_never_takes_something_away(place):
    rungs = [permission_for(RobotSettings(place=place, consent=consent)) for consent in choices("consent")]

    for lower, higher in pairwise(rungs):
        for name in Permission.__slots__:
            assert getattr(higher, name) >= getattr(lower, name)
