"""A thumb up or down rates what the robot said last: it says more or less of that from then on."""

from robot.messages import Request
from robot.mind.blackboard import Blackboard, Step
from robot.mind.signs import why_asked

WITHIN_S = 15.0
"""What was said longer ago is not what the thumb is about."""


class Ratings:
    """Feeds the persona's preferences (`robot.mind.taste`). They last as long as the robot runs."""

    def react(self, board: Blackboard, step: Step) -> None:
        """Take in every rating of this step."""
        for signal in step.signals:
            if isinstance(signal, Request) and signal.what in ("like", "dislike"):
                self._rate(board, step, signal)

    def _rate(self, board: Blackboard, step: Step, request: Request) -> None:
        last = board.speech.last
        if last is None or step.t_s - last.t_s > WITHIN_S:
            return
        liked = request.what == "like"
        for key, phrase in last.phrases:
            board.speech.wording.taste.rate(key, phrase, liked=liked)
        words = " ".join(phrase for _, phrase in last.phrases)
        text = f"I will say “{words}” {'more' if liked else 'less'} often because {why_asked(request)}"
        reason_id = board.reasons.add(step.t_s, "answer", request.what, text, (request.id,))
        step.cited.append(reason_id)
        board.speech.call(step.t_s, "happy" if liked else "soothe", why_asked(request), reason_id)
