"""Somebody wants to be remembered, or forgotten, or is known again.

Only where consent and place let the robot remember at all, and only after a yes that was said or pressed: a nod may be
chance, and who asks from afar is not the one who is here. Names are heard from `overhear`, since the words of a person
are no message; they stand in no reason that is not words said aloud.
"""

from collections.abc import Callable
from random import Random
from typing import Literal

import msgspec

from robot.consent import DELIBERATE
from robot.messages import Consent, HeardCommand, Request
from robot.mind.acquaintance import (
    Acquaintance,
    Memory,
    introduced,
    known_by_code,
    known_by_name,
    known_by_token,
    tidy_name,
)
from robot.mind.blackboard import Blackboard, Step
from robot.mind.statechart import ENGAGED

ASK_S = 30.0
"""A question about being remembered that is not answered within this time is taken for a no."""

KEEP_WORDS_S = 20.0

LOUDNESS: dict[str, float] = {"quieter": 0.6, "louder": 1.3}
"""What the preference `voice` of somebody means, as a share of the usual loudness."""

Rest = tuple[dict[str, float], dict[str, float]]
"""How somebody looks and sounds at rest, as in `robot.mind.baseline`."""


class Remembering:
    """Who is here, of those who are remembered. `memory` None: nobody is ever remembered here."""

    def __init__(self, memory: Memory | None, allowed: bool, rest: Callable[[], Rest], rng: Random) -> None:
        self._memory = memory
        self.allowed = allowed
        self._rest = rest
        self._rng = rng
        self._heard: list[str] = []
        self._question = ""
        self._asked_s = 0.0
        self._name = ""
        self._own: tuple[str, float] | None = None
        self.known: Acquaintance | None = None

    def overhear(self, text: str) -> None:
        """Listen for a name or code word in what somebody said; forgotten with this step."""
        if self.allowed and self._memory is not None:
            self._heard.append(text)

    def react(self, board: Blackboard, step: Step) -> None:
        """Take in what was said and asked for."""
        heard, self._heard = self._heard, []
        for signal in step.signals:
            match signal:
                case Consent(rung=rung):
                    self._move(board, rung == "remember")
                case HeardCommand(name=what):
                    self._answer(board, step, what, "", signal.id)
                case Request(what=what, value=value, by=by) if by in DELIBERATE:
                    self._answer(board, step, what, value, signal.id)
        if self.allowed and self._memory is not None and board.now.state in ENGAGED:
            self._memory.open()
            for text in heard:
                self._listen(board, step, text)
        if self._question and step.t_s - self._asked_s >= ASK_S:
            self._question = ""
        if any(after == "alone" for _, _, after in step.transitions):
            self._part()
            self._as_usual(board)

    def _move(self, board: Blackboard, allowed: bool) -> None:
        """The rung has moved; below that of memory nobody here is known any more."""
        self.allowed = allowed
        if not allowed:
            self._as_usual(board)
            self.known = None
            self._question = self._name = ""

    def _answer(self, board: Blackboard, step: Step, what: str, value: str, because: str) -> None:
        match what, self._question:
            case "remember", _:
                self._ask(board, step, because)
            case "forget", _:
                self._forget(board, step, because)
            case "yes", "may_i":
                self._say_yes(board, step, because)
            case "no", "may_i":
                self._question = ""
                self._say(board, step, "remember_declined", "you said no", because)
            case "name", _ if value and self._usable():
                self._take_name(board, step, tidy_name(value), because)
            case "token", _ if value and self._usable() and self._memory is not None:
                self._meet(board, step, known_by_token(value, self._memory.people()), "you showed your token", because)

    def _ask(self, board: Blackboard, step: Step, because: str) -> None:
        if not self.allowed or self._memory is None:
            self._say(board, step, "remember_not_here", "I may remember nobody here", because)
            return
        self._memory.open()
        if self._memory.state == "lost":
            self._say(board, step, "remember_broken", "my memory is lost", because)
            return
        self._question, self._asked_s = "may_i", step.t_s
        self._say(board, step, "remember_ask", "you want to be remembered", because)

    def _say_yes(self, board: Blackboard, step: Step, because: str) -> None:
        self._question, self._asked_s = "name", step.t_s
        if self._name:
            self._take_name(board, step, self._name, because)
        else:
            self._say(board, step, "remember_name", "you said yes", because)

    def _listen(self, board: Blackboard, step: Step, text: str) -> None:
        if self._memory is None:
            return
        name = introduced(text) or (tidy_name(text) if self._question == "name" else "")
        if name:
            self._take_name(board, step, name, board.state_id)
        elif self.known is None:
            self._meet(
                board, step, known_by_code(text, self._memory.people()), "you said your code word", board.state_id
            )

    def _take_name(self, board: Blackboard, step: Step, name: str, because: str) -> None:
        """A name: of somebody to be remembered, or of somebody who is."""
        if not name or self._memory is None:
            return
        self._name = name
        if self._question == "name":
            self._keep(board, step, name, because)
        elif self.known is None:
            self._meet(board, step, known_by_name(name, self._memory.people()), "you said your name", because)

    def _keep(self, board: Blackboard, step: Step, name: str, because: str) -> None:
        if self._memory is None:
            return
        self._question = ""
        face, voice = self._rest()
        known = self.known or known_by_name(name, self._memory.people())  # who is known by name alone is the same
        same = known.id if known is not None else f"{self._rng.getrandbits(64):016x}"
        language: Literal["en", "de"] = "de" if board.language == "de" else "en"
        person = Acquaintance(id=same, name=name, language=language, face_rest=face, voice_rest=voice)
        if known is not None:
            person = msgspec.structs.replace(known, name=name, face_rest=face, voice_rest=voice)
        self._memory.keep(person)
        self.known = person
        self._note(board, step, "I remember somebody because they asked me to and said yes", because)
        self._tell(board, step, "remember_done", name, "you said yes")

    def _meet(self, board: Blackboard, step: Step, person: Acquaintance | None, why: str, because: str) -> None:
        if person is None or (self.known is not None and self.known.id == person.id):
            return
        self.known = person
        self._note(board, step, f"I know somebody again because {why}", because)
        self._suit(board, person)
        board.speech.wording.drop("hello", "hello_voice")
        if person.greeting:
            phrase = person.greeting.replace(person.name, "{name}")
            self._tell_phrase(board, step, "hello_again", phrase, person.name, why)
        else:
            self._tell(board, step, "hello_again", person.name, why)

    def _suit(self, board: Blackboard, person: Acquaintance) -> None:
        """Be with them as they like it, for as long as they are here."""
        self._own = self._own or (board.language, board.loudness)
        board.speak(person.language)
        board.loudness = LOUDNESS.get(person.preferences.get("voice", ""), board.loudness)

    def _as_usual(self, board: Blackboard) -> None:
        """They are no longer here, or may no longer be known."""
        if self._own is not None:
            language, board.loudness = self._own
            board.speak(language)
            self._own = None

    def _forget(self, board: Blackboard, step: Step, because: str) -> None:
        self._question = self._name = ""
        if self.known is None or self._memory is None:
            self._say(board, step, "forget_nothing", "you want to be forgotten", because)
            return
        self._memory.forget(self.known.id)
        self.known = None
        self._note(board, step, "I forget somebody because they asked me to", because)
        self._say(board, step, "forgotten", "you want to be forgotten", self._because)

    def _part(self) -> None:
        """They have gone: what is new of how they look at rest is kept, and nobody is here."""
        if self.known is not None and self._memory is not None and self.allowed:
            face, voice = self._rest()
            if face or voice:
                fresh = msgspec.structs.replace(
                    self.known, face_rest=face or self.known.face_rest, voice_rest=voice or self.known.voice_rest
                )
                self._memory.keep(fresh)
        self.known = None
        self._question = self._name = ""

    def _usable(self) -> bool:
        return self.allowed and self._memory is not None

    def _note(self, board: Blackboard, step: Step, text: str, because: str) -> None:
        self._because = board.reasons.add(step.t_s, "memory", "person", text, (because,) if because else ())
        step.cited.append(self._because)

    def _say(self, board: Blackboard, step: Step, key: str, why: str, because: str) -> None:
        board.speech.wording.wish(step.t_s, key, why, because, urgent=True, keep_s=KEEP_WORDS_S)
        step.cited.append(because)
        step.answered = True

    def _tell(self, board: Blackboard, step: Step, key: str, name: str, why: str) -> None:
        self._tell_phrase(board, step, key, board.speech.wording.pick(key), name, why)

    def _tell_phrase(self, board: Blackboard, step: Step, key: str, phrase: str, name: str, why: str) -> None:
        board.speech.wording.tell(step.t_s, key, phrase, why, self._because, keep_s=KEEP_WORDS_S, name=name)
        step.answered = True
