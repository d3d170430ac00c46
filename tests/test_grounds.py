import re

import msgspec
import pytest

from robot.chronicle import in_words, last_decisions
from robot.config import BehaviourSettings, Config, RobotSettings
from robot.grounds import THRESHOLDS, Grounds
from robot.messages import Reason
from robot.mind.persona import PERSONAS, load_persona, with_persona
from robot.recording import Recording


def reason(kind, what, text="because"):
    return Reason("r1", 1.0, kind, what, text, ())


def persona_line(name, ground):
    """The line of the persona's file that a ground names."""
    place, _, shown = ground.partition(": ")
    number = int(place.removeprefix(f"{name}.toml, line "))
    line = (PERSONAS / f"{name}.toml").read_text(encoding="utf-8").splitlines()[number - 1].strip()
    assert line.startswith(shown.removesuffix(" ..."))
    return line


@pytest.mark.parametrize("name", sorted(path.stem for path in PERSONAS.glob("*.toml")))
def test_looks_lights_words_and_sounds_lead_to_the_personas_line(name):
    grounds = Grounds(Config(robot=RobotSettings(persona=name, language="de")))
    manner = load_persona(name).manner_in("sharing_joy")
    for kind, key in (("expression", "look"), ("light", "light"), ("sound", "chirp")):
        value = getattr(manner, key)
        if value is not None:
            (ground,) = grounds.of(reason(kind, value), "sharing_joy")
            assert persona_line(name, ground) == f'{key} = "{value}"'
    (ground,) = grounds.of(reason("word", "comforting"), "comforting")
    assert persona_line(name, ground).startswith("comforting = [")
    assert load_persona(name).phrases("comforting", "de")[0][:20] in ground


def test_a_light_that_is_not_the_personas_own_names_no_line():
    grounds = Grounds(Config())
    assert grounds.of(reason("light", "fault"), "alone") == ()
    assert grounds.of(reason("health", "camera"), "alone") == ()
    assert grounds.of(reason("mood", "unsure"), "alone") == ()


def test_a_threshold_comes_from_the_configuration_or_from_the_personas_line():
    config = Config(behaviour=BehaviourSettings(lost_face_s=3.5))
    left = reason("state", "parting", "I say goodbye because your face has been gone for 3.5 s")
    assert Grounds(config).of(left, "parting") == ("behaviour.lost_face_s = 3.5 (configuration)",)
    greeter = Config(robot=RobotSettings(persona="greeter"))
    unsure_below = with_persona(greeter).mood.unsure_below
    assert unsure_below != greeter.mood.unsure_below
    ground, _ = Grounds(greeter).of(reason("mood", "happy"), "attending")
    value, place = ground.split(" (")
    assert value == f"mood.unsure_below = {unsure_below}"
    assert persona_line("greeter", place.removesuffix(")") + ": ").startswith("unsure_below")


def test_every_threshold_is_a_setting_that_there_is():
    settings = msgspec.to_builtins(Config())
    for _, place in THRESHOLDS:
        section, key = place.split(".")
        assert key in settings[section]


def test_a_persona_that_is_not_here_has_no_lines():
    grounds = Grounds(Config(robot=RobotSettings(persona="elsewhere.toml")))
    assert grounds.of(reason("expression", "happy"), "sharing_joy") == ()
    assert grounds.of(reason("mood", "happy"), "attending")[0].endswith("(configuration)")


def test_every_look_light_and_word_of_a_visit_names_its_line(scene_report):
    decisions = last_decisions(Recording(scene_report), 100)
    chosen = [
        link
        for decision in decisions
        for link in decision.links
        if link.kind in ("expression", "light", "word", "sound")
    ]
    assert len(chosen) > 10
    assert all(link.grounds and re.search(r"(companion|replies/en)\.toml, line \d", link.grounds[0]) for link in chosen)
    lines = [line for decision in decisions for line in in_words(decision)]
    assert any(line.strip().startswith("by behaviour.notice_s = ") for line in lines)
