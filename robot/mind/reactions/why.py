"""Somebody asks why the robot did that: it answers from its reasons, in plain words."""

from robot.messages import HeardCommand, Request, Signal
from robot.mind.answer import answer_why, answer_words
from robot.mind.blackboard import Blackboard, Step
from robot.mind.reasons import signal_clue

ANSWER = "answer"
"""The kind of words that an answer is."""


class Why:
    """Answers the request `why` and the spoken command of that name. A robot without a voice shows the words."""

    def react(self, board: Blackboard, step: Step) -> None:
        """Answer the last such question of this step."""
        question = next((signal for signal in map(_as_question, reversed(step.signals)) if signal), None)
        if question is None:
            return
        answer = answer_why(board.reasons, answer_words(board.language))
        clue = signal_clue(question)
        because = (*board.reasons.cite(clue), *answer.because)
        reason_id = board.reasons.add(step.t_s, "answer", "why", "I explain myself because I was asked why", because)
        step.cited.append(reason_id)
        if "voiceless" in board.faculties or board.now.state == "asleep":
            step.notice = answer.text
            return
        board.speech.wording.tell(step.t_s, ANSWER, answer.text, "you asked me why", reason_id)


def _as_question(signal: Signal) -> HeardCommand | Request | None:
    """The signal if it asks why."""
    match signal:
        case HeardCommand(name="why") | Request(what="why"):
            return signal
    return None
