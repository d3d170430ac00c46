"""From a frame's arrival to the actuator command that it causes, and how regular the body's ticks are meanwhile."""

import threading
import time
from dataclasses import dataclass

from hardware.clock import MonotonicClock, SteppedClock
from hardware.ports import Camera, Microphone
from robot.config import Config
from robot.pace import Timing, run_real, run_stepped
from robot.simulator.sample_scene import SceneCamera, SceneMicrophone, load_scene
from tools.benchmark.figures import Line, spread
from tools.benchmark.parts import robot_on
from tools.benchmark.plan import Plan
from tools.benchmark.stopwatch import Stopwatch

REACTION_LIMIT_MS = 10.0
LATENESS_LIMIT_MS = 5.0
SCENE_LOOP_S = 24.0


@dataclass(frozen=True, slots=True)
class RealRun:
    """What a real-time run kept, and the share of one core that it took."""

    timing: Timing
    cpu_share: float


def run_for(
    config: Config, clock: MonotonicClock, camera: Camera, microphone: Microphone | None, run_s: float
) -> RealRun:
    """Let the whole robot live in real time on these devices for `run_s` seconds."""
    hears = None if microphone is None else (lambda: microphone)
    companion = robot_on(config, clock, lambda: camera, hears, at_once=False)
    try:
        cpu_s, start_s = time.process_time(), clock.now_s()
        timing = run_real(companion, clock, 1.0 / config.motion.tick_hz, start_s + run_s, threading.Event())
        return RealRun(timing, (time.process_time() - cpu_s) / (clock.now_s() - start_s))
    finally:
        companion.close()


def measure_reaction(plan: Plan) -> list[Line]:
    """The sample scene in real time: reaction, lateness at 50 Hz, and the part of a core that it takes."""
    clock, scene = MonotonicClock(), load_scene()
    run = run_for(Config(), clock, SceneCamera(scene, clock), SceneMicrophone(scene, clock), plan.run_s)
    return [
        Line("frame to command, real time", "ms", spread(run.timing.reaction_s, 1000.0), limit=REACTION_LIMIT_MS),
        Line(
            "body tick lateness at 50 Hz",
            "ms",
            spread(run.timing.late_s, 1000.0),
            limit=LATENESS_LIMIT_MS,
            judged="p99",
        ),
        Line("processor, sample scene at 15 frames/s", "% of a core", spread([run.cpu_share], 100.0)),
    ]


def measure_stages(plan: Plan) -> list[Line]:
    """The same scene with the stages called in turn: look, feel, decide and move for each frame, no threads between."""
    clock, scene = SteppedClock(), load_scene()
    camera, microphone = SceneCamera(scene, clock), SceneMicrophone(scene, clock)
    companion = robot_on(Config(), clock, lambda: camera, lambda: microphone, at_once=True)
    watch = Stopwatch()
    while len(watch.wall_s) < plan.times:
        one = Stopwatch()
        sighting = one.time(lambda: companion.lookout.look(0.0))
        hearings = companion.lookout.listen(0.0)
        one.time(lambda: companion.act(clock.now_s(), sighting, hearings))  # noqa: B023  called at once
        if sighting is not None:
            watch.wall_s.append(sum(one.wall_s))
            watch.cpu_s.append(sum(one.cpu_s))
        clock.wait_s(0.02)
    companion.close()
    return [watch.line("frame to command, stages in turn", REACTION_LIMIT_MS), _stepped_speed()]


def _stepped_speed() -> Line:
    """How many seconds of the robot's time pass in one of ours when nothing waits."""
    clock, scene = SteppedClock(), load_scene()
    camera, microphone = SceneCamera(scene, clock), SceneMicrophone(scene, clock)
    companion = robot_on(Config(), clock, lambda: camera, lambda: microphone, at_once=True)
    start_s = time.perf_counter()
    run_stepped(companion, clock, 0.02, SCENE_LOOP_S, threading.Event())
    passed_s = time.perf_counter() - start_s
    companion.close()
    return Line("stepped run, times real time", "x", spread([SCENE_LOOP_S / passed_s]))
