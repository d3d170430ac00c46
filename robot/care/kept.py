"""Actuators that outlive their devices: each passes on to a kept device, and does nothing while that is lost."""

from hardware.ports import JointAngles, Lights, Pixels, Servos, Sound, Speaker
from robot.care.keeper import Keeper
from robot.errors import DeviceLost


class KeptServos:
    """`Servos` that go on without their bus: while it is lost the wish is echoed and nothing moves."""

    def __init__(self, keeper: Keeper[Servos]) -> None:
        self._keeper = keeper

    def move(self, t_s: float, angles: JointAngles) -> JointAngles:
        """Pass on to the servos; see `hardware.ports.Servos.move`."""
        servos = self._keeper.device()
        if servos is None:
            return angles
        try:
            return servos.move(t_s, angles)
        except DeviceLost as error:
            self._keeper.lose(error)
            return angles

    def release(self) -> None:
        """Stop holding, if there is anything to hold."""
        servos = self._keeper.device()
        if servos is None:
            return
        try:
            servos.release()
        except DeviceLost as error:
            self._keeper.lose(error)

    def close(self) -> None:
        """Let the servos go."""
        self._keeper.close()


class KeptLights:
    """`Lights` that go on without their driver. `count` is the last known one."""

    def __init__(self, keeper: Keeper[Lights]) -> None:
        self._keeper = keeper
        self._count = 1

    @property
    def count(self) -> int:
        """How many lights there are, or were before they went."""
        lights = self._keeper.device()
        if lights is not None:
            self._count = lights.count
        return self._count

    def show(self, pixels: Pixels) -> None:
        """Pass on to the lights."""
        lights = self._keeper.device()
        if lights is None:
            return
        try:
            lights.show(pixels)
        except DeviceLost as error:
            self._keeper.lose(error)

    def close(self) -> None:
        """Let the lights go."""
        self._keeper.close()


class KeptSpeaker:
    """A `Speaker` that stays silent while its device is lost; what was to be said then is not said later."""

    def __init__(self, keeper: Keeper[Speaker]) -> None:
        self._keeper = keeper

    def play(self, sound: Sound) -> None:
        """Pass on to the speaker."""
        speaker = self._keeper.device()
        if speaker is None:
            return
        try:
            speaker.play(sound)
        except DeviceLost as error:
            self._keeper.lose(error)

    def stop(self) -> None:
        """Be silent now."""
        speaker = self._keeper.device()
        if speaker is not None:
            speaker.stop()

    @property
    def playing(self) -> bool:
        """True while sound comes out."""
        speaker = self._keeper.device()
        return speaker is not None and speaker.playing

    def close(self) -> None:
        """Let the speaker go."""
        self._keeper.close()
