import os
import signal
import sys
import threading

import pytest

from robot.body.voice.espeak_helper import EspeakHelper
from robot.body.voice.prosody import Prosody
from robot.errors import EngineMissing, SpeechError
from robot.helper_process import HelperProcess

ECHO = "import sys\nwhile (b := sys.stdin.buffer.read(1)): sys.stdout.buffer.write(b); sys.stdout.buffer.flush()"


@pytest.fixture
def helper():
    try:
        engine = EspeakHelper(time_limit_s=30.0)
    except EngineMissing as error:
        pytest.skip(f"not tested: {error}")
    yield engine
    engine.close()


def child(script, time_limit_s=30.0):
    return HelperProcess([sys.executable, "-c", script], time_limit_s, "the speech helper", SpeechError)


def test_it_starts_with_the_first_word_and_stays(helper):
    assert helper.pid is None
    helper.synthesise("Hello", "en", Prosody())
    first = helper.pid
    helper.synthesise("Hello", "en", Prosody())
    assert first is not None
    assert helper.pid == first


def test_killed_between_two_words_it_says_the_next_one_anyway(helper):
    before = helper.synthesise("Hello", "en", Prosody())
    first = helper.pid
    os.kill(first, signal.SIGKILL)
    after = helper.synthesise("Hello", "en", Prosody())
    assert helper.pid != first
    assert len(after.samples) == len(before.samples)


def test_closing_ends_the_process_and_may_be_done_twice(helper):
    helper.synthesise("Hello", "en", Prosody())
    pid = helper.pid
    helper.close()
    helper.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    with pytest.raises(SpeechError, match="closed"):
        helper.synthesise("Hello", "en", Prosody())


def test_an_answer_may_be_longer_than_a_pipe_holds():
    echo = child(ECHO)
    payload = bytes(range(256)) * 200
    assert echo.ask(payload) == payload
    echo.close()


def test_a_helper_that_hangs_is_killed_and_the_next_question_starts_another():
    hanging = child("import time; time.sleep(600)", time_limit_s=0.2)
    with pytest.raises(SpeechError, match=r"longer than 0\.2 s"):
        hanging.ask(b"hello")
    assert hanging.pid is None
    hanging.close()


def test_a_helper_that_dies_is_asked_again_only_once(tmp_path):
    log = tmp_path / "starts"
    dying = child(f"open({str(log)!r}, 'a').write('x')")
    with pytest.raises(SpeechError, match="started anew"):
        dying.ask(b"hello")
    assert log.read_text() == "xx"
    dying.close()


def test_a_helper_that_promises_too_much_is_not_believed():
    with pytest.raises(SpeechError, match="4294967295 bytes"):
        child("import sys; sys.stdout.buffer.write(b'\\xff' * 4)").ask(b"hello")


def test_closing_from_another_thread_ends_a_question_in_flight(tmp_path):
    asked = tmp_path / "asked"
    os.mkfifo(asked)
    hanging = child(f"import sys, time; sys.stdin.read(1); open({str(asked)!r}, 'w').close(); time.sleep(600)")
    errors = []

    def ask():
        try:
            hanging.ask(b"hello")
        except SpeechError as error:
            errors.append(error)

    asking = threading.Thread(target=ask)
    asking.start()
    with asked.open():  # opens when the child has the question
        hanging.close()
    asking.join()
    assert len(errors) == 1


def test_a_program_that_does_not_exist_is_an_error_of_one_line():
    with pytest.raises(SpeechError, match="cannot be started"):
        HelperProcess(["/no/such/helper"], 1.0, "the speech helper", SpeechError).ask(b"hello")
