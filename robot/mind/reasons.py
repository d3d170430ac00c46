"""Why the robot did something: a ring of reasons that lead back, link by link, to what was seen and heard.

Each change of mood, state, expression, word, sound, light or health is one `Reason`. Between them stand messages (a
mood, a sighting, a hop of sound) that get a sentence only when something cites them, so the ring is not flooded by
percepts.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from robot.messages import Heard, HeardCommand, HeardTone, Hearing, Percept, Reason, Request, SeenFace
from robot.mind.rested import RestedPercept

CAPACITY = 2000
"""Sentences remembered: hours of company, since only changes are kept; well under 1 MB."""


class Cause(NamedTuple):
    """What a reason gives as its cause, for answers in any language: a key of `robot.mind.answers`, and its number."""

    key: str
    figure: float = 0.0


NO_CAUSE = Cause("")


class Sentence(NamedTuple):
    """One link of a chain: plain words, and the ids of the links behind it.

    `kind` and `what` are those of a `Reason`, or `mood` with its label; a percept has none. `cause` is why, where it is
    one that can be told in other words; of a mood its `figure` is the confidence.
    """

    text: str
    because: tuple[str, ...]
    kind: str = ""
    what: str = ""
    cause: Cause = NO_CAUSE


class Clue(NamedTuple):
    """A percept that may be cited later: the id of its message, and what it showed in plain words."""

    id: str
    text: str


class Reasons:
    """The recorder that the mind writes to and the companion drains into the report."""

    def __init__(self, capacity: int = CAPACITY) -> None:
        self._capacity = capacity
        self._sentences: dict[str, Sentence] = {}
        self._fresh: deque[Reason] = deque(maxlen=capacity)
        self._count = 0

    def add(
        self, t_s: float, kind: str, what: str, text: str, because: Iterable[str] = (), cause: Cause = NO_CAUSE
    ) -> str:
        """Write one reason and give its id. `kind` and `what` as in `robot.messages.Reason`, `cause` in `Sentence`."""
        reason = Reason(f"r{self._count}", round(t_s, 6), kind, what, text, tuple(because))
        self._count += 1
        self._fresh.append(reason)
        self._keep(reason.id, Sentence(text, reason.because, kind, what, cause))
        return reason.id

    def note(self, message_id: str, text: str, because: Iterable[str] = ()) -> str:
        """Give a message its sentence, so that a chain can pass through it, and give its id back."""
        return self._keep(message_id, Sentence(text, tuple(because)))

    def note_mood(self, mood_id: str, label: str, confidence: float, text: str, because: Iterable[str]) -> str:
        """Give a mood its sentence, with its label and how sure it is."""
        return self._keep(mood_id, Sentence(text, tuple(because), "mood", label, Cause(label, confidence)))

    def cite(self, *clues: Clue) -> tuple[str, ...]:
        """Note these clues and give their ids, each once, for a `because`."""
        return tuple(dict.fromkeys(self.note(clue.id, clue.text) for clue in clues))

    def forget(self) -> None:
        """Let go of every sentence; chains from now on begin anew."""
        self._sentences.clear()

    def drain(self) -> list[Reason]:
        """The reasons written since the last drain, oldest first."""
        fresh = list(self._fresh)
        self._fresh.clear()
        return fresh

    def get(self, message_id: str) -> Sentence | None:
        """The sentence of a reason or message; None if it has left the ring, or never was in it."""
        return self._sentences.get(message_id)

    def newest(self) -> Iterator[tuple[str, Sentence]]:
        """Everything in the ring with its id, the newest first."""
        yield from reversed(self._sentences.items())

    def _keep(self, message_id: str, sentence: Sentence) -> str:
        self._sentences.pop(message_id, None)
        self._sentences[message_id] = sentence
        if len(self._sentences) > self._capacity:
            del self._sentences[next(iter(self._sentences))]
        return message_id

    def __contains__(self, message_id: str) -> bool:
        return message_id in self._sentences

    def explain(self, message_id: str) -> list[str]:
        """The chain behind a reason, mood, intent or percept: one sentence a line, each cause after what it explains.

        A link that has left the ring, or never was in it, says so.
        """
        lines: list[str] = []
        said: set[str] = set()
        waiting = [message_id]
        while waiting:
            link = waiting.pop()
            if link in said:
                continue
            said.add(link)
            sentence = self._sentences.get(link)
            if sentence is None:
                lines.append(f"What {link} was, I no longer remember.")
                continue
            lines.append(sentence.text)
            waiting.extend(reversed(sentence.because))
        return lines


def face_clue(sighting_id: str, face: SeenFace) -> Clue:
    """A seen face in plain words."""
    looked = "" if face.expression is None else f" that looked {_guess(face.expression, 'looks')}"
    return Clue(sighting_id, f"I saw a face{looked}")


def voice_clue(hearing: Hearing) -> Clue:
    """A hop of sound in plain words."""
    if hearing.tone is not None:
        return Clue(hearing.id, f"I heard a voice that sounded {_guess(hearing.tone, 'sounds')}")
    return Clue(hearing.id, f"I heard a voice ({hearing.level_dbfs:.0f} dBFS)")


def heard_clue(heard: Heard) -> Clue:
    """What was understood of speech: a command by its name, words by what they seem to mean and never as they were."""
    if isinstance(heard, HeardCommand):
        return Clue(heard.id, f"I heard the command “{heard.name}” ({heard.confidence:.2f} sure)")
    if isinstance(heard, HeardTone):
        lasted_s, guess = heard.ended_s - heard.began_s, _guess(heard.tone, "sounds")
        what = "a sound" if heard.tone.is_wordless else "speech"
        return Clue(heard.id, f"I heard {lasted_s:.1f} s of {what} that as a whole sounded {guess}")
    about = "" if heard.topic is None else f" about {heard.topic}"
    felt = "" if heard.feeling is None else f", and they were {_guess(heard.feeling, 'sounds')}"
    return Clue(heard.id, f"I heard {heard.words} words ({heard.intent}{about}, {heard.confidence:.2f} sure){felt}")


def request_clue(request: Request) -> Clue:
    """What somebody asked, in plain words."""
    asked = REQUEST_WORDS[request.what].format(request.value)
    return Clue(request.id, f"Somebody asked me {asked} {BY_WORDS[request.by]}")


def signal_clue(signal: Heard | Request) -> Clue:
    """A signal in plain words."""
    return request_clue(signal) if isinstance(signal, Request) else heard_clue(signal)


def _guess(percept: Percept, does: str) -> str:
    """`happy (0.83 sure, quality 0.70)`, or `neutral (...), sad at first, but so it looks at rest`."""
    text = f"{_plain(percept.label)} ({percept.confidence:.2f} sure, quality {percept.quality:.2f})"
    if isinstance(percept, RestedPercept) and percept.at_first != percept.label:
        text += f", {_plain(percept.at_first)} at first, but so it {does} at rest"
    return text


def _plain(label: str) -> str:
    return PLAIN_LABELS.get(label, label)


REQUEST_WORDS: dict[str, str] = {
    "louder": "to speak up",
    "quieter": "to speak softly",
    "sleep": "to sleep",
    "wake": "to wake up",
    "why": "why I did what I did",
    "person": "for a person",
    "coming": "to say that somebody is on the way",
    "handed_over": "to leave it to a person",
    "yes": "to go on, and said yes",
    "no": "not to, and said no",
    "consent": "to go to the rung “{}”",
    "mute": "to turn my mute {}",
    "stop": "to stop",
    "like": "to note that they liked what I said",
    "dislike": "to note that they did not like what I said",
    "remember": "to remember them",
    "forget": "to forget them",
    "name": "to take in their name",
    "token": "to look at their token",
}
"""Each `Request.what` as the end of *somebody asked me ...*; `{}` is its value."""

BY_WORDS: dict[str, str] = {
    "voice": "aloud",
    "gesture": "with a sign",
    "page": "on the page",
    "command": "from a terminal",
    "board": "with a button",
    "fleet": "from afar",
}

PLAIN_LABELS: dict[str, str] = {
    "happiness": "happy",
    "surprise": "surprised",
    "sadness": "sad",
    "anger": "angry",
    "disgust": "disgusted",
    "fear": "afraid",
    "contempt": "contemptuous",
    "laugh": "like a laugh",
    "cry": "like crying",
    "scream": "like a scream",
    "sigh": "like a sigh",
}
"""Model labels that are nouns, as what follows *looked* or *sounded*; other labels are used as they are."""
