"""Opening picture, video and sound files: what a file is follows from its content, never from its name.

Only real media containers are let in. FFmpeg's guessing would otherwise take a text file for ANSI art, and a
playlist for leave to open the network.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps, UnidentifiedImageError

from hardware.errors import MediaError

CONTAINERS = (
    "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,gif,apng,flv,asf,mpegts,mpeg,mpegvideo,mjpeg,h264,hevc,ogg,"
    "yuv4mpegpipe,wav,w64,flac,mp3,aac,aiff,au,caf,amr"
)
"""FFmpeg's names of the containers that may be opened."""

MAX_PICTURE_PIXELS = 64_000_000
"""Larger still pictures are refused before they are unpacked (a decompression bomb would take all memory)."""

MAX_PICTURE_SIDE = 1920
"""Larger pictures are scaled down to this, which is what a camera would have given."""


def existing_file(path: Path) -> Path:
    """`path`, if it is a file that can be read.

    Raises:
        MediaError: it is missing, a folder, empty or not readable.
    """
    try:
        with path.open("rb") as stream:
            empty = not stream.read(1)
    except FileNotFoundError:
        raise MediaError(f"{path}: no such file; name a picture, video or sound file that exists") from None
    except IsADirectoryError:
        raise MediaError(f"{path}: this is a folder; name one file in it") from None
    except OSError as error:
        raise MediaError(f"{path}: cannot be read ({error.strerror}); check its permissions") from None
    if empty:
        raise MediaError(f"{path}: the file is empty; name another or copy it again")
    return path


def is_still_picture(path: Path) -> bool:
    """True when the file holds one picture. An animation (several frames) is a video."""
    existing_file(path)
    try:
        with Image.open(path) as image:
            return int(getattr(image, "n_frames", 1)) == 1
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        # Not a picture at all, or one too broken to say: the caller finds out which by opening it.
        return False


def read_picture(path: Path) -> NDArray[np.uint8]:
    """The picture as uint8 RGB (height, width, 3), turned upright, at most `MAX_PICTURE_SIDE` a side, read-only.

    Raises:
        MediaError: it is no picture, damaged, or larger than `MAX_PICTURE_PIXELS`.
    """
    existing_file(path)
    try:
        with Image.open(path) as image:
            upright = None
            if image.width * image.height <= MAX_PICTURE_PIXELS:
                upright = ImageOps.exif_transpose(image).convert("RGB")
    except UnidentifiedImageError:
        raise MediaError(f"{path}: this is not a picture; use a JPEG, PNG or WebP file") from None
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError) as error:
        raise MediaError(f"{path}: the picture is damaged ({error}); copy it again") from None
    if upright is None:
        raise MediaError(f"{path}: the picture is too large for a camera; scale it down to {MAX_PICTURE_SIDE} a side")
    upright.thumbnail((MAX_PICTURE_SIDE, MAX_PICTURE_SIDE))
    pixels = np.asarray(upright, dtype=np.uint8).copy()
    pixels.setflags(write=False)
    return pixels


def open_container(path: Path, wanted: str) -> Any:
    """An `av` container for a video or sound file, to be closed; `wanted` names it in errors (`video`, `sound`).

    Raises:
        MediaError: the file is missing, or no media container that is let in.
    """
    import av  # noqa: PLC0415
    import av.error  # noqa: PLC0415

    existing_file(path)
    options = {"format_whitelist": CONTAINERS, "protocol_whitelist": "file"}
    try:
        return av.open(f"file:{path.absolute()}", options=options, metadata_errors="replace")
    except (av.error.FFmpegError, OSError):
        raise MediaError(f"{path}: this is not a {wanted} file; {_examples(wanted)}") from None


def decoded(container: Any, stream: Any) -> Iterator[Any]:
    """Frames of one stream in order. A damaged packet loses its frames, no more; a file cut short ends early."""
    import av.error  # noqa: PLC0415

    packets = container.demux(stream)
    while True:
        try:
            packet = next(packets, None)
            if packet is None:
                return
            yield from packet.decode()
        except av.error.EOFError:
            return
        except av.error.InvalidDataError:
            continue


def _examples(wanted: str) -> str:
    return "use WAV, FLAC, Ogg, Opus or MP3" if wanted == "sound" else "use MP4, MKV, WebM, AVI, GIF, or a picture"


@contextmanager
def damage_named(path: Path) -> Iterator[None]:
    """Turn a decoder's error in this block into a `MediaError` that names the file."""
    import av.error  # noqa: PLC0415

    try:
        yield
    except (av.error.FFmpegError, EOFError) as error:
        raise MediaError(f"{path}: the file is damaged ({error}); copy or convert it again") from None
