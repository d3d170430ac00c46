import numpy as np

from hardware.clock import SteppedClock
from hardware.ports import SAMPLE_RATE_HZ, JointAngles, Pixels, Sound
from robot.care.keeper import Keeper
from robot.care.kept import KeptLights, KeptServos, KeptSpeaker
from robot.errors import DeviceLost


class Part:
    """Servos, lights and speaker in one, with a switch that breaks them."""

    count = 5

    def __init__(self):
        self.broken = False
        self.calls = []

    def _use(self, name):
        if self.broken:
            raise DeviceLost("the bus is gone")
        self.calls.append(name)

    def move(self, t_s, angles):
        self._use("move")
        return JointAngles(jaw_deg=1.0)

    def release(self):
        self._use("release")

    def show(self, pixels):
        self._use("show")

    def play(self, sound):
        self._use("play")

    def stop(self):
        self._use("stop")

    playing = True

    def close(self):
        self.calls.append("close")


def broken_part(make):
    clock, part = SteppedClock(), Part()
    keeper = Keeper("part", lambda: part, clock)
    kept = make(keeper)
    return clock, part, keeper, kept


def test_servos_tell_what_was_commanded_and_echo_the_wish_while_they_are_lost():
    clock, part, keeper, servos = broken_part(KeptServos)
    wish = JointAngles(jaw_deg=9.0)
    assert servos.move(0.0, wish).jaw_deg == 1.0
    part.broken = True
    assert servos.move(0.1, wish) == wish
    assert keeper.state == "lost"
    servos.release()
    part.broken = False
    clock.wait_s(1.0)
    assert servos.move(1.1, wish).jaw_deg == 1.0
    assert keeper.state == "ok"


def test_lights_keep_their_count_while_they_are_lost():
    _, part, keeper, lights = broken_part(KeptLights)
    assert lights.count == 5
    part.broken = True
    lights.show(Pixels(((1.0, 0.0, 0.0),)))
    assert (keeper.state, lights.count) == ("lost", 5)
    lights.show(Pixels(((1.0, 0.0, 0.0),)))
    assert "show" not in part.calls


def test_a_lost_speaker_is_silent_and_does_not_talk_later():
    clock, part, keeper, speaker = broken_part(KeptSpeaker)
    sound = Sound(0, 0.0, np.zeros(SAMPLE_RATE_HZ, np.float32))
    speaker.play(sound)
    assert speaker.playing
    part.broken = True
    speaker.play(sound)
    assert (keeper.state, speaker.playing) == ("lost", False)
    part.broken = False
    clock.wait_s(1.0)
    speaker.stop()
    assert part.calls == ["play", "close", "stop"]
