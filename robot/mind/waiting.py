"""Whether somebody waits for an answer, since when, and what is due to them.

Somebody waits from the pause after they have spoken for at least `TURN_S` to a robot that attends to them, until the
robot has answered in words, or has offered help (or would, had it not done so a moment ago), or they speak on, or are
gone. The robot attends to them while their face is in view; a voice without a face counts only where the robot cannot
see. A chirp or a filler breaks the silence but does not end the waiting. Where nobody waits the robot may be silent for
as long as it likes.
"""

from collections.abc import Sequence
from typing import Literal

from robot.config import BehaviourSettings
from robot.messages import Hearing
from robot.mind.mood import LOUDEST_OWN_NOISE
from robot.mind.reasons import Clue, voice_clue

TURN_S = 0.6
"""Speech shorter than this is a cough or an "uh", not somebody's turn."""

SAME_TURN_GAP_S = 1.0
"""Speech that goes on after a shorter pause is the same turn."""

ANSWER_S = 0.3
"""Words get this long to come before a chirp answers. With the half second by which hearing lags, below 1 s."""

Due = Literal["chirp", "filler", "offer"]
BREAKS_SILENCE = frozenset({"filler", "notice", "notice_private"})
"""Words that do not answer anybody."""


class Waiting:
    """Follows the turns of a conversation. Pure state, stepped by the behaviour.

    `since_s` is when the person began to wait (None: nobody waits), `began_s` when the last wait began, over or not,
    and `clue` the last that was heard of them.
    """

    def __init__(self, settings: BehaviourSettings) -> None:
        self.settings = settings
        self._spoken_s = 0.0
        self._heard_s = float("-inf")
        self._turn_open = False
        self._done: set[Due] = set()
        self.since_s: float | None = None
        self.began_s: float | None = None
        self.clue: Clue | None = None

    def step(self, t_s: float, hearings: Sequence[Hearing], attended: bool) -> None:
        """Take in what was heard; `attended` says whether the robot attends to a person and can answer."""
        for hearing in hearings:
            if hearing.own_noise <= LOUDEST_OWN_NOISE:
                self._hear(t_s, hearing)
        if not attended:
            self._end()
            self._spoken_s = 0.0

    def _hear(self, t_s: float, hearing: Hearing) -> None:
        if hearing.speaking:
            if t_s - self._heard_s > SAME_TURN_GAP_S:
                self._spoken_s = 0.0
            self._spoken_s += hearing.duration_s
            self._heard_s, self.clue = t_s, voice_clue(hearing)
            self._turn_open = True
            self._end()
        elif self._turn_open and self._spoken_s >= TURN_S - 1e-6:
            self.since_s = self.began_s = t_s
            self._turn_open = False
            self._done.clear()

    def due(self, t_s: float) -> Due | None:
        """What the person should get now, each once in a wait: a chirp, a filler, an offer of help."""
        if self.since_s is None:
            return None
        waited_s = t_s - self.since_s + 1e-6  # the clock counts microseconds
        settings = self.settings
        steps: tuple[tuple[Due, float], ...] = (
            ("offer", settings.offer_after_s),
            ("filler", settings.filler_after_s),
            ("chirp", ANSWER_S),
        )
        for what, after_s in steps:
            if waited_s >= after_s:
                if what in self._done:
                    return None
                self._done |= {what, "chirp", *(("filler",) if what == "offer" else ())}
                return what
        return None

    def chirped(self) -> None:
        """The robot has made a wordless sound."""
        self._done.add("chirp")

    def spoke(self, key: str) -> None:
        """The robot has said words of `key`: an answer ends the waiting."""
        self.chirped()
        if key not in BREAKS_SILENCE:
            self._end()

    def refused(self) -> None:
        """They were offered help a moment ago and wanted none: a sound in its place ends the waiting."""
        self._end()

    def forget(self) -> None:
        """Nobody waits, and what they said is no longer cited."""
        self.clue = None
        self._turn_open = False
        self._spoken_s = 0.0
        self._end()

    def _end(self) -> None:
        self.since_s = None
