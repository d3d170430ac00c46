"""Calibrate servos, joint by joint: its zero, its direction, its ends. Slow, one at a time, never past the limits.

The driver itself holds the limits: it is opened on the board with its speeds cut to `SAFE_SPEED_DEG_S`, so that no
answer can move a joint fast or far.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

import msgspec

from hardware.boards.board import Board, JointSpec
from hardware.boards.calibration import Calibration, JointCalibration
from hardware.clock import Clock
from hardware.limits import SAFE_SPEED_DEG_S
from hardware.ports import JointAngles, Servos
from robot.care.calibration.dialogue import Dialogue, ask

TICK_S = 0.02
LONGEST_GLIDE_S = 12.0
"""Twice round any joint at the safe speed; one that is still not there rests because of its duty."""

PROBE_DEG = 8.0
STEP_DEG = 3.0
MOST_TRIM_DEG = 30.0
"""A horn further off than this belongs on another tooth of the servo's shaft."""

POSITIVE = {
    "neck_pan": "turn to its own left",
    "neck_tilt": "look up",
    "brow_left": "lift its inner end",
    "brow_right": "lift its inner end",
    "lid_left": "open wider",
    "lid_right": "open wider",
    "eyes_pan": "look to its own left",
    "eyes_tilt": "look up",
    "mouth_left": "go up",
    "mouth_right": "go up",
    "jaw": "open",
}
"""What each joint does at a positive angle (`hardware.ports.JointAngles`)."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What the procedure works with: `open_servos` builds the servos of a board, `keep` stores what is finished."""

    board: Board
    open_servos: Callable[[Board], Servos]
    clock: Clock
    keep: Callable[[Calibration], None]


def calibrate_servos(
    dialogue: Dialogue, bench: Bench, so_far: Calibration, joints: tuple[str, ...] = (), *, again: bool = False
) -> Calibration:
    """Go through `joints` (all by default); those that are calibrated already are left out, unless `again`.

    Raises:
        Stopped: the person ended it; every finished joint was kept.
        DeviceError: the servos cannot be moved.
    """
    wanted = joints or tuple(bench.board.joints)
    todo = [joint for joint in wanted if again or joint not in so_far.joints]
    left_out = [joint for joint in wanted if joint not in todo]
    if left_out:
        dialogue.say(f"done before: {', '.join(left_out)} (--again does them anew)")
    for index, joint in enumerate(todo, start=1):
        title = f"{joint} ({index} of {len(todo)})"
        found = calibrate_joint(dialogue, bench, joint, title)
        if found is None:
            dialogue.say(f"{joint}: left as it is")
            continue
        so_far = msgspec.structs.replace(so_far, joints=so_far.joints | {joint: found})
        bench.keep(so_far)
        dialogue.say(
            f"{joint}: kept. Zero at {found.trim_deg:+g} degrees of the servo, {found.min_deg:g} to {found.max_deg:g}"
        )
    return so_far


def calibrate_joint(dialogue: Dialogue, bench: Bench, joint: str, title: str) -> JointCalibration | None:
    """One joint; None when the person skips it.

    Raises:
        Stopped: the person ended it.
        DeviceError: the servos cannot be moved.
    """
    begin = "Hands away: it goes to its neutral. Building it up? Leave the horn off until it stands still."
    if ask(dialogue, title, begin, (("go", "move it"), ("skip", "leave this joint"))) == "skip":
        return None
    spec = bench.board.joints[joint]
    with held(bench, joint, spec) as hand:
        zero_deg = _find_zero(dialogue, hand, title)
        trim_deg = round(spec.servo_deg(zero_deg), 2)
        turned = _find_direction(dialogue, hand, title, zero_deg, POSITIVE[joint])
    turned = spec.reversed != turned
    middle = narrowed(msgspec.structs.replace(spec, trim_deg=trim_deg, reversed=turned))
    with held(bench, joint, middle) as hand:
        max_deg = _find_end(dialogue, hand, title, middle.neutral_deg, middle.max_deg, "far end")
        min_deg = _find_end(dialogue, hand, title, middle.neutral_deg, middle.min_deg, "near end")
    return JointCalibration(trim_deg=trim_deg, reversed=turned, min_deg=min_deg, max_deg=max_deg)


def narrowed(spec: JointSpec) -> JointSpec:
    """The joint with its range cut to what its servo can reach from its new zero."""
    reach = (spec.servo_min_deg - spec.trim_deg, spec.servo_max_deg - spec.trim_deg)
    low, high = (-reach[1], -reach[0]) if spec.reversed else reach
    min_deg, max_deg = max(spec.min_deg, low), min(spec.max_deg, high)
    neutral_deg = min(max(spec.neutral_deg, min_deg), max_deg)
    return msgspec.structs.replace(spec, min_deg=min_deg, max_deg=max_deg, neutral_deg=neutral_deg)


class Hand:
    """Moves one joint of opened servos, slowly, and waits until it is there."""

    def __init__(self, servos: Servos, joint: str, clock: Clock) -> None:
        self._servos = servos
        self._joint = joint
        self._clock = clock

    def glide(self, joint_deg: float) -> float:
        """Go to an angle; returns where the driver really sent it.

        Raises:
            DeviceLost: the servo does not answer.
        """
        wanted = JointAngles(**{f"{self._joint}_deg": joint_deg})
        before_deg = float("nan")
        until_s = self._clock.now_s() + LONGEST_GLIDE_S
        while self._clock.now_s() < until_s:
            sent = self._servos.move(self._clock.now_s(), wanted)
            now_deg: float = getattr(sent, f"{self._joint}_deg")
            if now_deg in {joint_deg, before_deg}:
                return now_deg
            before_deg = now_deg
            self._clock.wait_s(TICK_S)
        return before_deg


@contextmanager
def held(bench: Bench, joint: str, spec: JointSpec) -> Iterator[Hand]:
    """One joint's servo, opened alone and slow, gone to its neutral; let go at the end whatever happens.

    Raises:
        DeviceError: the servo cannot be opened.
    """
    slow = msgspec.structs.replace(spec, max_speed_deg_s=min(spec.max_speed_deg_s, SAFE_SPEED_DEG_S))
    servos = bench.open_servos(msgspec.structs.replace(bench.board, joints={joint: slow}))
    try:
        hand = Hand(servos, joint, bench.clock)
        hand.glide(spec.neutral_deg)
        yield hand
    finally:
        with suppress(OSError):
            servos.close()


def _find_zero(dialogue: Dialogue, hand: Hand, title: str) -> float:
    """The angle at which the joint looks straight."""
    at_deg = 0.0
    steps = {"--": -5.0, "-": -1.0, "+": 1.0, "++": 5.0}
    answers = (("--", "5 degrees back"), ("-", "1 back"), ("+", "1 on"), ("++", "5 on"), ("ok", "it is straight"))
    while True:
        at_deg = hand.glide(at_deg)
        text = f"Bring it to where the face is neutral (now {at_deg:+.0f} degrees)."
        answer = ask(dialogue, title, text, answers)
        if answer == "ok":
            return at_deg
        wanted_deg = at_deg + steps[answer]
        if abs(wanted_deg) > MOST_TRIM_DEG:
            dialogue.say(f"{MOST_TRIM_DEG:g} degrees are the most; put the horn on another tooth and begin anew")
            continue
        at_deg = wanted_deg


def _find_direction(dialogue: Dialogue, hand: Hand, title: str, zero_deg: float, does: str) -> bool:
    """True when the joint turns the wrong way round."""
    while True:
        hand.glide(zero_deg)
        hand.glide(zero_deg + PROBE_DEG)
        answers = (("yes", "it did"), ("no", "it did the opposite"), ("see", "show it again"))
        answer = ask(dialogue, title, f"Did it {does}?", answers)
        if answer != "see":
            hand.glide(zero_deg)
            return answer == "no"


def _find_end(dialogue: Dialogue, hand: Hand, title: str, neutral_deg: float, limit_deg: float, name: str) -> float:
    """How far it may go that way, from `neutral_deg` towards the board's `limit_deg`."""
    answers = (("+", "further"), ("-", "back"), ("ok", "this far"), ("max", "all the way"))
    step_deg = STEP_DEG if limit_deg > neutral_deg else -STEP_DEG
    at_deg = neutral_deg
    hand.glide(at_deg)
    while at_deg != limit_deg:
        text = f"Its {name}: {at_deg:+.0f} of {limit_deg:+.0f} degrees. Further, as long as nothing touches or hums?"
        answer = ask(dialogue, title, text, answers)
        if answer == "ok":
            break
        if answer == "max":
            at_deg = hand.glide(limit_deg)
            continue
        at_deg += step_deg if answer == "+" else -step_deg
        low, high = sorted((neutral_deg, limit_deg))
        at_deg = hand.glide(min(max(at_deg, low), high))
    hand.glide(neutral_deg)
    return round(at_deg, 2)
