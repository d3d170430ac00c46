"""Tab is asked as a shell asks it: by starting the command with the line in its environment."""

import os
import subprocess
import sys
import tempfile

import pytest


def offered(line):
    """What Tab would offer at the end of `line`."""
    with tempfile.NamedTemporaryFile() as answer:
        environment = os.environ | {
            "_ARGCOMPLETE": "1",
            "_ARGCOMPLETE_STDOUT_FILENAME": answer.name,
            "_ARGCOMPLETE_IFS": "\n",
            "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
            "COMP_LINE": line,
            "COMP_POINT": str(len(line)),
        }
        command = [sys.executable, "-c", "from robot.cli.main import main; main()"]
        subprocess.run(command, env=environment, check=False, capture_output=True, timeout=100)
        answer.seek(0)
        return answer.read().decode().split("\n")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("rapport s", "simulate"),
        ("rapport models verify ", "face_expression/0.4.0"),
        ("rapport models rollback ", "voice_tone"),
        ("rapport models pin face_expression ", "factory"),
        ("rapport run --board ", "starter_face"),
        ("rapport run --persona ", "companion"),
        ("rapport run --pa", "--pace"),
        ("rapport run --place ", "workplace"),
    ],
)
def test_tab_offers_the_names_that_would_be_taken(line, name):
    assert name in offered(line)


def test_without_a_shell_that_asks_nothing_is_imported():
    code = (
        "import sys; from robot.cli.main import main\n"
        "try: main(['--version'])\n"
        "except SystemExit: print('argcomplete' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "False"
