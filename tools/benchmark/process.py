"""The robot as a process of its own: how soon it reacts after its start, and how much memory it holds."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from robot.simulator.sample_scene import SAMPLE_FOLDER
from tools.benchmark.figures import Line, spread
from tools.benchmark.material import scene_picture, write_picture
from tools.benchmark.plan import Plan
from tools.benchmark.stopwatch import Stopwatch

START_LIMIT_MS = 1500.0
MEMORY_LIMIT_MB = 150.0
ATTENTION_LIMIT_MB = 120.0
"""What gaze and hands may take on top of that."""
NO_ATTENTION = "[sight]\nattention_per_s = 0\nhands_per_s = 0\n"
MEMORY_EVERY_S = 0.5
REPOSITORY = Path(__file__).resolve().parents[2]
BEFORE_ANY_PERSON = {"starting", "asleep", "alone"}
PLACE_OF_STATE = 2
"""Of the words in a status line: `    0.52 s  noticing  mood ...`."""


def measure_start(plan: Plan) -> list[Line]:
    """From the start of `rapport run` with a face before the camera to its first status lines.

    The robot is awake with the first state it says, and has reacted with the first one that needs a person in view.
    """
    awake, reacted = Stopwatch(), Stopwatch()
    with tempfile.TemporaryDirectory() as folder:
        picture = write_picture(Path(folder), scene_picture())
        for _ in range(plan.starts):
            start_s = time.perf_counter()
            with _robot(f"file:{picture}", "none", 30.0) as robot:
                states = _states(robot, start_s)
                awake.wall_s.append(next(states)[1])
                awake.cpu_s.append(_processor_s(robot))
                reacted.wall_s.append(next(at_s for state, at_s in states if state not in BEFORE_ANY_PERSON))
                reacted.cpu_s.append(_processor_s(robot))
    return [awake.line("start of process to awake"), reacted.line("start of process to first reaction", START_LIMIT_MS)]


def measure_memory(plan: Plan) -> list[Line]:
    """Resident memory of a headless `rapport run` on a face and speech, over `run_s` seconds; and with attention."""
    with tempfile.TemporaryDirectory() as folder:
        picture = write_picture(Path(folder), scene_picture())
        config = Path(folder) / "no_attention.toml"
        config.write_text(NO_ATTENTION, encoding="utf-8")
        without = _resident_in_a_run(picture, plan, ("--config", str(config)))
        attending = _resident_in_a_run(picture, plan, ())
    more_mb = [value - max(without) for value in attending]
    return [
        Line("resident memory, headless, no attention", "MB", spread(without), limit=MEMORY_LIMIT_MB, judged="p99"),
        Line("resident memory, headless", "MB", spread(attending)),
        Line("... of which gaze and hands", "MB", spread(more_mb), limit=ATTENTION_LIMIT_MB, judged="p99"),
    ]


def _resident_in_a_run(picture: Path, plan: Plan, options: Sequence[str]) -> list[float]:
    sound = f"file:{SAMPLE_FOLDER / 'speech.ogg'}"
    with _robot(f"file:{picture}", sound, plan.run_s + 60.0, options) as robot:
        states = _states(robot, time.perf_counter())
        next(state for state, _ in states if state not in BEFORE_ANY_PERSON)  # every model is loaded and has run
        return list(_resident_mb(robot, plan.run_s))


@contextmanager
def _robot(
    camera: str, microphone: str, at_most_s: float, options: Sequence[str] = ()
) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "robot", "run", "--camera", camera, "--microphone", microphone, *options]
    robot = subprocess.Popen(
        [*command, "--duration", str(at_most_s)], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True
    )
    try:
        yield robot
    finally:
        robot.terminate()
        robot.communicate()


def _states(robot: "subprocess.Popen[str]", start_s: float) -> Iterator[tuple[str, float]]:
    """Each state that the robot says, with the seconds since `start_s`.

    Raises:
        RuntimeError: the robot ended before it said any more.
    """
    if robot.stdout is None:
        raise RuntimeError("the robot's output is not read")
    for line in robot.stdout:
        if "mood" in line:
            yield line.split()[PLACE_OF_STATE], time.perf_counter() - start_s
    raise RuntimeError(f"`rapport run` ended by itself (exit code {robot.wait()}); run it by hand to see why")


def _processor_s(robot: "subprocess.Popen[str]") -> float:
    """Processor time that the process has spent so far, in steps of 10 ms (proc(5): utime and stime)."""
    after_name = Path(f"/proc/{robot.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(after_name[11]) + int(after_name[12])) / os.sysconf("SC_CLK_TCK")


def _resident_mb(robot: "subprocess.Popen[str]", run_s: float) -> Iterator[float]:
    """Resident memory in MB (10^6 bytes), every half second."""
    ends_s = time.perf_counter() + run_s
    while time.perf_counter() < ends_s:
        time.sleep(MEMORY_EVERY_S)
        status = Path(f"/proc/{robot.pid}/status").read_text(encoding="ascii")
        kilobytes = next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:"))
        yield int(kilobytes) * 1024 / 1e6
