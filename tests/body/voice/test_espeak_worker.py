import importlib.util
import io
import os
import signal
import subprocess
import sys
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from robot.body.voice.espeak_helper import WORKER
from robot.body.voice.espeak_wire import (
    FAILED,
    OK,
    Request,
    decode_request,
    encode_request,
    fallbacks,
)
from robot.body.voice.espeak_worker import answer, in_a_fork
from robot.framing import framed, read_frame

HELLO = Request("Hello", "en", 50, 50, 165)


@settings(deadline=None)
@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])), st.integers(0, 99))
def test_a_request_comes_through_as_it_was(text, number):
    request = Request(text, "de", number, 99 - number, 100 + number)
    stream = io.BytesIO(framed(encode_request(request)))
    assert decode_request(read_frame(stream)) == request
    assert read_frame(stream) is None


@pytest.mark.parametrize("cut", [b"", b"\0\0", b"\0\0\0\x09abc", b"\xff\xff\xff\xffabc"])
def test_a_frame_cut_short_or_too_long_is_the_end(cut):
    assert read_frame(io.BytesIO(cut)) is None


def test_what_was_spoken_is_the_answer():
    assert answer(encode_request(HELLO), lambda request: request.text.encode()) == OK + b"Hello"


@pytest.mark.parametrize("frame", [b"", b"not json", b"{}", b"[1]", b'{"text": 1}', b"\xff\xfe"])
def test_a_request_that_makes_no_sense_gets_a_reason(frame):
    assert answer(frame, lambda request: b"").startswith(FAILED)


def test_what_espeak_refuses_gets_its_reason():
    def refuse(request):
        raise OSError("no voice")

    assert answer(encode_request(HELLO), refuse) == FAILED + b"no voice"


def test_the_same_words_sound_the_same_in_another_process_and_at_another_time():
    if importlib.util.find_spec("espeakng_loader") is None:
        pytest.skip("not tested: espeakng-loader is not installed")
    question = framed(encode_request(Request("Stop that, please.", "en-us+f5", 50, 50, 150)))
    answers, until_s = set(), int(time.time()) + 2
    # espeak-ng would begin its noise with the time of day, in seconds.
    while time.time() < until_s:
        answers.add(subprocess.run(WORKER, input=question, capture_output=True, timeout=60, check=True).stdout)
    (only,) = answers
    assert read_frame(io.BytesIO(only))[:1] == OK


def test_the_worker_answers_in_order_survives_nonsense_and_ends_with_its_input():
    if importlib.util.find_spec("espeakng_loader") is None:
        pytest.skip("not tested: espeakng-loader is not installed")
    questions = [encode_request(HELLO), b"nonsense", encode_request(HELLO)]
    result = subprocess.run(WORKER, input=b"".join(map(framed, questions)), capture_output=True, timeout=60, check=True)
    stream = io.BytesIO(result.stdout)
    first, second, third = (read_frame(stream) for _ in questions)
    assert first[:1] == OK
    assert len(first) > 10_000
    assert second[:1] == FAILED
    assert third == first
    assert stream.read() == b""


def test_the_worker_starts_without_numpy():
    code = "import sys, robot.body.voice.espeak_worker; sys.exit('numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60, check=False).returncode == 0


def test_a_regional_tag_falls_back_to_its_language():
    assert fallbacks("de-at") == ("de-at", "de")
    assert fallbacks("de") == ("de",)


def test_what_a_fork_made_comes_back_whole_and_leaves_no_trace():
    seen = []

    def work():
        seen.append(1)
        return bytes(300_000)

    assert in_a_fork(work, closing=os.open(os.devnull, os.O_RDONLY)) == bytes(300_000)
    assert seen == []


@pytest.mark.parametrize("how", ["killed", "raised"])
def test_a_fork_that_breaks_gives_a_reason(how):
    def work():
        if how == "killed":
            os.kill(os.getpid(), signal.SIGKILL)
        raise RuntimeError

    assert in_a_fork(work, closing=os.open(os.devnull, os.O_RDONLY)).startswith(FAILED + b"espeak-ng ended with")
