"""The behaviour: the statechart driven by who is there, how they seem to feel and what still works; gives the `Intent`.

Stepped by the loop at its own rate. What it answers, and how, stands in its rooms (`robot.mind.reactions`). Events are
sent only when a decision is due, so a step in which nothing changes costs a few comparisons. Threads: one caller.
"""

from collections.abc import Sequence
from random import Random

from robot.config import BehaviourSettings, HandOffSettings, RobotSettings, TalkSettings
from robot.messages import Gesture, Health, Hearing, Intent, Mood, Rung, Signal
from robot.mind.attention import Focus
from robot.mind.blackboard import Blackboard, Reaction, Step
from robot.mind.decision import DOES
from robot.mind.persona import Persona
from robot.mind.presence import Presence
from robot.mind.reactions.care import Care
from robot.mind.reactions.commands import Commands
from robot.mind.reactions.consent import EVENTS, Consent
from robot.mind.reactions.energy import Energy
from robot.mind.reactions.halt import Halt
from robot.mind.reactions.hand_off import HandOffs
from robot.mind.reactions.meeting import Meeting
from robot.mind.reactions.newcomers import Newcomers
from robot.mind.reactions.parts import Parts
from robot.mind.reactions.patience import Patience
from robot.mind.reactions.questions import Questions
from robot.mind.reactions.ratings import Ratings
from robot.mind.reactions.remembering import Remembering
from robot.mind.reactions.talk import Talk
from robot.mind.reactions.voices import Voices
from robot.mind.reactions.why import Why
from robot.mind.reactions.yielding import Yielding
from robot.mind.reasons import Cause, Reasons
from robot.mind.showing import Showing
from robot.mind.speech import Speech
from robot.mind.statechart import active_rung
from robot.mind.talk.model import Replies
from robot.mind.waiting import Waiting


class Behaviour:
    """Decides what the robot does. The same steps with the same generator give the same intents."""

    def __init__(
        self,
        settings: BehaviourSettings,
        persona: Persona,
        language: str,
        reasons: Reasons,
        rng: Random,
        hand_off: HandOffSettings | None = None,
        rung: Rung = "feelings",
        remembering: Remembering | None = None,
        robot: RobotSettings | None = None,
        model: Replies | None = None,
        talk: TalkSettings | None = None,
    ) -> None:
        """Start alone, on the given rung of consent."""
        self.waiting = Waiting(settings)
        self.talk = Talk(robot or RobotSettings(), rng, model, talk)
        self._board = Blackboard(
            settings=settings,
            persona=persona,
            language=language,
            reasons=reasons,
            speech=Speech(persona, language, settings.say_again_after_s, reasons, rng),
            presence=Presence(settings.lost_face_s),
            waiting=self.waiting,
        )
        if active_rung(self._board.chart) != rung:
            self._board.chart.send(EVENTS[rung])
        self._reactions: tuple[Reaction, ...] = (
            Parts(),
            Consent(),
            Commands(rng),
            Meeting(),
            Yielding(),
            Newcomers(),
            Voices(),
            Care(settings),
            HandOffs(hand_off or HandOffSettings()),
            *([remembering] if remembering is not None else []),
            Why(),
            Questions(),
            Ratings(),
            self.talk,
            Patience(),
            Energy(),
            Halt(),
        )
        self._showing = Showing()
        self.glances_s: tuple[float, ...] = ()

    @property
    def state(self) -> str:
        """The active leaf of the behaviour region."""
        return self._board.now.state

    def awaits_answer(self, t_s: float) -> bool:
        """Whether it has asked something that a yes or a no answers."""
        return self._board.speech.question(t_s) is not None

    @property
    def state_id(self) -> str:
        """The reason for that state."""
        return self._board.state_id

    @property
    def faculties(self) -> frozenset[str]:
        """The active state of each degraded region, such as {"seeing", "deaf", "reading", "able", "vocal"}."""
        return self._board.faculties

    @property
    def rung(self) -> str:
        """The active rung of consent."""
        return active_rung(self._board.chart)

    def adopt(self, persona: Persona, settings: BehaviourSettings) -> None:
        """Be somebody else from the next step on: words, looks, lights, thresholds. What goes on is not broken off."""
        self._board.persona, self._board.settings, self.waiting.settings = persona, settings, settings
        self._board.speech.adopt(persona, settings.say_again_after_s)

    def step(
        self,
        t_s: float,
        mood: Mood,
        focus: Focus,
        hearings: Sequence[Hearing],
        health: Health,
        signals: Sequence[Signal] = (),
        signs: Sequence[Gesture] = (),
    ) -> Intent | None:
        """The new intent, or None while the last one still holds. The first step always gives one."""
        board, step = self._board, Step(t_s, mood, focus, hearings, health, signals, signs)
        if not self._showing.begun:
            _begin(board, step)
        for reaction in self._reactions:
            reaction.react(board, step)
        self.glances_s = step.glances_s
        return self._showing.intend(board, step)


def _begin(board: Blackboard, step: Step) -> None:
    board.now.entered_s = step.t_s
    text = f"{DOES['alone']} because {board.why}"
    board.state_id = board.reasons.add(step.t_s, "state", "alone", text, cause=Cause("started"))
    step.cited.append(board.state_id)
