"""Who speaks while the robot talks gets the floor; scenarios in tests/scenarios show when it must stay away."""

import pytest

from robot.config import Config, RobotSettings
from robot.messages import Intent, Request
from robot.mind.persona import PERSONAS
from robot.mind.reactions.yielding import HEARD_S
from tests.mind.percepts import face, health, hearing, sighting
from tests.mind.test_behaviour import Visit

HOP_S = 0.1


class Talk(Visit):
    """A visit in which the robot is asked why, answers, and somebody may speak meanwhile."""

    def tick(self, *, speaking: bool, asked: bool = False, own_noise: float = 0.0) -> Intent | None:
        self.count += 1
        self.t_s += HOP_S
        signals = [Request(f"q{self.count}", self.t_s, "why", "", "page")] if asked else []
        hop = hearing(self.count, self.t_s, speaking=speaking, own_noise=own_noise)
        _, intent = self.mind.step(self.t_s, sighting(self.count, self.t_s, face("neutral")), [hop], health(), signals)
        return intent


def hushed_after_s(talk: Talk, own_noise: float = 0.0, seconds: float = 3.0) -> float | None:
    """How long after somebody began to speak the robot fell silent, spoken to half a second into its answer."""
    answer = talk.tick(speaking=False, asked=True)
    assert answer is not None
    assert answer.say is not None
    for _ in range(4):
        talk.tick(speaking=False)
    for number in range(1, round(seconds / HOP_S) + 1):
        intent = talk.tick(speaking=True, own_noise=own_noise)
        if intent is not None and intent.hush:
            return number * HOP_S
    return None


@pytest.mark.parametrize("persona", sorted(path.stem for path in PERSONAS.glob("*.toml")))
def test_every_persona_stops_as_soon_as_it_is_more_than_a_sound(persona: str) -> None:
    talk = Talk(Config(robot=RobotSettings(persona=persona)))
    talk.go(6.0, face("neutral"))
    hushed_s = hushed_after_s(talk)
    assert hushed_s is not None
    assert hushed_s <= HEARD_S + HOP_S + 1e-6


def test_it_does_not_take_its_own_voice_for_somebodys() -> None:
    talk = Talk()
    talk.go(6.0, face("neutral"))
    assert hushed_after_s(talk, own_noise=1.0) is None


def test_what_was_cut_off_does_not_hold_up_the_answer() -> None:
    talk = Talk()
    talk.go(6.0, face("neutral"))
    hushed_after_s(talk)
    assert not talk.mind.behaviour._board.speech.wording.sounding(talk.t_s)
    answers = [talk.tick(speaking=number < 5) for number in range(15)]
    assert any(intent is not None and (intent.chirp or intent.say) for intent in answers)


def test_silence_is_not_given_up_twice() -> None:
    talk = Talk()
    talk.go(6.0, face("neutral"))
    hushed_after_s(talk)
    assert not any(intent.hush for _ in range(20) if (intent := talk.tick(speaking=True)) is not None)
