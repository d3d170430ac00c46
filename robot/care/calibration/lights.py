"""Calibrate the lights: which colour is which, how many there are, how bright they may be."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import msgspec

from hardware.boards.board import LightsSpec
from hardware.boards.calibration import ChannelOrder, LightsCalibration
from hardware.ports import Lights, Pixels
from robot.care.calibration.dialogue import Dialogue, ask
from robot.errors import ConfigError

COLOURS = ("red", "green", "blue")
DARK = (0.0, 0.0, 0.0)
DIMMER, BRIGHTER = 0.7, 1.3
LEAST_BRIGHTNESS = 0.05


@dataclass(frozen=True, slots=True)
class Lamp:
    """What the procedure works with: `open_lights` builds the lights of a specification."""

    spec: LightsSpec
    open_lights: Callable[[LightsSpec], Lights]


def calibrate_lights(dialogue: Dialogue, lamp: Lamp) -> LightsCalibration:
    """All three steps.

    Raises:
        Stopped: the person ended it.
        DeviceError: the lights cannot be opened, or went.
    """
    order = _find_order(dialogue, lamp)
    spec = msgspec.structs.replace(lamp.spec, order=order)
    count = _find_count(dialogue, lamp, spec)
    spec = msgspec.structs.replace(spec, count=count)
    return LightsCalibration(order, count, round(_find_brightness(dialogue, lamp, spec), 3))


def _shown(lamp: Lamp, spec: LightsSpec, colours: list[tuple[float, float, float]]) -> Lights:
    lights = lamp.open_lights(spec)
    lights.show(Pixels(tuple(colours)))
    return lights


def _find_order(dialogue: Dialogue, lamp: Lamp) -> ChannelOrder:
    """Feed one channel after the other and ask what shines. The third follows from the other two."""
    plain = msgspec.structs.replace(lamp.spec, order="rgb")
    seen = ""
    for channel in range(2):
        fed = tuple(float(channel == at) for at in range(3))
        lights = _shown(lamp, plain, [cast(tuple[float, float, float], fed)])
        try:
            left = [(colour[0], colour) for colour in COLOURS if colour[0] not in seen]
            answers = (*left, ("none", "nothing shines"))
            answer = ask(dialogue, f"lights ({channel + 1} of 4)", "Which colour shines?", answers)
        finally:
            lights.close()
        if answer == "none":
            raise ConfigError("no light shone; run `rapport doctor lights` and check the wires first")
        seen += answer
    seen += next(colour[0] for colour in COLOURS if colour[0] not in seen)
    return cast(ChannelOrder, seen)


def _find_count(dialogue: Dialogue, lamp: Lamp, spec: LightsSpec) -> int:
    """Light the last pixel only, then the one before it, until it is seen."""
    count = spec.count
    while count > 1:
        lights = _shown(lamp, spec, [*[DARK] * (count - 1), (0.0, 1.0, 0.0), DARK])
        try:
            text = f"Pixel {count} of the chain should shine green, and no other. Does it?"
            if ask(dialogue, "lights (3 of 4)", text, (("yes", "it does"), ("no", "I see none"))) == "yes":
                return count
        finally:
            lights.close()
        count -= 1
    return count


def _find_brightness(dialogue: Dialogue, lamp: Lamp, spec: LightsSpec) -> float:
    """As bright as is pleasant, and never brighter than the board's supply was planned for."""
    most = lamp.spec.brightness
    brightness = most
    answers = (("-", "dimmer"), ("+", "brighter"), ("ok", "pleasant"))
    while True:
        lights = _shown(lamp, msgspec.structs.replace(spec, brightness=brightness), [(1.0, 1.0, 1.0)])
        try:
            text = f"All white at {brightness:.0%} (the board allows {most:.0%}). Pleasant to look at?"
            answer = ask(dialogue, "lights (4 of 4)", text, answers)
        finally:
            lights.close()
        if answer == "ok":
            return brightness
        brightness *= BRIGHTER if answer == "+" else DIMMER
        brightness = min(max(brightness, min(LEAST_BRIGHTNESS, most)), most)
