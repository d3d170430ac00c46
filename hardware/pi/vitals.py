"""How the computer itself is: supply voltage, throttling, temperature. Read from what the kernel shows; nothing runs.

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

ZONES = "sys/class/thermal/thermal_zone*"
FIRST_ZONE = "sys/class/thermal/thermal_zone0"

HOT_C = 80.0
"""A Pi slows down from 80 degrees on (Raspberry Pi documentation, "Frequency management and thermal control")."""

PROCESSORS: dict[str, float] = {"cpu-thermal": HOT_C, "cpu_thermal": HOT_C, "soc-thermal": HOT_C, "x86_pkg_temp": 95.0}
"""Types of the zones that measure a processor, and from when on it is hot: laptops bear more than a Pi."""

COOL_AGAIN_C = 5.0
"""A processor that was hot is so until it is this much cooler, lest it be hot and not in turns."""

UNDER_VOLTAGE, CAPPED, THROTTLED, SOFT_LIMIT = 1 << 0, 1 << 1, 1 << 2, 1 << 3
SINCE_START = 16


@dataclass(frozen=True, slots=True)
class Vitals:
    """One reading. `None` is what this computer does not show. `ever_*` is since the computer was switched on.

    `hot_c` is the temperature from which on this processor is too hot.
    """

    under_voltage: bool | None = None
    ever_under_voltage: bool | None = None
    throttled: bool | None = None
    ever_throttled: bool | None = None
    temperature_c: float | None = None
    hot_c: float = HOT_C

    def hot(self, before: bool = False) -> bool:
        """Slowed down for heat, or about to be; `before` says whether it was so at the last reading.

        A board whose voltage is low is slowed down as well: that alone is no heat.
        """
        limit_c = self.hot_c - (COOL_AGAIN_C if before else 0.0)
        slowed = bool(self.throttled) and not self.under_voltage
        return slowed or (self.temperature_c is not None and self.temperature_c >= limit_c)


def read_vitals(root: Path = Path("/")) -> Vitals:
    """The vitals now. `root` is where /sys lies."""
    bits = _bits(root)
    temperature_c, hot_c = _temperature(root)
    if bits is None:
        alarm = _number(next(iter(sorted(root.glob(VOLTAGE_ALARM))), None))
        return Vitals(under_voltage=None if alarm is None else bool(alarm), temperature_c=temperature_c, hot_c=hot_c)
    hot = THROTTLED | SOFT_LIMIT
    return Vitals(
        under_voltage=bool(bits & UNDER_VOLTAGE),
        ever_under_voltage=bool(bits >> SINCE_START & UNDER_VOLTAGE),
        throttled=bool(bits & hot),
        ever_throttled=bool(bits >> SINCE_START & hot),
        temperature_c=temperature_c,
        hot_c=hot_c,
    )


def _bits(root: Path) -> int | None:
    for pattern in THROTTLED_FILES:
        for path in root.glob(pattern):
            return _number(path, base=16)
    return None


def _temperature(root: Path) -> tuple[float | None, float]:
    """The processor's temperature, if it is shown, and from when on it is too hot, in degrees C."""
    zone, hot_c = root / FIRST_ZONE, HOT_C
    for each in sorted(root.glob(ZONES)):
        kind = _text(each / "type")
        if kind in PROCESSORS:
            zone, hot_c = each, PROCESSORS[kind]
            break
    thousandths = _number(zone / "temp")
    return None if thousandths is None else thousandths / 1000.0, hot_c


def _text(path: Path) -> str:
    """What a small file says; nothing where it cannot be read."""
    try:
        return path.read_text().strip()
    except (OSError, ValueError):
        return ""


def _number(path: Path | None, base: int = 10) -> int | None:
    """The number in a small file; None when there is none, or no number in it."""
    try:
        return None if path is None else int(path.read_text().strip(), base)
    except (OSError, ValueError):
        return None
