"""Builds the robot, or one of its senses, just as `rapport run` does, on devices that the benchmark gives it."""

from collections.abc import Callable

from hardware.clock import Clock, MonotonicClock
from hardware.ports import Camera, Microphone
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from robot.assembly import Devices, assemble
from robot.companion import Companion, Listener
from robot.config import Config
from robot.inference.delegates import accelerator_for
from robot.inference.model import Model
from robot.inference.store import factory_models, find_model
from robot.models_in_use import Updates

LIGHTS = 5


def load_model(config: Config, reference: str) -> Model:
    """A model of the configuration, checked and ready."""
    accelerator = accelerator_for(config.inference, MonotonicClock())
    return Model.load(find_model(reference, factory_models()), config.inference, accelerator)


def robot_on(
    config: Config,
    clock: Clock,
    camera: Callable[[], Camera] | None,
    microphone: Callable[[], Microphone] | None,
    *,
    at_once: bool,
    tell: Listener = lambda _message: None,
    updates: Updates | None = None,
) -> Companion:
    """The whole robot with a virtual body."""
    servos, lights, speaker = VirtualServos(), VirtualLights(LIGHTS), RecordingSpeaker(clock, keep=4)
    devices = Devices(camera, microphone, lambda: servos, lambda: lights, lambda: speaker)
    return assemble(config, devices, clock, tell, at_once=at_once, updates=updates)
