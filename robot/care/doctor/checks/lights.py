"""Does each light shine: one after the other, then all of them red, green and blue, timed."""

from collections.abc import Iterator

from hardware.clock import Clock
from hardware.ports import Lights, Pixels
from robot.care.doctor.finding import Finding
from robot.care.doctor.subject import Subject, opened
from robot.errors import DeviceError

NAME = "lights"
STEP_S = 0.4
"""Two and a half changes a second: never more than three flashes in one (WCAG 2.2, 2.3.1)."""

LEVEL = 0.4
SLOW_SHOW_S = 0.010
DARK = (0.0, 0.0, 0.0)
COLOURS = {"red": (LEVEL, 0.0, 0.0), "green": (0.0, LEVEL, 0.0), "blue": (0.0, 0.0, LEVEL)}


def examine(subject: Subject) -> Iterator[Finding]:
    """Light every light."""
    if subject.board is not None and subject.board.lights is None:
        yield Finding(NAME, "note", "this board has no lights")
        return
    if subject.still:
        yield Finding(NAME, "note", "not tried: nothing may light (--still)")
        return
    try:
        with opened(subject.lights) as lights:
            count = lights.count
            slowest_s = light_all(lights, subject.clock)
    except DeviceError as error:
        yield Finding(NAME, "fault", str(error), "check its wires; switch SPI on: sudo raspi-config nonint do_spi 0")
        return
    measured: dict[str, float | int | str | bool] = {"lights": count, "slowest_ms": round(1000 * slowest_s, 2)}
    if slowest_s > SLOW_SHOW_S:
        what = f"showing colours took {1000 * slowest_s:.0f} ms"
        yield Finding(NAME, "warning", what, "use fewer pixels, or SPI in place of pins", measured)
        return
    words = f"{count} shown one by one, then red, green, blue; slowest {1000 * slowest_s:.1f} ms"
    fix = "only you can see them: if a colour was another one, run rapport calibrate lights"
    yield Finding(NAME, "ok", words, fix, measured)


def light_all(lights: Lights, clock: Clock) -> float:
    """Each light for itself in white, then the whole row in each colour; the slowest `show` in seconds.

    Raises:
        DeviceLost: the lights went.
    """
    white = (LEVEL, LEVEL, LEVEL)
    rows = [[white if at == index else DARK for at in range(lights.count)] for index in range(lights.count)]
    rows += [[colour] * lights.count for colour in COLOURS.values()]
    slowest_s = 0.0
    for row in rows:
        asked_s = clock.now_s()
        lights.show(Pixels(tuple(row)))
        slowest_s = max(slowest_s, clock.now_s() - asked_s)
        clock.wait_s(STEP_S)
    return slowest_s
