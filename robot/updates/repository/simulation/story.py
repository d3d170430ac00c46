"""The story that is simulated: a bad version goes to a few robots and is caught; a good one follows to all of them.

The publisher is the real one, with keys of its own for the occasion. He looks once a day at what the robots report that
were asked to, and does what docs/updates.md tells him to do.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from robot.inference.store import MANIFEST_FILE, find_model
from robot.updates.disk import RealDisk
from robot.updates.repository.bundling import Conditions, bundle_model
from robot.updates.repository.keys import KeyFolder
from robot.updates.repository.publisher import Publisher
from robot.updates.repository.simulation.fleet import Day, Fleet, FleetPlan
from robot.updates.repository.simulation.robots import DAY_S, Event, Fault, FaultKind
from robot.updates.selftest import self_test
from robot.updates.selftest_child import Answer

STARTS_S = datetime(2026, 12, 1, tzinfo=UTC).timestamp()
BAD, GOOD = "101.0.0", "102.0.0"
LADDER = (5.0, 20.0, 50.0, 100.0)
MOST_DAYS = 21
Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is simulated. `worst_share` of the robots that tried a version may report that it failed."""

    model_id: str = "face_expression"
    robots: int = 10_000
    seed: int = 1
    percent: float = 5.0
    fault: FaultKind = "nan"
    reporting: float = 0.2
    worst_share: float = 0.02
    processes: int = 1


@dataclass(frozen=True, slots=True)
class Step:
    """What the publisher did, and when."""

    t_s: float
    text: str


@dataclass(slots=True)
class Story:
    """What happened: to the robots, and by the publisher. `ends_s` is the end of the last day."""

    plan: Plan
    steps: list[Step] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    ends_s: float = STARTS_S

    @property
    def tried(self) -> dict[str, set[int]]:
        """The robots that tried each version."""
        return self._robots("tries")

    @property
    def kept(self) -> dict[str, set[int]]:
        """The robots that kept each version, and did not have to leave it."""
        kept, left = self._robots("keeps"), self._robots("leaves")
        return {version: kept[version] - left[version] for version in kept}

    def _robots(self, what: str) -> dict[str, set[int]]:
        return {
            version: {event.robot for event in self.events if (event.what, event.version) == (what, version)}
            for version in (BAD, GOOD)
        }


class Publishing:
    """The publisher of the story, in `folder`. `told` hears what he does; each change is a new moment."""

    def __init__(self, folder: Path, plan: Plan, factory: Path, story: Story, told: Told) -> None:
        self.now_s = STARTS_S
        self.moment = 0
        self.publisher = Publisher(folder, KeyFolder(folder / "keys"), RealDisk(), lambda: self.now_s)
        self.tested: dict[str, Answer] = {}
        self._folder = folder
        self._plan = plan
        self._factory = factory
        self._story = story
        self._told = told
        self.publisher.init()

    def add(self, version: str) -> None:
        """Publish a version of the model: the one that ships under another number, tested as `add` does."""
        source = find_model(self._plan.model_id, self._factory)
        directory = self._folder / "made" / version
        directory.mkdir(parents=True)
        manifest = json.loads((source / MANIFEST_FILE).read_text(encoding="utf-8")) | {"version": version}
        for name in manifest["sha256"]:
            (directory / name).write_bytes((source / name).read_bytes())
        (directory / MANIFEST_FILE).write_text(json.dumps(manifest), encoding="utf-8")
        model = bundle_model(directory, int(self.now_s), Conditions(latency_budget_ms=100.0))
        # The budget is a robot's; the machine that simulates ten thousand of them may be busy.
        self.tested[version] = self_test(directory, 2000.0)
        self.publisher.add(model)
        self.publisher.sign()

    def does(self, text: str, action: Callable[[], None]) -> None:
        """Take a step that robots will see at their next look."""
        action()
        self.moment += 1
        self._story.steps.append(Step(self.now_s, text))
        self._told(f"{datetime.fromtimestamp(self.now_s, UTC):%Y-%m-%d %H:%M}  {text}")


def tell(plan: Plan, folder: Path, factory: Path, told: Told, progress: Callable[[int, int, int], None]) -> Story:
    """Live the story in `folder`, which is empty. `progress` hears (day, robots that have lived it, all robots)."""
    story = Story(plan)
    publishing = Publishing(folder, plan, factory, story, told)
    publisher, model_id = publishing.publisher, plan.model_id
    for version in (BAD, GOOD):
        publishing.add(version)
    fleet_plan = FleetPlan(
        plan.robots,
        plan.seed,
        model_id,
        factory,
        publisher.files.folder,
        folder / "caches",
        (publisher.files.metadata / "1.root.json").read_bytes(),
        Fault(plan.fault, BAD),
        publishing.tested,
    )
    publishing.does(
        f"stages {BAD}, which is bad, for {plan.percent:g} %", lambda: publisher.stage(model_id, BAD, plan.percent)
    )
    with Fleet(fleet_plan, plan.processes) as fleet:
        for day in range(MOST_DAYS):
            today = Day(publishing.now_s, publishing.moment)
            story.events += fleet.live(today, partial(progress, day))
            publishing.now_s += DAY_S
            story.ends_s = publishing.now_s
            if len(story.kept[GOOD]) == plan.robots:
                break
            _morning(publishing, story)
    return story


def _morning(publishing: Publishing, story: Story) -> None:
    """What the publisher does with what he knows."""
    publisher, plan = publishing.publisher, story.plan
    offering = publisher.channel().models[plan.model_id]
    version, at = offering.version, offering.rollout.percent
    tried, failed = _reported(story, version)
    says = f"{failed} of {tried} that report say that {version} failed"
    if not offering.rollout.halted and failed > plan.worst_share * tried:
        publishing.does(f"{says}: halts it", lambda: publisher.halt(plan.model_id))
        publishing.does(f"withdraws {version}", lambda: publisher.withdraw(plan.model_id, version))
        publishing.does(
            f"stages {GOOD}, which is good, for {plan.percent:g} %",
            lambda: publisher.stage(plan.model_id, GOOD, plan.percent),
        )
        return
    step = next((step for step in LADDER if step > at), None)
    if step is not None:
        publishing.does(f"{says}: offers it to {step:g} %", lambda: publisher.advance(plan.model_id, step))
        return
    publishing.does("signs timestamp and snapshot anew", publisher.refresh)


def _reported(story: Story, version: str) -> tuple[int, int]:
    """How many of the robots that report have tried a version, and how many of them returned from it."""
    reporting = story.plan.robots * story.plan.reporting
    mine = [event for event in story.events if event.version == version and event.robot < reporting]
    return sum(event.what == "tries" for event in mine), sum(event.what == "returns" for event in mine)
