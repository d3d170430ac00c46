"""The second opinion on a sentence: its head, what it may not learn from, and what the page makes of answers."""

import importlib.util

import numpy as np
import pytest

pytest.importorskip("torch")

from robot.evaluation.metrics import softmax
from tools.train import voice_deep
from tools.train.float32_file import opened
from tools.train.voice_data import OPEN, Clip
from tools.train.voice_deep import answered, made_up, main, only_open
from tools.train.voice_deep_page import WAYS, Beside, added, page
from tools.train.voice_evaluate import Answered
from tools.train.voice_hardships import LEARNED, Hardships
from tools.train.voice_head import Head, Statistics, fit, learned
from tools.train.voice_heads import EVENT, OUTPUTS, TONE
from tools.train.voice_labels import EVENTS, TONES
from tools.train.voice_protocol import Run, speaker_runs


def clip(number: int, corpus: str, tone: str, event: str) -> Clip:
    kind = "speech" if tone else "burst"
    return Clip(f"{number}", corpus, f"p{number % 4}", "FM"[number % 2], "de", kind, tone, event, 1.0, 2.0)


def outputs(truth: np.ndarray, where: slice, right: float, seed: int) -> np.ndarray:
    """Rows of answers whose head `where` points at the truth in this share of them, else at its first name."""
    said = np.where(np.random.default_rng(seed).random(len(truth)) < right, truth, 0)
    rows = np.zeros((len(truth), OUTPUTS), np.float32)
    rows[:, where] = 4.0 * np.eye(where.stop - where.start)[said]
    return rows


def of(clips: list[Clip], clean: np.ndarray) -> Answered:
    nothing = np.full_like(clean, np.nan)
    rows = len(clips)
    return Answered(
        clips=clips, runs=np.zeros(rows, np.int64), clean=clean, real=clean, noisy=nothing, telephone=nothing,
        stable_s=np.full(rows, np.nan), noise=clean[:0], whine=clean[:0], silence=clean[:0],
    )  # fmt: skip


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


def test_every_clip_is_answered_by_a_head_that_never_heard_its_speaker() -> None:
    clips, clean, hard = made_up()
    found = answered(clips, speaker_runs(clips), Statistics(clean, hard), shown=False)
    assert {each.file for each in found.clips} == set(clean)
    spoken = found.where(lambda each: bool(each.tone))
    right = [
        TONES[place] == each.tone
        for place, each in zip(spoken.clean[:, TONE].argmax(axis=1), spoken.clips, strict=True)
    ]
    assert np.mean(right) > 0.9
    assert not np.isnan(found.noisy).any()


def test_what_is_held_out_changes_nothing_and_neither_does_a_noise_that_is() -> None:
    clips, clean, hard = made_up()
    held = np.array([each.speaker == "s0" for each in clips])
    noise = next(row for row, each in enumerate(clips) if each.kind == "noise")
    held[noise] = True
    heard = next(each.file for each in clips if each.speaker == "s1")
    noises = {way: hard.noises[way] | {heard: noise} for way in hard.noises}
    plain = learned(clips, held, Statistics(clean, Hardships(hard.statistics, noises))).weights

    def spoilt(files: list[str], of_hard: bool) -> np.ndarray:
        wrong = np.full_like(clean[heard], 50.0)
        ways = {w: hard.statistics[w] | dict.fromkeys(files, wrong) for w in LEARNED} if of_hard else {}
        told = clean if of_hard else clean | dict.fromkeys(files, wrong)
        return learned(clips, held, Statistics(told, Hardships(hard.statistics | ways, noises))).weights

    of_held = [each.file for each in clips if each.speaker == "s0"]
    np.testing.assert_array_equal(spoilt(of_held, of_hard=False), plain)
    np.testing.assert_array_equal(spoilt([*of_held, heard], of_hard=True), plain)
    assert np.abs(spoilt([heard], of_hard=False) - plain).max() > 0.001, "what is learned from does change it"


def test_for_the_open_model_everything_else_is_held_out() -> None:
    clips = [clip(0, "emodb", "sad", "none"), clip(1, "ravdess", "sad", "none")]
    (run,) = only_open(clips, [Run("all", np.zeros(2, np.bool_))])
    assert [corpus in OPEN for corpus in ("emodb", "ravdess")] == (~run.held).tolist()


@pytest.mark.skipif(importlib.util.find_spec("tensorflow") is None, reason="tensorflow absent")
def test_the_file_answers_as_the_head_does() -> None:
    rng = np.random.default_rng(3)
    head = Head(rng.normal(0, 1, (13, EVENT.stop)).astype(np.float32))
    statistics = rng.normal(0, 2, (5, 12)).astype(np.float32)
    file = opened(head.file())
    assert (file.dtype, file.input.shape, file.output.shape) == ("float32", (1, 12), (1, EVENT.stop))
    np.testing.assert_allclose(file.answer(statistics), head.answers(statistics)[:, : EVENT.stop], atol=1e-4)


def test_the_page_has_each_way_beside_the_others_and_leaves_out_what_nobody_said() -> None:
    tones, events = ("angry", "happy"), ("laugh", "cry", "scream", "sigh")
    clips = [clip(number, "emodb", tones[number % 2], "none") for number in range(80)]
    clips += [clip(number, "emogator", "", events[number % 4]) for number in range(80)]
    tone = np.array([TONES.index(each.tone) if each.tone else 0 for each in clips])
    event = np.array([EVENTS.index(each.event) for each in clips])
    small, head = (
        of(clips, outputs(tone, TONE, right, seed) + outputs(event, EVENT, right, 7 + seed))
        for seed, right in enumerate((0.5, 0.8))
    )
    both = of(clips, small.clean + head.clean)
    text = page(Beside(dict(zip(WAYS, (small, head, both), strict=True)), None))
    rows = {line.split("|")[2].strip(): line for line in text.splitlines() if line.startswith("| unweighted recall |")}
    assert "emogator, laugh, cry, scream, sigh, held-out speakers, whole clips" in text
    assert not any(
        word in text for word in ("ravdess", "never heard, whole", "recall lost", "calibration error", "nan")
    )
    own = rows["emodb, 2 tones, held-out speakers, whole clips"]
    first, second, third = (float(cell.split("%")[0]) for cell in own.split("|")[3:6])
    assert first < second <= third + 15


def test_joined_are_log_probabilities_not_logits() -> None:
    one, other = np.zeros((1, OUTPUTS), np.float32), np.zeros((1, OUTPUTS), np.float32)
    one[0, 0], other[0, 1] = 100.0, 3.0
    shares = softmax(added(one, other + 500.0)[:, TONE].astype(np.float64), 1.0)
    assert shares[0, 0] == pytest.approx(1.0, abs=1e-3)
    assert added(one, other)[0, EVENT] == pytest.approx(2 * np.log(0.2), abs=1e-4)


@pytest.mark.parametrize("given", [[], ["--teacher", "nowhere", "--hardships", "nowhere"]])
def test_without_what_was_heard_it_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path, capsys, given) -> None:
    monkeypatch.setenv("RAPPORT_DATA", str(tmp_path))
    assert main([*given, "--out", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert voice_deep.__doc__
