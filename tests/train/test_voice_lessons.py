"""What the teacher says of clips: only of people that it was not fitted on."""

import numpy as np
import pytest

pytest.importorskip("torch", reason="PyTorch is absent (install the train extra)")

from tools.train import voice_lessons
from tools.train.voice_data import CORPORA, Clip
from tools.train.voice_labels import EVENTS, TONES
from tools.train.voice_subjects import EVENT_COLUMNS


def clips(speakers: int = 8, agreement: float = 1.0) -> list[Clip]:
    return [
        Clip(f"{s}{tone}{i}", "emodb", f"s{s}", "F", "de", "speech", tone, "none", agreement, 1.0)
        for s in range(speakers)
        for tone in ("happy", "sad")
        for i in range(4)
    ]


def told_by(mine, shift=2.0, noise=0.5):
    rng = np.random.default_rng(0)
    return {c.file: rng.normal(shift * (c.tone == "sad"), noise, 60).astype(np.float32) for c in mine}


def test_a_regression_tells_apart_what_can_be_told_apart():
    rng = np.random.default_rng(1)
    labels = np.arange(200) % 2
    x = (rng.normal(0, 1, (200, 6)) + labels[:, None]).astype(np.float32)
    weights = voice_lessons.fit_logistic(x, labels, 2)
    said = voice_lessons.shares(x, weights)
    np.testing.assert_allclose(said.sum(axis=1), 1.0, rtol=1e-5)
    assert (said.argmax(axis=1) == labels).mean() > 0.9


def test_lessons_sum_to_one_and_hold_only_the_tones_of_the_corpus():
    mine = clips()
    found = voice_lessons.lessons(mine, told_by(mine), 0.5)
    np.testing.assert_allclose(found.tones.sum(axis=1), 1.0, rtol=1e-5)
    assert set(np.flatnonzero(found.possible.any(axis=0))) == {TONES.index("happy"), TONES.index("sad")}
    assert np.all(found.tones[~found.possible] == 0)


def test_a_label_that_listeners_doubt_is_softer():
    sure, doubted = (voice_lessons.lessons(clips(agreement=a), {}, 0.0).tones.max(axis=1) for a in (1.0, 0.8))
    assert sure.min() > doubted.max()


def test_the_teacher_softens_a_clip_that_sounds_like_another_tone():
    mine = clips()
    features = told_by(mine)
    features[mine[0].file] = features[mine[4].file]
    found = voice_lessons.lessons(mine, features, 0.5).tones
    assert found[0, TONES.index("happy")] < found[1, TONES.index("happy")] - 0.2


def test_a_clip_that_the_teacher_has_not_heard_is_learned_from_its_label_alone():
    mine = clips()
    features = told_by(mine)
    del features[mine[3].file]
    found = voice_lessons.lessons(mine, features, 0.5)
    assert np.isnan(found.opinions[3]).all()
    assert (~np.isnan(found.opinions[2])).sum() == 2
    assert found.tones[3].max() == pytest.approx(0.975)


def test_without_a_teacher_there_are_no_opinions():
    assert np.isnan(voice_lessons.lessons(clips(), {}, 0.5).opinions).all()


def test_speech_without_a_tone_has_the_opinions_of_every_teacher_and_nothing_to_aim_at():
    mine = [*clips(), Clip("x", "deeply_korean", "k", "F", "ko", "speech", "", "none", 1.0, 1.0)]
    features = told_by(mine)
    features["x"] = features[mine[4].file]
    found = voice_lessons.lessons(mine, features, 0.5)
    assert found.tones[-1].sum() == 0
    sad = CORPORA.index("emodb") * len(TONES) + TONES.index("sad")
    assert found.opinions[-1, sad] > 0.5


def test_a_burst_is_aimed_at_what_its_label_and_the_teacher_of_events_say():
    bursts = [
        Clip(f"b{s}{event}{i}", "emogator", f"b{s}", "", "", "burst", "", event, 1.0, 1.0)
        for s in range(8)
        for event in ("laugh", "sigh")
        for i in range(4)
    ]
    rng = np.random.default_rng(3)
    features = {c.file: rng.normal(2.0 * (c.event == "sigh"), 0.5, 60).astype(np.float32) for c in bursts}
    features[bursts[0].file] = features[bursts[4].file]
    found = voice_lessons.lessons(bursts, features, 0.5)
    np.testing.assert_allclose(found.events.sum(axis=1), 1.0, rtol=1e-5)
    assert found.tones.sum() == 0
    laugh = EVENTS.index("laugh")
    assert found.events[0, laugh] < found.events[1, laugh] - 0.2
    assert found.opinions[4, EVENT_COLUMNS + EVENTS.index("sigh")] > 0.5


def test_speech_is_no_event_whatever_the_teacher_of_events_says():
    assert (voice_lessons.lessons(clips(), told_by(clips()), 0.5).events[:, EVENTS.index("none")] == 1).all()
