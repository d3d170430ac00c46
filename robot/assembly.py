"""Builds the robot for a configuration and a set of devices: what may exist, which models, which body."""

import random
from collections.abc import Callable
from dataclasses import dataclass

from hardware.clock import Clock
from hardware.ports import Camera, Lights, Microphone, Servos, Speaker
from robot.body.body import Body
from robot.care.keeper import Keeper
from robot.care.kept import KeptLights, KeptServos, KeptSpeaker
from robot.companion import Companion, Listener
from robot.config import Config
from robot.lookout import Lookout
from robot.mind.behaviour import Behaviour
from robot.mind.mood import MoodFusion
from robot.mind.reasons import Reasons
from robot.policy import permission


@dataclass(frozen=True)
class Devices:
    """How to open each device; None leaves the part out. Opening may fail and is tried again (`robot.care.keeper`)."""

    camera: Callable[[], Camera] | None
    microphone: Callable[[], Microphone] | None
    servos: Callable[[], Servos]
    lights: Callable[[], Lights]
    speaker: Callable[[], Speaker] | None
