"""How cost grows: with the number of faces in view, and with the frame rate."""

import tempfile
from pathlib import Path

import msgspec

from hardware.clock import MonotonicClock
from hardware.virtual.picture import PictureCamera
from robot.config import Config
from robot.senses.sight.detector import FaceDetector
from robot.senses.sight.expression import ExpressionReader
from robot.senses.sight.sight import Sight
from tools.benchmark.figures import Line, spread
from tools.benchmark.material import frames, picture_with_faces, scene_picture, write_picture
from tools.benchmark.parts import load_model
from tools.benchmark.plan import Plan
from tools.benchmark.reaction import run_for
from tools.benchmark.stopwatch import time_many

FACE_COUNTS = (1, 2, 4, 8)
RATES_HZ = (5.0, 10.0, 15.0, 30.0, 60.0)


def measure_faces(plan: Plan) -> list[Line]:
    """Frame to sighting with 1, 2, 4 and 8 faces in a picture of the same size; says how many of them were found."""
    config = Config()
    detector = FaceDetector.open(config.inference, config.sight.min_face_score)
    reader = ExpressionReader(load_model(config, config.models.face_expression))
    lines = []
    for count in FACE_COUNTS:
        sight, shown = Sight(detector, reader, config.sight), frames(picture_with_faces(count))
        found = len(sight.see(next(shown), None).faces)
        name = f"frame to sighting, {count} face{'s'[: count > 1]} ({found} found)"
        lines.append(time_many(name, plan.times, lambda: sight.see(next(shown), None)))  # noqa: B023  called at once
    return lines


def measure_rates(plan: Plan) -> list[Line]:
    """The whole robot in real time with a face in view, from 5 to 60 frames a second."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        picture = write_picture(Path(folder), scene_picture())
        for rate_hz in RATES_HZ:
            lines += _at_rate(picture, rate_hz, plan.run_s / 2)
    return lines


def _at_rate(picture: Path, rate_hz: float, run_s: float) -> list[Line]:
    config = Config()
    config = msgspec.structs.replace(config, sight=msgspec.structs.replace(config.sight, frames_per_s=rate_hz))
    clock = MonotonicClock()
    run = run_for(config, clock, PictureCamera(picture, clock, rate_hz), None, run_s)
    at = f"at {rate_hz:g} frames/s"
    times = {f"frame to command {at}": run.timing.reaction_s, f"body tick lateness {at}": run.timing.late_s}
    return [
        *(Line(name, "ms", spread(values, 1000.0)) for name, values in times.items() if values),
        Line(f"looks a second {at}", "1/s", spread([len(run.timing.reaction_s) / run_s])),
        Line(f"processor {at}", "% of a core", spread([run.cpu_share], 100.0)),
    ]
