"""Parts that are not there: a camera that never sees, a microphone that never hears, a speaker that never sounds."""

from hardware.clock import Clock
from hardware.ports import Frame, Sound


class NoCamera:
    """Never delivers a frame and never finishes: the robot is alone in the dark."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @property
    def dropped(self) -> int:
        """Always 0."""
        return 0

    @property
    def finished(self) -> bool:
        """Always false: a camera might be plugged in."""
        return False

    def read(self, timeout_s: float) -> Frame | None:
        """Wait for `timeout_s` on the robot's clock, then None."""
        self._clock.wait_s(timeout_s)
        return None

    def close(self) -> None:
        """Nothing to let go."""


class NoMicrophone:
    """Never delivers a sound and never finishes."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    @property
    def dropped(self) -> int:
        """Always 0."""
        return 0

    @property
    def finished(self) -> bool:
        """Always false: a microphone might be plugged in."""
        return False

    def read(self, timeout_s: float) -> Sound | None:
        """Wait for `timeout_s` on the robot's clock, then None."""
        self._clock.wait_s(timeout_s)
        return None

    def close(self) -> None:
        """Nothing to let go."""


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
