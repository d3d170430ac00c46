"""Which vocal event a burst without words is, by the names that data sets give to such sounds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from robot.messages import Percept

NOT_SPEECH = ("burst", "body_sound")
"""What the column ``kind`` says of sounds that are no speech: their label is an event, not a tone."""
NONE = "none"
EVENT_OF = {
    "laughing": "laugh",
    "crying": "cry",
    "screaming": "scream",
    "sighing": "sigh",
    "Amusement": "laugh",
    "Sadness": "cry",
    "Fear": "scream",
    "Contentment": "sigh",
}
"""Deeply names the sound; EmoGator names the feeling that a person was asked to voice without words."""
UNNAMED = ("Anger", "Elation", "Neutral", "moaning")
"""Bursts that are none of the events but too close to some of them to count as none."""


def event_of(kind: str, named: str) -> str:
    """The event of a sound of a ``kind`` called ``named``; `NONE` for other sounds of a body, "" if it is not known."""
    if kind not in NOT_SPEECH or named in UNNAMED:
        return ""
    return named if named in EVENT_OF.values() else EVENT_OF.get(named, NONE)


def event_shares(heard: Sequence[Percept], names: Sequence[str]) -> list[float]:
    """The mean probability of each event over what was heard; surely `NONE` where nothing was."""
    if not heard:
        return [float(name == NONE) for name in names]
    return np.mean([[percept.events[name] for name in names] for percept in heard], axis=0).tolist()  # type: ignore[no-any-return]
