"""A folder with the real set-up scripts around a tiny project whose few packages lie beside it: no network needed."""

import base64
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

TOOLS = Path(__file__).resolve().parents[2] / "tools"

BACKEND = """
import os, pathlib, shutil, sys
sys.path.insert(0, str(pathlib.Path(__file__).parent))

def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    meeting = os.environ.get("MEETING")
    if meeting:
        with open(meeting, "w") as here:  # waits until the test reads, so that it knows that pip is at work
            here.write("building")
        with open(meeting + ".never") as never:
            never.read()
    wheel = next(pathlib.Path(os.environ["PIP_FIND_LINKS"]).glob("rapport_robot-*.whl"))
    shutil.copy(wheel, wheel_directory)
    return wheel.name
"""

PROGRAM = """
import sys

def main():
    print("started with", sys.argv[1:])
"""


def write_wheel(folder: Path, name: str, version: str, files: Mapping[str, str]) -> Path:
    """Write a wheel that holds `files`; paths beginning with `+` go into its metadata folder."""
    info = f"{name}-{version}.dist-info"
    contents = {path.replace("+", f"{info}/"): text for path, text in files.items()}
    contents[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n"
    contents[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    record = "".join(f"{path},{_record_hash(text)},{len(text.encode())}\n" for path, text in contents.items())
    contents[f"{info}/RECORD"] = record + f"{info}/RECORD,,\n"
    wheel = folder / f"{name}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in contents.items():
            archive.writestr(path, text)
    return wheel


def _record_hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256=" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


@dataclass
class House:
    """A folder to set up: `root` is the project, `wheels` all that pip can reach."""

    root: Path
    wheels: Path

    @property
    def path(self) -> Path:
        """A folder that comes first on the path."""
        return self.wheels.with_name("path")

    @property
    def venv(self) -> Path:
        """The environment that the set-up makes."""
        return self.root / ".venv"

    def environment(self, **changes: str) -> dict[str, str]:
        """What the scripts find in their environment: pip without an index, and this Python first."""
        kept = {name: os.environ[name] for name in ("HOME", "LANG", "TMPDIR") if name in os.environ}
        pip = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(self.wheels), "PIP_CONFIG_FILE": os.devnull}
        path = f"{self.path}:/usr/local/bin:/usr/bin:/bin"
        return kept | pip | {"PATH": path, "PIP_NO_CACHE_DIR": "1"} | changes

    def run(self, script: str, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """Run `tools/<script>` in the folder to its end."""
        return subprocess.run(
            ["bash", f"tools/{script}", *arguments],
            cwd=self.root,
            env=self.environment(**changes),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=400,
        )

    def python(self, code: str) -> str:
        """What the environment's own Python prints for `code`."""
        done = subprocess.run([self.venv / "bin" / "python", "-c", code], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    def files(self) -> dict[Path, int]:
        """Every file of the environment with the time it was last written."""
        return {path: path.lstat().st_mtime_ns for path in self.venv.rglob("*") if "__pycache__" not in path.parts}

    def whole(self) -> bool:
        """Whether everything that was to be installed can be imported, from nowhere but the environment."""
        modules = "tiny_robot, tiny_carrier, stand_in_setuptools"
        files = self.python(f"import {modules}; print(*[module.__file__ for module in ({modules})])").split()
        return all(Path(file).is_relative_to(self.venv) for file in files)


@pytest.fixture
def house(tmp_path: Path) -> House:
    """A project not yet set up, with a Python that fits first on the path."""
    house = House(tmp_path / "project", tmp_path / "wheels")
    (house.root / "tools").mkdir(parents=True)
    house.wheels.mkdir()
    for script in ("setup", "debian.sh", "simulate", "test"):
        shutil.copy(TOOLS / script, house.root / "tools" / script)
    write_wheel(house.wheels, "setuptools", "999.1", {"stand_in_setuptools.py": ""})
    write_wheel(
        house.wheels,
        "rapport_robot",
        "1.0",
        {"tiny_robot.py": PROGRAM, "+entry_points.txt": "[console_scripts]\nrapport = tiny_robot:main\n"},
    )
    carrier = write_wheel(house.wheels, "tiny_carrier", "1.0", {"tiny_carrier/__init__.py": ""})
    (house.root / "backend.py").write_text(BACKEND)
    (house.root / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
    )
    (house.root / "setup.cfg").write_text("[metadata]\nname = rapport-robot\n")
    (house.root / "constraints.txt").write_text("setuptools==999.1\n")
    digest = hashlib.sha256(carrier.read_bytes()).hexdigest()
    (house.root / "carriers.txt").write_text(f"tiny-carrier==1.0 --hash=sha256:{digest}\n")
    house.path.mkdir()
    (house.path / "python3").symlink_to(sys.executable)
    return house
