"""Each sense by itself: finding a face, reading its expression, hearing a hop, judging a tone."""

from collections.abc import Callable

from hardware.ports import Sound
from robot.config import Config
from robot.messages import Hearing, OwnMotion
from robot.senses.hearing.tone_model import build_ear
from robot.senses.sight.crop import face_crop
from robot.senses.sight.detector import FaceDetector
from robot.senses.sight.expression import ExpressionReader
from robot.senses.sight.sight import Sight
from tools.benchmark.figures import Line
from tools.benchmark.material import frames, scene_picture, speech_blocks
from tools.benchmark.parts import load_model
from tools.benchmark.plan import Plan
from tools.benchmark.stopwatch import Stopwatch, time_many

Hear = Callable[[Sound, OwnMotion | None], tuple[Hearing, ...]]
MOST_BLOCKS = 20_000


def measure_sight(plan: Plan) -> list[Line]:
    """Detection, the crop, the expression model, and all of `Sight.see`, on the sample scene in 640 x 480."""
    config = Config()
    pixels = scene_picture()
    detector = FaceDetector.open(config.inference, config.sight.min_face_score)
    reader = ExpressionReader(load_model(config, config.models.face_expression))
    box = detector.find(pixels)[0].box
    crop = face_crop(pixels, box, roll=0.0, framing=reader.framing)
    sight, shown = Sight(detector, reader, config.sight), frames(pixels)
    return [
        time_many("face detection", plan.times, lambda: detector.find(pixels)),
        time_many("face crop", plan.times, lambda: face_crop(pixels, box, roll=0.0, framing=reader.framing)),
        time_many("expression", plan.times, lambda: reader.judge(crop, 1.0)),
        time_many("frame to sighting", plan.times, lambda: sight.see(next(shown), None)),
    ]


def measure_hearing(plan: Plan) -> list[Line]:
    """From the block of sound that completes a hop to its Hearing: those with a tone apart from those without."""
    config = Config()
    ear = build_ear(config.hearing, load_model(config, config.models.voice_tone))
    blocks = speech_blocks()
    plain, with_tone = Stopwatch(), Stopwatch()
    for _ in range(MOST_BLOCKS):
        if min(len(plain.wall_s), len(with_tone.wall_s)) >= plan.times:
            break
        _hear_one(ear.hear, next(blocks), plain, with_tone)
    return [plain.line("sound hop to hearing, no tone due"), with_tone.line("sound hop to tone")]


def _hear_one(hear: Hear, block: Sound, plain: Stopwatch, with_tone: Stopwatch) -> None:
    watch = Stopwatch()
    heard = watch.time(lambda: hear(block, None))
    for hearing in heard[-1:]:
        kept = plain if hearing.tone is None else with_tone
        kept.wall_s += watch.wall_s
        kept.cpu_s += watch.cpu_s
