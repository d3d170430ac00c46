"""How the robot stands and looks at one moment: the layers that an intent, its habits and its speech ask for."""

import random
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from hardware.ports import JOINTS, JointAngles
from robot.body.ailments import Ailment
from robot.body.face import TOUCHES, gaze_pose, mood_pose, sleeping_pose
from robot.body.habit import HabitContext, build_habits
from robot.body.joints import JOINT_MANNERS, bounded
from robot.body.layers import Layer, blended
from robot.body.motion import Motion
from robot.body.steady_gaze import SteadyGaze
from robot.messages import Intent

SPEECH_CLAIMS = {"jaw": 1.0, "mouth_left": 0.3, "mouth_right": 0.3}
"""Speech has the jaw to itself; it takes the edge off a smile or a frown, as talking does."""


@dataclass(frozen=True, slots=True)
class Liveness:
    """How lively the body is now: `habits` 0..1 scales habits, the others the joints' top speed (`Motion.step`)."""

    habits: float = 1.0
    speed_share: float = 1.0
    quick_share: float = 1.0


class Stance:
    """Holds the habits and works out the wish of every tick. Touches no device and moves nothing."""

    def __init__(
        self,
        habits: tuple[str, ...],
        rng: random.Random,
        tick_hz: float,
        joints: AbstractSet[str] = frozenset(JOINTS),
    ) -> None:
        """`joints` are those that have a servo: a head without eyes looks with its neck alone.

        Raises:
            ConfigError: a habit is unknown.
        """
        self._habits = build_habits(habits, rng)
        self._eyes = tuple(joint for joint in ("eyes_pan", "eyes_tilt") if joint in joints)
        self._gaze = SteadyGaze()
        self._tick_hz = tick_hz
        self._neck_deg = (0.0, 0.0)
        # The eyes' easing delays them by half its width: they are sent to where the neck will not yet be by then.
        self._lead_ticks = 1 + (round(JOINT_MANNERS["eyes_pan"].blend_s * tick_hz) - 1) // 2

    def wish(
        self,
        t_s: float,
        intent: Intent,
        ailment: Ailment | None,
        jaw_deg: float | None,
        liveness: Liveness,
        motion: Motion,
    ) -> JointAngles:
        """Where the joints should go. `jaw_deg` is how open the mouth of the voice is, None while it is silent."""
        aim_deg = self._aim_deg(t_s, intent, motion.angles)
        layers = [*self._face(intent, ailment, aim_deg), *self._alive(t_s, intent, jaw_deg, liveness)]
        if jaw_deg is not None:
            layers.append(Layer("speech", JointAngles(jaw_deg=jaw_deg), SPEECH_CLAIMS))
        wish = blended(layers)
        return wish if intent.state == "asleep" else self._with_eyes(wish, aim_deg, motion, liveness.speed_share)

    def _aim_deg(self, t_s: float, intent: Intent, now: JointAngles) -> tuple[float, float]:
        before, self._neck_deg = self._neck_deg, (now.neck_pan_deg, now.neck_tilt_deg)
        speed_deg_s = self._tick_hz * max(abs(a - b) for a, b in zip(self._neck_deg, before, strict=True))
        pan_deg, tilt_deg = bounded(intent.gaze_pan_deg, -90.0, 90.0), bounded(intent.gaze_tilt_deg, -45.0, 45.0)
        return self._gaze.aim_deg(t_s, pan_deg, tilt_deg, speed_deg_s)

    def _face(self, intent: Intent, ailment: Ailment | None, aim_deg: tuple[float, float]) -> list[Layer]:
        ails = ailment.pose if ailment is not None else JointAngles()
        if intent.state == "asleep":
            return [Layer("expression", sleeping_pose(ails))]
        mood = mood_pose(intent.valence, intent.arousal)
        return [
            Layer("posture", JointAngles(neck_tilt_deg=mood.neck_tilt_deg)),
            Layer("expression", replace(mood, neck_tilt_deg=0.0)),
            Layer("expression", TOUCHES.get(intent.state, JointAngles())),
            Layer("expression", ails, ailment.claims if ailment is not None else {}),
            Layer("gaze", gaze_pose(*aim_deg, self._eyes)),
        ]

    def _alive(self, t_s: float, intent: Intent, jaw_deg: float | None, liveness: Liveness) -> list[Layer]:
        asleep = intent.state == "asleep"
        context = HabitContext(
            liveliness=0.0 if asleep else liveness.habits * bounded(intent.liveliness, 0.0, 1.0),
            arousal=bounded(intent.arousal, -1.0, 1.0),
            speaking=jaw_deg is not None,
            gaze_pan_deg=intent.gaze_pan_deg,
            gaze_tilt_deg=intent.gaze_tilt_deg,
            state=intent.state,
        )
        return [Layer("habit", habit.offsets(t_s, context)) for habit in self._habits]

    def _with_eyes(
        self, wish: JointAngles, aim_deg: tuple[float, float], motion: Motion, speed_share: float
    ) -> JointAngles:
        """The wish with eyes that look at what the neck, wherever posture and habits send it, has not covered yet.

        Being faster the eyes lead, and turn back as the neck follows, as a person's do (vestibulo-ocular reflex).
        """
        pan_deg, tilt_deg = aim_deg
        ahead = self._lead_ticks
        if "eyes_pan" in self._eyes:
            left_deg = pan_deg - motion.foreseen("neck_pan", wish.neck_pan_deg, ahead, speed_share)
            wish = replace(wish, eyes_pan_deg=wish.eyes_pan_deg + left_deg)
        if "eyes_tilt" in self._eyes:
            left_deg = tilt_deg - motion.foreseen("neck_tilt", wish.neck_tilt_deg, ahead, speed_share)
            wish = replace(wish, eyes_tilt_deg=wish.eyes_tilt_deg + left_deg)
        return wish
