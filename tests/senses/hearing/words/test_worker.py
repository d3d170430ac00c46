"""The recogniser's helper as the process that it is."""

import subprocess
import sys

from robot.framing import framed
from robot.senses.hearing.words.wire import WHICH, Answer, decode_answer

FORBIDDEN = """
import os

def nice(_):
    raise PermissionError(1, "Operation not permitted")

os.nice = nice
from robot.senses.hearing.words.worker import main
main(["en", ""])
"""


def test_a_service_that_may_not_change_its_priority_has_words_all_the_same() -> None:
    found = subprocess.run(
        [sys.executable, "-c", FORBIDDEN], input=framed(WHICH), capture_output=True, timeout=100, check=True
    )
    answer = decode_answer(found.stdout[4:])
    assert isinstance(answer, Answer)
    assert answer.engines is not None
