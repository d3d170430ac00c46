"""How a feeling sounds in speech.

The coefficients are those of Schröder's dimensional model, found on emotional speech and used in MARY TTS (M.
Schröder, "Speech and Emotion Research", PhD thesis, Saarland University 2004; `emotion-to-mary.xsl`), for activation A
and evaluation E: pitch +30 % A + 10 % E, pitch range 4 + 4 A semitones, rate +50 % A + 20 % E, volume 50 + 33 A. They
agree with Murray and Arnott 1993 (JASA 93:1097): sad is lower, flatter, slower and softer; happy is higher, wider,
faster and louder. We halve the rate: espeak's 165 words a minute would otherwise become 50 to 280 at the extremes, too
slow and too fast to follow.
"""

from dataclasses import dataclass

from robot.body.joints import bounded


@dataclass(frozen=True, slots=True)
class Prosody:
    """How to speak.

    Mean pitch and rate as factors of the voice's own, pitch range in semitones, volume as a factor, and `pause_s`, the
    pause between words beyond the voice's own.
    """

    pitch: float = 1.0
    range_st: float = 4.0
    rate: float = 1.0
    volume: float = 1.0
    pause_s: float = 0.0


def prosody_for(valence: float, arousal: float) -> Prosody:
    """The prosody of a feeling, each coordinate -1..1 (held there; not-a-number counts as 0)."""
    valence, arousal = bounded(valence, -1.0, 1.0), bounded(arousal, -1.0, 1.0)
    # A flat voice is heard as sad, a lively one as glad (Murray and Arnott), so valence gets a share of the range too.
    return Prosody(
        pitch=1.0 + 0.30 * arousal + 0.10 * valence,
        range_st=bounded(4.0 + 4.0 * arousal + 1.0 * valence, 0.5, 8.0),
        rate=1.0 + 0.25 * arousal + 0.10 * valence,
        volume=1.0 + 0.66 * arousal if arousal > 0.0 else 1.0 + 0.5 * arousal,
        # Activation makes pauses fewer and shorter (Schröder); words of the sad and the tired come one by one. The
        # numbers are ours.
        pause_s=0.06 * max(0.0, -arousal) + 0.03 * max(0.0, -valence) * max(0.0, 0.5 - arousal),
    )
