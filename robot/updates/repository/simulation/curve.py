"""What a story comes to: counts over time, and the few figures that matter."""

import math
from bisect import bisect_right
from dataclasses import dataclass
from statistics import median

from robot.updates.repository.simulation.story import BAD, GOOD, STARTS_S, Story

SAMPLE_S = 1800.0
BLOCKS = " ▁▂▃▄▅▆▇█"


@dataclass(frozen=True, slots=True)
class Curve:
    """Robots over time, `t_s` since the start.

    Of the bad version those that had tried it, those on it at that moment, and those that had returned; of the good
    version those that had kept it.
    """

    t_s: list[float]
    tried: list[int]
    on_it: list[int]
    returned: list[int]
    kept_good: list[int]


@dataclass(frozen=True, slots=True)
class Outcome:
    """The figures. `caught_min` is median and longest time of use until a robot returned from the bad version."""

    robots: int
    tried_bad: int
    kept_bad: int
    at_most_on_bad: int
    caught_min: tuple[float, float]
    reasons: str
    halted_after_h: float
    kept_good: int
    days: float
    refused: int

    @property
    def held(self) -> bool:
        """True if no robot kept the bad version and every one has the good one."""
        return self.tried_bad > 0 and self.kept_bad == 0 and self.kept_good == self.robots and self.refused == 0


def curve_of(story: Story) -> Curve:
    """The story as counts at regular times."""
    tries = _times(story, "tries", BAD)
    returns = sorted(_times(story, "returns", BAD) + _times(story, "keeps", BAD))
    keeps = _times(story, "keeps", GOOD)
    ends_s = max([story.ends_s, *(event.t_s for event in story.events)])
    count = math.ceil((ends_s - STARTS_S) / SAMPLE_S) + 1
    times = [SAMPLE_S * number for number in range(count)]
    tried = [bisect_right(tries, t_s) for t_s in times]
    over = [bisect_right(returns, t_s) for t_s in times]
    on_it = [began - ended for began, ended in zip(tried, over, strict=True)]
    return Curve(times, tried, on_it, over, [bisect_right(keeps, t_s) for t_s in times])


def outcome_of(story: Story) -> Outcome:
    """The figures of a story."""
    began = {event.robot: event.t_s for event in story.events if (event.what, event.version) == ("tries", BAD)}
    ended = [event for event in story.events if (event.what, event.version) == ("returns", BAD)]
    took = sorted((event.t_s - began[event.robot]) / 60 for event in ended) or [0.0]
    halted = next((step.t_s for step in story.steps if "halts" in step.text), story.ends_s)
    last = max((event.t_s for event in story.events if (event.what, event.version) == ("keeps", GOOD)), default=0.0)
    return Outcome(
        robots=story.plan.robots,
        tried_bad=len(story.tried[BAD]),
        kept_bad=len(story.kept[BAD]),
        at_most_on_bad=_most_at_once(list(began.values()), [event.t_s for event in ended]),
        caught_min=(round(median(took), 1), round(took[-1], 1)),
        reasons=ended[0].reason if ended else "",
        halted_after_h=round((halted - STARTS_S) / 3600, 1),
        kept_good=len(story.kept[GOOD]),
        days=round((last - STARTS_S) / 86_400, 1) if last else 0.0,
        refused=sum(event.what == "refuses" for event in story.events),
    )


def sparkline(values: list[int], top: int, width: int = 72) -> str:
    """Values as a line of blocks; the highest of each stretch counts, so that a short peak is seen."""
    stretch = max(1, -(-len(values) // width))
    highs = [max(values[begin : begin + stretch]) for begin in range(0, len(values), stretch)]
    return "".join(BLOCKS[min(8, -(-8 * high // top))] if high > 0 and top else BLOCKS[0] for high in highs)


def _times(story: Story, what: str, version: str) -> list[float]:
    return sorted(event.t_s - STARTS_S for event in story.events if (event.what, event.version) == (what, version))


def _most_at_once(begins: list[float], ends: list[float]) -> int:
    changes = sorted([(t_s, 1) for t_s in begins] + [(t_s, -1) for t_s in ends])
    most = now = 0
    for _, change in changes:
        now += change
        most = max(most, now)
    return most
