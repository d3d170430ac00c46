from collections.abc import Iterator
from random import Random

import pytest

from robot.config import BehaviourSettings, Config, RobotSettings
from robot.errors import ConfigError
from robot.messages import Health, Hearing, Intent, SeenFace
from robot.mind.mind import Mind
from robot.mind.persona import load_persona
from robot.mind.reasons import Reasons
from robot.mind.showing import FAULT_LIGHT_S, GAZE_STEP_DEG
from tests.mind.percepts import face, health, hearing, sighting

FRAME_S = 0.06
A_PART = "A part of me does not work"


class Visit:
    """A mind that is shown faces and voices, and what it means to do."""

    def __init__(self, config: Config | None = None) -> None:
        self.reasons = Reasons()
        self.mind = Mind(config or Config(), self.reasons, Random(1))
        self.t_s = 0.0
        self.count = 0
        self.health = health()

    def go(self, duration_s: float, *faces: SeenFace, tone: str | None = None) -> list[Intent]:
        return list(self._go(duration_s, faces, tone))

    def _go(self, duration_s: float, faces: tuple[SeenFace, ...], tone: str | None) -> Iterator[Intent]:
        for _ in range(round(duration_s / FRAME_S)):
            self.count += 1
            self.t_s += FRAME_S
            hops: list[Hearing] = []
            if tone is not None:
                hops = [hearing(self.count, self.t_s, tone if self.count % 8 == 0 else None)]
            _, intent = self.mind.step(self.t_s, sighting(self.count, self.t_s, *faces), hops, self.health)
            if intent is not None:
                yield intent

    @property
    def state(self) -> str:
        return self.mind.behaviour.state


def test_the_first_step_means_something_and_the_next_nothing_new() -> None:
    visit = Visit()
    first, *rest = visit.go(5.0)
    assert (first.id, first.state, first.gaze_pan_deg, first.say) == ("i0", "alone", 0.0, None)
    assert rest == []


def test_intents_are_numbered_and_explain_themselves() -> None:
    visit = Visit()
    intents = visit.go(4.0, face("happiness"))
    assert [intent.id for intent in intents] == [f"i{number}" for number in range(len(intents))]
    joy = next(intent for intent in intents if intent.state == "sharing_joy")
    chain = visit.reasons.explain(joy.id)
    assert any(line.startswith("I share your joy because you seem happy") for line in chain)
    assert any(line.startswith("You seem happy") for line in chain)
    assert any(line.startswith("I saw a face that looked happy") for line in chain)


def test_a_small_move_of_the_face_is_not_worth_an_intent_a_large_one_is() -> None:
    visit = Visit()
    visit.go(5.0, face("neutral"))
    assert visit.go(1.0, face("neutral", x=0.52)) == []
    moved = visit.go(1.0, face("neutral", x=0.3))
    assert len(moved) == 1
    assert moved[0].gaze_pan_deg > GAZE_STEP_DEG
    assert moved[0].because
    assert moved[0].say is moved[0].chirp is None


def test_it_looks_ahead_again_when_the_person_has_gone() -> None:
    visit = Visit()
    visit.go(2.0, face("neutral", x=0.2))
    last = visit.go(8.0)[-1]
    assert (last.state, last.gaze_pan_deg, last.gaze_tilt_deg) == ("alone", 0.0, 0.0)


def test_words_and_chirps_stand_in_one_message_only() -> None:
    visit = Visit()
    intents = visit.go(10.0, face("happiness")) + visit.go(8.0)
    said = [intent.say.text for intent in intents if intent.say]
    assert len(said) == len(set(said)) == 3  # hello, joy, goodbye
    assert [intent.chirp for intent in intents if intent.chirp] == ["hello", "happy", "farewell"]


def test_the_same_chirp_is_not_played_again_too_soon() -> None:
    visit = Visit(Config(behaviour=BehaviourSettings(say_again_after_s=60.0)))
    intents = visit.go(3.0, face("happiness")) + visit.go(6.0) + visit.go(3.0, face("happiness"))
    assert [intent.chirp for intent in intents].count("hello") == 1


@pytest.mark.parametrize("language", ["en", "de"])
def test_it_speaks_the_language_it_was_given(language: str) -> None:
    visit = Visit(Config(robot=RobotSettings(language=language)))
    spoken = [intent.say for intent in visit.go(6.0, face("happiness")) if intent.say]
    persona = load_persona("companion")
    hello, joy = (utterance.text for utterance in spoken)
    assert hello.startswith(persona.phrases("hello", language))
    assert hello.endswith(persona.phrases("notice", language))
    assert joy in persona.phrases("sharing_joy", language)
    assert {utterance.language for utterance in spoken} == {language}


def test_words_just_begun_are_cut_short_when_anger_comes() -> None:
    visit = Visit()
    visit.go(0.6)
    intents = visit.go(4.0, face("anger", sure=0.95), tone="angry")
    calming = next(intent for intent in intents if intent.state == "calming")
    hello = next(intent for intent in intents if intent.say)
    assert calming.t_s - hello.t_s < 2.5
    assert calming.hush
    assert not any(intent.hush for intent in intents if intent is not calming)


def test_silence_is_not_hushed() -> None:
    visit = Visit()
    intents = visit.go(8.0, face("neutral")) + visit.go(8.0)
    assert not any(intent.hush for intent in intents)


def test_anger_is_never_mirrored() -> None:
    visit = Visit()
    visit.go(1.0, face("anger", sure=0.95))
    shown = [intent for intent in visit.go(6.0, face("anger", sure=0.95), tone="angry") if intent.state == "calming"]
    assert shown
    assert all(intent.arousal < 0 <= intent.valence for intent in shown)


def test_the_fault_light_gives_way_in_company_and_stays_when_alone() -> None:
    visit = Visit()
    visit.go(4.0, face("happiness"))
    visit.health = health(servos="lost")
    lights = [intent.light for intent in visit.go(FAULT_LIGHT_S + 1.0, face("happiness"))]
    assert (lights[0], lights[-1]) == ("fault", "warm")
    assert visit.go(8.0)[-1].light == "fault"
    visit.health = health()
    assert visit.go(1.0)[0].light == "breathe"


def test_a_fault_that_comes_and_goes_is_not_spoken_of_each_time() -> None:
    visit = Visit()
    said: list[str] = []
    for _ in range(5):
        visit.health = health(servos="lost")
        said += [intent.say.text for intent in visit.go(0.6) if intent.say]
        visit.health = health()
        said += [intent.say.text for intent in visit.go(0.6) if intent.say]
    persona = load_persona("companion")
    assert sum(text in persona.phrases("limp", "en") for text in said) == 1


def test_each_part_that_changes_writes_one_health_reason() -> None:
    visit = Visit()
    visit.go(1.0)
    visit.reasons.drain()
    visit.health = health(camera="lost", lights="lost")
    visit.go(1.0)
    told = [reason for reason in visit.reasons.drain() if reason.kind == "health"]
    assert [reason.text for reason in told] == ["My camera is lost", "My lights are lost", "I cannot see", A_PART]
    assert told[2].because == (told[0].id, told[1].id)


def test_asleep_it_keeps_the_words_about_a_fault_for_whoever_wakes_it() -> None:
    visit = Visit(Config(behaviour=BehaviourSettings(sleep_after_s=1.0)))
    visit.go(2.0)
    assert visit.state == "asleep"
    visit.health = health(servos="lost")
    assert not [intent for intent in visit.go(10.0) if intent.say]
    spoken = [intent.say.text for intent in visit.go(6.0, face("neutral")) if intent.say]
    assert set(spoken) & set(load_persona("companion").phrases("limp", "en"))


def test_an_unchanged_health_message_is_not_told_twice() -> None:
    visit = Visit()
    for number in range(20):
        visit.health = Health(float(number), dict(health(camera="off").parts))
        visit.go(FRAME_S)
    assert len([reason for reason in visit.reasons.drain() if reason.kind == "health"]) == 2


def test_a_mind_without_its_persona_cannot_be_built() -> None:
    with pytest.raises(ConfigError, match="nobody"):
        Mind(Config(robot=RobotSettings(persona="nobody")), Reasons(), Random(1))
