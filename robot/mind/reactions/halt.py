"""A raised palm, or the word stop: the robot is silent and still at once, for a while."""

from robot.messages import HeardCommand, Request
from robot.mind.blackboard import Blackboard, Step
from robot.mind.reasons import Cause
from robot.mind.signs import why_asked

Asked = HeardCommand | Request

STILL_S = 4.0
"""How long it stays so; a palm that is still held up then says it again."""


class Halt:
    """Stops speech and motion. What was to be said meanwhile is not made up for later."""

    def __init__(self) -> None:
        self._still = False

    def react(self, board: Blackboard, step: Step) -> None:
        """Stop when asked to, and go on when the time is over."""
        asked = next(
            (signal for signal in reversed(step.signals) if isinstance(signal, Asked) and _stops(signal)), None
        )
        if asked is not None:
            self._stop(board, step, asked)
        elif self._still and step.t_s >= board.still_until_s:
            self._still = False
            text = f"I move again because I have been still for {STILL_S:.0f} s"
            step.cited.append(board.reasons.add(step.t_s, "answer", "go_on", text, (board.state_id,)))

    def _stop(self, board: Blackboard, step: Step, asked: Asked) -> None:
        why = why_asked(asked) if isinstance(asked, Request) else "you said stop"
        cause = Cause("palm" if isinstance(asked, Request) and asked.by == "gesture" else "stopped")
        text = f"I am silent and still because {why}"
        step.cited.append(board.reasons.add(step.t_s, "answer", "stop", text, (asked.id,), cause))
        step.hush = True
        board.still_until_s = step.t_s + STILL_S
        board.speech.hold(board.still_until_s)
        self._still = True


def _stops(signal: Asked) -> bool:
    match signal:
        case HeardCommand(name="stop") | Request(what="stop"):
            return True
    return False
