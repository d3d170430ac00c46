"""When there is time for more than finding faces: at a low rate, and never when the looks themselves come late."""

MOST_SHARE = 0.3
"""What takes longer than the pause between two looks may take this share of all time: it is done less often."""
LEARN = 0.3
"""How much of a newly measured cost is believed."""


class Thrift:
    """Decides when one costly thing is due. Times are on the robot's clock; in stepped time nothing costs any."""

    def __init__(self, per_s: float) -> None:
        """`per_s` is how often it should be done, 0 for never."""
        self._period_s = 1.0 / per_s if per_s > 0 else float("inf")
        self._next_s = float("-inf")
        self._did_s = float("-inf")
        self._cost_s = 0.0
        self.skipped = 0

    def due(self, t_s: float, spare_s: float) -> bool:
        """Whether to do it for the frame of `t_s`, with `spare_s` seconds until the next look; counts what it skips."""
        if t_s < self._did_s:  # the clock was set anew
            self._next_s = self._did_s = float("-inf")
        if t_s < self._next_s - 1e-6:
            return False
        fits = self._cost_s <= spare_s or (spare_s > 0 and t_s - self._did_s >= self._cost_s / MOST_SHARE)
        if not fits:
            self.skipped += 1
            return False
        self._did_s = t_s
        self._next_s = max(self._next_s + self._period_s, t_s) if self._next_s > float("-inf") else t_s + self._period_s
        return True

    def took(self, cost_s: float) -> None:
        """How long it took."""
        self._cost_s += LEARN * (cost_s - self._cost_s) if self._cost_s else cost_s
