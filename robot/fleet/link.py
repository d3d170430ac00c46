"""The connection to the broker (paho-mqtt, MQTT 5): last will, reconnection, and what waits while it is gone.

Threads: paho's own does the network; `post` may be called from any and never waits. While the broker is gone, of each
kept topic the newest payload waits, and of events the newest `MOST_EVENTS`; the rest is counted in `dropped`.
"""

import threading
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

from robot.config import FleetSettings
from robot.errors import ConfigError, EngineMissing
from robot.fleet.bulletin import Post
from robot.fleet.topics import COMMAND, OFFLINE, ONLINE, STATUS, topic

MOST_EVENTS = 200
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
KEEPALIVE_S = 20
FIRST_RETRY_S, LONGEST_RETRY_S = 1, 30


class Link:
    """One robot's connection. `heard` gets the payload of each command, in paho's thread."""

    def __init__(
        self,
        settings: FleetSettings,
        robot: str,
        heard: Callable[[bytes], None] | None = None,
        hello: tuple[tuple[str, bytes], ...] = (),
    ) -> None:
        """Prepare the connection; `hello` are whole topics with payloads that are published at each connection.

        Raises:
            ConfigError: the settings would send in the clear beyond this machine, or a file cannot be read.
            EngineMissing: paho-mqtt is not installed.
        """
        check(settings)
        self._settings, self._robot, self._heard, self._hello = settings, robot, heard, hello
        self._lock = threading.Lock()
        self._kept: dict[str, Post] = {}
        self._events: deque[Post] = deque()
        self.dropped = 0
        self.connected = False
        self.fault = ""
        self._client = new_client(settings, f"rapport-{robot}")
        self._client.will_set(self._topic(STATUS), OFFLINE, qos=1, retain=True)
        self._client.on_connect = self._on_connect
        self._client.on_disconnect = self._on_disconnect
        self._client.on_connect_fail = self._on_connect_fail
        self._client.on_message = self._on_message

    def open(self) -> None:
        """Begin to connect; goes on trying by itself, for ever."""
        self._client.connect_async(self._settings.host, self._settings.port, KEEPALIVE_S)
        self._client.loop_start()

    def post(self, post: Post) -> bool:
        """Publish now, or when the broker is back; True if it is there."""
        with self._lock:
            if post.retained:
                self._kept[post.name] = post
            elif not self.connected:
                if len(self._events) >= MOST_EVENTS:
                    self._events.popleft()
                    self.dropped += 1
                self._events.append(post)
            if self.connected:
                self._publish(post)
            return self.connected

    def close(self) -> None:
        """Say that the robot is offline, and go."""
        if self.connected:
            self._client.publish(self._topic(STATUS), OFFLINE, qos=1, retain=True).wait_for_publish(1.0)
        self._client.disconnect()
        self._client.loop_stop()

    def _on_connect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        if reason.is_failure:
            self.fault = f"the broker refuses: {reason}"
            return
        if self._heard is not None:
            self._client.subscribe(self._topic(COMMAND), qos=1)
        with self._lock:
            self.connected, self.fault = True, ""
            self._client.publish(self._topic(STATUS), ONLINE, qos=1, retain=True)
            for whole_topic, payload in self._hello:
                self._client.publish(whole_topic, payload, qos=1, retain=True)
            for post in self._kept.values():
                self._publish(post)
            while self._events:
                self._publish(self._events.popleft())

    def _on_disconnect(self, _client: Any, _data: Any, _flags: Any, reason: Any, _properties: Any) -> None:
        with self._lock:
            if self.connected:  # or it never was one, and `_on_connect_fail` knows better
                self.connected, self.fault = False, f"the connection ended: {reason}"

    def _on_connect_fail(self, _client: Any, _data: Any) -> None:
        self.fault = f"no broker at {self._settings.host}:{self._settings.port}"

    def _on_message(self, _client: Any, _data: Any, message: Any) -> None:
        if self._heard is not None and not message.retain:  # a command that the broker kept is not for now
            self._heard(bytes(message.payload))

    def _publish(self, post: Post) -> None:
        self._client.publish(self._topic(post.name), post.payload, qos=1, retain=post.retained)

    def _topic(self, name: str) -> str:
        return topic(self._settings, self._robot, name)


def check(settings: FleetSettings) -> None:
    """Refuse settings that would send in the clear beyond this machine.

    Raises:
        ConfigError: says what to set.
    """
    if settings.host not in LOOPBACK and not settings.tls and not settings.insecure:
        raise ConfigError(
            f"fleet.host = {settings.host!r} is not this machine and fleet.tls is off; set tls = true, "
            "or insecure = true in a network of your own"
        )


def new_client(settings: FleetSettings, name: str) -> Any:
    """A paho client with the settings' TLS and password; a second one of the same name takes its place.

    Raises:
        ConfigError: a file cannot be read.
        EngineMissing: paho-mqtt is not installed.
    """
    try:
        from paho.mqtt import client as mqtt  # noqa: PLC0415  only a robot with a fleet needs it
        from paho.mqtt.enums import CallbackAPIVersion  # noqa: PLC0415
    except ImportError:
        raise EngineMissing("paho-mqtt is not installed; run: pip install 'rapport-robot[fleet]'") from None
    client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=mqtt.MQTTv5)
    client.reconnect_delay_set(FIRST_RETRY_S, LONGEST_RETRY_S)
    client.max_queued_messages_set(MOST_EVENTS)
    if settings.username:
        password = read_file(settings.password_file, "password_file").strip() if settings.password_file else ""
        client.username_pw_set(settings.username, password)
    if settings.tls:
        try:
            client.tls_set(
                settings.ca_file or None,
                certfile=settings.certificate_file or None,
                keyfile=settings.certificate_key_file or None,
            )
        except (OSError, ValueError) as error:
            raise ConfigError(f"fleet: the certificates cannot be used ({error}); see ca_file") from None
    return client


def read_file(name: str, key: str) -> str:
    """The text of a file that the settings name.

    Raises:
        ConfigError: it cannot be read.
    """
    try:
        return Path(name).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"fleet.{key} = {name!r}: cannot be read ({error})") from None
