"""A real mosquitto for tests, and a subscriber that remembers everything."""

import shutil
import socket
import subprocess
import threading
from pathlib import Path

import pytest
from paho.mqtt import client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

PATIENCE_S = 15.0


def mosquitto():
    found = shutil.which("mosquitto") or shutil.which("mosquitto", path="/usr/sbin:/usr/local/sbin")
    if found is None:
        pytest.skip("mosquitto is not installed: nothing here can be tested without a broker")
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Broker:
    """One mosquitto on a port of its own; `start` and `stop` may be called again and again."""

    def __init__(self, folder: Path, *lines: str):
        self.port = free_port()
        self._program = mosquitto()
        self._file = folder / f"mosquitto-{self.port}.conf"
        own = lines or (f"listener {self.port} 127.0.0.1", "allow_anonymous true")
        # As root mosquitto becomes its own user, who cannot read the files of a test.
        user = ["user root"] if "user" not in "".join(lines) else []
        self._file.write_text("\n".join([*user, *(line.format(port=self.port) for line in own)]) + "\n")
        self._process = None

    def start(self):
        self._process = subprocess.Popen(
            [self._program, "-v", "-c", str(self._file)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        for line in self._process.stdout:
            if line.rstrip().endswith("running"):
                break
        else:
            raise AssertionError("mosquitto ended before it ran")
        # Whatever it writes later must be taken, or it stops for want of room.
        threading.Thread(target=self._process.stdout.read, daemon=True).start()
        return self

    def stop(self):
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


class Ear:
    """Subscribed to everything; `wait_for` blocks until a message is there that fits."""

    def __init__(self, port: int, topics: str = "#"):
        self.messages = []
        self._news = threading.Condition()
        self._ready = threading.Event()
        self._client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id="test-ear", protocol=mqtt.MQTTv5)
        self._client.on_connect = lambda client, *_: client.subscribe(topics, qos=1)
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_message = self._take
        self._client.connect("127.0.0.1", port)
        self._client.loop_start()
        assert self._ready.wait(PATIENCE_S)

    def _take(self, _client, _data, message):
        with self._news:
            self.messages.append((message.topic, bytes(message.payload), message.retain))
            self._news.notify_all()

    def wait_for(self, fits):
        with self._news:
            found = self._news.wait_for(lambda: next((m for m in self.messages if fits(*m[:2])), None), PATIENCE_S)
        assert found is not None, self.messages
        return found

    def forget(self):
        with self._news:
            self.messages.clear()

    def publish(self, topic, payload, retain=False):
        self._client.publish(topic, payload, qos=1, retain=retain).wait_for_publish(PATIENCE_S)

    def close(self):
        self._client.disconnect()
        self._client.loop_stop()
