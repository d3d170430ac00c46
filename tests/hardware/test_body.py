"""The virtual body keeps the limits of a real one, takes as long, and tells what it does."""

import math

import numpy as np
import pytest

from hardware.clock import SteppedClock
from hardware.ports import JointAngles, Pixels, Sound
from hardware.virtual.body import RecordingSpeaker, VirtualLights, VirtualServos, fit_row

RED, BLUE, DARK = (1.0, 0.0, 0.0), (0.0, 0.0, 1.0), (0.0, 0.0, 0.0)


def sound(duration_s: float) -> Sound:
    return Sound(0, 0.0, np.ones(round(duration_s * 16_000), dtype=np.float32))


def test_the_listener_hears_what_was_commanded_not_what_was_asked():
    told = []
    servos = VirtualServos(on_move=lambda t_s, angles: told.append((t_s, angles)))
    for tick in range(200):
        commanded = servos.move(tick / 50, JointAngles(neck_pan_deg=500.0, jaw_deg=-20.0))
    assert commanded.neck_pan_deg == 60.0
    assert commanded.jaw_deg == 0.0
    assert told[0] == (0.0, JointAngles())
    assert told[-1] == (199 / 50, commanded)
    assert servos.angles == commanded


def test_servos_hold_from_the_first_move_until_release():
    servos = VirtualServos()
    assert not servos.holding
    servos.move(0.0, JointAngles())
    assert servos.holding
    servos.close()
    servos.close()
    assert not servos.holding


def test_a_short_row_is_repeated_from_its_end_and_a_long_one_cut():
    shown = []
    lights = VirtualLights(3, on_show=shown.append)
    lights.show(Pixels((RED, BLUE)))
    assert lights.pixels == Pixels((RED, BLUE, BLUE))
    lights.show(Pixels((RED, BLUE, RED, BLUE)))
    assert lights.pixels == Pixels((RED, BLUE, RED))
    lights.close()
    assert shown[-1] == Pixels((DARK,) * 3)
    assert lights.count == 3


def test_colours_beyond_light_and_dark_are_tamed():
    assert fit_row(Pixels(((2.0, -1.0, math.nan), (math.inf, -math.inf, 0.5))), 2) == Pixels((RED, (1.0, 0.0, 0.5)))
    assert fit_row(Pixels(()), 2) == Pixels((DARK, DARK))


def test_a_row_without_lights_is_refused():
    with pytest.raises(ValueError, match="one light"):
        VirtualLights(0)


def test_sounds_play_one_after_the_other_and_take_their_time():
    clock = SteppedClock(10.0)
    speaker = RecordingSpeaker(clock)
    speaker.play(sound(1.0))
    speaker.play(sound(0.5))
    assert [played.t_s for played in speaker.played] == [10.0, 11.0]
    clock.wait_s(1.49)
    assert speaker.playing
    clock.wait_s(0.01)
    assert not speaker.playing
    speaker.play(sound(0.1))
    assert speaker.played[-1].t_s == 11.5


def test_stopping_cuts_what_sounds_and_strikes_what_was_queued():
    stopped = []
    clock = SteppedClock()
    speaker = RecordingSpeaker(clock, on_stop=lambda: stopped.append(clock.now_s()))
    speaker.play(sound(1.0))
    speaker.play(sound(1.0))
    clock.wait_s(0.25)
    speaker.stop()
    assert not speaker.playing
    assert [played.sound.duration_s for played in speaker.played] == [0.25]
    speaker.stop()
    assert stopped == [0.25]


def test_the_listener_is_told_when_a_sound_will_start():
    told = []
    clock = SteppedClock()
    speaker = RecordingSpeaker(clock, on_play=lambda t_s, sound: told.append((t_s, sound.duration_s)))
    speaker.play(sound(1.0))
    speaker.play(sound(0.0))
    speaker.play(sound(2.0))
    assert told == [(0.0, 1.0), (1.0, 2.0)]


def test_months_of_speech_do_not_grow_the_record():
    clock = SteppedClock()
    speaker = RecordingSpeaker(clock, keep=10)
    for _ in range(1000):
        speaker.play(sound(0.01))
        clock.wait_s(1.0)
    assert len(speaker.played) == 10
