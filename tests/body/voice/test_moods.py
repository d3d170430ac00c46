"""Mood in the voice, measured in the sound itself, on every real engine."""

import numpy as np
import pytest

from hardware.ports import SAMPLE_RATE_HZ
from robot.body.voice.prosody import prosody_for

SENTENCE = "It is a nice morning today, and I am happy to be here with you. What would you like to do?"
SYLLABLES = 24
AROUSALS = (-1.0, -0.5, 0.0, 0.5, 1.0)


def envelope_db(sound):
    """Level of 10 ms steps, smoothed over 50 ms, relative to the loudest."""
    hop = SAMPLE_RATE_HZ // 100
    count = len(sound.samples) // hop
    power = np.mean(sound.samples[: count * hop].reshape(count, hop).astype(np.float64) ** 2, axis=1)
    window = np.hanning(7)
    power = np.convolve(power, window / window.sum(), "same")
    return 10 * np.log10(power / power.max() + 1e-9)


def syllables(sound):
    """Nuclei as peaks of the level, at least 2 dB above the dip before them (de Jong and Wempe 2009)."""
    level_db, count, dip_db, peak_db = envelope_db(sound), 0, -90.0, None
    for value in level_db:
        if peak_db is None:
            dip_db = min(dip_db, value)
            if value - dip_db >= 2.0 and value > -25.0:
                peak_db = value
        else:
            peak_db = max(peak_db, value)
            if peak_db - value >= 2.0:
                count, peak_db, dip_db = count + 1, None, value
    return count


def voiced_s(sound):
    return float(np.count_nonzero(envelope_db(sound) > -35.0)) / 100


def pause_share(sound):
    quiet = envelope_db(sound) < -35.0
    return float(np.mean(quiet[5:-30]))


def range_st(hertz):
    """From the 10th to the 90th percentile within an octave about the middle: a sibilant has no pitch."""
    near = np.abs(np.log2(hertz / np.median(hertz))) <= 0.5
    low, high = np.percentile(hertz[near], [10, 90])
    return 12 * np.log2(high / low)


@pytest.fixture(scope="module")
def by_arousal(espeak):
    return [espeak.synthesise(SENTENCE, "en", prosody_for(0.0, arousal)) for arousal in AROUSALS]


def test_the_measure_counts_about_the_syllables_that_there_are(by_arousal):
    for sound in by_arousal[1:4]:
        assert syllables(sound) == pytest.approx(SYLLABLES, abs=6)


def test_the_pitch_rises_with_arousal(by_arousal, pitches_hz):
    medians_hz = [float(np.median(pitches_hz(sound))) for sound in by_arousal]
    assert medians_hz == sorted(medians_hz)
    assert medians_hz[-1] > 1.5 * medians_hz[0]


def test_the_range_of_pitch_rises_with_arousal(by_arousal, pitches_hz):
    ranges_st = [range_st(pitches_hz(sound)) for sound in by_arousal]
    assert ranges_st[0] < ranges_st[2] < ranges_st[4]
    assert ranges_st[4] > 2 * ranges_st[0]


def test_the_rate_of_syllables_rises_with_arousal(by_arousal):
    by_text = [SYLLABLES / voiced_s(sound) for sound in by_arousal]
    assert by_text == sorted(by_text)
    by_ear = [syllables(sound) / sound.duration_s for sound in by_arousal]
    assert by_ear[0] < by_ear[2] < by_ear[4]
    assert by_ear[4] > 1.3 * by_ear[0]


def test_the_sadder_the_narrower_the_range(espeak, pitches_hz):
    feelings = [(0.0, 0.0), (-0.4, -0.3), (-0.7, -0.5), (-1.0, -0.8)]
    ranges_st = [range_st(pitches_hz(espeak.synthesise(SENTENCE, "en", prosody_for(*feeling)))) for feeling in feelings]
    assert ranges_st == sorted(ranges_st, reverse=True)
    assert ranges_st[-1] < 0.5 * ranges_st[0]


def test_the_calmer_and_the_sadder_the_more_of_the_time_it_pauses(by_arousal, espeak):
    shares = [pause_share(sound) for sound in by_arousal]
    assert shares[0] > shares[1] > shares[2]
    sad = espeak.synthesise(SENTENCE, "en", prosody_for(-0.8, -0.5))
    assert pause_share(sad) > shares[1]
