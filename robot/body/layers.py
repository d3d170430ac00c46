"""The layers of a pose: posture, expression, gaze, habit and speech, each higher one with more say than those below.

A layer adds to what lies under it, and may first claim a share of a joint: what lower layers ask of that joint fades by
the share. Speech claims the jaw, so that lips close on an "m" however wide the face is surprised. A layer that comes or
goes changes only the wish; `Motion` carries the joints there without a jump.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from hardware.ports import JOINTS, JointAngles
from robot.body.joints import bounded, values_deg

PRIORITIES = ("posture", "expression", "gaze", "habit", "speech")
"""Lowest first."""


@dataclass(frozen=True, slots=True)
class Layer:
    """What one layer asks for: offsets in degrees, and joint name to the share 0..1 that it claims."""

    name: str
    offsets: JointAngles
    claims: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.name not in PRIORITIES:
            raise ValueError(f"{self.name!r} is no layer; the layers are {', '.join(PRIORITIES)}")
        if unknown := sorted(set(self.claims) - set(JOINTS)):
            raise ValueError(f"layer {self.name} claims {unknown[0]!r}; the joints are {', '.join(JOINTS)}")


def blended(layers: Iterable[Layer]) -> JointAngles:
    """The wish that comes out of all layers, whatever order they are given in; two of one name simply add up."""
    total = [0.0] * len(JOINTS)
    for layer in sorted(layers, key=lambda layer: PRIORITIES.index(layer.name)):
        offsets = values_deg(layer.offsets)
        kept = [1.0 - bounded(layer.claims.get(joint, 0.0), 0.0, 1.0) for joint in JOINTS] if layer.claims else None
        below = total if kept is None else [value * share for value, share in zip(total, kept, strict=True)]
        total = [value + offset for value, offset in zip(below, offsets, strict=True)]
    return JointAngles(*total)
