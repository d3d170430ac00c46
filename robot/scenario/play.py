"""Plays a scenario to the mind in stepped time: timed percepts in, what the robot felt, did and said out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple, TypeVar

import msgspec

from robot.config import Config
from robot.consent import Ladder
from robot.messages import (
    Consent,
    Gesture,
    Health,
    HeardCommand,
    Hearing,
    Intent,
    Mood,
    Percept,
    Reason,
    Regard,
    Request,
    Sighting,
    Signal,
)
from robot.mind.mind import Mind
from robot.mind.reasons import Reasons
from robot.requests import Requests
from robot.scenario.notebook import Notebook
from robot.scenario.percepts import TONE_LABELS, burst, face, health, hearing, percept, regard, sighting
from robot.scenario.script import Cue, FaceCue, Scenario, VoiceCue
from robot.transcript import Transcript

TICKS_PER_S = 50
FRAME_EVERY = 3  # ticks: 16.7 frames a second
HOP_EVERY = 5  # ticks: a tenth of a second
TONE_EVERY_S = 0.5
MIN_SPEECH_S = 1.0
SIGN_S = 0.5
SECONDS_A_WORD = 0.4
ASIDE_DEG = 3.0
"""A gaze further aside than this is to the left or to the right."""

AnyCue = TypeVar("AnyCue", bound=Cue)


class Moment(NamedTuple):
    """What held after one tick, and what happened in it. `says`, `chirp` and `why` are empty in most."""

    t_s: float
    state: str
    mood: str
    light: str
    look: str
    faculty: frozenset[str]
    gaze: str
    hand_off: str
    rung: str
    valence: float
    arousal: float
    says: tuple[str, ...]
    words: tuple[str, ...]
    chirp: tuple[str, ...]
    why: tuple[str, ...]


@dataclass
class Played:
    """Everything that came out of a scenario."""

    mind: Mind
    moments: list[Moment] = field(default_factory=list)
    moods: list[Mood] = field(default_factory=list)
    intents: list[Intent] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)
    percept_ids: set[str] = field(default_factory=set)
    look: str = ""
    hand_off: str = "unneeded"


class Stage:
    """What the senses would deliver at each tick of a scenario, as far as consent and place let them."""

    def __init__(self, scenario: Scenario) -> None:
        self._scenario = scenario
        self._ladder = Ladder(scenario.robot)
        self._changes = sorted(scenario.health, key=lambda cue: cue.at_s)
        self._heard = sorted(scenario.heard, key=lambda cue: cue.at_s)
        self._transcripts = 0
        self._asked = sorted(scenario.ask, key=lambda cue: cue.at_s)
        self._requests = Requests()
        self._parts: dict[str, str] = {}
        self.health: Health = health(**self._forbidden())

    def set_time(self, t_s: float) -> None:
        """Bring the health up to `t_s`, never earlier than the last call."""
        while self._changes and self._changes[0].at_s <= t_s:
            self._parts |= self._changes.pop(0).parts()
            self.health = health(**(self._parts | self._forbidden()))

    def said(self, t_s: float) -> list[Transcript | HeardCommand]:
        """What was understood of speech by `t_s` and was not given yet."""
        heard: list[Transcript | HeardCommand] = []
        while self._heard and self._heard[0].at_s <= t_s:
            cue, allowed = self._heard.pop(0), self._ladder.allowed
            if self.health.parts["microphone"] != "ok":
                continue
            if cue.command is not None and allowed.commands:
                heard.append(HeardCommand(f"c{self._transcripts}", t_s, t_s, cue.command, 1.0))
                self._transcripts += 1
            elif cue.words and allowed.words:
                language = self._scenario.robot.language
                began_s = max(0.0, t_s - SECONDS_A_WORD * len(cue.words.split()))
                heard.append(Transcript(f"w{self._transcripts}", t_s, began_s, t_s, cue.words, language, 1.0))
                self._transcripts += 1
        return heard

    def signals(self, t_s: float) -> tuple[Signal, ...]:
        """What people asked by `t_s` and was not given yet."""
        while self._asked and self._asked[0].at_s <= t_s:
            cue = self._asked.pop(0)
            self._requests.ask(cue.what, cue.value, cue.by)
        signals = self._requests.take(t_s)
        answers = self._ladder.follow(t_s, signals)
        for signal in signals:
            if isinstance(signal, Request) and signal.what == "mute":
                state = "muted" if signal.value == "on" else "ok"
                self._parts |= {"camera": state, "microphone": state}
        if signals:
            self.health = health(**(self._parts | self._forbidden()))
        return (*signals, *answers)

    def _forbidden(self) -> dict[str, str]:
        """The parts that consent and place keep out."""
        allowed = self._ladder.allowed
        may = {
            "camera": allowed.camera,
            "microphone": allowed.microphone,
            "face_expression": allowed.expression,
            "voice_tone": allowed.tone,
        }
        return {part: "off" for part in may if not may[part]}

    def picture(self, tick: int, t_s: float) -> Sighting | None:
        """The picture of this tick; None where there is none."""
        if tick % FRAME_EVERY or self.health.parts["camera"] != "ok":
            return None
        reads = self.health.parts["face_expression"] == "ok"
        faces = [
            face(
                cue.expression if reads else None,
                cue.sure,
                cue.quality,
                cue.x,
                cue.size,
                cue.track,
                self._regard(cue, t_s),
            )
            for cue in _active(self._scenario.face, t_s)
        ]
        faces.sort(key=lambda seen: -seen.box.width)
        return sighting(tick // FRAME_EVERY, t_s, *faces, gestures=self._signs(t_s))

    def _regard(self, cue: FaceCue, t_s: float) -> Regard | None:
        if cue.looks is None or not self._ladder.allowed.attention:
            return None
        return regard(t_s, looking=cue.looks == "at", eyes_closed=cue.eyes == "closed", talking=cue.talking)

    def _signs(self, t_s: float) -> tuple[Gesture, ...]:
        """The signs of the last half second, as sight repeats them."""
        if not self._ladder.allowed.attention:
            return ()
        signs = (cue for cue in self._scenario.sign if 0.0 <= t_s - cue.at_s <= SIGN_S)
        return tuple(Gesture(cue.kind, cue.at_s, cue.track, cue.sure, quality=0.8) for cue in signs)

    def hops(self, tick: int, t_s: float) -> list[Hearing]:
        """The sound of this tick; empty where there is none. Of several voices the first in the file is heard."""
        if tick % HOP_EVERY or self.health.parts["microphone"] != "ok":
            return []
        number = tick // HOP_EVERY
        voices: list[VoiceCue] = _active(self._scenario.voice, t_s)
        if not voices:
            return [hearing(number, t_s, speaking=False)]
        cue = voices[0]
        heard = hearing(number, t_s, None, cue.sure, cue.speaking, cue.own_noise, cue.quality, cue.over_own)
        return [msgspec.structs.replace(heard, tone=self._tone(cue)) if self._toned(cue, t_s) else heard]

    @staticmethod
    def _tone(cue: VoiceCue) -> Percept | None:
        """What the tone model would make of the sound."""
        if cue.event is not None:
            return burst(cue.event, cue.sure, cue.tone or "neutral", cue.quality)
        return None if cue.tone is None else percept(cue.tone, cue.sure, TONE_LABELS, cue.quality)

    def _toned(self, cue: VoiceCue, t_s: float) -> bool:
        """True in the hops in which the tone of a voice would be read, twice a second once it has gone on for one."""
        if self.health.parts["voice_tone"] != "ok":
            return False
        spoken_s = t_s - cue.from_s
        return spoken_s >= MIN_SPEECH_S and round(spoken_s * 100) % round(TONE_EVERY_S * 100) < HOP_EVERY * 2


def play(scenario: Scenario, seed: int | None = None) -> Played:
    """Run the whole mind over the scenario at 50 Hz of stepped time, with the file's own seed unless one is given.

    Raises:
        ConfigError: the scenario names a persona that does not exist.
    """
    config = Config(robot=scenario.robot, hand_off=scenario.hand_off)
    notebook = Notebook(scenario.remembers)
    played = Played(Mind(config, Reasons(), Random(scenario.robot.seed if seed is None else seed), notebook))
    stage = Stage(scenario)
    for tick in range(round(scenario.duration_s * TICKS_PER_S)):
        t_s = tick / TICKS_PER_S
        stage.set_time(t_s)
        asked = stage.signals(t_s)
        notebook.state = stage.health.parts.get("memory", "ok")
        picture, hops = stage.picture(tick, t_s), stage.hops(tick, t_s)
        signals = (*played.mind.understand(stage.said(t_s)), *asked)
        mood, intent = played.mind.step(t_s, picture, hops, stage.health, signals)
        _record(played, t_s, mood, intent, played.mind.reasons.drain())
        played.percept_ids.update(
            [message.id for message in hops] + [signal.id for signal in signals if not isinstance(signal, Consent)]
        )
        if picture is not None:
            played.percept_ids.add(picture.id)
    return played


def _active(cues: Sequence[AnyCue], t_s: float) -> list[AnyCue]:
    return [cue for cue in cues if cue.from_s <= t_s < cue.to_s]


def _record(played: Played, t_s: float, mood: Mood, intent: Intent | None, reasons: list[Reason]) -> None:
    if not played.moods or played.moods[-1] is not mood:
        played.moods.append(mood)
    if intent is not None:
        played.intents.append(intent)
        played.hand_off = played.hand_off if intent.hand_off is None else intent.hand_off.state
    played.reasons += reasons
    played.look = next((reason.what for reason in reversed(reasons) if reason.kind == "expression"), played.look)
    now = played.intents[-1]
    says = tuple(reason.what for reason in reasons if reason.kind == "word")
    played.moments.append(
        Moment(
            t_s,
            now.state,
            mood.label,
            now.light,
            played.look,
            played.mind.behaviour.faculties,
            _side(now.gaze_pan_deg),
            played.hand_off,
            played.mind.behaviour.rung,
            now.valence,
            now.arousal,
            says,
            (intent.say.text,) if intent is not None and intent.say is not None else (),
            (intent.chirp,) if intent is not None and intent.chirp is not None else (),
            tuple(reason.text for reason in reasons),
        )
    )


def _side(pan_deg: float) -> str:
    if abs(pan_deg) <= ASIDE_DEG:
        return "ahead"
    return "left" if pan_deg > 0 else "right"
