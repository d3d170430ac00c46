"""How much of its usual motion, light and loudness the body uses: all of it, reduced motion, quiet hours.

Reduced motion is for people whom movement at the edge of sight disturbs; quiet hours are for people who sleep nearby.
"""

from collections.abc import Callable
from dataclasses import dataclass

from robot.config import QuietSettings

MINUTES_A_DAY = 1440.0
READ_EVERY_S = 10.0
"""How often the wall clock is read; nobody notices ten seconds."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Shares 0..1 of the usual: size of the habits, speed of the joints, brightness of the lights, loudness."""

    habits: float = 1.0
    speed: float = 1.0
    light: float = 1.0
    voice: float = 1.0

    def under(self, other: "Profile") -> "Profile":
        """Both at once."""
        return Profile(
            self.habits * other.habits, self.speed * other.speed, self.light * other.light, self.voice * other.voice
        )


PROFILES: dict[str, Profile] = {"full": Profile(), "reduced": Profile(habits=0.3, speed=0.5)}
"""By their names in the configuration. Reduced: small rare habits, faces that change over without haste."""

QUIET_SPEED = 0.6


class QuietHours:
    """Tells whether it is quiet hours, by the wall clock that is given for this alone; None is a robot without one."""

    def __init__(self, settings: QuietSettings, minute_of_day: Callable[[], float] | None) -> None:
        self._settings = settings
        self._minute_of_day = minute_of_day
        self._profile = Profile(settings.motion, QUIET_SPEED, settings.lights, settings.voice)
        self._read_s = float("-inf")
        self._quiet = False

    def profile(self, t_s: float) -> Profile:
        """The profile at `t_s` on the robot's clock, which says only when to look at the wall again."""
        settings = self._settings
        if self._minute_of_day is None or settings.from_minute == settings.to_minute:
            return PROFILES["full"]
        if t_s - self._read_s >= READ_EVERY_S:
            self._read_s = t_s
            self._quiet = is_within(self._minute_of_day(), settings.from_minute, settings.to_minute)
        return self._profile if self._quiet else PROFILES["full"]


def is_within(minute: float, from_minute: float, to_minute: float) -> bool:
    """True from `from_minute` up to `to_minute`, over midnight where it is the later one; never when they are equal."""
    return (minute - from_minute) % MINUTES_A_DAY < (to_minute - from_minute) % MINUTES_A_DAY
