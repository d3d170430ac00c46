"""Opening PortAudio's devices through PyAudio: which one, at what rate, and what to say when there is none.

PyAudio is imported only when a microphone or a speaker is built.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from hardware.errors import DeviceError
from hardware.ports import SAMPLE_RATE_HZ

Direction = Literal["input", "output"]
"""`input` for microphones, `output` for speakers."""

BLOCK_S = 0.032
"""Length of the blocks asked of the device, 512 samples at 16 kHz."""


@dataclass(frozen=True, slots=True)
class AudioDevice:
    """One device of PortAudio: its index and name, the rate it likes best, and how many channels it has that way."""

    index: int
    name: str
    rate_hz: int
    channels: int


@dataclass(frozen=True, slots=True)
class OpenStream:
    """A running stream, and the format that the device agreed to."""

    stream: Any
    device: AudioDevice
    rate_hz: int
    channels: int


def open_portaudio() -> Any:
    """A new `pyaudio.PyAudio`. Call its `terminate` after use.

    PortAudio looks for devices when the first one is made and keeps the list until the last one is terminated.

    Raises:
        DeviceError: PyAudio is not installed.
    """
    try:
        import pyaudio  # noqa: PLC0415
    except ImportError as error:
        raise DeviceError(
            f"PyAudio cannot be loaded ({error}); run `sudo apt install portaudio19-dev` and `pip install PyAudio`"
        ) from None
    with quiet_stderr():
        return pyaudio.PyAudio()


@contextmanager
def quiet_stderr() -> Iterator[None]:
    """Send what C libraries print to nowhere while PortAudio looks around.

    ALSA and JACK print some thirty lines about devices that are not there, straight to file descriptor 2; the one line
    that matters would be lost among them. What other threads print to standard error meanwhile is lost too.
    """
    kept = os.dup(2)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(nowhere)
        os.close(kept)


def devices(audio: Any, direction: Direction) -> list[AudioDevice]:
    """All devices that have channels in that direction, in PortAudio's order."""
    infos = (audio.get_device_info_by_index(index) for index in range(audio.get_device_count()))
    return [device for device in (_device(info, direction) for info in infos) if device.channels > 0]


def choose_device(audio: Any, name: str, direction: Direction) -> AudioDevice:
    """The first device whose name contains `name` (either case), or the system's default for an empty name.

    Raises:
        DeviceError: there is none; the message lists those that there are.
    """
    found = devices(audio, direction)
    if name:
        matching = [device for device in found if name.casefold() in device.name.casefold()]
        if matching:
            return matching[0]
        raise DeviceError(f"no {_noun(direction)} called {name!r}; {_listed(found)}")
    try:
        return _device(_default_info(audio, direction), direction)
    except OSError:
        raise DeviceError(f"no {_noun(direction)} is set as default; {_listed(found)}") from None


def open_stream(audio: Any, device: AudioDevice, direction: Direction, callback: Callable[..., Any]) -> OpenStream:
    """Open a callback stream of float32, in the first format the device agrees to.

    16 kHz mono is asked for first. `callback` is called as PortAudio's callbacks are, but gets the `OpenStream`'s
    rate and channels first: `callback(rate_hz, channels, data, frames, time_info, status)`.

    Raises:
        DeviceError: the device refuses every format.
    """
    import pyaudio  # noqa: PLC0415

    refusal: Exception | None = None
    for rate_hz, channels in formats_to_try(device):

        def called(*arguments: Any, rate_hz: int = rate_hz, channels: int = channels) -> Any:
            return callback(rate_hz, channels, *arguments)

        try:
            with quiet_stderr():
                stream = audio.open(
                    rate=rate_hz,
                    channels=channels,
                    format=pyaudio.paFloat32,
                    frames_per_buffer=round(rate_hz * BLOCK_S),
                    stream_callback=called,
                    **{direction: True, f"{direction}_device_index": device.index},
                )
        except (OSError, ValueError) as error:
            refusal = error
            continue
        return OpenStream(stream, device, rate_hz, channels)
    raise DeviceError(
        f"{_noun(direction)} {device.name!r} cannot be opened ({refusal}); see that it is plugged in and not in use"
    )


def is_running(stream: Any) -> bool:
    """True while a stream plays or records; false when it ended by itself or was closed."""
    try:
        return bool(stream.is_active())
    except OSError:
        # PyAudio says "Stream not open": another thread has closed it.
        return False


def formats_to_try(device: AudioDevice) -> Iterator[tuple[int, int]]:
    """Rates and channel counts to ask a device for, best first: our own, then what the hardware has."""
    rates = dict.fromkeys((SAMPLE_RATE_HZ, device.rate_hz, 48_000, 44_100))
    channel_counts = dict.fromkeys((1, min(2, device.channels), device.channels if device.channels <= 8 else 1))
    for rate_hz in rates:
        for channels in channel_counts:
            yield rate_hz, channels


def _device(info: dict[str, Any], direction: Direction) -> AudioDevice:
    channels = info["maxInputChannels" if direction == "input" else "maxOutputChannels"]
    return AudioDevice(int(info["index"]), str(info["name"]), int(info["defaultSampleRate"]), int(channels))


def _default_info(audio: Any, direction: Direction) -> dict[str, Any]:
    info: dict[str, Any] = (
        audio.get_default_input_device_info() if direction == "input" else audio.get_default_output_device_info()
    )
    return info


def _noun(direction: Direction) -> str:
    return "microphone" if direction == "input" else "speaker"


def _listed(found: list[AudioDevice]) -> str:
    if not found:
        return "PortAudio finds none at all; plug one in, and check that `arecord -l` and `aplay -l` show it"
    return f"there is {', '.join(repr(device.name) for device in found)}; name one of them"
