"""Logits become probabilities that mean something, and a place on the circumplex."""

import json
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from robot.inference.classify import percept, probabilities
from robot.inference.manifest import parse_manifest

PATH = Path(__file__).resolve().parent / "data" / "stripes" / "1.0.0" / "manifest.json"
MANIFEST = parse_manifest(PATH.read_bytes(), str(PATH))


def logits_for(*shares: float) -> np.ndarray:
    """Logits which the manifest's temperature turns back into these shares."""
    return (np.log(np.array(shares)) * MANIFEST.temperature).astype(np.float32)


def test_a_clear_answer_is_sure_and_lies_where_its_label_lies():
    seen = percept(logits_for(0.98, 0.01, 0.01), MANIFEST, 0.7)

    assert (seen.label, seen.unsure, seen.quality) == ("horizontal", False, 0.7)
    assert seen.confidence == pytest.approx(0.98, abs=1e-4)
    assert seen.valence == pytest.approx(0.98 * 0.8 - 0.01 * 0.6, abs=1e-4)
    assert seen.arousal == pytest.approx(0.98 * 0.4 + 0.01 * 0.7, abs=1e-4)


def test_an_answer_below_the_threshold_is_unsure():
    assert percept(logits_for(0.4, 0.35, 0.25), MANIFEST, 1.0).unsure
    assert not percept(logits_for(0.6, 0.3, 0.1), MANIFEST, 1.0).unsure


def test_a_higher_temperature_doubts_more_but_does_not_change_its_mind():
    logits = np.array([2.0, 1.0, -1.0], np.float32)
    cold, warm = probabilities(logits, 0.5), probabilities(logits, 3.0)

    assert cold.argmax() == warm.argmax() == 0
    assert cold.max() > warm.max()


@given(hnp.arrays(np.float32, st.integers(2, 10), elements=st.floats(-1e4, 1e4, width=32)), st.floats(0.05, 20))
def test_probabilities_are_probabilities_whatever_the_logits(logits, temperature):
    shares = probabilities(logits, temperature)

    assert np.isfinite(shares).all()
    assert (shares >= 0).all()
    assert shares.sum() == pytest.approx(1.0)


def test_the_same_logits_give_the_same_words():
    logits = np.array([0.3, 0.2, 0.1], np.float32)

    assert percept(logits, MANIFEST, 0.5) == percept(logits.copy(), MANIFEST, 0.5)
    assert json.loads(json.dumps(percept(logits, MANIFEST, 0.5).probabilities)).keys() == set(MANIFEST.output.labels)


def heads_of(**heads: tuple[str, ...]):
    output = msgspec.structs.replace(MANIFEST.output, heads=heads, affect_scale=4.0)
    thresholds = msgspec.structs.replace(MANIFEST.thresholds, quality_below=0.3)
    return msgspec.structs.replace(MANIFEST, output=output, thresholds=thresholds)


def test_further_heads_answer_events_affect_and_quality():
    manifest = heads_of(events=("none", "laugh"), affect=("valence", "arousal"), quality=("quality",))
    answer = np.concatenate([logits_for(0.98, 0.01, 0.01), [-1.0, 3.0, 2.0, -1.0, 0.0]]).astype(np.float32)

    heard = percept(answer, manifest, 0.9)

    assert (heard.label, heard.valence, heard.arousal, heard.quality) == ("horizontal", 0.5, -0.25, 0.5)
    assert not heard.unsure
    assert heard.events["laugh"] == pytest.approx(0.982, abs=1e-3)
    assert sum(heard.events.values()) == pytest.approx(1.0, abs=1e-3)


def test_what_the_model_finds_too_poor_is_unsure_however_sure_the_label():
    manifest = heads_of(quality=("quality",))
    answer = np.concatenate([logits_for(0.98, 0.01, 0.01), [-3.0]]).astype(np.float32)

    heard = percept(answer, manifest, 1.0)

    assert heard.unsure
    assert heard.quality == pytest.approx(0.047, abs=1e-3)
    assert heard.events == {}


def test_a_head_of_a_later_version_is_passed_over():
    manifest = heads_of(age=("years", "months"), quality=("quality",))
    answer = np.concatenate([logits_for(0.98, 0.01, 0.01), [70.0, -70.0, 3.0]]).astype(np.float32)

    assert percept(answer, manifest, 0.8).quality == 0.8
