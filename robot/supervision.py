"""Which parts of the robot can hang, how that shows, and how each is made anew."""

import traceback
from collections.abc import Callable

from robot.care.crew import Crew
from robot.care.gauge import Gauge
from robot.care.keeper import Keeper
from robot.care.watch import STUCK_S, Part
from robot.companion import Companion

NEVER_S = float("inf")


class DevicePart:
    """A camera or microphone with the loop that reads it: stuck in a call, or open and silent.

    `live`: the source never pauses, as a film or a page that nobody has open does, so silence is a fault; not while
    that loop is busy with its models, of which `work` tells, and asks for nothing.
    """

    def __init__(
        self,
        keeper: Keeper,  # type: ignore[type-arg]
        gauge: Gauge,
        work: Gauge,
        crew: Crew,
        member: str,
        live: bool,
    ) -> None:
        self.name: str = keeper.name
        self._keeper = keeper
        self._gauge = gauge
        self._work = work
        self._crew = crew
        self._member = member
        self._live = live

    def trouble(self) -> str:
        """Why it hangs; empty while it delivers, or has none to deliver."""
        if self._gauge.busy_s() > STUCK_S:
            return f"does not answer for {self._gauge.busy_s():.0f} s"
        device = self._keeper.current
        asked = self._live and device is not None and not device.finished and not self._work.inside
        silent = asked and self._gauge.idle_s() > STUCK_S
        return f"has delivered nothing for {self._gauge.idle_s():.0f} s" if silent else ""

    def renew(self, why: str) -> None:
        """Open it again; a thread that hangs in it is left behind."""
        hung = self._gauge.busy_s() > STUCK_S
        self._keeper.abandon(why)
        self._gauge.reset()
        if hung:
            self._crew.renew(self._member)

    def rest(self, why: str) -> None:
        """Leave it closed."""
        self.renew(why)
        self._keeper.abandon(why, NEVER_S)


class ModelPart:
    """The models of one sense with the loop that runs them: stuck in a call, or broken by an error."""

    def __init__(
        self,
        name: str,
        keeper: Keeper,  # type: ignore[type-arg]
        gauge: Gauge,
        crew: Crew,
        member: str,
        rebuild: Callable[[], None],
    ) -> None:
        self.name = name
        self._keeper = keeper
        self._gauge = gauge
        self._crew = crew
        self._member = member
        self._rebuild = rebuild
        self._rested = False

    def trouble(self) -> str:
        """Why it hangs or broke; empty while it works."""
        if self._gauge.busy_s() > STUCK_S:
            return f"has not come back for {self._gauge.busy_s():.0f} s"
        failure = self._crew.failure(self._member)
        return "" if failure is None else f"broke ({_in_a_line(failure)})"

    def renew(self, why: str) -> None:
        """Have the models loaded again, by a new thread: this one is the watch's, which must not wait for them."""
        self._rebuild()
        self._gauge.reset()
        if self._rested:
            self._keeper.abandon(why)
            self._rested = False
        self._crew.renew(self._member)

    def rest(self, why: str) -> None:
        """Do without this sense. Its device is closed: what cannot be understood is not filmed either."""
        self._crew.dismiss(self._member)
        self._gauge.reset()
        self._keeper.abandon(why, NEVER_S)
        self._rested = True


class TaskPart:
    """A thread without a device: only an error ends it."""

    def __init__(self, name: str, crew: Crew, member: str) -> None:
        self.name = name
        self._crew = crew
        self._member = member

    def trouble(self) -> str:
        """Why it broke; empty while it works."""
        failure = self._crew.failure(self._member)
        return "" if failure is None else f"broke ({_in_a_line(failure)})"

    def renew(self, why: str) -> None:  # noqa: ARG002  said by whoever notes it
        """Start it again."""
        self._crew.renew(self._member)

    def rest(self, why: str) -> None:  # noqa: ARG002  as above
        """Do without it."""
        self._crew.dismiss(self._member)


def parts_to_watch(companion: Companion, crew: Crew, live: frozenset[str]) -> list[Part]:
    """Everything that may hang but the body's own loop. `live` names the devices whose silence is a fault."""
    lookout = companion.lookout
    parts: list[Part] = [TaskPart("models of updates", crew, "models")]
    for keeper, read, work, member, model, rebuild in (
        (lookout.camera, lookout.camera_gauge, lookout.sight_gauge, "sight", "face model", companion.rebuild_sight),
        (
            lookout.microphone,
            lookout.microphone_gauge,
            lookout.ear_gauge,
            "hearing",
            "voice model",
            companion.rebuild_ear,
        ),
    ):
        if not keeper.absent:
            parts.append(DevicePart(keeper, read, work, crew, member, keeper.name in live))
            parts.append(ModelPart(model, keeper, work, crew, member, rebuild))
    return parts


def _in_a_line(failure: BaseException) -> str:
    where = traceback.extract_tb(failure.__traceback__)
    place = f", {where[-1].filename.rpartition('/')[2]}:{where[-1].lineno}" if where else ""
    return f"{type(failure).__name__}: {' '.join(str(failure).split())[:160]}{place}"
