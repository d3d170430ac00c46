"""How a procedure talks with the person: it says things, and asks questions with a few answers each."""

from collections.abc import Sequence
from typing import Protocol

import msgspec

from robot.errors import RapportError

STOP = "stop"
"""The answer that is always possible: end here, keep what was finished."""


class Answer(msgspec.Struct, frozen=True):
    """One possible answer: its key, short enough to type, and what it means."""

    key: str
    text: str


class Question(msgspec.Struct, frozen=True, tag=True):
    """A question: `title` says where in the procedure it stands, `text` what to look at or do."""

    title: str
    text: str
    answers: tuple[Answer, ...]


class Stopped(RapportError):
    """The person ended the procedure. What was finished is kept."""


class Dialogue(Protocol):
    """Somebody to talk to."""

    def say(self, text: str) -> None:
        """Tell something that needs no answer."""
        ...

    def ask(self, question: Question) -> str:
        """The key of the answer.

        Raises:
            Stopped: the person wants to end.
        """
        ...


def ask(dialogue: Dialogue, title: str, text: str, answers: Sequence[tuple[str, str]]) -> str:
    """Ask a question with these answers (key and meaning) and give the key of the one chosen."""
    return dialogue.ask(Question(title, text, tuple(Answer(key, meaning) for key, meaning in answers)))
