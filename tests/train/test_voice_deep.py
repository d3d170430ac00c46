"""The second opinion on a sentence: its fit, and what the page makes of answers made up by hand."""

import numpy as np
import pytest

pytest.importorskip("torch")

from tools.train.voice_data import Clip
from tools.train.voice_deep import WAYS, Opinions, fit, main, page
from tools.train.voice_labels import EVENTS, TONES


def clip(number: int, corpus: str, tone: str, event: str) -> Clip:
    kind = "speech" if tone else "burst"
    return Clip(f"{number}", corpus, f"p{number % 4}", "F", "de", kind, tone, event, 1.0, 2.0)


def logs(truth: np.ndarray, kinds: int, right: float, seed: int) -> np.ndarray:
    """Log probabilities (n, kinds) that point at the truth in this share of the rows, else at the first kind."""
    rng = np.random.default_rng(seed)
    said = np.where(rng.random(len(truth)) < right, truth, 0)
    return np.asarray(np.log(np.eye(kinds)[said] * 0.9 + 0.1 / kinds))


def made_up() -> Opinions:
    tones, events = ("angry", "happy"), ("laugh", "cry", "scream", "sigh")
    clips = [clip(number, "emodb", tones[number % 2], "none") for number in range(80)]
    clips += [clip(number, "emogator", "", events[number % 4]) for number in range(80)]
    tone = np.array([TONES.index(each.tone) if each.tone else 0 for each in clips])
    event = np.array([EVENTS.index(each.event) for each in clips])
    of_tone = [logs(tone, len(TONES), right, seed) for seed, right in enumerate((0.5, 0.8))]
    of_event = [logs(event, len(EVENTS), right, 7 + seed) for seed, right in enumerate((0.5, 0.8))]
    return Opinions(
        clips,
        dict(zip(WAYS, (*of_tone, sum(of_tone)), strict=True)),
        dict(zip(WAYS, (*of_event, sum(of_event)), strict=True)),
    )


def test_a_head_learns_what_the_features_tell_and_each_row_counts_by_its_chance() -> None:
    rng = np.random.default_rng(1)
    labels = rng.integers(0, 3, 600)
    features = (np.eye(3)[labels] * 2 + rng.normal(0, 0.5, (600, 3))).astype(np.float32)
    everything = np.ones((600, 3), np.bool_)
    weights = fit(features, labels, np.ones(600), 3, everything)
    said = (np.concatenate([features, np.ones((600, 1))], axis=1) @ weights).argmax(axis=1)
    assert (said == labels).mean() > 0.95
    alone = fit(features, labels, (labels == 2).astype(np.float64), 3, everything)
    assert ((np.concatenate([features, np.ones((600, 1))], axis=1) @ alone).argmax(axis=1) == 2).all()


def test_the_page_has_each_way_beside_the_others_and_leaves_out_what_nobody_said() -> None:
    rows = {line.split("|")[1].strip(): line for line in page(made_up(), None).splitlines() if line.startswith("| ")}
    assert "emodb, 2 tones, unseen speakers" in rows
    assert "emogator, 4 events, unseen people" in rows
    assert not any("ravdess" in what or "never heard" in what for what in rows)
    small, head, both = (float(cell.split("%")[0]) for cell in rows["emodb, 2 tones, unseen speakers"].split("|")[2:5])
    assert small < head <= both + 15


def test_without_the_data_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path, capsys) -> None:
    monkeypatch.setenv("RAPPORT_DATA", str(tmp_path))
    assert main(["--voice-run", str(tmp_path), "--teacher", str(tmp_path)]) == 2
    assert "data absent" in capsys.readouterr().err
