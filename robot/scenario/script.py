"""The scenario file: a timeline of what comes in, and what must and must not happen. TOML, checked key by key.

Times are seconds from the start of the scenario. docs/recipes/write_a_scenario.md explains every key with examples.
"""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Literal, get_args

import msgspec
from msgspec import Meta

from robot.asked import Command
from robot.config import HandOffSettings, RobotSettings
from robot.errors import ScenarioError
from robot.messages import By, Rung, What
from robot.mind.acquaintance import Name
from robot.mind.faculties import REGIONS
from robot.mind.mood import UNSURE
from robot.mind.mood_labels import MOODS
from robot.mind.persona import Chirp, Light, Words
from robot.mind.reactions.talk import REPLY
from robot.mind.reactions.why import ANSWER
from robot.mind.statechart import BEHAVIOURS, HAND_OFFS

Seconds = Annotated[float, Meta(ge=0.0, le=86_400.0)]
Fraction = Annotated[float, Meta(ge=0.0, le=1.0)]
Part = Literal["ok", "off", "lost", "muted", "refused", "hot", "updating"]
Expression = Literal["neutral", "happiness", "surprise", "sadness", "anger", "disgust", "fear", "contempt"]
Tone = Literal["neutral", "happy", "sad", "angry"]
Event = Literal["laugh", "cry", "scream", "sigh"]

ANYTHING = "anything"
"""The value of `says` or `chirp` that means: whatever it is."""

STANDING = ("state", "mood", "light", "look", "faculty", "gaze", "hand_off", "rung")
EVENTS = ("says", "words", "chirp", "why")
"""What an expectation can look at: what holds for a while, and what happens at one moment."""


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A table of the file; an unknown key in it is an error, not ignored."""


class Cue(Table, frozen=True, kw_only=True):
    """Something that is there from `from_s` until just before `to_s`."""

    from_s: Seconds
    to_s: Seconds

    def __post_init__(self) -> None:
        if self.to_s <= self.from_s:
            raise ValueError(f"to_s = {self.to_s} must be later than from_s = {self.from_s}")


class FaceCue(Cue, frozen=True, kw_only=True):
    """A face in view. Without `expression` its feeling cannot be read.

    `sure` is the model's probability, `quality` how well the face can be read, `x` where its middle is (0 the left of
    the picture), `size` its width as a share of the picture's. `track` tells people apart. `looks` says whether it
    looks at the robot or away; without it that cannot be told, and neither can `eyes` nor `talking`.
    """

    expression: Expression | None = None
    sure: Fraction = 0.85
    quality: Fraction = 0.8
    x: Fraction = 0.5
    size: Annotated[float, Meta(gt=0.0, le=1.0)] = 0.3
    track: int = 1
    looks: Literal["at", "away"] | None = None
    eyes: Literal["open", "closed"] = "open"
    talking: bool = False


class SignCue(Table, frozen=True, kw_only=True):
    """At `at_s` a sign of head or hand is complete, given by the face `track`; `sure` is its confidence."""

    at_s: Seconds
    kind: Literal[
        "nod",
        "shake",
        "tilt",
        "lean_in",
        "lean_away",
        "wave",
        "open_palm",
        "thumb_up",
        "thumb_down",
        "pointing",
        "victory",
        "fist",
    ]
    track: int = 1
    sure: Fraction = 0.8


class VoiceCue(Cue, frozen=True, kw_only=True):
    """Sound. `speaking = false` is noise that is no speech; `own_noise` is how much of it the robot made itself.

    With `event` it is a sound without words, and `sure` is of that; `tone` is then what the model makes of it as if it
    were speech. With `over_own` somebody talks over the robot's own voice.
    """

    tone: Tone | None = None
    event: Event | None = None
    sure: Fraction = 0.8
    speaking: bool = True
    own_noise: Fraction = 0.0
    over_own: bool = False
    quality: Fraction = 0.8


class HealthCue(Table, frozen=True, kw_only=True):
    """From `at_s` on, the named parts are like this."""

    at_s: Seconds
    camera: Part | None = None
    microphone: Part | None = None
    speaker: Part | None = None
    servos: Part | None = None
    lights: Part | None = None
    face_expression: Part | None = None
    voice_tone: Part | None = None
    memory: Part | None = None
    words: Part | Literal["missing"] | None = None
    fleet: Part | None = None
    hand_off: Part | None = None

    def parts(self) -> dict[str, str]:
        """The parts that this cue changes."""
        named = {name: getattr(self, name) for name in self.__struct_fields__ if name != "at_s"}
        return {name: value for name, value in named.items() if value is not None}


class AskCue(Table, frozen=True, kw_only=True):
    """At `at_s` somebody asks `what` of the robot; `value` and `by` as in `robot.messages.Request`."""

    at_s: Seconds
    what: What
    value: str = ""
    by: By = "page"


class HeardCue(Table, frozen=True, kw_only=True):
    """At `at_s` these words were understood, or this spoken command."""

    at_s: Seconds
    words: str = ""
    command: Command | None = None

    def __post_init__(self) -> None:
        if bool(self.words) == (self.command is not None):
            raise ValueError("give either words or a command")


class Known(Table, frozen=True, kw_only=True):
    """Somebody who is remembered from before, and what is kept of them (`robot.mind.acquaintance.Acquaintance`)."""

    name: Name
    language: Literal["en", "de"] = "en"
    greeting: str = ""
    code_word: str = ""
    token: str = ""
    preferences: dict[str, str] = {}


class Clause(Table, frozen=True, kw_only=True):
    """What is looked for in the window `between`: at least one kind of thing, each judged by itself."""

    between: tuple[Seconds, Seconds]
    state: str | None = None
    mood: str | None = None
    light: str | None = None
    look: str | None = None
    faculty: str | None = None
    gaze: Literal["left", "ahead", "right"] | None = None
    hand_off: str | None = None
    rung: Rung | None = None
    says: str | None = None
    words: str | None = None
    chirp: str | None = None
    why: str | None = None

    def __post_init__(self) -> None:
        if self.between[1] < self.between[0]:
            raise ValueError(f"between = {list(self.between)}: the second time must not be before the first")
        if not self.wanted():
            raise ValueError(f"names nothing to look for; add one of {', '.join(STANDING + EVENTS)}")

    def wanted(self) -> list[tuple[str, str]]:
        """Kind and value of everything that this clause looks for."""
        return [(kind, value) for kind in STANDING + EVENTS if (value := getattr(self, kind)) is not None]


class Expect(Clause, frozen=True, kw_only=True):
    """What must hold at some moment of the window, or `throughout` it; or happen so many times."""

    throughout: bool = False
    at_least: Annotated[int, Meta(ge=1)] | None = None
    at_most: Annotated[int, Meta(ge=0)] | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.throughout and any(kind in EVENTS for kind, _ in self.wanted()):
            raise ValueError("throughout: words, chirps and reasons happen at one moment; leave throughout out")


class Never(Clause, frozen=True, kw_only=True):
    """What must not hold at any moment of the window."""


class Scenario(Table, frozen=True, kw_only=True):
    """A whole file. `about` is one sentence that says what must be true; `robot` who and where the robot is.

    `hand_off` says how a person can be called from there, `remembers` who is remembered from before.
    """

    about: Annotated[str, Meta(min_length=1)]
    duration_s: Annotated[float, Meta(gt=0.0, le=86_400.0)]
    robot: RobotSettings = RobotSettings()
    hand_off: HandOffSettings = HandOffSettings()
    remembers: tuple[Name | Known, ...] = ()
    face: tuple[FaceCue, ...] = ()
    voice: tuple[VoiceCue, ...] = ()
    health: tuple[HealthCue, ...] = ()
    ask: tuple[AskCue, ...] = ()
    sign: tuple[SignCue, ...] = ()
    heard: tuple[HeardCue, ...] = ()
    expect: tuple[Expect, ...] = ()
    never: tuple[Never, ...] = ()


KNOWN: dict[str, frozenset[str]] = {
    "state": BEHAVIOURS,
    "mood": frozenset(MOODS) | {UNSURE},
    "light": frozenset(get_args(Light)),
    "faculty": frozenset().union(*REGIONS),
    "hand_off": HAND_OFFS,
    "says": frozenset(Words.__struct_fields__) | {ANSWER, ANYTHING, REPLY},
    "chirp": frozenset(get_args(Chirp)) | {ANYTHING},
}
"""What each kind can be. A misspelt `never` would hold for ever, so names are checked."""


def read_scenario(path: Path) -> Scenario:
    """Read a scenario file.

    Raises:
        ScenarioError: no such file, not TOML, or a key or value that does not fit; names the line.
    """
    try:
        text = path.read_text(encoding="utf-8")
        scenario = msgspec.convert(tomllib.loads(text), Scenario)
    except FileNotFoundError:
        raise ScenarioError(f"{path}: no such file; name a scenario, for example tests/scenarios/smile.toml") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ScenarioError(f"{path}: cannot be read as text ({error}); name a scenario file") from None
    except tomllib.TOMLDecodeError as error:
        raise ScenarioError(f"{path}: not TOML: {error}; mend that line") from None
    except msgspec.ValidationError as error:
        raise ScenarioError(_explain(path, text, str(error))) from None
    fault = _fault(scenario)
    if fault is not None:
        where, what = fault
        raise ScenarioError(f"{path}{_at_line(text, where)}: {what}")
    return scenario


def _fault(scenario: Scenario) -> tuple[str, str] | None:
    """The first thing that fits the format and yet cannot be meant: where, and what is wrong."""
    if not scenario.expect and not scenario.never:
        return "", "expects nothing; add an [[expect]] or [[never]] table"
    for name, clauses in (("expect", scenario.expect), ("never", scenario.never)):
        for index, clause in enumerate(clauses):
            place = f"{name}[{index}]"
            if clause.between[1] > scenario.duration_s:
                return f"{place}.between", f"between: {clause.between[1]} s is after the end, {scenario.duration_s} s"
            for kind, value in clause.wanted():
                known = KNOWN.get(kind)
                if known is not None and value not in known:
                    return (
                        f"{place}.{kind}",
                        f"{kind}: {value!r} is not known; choose one of {', '.join(sorted(known))}",
                    )
    return None


def _explain(path: Path, text: str, message: str) -> str:
    """Turn msgspec's `Expected ... - at `$.face[1].sure`` into `file, line 9: sure: expected ...`."""
    what, _, where = message.partition(" - at `$")
    place = where.rstrip("`").removeprefix(".")
    unknown = re.search(r"unknown field `([^`]+)`", what)
    if unknown:
        place = f"{place}.{unknown[1]}".removeprefix(".")
        what = f"{unknown[1]!r} is not a key of a scenario; see docs/recipes/write_a_scenario.md"
        return f"{path}{_at_line(text, place)}: {what}"
    key = place.rpartition(".")[2]
    return f"{path}{_at_line(text, place)}: {key + ': ' if key else ''}{what[0].lower()}{what[1:]}"


def _at_line(text: str, place: str) -> str:
    """`, line 9` for a place such as `face[1].sure`, `robot.place` or `duration_s`; empty if it cannot be told."""
    path = re.fullmatch(r"(?:(?P<table>\w+)(?:\[(?P<index>\d+)\])?)?(?:\.?(?P<key>\w+)(?:\[\d+\])?)?", place)
    if path is None or not place:
        return ""
    table, key = path["table"], path["key"]
    if key is None and path["index"] is None:
        table, key = None, table
    wanted = (table, int(path["index"] or 0))
    seen: dict[str, int] = {}
    current: tuple[str | None, int] = (None, 0)
    found = None
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r"\s*\[+\s*(\w+)\s*\]+", line)
        if header:
            current = (header[1], seen.get(header[1], -1) + 1)
            seen[header[1]] = current[1]
        if header and (current == wanted or (table is None and header[1] == key)):
            found = found or number
        if current == wanted and key and re.match(rf"\s*[\"']?{key}[\"']?\s*=", line):
            return f", line {number}"
    return f", line {found}" if found else ""
