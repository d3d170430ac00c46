"""The robot's voice: says, chirps, falls silent, and knows whether it sounds now and how open its mouth is."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hardware.ports import SAMPLE_RATE_HZ, Sound, Speaker
from robot.body.lipsync import MouthTrack, mouth_for
from robot.body.sounds import MELODIES, chirp
from robot.body.voice.engine import SpeechEngine
from robot.body.voice.prosody import prosody_for
from robot.body.voice.studio import Chirp, InlineStudio, Render, Take, ThreadedStudio
from robot.errors import DeviceLost, SpeechError
from robot.messages import Utterance

UNKNOWN_CHIRP = "curious"

MOST_LOUDNESS = 1.4
"""The most that somebody may ask for, as a share of the usual loudness."""


LEVEL_STRETCH_S = 0.04
"""How finely the level of what is played is told: two body ticks."""

SILENT_DBFS = -100.0


@dataclass(frozen=True, slots=True)
class _Part:
    """A sound on the speaker: when it starts and ends, its mouth, and its level in stretches of `LEVEL_STRETCH_S`."""

    start_s: float
    end_s: float
    mouth: MouthTrack
    levels_dbfs: tuple[float, ...]

    def level_dbfs(self, t_s: float) -> float:
        place = int((t_s - self.start_s) / LEVEL_STRETCH_S)
        return self.levels_dbfs[place] if t_s >= self.start_s and place < len(self.levels_dbfs) else SILENT_DBFS


class Voice:
    """Speaks through `speaker` with `engine`; without an engine every utterance becomes a chirp of the same feeling.

    `say`, `chirp` and `hush` never wait. What they ask for is played at the next `step`. With `threaded` false, speech
    is synthesised within `say`, so that a stepped run is the same every time; else `warm` is called before the first.
    """

    def __init__(
        self,
        speaker: Speaker,
        engine: SpeechEngine | None,
        volume: float = 0.7,
        *,
        threaded: bool = False,
        warm: Callable[[], None] | None = None,
    ) -> None:
        self._speaker = speaker
        self._engine = engine
        self._volume = min(max(volume, 0.0), 1.0)
        self._studio: InlineStudio | ThreadedStudio = (
            ThreadedStudio(self._render, warm) if threaded else InlineStudio(self._render)
        )
        self._round = 0
        self._seq = 0
        self._parts: list[_Part] = []
        self._t_s = 0.0
        self.fault = ""
        """Why the last utterance was not spoken in words; empty when it was."""
        self.loudness = 1.0
        """Share 0..1.4 of the volume for what starts from now on, as in quiet hours."""
        self.speaker_lost = False
        """True from when the speaker went until it plays again."""

    @property
    def engine_name(self) -> str:
        """The engine that speaks, or `chirps`."""
        return self._engine.name if self._engine is not None else "chirps"

    @property
    def dropped(self) -> int:
        """Utterances that were never heard because too many waited before them."""
        return self._studio.dropped

    @property
    def speaking(self) -> bool:
        """True while the speaker sounds, as of the last `step`."""
        return bool(self._parts) and self._parts[0].start_s <= self._t_s < self._parts[-1].end_s

    @property
    def level_dbfs(self) -> float:
        """RMS level of what the speaker plays, as of the last `step`; -100 for nothing."""
        return max((part.level_dbfs(self._t_s) for part in self._parts), default=SILENT_DBFS)

    @property
    def jaw_deg(self) -> float:
        """How open the mouth should be, as of the last `step`."""
        return max((part.mouth.jaw_deg(self._t_s - part.start_s) for part in self._parts), default=0.0)

    def render_in(self, studio: Callable[[Render], InlineStudio]) -> None:
        """Render in another studio from now on: a replay decides itself when a take is finished."""
        self._studio.close()
        self._studio = studio(self._render)

    def say(self, utterance: Utterance) -> None:
        """Say it after whatever is being said."""
        self._studio.ask(self._round, utterance)

    def chirp(self, name: str, valence: float, arousal: float) -> None:
        """Answer without words. A name that is no sound becomes a questioning one."""
        self._studio.ask(self._round, Chirp(name, valence, arousal))

    def hush(self) -> None:
        """Be silent now and forget what was to be said."""
        self._round += 1
        self._parts.clear()
        try:
            self._speaker.stop()
        except DeviceLost:
            self.speaker_lost = True

    def step(self, t_s: float) -> None:
        """Go on to `t_s`: play what has been finished, let go of what has been heard.

        What cannot be played because the speaker has gone is not played later: an answer is good for its moment only.
        """
        self._t_s = t_s
        self._parts = [part for part in self._parts if part.end_s > t_s]
        for take in self._studio.finished():
            if take.round == self._round and len(take.sound.samples) > 0:
                self._play(t_s, take)

    def close(self) -> None:
        """Be silent and end the engine. The speaker stays open: it is not the voice's own."""
        self.hush()
        if self._engine is not None:
            self._engine.close()
        self._studio.close()

    def _play(self, t_s: float, take: Take) -> None:
        start_s = max(t_s, self._parts[-1].end_s) if self._parts else t_s
        try:
            samples = np.clip(take.sound.samples * np.float32(min(max(self.loudness, 0.0), MOST_LOUDNESS)), -1.0, 1.0)
            self._speaker.play(replace(take.sound, seq=self._seq, t_s=start_s, samples=samples))
        except DeviceLost:
            self.speaker_lost = True
            return
        self.speaker_lost = False
        self._seq += 1
        self._parts.append(_Part(start_s, start_s + take.sound.duration_s, take.mouth, levels_of(samples)))

    def _render(self, round_: int, what: Utterance | Chirp) -> Take:
        sound = self._words(what) if isinstance(what, Utterance) else _chirped(what)
        return Take(round_, replace(sound, samples=sound.samples * self._volume), mouth_for(sound))

    def _words(self, utterance: Utterance) -> Sound:
        if self._engine is not None:
            try:
                prosody = prosody_for(utterance.valence, utterance.arousal)
                sound = self._engine.synthesise(utterance.text, utterance.language, prosody)
            except SpeechError as error:
                self.fault = str(error)
            else:
                self.fault = ""
                return sound
        name = "happy" if utterance.valence > 0.2 else "soothe" if utterance.valence < -0.2 else "curious"
        return _chirped(Chirp(name, utterance.valence, utterance.arousal))


def levels_of(samples: NDArray[np.float32]) -> tuple[float, ...]:
    """RMS level in dBFS, at least -100, of each stretch of `LEVEL_STRETCH_S` of samples (m,) in -1..1."""
    size = round(LEVEL_STRETCH_S * SAMPLE_RATE_HZ)
    padded = np.pad(samples, (0, -len(samples) % size)).reshape(-1, size)
    power = np.maximum(np.mean(np.square(padded, dtype=np.float64), axis=1), 1e-10)
    return tuple(round(float(level), 1) for level in 10.0 * np.log10(power))


def _chirped(what: Chirp) -> Sound:
    name = what.name if what.name in MELODIES else UNKNOWN_CHIRP
    return chirp(name, what.valence, what.arousal)
