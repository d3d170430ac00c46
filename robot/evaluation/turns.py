"""Whole clips as turns, told by the model of second opinions: the way of the robot's ear, with the words left out."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from hardware.ports import Sound
from robot.config import HearingSettings
from robot.errors import EngineMissing
from robot.evaluation.voices import between_silence
from robot.inference.model import Model
from robot.messages import Percept
from robot.policy import Permission
from robot.senses.hearing.tone_model import build_ear
from robot.senses.hearing.words.listener import WordListener
from robot.senses.hearing.words.turn_tone_model import TurnToneModel

LEAD_S, TAIL_S = 0.5, 1.5
"""Silence before a clip, and after it until the turn is over."""

NO_WORDS = Permission(*[name in {"microphone", "tone"} for name in Permission.__slots__])


class TurnEar:
    """Hears clip after clip; close it, or use it as a context, to end the helper that has the encoder.

    Raises:
        ModelRefused: `model` gives no second opinions.
    """

    def __init__(self, model: Model, settings: HearingSettings) -> None:
        judge = TurnToneModel(model)
        self._settings = settings
        self._listener = WordListener("en", threaded=False)
        self._listener.tones.judge_with(lambda: judge)
        self._listener.permit(NO_WORDS)

    def hear(self, sound: Sound) -> list[Percept]:
        """The tone of each turn in a clip.

        Raises:
            EngineMissing: what has the encoder is not installed.
        """
        self._listener.reset()
        ear = build_ear(self._settings, None, words=self._listener)
        ear.hear(between_silence(sound, LEAD_S, TAIL_S), None)
        if not self._listener.has_encoder:
            raise EngineMissing(self._listener.fault)
        return [said.tone for said in self._listener.tones.said(0.0)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, where: TracebackType | None
    ) -> None:
        self._listener.close()
