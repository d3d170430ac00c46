"""Reads the camera and the microphone and turns what comes into messages, whatever the devices do."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from hardware.clock import Clock
from hardware.ports import Camera, Frame, Microphone, Sound
from robot.care.gauge import Gauge
from robot.care.keeper import Keeper
from robot.errors import DeviceLost, MediaError
from robot.heading import Heading
from robot.messages import HeardCommand, HeardTone, Hearing, OwnMotion, Sighting
from robot.policy import Permission
from robot.sense import Sense
from robot.transcript import Transcript

if TYPE_CHECKING:  # the senses are imported by the threads that build them: the face lives before
    from robot.senses.hearing.hearing import Ear
    from robot.senses.hearing.words.listener import WordListener
    from robot.senses.sight.sight import Sight

BLOCKS_A_LISTEN = 32
"""At most a second of sound (in blocks of 32 ms) is worked off in one go, so that a burst holds nobody up."""

BUILDING_S = 60.0
"""To load a sense with all its models may take a little Pi so long; what takes longer hangs."""


class Lookout:
    """The robot's eyes and ears with their devices.

    One thread may call `look` and another `listen`. `own` is set by whoever moves the body. `sight` or `ear` is None
    where there is no such sense; what the others may do is said with `permit`, and without a word of it they do
    nothing. `words` listens to what is said. `watch` is shown each frame after it was looked at. With `camera_on_head`
    each sighting says where the head pointed when its frame was taken.
    """

    def __init__(
        self,
        clock: Clock,
        camera: Keeper[Camera],
        microphone: Keeper[Microphone],
        sight: "Sense[Sight] | None",
        ear: "Sense[Ear] | None",
        frames_per_s: float,
        watch: Callable[[Frame], None] | None = None,
        *,
        camera_on_head: bool = False,
        words: "WordListener | None" = None,
    ) -> None:
        self._awake = False
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
        self.share_of_looks = 1.0
        """How many of its looks it takes, 0..1: fewer while the computer is hot."""
        self._look_at_s = 0.0
        self._watch = watch
        self._may_see = self._may_hear = False
        self.words = words
        self.camera_gauge, self.sight_gauge = Gauge(clock), Gauge(clock)
        self.microphone_gauge, self.ear_gauge = Gauge(clock), Gauge(clock)

    def renew_sight(self, build: "Callable[[Permission], Sight]") -> None:
        """See with another sight from the next look on; the one before may still hang in a call."""
        if self._sight is not None:
            self._sight.renew(build)
        self.sight_gauge.reset()

    def renew_ear(self, build: "Callable[[Permission], Ear]") -> None:
        """Hear with another ear from now on."""
        if self._ear is not None:
            self._ear.renew(build)
        self.ear_gauge.reset()

    @property
    def own(self) -> OwnMotion:
        """What the body said last."""
        return self._own

    @own.setter
    def own(self, own: OwnMotion) -> None:
        self._own = own
        if self._heading is not None:
            self._heading.add(own)

    def permit(self, allowed: Permission, muted: bool = False) -> None:
        """What the senses may do from now on. A device that is not allowed, or `muted`, is let go; from any thread.

        A device is closed by the thread that reads it, when its read ends: within a tenth of a second.
        """
        self._may_see, self._may_hear = allowed.camera and not muted, allowed.microphone and not muted
        self.camera.shut("muted" if muted else None if allowed.camera else "off")
        self.microphone.shut("muted" if muted else None if allowed.microphone else "off")
        for sense in (self._sight, self._ear):
            if sense is not None:
                sense.permit(allowed)
        if self.words is not None:
            self.words.permit(replace(allowed, commands=False, words=False, tone=False) if muted else allowed)

    def open(self) -> None:
        """Open and build all that is permitted, so that what cannot be had is known at once.

        Raises:
            RapportError: a device, model or engine cannot be had; says which and what to do.
        """
        for keeper, sense in ((self.camera, self._sight), (self.microphone, self._ear)):
            keeper.device()
            if sense is not None:
                sense.get()

    @property
    def awake(self) -> bool:
        """True once every device was tried and every sense built, as far as they were permitted."""
        if not self._awake:
            tried = "waking" not in (self.camera.state, self.microphone.state)
            self._awake = tried and all(sense is None or sense.settled for sense in (self._sight, self._ear))
        return self._awake

    def look(self, timeout_s: float) -> Sighting | None:
        """What the newest frame shows, if a look is due and there is one; waits for it up to `timeout_s`.

        The time until then is used for a closer look at the frame before. `arrived_s` is when the frame was taken from
        the camera. A frame that is no picture is counted in `bad_inputs` and left out; a camera that has gone is given
        back to its keeper.
        """
        sight = self._look_closer()
        frame = self._next_frame(timeout_s)
        if frame is None or sight is None:
            return None
        self.arrived_s = self._clock.now_s()
        self._look_at_s = max(self._look_at_s + self._period_s / self.share_of_looks, self.arrived_s)
        self.sight_gauge.enter()
        try:
            sighting = sight.see(frame, self.own)
        except MediaError:
            self.bad_inputs += 1
            return None
        finally:
            self.sight_gauge.leave(worked=True)
        if self._watch is not None and self._may_see:
            self._watch(frame)
        return sighting if self._heading is None else self._heading.placed(sighting)

    def listen(self, timeout_s: float) -> tuple[Hearing, ...]:
        """What the microphone has ready, oldest first, up to a second of it; waits for some up to `timeout_s`."""
        heard: list[Hearing] = []
        _built(self._ear, self.ear_gauge, self.microphone_gauge)
        for block in range(BLOCKS_A_LISTEN):
            sound = self._next_sound(timeout_s if block == 0 else 0.0)
            ear = _built(self._ear, self.ear_gauge, self.microphone_gauge) if sound is not None else None
            if sound is None or ear is None:
                break
            self.ear_gauge.enter()
            try:
                heard.extend(ear.hear(sound, self.own))
            except MediaError:
                self.bad_inputs += 1
            finally:
                self.ear_gauge.leave(worked=True)
        return tuple(heard)

    def said(self) -> tuple[Transcript | HeardCommand | HeardTone, ...]:
        """The words, commands and tones understood since the last call, oldest first."""
        return () if self.words is None else self.words.said(self._clock.now_s())

    @property
    def finished(self) -> bool:
        """True when neither camera nor microphone will ever deliver again."""
        return _finished(self.camera) and _finished(self.microphone)

    @property
    def closed(self) -> bool:
        """True while neither camera nor microphone may be open: until somebody permits it, nothing comes."""
        return not self._may_see and not self._may_hear

    def close(self) -> None:
        """Let both devices go."""
        self.camera.close()
        self.microphone.close()
        if self.words is not None:
            self.words.close()

    def _look_closer(self) -> "Sight | None":
        """Sight as far as it may exist, having used its spare time; where it may not see, the last frame goes too."""
        sight = _built(self._sight, self.sight_gauge, self.camera_gauge)
        self.sight_gauge.enter()
        try:
            if sight is not None and self._may_see:
                sight.look_closer(self._look_at_s - self._clock.now_s())
            elif sight is not None:
                sight.forget()
            return sight
        finally:
            self.sight_gauge.leave(worked=False)

    def _next_frame(self, timeout_s: float) -> Frame | None:
        device = _opened(self.camera, self.camera_gauge)
        early_s = self._look_at_s - self._clock.now_s()
        if device is None or early_s > timeout_s:
            self._clock.wait_s(timeout_s)
            return None
        self._clock.wait_s(early_s)
        return _read(self.camera, device, self.camera_gauge, max(0.0, timeout_s - max(0.0, early_s)))

    def _next_sound(self, timeout_s: float) -> Sound | None:
        device = _opened(self.microphone, self.microphone_gauge)
        if device is None:
            self._clock.wait_s(timeout_s)
            return None
        return _read(self.microphone, device, self.microphone_gauge, timeout_s)


Built = TypeVar("Built")
Device = TypeVar("Device", Camera, Microphone)
Found_co = TypeVar("Found_co", covariant=True)


class _Source(Protocol[Found_co]):
    def read(self, timeout_s: float) -> Found_co | None: ...


def _built(sense: Sense[Built] | None, gauge: Gauge, device_gauge: Gauge) -> Built | None:
    """The sense as far as it may exist; building one takes long, and meanwhile nobody asks its device."""
    if sense is None or sense.settled:
        return None if sense is None else sense.get()
    gauge.enter(BUILDING_S)
    try:
        return sense.get()
    finally:
        gauge.leave(worked=False)
        device_gauge.reset()


def _opened(keeper: Keeper[Device], gauge: Gauge) -> Device | None:
    """The open device; opening one may hang as well as reading from it."""
    gauge.enter()
    try:
        device = keeper.device()
    finally:
        gauge.leave(worked=False)
    if device is None:
        gauge.reset()
    return device


def _read(keeper: Keeper[Any], device: _Source[Found_co], gauge: Gauge, timeout_s: float) -> Found_co | None:
    """What the device has, or None; one that has gone is given back to its keeper."""
    gauge.enter()
    found = None
    try:
        found = device.read(timeout_s)
    except DeviceLost as error:
        keeper.lose(error, device)
    finally:
        gauge.leave(worked=found is not None)
    if found is not None:
        keeper.prove()
    return found


def _finished(keeper: Keeper[Camera] | Keeper[Microphone]) -> bool:
    return keeper.absent or (keeper.current is not None and keeper.current.finished)
