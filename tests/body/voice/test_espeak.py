"""What both real engines must hold."""

import sys
from collections import Counter

import numpy as np
import pytest

from hardware.ports import SAMPLE_RATE_HZ
from robot.body.voice.espeak import LOUDEST
from robot.body.voice.prosody import Prosody, prosody_for
from robot.errors import SpeechError

SENTENCE = "I am here with you today. What a morning it is, and what would you like to do?"


def test_happy_is_higher_wider_faster_and_louder_than_sad(espeak, pitches_hz):
    happy = espeak.synthesise(SENTENCE, "en", prosody_for(0.8, 0.5))
    sad = espeak.synthesise(SENTENCE, "en", prosody_for(-0.8, -0.5))
    happy_hz, sad_hz = pitches_hz(happy), pitches_hz(sad)
    assert np.median(happy_hz) > 1.3 * np.median(sad_hz)
    assert spread_st(happy_hz) > 1.5 * spread_st(sad_hz)
    assert sad.duration_s > 1.3 * happy.duration_s
    assert rms(happy) > 1.5 * rms(sad)


@pytest.mark.parametrize("pitch", [0.8, 1.0, 1.3])
def test_the_pitch_is_what_was_asked_for(espeak, pitches_hz, pitch):
    usual_hz = np.median(pitches_hz(espeak.synthesise(SENTENCE, "en", Prosody())))
    asked_hz = np.median(pitches_hz(espeak.synthesise(SENTENCE, "en", Prosody(pitch=pitch))))
    assert asked_hz / usual_hz == pytest.approx(pitch, rel=0.08)


def test_a_wider_range_leaves_the_middle_pitch(espeak, pitches_hz):
    flat = pitches_hz(espeak.synthesise(SENTENCE, "en", Prosody(range_st=0.5)))
    wide = pitches_hz(espeak.synthesise(SENTENCE, "en", Prosody(range_st=8.0)))
    assert spread_st(wide) > 3 * spread_st(flat)
    assert np.median(wide) == pytest.approx(np.median(flat), rel=0.12)


def test_sound_is_limited_starts_and_ends_softly_and_is_not_silent(espeak):
    samples = espeak.synthesise(SENTENCE, "en", Prosody(volume=5.0)).samples
    assert samples.dtype == np.float32
    assert 0.5 < np.abs(samples).max() <= LOUDEST + 1e-6
    assert samples[0] == samples[-1] == 0.0


def test_german_is_spoken_as_german(espeak):
    german = espeak.synthesise("Schöne Grüße aus Köln.", "de", Prosody())
    english = espeak.synthesise("Schöne Grüße aus Köln.", "en", Prosody())
    assert german.duration_s > 0.8
    assert len(german.samples) != len(english.samples)


def test_a_regional_tag_falls_back_to_its_language(espeak):
    austrian = espeak.synthesise("Guten Morgen", "de-AT", Prosody())
    assert np.array_equal(austrian.samples, espeak.synthesise("Guten Morgen", "de", Prosody()).samples)


@pytest.mark.parametrize("language", ["xx", "qqq-zz"])
def test_a_language_that_espeak_lacks_is_refused_and_the_next_word_is_said(espeak, language):
    with pytest.raises(SpeechError):
        espeak.synthesise("Hello", language, Prosody())
    assert espeak.synthesise("Hello", "en", Prosody()).duration_s > 0.2


def test_shell_metacharacters_are_words_like_any_other(espeak, tmp_path):
    trap = tmp_path / "trap"
    sound = espeak.synthesise(
        f"yes; touch {trap} `touch {trap}` $(touch {trap}) | & > {trap} -w {trap}", "en", Prosody()
    )
    assert sound.duration_s > 1.0
    assert not trap.exists()
    assert espeak.synthesise("--help", "en", Prosody()).duration_s > 0.2
    assert espeak.synthesise("-w /etc/hostname", "en", Prosody()).duration_s > 0.2


@pytest.mark.parametrize("text", ["", "   \n", "\0\0", "😀😀", "\x01"])
def test_nothing_to_say_gives_no_sound(espeak, text):
    assert len(espeak.synthesise(text, "en", Prosody()).samples) == 0


@pytest.mark.parametrize(
    "text", ["nul\0in the middle", "smile 😀 please", "<speak>tags & entities</speak>", "a > b ]]", "日本"]
)
def test_odd_text_is_spoken(espeak, text):
    assert espeak.synthesise(text, "en", Prosody()).duration_s > 0.2


def test_ten_thousand_characters_are_cut_to_a_bearable_length(espeak):
    assert 5.0 < espeak.synthesise("never ending story " * 600, "en", Prosody()).duration_s < 90.0


def test_the_same_words_give_the_same_samples(espeak):
    first, second = (espeak.synthesise("Hello again.", "en", Prosody()) for _ in range(2))
    assert np.array_equal(first.samples, second.samples)


def test_the_library_is_never_loaded_into_the_robot(espeak):
    espeak.synthesise("Hello", "en", Prosody())
    assert "espeakng_loader" not in sys.modules
    mapped = Counter(line.split("/")[-1] for line in open("/proc/self/maps") if "espeak" in line)  # noqa: SIM115, PTH123
    assert not mapped


def spread_st(found_hz):
    low, high = np.percentile(found_hz, [10, 90])
    return 12 * np.log2(high / low)


def rms(sound):
    return float(np.sqrt(np.mean(sound.samples.astype(np.float64) ** 2)))


def test_the_sample_rate_is_the_robots(espeak, pitches_hz):
    low = np.median(pitches_hz(espeak.synthesise(SENTENCE, "en", Prosody())))
    assert SAMPLE_RATE_HZ == 16_000
    assert 92 < low < 106  # 98.9 Hz is this voice's own pitch at its own sample rate
