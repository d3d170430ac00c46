"""A persona's file that is changed while the robot runs is taken up; one with a mistake is not, and names its line."""

import os
from pathlib import Path

import pytest

from robot.cli.persona_watch import LOOK_EVERY_S, PersonaWatch
from robot.config import Config, RobotSettings
from robot.messages import Health
from robot.mind.persona import PERSONAS, Persona, load_persona
from tests.mind.percepts import face
from tests.mind.test_behaviour import Visit

SMILES = 'hello = ["Hello!", "Hi there.", "Oh, hello you."]'


@pytest.fixture
def porter(tmp_path) -> Path:
    path = tmp_path / "porter.toml"
    path.write_text((PERSONAS / "companion.toml").read_text(encoding="utf-8"), encoding="utf-8")
    return path


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    later = path.stat().st_mtime_ns + 1_000_000_000
    os.utime(path, ns=(later, later))


class Watched:
    def __init__(self, path: Path) -> None:
        self.adopted: list[Persona] = []
        self.said: list[str] = []
        self._watch = PersonaWatch(str(path), self.adopted.append, self.said.append)
        self._t_s = 0.0

    def look(self) -> None:
        self._t_s += LOOK_EVERY_S
        self._watch.note(Health(self._t_s, {}))


def test_a_changed_file_is_taken_up_once(porter):
    watched = Watched(porter)
    watched.look()
    assert watched.adopted == []
    rewrite(porter, SMILES, 'hello = ["Ahoy."]')
    watched.look()
    watched.look()
    (persona,) = watched.adopted
    assert persona.phrases("hello", "en") == ("Ahoy.",)
    assert watched.said == ["porter.toml has changed and is taken up"]


def test_a_mistake_names_its_line_and_changes_nothing(porter):
    watched = Watched(porter)
    number = porter.read_text(encoding="utf-8").splitlines().index('light = "warm"') + 1
    rewrite(porter, 'light = "warm"', 'light = "disco"')
    watched.look()
    assert watched.adopted == []
    assert f"porter.toml, line {number}: manner.sharing_joy.light" in watched.said[0]
    rewrite(porter, 'light = "disco"', 'light = "soft"')
    watched.look()
    assert len(watched.adopted) == 1


def test_a_file_that_is_gone_for_a_moment_is_waited_for(porter):
    watched = Watched(porter)
    text = porter.read_text(encoding="utf-8")
    porter.unlink()
    watched.look()
    assert watched.said == []
    porter.write_text(text, encoding="utf-8")
    watched.look()
    assert len(watched.adopted) == 1


def test_the_mind_goes_on_in_the_middle_of_a_visit_with_other_words_looks_and_thresholds(porter):
    visit = Visit(Config(robot=RobotSettings(persona=str(porter))))
    visit.go(4.0, face("neutral"))
    assert visit.state == "attending"
    rewrite(porter, 'look = "happy"', 'look = "beaming"')
    rewrite(porter, "How lovely! I am glad with you.", "Splendid!")
    rewrite(porter, "[behaviour]", "[behaviour]\nlost_face_s = 3.0")
    visit.mind.adopt(visit.t_s, load_persona(str(porter)))
    visit.go(6.0, face("happiness"))
    told = [reason.text for reason in visit.reasons.drain()]
    assert visit.state == "sharing_joy"
    assert any(text.startswith("I look beaming because you seem happy") for text in told)
    assert not any(text.startswith("I am by myself") for text in told[5:]), "the visit was not broken off"
    visit.go(2.6)
    assert visit.state == "sharing_joy", "a face may be gone for three seconds now"
