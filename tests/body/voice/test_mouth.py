"""The jaw against the sound, on the real engine: as the motion really carries it, not as it was wished for."""

import numpy as np
import pytest

from hardware.ports import SAMPLE_RATE_HZ, JointAngles
from robot.body.lipsync import WIDEST_DEG, mouth_for, mouth_track
from robot.body.motion import Motion
from robot.body.visemes import CLOSURE_S, SHUT, VOWELS
from robot.body.voice.espeak_helper import EspeakHelper
from robot.body.voice.prosody import prosody_for
from robot.body.voice.spoken import Phoneme, Spoken
from robot.errors import EngineMissing

TICK_HZ = 50.0
ALLOWED_S = 0.04
SAID = [
    ("en", "Papa, my mama is happy. What?"),
    ("en", "What a lovely smile! It is nice to see you so cheerful."),
    ("en", "You do not have to say anything. I stay with you."),
    ("de", "Guten Morgen, wie geht es dir heute?"),
]


@pytest.fixture(scope="module")
def helper():
    try:
        engine = EspeakHelper(time_limit_s=30.0)
    except EngineMissing as error:
        pytest.skip(f"not tested: {error}")
    yield engine
    engine.close()


def jaw_deg(track, duration_s):
    """The jaw of every tick of the body, through the real motion."""
    motion = Motion(TICK_HZ)
    ticks = range(round(duration_s * TICK_HZ) + 10)
    return np.array(
        [motion.step(tick / TICK_HZ, JointAngles(jaw_deg=track.jaw_deg(tick / TICK_HZ))).jaw_deg for tick in ticks]
    )


def loudness(sound):
    """RMS of 10 ms steps, smoothed over a syllable's edge (80 ms)."""
    hop = SAMPLE_RATE_HZ // 100
    count = len(sound.samples) // hop
    steps = np.sqrt(np.mean(sound.samples[: count * hop].reshape(count, hop).astype(np.float64) ** 2, axis=1))
    window = np.hanning(9)
    return np.convolve(steps, window / window.sum(), "same")


def lag_s(jaw, loud, duration_s):
    """How much later than the sound the jaw moves, by the best correlation within 150 ms either way."""
    times_s = np.arange(0.0, duration_s - 0.05, 0.001)
    jaw = np.interp(times_s, np.arange(len(jaw)) / TICK_HZ, jaw)
    loud = np.interp(times_s, np.arange(len(loud)) / 100 + 0.005, loud)

    def alike(shift):
        later, earlier = max(shift, 0), max(-shift, 0)
        return np.corrcoef(jaw[later : len(jaw) - earlier], loud[earlier : len(loud) - later])[0, 1]

    return max(range(-150, 151, 5), key=alike) / 1000


@pytest.mark.parametrize(("language", "text"), SAID)
@pytest.mark.parametrize("arousal", [-0.8, 0.0, 0.8])
def test_the_jaw_moves_within_40_ms_of_the_sound(helper, language, text, arousal):
    sound = helper.synthesise(text, language, prosody_for(0.0, arousal))
    jaw = jaw_deg(mouth_for(sound), sound.duration_s)
    assert abs(lag_s(jaw, loudness(sound), sound.duration_s)) <= ALLOWED_S
    assert jaw.max() > 0.6 * WIDEST_DEG
    assert jaw[-1] == pytest.approx(0.0, abs=0.1)


def test_the_measure_of_lag_sees_a_late_jaw(helper):
    sound = helper.synthesise("Papa, my mama is happy. What?", "en", prosody_for(0.0, 0.0))
    late = np.concatenate([np.zeros(5), jaw_deg(mouth_for(sound), sound.duration_s)])
    assert lag_s(late, loudness(sound), sound.duration_s) == pytest.approx(0.1, abs=ALLOWED_S)


@pytest.mark.parametrize("arousal", [-0.5, 0.0])
def test_lips_shut_on_p_b_and_m_and_open_on_the_vowel_that_follows(helper, arousal):
    sound = helper.synthesise("Papa, my mama baked a bun.", "en", prosody_for(0.0, arousal))
    jaw = jaw_deg(mouth_for(sound), sound.duration_s)
    times_s = np.arange(len(jaw)) / TICK_HZ
    shut = 0
    for phoneme, after in zip(sound.phonemes, sound.phonemes[1:], strict=False):
        if phoneme.name[:1] not in SHUT or phoneme.start_s < CLOSURE_S:
            continue
        around = (times_s >= phoneme.start_s - CLOSURE_S - ALLOWED_S) & (times_s <= after.start_s + ALLOWED_S)
        following = (times_s >= after.start_s) & (times_s <= after.start_s + 0.15)
        assert jaw[around].min() < 0.3 * jaw[following].max()
        shut += 1
    assert shut >= 5


def test_the_engine_tells_its_phonemes_in_order_and_within_the_sound(helper):
    sound = helper.synthesise("Hello there.", "en", prosody_for(0.0, 0.0))
    starts_s = [phoneme.start_s for phoneme in sound.phonemes]
    assert starts_s == sorted(starts_s)
    assert 0.0 <= starts_s[0] < 0.1
    assert starts_s[-1] <= sound.duration_s + 0.01
    assert sum(any(letter in VOWELS for letter in phoneme.name) for phoneme in sound.phonemes) == 3


def test_phonemes_that_do_not_fit_the_sound_are_not_believed(helper):
    sound = helper.synthesise("Papa. Mama. Papa.", "en", prosody_for(0.0, 0.0))
    late = tuple(Phoneme(phoneme.start_s + 3.0, phoneme.name) for phoneme in sound.phonemes)
    silent = np.zeros_like(sound.samples)
    silent[:800] = sound.samples[3200:4000]
    for samples, phonemes in ((sound.samples, late), (sound.samples, ()), (silent, sound.phonemes)):
        assert mouth_for(Spoken(0, 0.0, samples, phonemes)) == mouth_track(samples)
    assert mouth_for(sound) != mouth_track(sound.samples)
