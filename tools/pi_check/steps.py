"""What is done in an emulated Pi, step by step, each judged by what it printed and not only by its exit code."""

import shutil
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from tools.pi_check.judge import data
from tools.pi_check.plan import CLONE, all_steps
from tools.pi_check.root import Root, package_folders

REPOSITORY = Path(__file__).resolve().parents[2]
TAIL = 12
"""Lines of each step's output that the log keeps."""

Tell = Callable[[str], None]


class Check(msgspec.Struct, frozen=True):
    """One step in one root: what was to hold, whether it did, what was found, and how long it took (wall, emulated)."""

    suite: str
    name: str
    ok: bool
    found: str
    took_s: float
    data: dict[str, object] = {}


def check_root(root: Root, clip: Path, answers: Path, tell: Tell) -> Iterator[Check]:
    """Bring the sources into `root`, install, compare, live, uninstall; later steps run whatever earlier ones gave."""
    _bring_sources(root)
    for path in (clip, answers):
        shutil.copyfile(path, root.folder / "root" / path.name)
    for step in all_steps(clip.name, answers.name):
        tell(f"{root.suite}: {step.name} ...")
        started_s = time.monotonic()
        done = root.run(list(step.command))
        took_s = time.monotonic() - started_s
        finding = step.judge(done.stdout, done.returncode)
        for line in _worth_keeping(done.stdout)[-TAIL:]:
            tell(f"    {line}")
        check = Check(
            root.suite,
            step.name,
            not finding.startswith("!"),
            finding.lstrip("!"),
            round(took_s, 1),
            data(done.stdout),
        )
        tell(f"{root.suite}: {step.name}: {'ok' if check.ok else 'FAILED'}, {check.found} ({check.took_s:.0f} s)")
        yield check


def _worth_keeping(said: str) -> list[str]:
    """The lines that say something of the robot: not where this computer has its packages from."""
    places = [str(path) for path in package_folders()]
    return [line[:300] for line in said.splitlines() if not any(place in line for place in places) and line.strip()]


def _bring_sources(root: Root) -> None:
    listing = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    names = subprocess.run(listing, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout.split("\0")
    # What an earlier run left in a root that is kept.
    for left in ("opt/rapport", "etc/rapport", "var/lib/rapport"):
        shutil.rmtree(root.folder / left, ignore_errors=True)
    place = root.folder / CLONE.lstrip("/")
    shutil.rmtree(place, ignore_errors=True)
    for name in filter(None, names):
        if (REPOSITORY / name).is_file():
            (place / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / name, place / name)
