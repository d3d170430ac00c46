"""The whole robot in real time, on the models that ship, its real loop and store, looking at one real face."""

import threading
from collections.abc import Callable

import numpy as np

from hardware.clock import MonotonicClock, SteppedClock
from hardware.ports import Frame
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from robot.assembly import Devices, assemble
from robot.companion import Companion
from robot.config import Config, RobotSettings, VoiceSettings
from robot.inference.store import factory_models, find_model
from robot.messages import Message, ModelUse, Sighting
from robot.models_in_use import Updates
from robot.pace import run_real
from robot.simulator.sample_scene import SceneCamera, load_scene
from robot.updates.disk import RealDisk
from robot.updates.repository.bundling import Conditions, bundle_model
from robot.updates.store import Store
from robot.updates.trial import Gate
from tests.updates.bundles import model_files, store_on, write_model

FACE = "face_expression"
LONGEST_S = 60.0
QUICK = Gate(duration_s=0.3, least_answers=3, least_to_judge=3, latency_factor=1000.0)
QUIET = VoiceSettings(engine="silent")


def face() -> np.ndarray:
    """A real face, large and looking on, RGB."""
    camera = SceneCamera(load_scene(), clock := SteppedClock())
    clock.wait_s(6.0)
    frame = camera.read(0.0)
    assert frame is not None
    return frame.pixels


def offer(store: Store, version: str) -> str:
    """What an update leaves behind: a whole set in the store, named the candidate. Gives its name."""
    store = store_on(RealDisk(), store.root, factory=factory_models())
    folder = store.root.parent / f"made-{version}"
    made = bundle_model(
        write_model(folder, version, model_files(version, find_model(FACE, factory_models()))), 0, Conditions()
    )
    with store.updating():
        for content in made.blobs.values():
            store.shelf.add_blob(content)
        name = store.shelf.place(made.content)
    store.try_set(FACE, name)
    return name


class Portrait:
    """A camera that shows the same face for ever, thirty times a second."""

    finished = False

    def __init__(self, pixels: np.ndarray, clock: MonotonicClock) -> None:
        self._pixels, self._clock, self._seq = pixels, clock, 0

    def read(self, timeout_s: float) -> Frame | None:
        self._clock.wait_s(min(timeout_s, 1 / 30))
        self._seq += 1
        return Frame(self._seq, self._clock.now_s(), self._pixels)

    def close(self) -> None:
        return


class Life:
    """The whole robot in real time. `then` maps what is waited for to what is done next, in order."""

    def __init__(
        self,
        pixels: np.ndarray,
        store: Store,
        gate: Gate = QUICK,
        robot: RobotSettings | None = None,
        throttled: Callable[[], bool] = lambda: False,
    ) -> None:
        self.told: list[Message] = []
        self.stop = threading.Event()
        self.clock = MonotonicClock()
        config = Config(robot=robot or RobotSettings(), voice=QUIET)
        devices = Devices(
            camera=lambda: Portrait(pixels, self.clock),
            microphone=None,
            servos=VirtualServos,
            lights=lambda: VirtualLights(5),
            speaker=lambda: RecordingSpeaker(self.clock),
        )
        self.companion: Companion = assemble(
            config, devices, self.clock, self._hear, at_once=False, updates=Updates(store, gate, throttled=throttled)
        )
        self._steps: list[tuple[Callable[[Message], bool], Callable[[], object]]] = []

    def when(self, happens: Callable[[Message], bool], then: Callable[[], object]) -> None:
        """Once `happens` is true of a message (and what was waited for before has come), do `then`."""
        self._steps.append((happens, then))

    def live(self) -> list[Message]:
        """Live until the last step was taken; gives every message."""
        self._steps.append((lambda message: True, self.stop.set))
        run_real(self.companion, self.clock, 0.02, LONGEST_S, self.stop)
        self.companion.close()
        assert self._steps == [], "what was waited for never came"
        return self.told

    def _hear(self, message: Message) -> None:
        self.told.append(message)
        if self._steps and self._steps[0][0](message):
            self._steps.pop(0)[1]()


def reads(message: Message) -> bool:
    """A face whose expression was read."""
    return isinstance(message, Sighting) and any(face.expression is not None for face in message.faces)


def says(*words: str) -> Callable[[Message], bool]:
    return lambda message: isinstance(message, ModelUse) and all(word in message.text for word in words)
