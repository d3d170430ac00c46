"""What may come in: percepts that were under way when the permission went are stopped here, before anybody sees them.

The senses themselves are built for a permission and closed without it (`robot.lookout`). But a frame that was being
looked at when somebody said no is still on its way: it ends here, in the very step in which they said it.
"""

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from robot.messages import HeardCommand, HeardTone, HeardWords, Hearing, SeenFace, Sighting, Signal
from robot.policy import Permission


class Admitted(NamedTuple):
    """What is left of what came in."""

    sighting: Sighting | None
    hearings: tuple[Hearing, ...]
    signals: tuple[Signal, ...]


def admitted(
    allowed: Permission,
    muted: bool,
    sighting: Sighting | None,
    hearings: Sequence[Hearing],
    signals: Sequence[Signal],
) -> Admitted:
    """What `allowed` lets in; nothing that was seen or heard while `muted`. The same objects where nothing is cut."""
    if sighting is not None and (muted or not allowed.camera):
        sighting = None
    if muted or not allowed.microphone:
        hearings = ()
    if sighting is not None and not allowed.expression:
        sighting = _without_feelings(sighting)
    if not allowed.tone:
        hearings = [_without_tone(hearing) for hearing in hearings]
    return Admitted(sighting, tuple(hearings), tuple(signal for signal in signals if _may_hear(allowed, muted, signal)))


def _may_hear(allowed: Permission, muted: bool, signal: Signal) -> bool:
    match signal:
        case HeardWords():
            return allowed.words and not muted
        case HeardCommand():
            return allowed.commands and not muted
        case HeardTone():
            return allowed.tone and not muted
    return True


def _without_feelings(sighting: Sighting) -> Sighting:
    faces = tuple(_plain(face) for face in sighting.faces)
    return sighting if faces == sighting.faces else msgspec.structs.replace(sighting, faces=faces)


def _plain(face: SeenFace) -> SeenFace:
    regard = face.regard
    if regard is not None and regard.intensities is not None:
        regard = msgspec.structs.replace(regard, intensities=None)
    return msgspec.structs.replace(face, expression=None, regard=regard)


def _without_tone(hearing: Hearing) -> Hearing:
    return hearing if hearing.tone is None else msgspec.structs.replace(hearing, tone=None)
