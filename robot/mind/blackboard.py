"""What the rooms of the behaviour share: the situation they are in, and what one step is about and comes to.

The blackboard outlives the steps, a `Step` is one of them. Rooms (`robot.mind.reactions`) read and write both, in the
order in which the behaviour calls them; nothing else passes between them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from robot.called import HandOff
from robot.config import BehaviourSettings
from robot.messages import Gesture, Health, Hearing, Mood, Signal
from robot.mind.attention import Focus
from robot.mind.decision import Decision, Situation
from robot.mind.faculties import HEALTHY
from robot.mind.persona import Persona
from robot.mind.presence import Presence
from robot.mind.reasons import Reasons
from robot.mind.speech import Speech
from robot.mind.statechart import CompanionChart
from robot.mind.waiting import Waiting


class Transition(NamedTuple):
    """One move of the `behaviour` region in this step: the chart's event, and the leaf before and after."""

    event: str
    before: str
    after: str


@dataclass(slots=True)
class Step:
    """One step: what came in, and what has come of it so far.

    `signs` are those of head and hand that are new; what they ask for stands in `signals`, too. `decisions` are those
    that a room has taken for `meeting` to follow, `transitions` the moves of the behaviour region. `cited` are the
    reasons behind the intent of this step; with none of them the robot goes on as before. `hush` stops speech at once,
    `fetch` offers a person, `hand_off` says how far fetching one has come, `notice` is text to show, `glances_s` how
    long ago those appeared who were answered with a look or a light, `answered` that what was said has its answer.
    """

    t_s: float
    mood: Mood
    focus: Focus
    hearings: Sequence[Hearing]
    health: Health
    signals: Sequence[Signal]
    signs: Sequence[Gesture] = ()
    decisions: list[Decision] = field(default_factory=list)
    transitions: list[Transition] = field(default_factory=list)
    cited: list[str] = field(default_factory=list)
    hush: bool = False
    fetch: bool = False
    hand_off: HandOff | None = None
    notice: str | None = None
    glances_s: tuple[float, ...] = ()
    answered: bool = False


@dataclass(slots=True)
class Blackboard:
    """What is known from step to step.

    `now` is the situation that decisions rest on, `faculties` the active state of each degraded region. `state_id` is
    the reason for the present state, `why` its cause in plain words. `fault_s` is when something last broke,
    `newcomer_s` when somebody last joined a company, `still_until_s` until when the robot was asked to be silent and
    still. `energy` 0..1 scales how lively it is, `loudness` 0.3..1.4 how loud. `language` is the one
    that it speaks now. `grave` is true from words of a crisis until a person is there, or whoever said them has gone.
    """

    settings: BehaviourSettings
    persona: Persona
    language: str
    reasons: Reasons
    speech: Speech
    presence: Presence
    waiting: Waiting
    chart: CompanionChart = field(default_factory=CompanionChart)
    now: Situation = field(
        default_factory=lambda: Situation("alone", 0.0, 0.0, float("-inf"), 0.0, answered=False, sees=True, reads=True)
    )
    faculties: frozenset[str] = HEALTHY
    state_id: str = ""
    why: str = "I have just started"
    fault_s: float = float("-inf")
    newcomer_s: float = float("-inf")
    still_until_s: float = float("-inf")
    energy: float = 1.0
    loudness: float = 1.0
    grave: bool = False

    def speak(self, language: str) -> None:
        """Speak `language` from now on: that of whoever is here, or again the robot's own."""
        self.language = language
        self.speech.speak(language)


class Reaction(Protocol):
    """One room of the behaviour: how it answers one kind of thing. Stepped once a step; keeps what it needs itself."""

    def react(self, board: Blackboard, step: Step) -> None:
        """Take in what this step brought and write down what comes of it. Never raises on any percepts."""
        ...
