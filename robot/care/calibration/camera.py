"""Calibrate the camera: make it sharp, and find out which way up it is built in."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from hardware.boards.calibration import CameraCalibration
from hardware.clock import Clock
from hardware.corrected import turned
from hardware.ports import Camera
from robot.care.calibration.dialogue import Dialogue, ask
from robot.senses.sight.detector import FaceFinder
from robot.senses.sight.quality import edges

Turn = Literal[0, 90, 180, 270]
LOOK_S = 1.5
LOOK_SIDE_PX = 320
STEPS = "camera (1 of 2)", "camera (2 of 2)"


@dataclass(frozen=True, slots=True)
class Eye:
    """What the procedure works with: the camera without any correction, and something that finds faces."""

    open_camera: Callable[[], Camera]
    faces: FaceFinder
    clock: Clock


def calibrate_camera(dialogue: Dialogue, eye: Eye) -> CameraCalibration:
    """Both steps.

    Raises:
        Stopped: the person ended it.
        DeviceError: the camera cannot be opened, or went.
    """
    camera = eye.open_camera()
    try:
        sharpness = _make_sharp(dialogue, camera, eye.clock)
        return CameraCalibration(_find_turn(dialogue, camera, eye), round(sharpness, 3))
    finally:
        camera.close()


def _make_sharp(dialogue: Dialogue, camera: Camera, clock: Clock) -> float:
    """Measure again and again while the person turns the lens; the best that was reached."""
    best = 0.0
    answers = (("again", "I turned the lens"), ("ok", "sharp enough, or it has no lens to turn"))
    while True:
        values = [sharpness(pixels) for pixels in pictures(camera, clock)]
        now = float(np.median(values)) if values else 0.0
        best = max(best, now)
        text = f"Point it at something with edges, a bookshelf. Sharpness {now:.3f}, best so far {best:.3f}."
        if ask(dialogue, STEPS[0], text, answers) == "ok":
            return best


def _find_turn(dialogue: Dialogue, camera: Camera, eye: Eye) -> Turn:
    """The turn with which a face is found; asked for where there is none."""
    while True:
        text = "Sit in front of it, an arm's length away, and look into the lens."
        if ask(dialogue, STEPS[1], text, (("ok", "I am there"), ("skip", "it is the right way up"))) == "skip":
            return 0
        turn_deg = upright_turn(list(pictures(camera, eye.clock)), eye.faces)
        if turn_deg is not None:
            dialogue.say(
                "it is the right way up" if turn_deg == 0 else f"its pictures are turned by {turn_deg} degrees"
            )
            return turn_deg
        dialogue.say("no face was found, whichever way the picture was turned; more light, or nearer")


def pictures(camera: Camera, clock: Clock) -> Iterator[NDArray[np.uint8]]:
    """What the camera shows for `LOOK_S`.

    Raises:
        DeviceLost: the camera went.
    """
    until_s = clock.now_s() + LOOK_S
    while clock.now_s() < until_s and not camera.finished:
        frame = camera.read(0.2)
        if frame is not None:
            yield frame.pixels


def sharpness(pixels: NDArray[np.uint8]) -> float:
    """Mean absolute Laplacian over the standard deviation of the middle of a picture, at about 320 pixels' width."""
    step = max(1, pixels.shape[1] // LOOK_SIDE_PX)
    grey = pixels[::step, ::step].mean(axis=2, dtype=np.float32)
    height, width = grey.shape
    middle = grey[height // 4 : height - height // 4, width // 4 : width - width // 4]
    return edges(middle) / max(float(middle.std()), 1.0)


def upright_turn(seen: list[NDArray[np.uint8]], faces: FaceFinder) -> Turn | None:
    """The clockwise turn after which faces are found best in the last pictures; None when no turn shows any."""
    scores: dict[Turn, float] = dict.fromkeys(get_args(Turn), 0.0)
    for pixels in seen[-3:]:
        for turn_deg in scores:
            found = faces.find(turned(pixels, -(turn_deg // 90)))
            scores[turn_deg] += max((each.score for each in found), default=0.0)
    best = max(scores, key=lambda turn_deg: scores[turn_deg])
    return best if scores[best] > 0 else None
