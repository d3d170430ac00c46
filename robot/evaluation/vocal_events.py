"""Which vocal event a burst without words is, by the names that data sets give to such sounds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from robot.messages import NO_EVENT, Percept

NOT_SPEECH = ("burst", "body_sound")
"""What the column ``kind`` says of sounds that are no speech: their label is an event, not a tone."""
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
    """The event of a sound of a ``kind`` called ``named``; `NO_EVENT` for other sounds of a body, "" if not known."""
    if kind not in NOT_SPEECH or named in UNNAMED:
        return ""
    return named if named in EVENT_OF.values() else EVENT_OF.get(named, NO_EVENT)


def event_shares(heard: Sequence[Percept], names: Sequence[str]) -> list[float]:
    """The mean probability of each event over what was heard; surely `NO_EVENT` where nothing was."""
    if not heard:
        return [float(name == NO_EVENT) for name in names]
    return np.mean([[percept.events[name] for name in names] for percept in heard], axis=0).tolist()  # type: ignore[no-any-return]
