"""What consent and place forbid is not even opened: shown by watching every file that the process opens."""

from pathlib import Path
from typing import Literal

import pytest

from hardware.clock import SteppedClock
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from robot.assembly import Devices, assemble
from robot.config import Config, HearingSettings, RobotSettings, VoiceSettings
from robot.senses.sight.blendshapes import Blendshapes
from robot.simulator.sample_scene import SceneCamera, SceneMicrophone, load_scene
from tests.opened_files import opened_files

FEELINGS = ("face_expression", "voice_tone", "voice_tone_deep")


def build(robot: RobotSettings, words: Literal["auto", "off"] = "auto") -> tuple[list[str], list[str], dict[str, str]]:
    """Build the robot; gives the files it opened, the devices it opened, and the models it has."""
    clock, scene, devices = SteppedClock(), load_scene(), []

    def opening(name: str, build_device):
        def open_device():
            devices.append(name)
            return build_device()

        return open_device

    parts = Devices(
        camera=opening("camera", lambda: SceneCamera(scene, clock)),
        microphone=opening("microphone", lambda: SceneMicrophone(scene, clock)),
        servos=VirtualServos,
        lights=lambda: VirtualLights(5),
        speaker=lambda: RecordingSpeaker(clock),
    )
    config = Config(robot=robot, voice=VoiceSettings(engine="silent"), hearing=HearingSettings(words=words))
    with opened_files() as opened:
        companion = assemble(config, parts, clock, lambda message: None, at_once=True)
        for _ in range(5):
            clock.wait_s(0.1)
            companion.act(clock.now_s(), companion.lookout.look(0.0), companion.lookout.listen(0.0))
    models = companion.models.identities()
    companion.close()
    return opened, devices, models


def of_feelings(opened: list[str]) -> set[str]:
    """The models of feelings of which any file at all was opened."""
    return {model for model in FEELINGS for path in opened if model in Path(path).parts}


def test_the_watch_sees_the_models_load_where_they_may():
    opened, devices, models = build(RobotSettings())
    assert of_feelings(opened) == set(FEELINGS) == set(models)
    assert any(path.endswith("model.tflite") for path in opened)
    assert set(devices) == {"camera", "microphone"}


@pytest.mark.parametrize(
    "robot",
    [
        RobotSettings(place="workplace"),
        RobotSettings(place="school"),
        RobotSettings(place="workplace", consent="remember"),
        RobotSettings(place="school", consent="remember"),
        RobotSettings(consent="presence"),
    ],
    ids=lambda robot: f"{robot.place} {robot.consent}",
)
def test_no_file_of_a_model_of_feelings_is_opened_where_it_may_not_be(robot):
    opened, devices, models = build(robot)
    assert of_feelings(opened) == set()
    assert models == {}
    assert set(devices) == {"camera", "microphone"}, "presence is still perceived"


def test_without_consent_no_device_is_opened_either():
    opened, devices, models = build(RobotSettings(consent="off"))
    assert devices == []
    assert of_feelings(opened) == set()
    assert models == {}


@pytest.mark.parametrize(
    "robot",
    [
        RobotSettings(place="workplace"),
        RobotSettings(place="school", consent="remember"),
        RobotSettings(consent="presence"),
    ],
    ids=lambda robot: f"{robot.place} {robot.consent}",
)
def test_how_strongly_somebody_smiles_is_not_even_unpacked_where_feelings_may_not_be_read(robot, monkeypatch):
    monkeypatch.setattr(Blendshapes, "open", lambda *_: pytest.fail("the network for smiles and brows was loaded"))
    opened, _, _ = build(robot)
    assert any(path.endswith("face_landmarker.task") for path in opened), "where they look is still perceived"


def test_where_feelings_may_be_read_it_is_loaded(monkeypatch):
    monkeypatch.setattr(Blendshapes, "open", lambda *_: (_ for _ in ()).throw(LookupError("loaded")))
    with pytest.raises(LookupError, match="loaded"):
        build(RobotSettings())


def test_without_words_there_is_no_second_opinion_on_voices():
    opened, _, models = build(RobotSettings(), words="off")
    assert of_feelings(opened) == set(models) == {"face_expression", "voice_tone"}
