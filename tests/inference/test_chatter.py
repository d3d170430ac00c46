import os
import subprocess
import sys

import pytest

from robot.inference.chatter import without_small_talk


def native_write(text):
    os.write(2, text.encode())


def test_small_talk_is_dropped_and_everything_else_is_passed_on(capfd):
    native_write("before\n")
    with without_small_talk():
        native_write("INFO: Created a delegate.\nERROR: this matters\n")
        sys.stderr.write("from Python\n")
    native_write("after\n")
    lines = capfd.readouterr().err.splitlines()
    assert lines[0] == "before"
    assert lines[-1] == "after"
    assert sorted(lines[1:-1]) == ["ERROR: this matters", "from Python"]


def test_what_was_said_before_an_error_is_not_lost(capfd):
    with pytest.raises(RuntimeError), without_small_talk():
        native_write("WARNING: it burns\n")
        raise RuntimeError
    native_write("after\n")
    assert capfd.readouterr().err == "WARNING: it burns\nafter\n"


def test_a_closed_standard_error_does_no_harm():
    code = "\n".join(
        (
            "import os",
            "os.close(2)",
            "from robot.inference.chatter import without_small_talk",
            "with without_small_talk(): print('ran')",
        )
    )
    done = subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "ran\n")
