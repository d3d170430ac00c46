"""The robot asked whether it can help: yes or no, said, shown with the head, or pressed on the page.

What it asks about fetching a person is answered elsewhere; a nod is a yes to that question as well.
"""

from robot.messages import HeardCommand, Request
from robot.mind.blackboard import Blackboard, Step
from robot.mind.signs import why_asked

Answer = HeardCommand | Request

ANSWERED: dict[str, str] = {"yes": "listening", "no": "as_you_like"}
"""The words for each answer to an offer of help."""


class Questions:
    """Hears the answer to the last question, once."""

    def react(self, board: Blackboard, step: Step) -> None:
        """Take in a yes or a no."""
        asked = board.speech.question(step.t_s)
        if asked is None:
            return
        asked_for = (signal for signal in step.signals if isinstance(signal, Answer))
        answer, said = next(((one, what) for one in asked_for if (what := yes_or_no(one)) is not None), (None, ""))
        if answer is None:
            return
        board.speech.answered()
        why = why_asked(answer) if isinstance(answer, Request) else f"you said {said}"
        text = f"I take that for a {said} because {why}"
        reason_id = board.reasons.add(step.t_s, "answer", said, text, (answer.id,))
        step.cited.append(reason_id)
        if asked == "offer":
            board.speech.wording.wish(step.t_s, ANSWERED[said], why, reason_id, urgent=True)


def yes_or_no(signal: Answer) -> str | None:
    """What a signal answers."""
    match signal:
        case HeardCommand(name=("yes" | "no") as said) | Request(what=("yes" | "no") as said):
            return said
    return None
