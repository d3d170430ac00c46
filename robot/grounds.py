"""What a reason rests on beside percepts: the persona's line behind a look, light, word or sound, and the thresholds.

Persona and thresholds are those of the recorded configuration, read as they are on this machine now.
"""

import re
import tomllib

import msgspec

from robot.config import Config
from robot.errors import ConfigError
from robot.messages import Reason
from robot.mind.mood import UNSURE
from robot.mind.persona import persona_path, with_persona
from robot.mind.reactions.talk import REPLY
from robot.mind.talk.phrases import key_of, replies_path, replybook
from robot.mind.toml_line import line_of

THRESHOLDS: tuple[tuple[str, str], ...] = (
    ("in view for", "behaviour.notice_s"),
    ("heard you for", "behaviour.notice_s"),
    ("have looked at me", "behaviour.notice_s"),
    ("have looked away", "behaviour.averted_s"),
    ("face has been gone", "behaviour.lost_face_s"),
    ("heard nobody for", "behaviour.voice_lost_s"),
    ("nobody has been here", "behaviour.sleep_after_s"),
    ("because you have gone", "behaviour.parting_s"),
    ("not sure how you feel", "behaviour.curious_after_s"),
)
"""A part of a state's reason, and the setting that decided when it was enough."""

LONGEST_LINE = 90
"""A longer line of a persona, such as a list of phrases, is cut."""

MANNERS: dict[str, str] = {"expression": "look", "light": "light", "sound": "chirp"}
"""Kinds of reasons, and the key of a persona's manner that they come from."""

MOOD_THRESHOLDS = ("mood.unsure_below", "mood.min_dwell_s")


class Grounds:
    """Looks up the lines and figures behind reasons of one configuration. A persona that is not here has no lines."""

    def __init__(self, config: Config) -> None:
        name = config.robot.persona
        self._language = config.robot.language
        self._path = persona_path(name)
        try:
            self._settings = msgspec.to_builtins(with_persona(config))
            self._text = self._path.read_text(encoding="utf-8")
        except (ConfigError, OSError, UnicodeDecodeError):
            self._settings, self._text = msgspec.to_builtins(config), ""
        self._table = tomllib.loads(self._text)

    def of(self, reason: Reason, state: str) -> tuple[str, ...]:
        """What `reason`, written in the behaviour's `state`, rests on; empty where it is only percepts or health."""
        if reason.kind == "mood" and reason.what != UNSURE:
            return tuple(self._setting(place) for place in MOOD_THRESHOLDS)
        if reason.kind == "state":
            return tuple(self._setting(place) for part, place in THRESHOLDS if part in reason.text)[:1]
        if reason.kind == "word" and reason.what == REPLY:
            return self._reply(reason.text)
        if reason.kind == "word":
            return self._line(f"words.{self._language}.{reason.what}")
        if reason.kind in MANNERS:
            return self._line(f"manner.{state}.{MANNERS[reason.kind]}", reason.what)
        return ()

    def _reply(self, text: str) -> tuple[str, ...]:
        """The line of the set replies that a reason quotes; none where somebody else's words were said."""
        path = replies_path(self._language)
        quoted = re.search("“(.*)”", text)
        key = key_of(replybook(self._language), quoted[1]) if quoted else None
        number = None if key is None else line_of(path.read_text(encoding="utf-8"), f"phrases.{key}")
        return () if number is None else (f"{path.parent.name}/{path.name}, line {number}: {key}",)

    def _setting(self, place: str) -> str:
        """`behaviour.notice_s = 0.4 (greeter.toml, line 12)`; `(configuration)` where the persona leaves it alone."""
        section, key = place.split(".")
        value = self._settings[section][key]
        own = key in self._table.get(section, {})
        where = f"{self._path.name}, line {line_of(self._text, place)}" if own else "configuration"
        return f"{place} = {value} ({where})"

    def _line(self, place: str, value: str | None = None) -> tuple[str, ...]:
        """The persona's line at `place`, if it is there and holds `value`."""
        found: object = self._table
        for key in place.split("."):
            found = found.get(key) if isinstance(found, dict) else None
        if found is None or value not in (None, found):
            return ()
        number = line_of(self._text, place)
        if number is None:
            return ()
        line = self._text.splitlines()[number - 1].strip()
        shown = line if len(line) <= LONGEST_LINE else f"{line[:LONGEST_LINE]} ..."
        return (f"{self._path.name}, line {number}: {shown}",)
