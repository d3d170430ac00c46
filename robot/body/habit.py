"""What a habit is: a small movement of its own, laid over the pose. Each has its own file in `robot/body/habits`."""

import random
from dataclasses import dataclass
from typing import Protocol, cast

from hardware.ports import JointAngles
from robot.body.catalogue import find


@dataclass(frozen=True, slots=True)
class HabitContext:
    """What a habit may know.

    Liveliness 0..1 (0 is stillness), arousal -1..1, whether it speaks, the intended gaze, and the behaviour's state.
    """

    liveliness: float = 0.6
    arousal: float = 0.0
    speaking: bool = False
    gaze_pan_deg: float = 0.0
    gaze_tilt_deg: float = 0.0
    state: str = "attending"


class Habit(Protocol):
    """Called every tick with the robot's time; keeps its own phase and its own random numbers."""

    def offsets(self, t_s: float, context: HabitContext) -> JointAngles:
        """What to add to the pose now, in degrees; all zero at liveliness 0."""
        ...


def build_habits(habits: tuple[str, ...], rng: random.Random) -> tuple[Habit, ...]:
    """Build habits by name, each with its own generator, so that one more habit does not disturb the others.

    Raises:
        ConfigError: there is no habit of that name.
    """
    return tuple(
        cast(Habit, find("robot.body.habits", name).build(random.Random(rng.getrandbits(64)))) for name in habits
    )
