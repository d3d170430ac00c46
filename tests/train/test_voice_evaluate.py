"""Figures on speakers, noises and corpora that were held out."""

from dataclasses import replace

import numpy as np
import pytest

from tools.train import voice_evaluate, voice_figures
from tools.train.voice_answers import BY_CLIP, RunAnswers
from tools.train.voice_data import Clip
from tools.train.voice_evaluate import Answered
from tools.train.voice_heads import EVENT, OUTPUTS, QUALITY, TONE
from tools.train.voice_labels import EVENTS, TONES
from tools.train.voice_protocol import Run

TONES_HERE = ("neutral", "bored", "happy", "sad", "angry")


def outputs(tones: list[str], events: list[str] | None = None) -> np.ndarray:
    rows = np.zeros((len(tones), OUTPUTS), np.float32)
    rows[np.arange(len(tones)), [TONES.index(tone) for tone in tones]] = 4.0
    for row, event in enumerate(events or ["none"] * len(tones)):
        rows[row, EVENT.start + EVENTS.index(event)] = 4.0
    rows[:, QUALITY] = 3.0
    return rows


def answered(corpus: str = "emodb", wrong: int = 0, wrongly: str = "disgust") -> Answered:
    clips = [
        Clip(f"{i}", corpus, f"s{i % 8}", "FM"[i % 2], "de", "speech", TONES_HERE[i // 8 % 5], "none", 1.0, 2.0)
        for i in range(80)
    ]
    said = outputs([clip.tone for clip in clips])
    said[:wrong] = outputs([wrongly] * wrong)
    quiet = outputs(["happy"] * 4)
    return Answered(
        clips=clips, runs=np.arange(80) % 8, clean=said, real=said, noisy=said.copy(), telephone=said.copy(),
        stable_s=np.full(80, 0.8), noise=quiet, whine=quiet, silence=quiet,
    )  # fmt: skip


def named(found, name, data, file="int8"):
    (figure,) = [f for f in found if f.name == name and data in f.data and f.file == file]
    return figure.measured


def test_right_answers_are_all_right():
    found = voice_evaluate.speaker_figures(answered())
    assert named(found, "unweighted_recall", "emodb, 5 tones").value == 1.0
    assert named(found, "unweighted_recall", "emodb, 4 tones").value == 1.0
    assert named(found, "gap_between_women_and_men", "emodb").value == 0.0
    assert named(found, "calibration_error", "4 tones").value < 0.02


def test_a_tone_that_the_corpus_does_not_have_is_no_answer():
    found = voice_evaluate.speaker_figures(answered(wrong=16))
    # Without "disgust" among the corpus's tones the first of the equal rest is taken.
    assert 0.4 < named(found, "unweighted_recall", "emodb, 5 tones").value < 1.0


def test_a_calm_or_bored_answer_counts_as_neutral_among_the_four_tones():
    one = voice_figures.coarse(outputs(["bored", "calm", "neutral", "sad"]))
    assert one.argmax(axis=1).tolist() == [0, 0, 0, 2]
    np.testing.assert_allclose(one.sum(axis=1), 1.0)


def test_what_noise_takes_is_told_in_points():
    held = answered()
    held.noisy[:, TONE] = 0.0
    held.noisy[:, TONES.index("happy")] = 4.0
    found = voice_evaluate.speaker_figures(held)
    assert named(found, "recall_lost", "noise at 10 dB").value == pytest.approx(0.8)
    assert named(found, "recall_lost", "telephone").value == 0.0


def test_clips_that_were_not_heard_in_noise_are_left_out_of_that_figure():
    held = answered()
    held.noisy[:] = np.nan
    found = voice_evaluate.speaker_figures(held)
    assert not [f for f in found if f.name == "recall_lost" and "noise" in f.data]


def test_events_are_measured_on_bursts_and_speech_must_be_none_of_them():
    held = answered()
    events = ["laugh", "cry", "scream", "sigh"] * 2
    bursts = [Clip(f"b{i}", "emogator", f"b{i}", "", "", "burst", "", name, 1.0, 1.0) for i, name in enumerate(events)]
    said = outputs(["happy"] * 8, ["laugh"] * 8)
    nothing = np.full_like(said, np.nan)
    both = replace(
        held,
        clips=[*held.clips, *bursts],
        runs=np.concatenate([held.runs, np.zeros(8, np.int64)]),
        clean=np.concatenate([held.clean, said]),
        real=np.concatenate([held.real, said]),
        noisy=np.concatenate([held.noisy, nothing]),
        telephone=np.concatenate([held.telephone, nothing]),
        stable_s=np.concatenate([held.stable_s, np.full(8, np.nan)]),
    )
    found = voice_evaluate.speaker_figures(both)
    assert named(found, "event_recall", "emogator").value == pytest.approx(0.25)
    assert named(found, "speech_taken_for_an_event", "held-out").value == 0.0


def test_noise_is_called_a_feeling_only_where_the_model_would_commit_itself():
    held = answered()
    for threshold, quality, share in ((0.5, 0.0, 1.0), (0.99, 0.0, 0.0), (0.5, 0.99, 0.0)):
        found = voice_evaluate.false_feelings(held, 1.0, threshold, quality)
        assert {figure.measured.value for figure in found} == {share}
    calm = replace(held, noise=outputs(["calm"] * 4))
    assert named(voice_evaluate.false_feelings(calm, 1.0, 0.5, 0.0), "called_a_feeling", "noise").value == 0.0


def test_the_temperature_makes_answers_that_are_often_wrong_less_sure():
    doubtful = answered(wrong=32, wrongly="angry")
    assert voice_evaluate.temperature(doubtful) > 2 * voice_evaluate.temperature(answered())


def test_a_label_that_comes_late_is_no_early_one():
    held = answered()
    held.stable_s[:20] = 1.6
    assert voice_evaluate.stable_figure(held).measured.value == pytest.approx(0.75)
    assert voice_evaluate.median_stable_s(held) == pytest.approx(0.8)


def test_every_clip_is_answered_by_the_first_run_that_did_not_hear_it(tmp_path):
    clips = answered().clips[:4]
    runs = [Run("a", np.array([True, True, False, False])), Run("b", np.array([False, True, True, True]))]
    for number, (run, rows) in enumerate(zip(runs, ([0, 1], [1, 2, 3]), strict=True)):
        (tmp_path / run.name).mkdir()
        said = np.full((len(rows), OUTPUTS), float(number), np.float32)
        empty = said[:0]
        answers = RunAnswers(
            rows=np.array(rows), clean=said, real=said, noisy=said, telephone=said, stable_s=said[:, 0],
            noise=empty, whine=empty, silence=empty,
        )  # fmt: skip
        answers.write(tmp_path / run.name / "answers.npz")
    found = voice_evaluate.gathered(clips, runs, tmp_path)
    assert found.runs.tolist() == [0, 0, 1, 1]
    assert found.clean[:, 0].tolist() == [0.0, 0.0, 1.0, 1.0]
    assert voice_evaluate.gathered(clips, runs, tmp_path / "nowhere") is None


def test_each_fold_of_speakers_has_its_recall():
    held = answered(wrong=80)
    first = held.runs == 0
    held.clean[first] = answered().clean[first]
    folds = voice_evaluate.recall_of_folds(held, "emodb")
    assert folds[0] == 1.0
    assert len(folds) == 8
    assert max(folds[1:]) < 0.5


def test_a_corpus_never_heard_counts_as_much_as_another_in_their_mean():
    small, large = answered("emodb"), answered("nemo", wrong=80)
    few = small.of(np.isin(np.arange(80), [*range(8), *range(16, 40)]))
    each = {name: np.concatenate([getattr(few, name), getattr(large, name)]) for name in ("runs", *BY_CLIP)}
    both = replace(few, clips=[*few.clips, *large.clips], **each)
    found = voice_evaluate.corpus_figures(both)
    recalls = [named(found, "unweighted_recall", f"{corpus}, 4 tones").value for corpus in ("emodb", "nemo")]
    assert recalls[0] == 1.0
    assert named(found, "unweighted_recall_mean_of_corpora", "never heard").value == pytest.approx(np.mean(recalls))
