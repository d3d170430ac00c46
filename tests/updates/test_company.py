"""The lock that says that somebody is with the robot: seen by others, gone with its process, and never in the way."""

import os
import signal
from pathlib import Path

from robot.updates.company import NAME, Company


def test_what_one_process_says_the_other_sees_until_it_is_taken_back(tmp_path: Path):
    robot, updater = Company(tmp_path), Company(tmp_path)
    assert not updater.there()
    for _ in range(3):
        robot.set(True)
        assert updater.there()
        robot.set(True)
        assert updater.there()
        robot.set(False)
        assert not updater.there()


def test_a_robot_that_is_killed_is_with_nobody(tmp_path: Path):
    ready, tell = os.pipe()
    child = os.fork()
    if child == 0:
        Company(tmp_path).set(True)
        robot = Company(tmp_path)
        robot.set(True)
        os.write(tell, b"x")
        signal.pause()
        os._exit(0)
    os.read(ready, 1)
    assert Company(tmp_path).there()
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    assert not Company(tmp_path).there()


def test_without_a_store_nobody_is_there_and_nothing_is_made(tmp_path: Path):
    company = Company(tmp_path / "nowhere")
    company.set(True)
    assert not company.there()
    assert list(tmp_path.iterdir()) == []


def test_two_robots_on_one_store_are_both_seen(tmp_path: Path):
    first, second = Company(tmp_path), Company(tmp_path)
    first.set(True)
    second.set(True)
    first.set(False)
    assert Company(tmp_path).there()
    second.set(False)
    assert not Company(tmp_path).there()
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
