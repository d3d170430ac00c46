"""Sound for the tests of hearing: real speech that needs no data, and everyday noises made from arithmetic."""

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hardware.virtual.sound_file import read_sound_file

SAMPLE_RATE_HZ = 16_000
SAMPLE_SPEECH = Path(__file__).resolve().parents[3] / "robot" / "simulator" / "sample" / "speech.ogg"


@pytest.fixture(scope="session")
def reading() -> NDArray[np.float32]:
    """7.1 s of a public-domain reading: nearly all of it speech."""
    return read_sound_file(SAMPLE_SPEECH).samples


@pytest.fixture(scope="session")
def speech_in_a_quiet_room(reading: NDArray[np.float32]) -> NDArray[np.float32]:
    """A second of room noise, the reading, two seconds of room noise; the room at -60 dBFS."""
    rate = SAMPLE_RATE_HZ
    sound = np.concatenate([np.zeros(rate, np.float32), reading, np.zeros(2 * rate, np.float32)])
    return sound + np.random.default_rng(4).normal(0, 0.001, len(sound)).astype(np.float32)


def white_noise(seconds: float, height: float = 0.1) -> NDArray[np.float32]:
    return np.random.default_rng(5).normal(0, height, int(seconds * SAMPLE_RATE_HZ)).astype(np.float32)


def hum(seconds: float, hertz: float = 120.0, height: float = 0.3) -> NDArray[np.float32]:
    t = np.arange(int(seconds * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    return (height * np.sin(2 * np.pi * hertz * t)).astype(np.float32)


def clicks(seconds: float) -> NDArray[np.float32]:
    sound = np.zeros(int(seconds * SAMPLE_RATE_HZ), np.float32)
    sound[np.arange(len(sound)) % 4000 < 8] = 0.9
    return sound


@pytest.fixture(scope="session")
def noises() -> dict[str, NDArray[np.float32]]:
    """Six seconds each of what a lobby has and nobody says."""
    return {
        "silence": np.zeros(6 * SAMPLE_RATE_HZ, np.float32),
        "white noise": white_noise(6.0),
        "a 120 Hz hum": hum(6.0),
        "clicks": clicks(6.0),
        "a hum with clicks": hum(6.0) + clicks(6.0) * np.float32(0.5),
    }
