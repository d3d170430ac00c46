"""Answers without words: short melodies of pure-ish tones, each a few gliding notes, coloured by the feeling.

Pitch and tempo follow the feeling as speech does (`robot.body.voice.prosody`), so that a chirp and a sentence of one
mood belong together. Level is limited, and every note fades in and out, so that nothing clicks.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardware.ports import SAMPLE_RATE_HZ, Sound
from robot.body.joints import bounded
from robot.errors import ConfigError

PEAK = 0.5
"""Loudest sample of a chirp: 6 dB below full scale, so that it never drowns the person."""

BASE_HZ = 523.25
RAMP_S = 0.012
HARMONICS = (1.0, 0.30, 0.10)


@dataclass(frozen=True, slots=True)
class Note:
    """A glide between two pitches, in semitones from C5, for a time in seconds, at a level 0..1; level 0 is a rest."""

    start_st: float
    end_st: float
    duration_s: float
    level: float = 1.0


MELODIES: dict[str, tuple[Note, ...]] = {
    "hello": (Note(0, 4, 0.14, 0.8), Note(0, 0, 0.03, 0.0), Note(7, 12, 0.22)),
    "happy": (Note(0, 2, 0.09), Note(4, 6, 0.09), Note(7, 9, 0.09), Note(12, 14, 0.20)),
    "soothe": (Note(4, 2, 0.42, 0.7), Note(0, 0, 0.06, 0.0), Note(2, -3, 0.60, 0.6)),
    "curious": (Note(0, -1, 0.16, 0.8), Note(2, 10, 0.30)),
    "farewell": (Note(7, 5, 0.18, 0.9), Note(0, 0, 0.03, 0.0), Note(4, 2, 0.18, 0.8), Note(0, -5, 0.36, 0.7)),
    "yawn": (Note(-8, 2, 0.55, 0.6), Note(2, -12, 0.95, 0.7)),
    "fault": (Note(-5, -5, 0.20, 0.8), Note(0, 0, 0.08, 0.0), Note(-9, -10, 0.34, 0.8)),
}
"""Rising for a greeting or a question, falling for rest and parting, as in speech (Ohala 1984, Phonetica 41:1)."""


def chirp(name: str, valence: float, arousal: float, seq: int = 0, t_s: float = 0.0) -> Sound:
    """Synthesise the answer `name` for a feeling (each coordinate -1..1) as sound that starts at `t_s`.

    Raises:
        ConfigError: there is no sound of that name.
    """
    if name not in MELODIES:
        raise ConfigError(f"{name!r} is not a sound; choose one of {', '.join(sorted(MELODIES))}")
    valence, arousal = bounded(valence, -1.0, 1.0), bounded(arousal, -1.0, 1.0)
    pitch = 1.0 + 0.20 * arousal + 0.10 * valence
    tempo = 1.0 + 0.25 * arousal + 0.10 * valence
    level = PEAK * (0.75 + 0.25 * arousal)
    notes = [_note(note, pitch, tempo) for note in MELODIES[name]]
    return Sound(seq, t_s, (level * np.concatenate(notes)).astype(np.float32))


def _note(note: Note, pitch: float, tempo: float) -> NDArray[np.float64]:
    count = round(note.duration_s / tempo * SAMPLE_RATE_HZ)
    progress = np.arange(count) / count
    semitones = note.start_st + (note.end_st - note.start_st) * progress
    phase = 2.0 * np.pi * np.cumsum(BASE_HZ * pitch * 2.0 ** (semitones / 12.0)) / SAMPLE_RATE_HZ
    tone = sum(share * np.sin((order + 1) * phase) for order, share in enumerate(HARMONICS)) / sum(HARMONICS)
    return np.asarray(note.level * _envelope(count) * tone, dtype=np.float64)


def _envelope(count: int) -> NDArray[np.float64]:
    """Raised-cosine ramps at both ends, starting and ending at exactly nothing, and a gentle fall in between."""
    ramp = min(round(RAMP_S * SAMPLE_RATE_HZ), count // 2)
    envelope = 1.0 - 0.4 * np.linspace(0.0, 1.0, count)
    edge = 0.5 - 0.5 * np.cos(np.pi * np.arange(ramp) / ramp)
    envelope[:ramp] *= edge
    envelope[count - ramp :] *= edge[::-1]
    return envelope
