"""Lives with what the board's supply and cooling give: weak power holds the servos back, heat is told.

A servo that starts draws ten times what it draws at rest; on a supply that dips already, the next start is the one that
resets the computer. So while the voltage is low the joints go to their neutral, slowly, and are then let go.
"""

from collections.abc import Callable

from hardware.clock import Clock
from hardware.pi.vitals import Vitals, read_vitals
from hardware.ports import JointAngles, Servos

LOOK_EVERY_S = 1.0
CALM_S = 10.0
"""So long the voltage must be right before the servos move again."""

HOME_S = 3.0
"""How long the way to the neutral pose takes."""


class Supply:
    """Reads the vitals once a second. `read` reads them; tests hand in their own."""

    def __init__(self, clock: Clock, read: Callable[[], Vitals] = read_vitals) -> None:
        self._clock = clock
        self._read = read
        self._look_at_s = 0.0
        self._hot = False
        self._weak_until_s = -1.0
        self.dips = 0

    def parts(self) -> dict[str, Callable[[], str]]:
        """The parts that this computer tells the health of, each with what gives it."""
        vitals = self._read()
        told = {
            "power": (self.power, vitals.under_voltage is not None),
            "processor": (self.processor, vitals.throttled is not None or vitals.temperature_c is not None),
        }
        return {part: health for part, (health, shown) in told.items() if shown}

    def power(self) -> str:
        """The health of the supply: `ok` or `weak`."""
        self._look()
        return "weak" if self._clock.now_s() < self._weak_until_s else "ok"

    def processor(self) -> str:
        """The health of the processor: `ok`, or `hot` while it is slowed down for heat, or is about to be."""
        self._look()
        return "hot" if self._hot else "ok"

    def _look(self) -> None:
        now_s = self._clock.now_s()
        if now_s < self._look_at_s:
            return
        self._look_at_s = now_s + LOOK_EVERY_S
        vitals = self._read()
        self._hot = vitals.hot(before=self._hot)
        if vitals.under_voltage:
            self.dips += now_s >= self._weak_until_s
            self._weak_until_s = now_s + CALM_S


class SparingServos:
    """Servos that do as they are told while the supply is strong, and go home and rest while it is weak."""

    def __init__(self, servos: Servos, supply: Supply) -> None:
        self._servos = servos
        self._supply = supply
        self._last = JointAngles()
        self._weak_since_s: float | None = None
        self._from = JointAngles()
        self._resting = False

    def move(self, t_s: float, angles: JointAngles) -> JointAngles:
        """Pass on, or go a step of the way home; see `hardware.ports.Servos.move`."""
        if self._supply.power() == "ok":
            self._weak_since_s, self._resting = None, False
            self._last = self._servos.move(t_s, angles)
            return self._last
        if self._weak_since_s is None:
            self._weak_since_s, self._from = t_s, self._last
        left = 1.0 - (t_s - self._weak_since_s) / HOME_S
        if left > 0:
            self._last = self._servos.move(t_s, _scaled(self._from, left))
        elif not self._resting:
            self._resting = True
            self._servos.release()
        return self._last

    def release(self) -> None:
        """Stop holding."""
        self._servos.release()

    def close(self) -> None:
        """Let the servos go."""
        self._servos.close()


def spared(servos: Servos, supply: Supply | None) -> Servos:
    """The servos, held back while `supply` is weak; as they are without one."""
    return servos if supply is None else SparingServos(servos, supply)


def _scaled(angles: JointAngles, share: float) -> JointAngles:
    names = JointAngles.__dataclass_fields__
    return JointAngles(**{name: share * getattr(angles, name) for name in names})
