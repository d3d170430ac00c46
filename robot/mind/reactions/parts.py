"""Parts that break, mend, or are switched off: the degraded regions follow, and somebody is told."""

from robot.messages import Health
from robot.mind.blackboard import Blackboard, Step
from robot.mind.faculties import EVENTS, FAULTS, MENDED, SAYS, Change, changes, describe_part, faculties

KEEP_FAULT_WORDS_S = 3600.0
"""Words about a fault wait this long for somebody awake to hear them."""


class Parts:
    """Follows the health of the parts."""

    def __init__(self) -> None:
        self._parts: dict[str, str] = {}

    def react(self, board: Blackboard, step: Step) -> None:
        """Write a reason for each part that changed, and move the degraded regions."""
        if step.health.parts == self._parts:
            return
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
        reason_id = board.reasons.add(step.t_s, "health", after, SAYS[after], causes)
        step.cited.append(reason_id)
        board.speech.wording.drop(change.before)
        if after in FAULTS:
            board.fault_s = step.t_s
            board.speech.call(step.t_s, "fault", SAYS[after], reason_id)
        if after in FAULTS or MENDED.get(change.before) == after:
            board.speech.wording.wish(step.t_s, after, SAYS[after], reason_id, keep_s=KEEP_FAULT_WORDS_S)
