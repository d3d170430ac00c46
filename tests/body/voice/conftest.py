"""Both real ways to espeak-ng; a test that needs one says so when it is not installed."""

from collections.abc import Iterator

import pytest

from robot.body.voice.engine import SpeechEngine
from robot.body.voice.espeak_helper import EspeakHelper
from robot.body.voice.espeak_program import EspeakProgram
from robot.errors import EngineMissing


@pytest.fixture(scope="module", params=[EspeakHelper, EspeakProgram], ids=["helper", "program"])
def espeak(request: pytest.FixtureRequest) -> Iterator[SpeechEngine]:
    """An engine that really speaks."""
    try:
        engine = request.param(time_limit_s=30.0)
    except EngineMissing as error:
        pytest.skip(f"not tested: {error}")
    yield engine
    engine.close()
