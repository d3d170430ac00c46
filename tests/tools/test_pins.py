"""Every version is pinned, so that the same clone gives the same robot."""

import configparser
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def pins(name: str) -> dict[str, str]:
    lines = [line for line in (ROOT / name).read_text().splitlines() if line and not line.startswith("#")]
    pairs = [line.split("==") for line in lines]
    assert len({name for name, _ in pairs}) == len(pairs), f"{name} pins a package twice"
    return dict(pairs)


def requirements(extra: str | None) -> set[str]:
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    text = setup["options.extras_require"][extra] if extra else setup["options"]["install_requires"]
    names = (re.split(r"[;=<>\[ ]", line.strip())[0] for line in text.strip().splitlines())
    return {re.sub(r"[-_.]+", "-", name).lower() for name in names}


@pytest.mark.parametrize("extra", [None, "pi", "train", "dev"])
def test_every_requirement_has_its_version_in_the_constraints(extra):
    assert requirements(extra) - pins("constraints.txt").keys() == set()


@pytest.mark.parametrize("extra", [None, "tflite", "dev"])
def test_the_older_interpreter_has_constraints_of_its_own(extra):
    assert requirements(extra) - pins("constraints-tflite.txt").keys() == set()


def test_the_two_sets_of_constraints_differ_only_where_numpy_1_makes_them():
    newer, older = pins("constraints.txt"), pins("constraints-tflite.txt")
    assert {name for name in older if older[name] != newer.get(name)} == {"numpy", "ml-dtypes", "tflite-runtime"}
    assert older["numpy"].startswith("1.")
    assert newer["numpy"].startswith("2.")


def test_every_carrier_is_pinned_by_version_and_hash():
    text = re.sub(r"\s*\\\n\s*", " ", (ROOT / "carriers.txt").read_text())
    carriers = [line for line in text.splitlines() if line and not line.startswith("#")]
    assert carriers
    for carrier in carriers:
        assert re.fullmatch(r"[a-z0-9-]+==[0-9.]+( --hash=sha256:[0-9a-f]{64})+", carrier), carrier


@pytest.mark.parametrize("script", ["tools/setup", "tools/kiosk/release.sh"])
def test_a_carrier_is_taken_whatever_python_its_code_wants(script):
    lines = [line for line in (ROOT / script).read_text().splitlines() if "-r " in line and "carriers.txt" in line]
    assert lines
    assert all("--no-deps --ignore-requires-python --require-hashes" in line for line in lines)
