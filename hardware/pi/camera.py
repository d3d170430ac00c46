"""The Pi's camera through picamera2: an RGB stream to look at faces, a small YUV stream to find them.

A thread of its own takes every completed request from the camera and leaves it in a one-slot mailbox, so that a
slow reader sees the present. picamera2 binds the system's libcamera; it is imported only when a camera is built.
"""

import threading
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from hardware.clock import Clock
from hardware.errors import DeviceError
from hardware.frozen import Frozen
from hardware.mailbox import LatestMailbox
from hardware.pi.yuv import yuv420_to_rgb
from hardware.ports import Frame

MAIN_SIZE = (1280, 960)
"""Width and height of the stream that faces are cut from; 4:3 keeps the whole view of the Pi's sensors."""

SMALL_SIZE = (320, 240)
"""Width and height of the stream for detection: same view, and a width that every Pi's image processor can align."""

STALL_S = 1.8
"""A camera that delivers nothing for so long is lost: within 2 s the robot must say that it is blind."""

START_S = 5.0
"""How long the first frame may take: sensor, lens and exposure start up, about a second on a Pi 4."""

FROZEN_S = 1.8
"""A camera that shows the same picture for so long is frozen: a sensor's noise never repeats itself."""

NEXT_FRAME_S = 0.3
"""A working camera delivers within this, even in the dark where exposures are long."""

MAX_AGE_NS = 2_000_000_000
"""A sensor stamp older than this is not from the clock we think it is."""


class PiCamera:
    """A camera on the Pi's ribbon cable, or on USB through libcamera.

    Frames carry `small`, and as `t_s` the sensor's own time. `name` is a number, counted from 0, or a part of a
    camera's model or id (`imx708`, `usb-0:1.2`), which stays the same when the numbers change. `rate_hz` is the frame
    rate asked of the sensor. `open_device` opens a `Picamera2` by such a name; tests hand in their own.

    Raises:
        DeviceError: picamera2 is not installed, there is no such camera, or it is in use.
    """

    def __init__(
        self,
        clock: Clock,
        name: str = "0",
        rate_hz: float = 15.0,
        open_device: Callable[[str], Any] | None = None,
        stall_s: float = STALL_S,
        start_s: float = START_S,
    ) -> None:
        self._clock = clock
        self._stall_s = stall_s
        self._start_s = start_s
        self._name = f"camera {name}"
        self._mailbox: LatestMailbox[Frame] = LatestMailbox()
        self._taken = 0
        self._frozen = Frozen(FROZEN_S)
        self._stopping = threading.Event()
        self._device = (open_device or open_picamera2)(name)
        self._small_size = self._start(rate_hz)
        self._thread = threading.Thread(target=self._run, name=self._name, daemon=True)
        self._thread.start()

    @property
    def dropped(self) -> int:
        """Frames that were replaced before anyone read them."""
        return self._mailbox.dropped

    @property
    def finished(self) -> bool:
        """Always false while open: a camera has no end."""
        return self._mailbox.closed

    def read(self, timeout_s: float) -> Frame | None:
        """The newest frame not yet read, waiting up to `timeout_s`; None if there is none.

        Raises:
            DeviceLost: no frame for `STALL_S`, or the camera stack failed.
        """
        frame = self._mailbox.take(timeout_s)
        if frame is None:
            return None
        self._taken += 1
        return Frame(self._taken - 1, frame.t_s, frame.pixels, frame.small)

    def close(self) -> None:
        """Stop the stream and let the camera go. May be called twice."""
        self._stopping.set()
        self._mailbox.close()
        # The thread lets the camera go itself, and must have done so before a new one is built. A camera that works
        # ends the wait with its next frame; one that stalls is told to.
        self._thread.join(NEXT_FRAME_S)
        if self._thread.is_alive():
            self._device.cancel_all_and_flush()
            self._thread.join(self._stall_s)

    def _start(self, rate_hz: float) -> tuple[int, int]:
        """Configure and start the device; returns the width and height of the small stream as really set."""
        try:
            self._device.configure(self._device.create_preview_configuration(**stream_settings(rate_hz)))
            width, height = self._device.camera_configuration()["lores"]["size"]
            self._device.start()
        except (RuntimeError, OSError, KeyError, ValueError) as error:
            self._device.close()
            raise DeviceError(f"{self._name}: cannot start it ({error}); see that no other program uses it") from None
        return int(width), int(height)

    def _run(self) -> None:
        try:
            frame = self._next_frame(self._start_s)
            while not self._stopping.is_set():
                if self._frozen.since(frame):
                    self._mailbox.lose(
                        f"{self._name}: black or the same picture for {FROZEN_S:g} s; open its shutter or unplug it"
                    )
                    return
                self._mailbox.put(frame)
                frame = self._next_frame(self._stall_s)
        except TimeoutError:
            self._mailbox.lose(f"{self._name}: no picture for {self._stall_s:g} s; check its cable")
        except Exception as error:  # noqa: BLE001 - whatever fails in this thread must reach the reader
            self._mailbox.lose(f"{self._name}: the camera stack failed ({error!r}); check its ribbon cable")
        finally:
            self._let_go()

    def _next_frame(self, timeout_s: float) -> Frame:
        request = self._device.capture_request(wait=False).get_result(timeout=timeout_s)
        try:
            stamp_ns = request.get_metadata()["SensorTimestamp"]
            t_s = capture_time_s(stamp_ns, time.clock_gettime_ns(time.CLOCK_BOOTTIME), self._clock.now_s())
            pixels = np.asarray(request.make_array("main"), dtype=np.uint8)
            small = yuv420_to_rgb(request.make_array("lores"), *self._small_size)
        finally:
            request.release()
        pixels.setflags(write=False)
        return Frame(0, t_s, pixels, small)

    def _let_go(self) -> None:
        # A job that timed out would otherwise wait in the queue and hold the camera's stop back.
        self._device.cancel_all_and_flush()
        self._device.close()


def stream_settings(rate_hz: float) -> dict[str, Any]:
    """What picamera2's `create_preview_configuration` is asked for at `rate_hz` frames a second.

    picamera2 names formats backwards: `BGR888` is what numpy sees as RGB (its manual, appendix A).
    """
    frame_us = round(1e6 / rate_hz)
    return {
        "main": {"size": MAIN_SIZE, "format": "BGR888"},
        "lores": {"size": SMALL_SIZE, "format": "YUV420"},
        "buffer_count": 4,
        "controls": {"FrameDurationLimits": (frame_us, frame_us)},
    }


def capture_time_s(stamp_ns: int, boot_now_ns: int, now_s: float) -> float:
    """The robot's time (seconds) at which a frame was exposed.

    `stamp_ns` is libcamera's `SensorTimestamp`, nanoseconds on CLOCK_BOOTTIME; `boot_now_ns` and `now_s` are the
    same moment, now, on that clock and on the robot's. A stamp from the future or older than `MAX_AGE_NS` is not
    believed: the frame is then from now.
    """
    age_ns = boot_now_ns - stamp_ns
    return now_s - age_ns / 1e9 if 0 <= age_ns <= MAX_AGE_NS else now_s


def open_picamera2(name: str) -> Any:
    """A `Picamera2` for a camera by its number, or by a part of its model or id.

    Raises:
        DeviceError: the library is missing, or there is no such camera.
    """
    try:
        from picamera2 import Picamera2  # noqa: PLC0415
    except ImportError as error:
        raise DeviceError(
            f"picamera2 cannot be loaded ({error}); on a Raspberry Pi run `sudo apt install python3-picamera2` "
            "and make the virtual environment with --system-site-packages"
        ) from None
    try:
        return Picamera2(number_of(name, Picamera2.global_camera_info()))
    except (RuntimeError, IndexError, OSError) as error:
        raise DeviceError(f"camera {name} cannot be opened ({error}); see `rpicam-hello --list-cameras`") from None


def number_of(name: str, there: list[dict[str, Any]]) -> int:
    """The number, today, of the camera called `name` among those of picamera2's `global_camera_info`.

    Raises:
        DeviceError: there is none of that name.
    """
    if name.isdecimal():
        return int(name)
    for info in there:
        if name.casefold() in f"{info['Model']} {info['Id']}".casefold():
            return int(info["Num"])
    known = ", ".join(repr(info["Model"]) for info in there) or "none at all"
    raise DeviceError(f"no camera called {name!r}; there is {known}; see `rpicam-hello --list-cameras`")
