"""Reads the camera and the microphone and turns what comes into messages, whatever the devices do."""

from collections.abc import Callable

from hardware.clock import Clock
from hardware.ports import Camera, Frame, Microphone, Sound
from robot.care.keeper import Keeper
from robot.errors import DeviceLost, MediaError
from robot.heading import Heading
from robot.messages import HeardCommand, Hearing, OwnMotion, Sighting, Transcript
from robot.senses.hearing.hearing import Ear
from robot.senses.sight.sight import Sight

BLOCKS_A_LISTEN = 32
"""At most a second of sound (in blocks of 32 ms) is worked off in one go, so that a burst holds nobody up."""


class Lookout:
    """The robot's eyes and ears with their devices.

    One thread may call `look` and another `listen`. `own` is set by whoever moves the body. `sight` or `ear` is None
    when policy leaves that sense out; then its device is never opened either. `watch` is shown each frame after it was
    looked at. With `camera_on_head` each sighting says where the head pointed when its frame was taken.
    """

    def __init__(
        self,
        clock: Clock,
        camera: Keeper[Camera],
        microphone: Keeper[Microphone],
        sight: Sight | None,
        ear: Ear | None,
        frames_per_s: float,
        watch: Callable[[Frame], None] | None = None,
        *,
        camera_on_head: bool = False,
    ) -> None:
        self.camera = camera
        self.microphone = microphone
        self._own = OwnMotion(t_s=0.0, servo_speed=0.0, speaking=False)
        self._heading = Heading() if camera_on_head else None
        self.bad_inputs = 0
        self.arrived_s = 0.0
        self._clock = clock
        self._sight = sight
        self._ear = ear
        self._period_s = 1.0 / frames_per_s
        self._look_at_s = 0.0
        self._watch = watch

    @property
    def own(self) -> OwnMotion:
        """What the body said last."""
        return self._own

    @own.setter
    def own(self, own: OwnMotion) -> None:
        self._own = own
        if self._heading is not None:
            self._heading.add(own)

    def look(self, timeout_s: float) -> Sighting | None:
        """What the newest frame shows, if a look is due and there is one; waits for it up to `timeout_s`.

        The time until then is used for a closer look at the frame before. `arrived_s` is when the frame was taken from
        the camera. A frame that is no picture is counted in `bad_inputs` and left out; a camera that has gone is given
        back to its keeper.
        """
        if self._sight is not None:
            self._sight.look_closer(self._look_at_s - self._clock.now_s())
        frame = self._next_frame(timeout_s)
        if frame is None or self._sight is None:
            return None
        self.arrived_s = self._clock.now_s()
        self._look_at_s = max(self._look_at_s + self._period_s, self.arrived_s)
        try:
            sighting = self._sight.see(frame, self.own)
        except MediaError:
            self.bad_inputs += 1
            return None
        if self._watch is not None:
            self._watch(frame)
        return sighting if self._heading is None else self._heading.placed(sighting)

    def listen(self, timeout_s: float) -> tuple[Hearing, ...]:
        """What the microphone has ready, oldest first, up to a second of it; waits for some up to `timeout_s`."""
        heard: list[Hearing] = []
        for block in range(BLOCKS_A_LISTEN):
            sound = self._next_sound(timeout_s if block == 0 else 0.0)
            if sound is None or self._ear is None:
                break
            try:
                heard.extend(self._ear.hear(sound, self.own))
            except MediaError:
                self.bad_inputs += 1
        return tuple(heard)

    def said(self) -> tuple[Transcript | HeardCommand, ...]:
        """The words and commands understood since the last call, oldest first."""
        return ()

    @property
    def finished(self) -> bool:
        """True when neither camera nor microphone will ever deliver again."""
        return _finished(self.camera) and _finished(self.microphone)

    def close(self) -> None:
        """Let both devices go."""
        self.camera.close()
        self.microphone.close()

    def _next_frame(self, timeout_s: float) -> Frame | None:
        device = self.camera.device()
        early_s = self._look_at_s - self._clock.now_s()
        if device is None or early_s > timeout_s:
            self._clock.wait_s(timeout_s)
            return None
        self._clock.wait_s(early_s)
        try:
            return device.read(max(0.0, timeout_s - max(0.0, early_s)))
        except DeviceLost as error:
            self.camera.lose(error)
            return None

    def _next_sound(self, timeout_s: float) -> Sound | None:
        device = self.microphone.device()
        if device is None:
            self._clock.wait_s(timeout_s)
            return None
        try:
            return device.read(timeout_s)
        except DeviceLost as error:
            self.microphone.lose(error)
            return None


def _finished(keeper: Keeper[Camera] | Keeper[Microphone]) -> bool:
    if keeper.state == "off":
        return True
    device = keeper.device()
    return device is not None and device.finished
