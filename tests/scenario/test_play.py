import msgspec
import pytest

from robot.config import RobotSettings
from robot.scenario.play import Stage, play
from robot.scenario.script import Expect, FaceCue, HealthCue, Scenario, VoiceCue

PARTS = {
    "face": (FaceCue(from_s=0.0, to_s=4.0, expression="happiness"),),
    "voice": (VoiceCue(from_s=0.0, to_s=4.0, tone="happy"),),
    "expect": (Expect(state="alone", between=(0.0, 1.0)),),
}
COMPANY = Scenario(about="A smile and a happy voice.", duration_s=4.0, **PARTS)


def percepts(scenario):
    stage = Stage(scenario)
    pictures, hops = [], []
    for tick in range(200):
        stage.set_time(tick / 50)
        pictures += [picture for picture in [stage.picture(tick, tick / 50)] if picture is not None]
        hops += stage.hops(tick, tick / 50)
    return pictures, hops, stage.health.parts


def test_pictures_and_sound_come_at_their_own_rates():
    pictures, hops, _ = percepts(COMPANY)
    assert (len(pictures), len(hops)) == (67, 40)
    assert all(picture.faces[0].expression.label == "happiness" for picture in pictures)
    assert {hop.tone.label for hop in hops if hop.tone} == {"happy"}
    assert all(hop.tone is None for hop in hops if hop.t_s < 1.0), "a tone needs a second of speech"


@pytest.mark.parametrize("robot", [RobotSettings(consent="presence"), RobotSettings(place="school")])
def test_feelings_are_not_read_where_they_may_not_be(robot):
    pictures, hops, parts = percepts(msgspec.structs.replace(COMPANY, robot=robot))
    assert all(picture.faces[0].expression is None for picture in pictures)
    assert all(hop.tone is None for hop in hops)
    assert parts["face_expression"] == parts["voice_tone"] == "off"


def test_without_consent_nothing_is_seen_or_heard():
    pictures, hops, parts = percepts(msgspec.structs.replace(COMPANY, robot=RobotSettings(consent="off")))
    assert (pictures, hops) == ([], [])
    assert parts["camera"] == parts["microphone"] == "off"


def test_a_lost_part_delivers_nothing_until_it_is_back():
    changes = (HealthCue(at_s=2.0, camera="ok"), HealthCue(at_s=1.0, camera="lost", microphone="muted"))
    pictures, hops, parts = percepts(msgspec.structs.replace(COMPANY, health=changes))
    assert not [picture for picture in pictures if 1.0 <= picture.t_s < 2.0]
    assert [picture for picture in pictures if picture.t_s >= 2.0]
    assert max(hop.t_s for hop in hops) < 1.0
    assert (parts["camera"], parts["microphone"]) == ("ok", "muted")


def test_another_seed_picks_other_words_for_the_same_reasons():
    plays = [play(COMPANY, seed) for seed in range(6)]
    assert len({moment.words for played in plays for moment in played.moments if moment.words}) > 2
    assert len({tuple(moment.state for moment in played.moments) for played in plays}) == 1
