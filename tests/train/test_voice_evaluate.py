"""Figures on speakers that were held out."""

from dataclasses import replace

import numpy as np
import pytest

from tools.train import voice_card, voice_evaluate
from tools.train.voice_evaluate import HeldOut


def held_out(right: float = 0.7, rows: int = 400) -> HeldOut:
    rng = np.random.default_rng(0)
    truth = np.arange(rows) % 4
    said = np.where(rng.random(rows) < right, truth, rng.integers(0, 4, rows))
    logits = np.eye(4, dtype=np.float32)[said] * 3
    speakers = np.array([f"s{i // 40}" for i in range(rows)])
    corpora = np.where(np.arange(rows) < 40, "small", "large")
    folds, speech_s = np.arange(rows) // 200, np.full(rows, 2.0)
    return HeldOut(truth, folds, speakers, corpora, logits, logits, logits[:, ::-1], logits, speech_s)


def named(found, name, data="held-out speakers, 2 s windows", file="int8"):
    (figure,) = [f for f in found if (f.name, f.data, f.file) == (name, data, file)]
    return figure.measured


def test_recall_is_that_of_the_answers_and_lies_in_its_interval():
    found = named(voice_evaluate.figures(held_out(1.0)), "unweighted_recall")
    assert found.value == found.low == found.high == 1.0
    some = named(voice_evaluate.figures(held_out(0.6)), "unweighted_recall")
    assert some.low <= some.value <= some.high


def test_noise_and_float_are_measured_on_their_own_answers():
    found = voice_evaluate.figures(held_out(1.0))
    assert named(found, "unweighted_recall", "held-out speakers, 2 s windows, noise at 10 dB").value == 0.0
    assert named(found, "unweighted_recall", file="float32").value == 1.0


def test_each_corpus_counts_the_same_in_their_mean():
    held = held_out(1.0)
    wrong = held.logits.copy()
    wrong[held.corpora == "small"] = wrong[held.corpora == "small"][:, ::-1]
    half = replace(held, logits=wrong)
    found = voice_evaluate.figures(half)
    assert named(found, "unweighted_recall_mean_of_corpora").value == pytest.approx(0.5)
    assert named(found, "unweighted_recall").value == pytest.approx(0.9)


def test_whole_clips_and_the_folds_not_chosen_on_are_told_apart_from_windows():
    held = held_out(1.0)
    wrong = held.logits[:, ::-1]
    found = voice_evaluate.figures(replace(held, clip_logits=wrong))
    assert named(found, "unweighted_recall").value == 1.0
    assert named(found, "unweighted_recall", "held-out speakers, whole clips").value == 0.0
    rest = named(found, "unweighted_recall", "without fold 0, held-out speakers, 2 s windows")
    assert (rest.value, rest.rows) == (1.0, 200)


def test_what_the_robot_would_judge_is_told_apart_from_single_words():
    held = held_out(1.0)
    short = np.arange(len(held.truth)) < 100
    wrong = np.where(short[:, None], held.logits[:, ::-1], held.logits)
    found = voice_evaluate.figures(replace(held, logits=wrong, speech_s=np.where(short, 0.4, 2.0)))
    judged = named(found, "unweighted_recall", "with 1 s of speech or more, held-out speakers, 2 s windows")
    assert (judged.value, judged.rows) == (1.0, 300)
    assert named(found, "unweighted_recall").value == pytest.approx(0.75)


def test_probabilities_of_a_fold_use_the_temperature_of_the_others():
    held = held_out()
    sharper = np.where((held.folds == 0)[:, None], held.logits * 10, held.logits).astype(np.float32)
    other = replace(held, logits=sharper)
    np.testing.assert_allclose(held.probabilities()[held.folds == 1].sum(axis=1), 1.0)
    assert not np.allclose(held.probabilities()[held.folds == 1], other.probabilities()[held.folds == 1])


def test_the_card_says_the_terms_and_how_many_speakers_were_heard():
    held = held_out()
    text = voice_card.write(
        "voice_tone 9.9.9", held, voice_evaluate.figures(held), "Not for sale.", clips=1, people=2, folds=5
    )
    assert text.startswith("# voice_tone 9.9.9\n")
    assert "Not for sale." in text
    assert "with 10 reported speakers" in text
