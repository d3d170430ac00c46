"""Below the feelings rung, and in workplace and school, the feelings models are never read: watched as files open."""

import subprocess
import sys
from pathlib import Path

import pytest

from robot.simulator.sample_scene import SAMPLE_FOLDER

FEELINGS = ("face_expression", "voice_tone")
SEES_AND_HEARS = [
    *("--camera", f"file:{SAMPLE_FOLDER / 'portrait.jpg'}"),
    *("--microphone", f"file:{SAMPLE_FOLDER / 'speech.ogg'}"),
    *("--pace", "max", "--duration", "2"),
]
WATCHED_RUN = """
import sys
opened = set()
def watch(event, arguments):
    if event == "open" and not isinstance(arguments[0], int):
        opened.add(str(arguments[0]))
sys.addaudithook(watch)
from robot.cli.main import main
code = main(sys.argv[1:])
print("\\n".join(sorted("OPENED " + path for path in opened)))
raise SystemExit(code)
"""


def models_read(tmp_path: Path, *options: str) -> set[str]:
    """Which feelings models a whole run of two seconds opened a file of."""
    config = tmp_path / "quiet.toml"
    config.write_text('[voice]\nengine = "chirps"\n', encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-c", WATCHED_RUN, "run", *SEES_AND_HEARS, "--config", str(config), *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    opened = [line.removeprefix("OPENED ") for line in done.stdout.splitlines() if line.startswith("OPENED ")]
    assert any("portrait.jpg" in path for path in opened) or "off" in options, "the hook sees what is opened"
    return {name for path in opened for name in FEELINGS if name in path and not path.endswith((".py", ".pyc"))}


@pytest.mark.parametrize(
    "options",
    [
        ("--place", "workplace"),
        ("--place", "school"),
        ("--place", "school", "--consent", "remember"),
        ("--consent", "presence"),
        ("--consent", "off"),
    ],
    ids=" ".join,
)
def test_where_feelings_may_not_be_read_their_models_are_never_opened(tmp_path: Path, options: tuple[str, ...]) -> None:
    assert models_read(tmp_path, *options) == set()


@pytest.mark.parametrize("place", ["home", "public"])
def test_where_they_may_both_models_are_opened(tmp_path: Path, place: str) -> None:
    """Without this the test above would hold for a hook that sees nothing."""
    assert models_read(tmp_path, "--place", place) == set(FEELINGS)
