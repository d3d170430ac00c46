"""A body without hardware: it keeps the limits of a real one, remembers what it was told, and tells listeners."""

import math
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from hardware.clock import Clock
from hardware.limits import JointLimit, Limiter
from hardware.ports import JointAngles, Pixels, Sound

VIRTUAL_LIMITS: Mapping[str, JointLimit] = {
    "neck_pan": JointLimit(-60.0, 60.0, 150.0),
    "neck_tilt": JointLimit(-30.0, 35.0, 120.0),
    "brow_left": JointLimit(-25.0, 25.0, 300.0),
    "brow_right": JointLimit(-25.0, 25.0, 300.0),
    # A blink closes 40 degrees in less than 0.1 s, about what a 0.1 s / 60 degrees micro servo does without load.
    "lid_left": JointLimit(-40.0, 20.0, 600.0),
    "lid_right": JointLimit(-40.0, 20.0, 600.0),
    "eyes_pan": JointLimit(-30.0, 30.0, 500.0),
    "eyes_tilt": JointLimit(-25.0, 25.0, 500.0),
    "mouth_left": JointLimit(-30.0, 30.0, 250.0),
    "mouth_right": JointLimit(-30.0, 30.0, 250.0),
    "jaw": JointLimit(0.0, 30.0, 400.0),
}
"""All eleven joints, each as far and as fast as the micro servos of hardware/boards/eight_joint_face.toml bring
theirs."""


class VirtualServos:
    """Servos of a body that is drawn, not built. `on_move` is called with the time and the angles after limits."""

    def __init__(
        self,
        limits: Mapping[str, JointLimit] = VIRTUAL_LIMITS,
        on_move: Callable[[float, JointAngles], None] | None = None,
    ) -> None:
        self._limiter = Limiter(limits)
        self._on_move = on_move
        self._angles = self._limiter.move(0.0, JointAngles())
        self._limiter.release()
        self._holding = False

    @property
    def angles(self) -> JointAngles:
        """The angles last commanded; the neutral pose before the first move."""
        return self._angles

    @property
    def holding(self) -> bool:
        """True while the joints are held, false before the first move and after `release`."""
        return self._holding

    def move(self, t_s: float, angles: JointAngles) -> JointAngles:
        """Go to `angles` at time `t_s`, as far as the limits allow; returns what was commanded."""
        self._angles = self._limiter.move(t_s, angles)
        self._holding = True
        if self._on_move is not None:
            self._on_move(t_s, self._angles)
        return self._angles

    def release(self) -> None:
        """Stop holding; the drawn face keeps its pose."""
        self._holding = False
        self._limiter.release()

    def close(self) -> None:
        """Release. May be called twice."""
        self.release()


class VirtualLights:
    """A row of `count` lights that are drawn. `on_show` is called with the colours really shown, `count` of them."""

    def __init__(self, count: int = 1, on_show: Callable[[Pixels], None] | None = None) -> None:
        if count < 1:
            raise ValueError(f"a row of lights needs one light at least, not {count}")
        self._count = count
        self._on_show = on_show
        self._pixels = Pixels(((0.0, 0.0, 0.0),) * count)

    @property
    def count(self) -> int:
        """How many lights there are."""
        return self._count

    @property
    def pixels(self) -> Pixels:
        """The colours shown now."""
        return self._pixels

    def show(self, pixels: Pixels) -> None:
        """Show these colours; a shorter row is repeated from its end, a longer one cut."""
        self._pixels = fit_row(pixels, self._count)
        if self._on_show is not None:
            self._on_show(self._pixels)

    def close(self) -> None:
        """Dark. May be called twice."""
        self.show(Pixels(((0.0, 0.0, 0.0),)))


@dataclass(frozen=True, slots=True, eq=False)
class Played:
    """One sound that came out of a speaker: when it began, on the robot's clock, and what was heard of it."""

    t_s: float
    sound: Sound


class RecordingSpeaker:
    """A speaker that writes down what it plays. It takes as long as a real one would, by the clock.

    It remembers the last `keep` sounds, so that a run of months does not grow. `on_play` is called at once with
    the time at which the sound starts (after whatever still plays) and the sound; `on_stop` when it falls silent
    by `stop`.
    """

    def __init__(
        self,
        clock: Clock,
        on_play: Callable[[float, Sound], None] | None = None,
        on_stop: Callable[[], None] | None = None,
        keep: int = 64,
    ) -> None:
        self._clock = clock
        self._on_play = on_play
        self._on_stop = on_stop
        self._played: deque[Played] = deque(maxlen=keep)
        self._busy_until_s = 0.0

    @property
    def played(self) -> tuple[Played, ...]:
        """The last sounds, oldest first."""
        return tuple(self._played)

    @property
    def playing(self) -> bool:
        """True while sound would come out."""
        return self._clock.now_s() < self._busy_until_s

    def play(self, sound: Sound) -> None:
        """Play after whatever still plays. An empty sound is nothing."""
        if len(sound.samples) == 0:
            return
        start_s = max(self._clock.now_s(), self._busy_until_s)
        self._busy_until_s = start_s + sound.duration_s
        self._played.append(Played(start_s, sound))
        if self._on_play is not None:
            self._on_play(start_s, sound)

    def stop(self) -> None:
        """Be silent now: what was queued is struck from the record, what sounds is cut."""
        now_s = self._clock.now_s()
        kept = [_cut(played, now_s) for played in self._played if played.t_s < now_s]
        self._played.clear()
        self._played.extend(kept)
        was_playing = now_s < self._busy_until_s
        self._busy_until_s = min(self._busy_until_s, now_s)
        if was_playing and self._on_stop is not None:
            self._on_stop()

    def close(self) -> None:
        """Silence. May be called twice."""
        self.stop()


def fit_row(pixels: Pixels, count: int) -> Pixels:
    """Exactly `count` colours, each channel inside 0..1: a shorter row is repeated from its end, a longer one cut.

    A channel that is no number is dark.
    """
    row = [_shown(colour) for colour in pixels.colours[:count]] or [(0.0, 0.0, 0.0)]
    return Pixels(tuple(row + [row[-1]] * (count - len(row))))


def _shown(colour: tuple[float, float, float]) -> tuple[float, float, float]:
    red, green, blue = (0.0 if math.isnan(channel) else min(max(channel, 0.0), 1.0) for channel in colour)
    return red, green, blue


def _cut(played: Played, now_s: float) -> Played:
    """The part of a sound that had come out at `now_s`."""
    samples = played.sound.samples
    heard = round((now_s - played.t_s) / played.sound.duration_s * len(samples))
    if heard >= len(samples):
        return played
    return Played(played.t_s, Sound(played.sound.seq, played.sound.t_s, samples[:heard]))
