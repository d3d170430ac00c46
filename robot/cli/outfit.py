"""Which devices a command line asks for: cameras and microphones by source, bodies by name."""

import argparse
from dataclasses import dataclass, field

from hardware.clock import Clock, MonotonicClock
from hardware.ports import Camera, Lights, Microphone, Servos, Speaker
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos
from hardware.virtual.browser import BrowserCamera, BrowserMicrophone
from hardware.virtual.sources import Source, open_camera, open_microphone, parse_source
from hardware.virtual.switch import SwitchCamera, SwitchMicrophone
from robot.assembly import Devices
from robot.cli.page import Page
from robot.config import Config
from robot.errors import ConfigError
from robot.simulator.sample_scene import SceneCamera, SceneMicrophone, load_scene

VIRTUAL_LIGHTS = 5
"""How many lights the drawn robot has: enough to see a colour run along them."""
