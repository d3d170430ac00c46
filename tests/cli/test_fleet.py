"""`rapport fleet`: the table of all robots, a command to one, and a key."""

import json
import threading

import pytest

from robot.cli.main import main
from robot.config import Config, FleetSettings, RobotSettings
from robot.fleet.member import Member
from robot.messages import Health, Intent
from tests.fleet.broker import PATIENCE_S, Broker, Ear


@pytest.fixture
def site(tmp_path):
    """A broker, a configuration file for the desk, and a robot that takes signed commands."""
    broker = Broker(tmp_path).start()
    key, config = tmp_path / "fleet.key", tmp_path / "desk.toml"
    assert main(["fleet", "key", str(key)]) == 0
    config.write_text(f'[fleet]\nport = {broker.port}\ncommands = "signed"\nkey_file = "{key}"\n')
    settings = FleetSettings(enabled=True, port=broker.port, id="ada", commands="signed", key_file=str(key))
    asked, news = [], threading.Event()

    def ask(name):
        asked.append(name)
        news.set()

    member = Member(Config(robot=RobotSettings(name="Ada"), fleet=settings), "1", ask)
    member.open()
    ear = Ear(broker.port)
    ear.wait_for(lambda topic, _: topic.endswith("/session"))
    yield config, member, asked, news, ear
    ear.close()
    member.close()
    broker.stop()


def test_the_table_shows_every_robot(site, capsys):
    config, member, _, _, ear = site
    member.note(Intent("i1", 1.0, "attending", 0, 0, 0, 0, "breathe", 0.5, ()))
    member.note(Health(1.0, {"camera": "lost"}))
    ear.wait_for(lambda topic, _: topic.endswith("/health"))
    assert main(["fleet", "watch", "--once", "0.5", "--config", str(config)]) == 0
    head, row = capsys.readouterr().out.splitlines()[-2:]
    assert head.startswith("robot")
    assert row.split()[:4] == ["ada", "online", "with_somebody", "unneeded"]
    assert row.endswith("camera lost")


def test_each_change_is_a_json_line_if_asked_for(site, capsys):
    config, member, _, _, ear = site
    member.note(Intent("i1", 1.0, "alone", 0, 0, 0, 0, "breathe", 0.5, ()))
    ear.wait_for(lambda topic, _: topic.endswith("/state"))
    capsys.readouterr()
    assert main(["fleet", "watch", "--once", "0.5", "--json", "--config", str(config)]) == 0
    rows = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert {"ada"} == {row["robot"] for row in rows}
    assert rows[-1]["activity"] == "alone"


def test_a_signed_command_reaches_the_robot(site, capsys):
    config, _, asked, news, _ = site
    assert main(["fleet", "send", "ada", "coming", "--config", str(config)]) == 0
    assert news.wait(PATIENCE_S)
    assert asked == ["coming"]
    assert "ada follows: coming" in capsys.readouterr().out


def test_a_command_that_the_robot_refuses_is_no_success(site, tmp_path, capsys):
    config, member, asked, _, _ = site
    (tmp_path / "other.key").write_text("another key, just as long as it must be")
    theirs = tmp_path / "theirs.toml"
    theirs.write_text(config.read_text().replace("fleet.key", "other.key"))
    assert main(["fleet", "send", "ada", "coming", "--config", str(theirs)]) == 2
    assert "ada does not follow coming: a command with a wrong signature; compare" in capsys.readouterr().err
    assert (asked, member.refused) == ([], 1)


def test_a_desk_that_does_not_sign_learns_that_it_must(site, tmp_path, capsys):
    config, _, asked, _, _ = site
    plain = tmp_path / "plain.toml"
    plain.write_text(config.read_text().replace('"signed"', '"broker"'))
    assert main(["fleet", "send", "ada", "person", "--config", str(plain)]) == 2
    assert "not a signed command" in capsys.readouterr().err
    assert asked == []


def test_a_robot_that_is_offline_is_not_sent_to(site, capsys):
    config, member, asked, _, ear = site
    member.close()
    ear.wait_for(lambda topic, payload: topic.endswith("/status") and payload == b"offline")
    assert main(["fleet", "send", "ada", "coming", "--config", str(config)]) == 20
    assert "ada: it is offline" in capsys.readouterr().err
    assert asked == []


def test_no_broker_is_one_line_that_says_what_to_do(tmp_path, capsys):
    config = tmp_path / "desk.toml"
    config.write_text(f"[fleet]\nport = {Broker(tmp_path).port}\n")
    assert main(["fleet", "watch", "--once", "0.1", "--config", str(config)]) == 20
    assert "set [fleet] host and port" in capsys.readouterr().err


def test_a_key_is_made_once_and_only_its_owner_reads_it(tmp_path, capsys):
    key = tmp_path / "key"
    assert main(["fleet", "key", str(key)]) == 0
    assert key.stat().st_mode & 0o777 == 0o600
    assert len(key.read_text().strip()) == 64
    assert main(["fleet", "key", str(key)]) == 2
    assert "cannot be made" in capsys.readouterr().err
