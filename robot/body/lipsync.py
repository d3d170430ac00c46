"""A mouth that follows the voice: how far the jaw is open, from how loud the sound is at that moment.

Loudness is a crude but sufficient guide: open vowels are the loudest sounds of speech, closed lips the quietest.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardware.ports import SAMPLE_RATE_HZ

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


def mouth_track(samples: NDArray[np.float32], rate_hz: float = 50.0) -> MouthTrack:
    """The mouth for a whole sound at 16 kHz, worked out once before it plays."""
    hop = round(SAMPLE_RATE_HZ / rate_hz)
    count = -(-len(samples) // hop)
    if count == 0:
        return MouthTrack((), rate_hz)
    hops = np.pad(samples, (0, count * hop - len(samples))).reshape(count, hop)
    levels_db = 20.0 * np.log10(np.sqrt(np.mean(hops.astype(np.float64) ** 2, axis=1)) + 1e-5)
    loud_db = max(float(np.percentile(levels_db, 95)), -60.0)
    openings = np.clip(1.0 - (levels_db - loud_db) / QUIETEST_DB, 0.0, 1.0)
    return MouthTrack(tuple((WIDEST_DEG * openings).tolist()), rate_hz)
