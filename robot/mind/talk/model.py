"""The port for a local language model: it may suggest what to say, within its time and within the rules.

The set replies are the net under it. Nothing that a model writes is said before `fit_to_say` has let it through.
"""

import threading
from collections.abc import Callable
from typing import NamedTuple, Protocol

from robot.mind.talk.wellbeing import faults_in

MOST_LETTERS = 160
MOST_SENTENCES = 2
"""As long as the longest set phrase; longer talk is a lecture."""

FEELING_WORDS = ("feel", "mood", "sad", "angry", "happy", "upset", "fühl", "stimmung", "traurig", "wütend", "glücklich")
MEMORY_WORDS = ("remember", "next time", "merke mir", "erinner", "nächstes mal")


class Prompt(NamedTuple):
    """What a model is asked with. `text` are the words of the person: they are not to be kept."""

    text: str
    language: str
    intent: str
    topic: str | None
    mood: str
    persona: str
    place: str


class Replies(Protocol):
    """Something that answers people. `ask` never waits; `take` gives the answer once it is there."""

    def ask(self, prompt: Prompt) -> None:
        """Begin with an answer; an unfinished one is given up."""
        ...

    def take(self) -> str | None:
        """The answer, once; None while there is none."""
        ...


class ThreadedReplies:
    """A model behind a plain function, each answer in a thread of its own; one that comes too late is never heard."""

    def __init__(self, write: Callable[[Prompt], str]) -> None:
        self._write = write
        self._lock = threading.Lock()
        self._round = 0
        self._answer: str | None = None
        self.failures = 0

    def ask(self, prompt: Prompt) -> None:
        """Begin with an answer."""
        with self._lock:
            self._round += 1
            self._answer = None
            threading.Thread(target=self._run, args=(self._round, prompt), name="replies", daemon=True).start()

    def take(self) -> str | None:
        """The answer, once."""
        with self._lock:
            answer, self._answer = self._answer, None
            return answer

    def _run(self, number: int, prompt: Prompt) -> None:
        try:
            answer = self._write(prompt)
        except Exception:  # noqa: BLE001 - whatever a model does, the set replies are there
            self.failures += 1
            return
        with self._lock:
            if number == self._round:
                self._answer = answer


def fit_to_say(text: object, *, feelings: bool, memory: bool) -> str | None:
    """`text` as one line if it keeps every rule, else None.

    The rules are those of the set phrases: well-being, length, and consent (no talk of feelings where they are not
    read, no promise to remember without that rung).
    """
    if not isinstance(text, str):
        return None
    line = " ".join(text.split())
    sentences = sum(line.count(mark) for mark in ".!?") or 1
    if not line or len(line) > MOST_LETTERS or sentences > MOST_SENTENCES or not line.isprintable():
        return None
    lower = line.casefold()
    if not feelings and any(word in lower for word in FEELING_WORDS):
        return None
    if not memory and any(word in lower for word in MEMORY_WORDS):
        return None
    return None if faults_in(line) else line
