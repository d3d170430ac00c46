"""A robot for the doctor, in stepped time, whose parts do as a test says."""

from pathlib import Path

import numpy as np

from hardware.boards import load_board
from hardware.clock import SteppedClock
from hardware.ports import SAMPLE_RATE_HZ, Frame, Sound
from hardware.virtual.body import VirtualLights, VirtualServos
from robot.care.doctor.subject import Subject
from robot.config import Config

BLOCK = 512


class Eyes:
    """A camera: `picture(k)` is its k-th picture, one every 1 / `rate_hz`."""

    dropped, finished = 0, False

    def __init__(self, clock, picture, rate_hz=15.0, late_s=0.05):
        self._clock, self._picture, self._rate_hz, self._late_s = clock, picture, rate_hz, late_s
        self._count = 0
        self.closed = False

    def read(self, timeout_s):
        self._clock.wait_s(1.0 / self._rate_hz)
        self._count += 1
        return Frame(self._count - 1, self._clock.now_s() - self._late_s, self._picture(self._count))

    def close(self):
        self.closed = True


class Ears:
    """A microphone: `hear(t_s)` are the samples of the block that begins then."""

    finished = False

    def __init__(self, clock, hear, dropped=0, speed=1.0):
        self._clock, self._hear, self.dropped, self._speed = clock, hear, dropped, speed
        self._seq = 0

    def read(self, timeout_s):
        t_s = self._clock.now_s()
        self._clock.wait_s(BLOCK / SAMPLE_RATE_HZ * self._speed)
        self._seq += 1
        return Sound(self._seq - 1, t_s, self._hear(t_s).astype(np.float32))

    def close(self):
        pass


class Silence:
    """A camera or microphone that opens and sends nothing."""

    dropped, finished = 0, False

    def __init__(self, clock):
        self._clock = clock

    def read(self, timeout_s):
        self._clock.wait_s(timeout_s)

    def close(self):
        pass


def scene(index):
    """A picture with edges, and with noise as every sensor has."""
    rng = np.random.default_rng(index)
    picture = np.zeros((240, 320, 3)) + 90
    picture[::16] = 180
    picture[:, ::20] = 30
    return np.clip(picture + rng.normal(0, 3, picture.shape), 0, 255).astype(np.uint8)


def murmur(_t_s, level=0.003):
    """Quiet room noise."""
    return np.random.default_rng(int(_t_s * 1000)).normal(0, level, BLOCK)


def patient(clock=None, *, board="starter_face", root="/nowhere", **changes):
    """A subject; every part is well unless `changes` says otherwise. `board` None is a drawn body."""
    clock = clock or SteppedClock()
    spec = load_board(board) if board else None
    parts = {
        "camera": lambda: Eyes(clock, scene),
        "microphone": lambda: Ears(clock, murmur),
        "servos": lambda: VirtualServos(spec.limits) if spec else VirtualServos(),
        "lights": lambda: VirtualLights(3),
        "speaker": Mute,
    }
    return Subject(
        **{"config": Config(), "clock": clock, "board": spec, "state": Path("/tmp"), "root": Path(root)}
        | parts
        | changes
    )


class Mute:
    """A speaker that makes no sound."""

    playing = False

    def play(self, sound):
        pass

    stop = close = lambda self: None


def only(findings, check=None):
    """The one finding that there is."""
    (finding,) = [each for each in findings if check in (None, each.check)]
    return finding
