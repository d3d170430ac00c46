"""A publisher with a first new version, and the command line of a robot."""

import time
from pathlib import Path

import pytest

from robot.cli.main import main
from tests.cli.updating import Command, new_version
from tests.updates.world import World

SIGNED = ("check", "update", "import", "export")


@pytest.fixture
def world(in_memory: Path) -> World:
    made = World(in_memory, now_s=int(time.time()))
    made.publish("9.1.0", model=new_version(made.folder, "9.1.0"), latency_budget_ms=5000)
    return made


@pytest.fixture
def rapport(world: World, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command on the store `robot` of this test, or on another one."""
    root = world.folder / "root.json"
    root.write_bytes(world.root)

    def run(action: str, *arguments: str, repository: str | None = None, robot: str = "robot") -> tuple[int, str, str]:
        given = ["--store", str(world.folder / robot)]
        if action in SIGNED:
            given += ["--root", str(root)]
        if action in {"check", "update"}:
            given += ["--repository", repository or str(world.repository)]
        code = main(["models", action, *arguments, *given])
        shown = capsys.readouterr()
        return code, shown.out, shown.err

    return run
