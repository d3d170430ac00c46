"""Makers of real media files, and a private PulseAudio server with a null sink and a virtual microphone."""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from fractions import Fraction
from importlib.util import find_spec
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray


def frame_colour(index: int) -> int:
    """A grey that tells frames apart after lossy coding."""
    return 20 + (index * 24) % 220


def write_video(path: Path, frames: int = 10, rate: int = 10, codec: str = "mpeg4", sound_s: float = 0.0) -> Path:
    """A 64x48 video whose frame k is all `frame_colour(k)`, with a tone if `sound_s` is above 0."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.width, stream.height = 64, 48
        stream.pix_fmt = {"gif": "gray", "mjpeg": "yuvj420p"}.get(codec, "yuv420p")
        audio = container.add_stream("aac", rate=16_000, layout="mono") if sound_s else None
        for index in range(frames):
            picture = np.full((48, 64, 3), frame_colour(index), dtype=np.uint8)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = index, Fraction(1, rate)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
        if audio is not None:
            sound = av.AudioFrame.from_ndarray(tone(440.0, sound_s)[np.newaxis, :], format="fltp", layout="mono")
            sound.sample_rate, sound.pts, sound.time_base = 16_000, 0, Fraction(1, 16_000)
            container.mux(audio.encode(sound))
            container.mux(audio.encode(None))
    return path


def tone(hz: float, duration_s: float, rate_hz: int = 16_000, level: float = 0.5) -> NDArray[np.float32]:
    """A sine wave."""
    return (level * np.sin(2 * np.pi * hz * np.arange(round(duration_s * rate_hz)) / rate_hz)).astype(np.float32)


@pytest.fixture(scope="session")
def video_file() -> Callable[..., Path]:
    return write_video


class PulseServer:
    """A PulseAudio server of this test run alone: sink `robot_spk`, and source `robot_mic` fed by sink `mic_feed`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.socket = folder / "native"
        self._process: subprocess.Popen[bytes] | None = None
        self._script = folder / "robot.pa"
        self.set_up(rate_hz=16_000)
        (folder / "asound.conf").write_text(
            "</usr/share/alsa/alsa.conf>\npcm.!default { type pulse }\npcm.pulse { type pulse }\n"
            "ctl.!default { type pulse }\n"
        )
        self.environment = {
            **os.environ,
            "HOME": str(folder),
            "XDG_RUNTIME_DIR": str(folder),
            "PULSE_SERVER": f"unix:{self.socket}",
            "ALSA_CONFIG_PATH": str(folder / "asound.conf"),
        }

    def set_up(self, rate_hz: int, microphone: str = "robot_mic") -> None:
        """What the server will have from its next start on: at what rate, and what is the default microphone."""
        self._script.write_text(
            f"load-module module-native-protocol-unix auth-anonymous=1 socket={self.socket}\n"
            f"load-module module-null-sink sink_name=robot_spk rate={rate_hz} channels=1\n"
            f"load-module module-null-sink sink_name=mic_feed rate={rate_hz} channels=1\n"
            "load-module module-remap-source master=mic_feed.monitor source_name=robot_mic\n"
            "set-default-sink robot_spk\n"
            f"set-default-source {microphone}\n"
        )

    def start(self) -> None:
        self.socket.unlink(missing_ok=True)
        command = ["pulseaudio", "-n", "-F", str(self._script), "--exit-idle-time=-1"]
        command += ["--use-pid-file=no", "--daemonize=no"]
        self._process = subprocess.Popen(command, env=self.environment, stderr=subprocess.DEVNULL)
        self._wait_until_it_answers()

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            self._process = None

    def run(self, *command: str) -> "subprocess.Popen[bytes]":
        """A PulseAudio client (`paplay`, `parec`, `pactl`) on this server."""
        return subprocess.Popen(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)

    def _wait_until_it_answers(self) -> None:
        for _ in range(200):
            client = self.run("pactl", "list", "short", "sources")
            if b"robot_mic" in client.communicate()[0]:
                return
            time.sleep(0.05)
        raise RuntimeError("PulseAudio did not start within 10 s")


@pytest.fixture
def pulse_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[PulseServer]:
    missing = [name for name in ("pulseaudio", "pactl", "paplay", "parec") if shutil.which(name) is None]
    missing += [name for name in ("pyaudio",) if find_spec(name) is None]
    if missing:
        pytest.skip(f"not measured: {', '.join(missing)} missing (apt: pulseaudio pulseaudio-utils; pip: PyAudio)")
    folder = tmp_path / "pulse"
    folder.mkdir(mode=0o700)
    server = PulseServer(folder)
    for name in ("HOME", "XDG_RUNTIME_DIR", "PULSE_SERVER", "ALSA_CONFIG_PATH"):
        monkeypatch.setenv(name, server.environment[name])
    server.start()
    yield server
    server.kill()
