"""How the board itself is: supply voltage, throttling, temperature. Read from what the kernel shows, nothing is called.

The bits are those of `vcgencmd get_throttled` (Raspberry Pi documentation, "vcgencmd"): the low ones say what is now,
the same 16 places higher what has been since the start.
"""

from dataclasses import dataclass
from pathlib import Path

THROTTLED_FILES = (
    "sys/devices/platform/soc/soc:firmware/get_throttled",
    "sys/devices/platform/soc*/*firmware*/get_throttled",
)
"""Where the firmware's driver shows the bits, in hexadecimal; the second pattern is for the Pi 5's longer names."""

VOLTAGE_ALARM = "sys/class/hwmon/hwmon*/in0_lcrit_alarm"
"""The alarm of the driver `rpi_volt`, on kernels that hide the bits."""

TEMPERATURE = "sys/class/thermal/thermal_zone0/temp"
UNDER_VOLTAGE, CAPPED, THROTTLED, SOFT_LIMIT = 1 << 0, 1 << 1, 1 << 2, 1 << 3
SINCE_START = 16


@dataclass(frozen=True, slots=True)
class Vitals:
    """One reading. `None` is what this computer does not show. `ever_*` is since the computer was switched on."""

    under_voltage: bool | None = None
    ever_under_voltage: bool | None = None
    throttled: bool | None = None
    ever_throttled: bool | None = None
    temperature_c: float | None = None


def read_vitals(root: Path = Path("/")) -> Vitals:
    """The vitals now. `root` is where /sys lies."""
    bits = _bits(root)
    temperature_c = _temperature_c(root)
    if bits is None:
        alarm = _number(next(iter(sorted(root.glob(VOLTAGE_ALARM))), None))
        return Vitals(under_voltage=None if alarm is None else bool(alarm), temperature_c=temperature_c)
    hot = THROTTLED | SOFT_LIMIT
    return Vitals(
        under_voltage=bool(bits & UNDER_VOLTAGE),
        ever_under_voltage=bool(bits >> SINCE_START & UNDER_VOLTAGE),
        throttled=bool(bits & hot),
        ever_throttled=bool(bits >> SINCE_START & hot),
        temperature_c=temperature_c,
    )


def _bits(root: Path) -> int | None:
    for pattern in THROTTLED_FILES:
        for path in root.glob(pattern):
            return _number(path, base=16)
    return None


def _temperature_c(root: Path) -> float | None:
    thousandths = _number(root / TEMPERATURE)
    return None if thousandths is None else thousandths / 1000.0


def _number(path: Path | None, base: int = 10) -> int | None:
    """The number in a small file; None when there is none, or no number in it."""
    try:
        return None if path is None else int(path.read_text().strip(), base)
    except (OSError, ValueError):
        return None
