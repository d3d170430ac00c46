"""The whole mind in one step: attention, mood and behaviour in their order, sharing one recorder of reasons."""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from robot.config import Config
from robot.consent import Ladder, lowered
from robot.messages import (
    Consent,
    Health,
    Heard,
    HeardCommand,
    HeardTone,
    Hearing,
    Intent,
    Mood,
    Sighting,
    Signal,
)
from robot.mind.acquaintance import Memory
from robot.mind.attention import Attention, Focus
from robot.mind.baseline import Baselines
from robot.mind.behaviour import Behaviour
from robot.mind.company import Company
from robot.mind.crisis.help_line import with_help_line
from robot.mind.encounter import Encounters, Tick
from robot.mind.mood import MoodFusion
from robot.mind.persona import Persona, load_persona, with_persona
from robot.mind.reactions.remembering import Remembering
from robot.mind.reasons import Reasons, signal_clue
from robot.mind.shared_gaze import SharedGaze
from robot.mind.signs import Signs
from robot.mind.talk.called import calls
from robot.mind.talk.meaning import meaning
from robot.mind.talk.model import Replies
from robot.mind.vocal_events import hearing_with_events
from robot.transcript import Transcript


class Mind:
    """From percepts to intents. Built once for a configuration; `reasons` is drained by the companion."""

    def __init__(
        self,
        config: Config,
        reasons: Reasons,
        rng: Random,
        memory: Memory | None = None,
        model: Replies | None = None,
    ) -> None:
        """Load the persona and start alone.

        `memory` holds who may be remembered; without it nobody is. `model` is a local language model for replies, where
        there is one.

        Raises:
            ConfigError: the persona of the configuration is missing or wrong.
        """
        self._config = config
        persona = with_help_line(load_persona(config.robot.persona), config.hand_off)
        config = with_persona(config, persona)
        self.reasons = reasons
        self._forget_s = config.behaviour.lost_face_s
        self.attention = Attention(forget_s=self._forget_s)
        self.company = Company(forget_s=self._forget_s)
        self.shared_gaze = SharedGaze(rng)
        self._person = 0
        self._talkers: tuple[int, ...] = ()
        self._known = ""
        self.baselines = Baselines()
        self.mood = MoodFusion(config.mood, reasons)
        self.remembering = Remembering(
            memory,
            Ladder(config.robot).allowed.memory,
            lambda: (self.baselines.face.rest, self.baselines.voice.rest),
            Random(f"memory {config.robot.seed}"),
        )
        self.behaviour = Behaviour(
            config.behaviour,
            persona,
            config.robot.language,
            reasons,
            rng,
            config.hand_off,
            Ladder(config.robot).rung,
            self.remembering,
            config.robot,
            model,
            config.talk,
        )
        self.encounters = Encounters(reasons)
        self.signs = Signs()
        self._model = model
        self._lag_s = config.hearing.hangover_s
        self.focus: Focus = self.attention.step(0.0, None)

    def adopt(self, t_s: float, persona: Persona) -> None:
        """Be another persona from now on, as far as the mind goes; voice and liveliness are the body's."""
        persona = with_help_line(persona, self._config.hand_off)
        config = with_persona(self._config, persona)
        self.mood.settings = config.mood
        self.behaviour.adopt(persona, config.behaviour)
        self.reasons.add(t_s, "persona", persona.name, f"I am {persona.name} as the persona's file says now")

    def understand(
        self, said: Sequence[Transcript | HeardCommand | HeardTone], minute: int | None = None
    ) -> tuple[Heard, ...]:
        """What was heard, as labels and numbers: what may be told and kept of it. Give it to `step`.

        `minute` is the minute of the day, where there is a clock on the wall.
        """
        understood: list[Heard] = []
        for heard in said:
            if not isinstance(heard, Transcript):
                understood.append(heard)
                continue
            self.remembering.overhear(heard.text)
            if self._model is not None:
                self.behaviour.talk.text = heard.text
            if calls(heard.text, self._config.robot.name):
                understood.append(HeardCommand(f"c{heard.id}", heard.t_s, heard.ended_s, "wake", heard.confidence))
            understood.append(meaning(heard, minute))
        return tuple(understood)

    def step(
        self,
        t_s: float,
        sighting: Sighting | None,
        hearings: Sequence[Hearing],
        health: Health,
        signals: Sequence[Signal] = (),
    ) -> tuple[Mood, Intent | None]:
        """One tick at `t_s`, never earlier than the last.

        `sighting` is the newest one not yet given (None: no new picture), `hearings` those since the last tick in
        order, `signals` what else people gave to understand. Gives the mood (the same object while nothing material
        changed) and the new intent, or None while the last one still holds.
        """
        if lowered(signals):
            self._forget(signals)
        signals = (*signals, *self.signs.step(t_s, sighting, self.behaviour.awaits_answer(t_s)))
        self.reasons.cite(*(signal_clue(signal) for signal in signals if not isinstance(signal, Consent)))
        self.focus, hearings = self.baselines.step(t_s, self._attend(t_s, sighting), hearings)
        hearings = [hearing_with_events(hearing) for hearing in hearings]
        mood = self.mood.step(t_s, self.focus, hearings, signals)
        intent = self.behaviour.step(t_s, mood, self.focus, hearings, health, signals, self.signs.fresh)
        self._recall()
        self._measure(t_s, intent)
        return mood, intent

    def _forget(self, signals: Sequence[Signal]) -> None:
        """Let go of what was noted: a step down the ladder holds for the past too."""
        self.reasons.forget()
        self.mood.forget()
        self.behaviour.talk.forget()
        self.baselines.forget()
        if any(isinstance(signal, Consent) and signal.rung == "off" for signal in signals):
            self.attention = Attention(forget_s=self._forget_s)
            self.company = Company(forget_s=self._forget_s)
            self._person = 0
            self._talkers = ()

    def _recall(self) -> None:
        """Somebody was known again: how they look and sound at rest is known, too."""
        known = self.remembering.known
        if known is not None and known.id != self._known:
            self.baselines.face.recall(known.face_rest)
            self.baselines.voice.recall(known.voice_rest)
        self._known = "" if known is None else known.id

    def _attend(self, t_s: float, sighting: Sighting | None) -> Focus:
        """Whom the robot attends to, and where it looks: at them, or around among several people."""
        focus = self.attention.step(t_s, sighting)
        people = self.company.step(t_s, sighting)
        if focus.face is not None:
            self._person = self.company.person_of(focus.face.track)
        if sighting is not None:
            talking = (face.track for face in sighting.faces if face.regard is not None and face.regard.talking)
            self._talkers = tuple(person for track in talking if (person := self.company.person_of(track)))
        looked = self.shared_gaze.step(t_s, people, self._person)
        pan_deg, tilt_deg = (focus.pan_deg, focus.tilt_deg) if looked is None else (looked.pan_deg, looked.tilt_deg)
        return replace(
            focus,
            people=tuple(person.id for person in people),
            person=self._person,
            look_pan_deg=pan_deg,
            look_tilt_deg=tilt_deg,
            talkers=self._talkers,
            newcomer_s=min((new.first_s for new in self.company.newcomers if new.id != self._person), default=None),
        )

    def _measure(self, t_s: float, intent: Intent | None) -> None:
        """How quickly this step answered what there was to answer."""
        behaviour, waiting = self.behaviour, self.behaviour.waiting
        self.encounters.step(
            t_s,
            Tick(
                behaviour.state,
                behaviour.state_id,
                self.mood.cue(t_s) if "reading" in behaviour.faculties else None,
                behaviour.glances_s,
                waiting.began_s,
                waiting.since_s is not None,
                self._lag_s,
                intent is not None and (intent.say is not None or intent.chirp is not None),
            ),
        )
