"""Where pictures and sound come from, as a person writes it: `file:PATH`, `browser`, `picamera2` and so on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, cast, get_args

from hardware.clock import Clock
from hardware.errors import DeviceError, MediaError
from hardware.ports import Camera, Microphone
from hardware.virtual.none import NoCamera, NoMicrophone

Part = TypeVar("Part")

SourceKind = Literal["file", "browser", "picamera2", "pyaudio", "none"]
"""What a source can be."""

SOURCES_HELP = "file:PATH, browser, picamera2, pyaudio, none"
"""The valid sources, for help and error texts."""


@dataclass(frozen=True, slots=True)
class Source:
    """One source, parsed. `path` is set for `file`, `device` for `pyaudio:NAME` and `picamera2:NAME`."""

    kind: SourceKind
    path: Path | None = None
    device: str = ""


def parse_source(text: str) -> Source:
    """Read a source as written on the command line.

    `pyaudio:NAME` picks the first device whose name contains NAME, `picamera2:NAME` a camera by its number or by a part
    of its model or id.

    Raises:
        DeviceError: it is none of the sources that there are.
    """
    kind, colon, rest = text.partition(":")
    if kind not in get_args(SourceKind):
        raise DeviceError(f"{text!r} is not a source; use one of {SOURCES_HELP}{_did_you_mean(text)}")
    if kind == "file":
        if not rest:
            raise DeviceError(f"{text!r} names no file; write file:PATH")
        return Source("file", Path(rest).expanduser())
    if colon and kind not in ("pyaudio", "picamera2"):
        raise DeviceError(f"{text!r}: {kind} takes nothing after it; write {kind}")
    return Source(cast(SourceKind, kind), device=rest)


def open_camera(
    source: Source,
    clock: Clock,
    *,
    rate_hz: float = 15.0,
    loop: bool = False,
    browser: Callable[[], Camera] | None = None,
) -> Camera:
    """Build the camera that `source` names.

    `rate_hz` is the rate of a still picture and of picamera2; `loop` plays a video for ever. `browser` builds the
    camera of the page, where there is a server for one.

    Raises:
        DeviceError: the source has no camera, or its library is missing.
        MediaError: the file cannot be read as a picture or a video.
    """
    if source.kind == "file":
        return _file_camera(_path(source), clock, rate_hz, loop)
    if source.kind == "none":
        return NoCamera(clock)
    if source.kind == "browser":
        return _built_by(browser, "camera")
    if source.kind == "picamera2":
        from hardware.pi.camera import PiCamera  # noqa: PLC0415  the Pi's modules are imported only where they are used

        return PiCamera(clock, source.device or "0", rate_hz)
    raise DeviceError("pyaudio is a microphone, not a camera; for --camera use file:PATH, browser, picamera2 or none")


def open_microphone(
    source: Source, clock: Clock, *, loop: bool = False, browser: Callable[[], Microphone] | None = None
) -> Microphone:
    """Build the microphone that `source` names. Arguments as for `open_camera`.

    Raises:
        DeviceError: the source has no microphone, its library is missing, or it cannot be opened.
        MediaError: the file holds no sound that can be read.
    """
    if source.kind == "file":
        from hardware.virtual.sound_file import SoundFileMicrophone  # noqa: PLC0415  most robots open no file

        return SoundFileMicrophone(_path(source), clock, loop=loop)
    if source.kind == "none":
        return NoMicrophone(clock)
    if source.kind == "browser":
        return _built_by(browser, "microphone")
    if source.kind == "pyaudio":
        from hardware.pi.microphone import PyAudioMicrophone  # noqa: PLC0415  as above

        return PyAudioMicrophone(clock, device=source.device)
    raise DeviceError("picamera2 is a camera without ears; for --microphone use file:PATH, browser, pyaudio or none")


def _file_camera(path: Path, clock: Clock, rate_hz: float, loop: bool) -> Camera:
    # Most robots open no file, and need nothing that reads one.
    from hardware.virtual.media import is_still_picture  # noqa: PLC0415
    from hardware.virtual.picture import PictureCamera  # noqa: PLC0415
    from hardware.virtual.video import VideoCamera  # noqa: PLC0415

    if is_still_picture(path):
        return PictureCamera(path, clock, rate_hz=rate_hz)
    return VideoCamera(path, clock, loop=loop)


def _path(source: Source) -> Path:
    if source.path is None:
        raise MediaError("a file source without a path; write file:PATH")
    return source.path


def _built_by(build: Callable[[], Part] | None, name: str) -> Part:
    if build is None:
        raise DeviceError(f"the browser's {name} needs the page; start the robot with its simulator page")
    return build()


def _did_you_mean(text: str) -> str:
    """A hint for a bare path."""
    return f"; did you mean file:{text}?" if Path(text).expanduser().is_file() else ""
