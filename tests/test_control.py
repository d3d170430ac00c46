"""The socket to the running robot: only its owner can open it, and it says what came of a request."""

import socket
import stat
import threading

import pytest

from robot.cli.consent import in_words
from robot.cli.main import main
from robot.config import RobotSettings
from robot.consent import Ladder
from robot.control import Control, Standing, control_path, order
from robot.errors import ConfigError
from robot.messages import Consent, Health
from robot.requests import Requests


class Robot:
    """Takes requests up as the robot does, in a thread of its own, until it is closed."""

    def __init__(self, control: Control, requests: Requests, **robot) -> None:
        self.ladder = Ladder(RobotSettings(**robot))
        self._control, self._requests = control, requests
        self._stop = threading.Event()
        control.note(Consent(0.0, self.ladder.rung, self.ladder.rung, self.ladder.ceiling))
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def _live(self) -> None:
        while not self._stop.wait(0.01):
            signals = self._requests.take(1.0)
            for answer in self.ladder.follow(1.0, signals):
                self._control.note(answer)
            for signal in signals:
                if signal.what == "mute":
                    state = "muted" if signal.value == "on" else "ok"
                    self._control.note(Health(1.0, {"camera": state}))

    def close(self) -> None:
        self._stop.set()
        self._thread.join(5.0)


@pytest.fixture
def running(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    requests = Requests()
    robots = []
    with Control(control_path(), requests) as control:

        def start(**robot) -> Robot:
            robots.append(Robot(control, requests, **robot))
            return robots[-1]

        yield start
        for robot in robots:
            robot.close()


def test_it_moves_the_ladder_and_says_where_it_stands_now(running):
    running()
    assert order(control_path()) == Standing("feelings", "remember")
    assert order(control_path(), "consent", "presence") == Standing("presence", "remember")
    assert order(control_path(), "consent", "remember") == Standing("remember", "remember")


def test_it_says_what_was_refused(running, capsys):
    running(place="school")
    assert order(control_path(), "consent", "feelings") == Standing("presence", "presence", refused="place")
    assert main(["consent", "feelings"]) == 1
    assert "in this place it goes no further than presence" in capsys.readouterr().out


def test_it_mutes_and_takes_it_back(running, capsys):
    running()
    assert main(["mute"]) == 0
    assert main(["consent"]) == 0
    assert main(["mute", "off"]) == 0
    muted, standing, unmuted = capsys.readouterr().out.splitlines()
    assert "neither sees nor hears" in muted
    assert standing == in_words(Standing("feelings", "remember", muted=True))
    assert unmuted == "the robot is not muted"


def test_only_its_owner_can_open_it_and_it_goes_with_the_robot(running):
    running()
    assert stat.S_IMODE(control_path().stat().st_mode) == 0o600
    assert stat.S_IMODE(control_path().parent.stat().st_mode) == 0o700


def test_where_no_robot_runs_one_line_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    assert main(["consent", "off"]) == 2
    assert "no robot runs on this computer now" in capsys.readouterr().err
    with Control(control_path(), Requests()):
        assert control_path().exists()
    assert not control_path().exists()
    control_path().touch()
    with pytest.raises(ConfigError, match="no robot runs"):
        order(control_path())


@pytest.mark.parametrize("line", [b"nonsense\n", b'{"what": "explode"}\n', b'{"else": 1}\n', b"\xff\n", b"x" * 9000])
def test_what_it_does_not_understand_is_answered_and_changes_nothing(running, line):
    robot = running()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
        caller.settimeout(5.0)
        caller.connect(str(control_path()))
        caller.sendall(line)
        caller.shutdown(socket.SHUT_WR)
        assert b'"error":"' in caller.recv(4096)
    assert robot.ladder.rung == "feelings"
    assert order(control_path()).rung == "feelings"
