"""The whole robot while everything outside it fails at once: it goes on, says what is missing, and ends in order."""

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from robot.cli.main import main
from robot.memory.vault import FILE, Vault
from tests.fleet.broker import Broker, Ear

SPEECH = Path(__file__).parents[2] / "robot" / "simulator" / "sample" / "speech.ogg"
PORTRAIT = Path(__file__).parents[2] / "robot" / "simulator" / "sample" / "portrait.jpg"


def run(tmp_path, config, *until):
    """Run the robot on a face until its status line has said all of `until`; gives the messages of its report."""
    path, report = tmp_path / "robot.toml", tmp_path / "report.jsonl"
    path.write_text(config)
    arguments = ["--camera", f"file:{PORTRAIT}", "--duration", "90", "--config", str(path), "--report", str(report)]
    process = subprocess.Popen([sys.executable, "-m", "robot", "run", *arguments], stdout=subprocess.PIPE, text=True)
    waiting = set(until)
    for line in process.stdout:
        waiting -= {words for words in waiting if words in line}
        if not waiting:
            process.send_signal(signal.SIGTERM)
            process.stdout.read()
    assert process.wait() == 0
    assert waiting == set()
    return [json.loads(line) for line in report.read_text().splitlines()]


@pytest.fixture
def mute_server():
    """A server that takes connections and never answers: the slowest of all webhooks."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}/"


def test_broker_gone_webhook_mute_and_memory_corrupt(tmp_path, mute_server):
    folder = tmp_path / "memory"
    Vault(folder, lambda: 20_000, 30).close()
    (folder / FILE).write_bytes(b"no database" * 200)
    config = f"""
        [robot]
        consent = "remember"
        [voice]
        engine = "chirps"
        [memory]
        folder = "{folder}"
        [fleet]
        enabled = true
        port = {Broker(tmp_path).port}
        [hand_off]
        channels = ["webhook", "mqtt"]
        webhook = "{mute_server}"
        webhook_timeout_s = 0.5
    """
    why = ("fleet: no broker at 127.0.0.1", "rapport memory forget --all")
    messages = run(tmp_path, config, "fleet lost", "memory lost", *why, "attending")  # it meets the person all the same
    health = [message["parts"] for message in messages if message["type"] == "Health"][-1]
    assert (health["fleet"], health["memory"], health["camera"]) == ("lost", "lost", "ok")
    told = [message["text"] for message in messages if message["type"] == "Reason" and message["kind"] == "health"]
    assert {"My fleet is lost", "My memory is lost"} <= set(told)


def test_without_an_engine_for_words_it_says_so_aloud_and_on_its_line_how_to_mend_it(tmp_path, monkeypatch):
    for engine in ("ctranslate2", "pocketsphinx"):
        (tmp_path / f"{engine}.py").write_text("raise ImportError('it is not installed')")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    config = f'[voice]\nengine = "chirps"\n[sources]\nmicrophone = "file:{SPEECH}"\n'
    both = ("ctranslate2 does not load", "pip install pocketsphinx", "words missing")
    messages = run(tmp_path, config, *both, "sharing_joy")  # it goes on with face and tone
    aloud = [message["text"] for message in messages if message["type"] == "Reason" and message["kind"] == "word"]
    assert any("because I cannot make out words" in text for text in aloud)


def test_a_broker_hears_of_the_person_and_of_the_goodbye(tmp_path):
    broker = Broker(tmp_path).start()
    ear = Ear(broker.port)
    config = f'[voice]\nengine = "chirps"\n[fleet]\nenabled = true\nport = {broker.port}\nid = "ada"\n'
    messages = run(tmp_path, config, "attending")
    assert ear.wait_for(lambda topic, payload: topic.endswith("/state") and b"with_somebody" in payload)
    assert ear.wait_for(lambda topic, payload: topic.endswith("/status") and payload == b"offline"), "it said goodbye"
    assert "ok" in [message["parts"]["fleet"] for message in messages if message["type"] == "Health"]
    ear.close()
    broker.stop()


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ('[hand_off]\nchannels = ["mqtt"]\n', "fleet.enabled = true"),
        ('[hand_off]\nchannels = ["webhook"]\n', "must be an https:// address"),
        ('[fleet]\nenabled = true\nhost = "192.0.2.7"\n', "set tls = true"),
        ('[hand_off]\nchannels = ["pigeon"]\n', "hand_off.channels"),
    ],
)
def test_what_cannot_be_had_as_configured_stops_it_at_the_start(tmp_path, capsys, config, words):
    path = tmp_path / "robot.toml"
    path.write_text(config)
    assert main(["run", "--camera", f"file:{PORTRAIT}", "--duration", "1", "--config", str(path)]) == 2
    error = capsys.readouterr().err
    assert words in error
    assert error.count("\n") == 1
