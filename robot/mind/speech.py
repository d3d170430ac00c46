"""Words and chirps that are wished for, and when they come out, each with its reason."""

from random import Random
from typing import NamedTuple

from robot.messages import Utterance
from robot.mind.persona import Persona
from robot.mind.reasons import Reasons
from robot.mind.wording import NOTICES, YIELD_S, Call, Wording

JOINED: dict[str, tuple[str, ...]] = {"hello": NOTICES}
"""Words that are said in one breath with others, where those wait too."""


QUESTIONS = frozenset({"offer", "fetch"})
"""Words that ask for a yes or a no."""

QUESTION_S = 12.0
"""An answer that comes later is no answer to it."""


class Said(NamedTuple):
    """What is said in one breath: the utterance, the key and phrase of all that is in it, and when.

    A name stands in the utterance alone; in the phrase it is `{name}`, so that nothing written down of it holds one.
    """

    utterance: Utterance
    phrases: tuple[tuple[str, str], ...]
    t_s: float


class Speech:
    """Decides what is uttered in a step."""

    def __init__(
        self, persona: Persona, language: str, say_again_after_s: float, reasons: Reasons, rng: Random
    ) -> None:
        self._persona = persona
        self._language = language
        self._say_again_after_s = say_again_after_s
        self._reasons = reasons
        self._call: Call | None = None
        self._chirped_s: dict[str, float] = {}
        self._held_until_s = float("-inf")
        self._answered = True
        self.last: Said | None = None
        self.wording = Wording(persona, language, say_again_after_s, rng)

    def hold(self, until_s: float) -> None:
        """Say nothing until then. What waits for its turn grows old meanwhile."""
        self._held_until_s = until_s
        self._call = None

    def cut(self, t_s: float) -> None:
        """Break off what is being said, and the chirp that waits: somebody else has the floor."""
        self._call = None
        self.wording.cut(t_s)

    def question(self, t_s: float) -> str | None:
        """The kind of words that asked for a yes or a no, and still wait for it."""
        if self._answered or self.last is None or t_s - self.last.t_s > QUESTION_S:
            return None
        return next((key for key, _ in reversed(self.last.phrases) if key in QUESTIONS), None)

    def answered(self) -> None:
        """The last question has its answer."""
        self._answered = True

    def adopt(self, persona: Persona, say_again_after_s: float) -> None:
        """Speak and chirp as another persona from now on."""
        self._persona, self._say_again_after_s = persona, say_again_after_s
        self.wording.adopt(persona, say_again_after_s)

    def speak(self, language: str) -> None:
        """Speak another language from now on: that of whoever is here."""
        self._language = language
        self.wording.speak(language)

    def be_quiet(self) -> None:
        """Forget every word and sound that waits."""
        self._call = None
        self.wording.forget()

    def call(self, t_s: float, chirp: str, why: str, because: str) -> None:
        """Ask for a chirp at the next pause; a newer call replaces an older one."""
        self._call = Call(chirp, t_s + YIELD_S, why, because)

    def call_for_state(self, t_s: float, state: str, why: str, because: str) -> None:
        """Ask for the chirp of a state that is entered, if it has one and did not sound lately."""
        chirp = self._persona.manner_in(state).chirp
        if chirp is not None and t_s - self._chirped_s.get(state, float("-inf")) >= self._say_again_after_s:
            self.call(t_s, chirp, why, because)
            self._chirped_s[state] = t_s

    def utter(self, t_s: float, person_speaking: bool, feeling: tuple[float, float], cited: list[str]) -> Said | None:
        """The words that are due, in a voice of this feeling (valence, arousal); their reasons are added to `cited`."""
        due = None if t_s < self._held_until_s else self.wording.due(t_s, person_speaking)
        if due is None:
            return None
        breath = [due]
        if (more := self.wording.join(t_s, *JOINED.get(due[0].key, ()))) is not None:
            breath.append(more)
        for wish, phrase in breath:
            text = f"I say “{phrase}” because {wish.why}"
            cited.append(self._reasons.add(t_s, "word", wish.key, text, (wish.because,), wish.cause))
        words = " ".join(phrase.replace("{name}", wish.name) if wish.name else phrase for wish, phrase in breath)
        phrases = tuple((wish.key, phrase) for wish, phrase in breath)
        self.last = Said(Utterance(words, self._language, *feeling), phrases, t_s)
        self._answered = not any(key in QUESTIONS for key, _ in phrases)
        return self.last

    def sound(self, t_s: float, person_speaking: bool, vocal: bool, cited: list[str]) -> str | None:
        """The chirp that is due. One over a speaking person would deafen the robot to the very voice it answers."""
        call = self._call
        if call is None or (person_speaking and t_s < call.until_s):
            return None
        self._call = None
        if t_s >= call.until_s or t_s < self._held_until_s or not vocal:
            return None
        text = f"I chirp {call.name} because {call.why}"
        cited.append(self._reasons.add(t_s, "sound", call.name, text, (call.because,)))
        return call.name
