"""The kernel kills a worker for want of memory: the robot goes on, and takes it back when there is memory."""

import sys

import numpy as np
import pytest

from robot.body.voice.espeak_helper import WORKER as SPEAKER
from robot.body.voice.espeak_helper import EspeakHelper
from robot.body.voice.prosody import Prosody
from robot.errors import EngineMissing, ListeningError, SpeechError
from robot.helper_process import HelperProcess
from robot.senses.hearing.words.listener import WORKER as RECOGNISER
from robot.senses.hearing.words.wire import encode_turn
from tests.out_of_memory import little_memory

TURN = encode_turn(np.zeros(16_000, np.float32), "words")


def test_f52_a_recogniser_killed_for_memory_is_an_error_and_no_end():
    pytest.importorskip("ctranslate2")
    with little_memory(80) as group:
        helper = HelperProcess(group.command(*RECOGNISER, "en"), 60.0, "the recogniser of words", ListeningError)
        with pytest.raises(ListeningError, match="the recogniser of words"):
            helper.ask(TURN)
        assert group.kills == 2, "it was killed, started again and killed again"
        helper.close()


def test_f52_a_voice_killed_for_memory_is_an_error_and_speaks_when_there_is_memory():
    with little_memory(8) as group:
        try:
            voice = EspeakHelper(group.command(*SPEAKER))
        except EngineMissing:
            pytest.skip("no espeak-ng here")
        with pytest.raises(SpeechError):
            voice.synthesise("hello", "en", Prosody())
        assert group.kills == 2
        voice.close()
    voice = EspeakHelper()
    assert len(voice.synthesise("hello", "en", Prosody()).samples) > 0
    voice.close()


def test_f52_the_kernel_really_kills():
    hog = "print(len(bytearray(200 * 2**20)))"
    with little_memory(30) as group:
        helper = HelperProcess(group.command(sys.executable, "-c", hog), 60.0, "the hog", ListeningError)
        with pytest.raises(ListeningError):
            helper.ask(b"?")
        assert group.kills == 2
        helper.close()
