"""Speech to listen to, and the real engines; without them those tests are skipped with one line."""

import importlib.util

import numpy as np
import pytest

from robot.body.voice.espeak_helper import EspeakHelper
from robot.body.voice.prosody import Prosody
from robot.errors import EngineMissing
from robot.policy import Permission


@pytest.fixture(scope="session")
def say():
    """Speech as float32 at 16 kHz, with a little silence around it."""
    try:
        engine = EspeakHelper(time_limit_s=30.0)
    except EngineMissing as error:
        pytest.skip(f"not tested: {error}")
    quiet = np.zeros(6_400, np.float32)

    def speak(text):
        return np.concatenate([quiet, engine.synthesise(text, "en", Prosody()).samples * 0.5, quiet, quiet])

    yield speak
    engine.close()


@pytest.fixture(scope="session")
def engines():
    missing = [name for name in ("ctranslate2", "pocketsphinx") if importlib.util.find_spec(name) is None]
    if missing:
        pytest.skip(f"not tested: {', '.join(missing)} not installed")


@pytest.fixture
def everything():
    return Permission(*[True] * len(Permission.__slots__))
