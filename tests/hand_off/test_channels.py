"""Each way to call a person, on the real thing: an HTTP server, mock pins of gpiozero, a broker."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from gpiozero.pins.mock import MockFactory, MockPin

from hardware.pi.contact import PinButton, PinContact
from robot.called import HandOff
from robot.config import Config, FleetSettings, HandOffSettings, RobotSettings
from robot.errors import ConfigError
from robot.fleet.member import Member
from robot.hand_off.build import build_desk
from robot.hand_off.channel import ChannelFailed
from robot.hand_off.desk import Desk
from robot.hand_off.lamp import Lamp
from robot.hand_off.packet import Packet
from robot.hand_off.relay import Relay
from robot.hand_off.webhook import Webhook
from tests.fleet.broker import PATIENCE_S, Broker, Ear

WHY = "somebody asked for a person"
CALLING, COMING, OVER = (HandOff(state, "asked", WHY) for state in ("calling", "coming", "unneeded"))


def packet(state="calling"):
    return Packet("Ada-1", "Ada", state, WHY)


class Address:
    """A real HTTP server that remembers what it got and answers as it is told; `hold` makes it slow."""

    def __init__(self):
        self.got, self.answer, self.raw, self.status = [], {}, b"", 200
        self.hold = threading.Event()
        self.hold.set()
        self.news = threading.Condition()
        address = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                with address.news:
                    address.got.append((dict(self.headers), body))
                    address.news.notify_all()
                address.hold.wait()
                text = address.raw or json.dumps(address.answer).encode()
                self.send_response(address.status)
                self.send_header("Content-Length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            def log_message(self, *arguments):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/call"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def wait_for(self, count):
        with self.news:
            assert self.news.wait_for(lambda: len(self.got) >= count, PATIENCE_S)
        return self.got

    def close(self):
        self.hold.set()
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def address():
    serving = Address()
    yield serving
    serving.close()


@pytest.fixture
def pins():
    factory = MockFactory()
    yield factory
    factory.reset()


@pytest.fixture
def desks():
    opened = []
    yield opened
    for desk in opened:
        desk.close()


def test_the_webhook_gets_one_line_of_reason_and_nothing_else(address, tmp_path):
    (tmp_path / "key").write_text("house-key\n")
    webhook = Webhook(address.url, str(tmp_path / "key"), 5.0)
    assert webhook.tell(packet()) is False
    ((headers, body),) = address.got
    assert json.loads(body) == {"type": "Packet", "id": "Ada-1", "robot": "Ada", "state": "calling", "reason": WHY}
    assert headers["Authorization"] == "Bearer house-key"
    address.answer = {"acknowledged": True}
    assert webhook.tell(packet()) is True
    webhook.close()


@pytest.mark.parametrize("status", [301, 401, 404, 500])
def test_an_answer_that_is_no_success_is_a_fault(address, status):
    address.status = status
    with pytest.raises(ChannelFailed, match=str(status)):
        Webhook(address.url, "", 5.0).tell(packet())


def test_a_slow_webhook_and_a_dead_one_are_faults(address):
    address.hold.clear()
    with pytest.raises(ChannelFailed, match=r"127\.0\.0\.1"):
        Webhook(address.url, "", 0.2).tell(packet())
    with pytest.raises(ChannelFailed):
        Webhook("http://127.0.0.1:9/call", "", 0.2).tell(packet())


@pytest.mark.parametrize(
    ("url", "key", "words"),
    [
        ("ftp://127.0.0.1/", "", "https"),
        ("", "", "https"),
        ("http://example.org/call", "", "not encrypted"),
        ("https://example.org/call", "/nowhere/key", "cannot be read"),
    ],
)
def test_an_address_that_cannot_be_used_is_said_at_the_start(url, key, words):
    with pytest.raises(ConfigError, match=words):
        Webhook(url, key, 5.0)


def test_the_relay_is_closed_from_the_call_to_the_answer(pins):
    relay, pin = Relay(PinContact(17, pins)), pins.pin(17)
    states = []
    for state in ("calling", "unanswered", "coming", "unneeded"):
        assert relay.tell(packet(state)) is False
        states.append(pin.state)
    assert states == [1, 1, 0, 0]
    relay.close()


def test_the_lamp_blinks_for_a_call_and_is_steady_once_somebody_comes(pins):
    lit = threading.Event()

    class WatchedPin(MockPin):
        def _change_state(self, value):
            if value:
                lit.set()
            return super()._change_state(value)

    pins.pin_class = WatchedPin
    lamp, pin = Lamp(PinContact(27, pins)), pins.pin(27)
    lamp.tell(packet("calling"))
    assert lit.wait(PATIENCE_S), "gpiozero blinks in a thread of its own"
    lamp.tell(packet("coming"))
    assert pin.state == 1
    lamp.tell(packet("unneeded"))
    assert pin.state == 0
    lamp.close()


def test_the_operators_button_calls(pins):
    pressed = threading.Event()
    button = PinButton(22, pressed.set, pins)
    pins.pin(22).drive_low()
    assert pressed.wait(PATIENCE_S)
    button.close()


def test_the_desk_calls_on_every_channel_and_takes_an_answer(address, pins, desks):
    came = threading.Event()
    address.answer = {"acknowledged": True}
    settings = HandOffSettings(channels=("webhook", "relay", "lamp"), webhook=address.url)
    config = Config(robot=RobotSettings(name="Ada"), hand_off=settings)
    desk = build_desk(config, came.set, contact=lambda pin: PinContact(pin, pins))
    desks.append(desk)
    desk.tell(CALLING)
    assert came.wait(PATIENCE_S)
    assert json.loads(address.got[0][1])["state"] == "calling"
    assert (desk.state, desk.faults) == ("ok", {})


def test_a_call_goes_on_until_somebody_answers_always_with_the_same_id(address, desks):
    came = threading.Event()
    desk = Desk("Ada", [Webhook(address.url, "", 5.0)], came.set, again_s=0.05)
    desks.append(desk)
    desk.tell(CALLING)
    address.wait_for(3)
    assert not came.is_set()
    address.answer = {"acknowledged": True}
    assert came.wait(PATIENCE_S)
    desk.tell(COMING)
    desk.tell(OVER)
    with address.news:
        assert address.news.wait_for(lambda: b"unneeded" in address.got[-1][1], PATIENCE_S)
    (only,) = {json.loads(body)["id"] for _, body in address.got}
    assert only.startswith("Ada-")


def test_a_slow_webhook_delays_neither_the_robot_nor_the_lamp(address, pins, desks):
    address.hold.clear()
    lit = threading.Event()

    class Watched(PinContact):
        def switch(self, state):
            super().switch(state)
            lit.set()

    desk = Desk("Ada", [Webhook(address.url, "", 30.0), Lamp(Watched(27, pins))], lambda: None)
    desks.append(desk)
    desk.tell(CALLING)  # returns at once, or this test hangs
    assert lit.wait(PATIENCE_S)
    address.wait_for(1)
    address.hold.set()


def test_a_desk_without_a_working_channel_says_so_and_recovers(address, desks):
    address.status = 500
    desk = Desk("Ada", [Webhook(address.url, "", 5.0)], lambda: None, again_s=0.05)
    desks.append(desk)
    desk.tell(CALLING)
    address.wait_for(2)
    assert desk.state == "lost"
    assert "answered 500" in desk.faults["webhook"]
    address.status = 200
    address.wait_for(len(address.got) + 2)
    assert desk.state == "ok"


@pytest.mark.parametrize("fault", [RuntimeError("the pin is gone"), RecursionError("deep"), OSError("bus")])
def test_whatever_a_channel_does_it_is_tried_again_and_said(desks, fault):
    class Broken:
        name = "relay"
        tries = 0

        def tell(self, packet):
            self.tries += 1
            if self.tries == 1:
                raise fault
            told.set()
            return False

        def close(self):
            pass

    told = threading.Event()
    desk = Desk("Ada", [Broken()], lambda: None, again_s=0.05)
    desks.append(desk)
    desk.tell(CALLING)
    assert told.wait(PATIENCE_S), "its thread lives"


def test_a_call_after_a_restart_is_not_taken_for_one_from_before(address):
    for run in (1, 2):
        desk = Desk("Ada", [Webhook(address.url, "", 5.0)], lambda: None)
        desk.tell(CALLING)
        address.wait_for(run)
        desk.close()
    assert len({json.loads(body)["id"] for _, body in address.got}) == 2


def test_an_answer_of_a_thousand_brackets_is_no_acknowledgement_and_no_end(address):
    address.raw = b"[" * 4000
    assert Webhook(address.url, "", 5.0).tell(packet()) is False


def test_an_offer_concerns_nobody_outside(address, desks):
    desk = Desk("Ada", [Webhook(address.url, "", 5.0)], lambda: None)
    desks.append(desk)
    desk.tell(HandOff("offered", "distress", "troubled"))
    desk.tell(OVER)  # the offer was declined
    desk.tell(CALLING)
    assert json.loads(address.wait_for(1)[0][1])["state"] == "calling"


def test_over_mqtt_the_packet_goes_to_the_broker_and_the_answer_comes_back(tmp_path, desks):
    broker = Broker(tmp_path).start()
    ear, came = Ear(broker.port), threading.Event()
    config = Config(
        robot=RobotSettings(name="Ada"),
        hand_off=HandOffSettings(channels=("mqtt",)),
        fleet=FleetSettings(enabled=True, port=broker.port, id="ada", commands="broker"),
    )
    member = Member(config, "1", lambda name: came.set() if name == "coming" else None)
    member.open()
    ear.wait_for(lambda topic, _: topic == "rapport/ada/session")
    desk = build_desk(config, came.set, member.publish_hand_off)
    desks.append(desk)
    desk.tell(CALLING)
    _, payload, _ = ear.wait_for(lambda topic, _: topic == "rapport/ada/hand_off")
    assert json.loads(payload)["reason"] == WHY
    ear.publish("rapport/ada/command", b"coming")
    assert came.wait(PATIENCE_S)
    member.close()
    ear.close()
    broker.stop()


def test_mqtt_without_a_fleet_is_said_at_the_start():
    with pytest.raises(ConfigError, match=r"fleet\.enabled"):
        build_desk(Config(hand_off=HandOffSettings(channels=("mqtt",))), lambda: None)
