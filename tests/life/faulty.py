"""Devices and models that fail in every way a test can think of, from a seeded generator: the robot must not mind."""

import random

import numpy as np

from hardware.errors import DeviceLost
from hardware.ports import SAMPLE_RATE_HZ, Frame, Sound

BLOCK = 512


class FaultyCamera:
    """Delivers pictures about once in `every_s`; each is a face, an empty room, noise, or no picture at all.

    Now and then it goes, and must be opened again.
    """

    dropped = 0
    finished = False

    def __init__(self, clock, rng, faces, every_s=0.5):
        self._clock, self._rng, self._faces, self._every_s = clock, rng, faces, every_s
        self._next_s = 0.0
        self._kind, self._until_s = "face", 0.0
        self._seq = 0

    def read(self, timeout_s):
        now_s = self._clock.now_s()
        if now_s < self._next_s:
            return None
        self._next_s = now_s + self._every_s * self._rng.uniform(0.5, 1.5)
        if now_s >= self._until_s:
            self._kind = self._rng.choice(["face", "face", "faces", "room", "noise", "garbage", "gone"])
            self._until_s = now_s + self._rng.uniform(1.0, 20.0)
        if self._kind == "gone":
            self._kind = "room"
            raise DeviceLost("the camera was unplugged")
        self._seq += 1
        return Frame(seq=self._seq, t_s=now_s, pixels=self._picture())

    def _picture(self):
        if self._kind == "face":
            return self._rng.choice(self._faces)
        if self._kind == "faces":
            return np.concatenate([self._rng.choice(self._faces), self._rng.choice(self._faces)], axis=1)
        if self._kind == "room":
            return np.full((480, 640, 3), self._rng.randrange(256), np.uint8)
        noise = np.random.default_rng(self._rng.randrange(2**32))
        if self._kind == "noise":
            return noise.integers(0, 256, (480, 640, 3), dtype=np.uint8)
        return self._rng.choice(GARBAGE)

    def close(self):
        pass


GARBAGE = [
    np.zeros((0, 0, 3), np.uint8),
    np.zeros((480, 640), np.float64),
    np.full((480, 640, 3), np.nan, np.float32),
    np.zeros((1, 1, 3), np.uint8),
    np.zeros((3, 480, 640), np.uint8),
    np.zeros((2, 4000, 3), np.uint8),
]


class FaultyMicrophone:
    """Delivers sound for `share` of the time: speech, silence, noise, NaN, wrong types; now and then it goes."""

    dropped = 0
    finished = False

    def __init__(self, clock, rng, speech, share=0.1):
        self._clock, self._rng, self._speech, self._share = clock, rng, speech, share
        self._kind, self._until_s = "silence", 0.0
        self._seq, self._at = 0, 0
        self._due_s = 0.0

    def read(self, timeout_s):
        now_s = self._clock.now_s()
        if now_s >= self._until_s:
            kinds = ["speech", "speech", "silence", "noise", "garbage", "gone"]
            self._kind = self._rng.choice(kinds) if self._rng.random() < self._share else "pause"
            self._until_s = now_s + self._rng.uniform(1.0, 6.0)
            self._due_s = now_s
        if self._kind == "gone":
            self._kind = "pause"
            raise DeviceLost("the microphone was unplugged")
        if self._kind == "pause" or now_s < self._due_s:
            return None
        block = Sound(seq=self._seq, t_s=self._due_s, samples=self._samples())
        self._seq += 1
        self._due_s += BLOCK / SAMPLE_RATE_HZ
        return block

    def _samples(self):
        if self._kind == "speech":
            self._at = (self._at + BLOCK) % (len(self._speech) - BLOCK)
            return self._speech[self._at : self._at + BLOCK]
        if self._kind == "silence":
            return np.zeros(BLOCK, np.float32)
        noise = np.random.default_rng(self._rng.randrange(2**32))
        if self._kind == "noise":
            return noise.normal(0, 0.1, BLOCK).astype(np.float32)
        return self._rng.choice(
            [
                np.full(BLOCK, np.nan, np.float32),
                np.full(BLOCK, np.inf, np.float32),
                np.full(BLOCK, 1e30, np.float32),
                np.zeros(0, np.float32),
                np.zeros((2, BLOCK), np.float32),
                np.zeros(BLOCK, np.int64),
            ]
        )

    def close(self):
        pass


class FaultyServos:
    """Virtual servos that write down the most extreme angles they were told, and lose their bus now and then."""

    def __init__(self, servos, rng, chance=1e-4):
        self._servos, self._rng, self._chance = servos, rng, chance
        self.moves = 0

    def move(self, t_s, angles):
        if self._rng.random() < self._chance:
            raise DeviceLost("the servo bus does not answer")
        self.moves += 1
        return self._servos.move(t_s, angles)

    def release(self):
        self._servos.release()

    def close(self):
        self._servos.close()


def generator(seed, name):
    """An independent generator for each part, so that one part's draws do not change another's."""
    return random.Random(f"{seed} {name}")
