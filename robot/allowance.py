"""How much one page may send: a token bucket."""


class Allowance:
    """Lets `rate_per_s` through on average and `burst` at once. What is over is refused and counted, never queued."""

    def __init__(self, rate_per_s: float, burst: float) -> None:
        self._rate_per_s = rate_per_s
        self._burst = burst
        self._left = burst
        self._last_s: float | None = None
        self.refused = 0

    def take(self, now_s: float, amount: float = 1.0) -> bool:
        """True, and `amount` is used up, if it is there at `now_s` (seconds, never going back)."""
        if self._last_s is not None:
            self._left = min(self._burst, self._left + (now_s - self._last_s) * self._rate_per_s)
        self._last_s = now_s
        if amount > self._left:
            self.refused += 1
            return False
        self._left -= amount
        return True
