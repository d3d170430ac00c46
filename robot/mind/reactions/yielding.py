"""Somebody who is spoken to falls silent: whoever begins to speak while the robot talks gets the floor.

It hears them over its own voice where they are clearly louder than that at its microphone (`Hearing.over_own`), where
the microphone takes it out (`[hearing] echo_cancelled`), or in a pause; otherwise it sees their lips move while they
look at it.
"""

from robot.mind.blackboard import Blackboard, Step
from robot.mind.mood import LOUDEST_OWN_NOISE
from robot.mind.reasons import Cause, Clue
from robot.mind.wording import NOTICES

HEARD_S = 0.3
"""Speech shorter than this is an "mm-hm", which asks nobody to stop."""

SEEN_S = 0.3
"""Lips are known to talk only after they have moved for about half a second; this comes on top."""

NOT_AT_ONCE_S = 0.5
"""Lips that are said to move so soon after the robot's first word may have moved before it."""

INTERRUPTED = Cause("interrupted")

HEARD_OUT = frozenset({*NOTICES, "crisis", "crisis_alone", "help_line"})
"""Words that are said to their end: a notice that was not heard is none, and help must be told in full."""


class Yielding:
    """Stops talking when spoken to. Keeps since when the person speaks, as heard and as seen."""

    def __init__(self) -> None:
        self._heard_since_s: float | None = None
        self._seen_since_s: float | None = None

    def react(self, board: Blackboard, step: Step) -> None:
        """Follow the person's voice and lips, and give way to them."""
        self._listen(step)
        self._watch(board, step)
        said = board.speech.last
        if said is None or not board.speech.wording.audible(step.t_s) or step.hush:
            return
        if HEARD_OUT & {key for key, _ in said.phrases}:
            return
        heard, seen = board.presence.voice.last, board.presence.face.last
        if self._heard_since_s is not None and heard is not None and self._began(step.t_s, said.t_s):
            self._give_way(board, step, "you speak", heard)
        elif self._seen_since_s is not None and seen is not None and self._opened(step.t_s, said.t_s):
            self._give_way(board, step, "your lips move", seen)

    def _listen(self, step: Step) -> None:
        for hearing in step.hearings:
            if not hearing.over_own and (not hearing.speaking or hearing.own_noise > LOUDEST_OWN_NOISE):
                self._heard_since_s = None
            elif self._heard_since_s is None:
                since_s = step.t_s - hearing.duration_s
                self._heard_since_s = since_s - HEARD_S if hearing.over_own else since_s  # the ear has waited already

    def _watch(self, board: Blackboard, step: Step) -> None:
        focus = step.focus
        talks = focus.person in focus.talkers and board.presence.eyes.met_s(step.t_s) is not None
        if not talks:
            self._seen_since_s = None
        elif self._seen_since_s is None:
            self._seen_since_s = step.t_s

    def _began(self, t_s: float, said_s: float) -> bool:
        """Whether the voice began after the robot's words, and is more than a sound of listening."""
        since_s = self._heard_since_s
        return since_s is not None and since_s > said_s and t_s - since_s >= HEARD_S - 1e-6

    def _opened(self, t_s: float, said_s: float) -> bool:
        """Whether the lips began to move after the robot's words did."""
        since_s = self._seen_since_s
        return since_s is not None and since_s > said_s + NOT_AT_ONCE_S and t_s - since_s >= SEEN_S - 1e-6

    def _give_way(self, board: Blackboard, step: Step, why: str, clue: Clue) -> None:
        step.hush = True
        board.speech.cut(step.t_s)
        text = f"I stop talking because {why} while I do"
        step.cited.append(board.reasons.add(step.t_s, "answer", "yield", text, board.reasons.cite(clue), INTERRUPTED))
