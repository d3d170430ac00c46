"""Where each head of the tone network lies in its one row of outputs."""

from __future__ import annotations

import numpy as np

from tools.train.voice_labels import AFFECT, EVENTS, TONES

TONE = slice(0, len(TONES))
EVENT = slice(TONE.stop, TONE.stop + len(EVENTS))
VALENCE_AROUSAL = slice(EVENT.stop, EVENT.stop + 2)
QUALITY = VALENCE_AROUSAL.stop
OUTPUTS = QUALITY + 1
AFFECT_SCALE = 4.0
"""Valence and arousal are answered times this: they share the steps of the int8 output with logits."""
AFFECT_PLACES = np.array([AFFECT[name] for name in TONES], np.float32)
