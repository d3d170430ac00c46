"""Whether somebody talks over the robot: what the microphone hears is louder than the robot's own voice can be in it.

The double-talk detector of echo cancellers (Duttweiler, "A twelve-channel digital echo canceler", IEEE Trans. Commun.
26(5), 1978): levels are compared, with the loudest that was played within the echo's time. How much of the speaker
reaches the microphone is learned, since it is another in every robot and room; a browser's microphone hears next to
nothing of it.
"""

from robot.senses.hearing.level import SILENCE_DBFS

MARGIN_DB = 6.0
"""A person must be this much louder than the echo, at the microphone: half of what is heard is then theirs at least."""

LEAST_DBFS = -55.0
"""Nobody talks to a robot more quietly; without it a faint room noise would do where there is no echo at all."""

LEARN_S = 1.0
"""So much of its own voice must have been heard before a level means anything."""

UP_DB_PER_S, DOWN_DB_PER_S = 20.0, 1.0
"""How fast what is learned follows: an echo that is louder than was thought, and one that is quieter."""

DOUBT_DB_PER_S = 8.0
"""How fast it goes up while somebody seems to talk over it: it may be the echo of a louder speaker or a smaller room,
which must not silence the robot for ever."""

TALKING_S = 0.25
"""So long somebody must be louder: a hum of agreement, a cough or a slammed door are shorter."""

FORGET = 0.5
"""A second in which nobody is louder takes back this much of one in which somebody was: syllables have gaps."""


class TalkOver:
    """Fed with each chunk of sound, in order. `talking` is true while somebody talks over the robot's voice."""

    def __init__(self) -> None:
        self._coupling_db: float | None = None
        self._heard_s = 0.0
        self._louder_s = 0.0

    @property
    def talking(self) -> bool:
        """Whether somebody has talked over the robot's voice for long enough."""
        return self._louder_s >= TALKING_S - 1e-9

    def hear(self, level_dbfs: float, own_dbfs: float, duration_s: float, *, speech: bool) -> bool:
        """Take in a chunk at `level_dbfs` while the own voice played at `own_dbfs` (-100: it did not).

        `speech` is the voice detector's word on it. True if this chunk is somebody else's.
        """
        if own_dbfs <= SILENCE_DBFS:
            self._louder_s = 0.0
            return False
        louder = speech and self._is_louder(level_dbfs, own_dbfs)
        self._louder_s = max(0.0, self._louder_s + (duration_s if louder else -FORGET * duration_s))
        self._learn(level_dbfs - own_dbfs, duration_s, DOUBT_DB_PER_S if louder else UP_DB_PER_S)
        return louder

    def _is_louder(self, level_dbfs: float, own_dbfs: float) -> bool:
        if self._coupling_db is None or self._heard_s < LEARN_S:
            return False
        return level_dbfs >= max(LEAST_DBFS, own_dbfs + self._coupling_db + MARGIN_DB)

    def _learn(self, coupling_db: float, duration_s: float, up_db_per_s: float) -> None:
        self._heard_s += duration_s
        before = coupling_db if self._coupling_db is None else self._coupling_db
        change = coupling_db - before
        self._coupling_db = before + min(up_db_per_s * duration_s, max(-DOWN_DB_PER_S * duration_s, change))
