"""A speaker through PyAudio, whatever rate and channels it has."""

import threading
from collections import deque

import numpy as np
from numpy.typing import NDArray

from hardware.clock import Clock
from hardware.errors import DeviceLost
from hardware.pi.portaudio import choose_device, is_running, open_portaudio, open_stream
from hardware.pi.resampler import resample
from hardware.ports import SAMPLE_RATE_HZ, Sound

MAX_QUEUED_S = 120.0
"""Sound beyond this is not queued but counted in `dropped`: a robot two minutes behind has nothing to say."""

FADE_S = 0.005
"""How fast sound dies away on `stop`: at once to the ear, without a click."""

SILENT_S = 6.0
"""A stream that has not asked for sound for so long is lost."""


class PyAudioSpeaker:
    """The first speaker whose name contains `device`, or the default.

    The stream runs all the time and plays silence in between: it starts without delay, amplifiers do not pop, and
    a speaker that has gone is noticed.

    Raises:
        DeviceError: PyAudio is missing, there is no such speaker (the message lists them), or it cannot be opened.
    """

    def __init__(self, clock: Clock, device: str = "") -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._queue: deque[NDArray[np.float32]] = deque()
        self._queued = 0
        self._dropped = 0
        self._sounds_until_s = 0.0
        self._asked_s = clock.now_s()
        self._closed = False
        self._audio = open_portaudio()
        try:
            chosen = choose_device(self._audio, device, "output")
            self._open = open_stream(self._audio, chosen, "output", self._callback)
        except Exception:
            self._audio.terminate()
            raise

    @property
    def name(self) -> str:
        """PortAudio's name of the device."""
        return self._open.device.name

    @property
    def dropped(self) -> int:
        """Sounds that were not played because `MAX_QUEUED_S` were queued already."""
        return self._dropped

    @property
    def playing(self) -> bool:
        """True while sound is queued or still in the device's own buffer; false when the speaker has gone."""
        if self._closed or not self._alive():
            return False
        with self._lock:
            return self._queued > 0 or self._clock.now_s() < self._sounds_until_s

    def play(self, sound: Sound) -> None:
        """Start playing after whatever still plays.

        Raises:
            DeviceLost: the speaker has gone.
        """
        self.check()
        clean = np.clip(np.nan_to_num(sound.samples), -1.0, 1.0).astype(np.float32)
        samples = resample(clean, SAMPLE_RATE_HZ, self._open.rate_hz)
        with self._lock:
            if self._queued + len(samples) > MAX_QUEUED_S * self._open.rate_hz:
                self._dropped += 1
            elif len(samples) > 0:
                self._queue.append(samples)
                self._queued += len(samples)

    def check(self) -> None:
        """Look whether the stream still asks for sound, of which there is silence where there is nothing to say.

        Raises:
            DeviceLost: the speaker has gone, or its stream stands still for `SILENT_S`.
        """
        if self._closed or not self._alive():
            raise DeviceLost(f"speaker {self.name!r} has gone; plug it in again")

    def stop(self) -> None:
        """Be silent now, fading for `FADE_S`, and forget what was queued."""
        fade = round(FADE_S * self._open.rate_hz)
        with self._lock:
            tail = self._taken(fade) * np.linspace(1.0, 0.0, fade, dtype=np.float32)
            self._queue.clear()
            self._queue.append(tail)
            self._queued = len(tail)

    def close(self) -> None:
        """Silence, and let the device go. May be called twice."""
        if self._closed:
            return
        self._closed = True
        self._open.stream.close()
        self._audio.terminate()

    def _alive(self) -> bool:
        return is_running(self._open.stream) and self._clock.now_s() - self._asked_s <= SILENT_S

    def _callback(
        self, rate_hz: int, channels: int, _data: None, frames: int, time_info: dict[str, float], _status: int
    ) -> tuple[bytes, int]:
        """Runs in PortAudio's thread and never waits for longer than a `play` holds the lock."""
        self._asked_s = self._clock.now_s()
        with self._lock:
            if self._queued > 0:
                delay_s = max(0.0, time_info["output_buffer_dac_time"] - time_info["current_time"])
                self._sounds_until_s = self._asked_s + min(delay_s, 1.0) + min(self._queued, frames) / rate_hz
            samples = self._taken(frames)
        return np.repeat(samples, channels).tobytes(), 0  # paContinue

    def _taken(self, count: int) -> NDArray[np.float32]:
        """The next `count` samples of the queue, filled up with silence. Called with the lock held."""
        out = np.zeros(count, dtype=np.float32)
        filled = 0
        while self._queue and filled < count:
            part = self._queue.popleft()
            used = min(len(part), count - filled)
            out[filled : filled + used] = part[:used]
            filled += used
            if used < len(part):
                self._queue.appendleft(part[used:])
        self._queued -= filled
        return out
