"""The name of a robot on the broker."""

import re

from robot.config import FleetSettings, RobotSettings
from robot.fleet.topics import robot_id, topic


def test_two_machines_with_the_same_name_are_two_robots(tmp_path):
    ids = set()
    for number in (1, 2):
        machine = tmp_path / f"id{number}"
        machine.write_text(f"{number:032x}\n")
        ids.add(robot_id(FleetSettings(), RobotSettings(name="Ada"), machine))
    assert len(ids) == 2
    assert all(re.fullmatch(r"ada-[0-9a-f]{6}", name) for name in ids)


def test_the_machines_own_id_is_not_in_it(tmp_path):
    machine = tmp_path / "id"
    machine.write_text("0123456789abcdef0123456789abcdef\n")
    assert "0123" not in robot_id(FleetSettings(), RobotSettings(name="Ada"), machine)


def test_any_name_makes_a_topic_without_wildcards(tmp_path):
    for name in ("Ädä/+#", "机器人", "  ", "A" * 40):
        found = robot_id(FleetSettings(), RobotSettings(name=name), tmp_path / "none")
        assert re.fullmatch(r"[a-z0-9-]{1,40}", found), name


def test_a_configured_name_is_taken_as_it_is():
    assert robot_id(FleetSettings(id="front-desk"), RobotSettings()) == "front-desk"
    assert topic(FleetSettings(prefix="house"), "front-desk", "state") == "house/front-desk/state"
