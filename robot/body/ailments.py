"""Failure has a face: what each thing that is wrong does to face and light, and which of several shows.

A person should see at a glance, from across the room and without reading a status line, what the robot lacks.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from hardware.ports import JointAngles
from robot.messages import BROKEN, UNMISSED


@dataclass(frozen=True, slots=True)
class Ailment:
    """One thing that can be wrong: its name, its light effect (the same), and its face.

    `pose` is added to the mood's face, which the `claims` first fade joint by joint, so that an ailing face is itself
    in every mood.
    """

    name: str
    pose: JointAngles
    claims: Mapping[str, float] = field(default_factory=dict)


_LIDS = {"lid_left": 0.7, "lid_right": 0.7}
_BROWS = {"brow_left": 0.7, "brow_right": 0.7}

AILMENTS: Mapping[str, Ailment] = {
    ailment.name: ailment
    for ailment in (
        # Chin up, eyes narrowed and searching under lifted brows.
        Ailment(
            "blind",
            JointAngles(
                neck_tilt_deg=5.0, lid_left_deg=-16.0, lid_right_deg=-16.0, brow_left_deg=8.0, brow_right_deg=8.0
            ),
            _LIDS | _BROWS,
        ),
        # An ear turned to whoever speaks, one brow up, eyes wide.
        Ailment(
            "deaf",
            JointAngles(
                neck_pan_deg=12.0, brow_left_deg=12.0, brow_right_deg=-3.0, lid_left_deg=6.0, lid_right_deg=6.0
            ),
            _LIDS | _BROWS,
        ),
        # Panting: jaw open, lids and head low.
        Ailment(
            "hot",
            JointAngles(
                neck_tilt_deg=-6.0,
                lid_left_deg=-18.0,
                lid_right_deg=-18.0,
                jaw_deg=10.0,
                brow_left_deg=-6.0,
                brow_right_deg=-6.0,
            ),
            _LIDS | _BROWS,
        ),
        # Head up and lids half down: busy with itself.
        Ailment(
            "updating",
            JointAngles(
                neck_tilt_deg=11.0, lid_left_deg=-8.0, lid_right_deg=-8.0, brow_left_deg=4.0, brow_right_deg=4.0
            ),
            _LIDS | _BROWS,
        ),
        # Lips pressed together under lifted brows: it would like to, and was asked not to.
        Ailment(
            "muted",
            JointAngles(mouth_left_deg=-3.0, mouth_right_deg=-3.0, brow_left_deg=9.0, brow_right_deg=9.0),
            _BROWS | {"mouth_left": 1.0, "mouth_right": 1.0, "jaw": 1.0},
        ),
        # A crooked mouth and one heavy lid: not quite itself.
        Ailment(
            "degraded",
            JointAngles(mouth_left_deg=6.0, mouth_right_deg=-8.0, lid_left_deg=-12.0, brow_right_deg=6.0),
            {"mouth_left": 0.7, "mouth_right": 0.7} | _LIDS,
        ),
    )
}
"""All of them, the most telling first: where several are wrong, the first of them shows."""


def ailing(parts: Mapping[str, str]) -> Ailment | None:
    """What shows, for part names and their health; None when all is well.

    `off` is no ailment: nobody asked for the part. Nor is the loss of a part that nobody here misses.
    `muted` is one though nothing broke: people must see that the robot cannot hear them.
    """
    broken = {part for part, health in parts.items() if health in BROKEN}
    wrong = {
        "blind": "camera" in broken,
        "deaf": "microphone" in broken,
        "hot": "hot" in parts.values(),
        "updating": "updating" in parts.values(),
        "muted": "muted" in parts.values(),
        "degraded": bool(broken - {"camera", "microphone"} - UNMISSED),
    }
    return next((ailment for name, ailment in AILMENTS.items() if wrong[name]), None)
