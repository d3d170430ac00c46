"""Consent and mute while the robot runs: senses close, models are let go, and come back when a person says so."""

import gc
import sys
import weakref

import pytest

from hardware.clock import SteppedClock
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from robot.assembly import Devices, assemble
from robot.config import Config, RobotSettings, VoiceSettings
from robot.inference.model import Model
from robot.messages import Consent, Health, Hearing, Intent, Mood, Reason, Sighting
from robot.simulator.sample_scene import SceneCamera, SceneMicrophone, load_scene

FEELINGS = {"face_expression", "voice_tone"}
TICK_S = 0.02


class Hand:
    """A switch of the board, under somebody's hand."""

    muted = False

    def close(self) -> None:
        pass


class Life:
    """The whole robot in the sample scene, on devices that say whether they are open."""

    def __init__(self, **robot) -> None:
        clock, scene = SteppedClock(), load_scene()
        self.clock, self.open, self.told, self.models = clock, {}, [], weakref.WeakSet()
        self.hand = Hand()

        def watched(name, device):
            self.open[name] = self.open.get(name, 0) + 1
            close = device.close

            def closing() -> None:
                self.open[name] -= 1
                close()

            device.close = closing
            return device

        devices = Devices(
            camera=lambda: watched("camera", SceneCamera(scene, clock)),
            microphone=lambda: watched("microphone", SceneMicrophone(scene, clock)),
            servos=VirtualServos,
            lights=lambda: VirtualLights(5),
            speaker=lambda: RecordingSpeaker(clock),
            mutes=(lambda: self.hand,),
        )
        config = Config(robot=RobotSettings(**robot), voice=VoiceSettings(engine="silent"))
        load = Model.load

        def noticed(*arguments):
            model = load(*arguments)
            if model.manifest.id in FEELINGS:
                self.models.add(model)
            return model

        Model.load = noticed
        try:
            self.companion = assemble(config, devices, clock, self.told.append, at_once=True)
            self._patched = noticed
        finally:
            Model.load = load
        self._load = load

    def go(self, seconds: float) -> list:
        """Live on; gives what was told meanwhile."""
        start = len(self.told)
        Model.load = self._patched
        try:
            for _ in range(round(seconds / TICK_S)):
                lookout = self.companion.lookout
                self.companion.act(self.clock.now_s(), lookout.look(0.0), lookout.listen(0.0))
                self.clock.wait_s(TICK_S)
        finally:
            Model.load = self._load
        return self.told[start:]

    def held(self) -> set[str]:
        """The models of feelings that anything at all still holds on to."""
        gc.collect()
        return {model.manifest.id for model in self.models}

    def health(self) -> dict[str, str]:
        return next(each for each in reversed(self.told) if isinstance(each, Health)).parts

    def ask(self, what: str, value: str, by: str = "page") -> None:
        self.companion.requests.ask(what, value, by)


def feelings_in(messages) -> list:
    seen = [each for each in messages if isinstance(each, Sighting) and any(face.expression for face in each.faces)]
    heard = [each for each in messages if isinstance(each, Hearing) and each.tone is not None]
    named = [each for each in messages if isinstance(each, Mood) and each.label != "unsure"]
    return [*seen, *heard, *named]


@pytest.fixture
def watch():
    opened: set[str] = set()
    active = True

    def hook(event, arguments):
        if active and event == "open" and isinstance(arguments[0], str):
            opened.update(model for model in FEELINGS if f"/{model}/" in arguments[0])

    sys.addaudithook(hook)
    yield opened
    active = False


def test_down_the_ladder_at_once_and_up_again_by_a_person(watch) -> None:
    life = Life()
    assert feelings_in(life.go(4.0))
    assert life.held() == FEELINGS

    life.ask("consent", "presence")
    told = life.go(TICK_S)
    assert feelings_in(told) == [], "in the very tick"
    assert next(each for each in told if isinstance(each, Consent)).rung == "presence"
    assert life.held() == set(), "nothing holds a model of feelings any more"
    told = life.go(3.0)
    assert any(isinstance(each, Sighting) and each.faces for each in told), "presence is still perceived"
    assert feelings_in(told) == []
    assert {life.health()[model] for model in FEELINGS} == {"off"}

    life.ask("consent", "off")
    life.go(2 * TICK_S)
    assert life.open == {"camera": 0, "microphone": 0}
    told = life.go(2.0)
    assert [each for each in told if isinstance(each, Sighting | Hearing)] == []
    assert {life.health()[sense] for sense in ("camera", "microphone")} == {"off"}

    watch.clear()
    life.ask("consent", "feelings", by="fleet")
    life.go(1.0)
    assert (life.open, watch) == ({"camera": 0, "microphone": 0}, set()), "from afar nobody may open its eyes"
    life.ask("consent", "feelings", by="board")
    told = life.go(4.0)
    assert life.open == {"camera": 1, "microphone": 1}
    assert watch == FEELINGS
    assert any(isinstance(each, Sighting) and any(face.expression for face in each.faces) for each in told)
    life.companion.close()


def test_ids_never_come_twice_however_often_the_senses_are_built_anew() -> None:
    life = Life()
    for rung in ("presence", "feelings", "off", "presence"):
        life.go(0.6)
        life.ask("consent", rung)
    life.go(1.0)
    for kind in (Sighting, Hearing, Mood, Reason, Intent):
        ids = [each.id for each in life.told if isinstance(each, kind)]
        assert ids
        assert len(ids) == len(set(ids)), kind
    life.companion.close()


@pytest.mark.parametrize("place", ["workplace", "school"])
def test_in_a_workplace_and_a_school_nobody_can_have_the_models_loaded(place, watch) -> None:
    life = Life(place=place)
    for rung in ("feelings", "remember", "off", "feelings"):
        life.ask("consent", rung, by="board")
        assert feelings_in(life.go(0.5)) == []
    assert watch == set()
    assert life.companion.models.identities() == {}
    life.companion.close()


def test_the_mute_switch_wins_over_everything_and_lets_camera_and_microphone_go() -> None:
    life = Life()
    life.go(2.0)
    life.hand.muted = True
    told = life.go(2 * TICK_S)
    assert [each for each in told if isinstance(each, Sighting | Hearing)] == []
    assert life.open == {"camera": 0, "microphone": 0}
    assert {life.health()[sense] for sense in ("camera", "microphone")} == {"muted"}
    for what, value in (("consent", "remember"), ("mute", "off")):
        life.ask(what, value, by="board")
        told = life.go(0.5)
        assert [each for each in told if isinstance(each, Sighting | Hearing)] == []
        assert life.open == {"camera": 0, "microphone": 0}
    life.hand.muted = False
    told = life.go(1.0)
    assert life.open == {"camera": 1, "microphone": 1}
    assert any(isinstance(each, Sighting) for each in told)
    assert any(isinstance(each, Hearing) for each in told)
    assert {life.health()[sense] for sense in ("camera", "microphone")} == {"ok"}
    life.companion.close()


def test_muted_by_a_request_it_comes_back_by_a_request_of_somebody_here() -> None:
    life = Life()
    life.go(1.0)
    life.ask("mute", "on", by="fleet")
    life.go(2 * TICK_S)
    assert life.open == {"camera": 0, "microphone": 0}
    life.ask("mute", "off", by="fleet")
    life.go(0.5)
    assert life.open == {"camera": 0, "microphone": 0}
    life.ask("mute", "off", by="page")
    life.go(0.5)
    assert life.open == {"camera": 1, "microphone": 1}
    life.companion.close()


def test_a_robot_that_is_muted_when_it_starts_opens_nothing() -> None:
    Hand.muted = True
    try:
        life = Life()
        assert life.open == {}
        life.go(0.5)
        assert life.open == {}
    finally:
        Hand.muted = False
    life.go(0.5)
    assert life.open == {"camera": 1, "microphone": 1}
    life.companion.close()
