"""The model that tells the tone of a whole turn: a head on the statistics of Whisper's encoder, by its manifest."""

import numpy as np
from numpy.typing import NDArray

from robot.errors import ModelRefused
from robot.inference.classify import percept
from robot.inference.manifest import Manifest
from robot.inference.model import Model
from robot.messages import Percept
from robot.senses.hearing.words.statistics import ENCODER_SHA256, KIND

TASK = "voice_tone"


class TurnToneModel:
    """Judges the statistics of one turn.

    Raises:
        ModelRefused: the model is for another task, or for the features of another encoder.
    """

    def __init__(self, model: Model) -> None:
        check(model.manifest)
        self._model = model

    def judge(self, statistics: NDArray[np.float32], quality: float) -> Percept:
        """The tone and the events of a sound from its `statistics` (768,). `quality` is 0..1.

        Raises:
            InferenceError: the run failed, the statistics do not fit, or the output is not finite.
        """
        values = statistics.reshape(1, -1)
        return percept(self._model.run(values), self._model.manifest, quality)


def check(manifest: Manifest) -> None:
    """See that a model takes what this robot makes of a turn.

    Raises:
        ModelRefused: it does not.
    """
    if manifest.task != TASK:
        raise ModelRefused(
            f"{manifest.id}: made for {manifest.task}, not {TASK}; name another in models.voice_tone_deep"
        )
    given = manifest.input.preprocessing
    if given.get("kind") != KIND:
        raise ModelRefused(
            f"{manifest.id}: asks for {given.get('kind')!r}, as a second opinion this version makes {KIND!r}; "
            "name another in models.voice_tone_deep"
        )
    if given.get("encoder_sha256") != ENCODER_SHA256:
        raise ModelRefused(f"{manifest.id}: made for another encoder than this robot's; update the model or the robot")
