"""How far the robot may go has changed, or was asked for in vain: the consent region follows, and it says so."""

from robot.messages import Consent as Change
from robot.mind.blackboard import Blackboard, Step
from robot.mind.decision import DOES, Decision
from robot.mind.reasons import Cause
from robot.mind.statechart import ENGAGED, active_rung
from robot.mind.wording import NOTICES

EVENTS: dict[str, str] = {
    "off": "allow_nothing",
    "presence": "allow_presence",
    "feelings": "allow_feelings",
    "remember": "allow_memory",
}
"""The event that leads to each rung, whatever the rung was."""

SAYS: dict[str, str] = {
    "off": "I neither see nor hear now",
    "presence": "I only notice that somebody is here",
    "feelings": "I may read feelings, and keep nothing",
    "remember": "I may know you again",
}
"""Each rung as the start of a reason."""

REFUSALS: dict[str, str] = {
    "person": "a step up needs somebody here who does it on purpose",
    "place": "in this place I go no further",
}

SMALL_TALK = frozenset(DOES) | {"hello", "hello_voice", *NOTICES, "filler", "offer", "fetch"}
"""Words that went by what was perceived before."""

ANSWERS = ENGAGED - {"attending"}
"""The states that answer a feeling."""

WAYS_OUT: dict[str, str] = {"noticing": "miss", "parting": "rest"} | dict.fromkeys(ENGAGED, "fade")
"""The event that leads from each state to being alone."""


class Consent:
    """Follows the rung. Whoever changes it is told at once, and once."""

    def react(self, board: Blackboard, step: Step) -> None:
        """Take in every answer of the ladder (`robot.consent`) of this step."""
        for signal in step.signals:
            if isinstance(signal, Change):
                self._follow(board, step, signal)

    def _follow(self, board: Blackboard, step: Step, change: Change) -> None:
        if active_rung(board.chart) != change.rung:
            board.chart.send(EVENTS[change.rung])
        if not change.because:
            return  # so it began: nobody asked
        why = REFUSALS.get(change.refused, "you asked me to")
        text = f"{SAYS[change.rung]} because {why}"
        reason_id = board.reasons.add(step.t_s, "consent", change.rung, text, (change.because,))
        step.cited.append(reason_id)
        if change.before != change.rung:
            board.state_id, board.why = reason_id, "you changed what I may do"
            board.speech.wording.drop(*SMALL_TALK)
            board.presence.forget_feelings()
            board.waiting.forget()
        key = f"refused_{change.refused}" if change.refused else f"consent_{change.rung}"
        board.speech.wording.wish(step.t_s, key, why, reason_id, urgent=True, anyway=True)
        if change.rung == "off" and board.now.state in WAYS_OUT:
            out = WAYS_OUT[board.now.state]
            step.decisions.append(Decision(out, "I neither see nor hear now", Cause("closed")))
        elif change.rung == "presence" and board.now.state in ANSWERS:
            step.decisions.append(Decision("attend", "I read no feelings now", Cause("cannot_read")))
