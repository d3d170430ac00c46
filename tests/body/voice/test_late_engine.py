import pytest

from robot.body.voice.late_engine import LateEngine
from robot.body.voice.prosody import Prosody
from robot.errors import SpeechError


class Found:
    name = "found"

    def __init__(self):
        self.said = []
        self.closed = False

    def synthesise(self, text, language, prosody):
        self.said.append(text)
        return "a sound"

    def close(self):
        self.closed = True


def test_it_is_looked_for_once_and_only_when_it_is_wanted():
    engine, searches = Found(), []
    late = LateEngine(lambda: searches.append(1) or engine)
    assert (searches, late.name) == ([], "chirps")
    assert late.synthesise("hello", "en", Prosody()) == "a sound"
    late.warm()
    assert (len(searches), late.name, engine.said) == (1, "found", ["hello"])


def test_where_none_works_it_fails_as_an_engine_does():
    with pytest.raises(SpeechError, match="no speech engine"):
        LateEngine(lambda: None).synthesise("hello", "en", Prosody())


def test_one_that_is_found_after_the_end_is_let_go():
    engine = Found()
    late = LateEngine(lambda: late.close() or engine)
    late.warm()
    assert engine.closed
