"""When the gaze has gone somewhere else: blinks go with it, and glances and postures begin anew."""

from robot.body.habit import HabitContext

GAZE_SHIFT_DEG = 8.0
"""Less is following what is looked at."""


def gaze_shifted(before: HabitContext, now: HabitContext) -> bool:
    """Whether the intended gaze of `now` is another than that of `before`."""
    pan_deg, tilt_deg = now.gaze_pan_deg - before.gaze_pan_deg, now.gaze_tilt_deg - before.gaze_tilt_deg
    return max(abs(pan_deg), abs(tilt_deg)) >= GAZE_SHIFT_DEG


class GazeWatch:
    """Notices when the gaze has gone far enough from where it last came to, however slowly."""

    def __init__(self) -> None:
        self._settled = HabitContext()

    def shifted(self, now: HabitContext) -> bool:
        """Whether it has since the last time that this was true; at first, since it looked straight ahead."""
        if not gaze_shifted(self._settled, now):
            return False
        self._settled = now
        return True
