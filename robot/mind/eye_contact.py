"""Whether the attended person looks at the robot, for how long, and whether they seem about to fall asleep.

What is not known (no landmarks, a face too small) counts as neither looking nor looking away: then a face alone
decides, as it does for a robot without this sense.
"""

from collections import deque

from robot.mind.attention import Focus

LEAST_QUALITY = 0.3
KNOWN_S = 1.0
"""A gaze seen longer ago than this is not known any more."""

DROWSY_S, DROWSY_LEAST_S, DROWSY_SHARE = 20.0, 8.0, 0.4
"""Eyes shut for this share of so long a time, watched for at least so long: PERCLOS (Wierwille et al. 1994) calls 0.15
of a minute drowsy with eyes 80 % shut, at a much better camera; here it must be plain."""


class EyeContact:
    """Follows the gaze of the attended face. Pure state; nothing is kept of anybody who has gone."""

    def __init__(self) -> None:
        self._visit = -1
        self._looking: bool | None = None
        self._since_s = 0.0
        self._seen_s = float("-inf")
        self._shut: deque[tuple[float, bool]] = deque()

    def step(self, t_s: float, focus: Focus) -> None:
        """Take in the attended face of this step, if there was a picture."""
        if focus.visit != self._visit:
            self.forget()
            self._visit = focus.visit
        regard = focus.face.regard if focus.face is not None else None
        if regard is None or regard.quality < LEAST_QUALITY:
            return
        if regard.looking != self._looking or t_s - self._seen_s > KNOWN_S:
            self._looking, self._since_s = regard.looking, t_s
        self._seen_s = t_s
        self._shut.append((t_s, regard.eyes_closed))
        while t_s - self._shut[0][0] > DROWSY_S:
            self._shut.popleft()

    def forget(self) -> None:
        """Somebody else is there now, or nobody."""
        self._looking = None
        self._seen_s = float("-inf")
        self._shut.clear()

    def met_s(self, t_s: float) -> float | None:
        """For how long they have looked at the robot; None if they do not, or it is not known."""
        return t_s - self._since_s if self._known(t_s) and self._looking else None

    def averted_s(self, t_s: float) -> float | None:
        """For how long they have looked away; None if they do not, or it is not known."""
        return t_s - self._since_s if self._known(t_s) and not self._looking else None

    def drowsy(self, t_s: float) -> bool:
        """Whether their eyes were shut for much of the last while."""
        if not self._known(t_s) or t_s - self._shut[0][0] < DROWSY_LEAST_S:
            return False
        return sum(shut for _, shut in self._shut) >= DROWSY_SHARE * len(self._shut)

    def _known(self, t_s: float) -> bool:
        return self._looking is not None and t_s - self._seen_s <= KNOWN_S
