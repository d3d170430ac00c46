"""TLS, passwords and the broker's own rules, on a real mosquitto."""

import re
import subprocess
import threading
from pathlib import Path

import pytest

from robot.errors import NetworkFailed
from robot.fleet.bulletin import Post
from robot.fleet.link import Link, new_client
from robot.fleet.member import Member
from robot.fleet.watcher import Watcher
from tests.faults.certificates import certificates
from tests.fleet.broker import PATIENCE_S, Broker
from tests.fleet.test_member import Asked, config

REFERENCE = Path(__file__).parents[2] / "docs" / "reference" / "fleet.md"


@pytest.fixture
def secured(tmp_path):
    """A broker that speaks TLS alone, with the rules of the reference: `ada` may write only what is hers."""
    trusted, chain = certificates(tmp_path, expired=False)
    (tmp_path / "passwords").write_text("ada:ada-secret\ndesk:desk-secret\n")
    (rules,) = re.findall(r"```\n(pattern .*?)```", REFERENCE.read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "acl").write_text(rules)
    for name in ("ada", "desk"):
        (tmp_path / f"{name}.password").write_text(f"{name}-secret\n")
    subprocess.run(["mosquitto_passwd", "-U", str(tmp_path / "passwords")], check=True)
    broker = Broker(
        tmp_path,
        "listener {port} 127.0.0.1",
        f"cafile {trusted}",
        f"certfile {chain}",
        f"keyfile {chain}",
        f"password_file {tmp_path / 'passwords'}",
        f"acl_file {tmp_path / 'acl'}",
    ).start()
    yield broker, trusted, tmp_path
    broker.stop()


def fleet(broker, trusted, folder, user, **more):
    return settings(broker, trusted, folder, user, **more).fleet


def settings(broker, trusted, folder, user, **more):
    return config(
        broker.port,
        tls=True,
        ca_file=str(trusted),
        username=user,
        password_file=str(folder / f"{user}.password"),
        **more,
    )


def test_encrypted_with_a_password_it_tells_and_others_cannot_speak_for_it(secured):
    seen, news = [], threading.Condition()

    def note(topic, payload):
        with news:
            seen.append((topic, payload))
            news.notify_all()

    desk = Watcher(fleet(*secured, "desk"), "desk", note)
    stranger = Link(fleet(*secured, "ada"), "bob")
    member = Link(fleet(*secured, "ada"), "ada")
    stranger.post(Post("state", b"{}"))
    stranger.open()
    member.post(Post("state", b'{"activity": "alone"}'))
    member.open()
    with news:
        assert news.wait_for(lambda: ("rapport/ada/state", b'{"activity": "alone"}') in seen, PATIENCE_S)
    assert not any(topic.startswith("rapport/bob/") for topic, _ in seen)
    for connection in (desk, stranger, member):
        connection.close()


def test_by_the_rules_of_the_reference_home_assistant_finds_it_and_the_desk_reaches_it(secured):
    asked = Asked()
    member = Member(settings(*secured, "ada", commands="broker"), "1", asked)
    found, desk = threading.Event(), new_client(fleet(*secured, "desk"), "home")
    desk.on_connect = lambda client, *_: client.subscribe("homeassistant/#", qos=1)
    desk.on_message = lambda _client, _data, message: found.set()
    desk.connect("127.0.0.1", secured[0].port)
    desk.loop_start()
    member.open()
    assert found.wait(PATIENCE_S)
    desk.publish("rapport/ada/command", b"coming", qos=1)
    assert asked.wait_for(1) == ["coming"]
    member.close()
    desk.disconnect()
    desk.loop_stop()


def test_a_wrong_password_is_one_clear_line(secured):
    broker, trusted, folder = secured
    (folder / "desk.password").write_text("guessed\n")
    with pytest.raises(NetworkFailed, match="refuses"):
        Watcher(fleet(broker, trusted, folder, "desk"), "desk", lambda *_: None)


def test_a_broker_that_another_authority_vouches_for_is_not_trusted(secured, tmp_path_factory):
    broker, _, folder = secured
    other, _ = certificates(tmp_path_factory.mktemp("other"), expired=False)
    with pytest.raises(NetworkFailed, match="certificate"):
        Watcher(fleet(broker, other, folder, "desk"), "desk", lambda *_: None)


def test_no_broker_is_one_clear_line(tmp_path):
    with pytest.raises(NetworkFailed, match=r"no broker at 127\.0\.0\.1"):
        Watcher(config(Broker(tmp_path).port).fleet, "desk", lambda *_: None)
