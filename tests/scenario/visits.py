"""The scenarios of tests/scenarios, each played at most once with each persona, however many tests look at it."""

from pathlib import Path

import msgspec

from robot.scenario.play import Played, play
from robot.scenario.script import Scenario, read_scenario

FILES = sorted((Path(__file__).parents[1] / "scenarios").glob("*.toml"))


class Visits:
    """What is looked up here belongs to every test: look, and change nothing."""

    def __init__(self) -> None:
        self._played: dict[tuple[Path, str], tuple[Scenario, Played]] = {}

    def play(self, file: Path, persona: str | None = None) -> tuple[Scenario, Played]:
        """A scenario and what came of it, with its own persona unless another is named."""
        scenario = read_scenario(file)
        if persona is not None:
            scenario = msgspec.structs.replace(scenario, robot=msgspec.structs.replace(scenario.robot, persona=persona))
        key = (file.resolve(), scenario.robot.persona)
        if key not in self._played:
            self._played[key] = (scenario, play(scenario))
        return self._played[key]
