"""Where the head pointed a moment ago: a frame shows the world from where the camera was when it was taken.

By the time a face is found its frame is a tenth of a second old, and the head may have turned on. A gaze worked out
with where the head is now would count that turn twice and overshoot.
"""

from bisect import bisect_right

import msgspec

from robot.messages import OwnMotion, Sighting

KEPT_S = 2.0
"""No camera and detector together are later than this."""

Moment = tuple[float, float, float]


class Heading:
    """The neck's angles over the last `KEPT_S`.

    One thread may `add` while another reads: the history is replaced whole.
    """

    def __init__(self) -> None:
        self._moments: tuple[Moment, ...] = ()

    def add(self, own: OwnMotion) -> None:
        """Take in where the neck was sent; what is not newer than the last is left out."""
        moments = self._moments
        if moments and not own.t_s > moments[-1][0]:
            return
        first = bisect_right(moments, own.t_s - KEPT_S, key=_time)
        self._moments = (*moments[first:], (own.t_s, own.neck_pan_deg, own.neck_tilt_deg))

    def at(self, t_s: float) -> tuple[float, float]:
        """Pan and tilt in degrees at `t_s`, straight between two known moments; before and after all, the nearest."""
        moments = self._moments
        if not moments:
            return 0.0, 0.0
        after = bisect_right(moments, t_s, key=_time)
        before_s, *before_deg = moments[max(after - 1, 0)]
        after_s, *after_deg = moments[min(after, len(moments) - 1)]
        share = (t_s - before_s) / (after_s - before_s) if after_s > before_s else 0.0
        pan_deg, tilt_deg = (a + (b - a) * share for a, b in zip(before_deg, after_deg, strict=True))
        return pan_deg, tilt_deg

    def placed(self, sighting: Sighting) -> Sighting:
        """The sighting with where the camera pointed at its own time."""
        pan_deg, tilt_deg = self.at(sighting.t_s)
        return msgspec.structs.replace(sighting, camera_pan_deg=round(pan_deg, 3), camera_tilt_deg=round(tilt_deg, 3))


def _time(moment: Moment) -> float:
    return moment[0]
