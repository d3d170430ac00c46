"""Is the computer cool enough: its temperature, and whether it was slowed down for heat."""

from collections.abc import Iterator

from hardware.pi.vitals import read_vitals
from robot.care.doctor.finding import Finding
from robot.care.doctor.subject import Subject

NAME = "temperature"
WARM_BELOW_C = 10.0
"""So near to too hot is warm."""

COOLER = "a heat sink or a fan; room for air around the case; away from the sun"


def examine(subject: Subject) -> Iterator[Finding]:
    """Read the thermometer and the firmware's marks."""
    vitals = read_vitals(subject.root)
    if vitals.temperature_c is None and vitals.throttled is None:
        yield Finding(NAME, "note", "this computer does not tell its temperature")
        return
    measured: dict[str, float | int | str | bool] = {}
    if vitals.temperature_c is not None:
        measured["temperature_c"] = round(vitals.temperature_c, 1)
    words = f"{vitals.temperature_c:.0f} degrees C" if vitals.temperature_c is not None else "no thermometer"
    if vitals.throttled:
        yield Finding(NAME, "fault", f"it is slowed down for heat now ({words})", COOLER, measured)
    elif vitals.ever_throttled:
        yield Finding(NAME, "warning", f"it was slowed down for heat since the start ({words} now)", COOLER, measured)
    elif vitals.temperature_c is not None and vitals.temperature_c >= vitals.hot_c:
        yield Finding(NAME, "fault", f"{words}: it is about to slow down", COOLER, measured)
    elif vitals.temperature_c is not None and vitals.temperature_c >= vitals.hot_c - WARM_BELOW_C:
        yield Finding(NAME, "warning", f"{words} is warm; a summer's day may be too much", COOLER, measured)
    else:
        yield Finding(NAME, "ok", words, measured=measured)
