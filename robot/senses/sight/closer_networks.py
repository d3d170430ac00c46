"""Opens the networks of the closer look, as far as they are switched on and allowed."""

from collections.abc import Callable

from robot.config import InferenceSettings, SightSettings
from robot.senses.sight.blendshapes import Blendshapes
from robot.senses.sight.closer_look import CloserLook
from robot.senses.sight.hands import HandReader
from robot.senses.sight.landmarks import FaceLandmarks


def open_closer_look(
    settings: SightSettings, inference: InferenceSettings, now_s: Callable[[], float], *, feelings: bool
) -> CloserLook | None:
    """The closer look of `settings`; None where all of it is switched off. Without `feelings` no blendshapes.

    Raises:
        EngineMissing: a carrier or a TFLite package is not installed, or a carrier holds another file.
    """
    attends, watches_hands = settings.attention_per_s > 0, settings.hands_per_s > 0
    if not (attends or watches_hands):
        return None
    return CloserLook(
        FaceLandmarks.open(inference) if attends else None,
        Blendshapes.open(inference) if attends and feelings else None,
        HandReader.open(inference) if watches_hands else None,
        settings,
        now_s,
    )
