"""A persona: how the robot looks, lights and words each state, and its temperament. One file each in personas/."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from robot.config import BehaviourSettings, Config, MoodSettings, MotionSettings, Section, VoiceSettings
from robot.errors import ConfigError
from robot.mind.toml_line import line_of

PERSONAS = Path(__file__).parent / "personas"

Light = Literal["off", "breathe", "notice", "warm", "soft", "calm", "curious", "farewell", "sleep", "fault"]
Chirp = Literal["hello", "happy", "soothe", "curious", "farewell", "yawn", "fault"]
Phrases = Annotated[tuple[Annotated[str, Meta(min_length=1, max_length=160)], ...], Meta(min_length=1)]
Signed = Annotated[float, Meta(ge=-1.0, le=1.0)]
Fraction = Annotated[float, Meta(ge=0.0, le=1.0)]


class Manner(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the robot is in one state.

    `look` is an adjective for the reasons ("I look happy"). `valence` and `arousal` -1..1 are what the face shows,
    moved towards the person's own mood by `mirror` 0..1 of the way. `liveliness` 0..1 scales the habits. `chirp` is
    played on entering.
    """

    look: Annotated[str, Meta(min_length=1, max_length=40)]
    valence: Signed
    arousal: Signed
    light: Light
    liveliness: Fraction
    mirror: Fraction = 0.0
    chirp: Chirp | None = None

    def show(self, valence: float, arousal: float) -> tuple[float, float]:
        """The (valence, arousal) to show to a person whose mood is at (`valence`, `arousal`), in steps of 0.05."""
        return _step(self.valence, valence, self.mirror), _step(self.arousal, arousal, self.mirror)


class Manners(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One manner for each leaf of the `behaviour` region."""

    asleep: Manner
    alone: Manner
    noticing: Manner
    attending: Manner
    sharing_joy: Manner
    comforting: Manner
    calming: Manner
    curious: Manner
    parting: Manner


class Words(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Phrases in one language: for greetings, for states that speak, for waiting, and for faults and what mends them.

    `notice` tells a new face, once in a visit, that feelings are read here; `notice_private` that only presence is.
    `filler` is said while somebody waits for an answer, `offer` when they have waited for long (`listening` and
    `as_you_like` after a yes and a no to it), `fetch` offers to get a person. From `crisis` on they belong to
    `robot.mind.reactions.hand_off`: `crisis` answers words that a person must hear of, and `crisis_alone`,
    `fetch_alone` are said where nobody can be called. `help_line` comes from the settings. `consent_...` answers
    whoever moves the rung of consent, `refused_...` whoever asks for more than may be.
    From `remember_ask` on they belong to `robot.mind.reactions.remembering`; `{name}` in them is a name.
    """

    hello: Phrases
    hello_voice: Phrases
    sharing_joy: Phrases
    comforting: Phrases
    calming: Phrases
    curious: Phrases
    parting: Phrases
    notice: Phrases
    notice_private: Phrases
    filler: Phrases
    listening: Phrases
    as_you_like: Phrases
    offer: Phrases
    fetch: Phrases
    crisis: Phrases
    crisis_alone: Phrases
    fetch_alone: Phrases
    calling: Phrases
    calling_still: Phrases
    coming: Phrases
    unanswered: Phrases
    handed_over: Phrases
    fetch_declined: Phrases
    fetch_misunderstood: Phrases
    remember_ask: Phrases
    remember_name: Phrases
    remember_done: Phrases
    remember_declined: Phrases
    remember_not_here: Phrases
    remember_broken: Phrases
    hello_again: Phrases
    forgotten: Phrases
    forget_nothing: Phrases
    blind: Phrases
    seeing: Phrases
    deaf: Phrases
    hearing: Phrases
    unreading: Phrases
    reading: Phrases
    limp: Phrases
    able: Phrases
    degraded: Phrases
    hot: Phrases
    updating: Phrases
    muted: Phrases
    unmuted: Phrases
    consent_off: Phrases
    consent_presence: Phrases
    consent_feelings: Phrases
    consent_remember: Phrases
    refused_person: Phrases
    refused_place: Phrases
    help_line: tuple[str, ...] = ()


class Languages(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same words in every language of `robot.config.RobotSettings`."""

    en: Words
    de: Words


class Persona(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A complete persona. `about` is one sentence for a list of personas.

    `mood`, `behaviour`, `voice` and `motion` hold settings that replace those of the configuration's sections of the
    same name: thresholds, dwell times, when to fetch a person, loudness, liveliness.
    """

    name: Annotated[str, Meta(min_length=1, max_length=40)]
    about: str
    manner: Manners
    words: Languages
    mood: dict[str, Any] = {}
    behaviour: dict[str, Any] = {}
    voice: dict[str, Any] = {}
    motion: dict[str, Any] = {}

    def manner_in(self, state: str) -> Manner:
        """The manner of a leaf state."""
        manner: Manner = getattr(self.manner, state)
        return manner

    def phrases(self, key: str, language: str) -> tuple[str, ...]:
        """The phrases for a key in a language; none for a state that has nothing to say."""
        found: tuple[str, ...] = getattr(getattr(self.words, language), key, ())
        return found


TEMPERAMENT: dict[str, type[Section]] = {
    "mood": MoodSettings,
    "behaviour": BehaviourSettings,
    "voice": VoiceSettings,
    "motion": MotionSettings,
}
"""The sections of the configuration that a persona may replace values of."""

OPERATORS_OWN = frozenset({"voice.engine", "motion.tick_hz"})
"""Settings of these sections that belong to the machine and its operator, not to a temperament."""


def persona_path(name: str) -> Path:
    """Where the persona of that name lies; a name that ends in .toml is a path."""
    return Path(name) if name.endswith(".toml") else PERSONAS / f"{name}.toml"


def load_persona(name: str) -> Persona:
    """Load `robot/mind/personas/<name>.toml`, or the file itself where `name` is a path ending in .toml.

    Raises:
        ConfigError: no such persona, not TOML, or a key or value that does not fit; names file, line and key.
    """
    path = persona_path(name)
    try:
        text = path.read_text(encoding="utf-8")
        persona = msgspec.convert(tomllib.loads(text), Persona)
    except FileNotFoundError:
        known = ", ".join(sorted(file.stem for file in PERSONAS.glob("*.toml")))
        raise ConfigError(f"persona {name!r}: no file {path}; choose one of {known}, or give a .toml file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as text ({error}); name a readable persona file") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}; mend that line") from None
    except msgspec.ValidationError as error:
        raise ConfigError(f"{_explain(path, text, str(error))}; compare with {PERSONAS / 'companion.toml'}") from None
    for section, settings in TEMPERAMENT.items():
        table: dict[str, Any] = getattr(persona, section)
        own = next((key for key in table if f"{section}.{key}" in OPERATORS_OWN), None)
        if own is not None:
            where = _where(path, text, f"{section}.{own}")
            raise ConfigError(f"{where}: {section}.{own}: belongs to the machine; set it in the configuration")
        try:
            msgspec.convert(table, settings)
        except msgspec.ValidationError as error:
            raise ConfigError(
                f"{_explain(path, text, str(error), section)}; see docs/reference/configuration.md"
            ) from None
    return persona


def with_persona(config: Config, persona: Persona | None = None) -> Config:
    """`config` with the settings that its persona replaces. Applying a persona twice changes nothing more.

    Raises:
        ConfigError: the persona of the configuration is missing or wrong.
    """
    persona = persona or load_persona(config.robot.persona)
    changed = {}
    for section, settings in TEMPERAMENT.items():
        table: dict[str, Any] = getattr(persona, section)
        given = msgspec.convert(table, settings)
        values = {key: getattr(given, key) for key in table}
        changed[section] = msgspec.structs.replace(getattr(config, section), **values)
    return msgspec.structs.replace(config, **changed)


def _explain(path: Path, text: str, message: str, section: str = "") -> str:
    """Turn msgspec's `Expected ... - at `$.manner.alone`` into `file, line 9: manner.alone: expected ...`."""
    what, _, where = message.partition(" - at `$")
    place = f"{section}{where.rstrip('`')}".removeprefix(".")
    unknown = re.search(r"unknown field `([^`]+)`", what)
    spot = f"{place}.{unknown[1]}".removeprefix(".") if unknown else place
    key = f"{place}: " if place else ""
    return f"{_where(path, text, spot)}: {key}{what[0].lower()}{what[1:]}"


def _where(path: Path, text: str, place: str) -> str:
    line = line_of(text, place)
    return str(path) if line is None else f"{path}, line {line}"


def _step(own: float, theirs: float, mirror: float) -> float:
    """`own` moved `mirror` of the way to `theirs`, to the nearest 0.05, within -1..1."""
    return min(1.0, max(-1.0, round((own + mirror * (theirs - own)) * 20) / 20))
