"""Parts that are not there: a camera that never sees, a microphone that never hears, a speaker that never sounds."""

from hardware.clock import Clock
from hardware.ports import Sound


class _Absent:
    """Never delivers and never finishes: the part might be plugged in."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @property
    def dropped(self) -> int:
        """Always 0."""
        return 0

    @property
    def finished(self) -> bool:
        """Always false."""
        return False

    def read(self, timeout_s: float) -> None:
        """Wait for `timeout_s` on the robot's clock; there is never anything."""
        self._clock.wait_s(timeout_s)

    def close(self) -> None:
        """Nothing to let go."""


class NoCamera(_Absent):
    """Never delivers a frame: the robot is alone in the dark."""


class NoMicrophone(_Absent):
    """Never delivers a sound."""


class NoSpeaker:
    """Swallows every sound at once."""

    @property
    def playing(self) -> bool:
        """Always false."""
        return False

    def play(self, sound: Sound) -> None:
        """Forget the sound."""

    def stop(self) -> None:
        """Nothing sounds."""

    def close(self) -> None:
        """Nothing to let go."""
