"""Servos on pins: the pulses really written, through gpiozero's own mock pins, stay inside every limit."""

import math

import pytest
from gpiozero import Device
from gpiozero.pins.mock import MockFactory, MockPWMPin
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hardware.boards import load_board
from hardware.boards.board import Board, JointSpec
from hardware.clock import SteppedClock
from hardware.errors import DeviceError, DeviceLost
from hardware.pi.servos import LEAST_BETWEEN_S, GpioServo, JointServos, open_servos
from hardware.ports import JointAngles

ANYTHING = st.floats(allow_nan=True, allow_infinity=True)


def pins():
    return MockFactory(pin_class=MockPWMPin)


def pulses_us(factory, number):
    """Every pulse length a pin was told, in order; 0 stands for no pulses."""
    return [state.state * 20_000 for state in factory.pin(number).states]


def neck(**changes):
    return JointSpec(**{"pin": 12, "min_deg": -60, "max_deg": 60, "max_speed_deg_s": 150} | changes)


def board(**joints):
    return Board(name="test", joints=joints)


def settled(servos, wanted, start_s=0.0, ticks=200):
    for tick in range(ticks):
        commanded = servos.move(start_s + tick / 50, wanted)
    return commanded


def test_an_angle_becomes_the_pulse_that_the_board_file_says():
    factory = pins()
    spec = neck(pulse_min_us=500, pulse_max_us=2400, trim_deg=4.0)
    servos = open_servos(board(neck_pan=spec), SteppedClock(), factory)
    commanded = settled(servos, JointAngles(neck_pan_deg=30.0))
    assert commanded.neck_pan_deg == 30.0
    assert pulses_us(factory, 12)[-1] == pytest.approx(500 + (34 + 90) / 180 * 1900)
    assert factory.pin(12).frequency == 50


def test_a_servo_built_in_the_other_way_round_turns_the_other_way():
    factory = pins()
    servos = open_servos(board(neck_pan=neck(reversed=True)), SteppedClock(), factory)
    settled(servos, JointAngles(neck_pan_deg=45.0))
    assert pulses_us(factory, 12)[-1] == pytest.approx(1250.0)


def test_no_pulse_is_sent_before_the_first_move_and_the_first_is_neutral():
    factory = pins()
    servos = open_servos(board(neck_pan=neck(neutral_deg=9.0)), SteppedClock(), factory)
    assert factory.pin(12).frequency is None
    servos.move(0.0, JointAngles(neck_pan_deg=-60.0))
    assert [pulse for pulse in pulses_us(factory, 12) if pulse] == [pytest.approx(1550.0)]


def test_release_stops_the_pulses_and_the_next_move_is_slow():
    factory = pins()
    servos = open_servos(board(neck_pan=neck()), SteppedClock(), factory)
    settled(servos, JointAngles(neck_pan_deg=60.0))
    servos.release()
    assert factory.pin(12).frequency is None
    servos.move(90.0, JointAngles(neck_pan_deg=-60.0))
    assert pulses_us(factory, 12)[-1] == pytest.approx(1500 + 60 / 90 * 500)
    assert servos.move(90.1, JointAngles(neck_pan_deg=-60.0)).neck_pan_deg == pytest.approx(57.0)


def test_an_unchanged_angle_is_not_written_again():
    factory = pins()
    servos = open_servos(board(neck_pan=neck()), SteppedClock(), factory)
    settled(servos, JointAngles(neck_pan_deg=10.0))
    written = len(pulses_us(factory, 12))
    settled(servos, JointAngles(neck_pan_deg=10.0), start_s=10.0)
    assert len(pulses_us(factory, 12)) == written


def test_close_frees_the_pins_and_may_come_twice():
    factory = pins()
    servos = open_servos(board(neck_pan=neck()), SteppedClock(), factory)
    servos.move(0.0, JointAngles())
    servos.close()
    servos.close()
    servos.release()
    assert factory.pin(12).frequency is None
    open_servos(board(neck_pan=neck()), SteppedClock(), factory).close()


@settings(max_examples=60)
@given(st.lists(st.tuples(ANYTHING, ANYTHING, ANYTHING, ANYTHING), max_size=40))
def test_no_pulse_ever_leaves_the_limits_whatever_is_asked(moves):
    factory = pins()
    starter = load_board("starter_face")
    servos = open_servos(starter, SteppedClock(), factory)
    for t_s, pan_deg, tilt_deg, jaw_deg in moves:
        servos.move(t_s, JointAngles(neck_pan_deg=pan_deg, neck_tilt_deg=tilt_deg, jaw_deg=jaw_deg))
    for joint in starter.joints.values():
        ends_us = sorted((joint.pulse_us(joint.min_deg), joint.pulse_us(joint.max_deg)))
        for pulse_us in filter(None, pulses_us(factory, joint.pin)):
            assert ends_us[0] - 1e-6 <= pulse_us <= ends_us[1] + 1e-6


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 0.5), ANYTHING), max_size=40))
@example([(0.0, 0.0), *[(0.5, 0.0)] * 9, (0.5, 2.0), (0.5, 5.0), (0.0078125, 0.0), (0.03125, 0.0)])
def test_no_two_pulses_are_further_apart_than_the_speed_allows(steps):
    factory = pins()
    spec = neck()
    servos = open_servos(board(neck_pan=spec), SteppedClock(), factory)
    t_s = moved_s = 0.0
    us_per_deg = 1000 / 180
    before_us = None
    for dt_s, pan_deg in steps:
        t_s += dt_s
        servos.move(t_s, JointAngles(neck_pan_deg=pan_deg))
        pulse_us = pulses_us(factory, 12)[-1]
        if before_us is not None and t_s - moved_s < LEAST_BETWEEN_S:
            assert pulse_us == before_us
            continue
        if before_us is not None:
            assert abs(pulse_us - before_us) <= 150 * min(t_s - moved_s, 0.1) * us_per_deg + 1e-6
        before_us, moved_s = pulse_us, t_s


@given(st.floats(-170, 0), st.floats(0, 170))
def test_the_ends_of_an_odd_servo_range_can_be_reached(low_deg, high_deg):
    spec = neck(min_deg=low_deg, max_deg=high_deg, servo_min_deg=low_deg - 0.1, servo_max_deg=high_deg + 0.1)
    servo = GpioServo(spec, pins())
    servo.turn(low_deg)
    servo.turn(high_deg)
    servo.close()


def test_a_pin_in_use_is_named_and_the_pins_before_it_are_freed():
    factory = pins()
    held = GpioServo(neck(pin=13), factory)
    two = board(neck_pan=neck(pin=12), neck_tilt=neck(pin=13))
    with pytest.raises(DeviceError, match="GPIO13: cannot be used"):
        open_servos(two, SteppedClock(), factory)
    held.close()
    open_servos(two, SteppedClock(), factory).close()


def test_a_computer_without_pins_says_so(monkeypatch):
    monkeypatch.setenv("GPIOZERO_PIN_FACTORY", "native")
    monkeypatch.setattr(Device, "pin_factory", None)
    with pytest.raises(DeviceError, match="GPIO12: "):
        open_servos(board(neck_pan=neck()), SteppedClock())


def test_a_servo_that_does_not_answer_is_a_lost_device():
    class Dead:
        def turn(self, joint_deg):
            raise OSError(121, "Remote I/O error")

        detach = close = lambda self: None

    servos = JointServos({"neck_pan": neck()}, {"neck_pan": Dead()})
    with pytest.raises(DeviceLost, match=r"servo of neck_pan does not answer .Remote I/O error"):
        servos.move(0.0, JointAngles())


def test_joints_without_a_servo_are_echoed():
    servos = open_servos(board(neck_pan=neck()), SteppedClock(), pins())
    wanted = JointAngles(jaw_deg=10.0, lid_left_deg=math.nan)
    assert servos.move(0.0, wanted) == JointAngles(jaw_deg=10.0)
