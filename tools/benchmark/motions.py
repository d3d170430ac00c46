"""How heads move: nods, shakes, turns, and everything else that people do in an hour, as poses over time.

The ordinary hour was put together before anything was measured with it: shifts of attention every few seconds, small
bobbing while talking (half of the time), looks down at a table, sway, and leaning. The figures are judgement.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from tools.benchmark.turning import Pose

RATE_HZ = 15.0
Motion = Callable[[float], Pose]


@dataclass(frozen=True, slots=True)
class Burst:
    """To and fro: so many degrees each way, so often a second, so many times, from `at_s` on."""

    size_deg: float
    rate_hz: float
    times: float
    at_s: float

    def at(self, t_s: float) -> float:
        """The angle at a time; 0 before and after."""
        passed_s = t_s - self.at_s
        if not 0 <= passed_s <= self.times / self.rate_hz:
            return 0.0
        ease = min(1.0, 4 * passed_s * self.rate_hz, 4 * (self.times - passed_s * self.rate_hz))
        return ease * self.size_deg * math.sin(2 * math.pi * self.rate_hz * passed_s)


def nodding(rng: Random) -> Motion:
    """A nod of two to three times at a usual pace, from where the head happens to be."""
    burst = Burst(rng.uniform(5, 11), rng.uniform(1.2, 2.4), rng.uniform(2.0, 3.0), 1.0)
    pan_deg, tilt_deg, sway = rng.uniform(-10, 10), rng.uniform(-4, 4), _sway(rng)
    return lambda t_s: Pose(pan_deg + sway(t_s), tilt_deg - burst.at(t_s), 0.3 * sway(t_s))


def shaking(rng: Random) -> Motion:
    """A shake of the head, likewise."""
    burst = Burst(rng.uniform(8, 16), rng.uniform(1.0, 2.2), rng.uniform(2.0, 3.0), 1.0)
    pan_deg, tilt_deg, sway = rng.uniform(-5, 5), rng.uniform(-4, 4), _sway(rng)
    return lambda t_s: Pose(pan_deg + burst.at(t_s), tilt_deg + 0.5 * sway(t_s), 0.3 * sway(t_s))


def facing(rng: Random) -> Motion:
    """Looks at the robot, moves about a little."""
    pan_deg, tilt_deg, sway = rng.uniform(-6, 6), rng.uniform(-4, 4), _sway(rng)
    path = rng.uniform(-0.15, 0.15)
    return lambda t_s: Pose(pan_deg + sway(t_s), tilt_deg + 0.5 * sway(t_s), sway(t_s), right=path * t_s)


def averted(rng: Random) -> Motion:
    """Looks far to a side: the eyes go with the head."""
    pan_deg, sway = rng.choice((-1, 1)) * rng.uniform(32, 42), _sway(rng)
    return lambda t_s: Pose(pan_deg + sway(t_s), sway(t_s), sway(t_s))


def ordinary(rng: Random, duration_s: float) -> Iterator[tuple[float, Pose]]:
    """What a head does in company without nodding or shaking it, at `RATE_HZ`: time and pose."""
    aim, start, since_s, takes_s, next_s = (0.0, 0.0), (0.0, 0.0), 0.0, 0.6, 1.0
    talk_until_s, talks = 0.0, False
    waves = [(rng.uniform(0.5, 2.5), rng.uniform(0, 2 * math.pi)) for _ in range(6)]
    sway = _sway(rng)
    for index in range(round(duration_s * RATE_HZ)):
        t_s = index / RATE_HZ
        if t_s >= next_s:
            start = _eased(start, aim, (t_s - since_s) / takes_s)
            down = rng.random() < 0.12
            aim = (rng.gauss(0, 6), -rng.uniform(12, 22)) if down else (rng.gauss(0, 12), rng.gauss(0, 5))
            since_s, takes_s, next_s = t_s, rng.uniform(0.35, 0.9), t_s + rng.uniform(1.2, 5.0)
        if t_s >= talk_until_s:
            talks = not talks
            talk_until_s = t_s + rng.uniform(3, 12)
        pan_deg, tilt_deg = _eased(start, aim, (t_s - since_s) / takes_s)
        bob = [math.sin(2 * math.pi * rate_hz * t_s + phase) for rate_hz, phase in waves]
        talk = 1.0 if talks else 0.15
        yield (
            t_s,
            Pose(
                pan_deg + talk * 0.9 * (bob[0] + bob[1]),
                tilt_deg + talk * 1.1 * (bob[2] + bob[3]),
                sway(t_s) + talk * 0.8 * (bob[4] + bob[5]),
                right=0.06 * sway(0.3 * t_s),
                nearer=1.0 + 0.05 * math.sin(2 * math.pi * t_s / 23.0),
            ),
        )


def _eased(start: tuple[float, float], end: tuple[float, float], share: float) -> tuple[float, float]:
    """Between two places with minimum jerk."""
    x = min(max(share, 0.0), 1.0)
    done = x * x * x * (10.0 - 15.0 * x + 6.0 * x * x)
    return start[0] + (end[0] - start[0]) * done, start[1] + (end[1] - start[1]) * done


def _sway(rng: Random) -> Callable[[float], float]:
    """A degree or so, slowly."""
    rate_hz, phase = rng.uniform(0.15, 0.4), rng.uniform(0, 2 * math.pi)
    return lambda t_s: 1.2 * math.sin(2 * math.pi * rate_hz * t_s + phase)
