"""A microphone through PyAudio, whatever rate and channels it has."""

import numpy as np
from numpy.typing import NDArray

from hardware.clock import Clock
from hardware.errors import DeviceLost
from hardware.mailbox import FifoMailbox
from hardware.pi.portaudio import choose_device, is_running, open_portaudio, open_stream
from hardware.pi.resampler import StreamResampler
from hardware.pi.sample_clock import SampleClock
from hardware.ports import SAMPLE_RATE_HZ, Sound

BLOCK_SAMPLES = 512
"""Samples in a block, 32 ms at 16 kHz."""

HELD_BLOCKS = 64
"""A reader further behind than this (2 s) loses the oldest blocks."""

SILENT_S = 6.0
"""A stream from which nothing comes for so long is lost. Sound servers take up to 2 s to begin."""

LOOK_S = 0.1
"""How often a waiting reader looks whether the stream still runs: PyAudio does not say when one ends."""


class PyAudioMicrophone:
    """The first microphone whose name contains `device`, or the default; blocks of `BLOCK_SAMPLES` at 16 kHz, mono.

    Several channels are averaged, another rate is resampled. A microphone that has gone raises `DeviceLost`; close
    it and build it anew.

    Raises:
        DeviceError: PyAudio is missing, there is no such microphone (the message lists them), or it cannot be opened.
    """

    def __init__(self, clock: Clock, device: str = "") -> None:
        self._clock = clock
        self._fifo: FifoMailbox[tuple[float, NDArray[np.float32]]] = FifoMailbox(HELD_BLOCKS)
        self._seq = 0
        self._overflows = 0
        self._resampler: StreamResampler | None = None
        self._rest = np.zeros(0, dtype=np.float32)
        self._samples = SampleClock(SAMPLE_RATE_HZ)
        self._heard_s = clock.now_s()
        self._closed = False
        self._audio = open_portaudio()
        try:
            chosen = choose_device(self._audio, device, "input")
            self._open = open_stream(self._audio, chosen, "input", self._callback)
        except Exception:
            self._audio.terminate()
            raise

    @property
    def dropped(self) -> int:
        """Blocks lost because nobody read them, plus the times when the system itself could not keep up."""
        return self._fifo.dropped + self._overflows

    @property
    def finished(self) -> bool:
        """True after `close` only: a microphone has no end."""
        return self._closed

    @property
    def name(self) -> str:
        """PortAudio's name of the device."""
        return self._open.device.name

    def read(self, timeout_s: float) -> Sound | None:
        """The next block, waiting up to `timeout_s`; None if there is none.

        Raises:
            DeviceLost: the stream has ended, or nothing came for `SILENT_S`.
        """
        until_s = self._clock.now_s() + timeout_s
        while not self._closed:
            left_s = until_s - self._clock.now_s()
            block = self._fifo.take(min(left_s, LOOK_S))
            if block is not None:
                self._seq += 1
                return Sound(self._seq - 1, *block)
            if self._closed:
                break
            self._check()
            if left_s <= LOOK_S:
                break
        return None

    def close(self) -> None:
        """Let the device go. May be called twice."""
        if self._closed:
            return
        self._closed = True
        self._fifo.close()
        self._open.stream.close()
        self._audio.terminate()

    def _check(self) -> None:
        if not is_running(self._open.stream):
            raise DeviceLost(f"microphone {self.name!r} has gone; plug it in again")
        if self._clock.now_s() - self._heard_s > SILENT_S:
            raise DeviceLost(f"microphone {self.name!r} has sent nothing for {SILENT_S:g} s; plug it in again")

    def _callback(
        self, rate_hz: int, channels: int, data: bytes, _frames: int, _time_info: object, status: int
    ) -> tuple[None, int]:
        """Runs in PortAudio's thread. An exception here would end the stream, which the reader sees as lost."""
        self._heard_s = self._clock.now_s()
        # Bit 2 of the status is paInputOverflow: the system threw sound away before this call.
        self._overflows += bool(status & 2)
        samples = mono(data, channels)
        if rate_hz != SAMPLE_RATE_HZ:
            self._resampler = self._resampler or StreamResampler(rate_hz, SAMPLE_RATE_HZ)
            samples = self._resampler.push(samples)
        self._deliver(samples)
        return None, 0  # paContinue

    def _deliver(self, samples: NDArray[np.float32]) -> None:
        """Cut the stream into blocks; what is left waits for the next call."""
        start_s = self._samples.block_start_s(self._heard_s, len(samples))
        start_s -= len(self._rest) / SAMPLE_RATE_HZ
        samples = np.concatenate([self._rest, samples])
        whole = len(samples) // BLOCK_SAMPLES
        for index in range(whole):
            block = samples[index * BLOCK_SAMPLES : (index + 1) * BLOCK_SAMPLES].copy()
            block.setflags(write=False)
            self._fifo.put((start_s + index * BLOCK_SAMPLES / SAMPLE_RATE_HZ, block))
        self._rest = samples[whole * BLOCK_SAMPLES :]


def mono(data: bytes, channels: int) -> NDArray[np.float32]:
    """Interleaved float32 sound as one channel, their mean, clipped to -1..1; NaN becomes silence."""
    samples = np.frombuffer(data, dtype=np.float32).reshape(-1, channels).mean(axis=1, dtype=np.float32)
    clipped: NDArray[np.float32] = np.clip(np.nan_to_num(samples), -1.0, 1.0)
    return clipped
