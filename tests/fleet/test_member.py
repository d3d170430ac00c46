"""A robot on a real mosquitto: what it tells, its last will, what waits while the broker is gone, and its commands."""

import json
import threading

import msgspec
import pytest

from robot.called import HandOff
from robot.config import Config, FleetSettings, RobotSettings
from robot.errors import ConfigError
from robot.fleet.bulletin import Post
from robot.fleet.commands import sign
from robot.fleet.link import MOST_EVENTS, Link
from robot.fleet.member import Member
from robot.messages import Health, Intent
from tests.fleet.broker import PATIENCE_S, Broker, Ear

KEY = "0123456789abcdef0123456789abcdef"


def config(port, **fleet):
    settings = FleetSettings(enabled=True, port=port, id="ada", **fleet)
    return Config(robot=RobotSettings(name="Ada"), fleet=settings)


def intent(state, hand_off=None, t_s=1.0):
    return Intent("i1", t_s, state, 0, 0, 0, 0, "breathe", 0.5, (), hand_off=hand_off)


class Asked:
    """What the fleet asked of the robot."""

    def __init__(self):
        self.names = []
        self._news = threading.Condition()

    def __call__(self, name):
        with self._news:
            self.names.append(name)
            self._news.notify_all()

    def wait_for(self, count):
        with self._news:
            assert self._news.wait_for(lambda: len(self.names) >= count, PATIENCE_S), self.names
        return self.names


@pytest.fixture
def join():
    members = []

    def make(settings, asked=None):
        member = Member(settings, "1.2.3", asked or Asked())
        members.append(member)
        member.open()
        return member

    yield make
    for member in members:
        member.close()


def at(name):
    return lambda topic, _payload: topic == f"rapport/ada/{name}"


def test_it_says_that_it_is_there_and_how_it_is(broker, ear, join):
    member = join(config(broker.port))
    assert ear.wait_for(at("status"))[1] == b"online"
    member.note(intent("comforting"))
    state = json.loads(ear.wait_for(at("state"))[1])
    assert state == {"activity": "with_somebody", "hand_off": "unneeded", "t_s": 1.0}
    member.note(Health(2.0, {"camera": "lost", "microphone": "ok"}))
    assert json.loads(ear.wait_for(at("health"))[1])["parts"] == {"camera": "lost", "microphone": "ok"}
    assert json.loads(ear.wait_for(at("event"))[1])["text"] == "camera lost"


def test_whoever_comes_later_finds_it_too(broker, join):
    member = join(config(broker.port))
    early = Ear(broker.port)
    early.wait_for(at("status"))
    member.note(intent("alone"))
    early.wait_for(at("state"))
    early.close()
    late = Ear(broker.port)
    assert json.loads(late.wait_for(at("state"))[1])["activity"] == "alone"
    assert late.wait_for(at("status"))[2], "kept by the broker"
    late.close()


def test_when_it_dies_the_broker_says_so(broker, ear):
    member = Member(config(broker.port), "1.2.3", Asked())
    member.open()
    ear.wait_for(at("status"))
    member._link._client.socket().shutdown(2)  # the cable, not a goodbye
    assert ear.wait_for(lambda topic, payload: topic == "rapport/ada/status" and payload == b"offline")
    member.close()


def test_a_goodbye_says_that_it_is_offline(broker, ear):
    member = Member(config(broker.port), "1.2.3", Asked())
    member.open()
    ear.wait_for(at("status"))
    member.close()
    assert ear.wait_for(lambda topic, payload: topic == "rapport/ada/status" and payload == b"offline")


def test_with_the_broker_gone_it_goes_on_and_tells_when_it_is_back(tmp_path, join):
    broker = Broker(tmp_path)
    member = join(config(broker.port))
    member.note(intent("alone"))
    member.note(intent("attending", t_s=2.0))
    member.note(Health(3.0, {"camera": "lost"}))
    assert (member.state, member.publish_hand_off(b"{}")) == ("lost", False)
    broker.start()
    ear = Ear(broker.port)
    assert json.loads(ear.wait_for(at("state"))[1])["activity"] == "with_somebody"
    assert ear.wait_for(at("hand_off"))[1] == b"{}"
    ear.wait_for(at("health"))
    assert member.state == "ok"
    ear.close()
    broker.stop()


def test_what_waits_for_the_broker_is_bounded_and_what_is_lost_is_counted(tmp_path):
    link = Link(config(Broker(tmp_path).port).fleet, "ada")
    for number in range(MOST_EVENTS + 7):
        link.post(Post("event", str(number).encode(), retained=False))
        link.post(Post("state", str(number).encode()))
    assert link.dropped == 7
    assert (len(link._events), len(link._kept)) == (MOST_EVENTS, 1)
    assert link._events[0].payload == b"7", "the oldest went"


def test_signed_commands_are_followed_once_and_only_by_this_robot(broker, ear, join, tmp_path):
    (tmp_path / "key").write_text(KEY)
    asked = Asked()
    member = join(config(broker.port, commands="signed", key_file=str(tmp_path / "key")), asked)
    session = ear.wait_for(at("session"))[1].decode()

    def send(command):
        ear.publish("rapport/ada/command", msgspec.json.encode(command))

    good = sign(KEY.encode(), "ada", session, 5, "coming")
    send(good)
    asked.wait_for(1)
    send(good)  # overheard, and sent again
    send(sign(KEY.encode(), "ada", session, 4, "coming"))
    send(sign(KEY.encode(), "bob", session, 6, "coming"))
    send(sign(KEY.encode(), "ada", "yesterday", 7, "coming"))
    send(sign(b"another key, just as long as it", "ada", session, 8, "coming"))
    ear.publish("rapport/ada/command", b"coming")
    ear.publish("rapport/ada/command", b"\xff\x00 {")
    send(sign(KEY.encode(), "ada", session, 9, "handed_over"))
    assert asked.wait_for(2) == ["coming", "handed_over"]
    assert member.refused == 7
    ear.wait_for(lambda topic, payload: topic == "rapport/ada/answer" and json.loads(payload).get("count") == 9)
    answers = [json.loads(payload) for topic, payload, _ in ear.messages if topic == "rapport/ada/answer"]
    assert answers[0] == {"followed": True, "name": "coming", "count": 5}
    assert [answer.get("why") for answer in answers[1:-1]] == [
        "a command that has been here before",
        "a command that has been here before",
        *["a command with a wrong signature"] * 3,
        *["not a signed command"] * 2,
    ]
    assert answers[-1] == {"followed": True, "name": "handed_over", "count": 9}


def test_commands_that_the_broker_lets_through_are_followed_if_so_configured(broker, ear, join):
    asked = Asked()
    member = join(config(broker.port, commands="broker"), asked)
    ear.wait_for(at("session"))
    ear.publish("rapport/ada/command", b"reboot")
    ear.publish("rapport/ada/command", b'{"name": "person"}')
    ear.publish("rapport/ada/command", b"coming")
    assert asked.wait_for(2) == ["person", "coming"]
    assert member.refused == 1


def test_without_commands_it_does_not_even_listen(broker, ear, join):
    asked = Asked()
    member = join(config(broker.port), asked)
    ear.wait_for(at("status"))
    ear.publish("rapport/ada/command", b"coming")
    member.note(intent("alone"))
    ear.wait_for(at("state"))
    assert (asked.names, member.refused) == ([], 0)


def test_a_command_that_the_broker_kept_is_not_for_now(broker, ear, join):
    ear.publish("rapport/ada/command", b"person", retain=True)
    asked = Asked()
    join(config(broker.port, commands="broker"), asked)
    ear.wait_for(at("session"))
    ear.publish("rapport/ada/command", b"coming")
    assert asked.wait_for(1) == ["coming"]


def test_home_assistant_finds_it_by_itself(broker, ear, join):
    join(config(broker.port, commands="broker"))
    found = json.loads(ear.wait_for(lambda topic, _: topic == "homeassistant/device/ada/config")[1])
    assert found["dev"] == {"ids": ["rapport_ada"], "name": "Ada", "mf": "Rapport", "sw": "1.2.3"}
    assert found["avty_t"] == "rapport/ada/status"
    components = found["cmps"]
    assert components["person"] == {
        "p": "button",
        "name": "Fetch a person",
        "cmd_t": "rapport/ada/command",
        "pl_prs": "person",
        "uniq_id": "rapport_ada_person",
    }
    problems = {key.removesuffix("_problem") for key in components if key.endswith("_problem")}
    assert problems >= {"camera", "speaker", "words", "memory", "hand_off"}, "what calls a person may be broken, too"
    assert components["hand_off"]["p"] == "sensor"
    assert len({component["uniq_id"] for component in components.values()}) == len(components)
    assert all({"p", "name", "uniq_id"} <= component.keys() for component in components.values())
    assert not any(key.startswith("mood_") for key in components)


def test_only_steps_of_a_hand_off_that_concern_somebody_go_out(broker, ear, join):
    member = join(config(broker.port))
    ear.wait_for(at("status"))
    member.note(intent("attending", HandOff("offered", "distress", "troubled")))
    member.note(intent("attending", HandOff("calling", "distress", "troubled"), 2.0))
    calling = ear.wait_for(lambda topic, payload: topic.endswith("state") and b"calling" in payload)
    assert b"distress" not in calling[1]
    assert b"offered" not in b"".join(payload for _, payload, _ in ear.messages)


@pytest.mark.parametrize(
    ("fleet", "words"),
    [
        ({"host": "192.0.2.1"}, "tls = true"),
        ({"commands": "signed"}, "rapport fleet key"),
        ({"commands": "signed", "key_file": "/nowhere/key"}, "cannot be read"),
        ({"username": "ada", "password_file": "/nowhere/password"}, "cannot be read"),
        ({"tls": True, "ca_file": "/nowhere/ca.pem"}, "certificates cannot be used"),
    ],
)
def test_settings_that_cannot_be_had_are_said_in_one_line(fleet, words):
    with pytest.raises(ConfigError, match=words):
        Member(config(1883, **fleet), "1.2.3", Asked())


def test_a_short_key_is_refused(tmp_path):
    (tmp_path / "key").write_text("short")
    with pytest.raises(ConfigError, match="shorter than"):
        Member(config(1883, commands="signed", key_file=str(tmp_path / "key")), "1.2.3", Asked())
