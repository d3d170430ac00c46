"""One long life of the whole robot with real models and a plan of faults, watched by the real caretaker."""

import os
import tempfile
import threading
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import msgspec

from hardware.clock import MonotonicClock, SteppedClock
from robot import __version__
from robot.assembly import Devices, assemble, describe_run
from robot.care.crew import Crew
from robot.care.gauge import Gauge
from robot.care.logbook import FileLines, Logbook
from robot.care.notify import ServiceManager
from robot.caretaker import Caretaker
from robot.config import BehaviourSettings, Config, MotionSettings, SightSettings, VoiceSettings
from robot.messages import BodyPose, Message
from robot.pace import run_real, run_stepped
from robot.simulator.sample_scene import SceneCamera, SceneMicrophone, load_scene
from robot.supervision import parts_to_watch
from tools.soak.anew import Anew
from tools.soak.devices import (
    BrokenCamera,
    BrokenLights,
    BrokenMicrophone,
    BrokenServos,
    BrokenSpeaker,
    Trouble,
)
from tools.soak.faults import Fault, of, plan
from tools.soak.ledger import Ledger, Outcome
from tools.soak.memory import Sample, growth_mb_an_hour, private_mb, windows

SAMPLE_EVERY_S = 10.0
STEPPED = Config(
    sight=SightSettings(frames_per_s=0.25, attention_per_s=0.05, hands_per_s=0.05),
    behaviour=BehaviourSettings(lost_face_s=6.0),
    motion=MotionSettings(tick_hz=10.0),
    voice=VoiceSettings(engine="chirps"),
)
ONE_BLOCK_IN = 64
"""A day in steps has few looks, little sound and few ticks, or it would take a day."""

IN_MEMORY = Path("/dev/shm")
"""A robot keeps its status in memory, in /run; on a disk 43 000 of them would be most of the waiting."""

LIVE = frozenset({"camera", "microphone"})

WARM_UP_S = 1200.0
"""Memory is judged from here on in real time: every part was made anew a dozen times, every history is full."""

LONGEST_STEPPED_WARM_UP_S = 7200.0
"""In steps it is a fifth of the life, and this at most."""

ANEW_EVERY_S = {"stepped": 600.0, "real": 20.0}


class Soak(msgspec.Struct, frozen=True):
    """What a soak showed."""

    kind: str
    lived_s: float
    version: str
    faults: int
    shown: int
    missed: list[Outcome]
    slowest_well_s: float
    renewals: dict[str, int]
    anew_by_plan: int
    warm_up_s: float
    memory_mb: list[float]
    """Private memory in each window that was judged."""
    growth_mb_an_hour: float
    log_bytes: int
    log_lines: int
    log_lines_left_out: int
    load: float
    """How many processes wanted a processor, on average over the whole life."""


class _Life:
    def __init__(
        self, clock: SteppedClock | MonotonicClock, faults: Sequence[Fault], config: Config, folder: Path
    ) -> None:
        self.clock = clock
        self.ledger = Ledger()
        self.memory: list[Sample] = []
        self.loads: list[float] = []
        self.log = FileLines(folder / "soak.log")
        self.logbook = Logbook(self.log.write, clock)
        self._listeners: list[Callable[[Message], None]] = [self.ledger.hear, self._sample]
        self._sampled_s = float("-inf")
        stepped = isinstance(clock, SteppedClock)
        self.companion = assemble(config, _devices(clock, faults), clock, self._tell, at_once=stepped, forgiving=True)
        run = describe_run(config, self.companion, "scene with faults", "scene with faults")
        self.caretaker = Caretaker(self.companion, run, clock, ServiceManager(), self.logbook, folder / "runtime", LIVE)
        self._listeners.append(self.caretaker.hear)

    def listen(self, listener: Callable[[Message], None]) -> None:
        self._listeners.append(listener)

    def _tell(self, message: Message) -> None:
        for listener in self._listeners:
            listener(message)

    def _sample(self, message: Message) -> None:
        if isinstance(message, BodyPose) and message.t_s - self._sampled_s >= SAMPLE_EVERY_S:
            self._sampled_s = message.t_s
            self.loads.append(os.getloadavg()[0])
            # A part that is closed holds less: a rest of ten minutes would pass for a leak when it ends.
            if self.ledger.all_well:
                self.memory.append((message.t_s, private_mb()))


def soak_stepped(hours: float, seed: int, stop: threading.Event) -> Soak:
    """Live so many hours, in steps, as fast as the machine can, or until `stop` is set."""
    until_s = hours * 3600.0
    clock, faults = SteppedClock(), plan(seed, until_s, 120.0, hangs=False)
    with tempfile.TemporaryDirectory(dir=IN_MEMORY if IN_MEMORY.is_dir() else None) as folder:
        life = _Life(clock, faults, STEPPED, Path(folder))
        body, robot = Gauge(clock), life.companion
        warm_up_s = min(until_s / 5, LONGEST_STEPPED_WARM_UP_S)
        models = [robot.rebuild_sight, robot.rebuild_ear]
        anew = Anew(life.caretaker.supervise(Crew({}), body), models, ANEW_EVERY_S["stepped"], warm_up_s)
        life.listen(_looking_after(anew, body))
        run_stepped(robot, clock, 1.0 / STEPPED.motion.tick_hz, until_s, stop)
        return _judge("stepped", life, faults, Path(folder), anew, warm_up_s)


def soak_real(minutes: float, seed: int, stop: threading.Event, warm_up_s: float = WARM_UP_S) -> Soak:
    """Live a warm-up and so many minutes in real time, or until `stop` is set, with parts that hang as well."""
    until_s = warm_up_s + minutes * 60.0
    clock, config = MonotonicClock(), Config(voice=VoiceSettings(engine="chirps"))
    faults = plan(seed, until_s - 20.0, 15.0, hangs=True)
    with tempfile.TemporaryDirectory() as folder:
        life = _Life(clock, faults, config, Path(folder))
        watches: list[Anew] = []

        def supervise(crew: Crew, body: Gauge) -> Anew:
            parts = [partial(part.renew, "made anew, by plan") for part in parts_to_watch(life.companion, crew, LIVE)]
            watches.append(Anew(life.caretaker.supervise(crew, body), parts, ANEW_EVERY_S["real"], warm_up_s))
            return watches[0]

        run_real(life.companion, clock, 1.0 / config.motion.tick_hz, until_s, stop, supervise)
        return _judge("real", life, faults, Path(folder), watches[0], warm_up_s)


def _looking_after(watch: Anew, body: Gauge) -> Callable[[Message], None]:
    """In stepped time there is no second thread: the watch looks between two poses."""

    def look(message: Message) -> None:
        if isinstance(message, BodyPose):
            body.leave(worked=True)
            watch.step(message.t_s)

    return look


def _devices(clock: SteppedClock | MonotonicClock, faults: Sequence[Fault]) -> Devices:
    scene = load_scene()
    # Their pictures and sound are the world's, not the robot's: whatever it opens anew looks at the same one.
    camera, microphone = SceneCamera(scene, clock), SceneMicrophone(scene, clock)
    one_in = ONE_BLOCK_IN if isinstance(clock, SteppedClock) else 1
    trouble = {
        part: Trouble(clock, of(faults, part)) for part in ("camera", "microphone", "servos", "lights", "speaker")
    }
    return Devices(
        camera=lambda: BrokenCamera(camera, trouble["camera"]),
        microphone=lambda: BrokenMicrophone(microphone, trouble["microphone"], one_in),
        servos=lambda: BrokenServos(trouble["servos"]),
        lights=lambda: BrokenLights(trouble["lights"]),
        speaker=lambda: BrokenSpeaker(clock, trouble["speaker"]),
    )


def _judge(kind: str, life: _Life, faults: Sequence[Fault], folder: Path, anew: Anew, warm_up_s: float) -> Soak:
    seen = windows(life.memory, warm_up_s)
    lived_s = life.clock.now_s()
    renewals = life.caretaker.renewals
    life.companion.close()
    life.log.close()
    outcomes = life.ledger.outcomes([fault for fault in faults if fault.recovered_by_s <= lived_s])
    logs = sorted(folder.glob("soak.log*"))
    return Soak(
        kind=kind,
        lived_s=round(lived_s, 1),
        version=__version__,
        faults=len(outcomes),
        shown=sum(outcome.shown_after_s is not None for outcome in outcomes),
        missed=[outcome for outcome in outcomes if not outcome.recovered],
        slowest_well_s=round(max((outcome.well_after_s or 0.0 for outcome in outcomes), default=0.0), 1),
        renewals=renewals,
        anew_by_plan=anew.count,
        warm_up_s=round(warm_up_s, 1),
        memory_mb=[round(mb, 2) for _, mb in seen],
        growth_mb_an_hour=round(growth_mb_an_hour(seen), 3),
        log_bytes=sum(path.stat().st_size for path in logs),
        log_lines=sum(path.read_text(encoding="utf-8").count("\n") for path in logs),
        log_lines_left_out=life.logbook.left_out,
        load=round(sum(life.loads) / max(1, len(life.loads)), 1),
    )
