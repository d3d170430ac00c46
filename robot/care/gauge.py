"""How a loop gets on: what it has finished, and how long it has been in the call that it is in."""

from hardware.clock import Clock


class Gauge:
    """Kept by one loop, read by whoever watches it from another thread.

    `steps` counts finished work: frames, blocks of sound, inferences, ticks. A loop that turns without result does not
    count.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.steps = 0
        self._last_s = clock.now_s()
        self._entered_s: float | None = None

    def enter(self, patience_s: float = 0.0) -> None:
        """The loop goes into a call that may hang, and may take `patience_s` longer than others before it counts."""
        self._entered_s = self._clock.now_s() + patience_s

    def leave(self, worked: bool) -> None:
        """It came back; `worked` says whether anything was finished."""
        self._entered_s = None
        if worked:
            self.steps += 1
            self._last_s = self._clock.now_s()

    @property
    def inside(self) -> bool:
        """True while it is in a call."""
        return self._entered_s is not None

    def reset(self) -> None:
        """The loop begins anew: what was before is not held against it."""
        self._entered_s = None
        self._last_s = self._clock.now_s()

    def busy_s(self) -> float:
        """For how long it has been in the same call; 0 when it is in none."""
        entered_s = self._entered_s
        return 0.0 if entered_s is None else max(0.0, self._clock.now_s() - entered_s)

    def idle_s(self) -> float:
        """How long ago it last finished something."""
        return self._clock.now_s() - self._last_s
