"""What to do about a part that hangs again and again: renew it, then restart the whole robot, then leave it alone."""

from collections import deque
from typing import Literal

RENEWALS = 3
WINDOW_S = 300.0
"""So many renewals of a part in so long a time; one that needs more has another trouble than bad luck."""

REST_S = 600.0
"""A part that was given up is tried again this rarely, for ever: a driver may come back after hours."""

AGAIN_S = 90.0
"""One that hangs so soon after that (its models may take a minute to load) has not come back: each further try would
leave another thread behind in its driver, and a service may have 128."""

Stage = Literal["renew", "restart", "rest"]


class Ladder:
    """The stages for one part. Each rung is tried before the next, and each a bounded number of times."""

    def __init__(self) -> None:
        self._renewed_s: deque[float] = deque(maxlen=RENEWALS)
        self._tried_s = float("-inf")

    def tried(self, now_s: float) -> None:
        """It was tried again after a rest."""
        self._tried_s = now_s

    def next(self, now_s: float, may_restart: bool) -> Stage:
        """The next stage for a part that hangs at `now_s`; `may_restart` says whether a restart is still to be had."""
        some_left = len(self._renewed_s) < RENEWALS or now_s - self._renewed_s[0] > WINDOW_S
        if some_left and now_s - self._tried_s > AGAIN_S:
            self._renewed_s.append(now_s)
            return "renew"
        return "restart" if may_restart else "rest"
