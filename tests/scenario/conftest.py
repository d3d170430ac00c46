from pathlib import Path

import pytest

SMILE = """about = "A smile is answered."
duration_s = 4.0

[[face]]
from_s = 0.5
to_s = 4.0
expression = "happiness"

[[expect]]
state = "sharing_joy"
between = [2.0, 3.9]

[[never]]
state = "calming"
between = [0.0, 4.0]
"""


@pytest.fixture
def write(tmp_path):
    """Writes a scenario: the smile, with some of its text replaced."""

    def write_scenario(old: str = "", new: str = "", name: str = "smile.toml") -> Path:
        assert old in SMILE
        path = tmp_path / name
        path.write_text(SMILE.replace(old, new, 1) if old else SMILE)
        return path

    return write_scenario
