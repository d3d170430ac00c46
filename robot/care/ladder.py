"""What to do about a part that hangs again and again: renew it, then restart the whole robot, then leave it alone."""

from collections import deque
from typing import Literal

RENEWALS = 3
WINDOW_S = 300.0
"""So many renewals of a part in so long a time; one that needs more has another trouble than bad luck."""

REST_S = 600.0
"""A part that was given up is tried again this rarely, for ever: a driver may come back after hours."""

Stage = Literal["renew", "restart", "rest"]


class Ladder:
    """The stages for one part. Each rung is tried before the next, and each a bounded number of times."""

    def __init__(self) -> None:
        self._renewed_s: deque[float] = deque(maxlen=RENEWALS)

    def next(self, now_s: float, may_restart: bool) -> Stage:
        """The next stage for a part that hangs at `now_s`; `may_restart` says whether a restart is still to be had."""
        if len(self._renewed_s) < RENEWALS or now_s - self._renewed_s[0] > WINDOW_S:
            self._renewed_s.append(now_s)
            return "renew"
        return "restart" if may_restart else "rest"
