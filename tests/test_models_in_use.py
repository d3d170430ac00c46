"""New models in the running robot: tried, kept or left by themselves, with the real loop, camera, models and store."""

import threading
from pathlib import Path

import numpy as np
import pytest

from hardware.clock import SteppedClock
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from robot.assembly import Devices, assemble, describe_run
from robot.config import Config, RobotSettings
from robot.errors import InferenceError
from robot.inference.store import factory_models
from robot.messages import Health, Message, ModelUse, Reason, Sighting
from robot.models_in_use import Updates
from robot.pace import run_stepped
from robot.recording import Recording
from robot.replay import replay
from robot.report import Report
from robot.senses.sight import expression
from robot.senses.sight.expression import ExpressionReader
from robot.simulator.sample_scene import SceneCamera, load_scene
from robot.updates.disk import RealDisk
from robot.updates.state import BOOTS
from robot.updates.store import Store
from robot.updates.trial import Gate
from tests.opened_files import WATCHERS, opened_files
from tests.updates.bundles import store_on
from tests.updates.running import FACE, LONGEST_S, QUIET, Life, face, offer, reads, says


@pytest.fixture(scope="module")
def portrait() -> np.ndarray:
    return face()


@pytest.fixture
def store(in_memory: Path) -> Store:
    return store_on(RealDisk(), in_memory / "store", factory=factory_models())


def test_a_running_robot_takes_up_a_new_model_tries_it_and_keeps_it(portrait: np.ndarray, store: Store):
    life = Life(portrait, store)
    life.when(reads, lambda: offer(store, "9.1.0"))
    life.when(says("9.1.0", "on trial"), lambda: None)
    life.when(says("9.1.0", "proved itself and stays"), lambda: None)
    told = life.live()
    assert store.read().slots(FACE).current.startswith("9.1.0")
    assert life.companion.models.identities()[FACE].startswith("face_expression 9.1.0")
    reasons = [message.text for message in told if isinstance(message, Reason) and message.kind == "model"]
    assert reasons[0] == "My model of faces: version 9.1.0 from now on, on trial"
    assert "proved itself and stays" in reasons[1]
    assert "good answers" in next(event for event in store.events() if event.event == "committed").reason


def test_f39_a_bad_model_is_left_by_itself_and_the_robot_goes_on_reading(
    portrait: np.ndarray, store: Store, monkeypatch: pytest.MonkeyPatch
):
    class GoesWrong(ExpressionReader):
        def judge(self, crop, quality, *opinion):
            if self.model.manifest.version == "9.2.0":
                raise InferenceError("the output holds NaN or infinity")
            return super().judge(crop, quality, *opinion)

    monkeypatch.setattr(expression, "ExpressionReader", GoesWrong)
    life = Life(portrait, store)
    life.when(reads, lambda: offer(store, "9.2.0"))
    life.when(says("9.2.0", "failed its trial", "answers failed"), lambda: None)
    life.when(says("which shipped"), lambda: None)
    life.when(reads, lambda: None)
    told = life.live()
    assert "answers failed" in next(iter(store.read().bad.values()))
    assert [event.event for event in store.events()][-1] == "rolled back"
    parts = [message.parts[FACE] for message in told if isinstance(message, Health)]
    assert set(parts) == {"ok"}


def test_while_a_new_version_loads_the_one_in_use_reads_every_frame(
    portrait: np.ndarray, store: Store, monkeypatch: pytest.MonkeyPatch
):
    loading, go_on = threading.Event(), threading.Event()

    class LoadsLong(ExpressionReader):
        def __init__(self, model):
            super().__init__(model)
            if model.manifest.version == "9.1.0":
                loading.set()
                assert go_on.wait(LONGEST_S)

    monkeypatch.setattr(expression, "ExpressionReader", LoadsLong)
    life = Life(portrait, store)
    read_meanwhile: list[Message] = []

    def enough(message: Message) -> bool:
        if loading.is_set() and reads(message):
            read_meanwhile.append(message)
        return len(read_meanwhile) >= 10

    life.when(reads, lambda: offer(store, "9.1.0"))
    life.when(enough, go_on.set)
    life.when(says("9.1.0", "on trial"), lambda: None)
    told = life.live()
    frames = [message for message in told if isinstance(message, Sighting) and message.faces]
    assert len(read_meanwhile) == 10
    assert all(message.faces[0].expression is not None for message in frames)


def test_f51_a_machine_that_is_slowed_down_for_heat_blames_no_candidate(portrait: np.ndarray, store: Store):
    strict = Gate(duration_s=1.0, least_answers=10, least_to_judge=3, latency_factor=1e-6)
    life = Life(portrait, store, gate=strict, throttled=lambda: True)
    life.when(reads, lambda: offer(store, "9.1.0"))
    life.when(says("9.1.0", "proved itself and stays"), lambda: None)
    life.live()


def test_what_a_person_changes_with_the_command_is_taken_up_too(portrait: np.ndarray, store: Store):
    by_hand = store_on(RealDisk(), store.root, factory=factory_models())
    life = Life(portrait, store)
    life.when(reads, lambda: offer(by_hand, "9.1.0"))
    life.when(says("proved itself"), lambda: by_hand.roll_back(FACE))
    life.when(says("which shipped"), lambda: None)
    life.live()


@pytest.mark.parametrize(
    "robot",
    [RobotSettings(place="workplace"), RobotSettings(place="school"), RobotSettings(consent="presence")],
    ids=lambda robot: f"{robot.place} {robot.consent}",
)
def test_where_no_feelings_may_be_read_no_new_model_of_them_is_ever_opened(
    portrait: np.ndarray, store: Store, robot: RobotSettings
):
    offer(store, "9.0.0")
    life = Life(portrait, store, robot=robot)
    with opened_files() as opened:

        def offer_unwatched() -> None:
            WATCHERS.remove(opened)
            offer(store, "9.1.0")
            WATCHERS.append(opened)

        life.when(lambda message: isinstance(message, Sighting), offer_unwatched)
        # Long enough for two looks at the store, had there been any.
        life.when(lambda message: isinstance(message, Sighting) and message.t_s > 2.5, lambda: None)
        told = life.live()
        (store.root / "state" / "a.json").read_bytes()
    assert any("state" in path for path in opened), "the watch sees what is opened"
    assert not [path for path in opened if str(store.shelf.sets) in path]
    assert life.companion.models.identities() == {}
    assert store.read().slots(FACE).boots_left == BOOTS
    assert not any(isinstance(message, ModelUse) for message in told)


def test_a_robot_that_ends_in_good_order_gives_the_candidate_its_boot_back_and_goes_on_with_the_trial(
    portrait: np.ndarray, store: Store
):
    offer(store, "9.1.0")
    patient = Gate(duration_s=3600.0, least_answers=3, latency_factor=1000.0)
    for run in range(1, BOOTS + 3):
        life = Life(portrait, store, gate=patient)
        life.when(reads, lambda: None)
        life.live()
        slots = store.read().slots(FACE)
        assert (slots.trial[:5], slots.boots_left) == ("9.1.0", BOOTS)
        assert slots.evidence.answers >= run
    life = Life(portrait, store, gate=Gate(duration_s=0.0, least_answers=3, latency_factor=1000.0))
    life.when(says("proved itself"), lambda: None)
    life.live()


def test_f41_with_no_model_left_at_all_the_feature_is_off_and_the_robot_lives(portrait: np.ndarray, in_memory: Path):
    store = store_on(RealDisk(), in_memory / "store", factory=in_memory / "nothing")
    life = Life(portrait, store)
    life.when(says("not found"), lambda: None)
    life.when(lambda message: isinstance(message, Sighting) and bool(message.faces), lambda: None)
    told = life.live()
    assert [message.parts[FACE] for message in told if isinstance(message, Health)][-1] == "refused"


def test_a_run_that_is_not_lived_in_real_time_uses_what_has_proved_itself_and_changes_nothing(
    store: Store, tmp_path: Path
):
    offer(store, "9.1.0")
    store.keep(FACE)
    offer(store, "9.2.0")
    clock = SteppedClock()
    devices = Devices(
        camera=lambda: SceneCamera(load_scene(), clock),
        microphone=None,
        servos=VirtualServos,
        lights=lambda: VirtualLights(5),
        speaker=lambda: RecordingSpeaker(clock),
    )
    updates, generation = Updates(store, candidates=False), store.read().generation
    companion = assemble(Config(voice=QUIET), devices, clock, lambda _: None, at_once=True, updates=updates)
    run_stepped(companion, clock, 0.02, 0.5, threading.Event())
    companion.close()
    assert companion.models.identities()[FACE].startswith("face_expression 9.1.0")
    assert store.read().generation == generation


def test_a_report_of_a_switch_is_replayed_byte_for_byte(portrait: np.ndarray, store: Store, tmp_path: Path):
    life = Life(portrait, store)
    life.when(reads, lambda: offer(store, "9.1.0"))
    life.when(says("proved itself"), lambda: None)
    path = tmp_path / "switch.jsonl"
    with Report(path) as report:
        report.write(describe_run(Config(voice=QUIET), life.companion, "none", "none"))
        for message in life.live():
            report.write(message)
    recording = Recording(path)
    comparison = replay(recording, recording.run.config, lambda _: None)
    assert comparison.same["Reason"] > 2
    assert comparison.different.get("Reason", 0) == 0
