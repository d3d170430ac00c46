"""A gaze that is not talked out of its aim while the head turns.

While they shift their gaze people hardly see: small displacements go unnoticed until the eyes rest again (saccadic
suppression of displacement: Bridgeman, Hendry and Stark 1975, Vision Res. 15:719). A camera on a turning head has the
same trouble: the servo is a few tens of milliseconds behind its command, and at 100 degrees a second each 10 ms put a
face one degree from where it is. So a small correction waits until the neck has slowed down.
"""

from math import hypot

FAST_DEG_S = 15.0
"""From this speed of the neck on, what the camera says of places is taken with care. Following a walker is slower."""

SETTLE_S = 0.25
"""How long the neck must have been slow: what arrives now was seen a camera's and a detector's delay ago."""

CLEAR_DEG = 5.0
"""A change of the aim at least this large is no error of measurement: something moved, or somebody else is meant."""


class SteadyGaze:
    """The aim of the gaze, in degrees, from one tick to the next."""

    def __init__(self) -> None:
        self._aim_deg = (0.0, 0.0)
        self._fast_s = float("-inf")

    def aim_deg(self, t_s: float, pan_deg: float, tilt_deg: float, neck_speed_deg_s: float) -> tuple[float, float]:
        """Where to look now: (`pan_deg`, `tilt_deg`), or the old aim while the neck is fast and the change is small."""
        if abs(neck_speed_deg_s) >= FAST_DEG_S:
            self._fast_s = t_s
        change_deg = hypot(pan_deg - self._aim_deg[0], tilt_deg - self._aim_deg[1])
        if t_s - self._fast_s >= SETTLE_S or change_deg >= CLEAR_DEG:
            self._aim_deg = (pan_deg, tilt_deg)
        return self._aim_deg
