"""Gaze, head and hands: what a closer look costs, by itself and together with finding the face."""

from hardware.clock import SteppedClock
from robot.config import Config, SightSettings
from robot.perception import build_sight
from robot.senses.sight.blendshapes import Blendshapes
from robot.senses.sight.detector import FaceDetector
from robot.senses.sight.expression import ExpressionReader
from robot.senses.sight.hands import HandReader
from robot.senses.sight.landmarks import FaceLandmarks
from tools.benchmark.figures import Line
from tools.benchmark.material import frames, scene_picture
from tools.benchmark.parts import load_model
from tools.benchmark.plan import Plan
from tools.benchmark.stopwatch import Stopwatch, time_many

SIGHT_LIMIT_MS = 15.0
"""All of sight with landmarks, a frame, at 10 frames a second."""
HANDS_LIMIT_MS = 25.0
JUDGED = "cpu p95"
"""The limits are of one core's time: every network here runs on one thread, and what else runs takes none of it."""
RATE_HZ = 10.0


def measure_closer(plan: Plan) -> list[Line]:
    """The networks one by one, then the whole sight of a face that attention is read of in every frame.

    The sample scene shows no hand: the hand's points are timed on a patch of the face, which costs the same.
    """
    config = Config()
    pixels = scene_picture()
    face = FaceDetector.open(config.inference, config.sight.min_face_score).find(pixels)[0]
    landmarks, shapes = FaceLandmarks.open(config.inference), Blendshapes.open(config.inference)
    hands = HandReader.open(config.inference)
    marks = landmarks.read(pixels, face)
    hand_s = time_many(
        "hands: palm and one hand", plan.times, lambda: hands.read_near(pixels, face), HANDS_LIMIT_MS, JUDGED
    )
    return [
        time_many("face landmarks", plan.times, lambda: landmarks.read(pixels, face)),
        time_many("blendshapes", plan.times, lambda: shapes.read(marks)),
        time_many("hands: none in view", plan.times, lambda: hands.find(pixels)),
        hand_s,
        _whole_sight(config, plan),
    ]


def _whole_sight(config: Config, plan: Plan) -> Line:
    """Frame to sighting and the closer look at it, hands apart, as at ten frames a second."""
    reader = ExpressionReader(load_model(config, config.models.face_expression))
    settings = SightSettings(frames_per_s=RATE_HZ, attention_per_s=RATE_HZ, hands_per_s=0.0)
    sight = build_sight(Config(sight=settings), lambda: reader, SteppedClock())
    shown = frames(scene_picture(), RATE_HZ)
    watch = Stopwatch()
    for index in range(plan.times + plan.times // 10):
        frame = next(shown)
        one = Stopwatch()
        one.time(lambda: sight.see(frame, None))  # noqa: B023  called at once
        one.time(lambda: sight.look_closer(1.0))
        if index >= plan.times // 10:
            watch.wall_s.append(sum(one.wall_s))
            watch.cpu_s.append(sum(one.cpu_s))
    return watch.line("frame to sighting with attention", SIGHT_LIMIT_MS, JUDGED)
