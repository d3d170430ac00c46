"""Films and sound tracks that tests make from real photographs and clips: a person comes, stays and goes."""

from pathlib import Path

import av
import numpy as np
import soundfile
from PIL import Image

SIZE = (640, 480)
RATE = 15


def film(path: Path, shots: list[tuple[Path | None, float]]) -> Path:
    """Write a film in which each shot shows a photograph (or an empty room for None) for so many seconds."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=RATE)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = 4_000_000
        for photograph, duration_s in shots:
            picture = _room(photograph)
            for _ in range(round(duration_s * RATE)):
                for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                    container.mux(packet)
        for packet in stream.encode(None):
            container.mux(packet)
    return path


def _room(photograph: Path | None) -> np.ndarray:
    room = Image.new("RGB", SIZE, (96, 104, 112))
    if photograph is not None:
        person = Image.open(photograph).convert("RGB")
        person.thumbnail((SIZE[0], SIZE[1]))
        room.paste(person, ((SIZE[0] - person.width) // 2, SIZE[1] - person.height))
    return np.asarray(room)


def sound_track(path: Path, parts: list[tuple[Path | None, float]]) -> Path:
    """Write a WAV file of clips (each (clip, 0)) and silences (each (None, seconds)), every clip at -20 dBFS."""
    samples = []
    for clip, duration_s in parts:
        if clip is None:
            samples.append(np.zeros(round(duration_s * 16_000), np.float32))
        else:
            voice, rate = soundfile.read(clip, dtype="float32")
            assert rate == 16_000
            loud = np.sqrt(np.mean(voice**2)) + 1e-9
            samples.append(np.clip(voice * (0.1 / loud), -1, 1))
    soundfile.write(path, np.concatenate(samples), 16_000)
    return path
