"""Every command of docs/updates.md, run as it stands there, with a robot that follows each step from a real nginx."""

import re
import shlex
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from robot.cli.main import main
from robot.inference.store import factory_models, find_model
from robot.updates.bundle import version_of
from robot.updates.channel import bucket
from robot.updates.disk import RealDisk
from robot.updates.store import Store
from tests.updates.bundles import model_files, write_model
from tests.updates.nginx import nginx_over

PAGE = Path(__file__).resolve().parents[3] / "docs" / "updates.md"
ADDRESS = "https://models.example.org"
FACE = "face_expression"
SHIPPED = version_of(find_model(FACE, factory_models()).name)
RUNS_AFTER = {
    "Once: keys, and an empty repository": SHIPPED,
    "A new model": SHIPPED,
    "To more and more robots": "1.0.0",
    "Something is wrong": "1.1.0",
    "Every day": "1.1.0",
    "A key is lost or stolen": "1.1.0",
    "A robot without a network": "1.1.0",
}
"""What the robot runs once all commands below a heading were given."""


def commands() -> Iterator[tuple[str, str, int]]:
    """Heading, command and expected exit code of each line in a block of the page."""
    heading, inside = "", False
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            heading = line.lstrip("# ") if not inside else heading
        elif line.startswith("```"):
            inside = line == "```sh"
        elif inside:
            command, _, comment = line.partition("#")
            code = re.search(r"exit code (\d+)", comment)
            yield heading, command.strip(), int(code.group(1)) if code else 0


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A publisher's empty folder, two new versions, and a robot that is among the first five per cent."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("RAPPORT_KEY_PASSPHRASE", "correct horse battery")
    source = find_model(FACE, factory_models())
    for version in ("1.0.0", "1.1.0"):
        write_model(tmp_path / "models" / FACE, version, model_files(version, source))
    lucky = next(f"{number:032x}" for number in range(10_000) if bucket(f"{FACE}/1.0.0", f"{number:032x}") < 500)
    (tmp_path / "robot").mkdir()
    (tmp_path / "robot" / "device_id").write_text(lucky)
    (tmp_path / "public").mkdir()
    return tmp_path


def test_the_publishers_day_goes_as_the_page_says(place: Path, capsys: pytest.CaptureFixture[str]):
    store = Store(place / "robot", factory_models(), RealDisk(), time.time)
    runs: dict[str, str] = {}
    with nginx_over(place / "public", place / "nginx") as url:
        for heading, command, expected in commands():
            words = shlex.split(command.replace(ADDRESS, url))
            if words[0] == "rapport":
                code = main(words[1:])
                assert code == expected, (command, capsys.readouterr())
            else:
                subprocess.run(["bash", "-ec", command], check=True)
            if words[:3] == ["rapport", "models", "update"]:
                prove(store)
            runs[heading] = version_of(store.resolve(FACE).name)
    assert runs == RUNS_AFTER
    assert store.history_fault() == ""


def prove(store: Store) -> None:
    """What ten minutes of real use come to."""
    if store.read().slots(FACE).trial:
        store.resolve(FACE)
        store.keep(FACE)
