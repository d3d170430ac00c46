"""A persona: how the robot looks, lights and words each state. One TOML file each in robot/mind/personas/."""

import tomllib
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from robot.errors import ConfigError

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
    """Phrases in one language: for greetings, for states that speak, and for faults and what mends them."""

    hello: Phrases
    hello_voice: Phrases
    sharing_joy: Phrases
    comforting: Phrases
    calming: Phrases
    curious: Phrases
    parting: Phrases
    blind: Phrases
    seeing: Phrases
    deaf: Phrases
    hearing: Phrases
    unreading: Phrases
    reading: Phrases
    limp: Phrases
    able: Phrases


class Languages(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The same words in every language of `robot.config.RobotSettings`."""

    en: Words
    de: Words


class Persona(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A complete persona. `about` is one sentence for a list of personas."""

    name: Annotated[str, Meta(min_length=1, max_length=40)]
    about: str
    manner: Manners
    words: Languages

    def manner_in(self, state: str) -> Manner:
        """The manner of a leaf state."""
        manner: Manner = getattr(self.manner, state)
        return manner

    def phrases(self, key: str, language: str) -> tuple[str, ...]:
        """The phrases for a key in a language; none for a state that has nothing to say."""
        found: tuple[str, ...] = getattr(getattr(self.words, language), key, ())
        return found


def load_persona(name: str) -> Persona:
    """Load `robot/mind/personas/<name>.toml`, or the file itself where `name` is a path ending in .toml.

    Raises:
        ConfigError: no such persona, not TOML, or a key or value that does not fit; names file and key.
    """
    path = Path(name) if name.endswith(".toml") else PERSONAS / f"{name}.toml"
    try:
        return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Persona)
    except FileNotFoundError:
        known = ", ".join(sorted(file.stem for file in PERSONAS.glob("*.toml")))
        raise ConfigError(f"persona {name!r}: no file {path}; choose one of {known}, or give a .toml file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read as text ({error}); name a readable persona file") from None
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{path}: not TOML: {error}; mend that line") from None
    except msgspec.ValidationError as error:
        raise ConfigError(f"{path}: {_plain(str(error))}; compare with {PERSONAS / 'companion.toml'}") from None


def _plain(message: str) -> str:
    """Turn msgspec's `Expected ... - at `$.manner.alone`` into `manner.alone: expected ...`."""
    text, _, where = message.partition(" - at `$.")
    key = where.rstrip("`")
    return f"{key}: {text[0].lower()}{text[1:]}" if key else text[0].lower() + text[1:]


def _step(own: float, theirs: float, mirror: float) -> float:
    """`own` moved `mirror` of the way to `theirs`, to the nearest 0.05, within -1..1."""
    return min(1.0, max(-1.0, round((own + mirror * (theirs - own)) * 20) / 20))
