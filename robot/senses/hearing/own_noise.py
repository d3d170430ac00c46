"""Which part of what the microphone hears is the robot itself: its voice, and its servos when they move fast."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from robot.messages import OwnMotion
from robot.senses.hearing.level import SILENCE_DBFS

Spans = tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class OwnNoiseLimits:
    """What counts as own noise, and how long it lingers.

    `speech_tail_s` covers what still sounds after the speaker was told the last sample: its buffer and the room's echo.
    Slow servo moves are drowned by speech; from `fast_servo` (0..1 of the joint's speed limit) the gear whine is not.
    """

    speech_tail_s: float = 0.3
    servo_tail_s: float = 0.1
    fast_servo: float = 0.25


@dataclass(frozen=True, slots=True)
class OwnNoise:
    """How much of a stretch of sound, 0..1, the robot's own voice fills, and its voice or its servos together."""

    voice: float
    either: float


NOTHING = OwnNoise(voice=0.0, either=0.0)


@dataclass(frozen=True, slots=True)
class OwnHistory:
    """What the body said it did, oldest first; each message holds until the next one."""

    moments: tuple[OwnMotion, ...] = ()
    limits: OwnNoiseLimits = OwnNoiseLimits()

    def with_motion(self, own: OwnMotion) -> "OwnHistory":
        """This history with one more message; one that is not newer, has no valid time or tells nothing new is not."""
        if self.moments:
            last = self.moments[-1]
            if not own.t_s > last.t_s or self._sounds(own) == self._sounds(last):
                return self
        elif own.t_s != own.t_s:
            return self
        return OwnHistory((*self.moments, own), self.limits)

    def since(self, start_s: float) -> "OwnHistory":
        """This history without what can no longer be heard at `start_s`, so that it never grows."""
        tail_s = max(self.limits.speech_tail_s, self.limits.servo_tail_s)
        over = [i for i, own in enumerate(self.moments[1:]) if own.t_s + tail_s < start_s]
        return OwnHistory(self.moments[over[-1] + 1 :], self.limits) if over else self

    def during(self, start_s: float, end_s: float) -> OwnNoise:
        """How much of the stretch from `start_s` to `end_s` is own noise."""
        if not self.moments or end_s <= start_s:
            return NOTHING
        voice = tuple(self._spans(voice=True))
        motion = tuple(self._spans(voice=False))
        return OwnNoise(voice=_covered(voice, start_s, end_s), either=_covered(voice + motion, start_s, end_s))

    def loudest_dbfs(self, start_s: float, end_s: float) -> float:
        """The highest level of its own voice that may sound between `start_s` and `end_s`; -100 for none."""
        levels = (
            own.voice_dbfs
            for own, following in zip_longest(self.moments, self.moments[1:])
            if own.speaking
            and own.t_s < end_s
            and (following is None or following.t_s + self.limits.speech_tail_s > start_s)
        )
        return max(levels, default=SILENCE_DBFS)

    def _sounds(self, own: OwnMotion) -> tuple[bool, bool, float]:
        return own.speaking, own.servo_speed >= self.limits.fast_servo, own.voice_dbfs

    def _spans(self, *, voice: bool) -> Iterator[tuple[float, float]]:
        tail_s = self.limits.speech_tail_s if voice else self.limits.servo_tail_s
        for i, own in enumerate(self.moments):
            if self._sounds(own)[0 if voice else 1]:
                following = self.moments[i + 1 :]
                yield own.t_s, following[0].t_s + tail_s if following else float("inf")


def _covered(spans: Spans, start_s: float, end_s: float) -> float:
    """The part, 0..1, of start..end that the spans cover together."""
    covered_s, reached_s = 0.0, start_s
    for begin, end in sorted(spans):
        begin, end = max(begin, reached_s), min(end, end_s)  # noqa: PLW2901 - the span cut to what is left
        if end > begin:
            covered_s += end - begin
            reached_s = end
    return min(1.0, covered_s / (end_s - start_s))
