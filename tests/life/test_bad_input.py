"""Every bad input is one clear line and exit code 2; nothing half-written stays behind."""

import shutil
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PORTRAIT = "file:robot/simulator/sample/portrait.jpg"


def rapport(*arguments):
    done = subprocess.run(
        [sys.executable, "-m", "robot", *map(str, arguments)], capture_output=True, text=True, timeout=100, check=False
    )
    return done.returncode, done.stderr.strip().splitlines()


def assert_one_line(arguments, *words):
    code, lines = rapport(*arguments)
    assert code == 2, lines
    assert len(lines) == 1, lines
    assert lines[0].startswith("rapport: ")
    for word in words:
        assert word in lines[0]


@pytest.fixture
def files(tmp_path):
    (tmp_path / "text.mp4").write_text("this is no film\n" * 100)
    (tmp_path / "empty.wav").write_bytes(b"")
    (tmp_path / "broken.toml").write_text("[robot\n")
    (tmp_path / "unknown.toml").write_text('[robot]\nplaec = "home"\n')
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["run", "--camera", "file:absent.mp4"], ["absent.mp4"]),
        (["run", "--camera", "file:{files}/text.mp4"], ["text.mp4"]),
        (["run", "--microphone", "file:{files}/text.mp4"], ["text.mp4"]),
        (["run", "--microphone", "file:{files}/empty.wav"], ["empty.wav"]),
        (["run", "--microphone", PORTRAIT], ["portrait.jpg"]),
        (["run", "--camera", "teleporter"], ["teleporter", "file:PATH", "browser"]),
        (["run"], ["--camera"]),
        (["run", "--camera", PORTRAIT, "--duration", "-1"], ["--duration"]),
        (["run", "--camera", PORTRAIT, "--pace", "max"], ["--duration"]),
        (["run", "--camera", "pyaudio", "--pace", "max"], ["--pace max"]),
        (["run", "--camera", PORTRAIT, "--config", "{files}/broken.toml"], ["broken.toml", "not TOML"]),
        (["run", "--camera", PORTRAIT, "--config", "{files}/unknown.toml"], ["unknown.toml", "plaec"]),
        (["run", "--camera", PORTRAIT, "--persona", "nobody"], ["nobody", "companion"]),
        (["run", "--camera", PORTRAIT, "--body", "pi", "--board", "absent"], ["absent"]),
        (["models", "verify", "mind_reader"], ["mind_reader", "face_expression"]),
    ],
)
def test_bad_input_is_one_clear_line(arguments, words, files):
    report = files / "report.jsonl"
    filled = [argument.replace("{files}", str(files)) for argument in arguments]
    extra = ["--report", report] if filled[0] == "run" else []
    assert_one_line([*filled, *extra], *words)
    assert not report.exists()
    assert not list(files.glob("*.part"))


def test_a_port_in_use_is_one_clear_line():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert_one_line(["simulate", "--port", port], str(port), "--port 0")


@pytest.fixture
def copied_model(tmp_path):
    source = Path(__file__).parents[2] / "models" / "face_expression"
    versions = sorted(source.glob("*/manifest.json"))
    return Path(shutil.copytree(versions[-1].parent, tmp_path / "model"))


@pytest.mark.parametrize("damage", ["cut short", "altered", "missing", "manifest"])
def test_a_damaged_model_is_refused_in_one_clear_line(copied_model, damage, tmp_path):
    path = copied_model / "model.tflite"
    content = bytearray(path.read_bytes())
    if damage == "cut short":
        path.write_bytes(content[: len(content) // 2])
    elif damage == "altered":
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
    elif damage == "missing":
        path.unlink()
    else:
        (copied_model / "manifest.json").write_text("{")
    config = tmp_path / "robot.toml"
    config.write_text(f'[models]\nface_expression = "{copied_model}"\n')
    arguments = ["run", "--camera", PORTRAIT, "--duration", "1", "--config", config]
    assert_one_line(arguments, str(copied_model))
