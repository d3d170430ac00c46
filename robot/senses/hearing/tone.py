"""When to ask the tone model, about which stretch of sound, and how good that stretch was.

Speech is asked for its tone; what is loud and no speech for laughs, sobs, screams and sighs alone.
"""

import math
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from hardware.ports import SAMPLE_RATE_HZ
from robot.errors import ConfigError
from robot.messages import Percept
from robot.senses.hearing.events import events_alone
from robot.senses.hearing.level import clipped_share, mean_square, sound_quality
from robot.senses.hearing.logmel import Floats, LogMelParameters, StreamingLogMel
from robot.senses.hearing.voice_activity import CHUNK_SAMPLES

MIN_SOUND_S = 0.4
"""A sound without words is judged once so much of it was heard: a short laugh has two syllables of 0.2 s (Bachorowski,
Smoski and Owren 2001)."""


class ToneJudge(Protocol):
    """Hears the tone of voice in one window of log-mel frames."""

    @property
    def parameters(self) -> LogMelParameters:
        """How the frames are made."""
        ...

    @property
    def frames(self) -> int:
        """How many frames a window has."""
        ...

    @property
    def knows_events(self) -> bool:
        """Whether it tells laughs and the like: else it is asked about speech alone."""
        ...

    def judge(self, window: Floats, quality: float) -> Percept:
        """The tone of `window`, float32 (frames, bands) as `logmel` makes them, not normalised. `quality` is 0..1.

        Raises:
            InferenceError: the model failed, or its output is not finite.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Heard:
    """What is kept of one chunk: numbers, no sound."""

    power: float
    clipped: float
    voiced: bool
    loud: bool
    masked: bool

    @property
    def wordless(self) -> bool:
        return self.loud and not self.voiced


class ToneListener:
    """Keeps the last window of log-mel frames and says when it is worth judging.

    The window is the newest stretch of sound as it was, pauses included, since the model learned from such; what the
    robot itself made is blanked to the floor, as the silence around short clips was in training. A judgement is due
    every `every_s`, if at least `min_speech_s` of unmasked speech lies in the window and some of it is new; or, for the
    events alone, if `MIN_SOUND_S` of it stands out of the room and is no speech to the voice activity, as most laughs
    and sobs are not.
    """

    def __init__(
        self, judge: ToneJudge, every_s: float, min_speech_s: float, latest: Callable[[], ToneJudge] | None = None
    ) -> None:
        """Listen for `judge`, or where its model may be replaced meanwhile for whichever version `latest` gives.

        A version that takes the same frames goes on with the window that is there; any other begins with an empty one.

        Raises:
            ConfigError: `min_speech_s` is longer than the model's window.
        """
        self._latest = latest
        self._every_samples = round(every_s * SAMPLE_RATE_HZ)
        self._min_speech_s = min_speech_s
        self._begin(judge)

    def _begin(self, judge: ToneJudge) -> None:
        """Make the window that `judge` listens to, empty."""
        parameters, self._judge = judge.parameters, judge
        window_s = parameters.samples_for(judge.frames) / SAMPLE_RATE_HZ
        if self._min_speech_s > window_s:
            raise ConfigError(
                f"hearing.min_speech_s = {self._min_speech_s}: the tone model listens to {window_s:g} s at a time; "
                f"set it to {window_s:g} or less"
            )
        hop_s = parameters.hop_samples / SAMPLE_RATE_HZ
        self._frames_needed = min(judge.frames, math.ceil(self._min_speech_s / hop_s))
        self._sound_needed = math.ceil(MIN_SOUND_S / hop_s)
        self._logmel = StreamingLogMel(parameters)
        self._floor = math.log(parameters.floor)
        self._chunks: deque[_Heard] = deque(maxlen=math.ceil(window_s * SAMPLE_RATE_HZ / CHUNK_SAMPLES))
        self._forget()

    def _follow(self) -> None:
        """Go over to the newest version of the model: from here on window and judge are of that one."""
        if self._latest is None:
            return
        judge = self._latest()
        if (judge.parameters, judge.frames) == (self._judge.parameters, self._judge.frames):
            self._judge = judge
        else:
            self._begin(judge)

    def _forget(self) -> None:
        frames, bands = self._judge.frames, self._judge.parameters.bands
        self._window = np.full((frames, bands), self._floor, np.float32)
        self._spoken, self._sounded = np.zeros(frames, np.bool_), np.zeros(frames, np.bool_)
        self._samples_since = self._every_samples
        self._fresh_speech = self._fresh_sound = False
        self._chunks.clear()

    def reset(self) -> None:
        """Forget the window: what comes next does not continue it."""
        self._logmel.reset()
        self._forget()

    def hear(self, samples: NDArray[np.float32], *, voiced: bool, masked: bool, loud: bool = False) -> None:
        """Take in a chunk that is `voiced` (speech), `loud` (stands out of the noise) or `masked` (by the robot)."""
        self._follow()
        self._chunks.append(_Heard(mean_square(samples), clipped_share(samples), voiced, loud, masked))
        self._samples_since += len(samples)
        self._fresh_speech = self._fresh_speech or (voiced and not masked)
        wordless = loud and not voiced and not masked and self._judge.knows_events
        self._fresh_sound = self._fresh_sound or wordless
        fresh = self._logmel.push(samples)[-len(self._window) :]
        if masked:
            fresh = np.full_like(fresh, self._floor)
        count = len(fresh)
        self._window = np.concatenate([self._window[count:], fresh])
        self._spoken = np.concatenate([self._spoken[count:], np.full(count, voiced and not masked)])
        self._sounded = np.concatenate([self._sounded[count:], np.full(count, wordless)])

    @property
    def due(self) -> bool:
        """Whether the window is worth judging now."""
        waited = self._samples_since >= self._every_samples
        return waited and (self._speech or (self._fresh_sound and int(self._sounded.sum()) >= self._sound_needed))

    @property
    def _speech(self) -> bool:
        """Whether there is enough speech for a tone, some of it new."""
        return self._fresh_speech and int(self._spoken.sum()) >= self._frames_needed

    def judge(self, floor_dbfs: float) -> Percept | None:
        """Judge the window; `floor_dbfs` is the noise around. None where it is no speech and likely no event either.

        Raises:
            InferenceError: the model failed; the next judgement is due no sooner than after a good one.
        """
        speech = self._speech
        self._samples_since = 0
        self._fresh_speech = self._fresh_sound = False
        heard = [each for each in self._chunks if (each.voiced if speech else each.wordless) and not each.masked]
        percept = self._judge.judge(self._window, self._quality(heard, floor_dbfs))
        return percept if speech else events_alone(percept)

    def _quality(self, heard: Sequence[_Heard], floor_dbfs: float) -> float:
        if not heard:
            return 0.0
        masked = sum(each.masked for each in self._chunks) / len(self._chunks)
        power = sum(each.power for each in heard) / len(heard)
        clipped = sum(each.clipped for each in heard) / len(heard)
        return sound_quality(power, floor_dbfs, clipped, masked).overall
