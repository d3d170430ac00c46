"""Figures of seeds, gathered over runs: none is lost, and those of another recipe are not mixed in."""

import json

import numpy as np
import pytest

from tools.train import voice_protocol, voice_seeds
from tools.train.voice_answers import RunAnswers
from tools.train.voice_data import Clip
from tools.train.voice_heads import OUTPUTS
from tools.train.voice_labels import TONES
from tools.train.voice_seeds import OtherRecipe, joined, page, seeds_of

HERE = ("neutral", "happy", "sad", "angry")
CLIPS = [
    Clip(f"{i}", "emodb", f"s{i // 4 % 8}", "FM"[i // 4 % 2], "de", "speech", HERE[i % 4], "none", 1.0, 2.0)
    for i in range(64)
]


def figure(value: float, name: str = "unweighted_recall") -> dict:
    return {"name": name, "data": "emodb", "file": "int8", "value": value}


def answer(folder, runs) -> None:
    for run in runs:
        rows = np.flatnonzero(run.held)
        said = np.zeros((len(rows), OUTPUTS), np.float32)
        said[np.arange(len(rows)), [TONES.index(CLIPS[row].tone) for row in rows]] = 4.0
        quiet = np.zeros((2, OUTPUTS), np.float32)
        (folder / run.name).mkdir(parents=True)
        RunAnswers(
            rows=rows, clean=said, real=said, noisy=said, telephone=said, stable_s=np.full(len(rows), 0.8),
            noise=quiet, whine=quiet, silence=quiet,
        ).write(folder / run.name / "answers.npz")  # fmt: skip


def test_only_seeds_whose_runs_are_all_there_count(tmp_path):
    runs = voice_protocol.figure_runs(CLIPS, only_open=True)
    answer(tmp_path / "seed0", runs)
    answer(tmp_path / "seed1", runs[:-1])
    found = seeds_of(tmp_path, CLIPS, only_open=True)
    assert list(found) == ["0"]
    assert next(f["value"] for f in found["0"] if f["name"] == "unweighted_recall") == 1.0


def test_a_later_seed_is_added_and_the_same_one_replaced(tmp_path):
    path = tmp_path / "seeds.json"
    path.write_text(json.dumps(joined(path, {"epochs": 20}, {"1": [figure(0.6)]})))
    held = joined(path, {"epochs": 20}, {"0": [figure(0.5)], "1": [figure(0.7)]})
    assert list(held["seeds"]) == ["0", "1"]
    assert held["seeds"]["1"][0]["value"] == 0.7


def test_figures_of_another_recipe_are_refused_with_what_to_do(tmp_path):
    path = tmp_path / "seeds.json"
    path.write_text(json.dumps(joined(path, {"epochs": 20}, {"0": [figure(0.5)]})))
    with pytest.raises(OtherRecipe, match="another recipe; delete it or name another file"):
        joined(path, {"epochs": 30}, {"1": [figure(0.5)]})


def test_the_page_has_mean_spread_and_each_seed():
    text = page("voice_tone", {"seeds": {"0": [figure(0.5)], "1": [figure(0.7), figure(0.1, "calibration_error")]}})
    assert "| unweighted recall | emodb | int8 | 60.0% | 10.0% | 50.0% | 70.0% |" in text
    assert "| calibration error | emodb | int8 | 10.0% | 0.0% | - | 10.0% |" in text


def test_a_run_without_a_complete_seed_is_one_clear_line(tmp_path, monkeypatch, capsys):
    pytest.importorskip("torch", reason="PyTorch is absent (install the train extra)")
    monkeypatch.setattr(voice_seeds.voice_data, "read_list", lambda root, *, only_open: CLIPS)
    (tmp_path / "voice").mkdir()
    (tmp_path / "voice" / "voice.csv").touch()
    assert voice_seeds.main([str(tmp_path), str(tmp_path / "f.json"), "--data", str(tmp_path)]) == 2
    assert "no seed is complete" in capsys.readouterr().err
