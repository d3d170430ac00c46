"""What teachers are asked to tell apart: each corpus's tones, and the events of bursts."""

import numpy as np

from tools.train.voice_data import CORPORA, Clip
from tools.train.voice_labels import EVENTS, TONES
from tools.train.voice_subjects import EVENT_COLUMNS, subjects


def speech(corpus: str, tone: str) -> Clip:
    return Clip(f"{corpus} {tone}", corpus, "s", "F", "de", "speech", tone, "none", 1.0, 1.0)


def burst(event: str) -> Clip:
    return Clip(event, "emogator", "s", "", "", "burst", "", event, 1.0, 1.0)


NEMO_SAD, NEMO_HAPPY, EMODB_SAD = speech("nemo", "sad"), speech("nemo", "happy"), speech("emodb", "sad")
CLIPS = [NEMO_SAD, burst("sigh"), NEMO_HAPPY, burst("laugh"), burst(""), EMODB_SAD]


def test_a_corpus_s_tones_and_the_events_are_a_subject_each():
    tones, events = subjects(CLIPS, np.ones(len(CLIPS), np.bool_))
    assert tones.names == ("happy", "sad")
    assert tones.rows.tolist() == [0, 2]
    assert tones.labels.tolist() == [1, 0]
    first = CORPORA.index("nemo") * len(TONES)
    assert tones.columns == (first + TONES.index("happy"), first + TONES.index("sad"))
    assert events.of_events
    assert not tones.of_events
    assert events.rows.tolist() == [1, 3]
    assert events.columns == (EVENT_COLUMNS + EVENTS.index("laugh"), EVENT_COLUMNS + EVENTS.index("sigh"))


def test_speech_is_no_burst_and_one_tone_alone_is_nothing_to_tell_apart():
    assert subjects([NEMO_SAD, EMODB_SAD], np.ones(2, np.bool_)) == []


def test_clips_that_no_teacher_heard_are_left_out():
    heard = np.array([clip.event != "sigh" for clip in CLIPS])
    assert [subject.names for subject in subjects(CLIPS, heard)] == [("happy", "sad")]
