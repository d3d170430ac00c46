"""What the voice models name: tones of speech, vocal events, and where a tone lies in valence and arousal."""

from __future__ import annotations

TONES = ("neutral", "calm", "bored", "happy", "surprised", "sad", "angry", "fearful", "disgust")
"""Every tone that one of the corpora has; none has them all."""

AT_REST = ("neutral", "calm", "bored")
"""The tones that are no feeling."""

EVENTS = ("none", "laugh", "cry", "scream", "sigh")
"""``none`` is speech, noise, and every other sound that a body makes."""

AFFECT = {
    "neutral": (0.0, 0.0),
    "calm": (0.3, -0.4),
    "bored": (-0.2, -0.5),
    "happy": (0.8, 0.5),
    "surprised": (0.3, 0.7),
    "sad": (-0.6, -0.3),
    "angry": (-0.5, 0.6),
    "fearful": (-0.6, 0.6),
    "disgust": (-0.6, 0.35),
}
"""Valence and arousal after Russell and Mehrabian (1977), rounded."""
