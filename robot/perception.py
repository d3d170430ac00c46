"""Builds sight and hearing with their networks. Whoever imports this has all of them, which takes a Pi a second."""

from collections.abc import Callable, Iterator

from hardware.clock import Clock
from robot.config import Config
from robot.policy import Permission, permission_for
from robot.senses.hearing.tone_model import build_ear
from robot.senses.sight.closer_networks import open_closer_look
from robot.senses.sight.detector import FaceDetector
from robot.senses.sight.expression import ExpressionJudge
from robot.senses.sight.sight import Sight

__all__ = ["build_ear", "build_sight"]


def build_sight(
    config: Config,
    expression: Callable[[], ExpressionJudge] | None,
    clock: Clock,
    allowed: Permission | None = None,
    numbers: Iterator[int] | None = None,
) -> Sight:
    """The sight of `config`; without a model of expressions nothing of feelings is loaded.

    `allowed` where the permission has moved since the start; sightings are numbered by `numbers`.

    Raises:
        RapportError: a carrier or an engine is missing; says which and what to do.
    """
    allowed = permission_for(config.robot) if allowed is None else allowed
    detector = FaceDetector.open(config.inference, config.sight.min_face_score)
    closer = None
    if allowed.attention:
        closer = open_closer_look(config.sight, config.inference, clock.now_s, feelings=expression is not None)
    return Sight(detector, None, config.sight, latest=expression, closer=closer, numbers=numbers)
