"""Somebody asks why the robot did that: it answers from its reasons, in plain words."""

from robot.messages import HeardCommand, Request, Signal
from robot.mind.answer import answer_why, answer_words
from robot.mind.blackboard import Blackboard, Step
from robot.mind.reasons import signal_clue

ANSWER = "answer"
"""The kind of words that an answer is."""


class Why:
    """Answers the request `why` and the spoken command of that name. A robot without a voice shows the words.

    Asked again about the same thing, it says so: two equal answers in a row sound as if it had not listened.
    """

    def __init__(self) -> None:
        self._told = ""
        self._again = 0

    def react(self, board: Blackboard, step: Step) -> None:
        """Answer the last such question of this step."""
        question = next((signal for signal in map(_as_question, reversed(step.signals)) if signal), None)
        if question is None:
            return
        words = answer_words(board.language)
        answer = answer_why(board.reasons, words)
        text = self._in_new_words(answer.text, words.again)
        clue = signal_clue(question)
        because = (*board.reasons.cite(clue), *answer.because)
        reason_id = board.reasons.add(step.t_s, "answer", "why", "I explain myself because I was asked why", because)
        step.cited.append(reason_id)
        if "voiceless" in board.faculties or board.now.state == "asleep":
            step.notice = text
            return
        board.speech.wording.tell(step.t_s, ANSWER, text, "you asked me why", reason_id)

    def _in_new_words(self, answer: str, again: tuple[str, ...]) -> str:
        """The answer as it is, or for the second and every further time in a row with other words before it."""
        if answer != self._told:
            self._told, self._again = answer, 0
            return answer
        self._again += 1
        return again[(self._again - 1) % len(again)].format(answer=answer)


def _as_question(signal: Signal) -> HeardCommand | Request | None:
    """The signal if it asks why."""
    match signal:
        case HeardCommand(name="why") | Request(what="why"):
            return signal
    return None
