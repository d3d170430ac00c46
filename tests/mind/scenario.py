"""Plays a scenario file: timed percepts in, what the robot felt, did and said out.

A file has `about` and `duration_s`, tables `face`, `voice` and `health` (what happens), `expect` and `never` (what
must hold). A face or voice lasts `from_s` to `to_s`; a health table sets parts from `at_s` on. An expectation names
what it looks at (`state`, `mood`, `light`, `look`, `faculty`, or an event: `says`, `chirp`, `why`) and `between`, two
times. An ordinary one must hold at some moment in that window, one with `throughout = true` at every moment; a
`never` at none.
"""

import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from robot.config import Config
from robot.messages import Health, Hearing, Intent, Mood, Reason, SeenFace, Sighting
from robot.mind.mind import Mind
from robot.mind.reasons import Reasons
from tests.mind.percepts import face, health, hearing, sighting

TICKS_PER_S = 50
FRAME_EVERY = 3  # ticks: 16.7 frames a second
HOP_EVERY = 5  # ticks: a tenth of a second
TONE_EVERY_S = 0.5
MIN_SPEECH_S = 1.0


@dataclass
class Moment:
    """What held after one tick."""

    t_s: float
    holds: dict[str, set[str]]
    events: dict[str, set[str]]


@dataclass
class Played:
    """Everything that came out of a scenario."""

    mind: Mind
    moments: list[Moment] = field(default_factory=list)
    moods: list[Mood] = field(default_factory=list)
    intents: list[Intent] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    percept_ids: set[str] = field(default_factory=set)

    def shown(self, kind: str, value: str, between: list[float]) -> list[bool]:
        """Whether `value` was there at each moment of the window."""
        first_s, last_s = between
        window = [moment for moment in self.moments if first_s <= moment.t_s <= last_s]
        return [value in (moment.holds.get(kind) or moment.events.get(kind) or set()) for moment in window]


def load(path: Path) -> dict[str, Any]:
    """A scenario's tables."""
    return tomllib.loads(path.read_text(encoding="utf-8"))


def play(scenario: dict[str, Any], seed: int = 1) -> Played:
    """Run the whole mind over the scenario at 50 Hz of stepped time."""
    mind = Mind(Config(), Reasons(), Random(seed))
    played = Played(mind)
    for tick in range(round(scenario["duration_s"] * TICKS_PER_S)):
        t_s = tick / TICKS_PER_S
        picture = _picture(scenario, tick, t_s)
        hops = _hops(scenario, tick, t_s)
        mood, intent = mind.step(t_s, picture, hops, _health(scenario, t_s))
        _record(played, t_s, mood, intent, mind.reasons.drain())
        played.percept_ids |= {message.id for message in ([picture] if picture else []) + hops}
    return played


def _active(tables: list[dict[str, Any]], t_s: float) -> list[dict[str, Any]]:
    return [table for table in tables if table["from_s"] <= t_s < table["to_s"]]


def _picture(scenario: dict[str, Any], tick: int, t_s: float) -> Sighting | None:
    if tick % FRAME_EVERY or _health(scenario, t_s).parts["camera"] != "ok":
        return None
    faces: list[SeenFace] = []
    for table in _active(scenario.get("face", []), t_s):
        looks = {key: value for key, value in table.items() if key not in ("from_s", "to_s")}
        faces.append(face(**looks))
    faces.sort(key=lambda seen: -seen.box.width)
    return sighting(tick // FRAME_EVERY, t_s, *faces)


def _hops(scenario: dict[str, Any], tick: int, t_s: float) -> list[Hearing]:
    if tick % HOP_EVERY or _health(scenario, t_s).parts["microphone"] != "ok":
        return []
    number = tick // HOP_EVERY
    for table in _active(scenario.get("voice", []), t_s):
        spoken_s = t_s - table["from_s"]
        due = spoken_s >= MIN_SPEECH_S and round(spoken_s * 100) % round(TONE_EVERY_S * 100) < HOP_EVERY * 2
        sounds = {key: value for key, value in table.items() if key not in ("from_s", "to_s", "tone")}
        return [hearing(number, t_s, table.get("tone") if due else None, **sounds)]
    return [hearing(number, t_s, speaking=False)]


def _health(scenario: dict[str, Any], t_s: float) -> Health:
    parts: dict[str, str] = {}
    for table in scenario.get("health", []):
        if table["at_s"] <= t_s:
            parts.update({key: value for key, value in table.items() if key != "at_s"})
    return health(**parts)


def _record(played: Played, t_s: float, mood: Mood, intent: Intent | None, reasons: list[Reason]) -> None:
    if not played.moods or played.moods[-1] is not mood:
        played.moods.append(mood)
    if intent is not None:
        played.intents.append(intent)
    played.reasons += reasons
    now = played.intents[-1]
    looks = {reason.what for reason in played.reasons if reason.kind == "expression"}
    last_look = [reason.what for reason in played.reasons if reason.kind == "expression"][-1:]
    holds = {
        "state": {played.mind.behaviour.state},
        "mood": {mood.label},
        "light": {now.light},
        "look": set(last_look) & looks,
        "faculty": set(played.mind.behaviour.faculties),
    }
    events = {
        "says": {reason.what for reason in reasons if reason.kind == "word"},
        "chirp": {intent.chirp} if intent is not None and intent.chirp else set(),
        "why": {reason.text for reason in reasons},
    }
    played.moments.append(Moment(t_s, holds, events))
