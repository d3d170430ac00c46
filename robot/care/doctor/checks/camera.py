"""Does the camera see: pictures, their rate and delay, brightness and sharpness."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardware.clock import Clock
from hardware.ports import Camera, Frame
from robot.care.doctor.finding import Finding
from robot.care.doctor.first_look import first_look
from robot.care.doctor.subject import Subject
from robot.senses.sight.quality import edges

NAME = "camera"
FIRST_FRAME_S = 6.0
WATCH_S = 3.0
LOOK_SIDE_PX = 320
"""Pictures are judged at about this width: what counts as sharp must not depend on the resolution."""

DARK, BRIGHT = 0.06, 0.92
"""Mean grey, 0..1, beyond which nobody could be read."""

BLURRED = 0.05
"""Mean absolute Laplacian over the standard deviation. The sample portrait at this width: 0.27 as it is, 0.08 blurred
by 2 px of 640 (Gaussian), 0.035 by 4 px; sharp studio portraits before an even wall: 0.07 to 0.09."""

FLAT = 0.02
"""Standard deviation of the grey, 0..1, below which there is no scene: a lens cap, or a white wall at arm's length."""

SLOW_SHARE = 0.7
LATE_S = 0.4
FREE_IT = "stop the robot if it runs (rapport service stop), and see `rpicam-hello --list-cameras`"


@dataclass(frozen=True, slots=True)
class View:
    """What a camera showed: `rate_hz`, and means over its pictures; `moves` is false when all were the same."""

    frames: int
    rate_hz: float
    brightness: float
    contrast: float
    sharpness: float
    late_s: float
    moves: bool


def examine(subject: Subject) -> Iterator[Finding]:
    """Look for some seconds and judge what came."""
    view = yield from first_look(
        NAME,
        subject.camera,
        lambda camera: watch(camera, subject.clock),
        not_asked=Finding(NAME, "note", "not asked for; nothing was looked at", "name one with --camera picamera2"),
        nothing=Finding(
            NAME, "fault", f"it opened, but sent no picture within {FIRST_FRAME_S:g} s", f"check its cable; {FREE_IT}"
        ),
        free_it=FREE_IT,
    )
    if view is not None:
        yield from judge(view, subject.config.sight.frames_per_s, live=subject.camera_is_live)


def watch(camera: Camera, clock: Clock) -> View | None:
    """Watch for `WATCH_S` from the first picture on; None when none came within `FIRST_FRAME_S`.

    Raises:
        DeviceLost: the camera went.
    """
    seen: list[tuple[float, float, NDArray[np.float32]]] = []
    until_s = clock.now_s() + FIRST_FRAME_S
    while clock.now_s() < until_s and not camera.finished:
        frame = camera.read(0.1)
        if frame is None:
            continue
        if not seen:
            until_s = clock.now_s() + WATCH_S
        seen.append((frame.t_s, clock.now_s() - frame.t_s, small_grey(frame)))
    return _view(seen) if seen else None


def small_grey(frame: Frame) -> NDArray[np.float32]:
    """A picture in grey 0..255, about `LOOK_SIDE_PX` wide, by taking every n-th pixel."""
    step = max(1, frame.pixels.shape[1] // LOOK_SIDE_PX)
    grey: NDArray[np.float32] = frame.pixels[::step, ::step].mean(axis=2, dtype=np.float32)
    return grey


def _view(seen: Sequence[tuple[float, float, NDArray[np.float32]]]) -> View:
    greys = [grey for _, _, grey in seen]
    span_s = seen[-1][0] - seen[0][0]
    return View(
        frames=len(seen),
        rate_hz=(len(seen) - 1) / span_s if span_s > 0 else 0.0,
        brightness=float(np.mean([grey.mean() for grey in greys])) / 255.0,
        contrast=float(np.mean([grey.std() for grey in greys])) / 255.0,
        sharpness=float(np.median([edges(grey) / max(float(grey.std()), 1.0) for grey in greys])),
        late_s=float(np.median([late_s for _, late_s, _ in seen])),
        moves=len(greys) < 2 or any(not np.array_equal(grey, greys[0]) for grey in greys[1:]),
    )


def judge(view: View, wanted_hz: float, *, live: bool = True) -> Iterator[Finding]:
    """What is wrong with what was seen; that all is well, if nothing is."""
    measured: dict[str, float | int | str | bool] = {
        "pictures": view.frames,
        "rate_hz": round(view.rate_hz, 1),
        "brightness": round(view.brightness, 3),
        "sharpness": round(view.sharpness, 3),
        "late_ms": round(1000 * view.late_s),
    }
    found = list(_faults(view, wanted_hz, live))
    for severity, what, fix in found:
        yield Finding(NAME, severity, what, fix, measured)  # type: ignore[arg-type]
    if not found:
        words = f"{view.rate_hz:.1f} pictures a second, brightness {view.brightness:.0%}"
        yield Finding(NAME, "ok", words, measured=measured)


def _faults(view: View, wanted_hz: float, live: bool) -> Iterator[tuple[str, str, str]]:
    if view.brightness < DARK:
        yield "fault", f"the pictures are dark ({view.brightness:.0%} of white)", "take the cap off, or switch light on"
    elif view.brightness > BRIGHT:
        yield "fault", f"the pictures are white ({view.brightness:.0%})", "turn it away from the window or the lamp"
    elif view.contrast < FLAT:
        yield "fault", "the pictures are one even grey", "take what covers the lens away"
    elif live and view.sharpness < BLURRED:
        yield (
            "warning",
            f"the pictures are blurred (sharpness {view.sharpness:.2f}, good is above 0.1)",
            "wipe the lens, pull the protective film off; turn the lens if it can be turned (rapport calibrate camera)",
        )
    if live and not view.moves:
        yield "fault", f"the same picture {view.frames} times: it is frozen", "unplug it and plug it in again"
    if view.frames > 1 and 0 < view.rate_hz < SLOW_SHARE * min(wanted_hz, 15.0):
        yield (
            "warning",
            f"{view.rate_hz:.1f} pictures a second, {wanted_hz:g} are wanted",
            "give it more light (long exposures are slow), another USB port, or lower sight.frames_per_s",
        )
    if view.late_s > LATE_S:
        yield "warning", f"pictures come {view.late_s:.1f} s late", "close other programs; use the ribbon camera"
