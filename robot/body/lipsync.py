"""A mouth that follows the voice: how far the jaw is open at each moment of a sound, worked out before it plays.

Where the engine tells its phonemes, they say how wide the mouth is, and the sound's loudness checks them: silence shuts
it, and phonemes that do not fit the sound are not believed. Without phonemes loudness alone is a crude but sufficient
guide: open vowels are the loudest sounds of speech, closed lips the quietest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardware.ports import SAMPLE_RATE_HZ, Sound
from robot.body.visemes import CLOSURE_S, is_stop, is_vowel, opening
from robot.body.voice.spoken import Phoneme, Spoken

WIDEST_DEG = 16.0
QUIETEST_DB = -28.0
"""Level below the loud parts of an utterance (its 95th percentile) at which the mouth is shut."""

LEAD_S = 0.04
"""The jaw's easing delays it by half its `blend_s`; the mouth is moved this much ahead of the sound."""


@dataclass(frozen=True, slots=True)
class MouthTrack:
    """Jaw opening in degrees, `rate_hz` values a second from the start of a sound."""

    openings_deg: tuple[float, ...]
    rate_hz: float

    def jaw_deg(self, since_start_s: float) -> float:
        """How far the jaw should be open now, for a sound that began `since_start_s` ago; 0 outside of it."""
        place = int((since_start_s + LEAD_S) * self.rate_hz)
        return self.openings_deg[place] if 0 <= place < len(self.openings_deg) else 0.0


PHONEME_RATE_HZ = 100.0
TRUSTED_SHARE = 0.8
"""Phonemes are believed when at least this share of their vowels' time is not silent."""


def mouth_for(sound: Sound) -> MouthTrack:
    """The mouth for a sound: by its phonemes where it has some and they fit, else by its loudness."""
    phonemes = sound.phonemes if isinstance(sound, Spoken) else ()
    loudness = mouth_track(sound.samples, PHONEME_RATE_HZ)
    spoken = _spoken_track(phonemes, loudness) if phonemes else None
    return spoken if spoken is not None else mouth_track(sound.samples)


def _spoken_track(phonemes: tuple[Phoneme, ...], loudness: MouthTrack) -> MouthTrack | None:
    """Openings by phoneme, none where the sound is silent; None where phonemes and sound do not belong together."""
    loud = np.array(loudness.openings_deg) / WIDEST_DEG
    wide = np.zeros(len(loud))
    vowels = np.zeros(len(loud), dtype=bool)
    ends_s = [phoneme.start_s for phoneme in phonemes[1:]] + [len(loud) / loudness.rate_hz]
    for phoneme, end_s in zip(phonemes, ends_s, strict=True):
        start = round((phoneme.start_s - (CLOSURE_S if is_stop(phoneme.name) else 0.0)) * loudness.rate_hz)
        stretch = slice(max(start, 0), max(round(end_s * loudness.rate_hz), 0))
        wide[stretch] = opening(phoneme.name)
        vowels[stretch] = is_vowel(phoneme.name)
    if not vowels.any() or np.mean(loud[vowels] > 0.0) < TRUSTED_SHARE:
        return None
    openings = WIDEST_DEG * np.where(loud > 0.0, wide * (0.5 + 0.5 * loud), 0.0)
    return MouthTrack(tuple(openings.tolist()), loudness.rate_hz)


def mouth_track(samples: NDArray[np.float32], rate_hz: float = 50.0) -> MouthTrack:
    """The mouth for a whole sound at 16 kHz by its loudness alone."""
    hop = round(SAMPLE_RATE_HZ / rate_hz)
    count = -(-len(samples) // hop)
    if count == 0:
        return MouthTrack((), rate_hz)
    hops = np.pad(samples, (0, count * hop - len(samples))).reshape(count, hop)
    levels_db = 20.0 * np.log10(np.sqrt(np.mean(hops.astype(np.float64) ** 2, axis=1)) + 1e-5)
    loud_db = max(float(np.percentile(levels_db, 95)), -60.0)
    openings = np.clip(1.0 - (levels_db - loud_db) / QUIETEST_DB, 0.0, 1.0)
    return MouthTrack(tuple((WIDEST_DEG * openings).tolist()), rate_hz)
