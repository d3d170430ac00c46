"""Failure has a face, a light and a line: each failure, in every persona and language, as mind and body show it.

That every two faces and lights differ, in every mood, is shown by tests/body/test_ailments.py.
"""

import random

import pytest

from hardware.virtual.body import VirtualLights, VirtualServos
from robot.body.ailments import AILMENTS
from robot.body.body import Body
from robot.config import Config, MotionSettings, RobotSettings
from robot.mind.persona import PERSONAS, load_persona
from robot.scenario.percepts import PARTS
from tests.mind.percepts import face, health
from tests.mind.test_behaviour import FRAME_S, Visit

FAILURES: dict[str, tuple[dict[str, str], str]] = {
    "blind": ({"camera": "lost"}, "blind"),
    "deaf": ({"microphone": "lost"}, "deaf"),
    "hot": ({"servos": "hot"}, "hot"),
    "updating": ({"face_expression": "updating"}, "updating"),
    "muted": ({"camera": "muted", "microphone": "muted"}, "muted"),
    "degraded": ({"lights": "lost"}, "degraded"),
}
"""Each failure: the parts that bring it about, and the words for it."""

DEGRADED = {"unreading": {"face_expression": "refused", "voice_tone": "refused"}, "limp": {"servos": "lost"}}
"""Two more ways of being degraded, with more telling words of their own."""

SHIPPED = sorted(path.stem for path in PERSONAS.glob("*.toml"))


def said_of(parts: dict[str, str], persona: str, language: str) -> list[str]:
    """What is said in twenty seconds of company after `parts` went wrong, three times over."""
    visit = Visit(Config(robot=RobotSettings(persona=persona, language=language)))  # type: ignore[arg-type]
    visit.go(10.0, face("neutral"))
    said = []
    for _ in range(3):
        visit.health = health(**parts)
        seen = [face("neutral")] if "camera" not in parts else []
        said += [intent.say.text for intent in visit.go(5.0, *seen) if intent.say]
        visit.health = health()
        said += [intent.say.text for intent in visit.go(1.5, face("neutral")) if intent.say]
    return said


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("persona", SHIPPED)
@pytest.mark.parametrize("failure", FAILURES)
def test_each_failure_has_its_line_and_does_not_nag(failure: str, persona: str, language: str) -> None:
    parts, key = FAILURES[failure]
    phrases = load_persona(persona).phrases(key, language)
    said = said_of(parts, persona, language)
    assert 1 <= sum(text in phrases for text in said) <= (2 if failure == "muted" else 1), said


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("persona", SHIPPED)
@pytest.mark.parametrize("key", DEGRADED)
def test_what_breaks_of_feelings_and_face_has_words_of_its_own(key: str, persona: str, language: str) -> None:
    said = said_of(DEGRADED[key], persona, language)
    assert sum(text in load_persona(persona).phrases(key, language) for text in said) == 1, said


@pytest.mark.parametrize("failure", FAILURES)
def test_face_and_light_go_with_the_line(failure: str) -> None:
    """The same health makes the body show it: another face, and another light, than those of a well robot."""
    parts, _ = FAILURES[failure]
    shown = {}
    for name, state in (("well", health()), (failure, health(**parts))):
        visit = Visit()
        body = Body(VirtualServos(), VirtualLights(1), None, MotionSettings(liveliness=0.0), random.Random(1))
        intents = visit.go(6.0, face("neutral"))
        visit.health = state
        visit.t_s += FRAME_S
        _, changed = visit.mind.step(visit.t_s, None, (), state)
        intent = changed or intents[-1]
        poses = [body.step(visit.t_s + 0.02 * tick, intent, state, camera_on=False)[1] for tick in range(500)]
        shown[name] = (poses[-1].angles_deg, [pose.lights[0] for pose in poses])
    well, ill = shown["well"], shown[failure]
    assert max(abs(well[0][joint] - ill[0][joint]) for joint in well[0]) >= 4.0
    assert well[1] != ill[1]


def test_every_failure_of_the_body_is_in_the_matrix() -> None:
    assert set(FAILURES) == set(AILMENTS)
    assert {part for parts, _ in FAILURES.values() for part in parts} <= set(PARTS)
