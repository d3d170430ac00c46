"""Parts that break, mend, tire or are switched off: the degraded regions follow, and somebody is told once."""

from robot.messages import Health
from robot.mind.blackboard import Blackboard, Step
from robot.mind.faculties import EVENTS, FAULTS, MENDED, PASSING, SAYS, Change, changes, describe_part, faculties
from robot.mind.statechart import ENGAGED

KEEP_FAULT_WORDS_S = 3600.0
"""Words about a fault wait this long for somebody awake to hear them."""

FAULT_AGAIN_S = 120.0
"""A part with a loose contact is spoken of every two minutes at most."""

SAY_AGAIN_S = 1800.0
"""A robot that warms up, or is updated, over and over says so once in half an hour: face and light show it anyway."""

ALONE_SAID = frozenset({"muted", "unmuted"})
"""Who mutes the robot stands beside it, whether it saw them or not. All else that passes waits for company."""


class Parts:
    """Follows the health of the parts."""

    def __init__(self) -> None:
        self._parts: dict[str, str] = {}
        self._untold: dict[str, str] = {}

    def react(self, board: Blackboard, step: Step) -> None:
        """Write a reason for each part that changed, and move the degraded regions."""
        if step.health.parts != self._parts:
            self._follow(board, step)
        if self._untold and board.now.state in ENGAGED:
            for state, reason_id in self._untold.items():
                board.speech.wording.wish(step.t_s, state, SAYS[state], reason_id, again_s=SAY_AGAIN_S)
            self._untold.clear()

    def _follow(self, board: Blackboard, step: Step) -> None:
        causes = self._tell_parts(board, step.t_s, step.health)
        able = faculties(self._parts)
        for change in changes(board.faculties, able):
            board.chart.send(EVENTS[change.after])
            self._tell_change(board, step, change, causes)
        if board.now.sees and "seeing" not in able:
            board.presence.forget_face()
            board.now.blind_s = step.t_s
        if "hearing" not in able:
            board.presence.forget_voice()
        if "reading" in able and not board.now.reads:
            # What was not read until now is no puzzle, and the first mood that is read is answered at once.
            board.now.unsure_s, board.now.answered = step.t_s, False
        board.faculties = able
        board.now.sees, board.now.reads = "seeing" in able, "reading" in able

    def _tell_parts(self, board: Blackboard, t_s: float, health: Health) -> list[str]:
        causes = [
            board.reasons.add(t_s, "health", part, describe_part(part, status))
            for part, status in health.parts.items()
            if status != self._parts.get(part, "ok")
        ]
        self._parts = dict(health.parts)
        return causes

    def _tell_change(self, board: Blackboard, step: Step, change: Change, causes: list[str]) -> None:
        after = change.after
        text = f"{SAYS[after][0].upper()}{SAYS[after][1:]}"
        reason_id = board.reasons.add(step.t_s, "health", after, text, causes)
        step.cited.append(reason_id)
        board.speech.wording.drop(change.before)
        if after in FAULTS:
            board.fault_s = step.t_s
            board.speech.call(step.t_s, "fault", SAYS[after], reason_id)
        self._untold.pop(change.before, None)
        if after in FAULTS or MENDED.get(change.before) == after:
            board.speech.wording.wish(
                step.t_s, after, SAYS[after], reason_id, keep_s=KEEP_FAULT_WORDS_S, again_s=FAULT_AGAIN_S
            )
        elif after in ALONE_SAID:
            board.speech.wording.wish(step.t_s, after, SAYS[after], reason_id, urgent=True)
        elif after in PASSING:
            self._untold[after] = reason_id
