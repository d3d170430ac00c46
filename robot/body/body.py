"""The body: works out, tick by tick, how face, lights and voice carry out what the robot means to do."""

import random
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet

from hardware.ports import JOINTS, JointAngles, Lights, Servos
from robot.body.ailments import Ailment, ailing
from robot.body.effort import Effort
from robot.body.joints import bounded, by_joint, values_deg
from robot.body.lights.mixer import LightMixer
from robot.body.motion import Motion
from robot.body.own_speed import OwnSpeed
from robot.body.profile import PROFILES, Profile, QuietHours
from robot.body.stance import Liveness, Stance
from robot.body.voice.voice import SILENT_DBFS, Voice
from robot.config import MotionSettings
from robot.errors import DeviceLost
from robot.messages import BROKEN, BodyPose, Health, Intent, OwnMotion

RETRY_S = 1.0
"""A part that has gone is left alone this long before it is tried again: a dead bus must not hold up every tick."""

REST_AFTER_S = 1.0
"""How long the sleeping face must have been still before the servos are let go: no torque, no hum, no heat."""

REST_AWAKE_AFTER_S = 30.0
"""The same for a face that is awake, where the configuration allows it."""


class Body:
    """Owns every actuator, and is called by one thread only. A part that has gone is left out; the others go on."""

    def __init__(
        self,
        servos: Servos,
        lights: Lights,
        voice: Voice | None,
        settings: MotionSettings,
        rng: random.Random,
        joints: AbstractSet[str] = frozenset(JOINTS),
        quiet: QuietHours | None = None,
    ) -> None:
        """`joints` are those that the face really has.

        Raises:
            ConfigError: a habit is unknown.
        """
        self._servos = servos
        self._lights = lights
        self._voice = voice
        self._settings = settings
        self._quiet = quiet
        self._profile = PROFILES[settings.profile]
        self._effort = Effort(settings.liveliness)
        self._joints = joints
        self._stance = Stance(settings.habits, rng, settings.tick_hz, joints)
        self._motion = Motion(settings.tick_hz)
        self._mixer = LightMixer()
        self._pixels: tuple[tuple[float, float, float], ...] = ()
        self._done_id: str | None = None
        self._retry_s: dict[str, float] = {}
        self._own = OwnSpeed()
        self._still_since_s = 0.0
        self._released = False
        self._carried = JointAngles()

    @property
    def faults(self) -> dict[str, str]:
        """The parts that do not work as they should: `lost`, or servos that are `hot`; empty when all is well."""
        hot = {"servos": "hot"} if self._effort.hot else {}
        speaker = {"speaker"} if self._voice is not None and self._voice.speaker_lost else set()
        return hot | dict.fromkeys(sorted(speaker | set(self._retry_s)), "lost")

    def step(self, t_s: float, intent: Intent, health: Health | None, *, camera_on: bool) -> tuple[OwnMotion, BodyPose]:
        """Move, shine and sound at `t_s` as `intent` says; returns what the body does and what it was told.

        `camera_on` is whether the camera is open: it lights the lamp. A part that has gone is not raised; see `faults`.
        """
        profile = self._profile.under(self._quiet.profile(t_s)) if self._quiet is not None else self._profile
        speaking = self._speak(t_s, intent, profile.voice * intent.loudness)
        parts = self._parts(health)
        speaking = speaking and parts.get("speaker") not in BROKEN
        ailment = ailing(parts)
        going = 0.0 if intent.still else 1.0  # lids and jaw are let go on: half a blink is no way to be still
        liveness = Liveness(
            habits=going * self._settings.liveliness * profile.habits * self._effort.habits,
            speed_share=going * profile.speed * self._effort.speed,
            quick_share=self._effort.speed,
        )
        wish = self._wish(t_s, intent, ailment, speaking, liveness)
        commanded = self._move(t_s, wish, intent.state, liveness)
        self._shine(t_s, intent, camera_on, ailment, profile)
        own = OwnMotion(
            t_s=t_s,
            servo_speed=self._own.fraction(t_s, commanded),
            speaking=speaking,
            neck_pan_deg=round(self._carried.neck_pan_deg, 3),
            neck_tilt_deg=round(self._carried.neck_tilt_deg, 3),
            voice_dbfs=self._voice.level_dbfs if self._voice is not None and speaking else SILENT_DBFS,
        )
        lights = tuple((round(red, 3), round(green, 3), round(blue, 3)) for red, green, blue in self._pixels)
        return own, BodyPose(t_s=t_s, angles_deg=by_joint(commanded), lights=lights)

    def close(self) -> None:
        """Be still: end the voice, darken the lights, let the servos go. Parts that have gone are passed over."""
        if self._voice is not None:
            self._voice.close()
        self._guard("lights", 0.0, self._lights.close)
        self._guard("servos", 0.0, self._servos.close)

    def _parts(self, health: Health | None) -> Mapping[str, str]:
        return self.faults if health is None else health.parts | self.faults

    def _speak(self, t_s: float, intent: Intent, loudness: float) -> bool:
        voice = self._voice
        if voice is None:
            return False
        voice.loudness = loudness
        if intent.id != self._done_id:
            self._done_id = intent.id
            if intent.hush:
                voice.hush()
            if intent.chirp is not None:
                voice.chirp(intent.chirp, intent.valence, intent.arousal)
            if intent.say is not None:
                voice.say(intent.say)
        voice.step(t_s)
        return voice.speaking

    def _wish(
        self, t_s: float, intent: Intent, ailment: Ailment | None, speaking: bool, liveness: Liveness
    ) -> JointAngles:
        jaw_deg = self._voice.jaw_deg if self._voice is not None and speaking else None
        return self._stance.wish(t_s, intent, ailment, jaw_deg, liveness, self._motion)

    def _move(self, t_s: float, wish: JointAngles, state: str, liveness: Liveness) -> JointAngles:
        before = self._motion.angles
        angles = self._motion.step(t_s, wish, liveness.speed_share, liveness.quick_share)
        self._effort.note(t_s, self._moved(angles))
        if values_deg(angles) != values_deg(before):
            self._still_since_s = t_s
        elif t_s - self._still_since_s >= self._rest_after_s(state):
            if not self._released:
                self._released = self._guard("servos", t_s, self._servos.release)
            return angles
        self._released = False
        commanded = angles

        def move() -> None:
            nonlocal commanded
            commanded = self._carried = self._servos.move(t_s, angles)

        self._guard("servos", t_s, move)
        return commanded

    def _rest_after_s(self, state: str) -> float:
        """How long the joints must have been still before they are let go."""
        if self._settings.let_go == "never":
            return float("inf")
        if state == "asleep":
            return REST_AFTER_S
        return REST_AWAKE_AFTER_S if self._settings.let_go == "still" else float("inf")

    def _moved(self, angles: JointAngles) -> JointAngles:
        """The angles of the joints that have a servo; the others do not tire."""
        if len(self._joints) == len(JOINTS):
            return angles
        kept = {f"{joint}_deg": getattr(angles, f"{joint}_deg") for joint in self._joints}
        return JointAngles(**kept)

    def _shine(self, t_s: float, intent: Intent, camera_on: bool, ailment: Ailment | None, profile: Profile) -> None:
        intensity = 0.8 + 0.2 * bounded(intent.arousal, -1.0, 1.0)

        def show() -> None:
            pixels = self._mixer.pixels(
                t_s,
                intent.light,
                intensity,
                self._lights.count,
                camera_on,
                ailment.name if ailment else None,
                profile.light,
                (intent.valence, intent.arousal),
            )
            self._pixels = pixels.colours
            self._lights.show(pixels)

        self._guard("lights", t_s, show)

    def _guard(self, part: str, t_s: float, act: Callable[[], None]) -> bool:
        """Do `act` unless the part has gone lately; note whether it works. True when it did."""
        if t_s < self._retry_s.get(part, t_s):
            return False
        try:
            act()
        except DeviceLost:
            self._retry_s[part] = t_s + RETRY_S
            return False
        self._retry_s.pop(part, None)
        return True
