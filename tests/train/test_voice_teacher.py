"""What the teacher answered is kept part by part, and read as one."""

import numpy as np
import pytest

from tools.train import voice_teacher
from tools.train.paths import DataAbsentError


def test_parts_are_read_as_one_in_their_order(tmp_path):
    rng = np.random.default_rng(0)
    heard = {name: rng.normal(0, 1, (length, 4)) for name, length in (("a", 3), ("b", 5), ("c", 2))}
    voice_teacher._write(tmp_path / "part_000.npz", voice_teacher.gathered({n: heard[n] for n in ("a", "b")}))
    voice_teacher._write(tmp_path / "part_001.npz", voice_teacher.gathered({"c": heard["c"]}))
    taught = voice_teacher.load(tmp_path)
    assert list(taught.places) == ["a", "b", "c"]
    for name, frames in heard.items():
        assert taught.of(taught.places[name]) == pytest.approx(frames, abs=2e-3)
    told = taught.statistics()["b"]
    assert told == pytest.approx(np.concatenate([heard["b"].mean(axis=0), heard["b"].std(axis=0)]), abs=5e-3)


def test_no_part_at_all_says_how_to_make_them(tmp_path):
    with pytest.raises(DataAbsentError, match=r"run python -m tools\.train\.voice_teacher --out"):
        voice_teacher.load(tmp_path)
