"""One long life of the whole robot with real models and a plan of faults, watched by the real caretaker."""

import tempfile
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from hardware.clock import MonotonicClock, SteppedClock
from robot import __version__
from robot.assembly import Devices, assemble, describe_run
from robot.care.crew import Crew
from robot.care.gauge import Gauge
from robot.care.logbook import FileLines, Logbook
from robot.care.notify import ServiceManager
from robot.care.status import memory_mb
from robot.care.watch import LOOK_EVERY_S
from robot.caretaker import Caretaker
from robot.config import BehaviourSettings, Config, MotionSettings, SightSettings, VoiceSettings
from robot.messages import BodyPose, Message
from robot.pace import run_real, run_stepped
from robot.simulator.sample_scene import SceneCamera, SceneMicrophone, load_scene
from tools.soak.devices import (
    BrokenCamera,
    BrokenLights,
    BrokenMicrophone,
    BrokenServos,
    BrokenSpeaker,
    Trouble,
)
from tools.soak.faults import Fault, of, plan
from tools.soak.ledger import Ledger, Outcome, by_tenths, growth_mb_an_hour

SAMPLE_EVERY_S = 10.0
STEPPED = Config(
    sight=SightSettings(frames_per_s=0.25),
    behaviour=BehaviourSettings(lost_face_s=6.0),
    motion=MotionSettings(tick_hz=10.0),
    voice=VoiceSettings(engine="chirps"),
)
ONE_BLOCK_IN = 16
"""A day in steps has few looks, little sound and few ticks, or it would take a day."""

LIVE = frozenset({"camera", "microphone"})


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
    memory_first_mb: float
    memory_last_mb: float
    growth_mb_an_hour: float
    log_bytes: int
    log_lines: int
    log_lines_left_out: int
    memory_by_tenths_mb: list[float] = []


class _Life:
    def __init__(
        self, clock: SteppedClock | MonotonicClock, faults: Sequence[Fault], config: Config, folder: Path
    ) -> None:
        self.clock = clock
        self.ledger = Ledger()
        self.memory: list[tuple[float, float]] = []
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
            self.memory.append((message.t_s, memory_mb()))


def soak_stepped(hours: float, seed: int, stop: threading.Event) -> Soak:
    """Live so many hours, in steps, as fast as the machine can, or until `stop` is set."""
    until_s = hours * 3600.0
    clock, faults = SteppedClock(), plan(seed, until_s, 120.0, hangs=False)
    with tempfile.TemporaryDirectory() as folder:
        life = _Life(clock, faults, STEPPED, Path(folder))
        body = Gauge(clock)
        life.caretaker.supervise(Crew({}), body)
        life.listen(_looking_after(life.caretaker, body))
        run_stepped(life.companion, clock, 1.0 / STEPPED.motion.tick_hz, until_s, stop)
        return _judge("stepped", life, faults, Path(folder))


def soak_real(minutes: float, seed: int, stop: threading.Event) -> Soak:
    """Live so many minutes in real time, or until `stop` is set, with parts that hang as well."""
    until_s = minutes * 60.0
    clock, config = MonotonicClock(), Config(voice=VoiceSettings(engine="chirps"))
    faults = plan(seed, until_s - 20.0, 15.0, hangs=True)
    with tempfile.TemporaryDirectory() as folder:
        life = _Life(clock, faults, config, Path(folder))
        run_real(life.companion, clock, 1.0 / config.motion.tick_hz, until_s, stop, life.caretaker.supervise)
        return _judge("real", life, faults, Path(folder))


def _looking_after(caretaker: Caretaker, body: Gauge) -> Callable[[Message], None]:
    """In stepped time there is no second thread: the watch looks between two poses."""
    looked_s = float("-inf")

    def look(message: Message) -> None:
        nonlocal looked_s
        if isinstance(message, BodyPose):
            body.leave(worked=True)
            if message.t_s - looked_s >= LOOK_EVERY_S:
                looked_s = message.t_s
                caretaker.step(message.t_s)

    return look


def _devices(clock: SteppedClock | MonotonicClock, faults: Sequence[Fault]) -> Devices:
    scene = load_scene()
    one_in = ONE_BLOCK_IN if isinstance(clock, SteppedClock) else 1
    trouble = {
        part: Trouble(clock, of(faults, part)) for part in ("camera", "microphone", "servos", "lights", "speaker")
    }
    return Devices(
        camera=lambda: BrokenCamera(SceneCamera(scene, clock), trouble["camera"]),
        microphone=lambda: BrokenMicrophone(SceneMicrophone(scene, clock), trouble["microphone"], one_in),
        servos=lambda: BrokenServos(trouble["servos"]),
        lights=lambda: BrokenLights(trouble["lights"]),
        speaker=lambda: BrokenSpeaker(clock, trouble["speaker"]),
    )


def _judge(kind: str, life: _Life, faults: Sequence[Fault], folder: Path) -> Soak:
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
        memory_first_mb=round(life.memory[round(len(life.memory) * 0.2)][1], 1),
        memory_last_mb=round(life.memory[-1][1], 1),
        growth_mb_an_hour=round(growth_mb_an_hour(life.memory), 3),
        log_bytes=sum(path.stat().st_size for path in logs),
        log_lines=sum(path.read_text(encoding="utf-8").count("\n") for path in logs),
        log_lines_left_out=life.logbook.left_out,
        memory_by_tenths_mb=[round(mb, 2) for mb in by_tenths(life.memory)],
    )
