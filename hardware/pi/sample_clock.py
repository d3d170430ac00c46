"""When a stretch of sound was recorded: arrival times jitter, counted samples do not."""

import math

MAX_DRIFT = 200e-6
"""How far a sound card's crystal and the computer's may go apart, as a fraction (200 ppm, twice what is common)."""

GAP_S = 0.25
"""A block that comes so much too late or too early means that samples are missing: count anew."""


class SampleClock:
    """Maps counted samples to the robot's time.

    A block arrives at the earliest when its last sample is recorded, and usually later. So the least late arrival is
    believed: the start of the stream is the smallest (arrival - counted time) seen, let up slowly to follow drift.
    """

    def __init__(self, rate_hz: float) -> None:
        self._rate_hz = rate_hz
        self._counted = 0
        self._start_s = math.inf
        self._block_s = -math.inf

    def block_start_s(self, arrival_s: float, samples: int) -> float:
        """The time of the first of `samples` samples that came in at `arrival_s` (seconds on the robot's clock)."""
        length_s = samples / self._rate_hz
        start_s = arrival_s - (self._counted + samples) / self._rate_hz
        if abs(start_s - self._start_s) > GAP_S:
            self._start_s = start_s
        else:
            self._start_s = min(start_s, self._start_s + MAX_DRIFT * length_s)
        self._counted += samples
        # A first block that came late makes the next ones seem early: caught up with, but time never goes back.
        self._block_s = max(self._start_s + (self._counted - samples) / self._rate_hz, self._block_s + length_s / 2)
        return self._block_s
