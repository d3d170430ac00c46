"""A short film of the sample scene, with its sound: what the emulated robot lives through."""

from pathlib import Path

import av
import numpy as np

from hardware.clock import SteppedClock
from hardware.ports import SAMPLE_RATE_HZ
from robot.simulator.sample_scene import SceneCamera, SceneMicrophone, load_scene

RATE_HZ = 10
START_S = 1.0
LENGTH_S = 12.0


def write_clip(path: Path) -> None:
    """Write seconds 1 to 13 of the sample scene, somebody who comes and smiles, as a Matroska file (MJPEG, PCM)."""
    clock, scene = SteppedClock(START_S), load_scene()
    camera, microphone = SceneCamera(scene, clock), SceneMicrophone(scene, clock)
    with av.open(str(path), "w", format="matroska") as film:
        pictures = film.add_stream("mjpeg", rate=RATE_HZ)
        pictures.width, pictures.height, pictures.pix_fmt = 640, 480, "yuvj420p"
        sounds = film.add_stream("pcm_s16le", rate=SAMPLE_RATE_HZ)
        samples_written = 0
        for _ in range(round(LENGTH_S * RATE_HZ)):
            frame = camera.read(0.0)
            if frame is not None:
                film.mux(pictures.encode(av.VideoFrame.from_ndarray(frame.pixels, format="rgb24")))
            while (block := microphone.read(0.0)) is not None:
                pcm = np.clip(block.samples * 32767.0, -32768, 32767).astype(np.int16)
                sound = av.AudioFrame.from_ndarray(pcm[None, :], format="s16", layout="mono")
                sound.sample_rate, sound.pts = SAMPLE_RATE_HZ, samples_written
                samples_written += len(pcm)
                film.mux(sounds.encode(sound))
            clock.wait_s(1.0 / RATE_HZ)
        for stream in (pictures, sounds):
            film.mux(stream.encode(None))
