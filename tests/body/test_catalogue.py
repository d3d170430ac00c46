import pytest

from robot.body.catalogue import find, names
from robot.errors import ConfigError


def test_habits_and_effects_are_found_by_the_name_of_their_file():
    assert {"blink", "breathe", "glance", "settle", "doze"} <= set(names("robot.body.habits"))
    assert find("robot.body.habits", "blink").__name__ == "robot.body.habits.blink"


@pytest.mark.parametrize("name", ["twitch", "", "..mixer", "blink.py", "os"])
def test_an_unknown_name_is_refused_with_those_that_there_are(name):
    with pytest.raises(ConfigError, match="blink, breathe, doze, glance, settle"):
        find("robot.body.habits", name)
