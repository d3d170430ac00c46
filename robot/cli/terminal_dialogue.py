"""A procedure's questions in the terminal: a line each, answered by typing a key."""

from typing import TextIO

from robot.care.calibration.dialogue import STOP, Question, Stopped


class TerminalDialogue:
    """Asks on `out`, reads from `source`. The end of the input, or `stop`, ends the procedure."""

    def __init__(self, source: TextIO, out: TextIO) -> None:
        self._source = source
        self._out = out

    def say(self, text: str) -> None:
        """Print one line."""
        self._out.write(f"  {text}\n")
        self._out.flush()

    def ask(self, question: Question) -> str:
        """Print the question with its answers until one of their keys is typed.

        Raises:
            Stopped: `stop` was typed, or nothing more comes.
        """
        keys = [answer.key for answer in question.answers]
        self._out.write(f"\n{question.title}: {question.text}\n")
        shown = "   ".join(f"[{answer.key}] {answer.text}" for answer in (*question.answers,))
        while True:
            self._out.write(f"  {shown}   [{STOP}] end here\n  > ")
            self._out.flush()
            line = self._source.readline()
            typed = line.strip().lower()
            if not line or typed == STOP:
                raise Stopped("ended; what was finished is kept, and the next `rapport calibrate` goes on from there")
            if typed in keys:
                return typed
            if not typed and len(keys) == 1:
                return keys[0]
            self.say(f"please type one of {', '.join(keys)} or {STOP}")
