"""Faults 49 to 51: a supply that dips, a servo bus that sticks or is flooded, a processor that is too hot."""

from itertools import pairwise

import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from hardware.boards import load_board
from hardware.clock import SteppedClock
from hardware.errors import DeviceLost
from hardware.pi.servos import LEAST_BETWEEN_S, open_servos
from hardware.pi.vitals import Vitals
from hardware.ports import JOINTS, JointAngles
from hardware.virtual.body import VirtualServos
from robot.body.ailments import ailing
from robot.care.keeper import Keeper
from robot.care.kept import KeptServos
from robot.care.supply import CALM_S, HOME_S, SparingServos, Supply
from tests.hardware.test_pca9685 import ChipModel

FAR = JointAngles(neck_pan_deg=50.0, jaw_deg=20.0)


class Board:
    """The vitals of a board that a test makes dip or heat up."""

    def __init__(self):
        self.now = Vitals(under_voltage=False, throttled=False)

    def __call__(self):
        return self.now


def drive(servos, clock, seconds, wanted=FAR):
    poses = []
    for _ in range(round(seconds * 50)):
        poses.append(servos.move(clock.now_s(), wanted))
        clock.wait_s(0.02)
    return poses


def test_f49_while_the_voltage_is_low_the_face_goes_home_slowly_and_lets_go():
    board = Board()
    clock = SteppedClock()
    supply, real = Supply(clock, board), VirtualServos()
    servos = SparingServos(real, supply)
    assert drive(servos, clock, 4.0)[-1].neck_pan_deg == 50.0
    board.now = Vitals(under_voltage=True, throttled=False)
    poses = drive(servos, clock, HOME_S + 2.0)
    assert supply.power() == "weak"
    assert supply.dips == 1
    pans = [pose.neck_pan_deg for pose in poses]
    assert max(abs(b - a) for a, b in pairwise(pans)) <= 50 / HOME_S * 0.02 * 3
    assert abs(pans[-1]) < 1.0
    assert not real.holding, "no torque, no current"

    board.now = Vitals(under_voltage=False, throttled=False)
    drive(servos, clock, 1.0)
    assert supply.power() == "weak", "one good second is not enough"
    clock.wait_s(CALM_S)
    assert drive(servos, clock, 4.0)[-1].neck_pan_deg == 50.0
    assert real.holding


def test_f49_weak_power_shows_and_is_told():
    board = Board()
    supply = Supply(SteppedClock(), board)
    assert supply.power() == "ok"
    board.now = Vitals(under_voltage=True)
    supply = Supply(SteppedClock(), board)
    assert ailing({"power": supply.power()}).name == "degraded"


def test_f49_a_chip_that_answers_no_more_is_lost_and_every_pulse_is_off_when_it_is_back():
    clock, chip, face = SteppedClock(), ChipModel(), load_board("eight_joint_face")
    keeper = Keeper("servos", lambda: open_servos(face, clock, open_bus=lambda number: chip), clock)
    servos = KeptServos(keeper)
    drive(servos, clock, 2.0)
    chip.alive = False
    drive(servos, clock, 3.0, JointAngles())
    assert keeper.state == "lost"
    servos.release()
    chip.alive = True
    chip.registers[0x09] = 0x03  # a pulse that was left on
    clock.wait_s(6.0)
    servos.move(clock.now_s(), JointAngles())
    assert keeper.state == "ok"
    assert chip.pulse_us(0) == pytest.approx(1450, abs=2.5)


def test_f50_a_bus_that_goes_in_the_middle_of_letting_go_stops_nothing():
    clock, chip, face = SteppedClock(), ChipModel(), load_board("eight_joint_face")
    keeper = Keeper("servos", lambda: open_servos(face, clock, open_bus=lambda number: chip), clock)
    servos = KeptServos(keeper)
    drive(servos, clock, 1.0)
    chip.alive = False
    servos.release()
    assert keeper.state == "lost"
    assert servos.move(clock.now_s(), FAR) == FAR, "the wish is echoed, nothing moves"


class Counting(ChipModel):
    writes = 0

    def write(self, address, data):
        self.writes += 1
        super().write(address, data)


def test_f50_a_storm_of_commands_reaches_the_bus_no_faster_than_servos_can_use_it():
    clock, chip, face = SteppedClock(), Counting(), load_board("eight_joint_face")
    servos = open_servos(face, clock, open_bus=lambda number: chip)
    before = chip.writes
    for step in range(20_000):
        wish = {f"{joint}_deg": 60.0 * (-1) ** (step // 997) for joint in JOINTS}
        servos.move(step * 0.0001, JointAngles(**wish))
    assert chip.writes - before <= (2.0 / LEAST_BETWEEN_S + 1) * len(face.joints)
    for joint in face.joints.values():
        ends_us = sorted((joint.pulse_us(joint.min_deg), joint.pulse_us(joint.max_deg)))
        assert ends_us[0] - 2.5 <= chip.pulse_us(joint.channel) <= ends_us[1] + 2.5


def test_f50_a_write_that_fails_again_and_again_is_tried_ever_more_rarely():
    clock, tries = SteppedClock(), []

    def stuck():
        tries.append(clock.now_s())
        raise DeviceLost("servo of jaw does not answer (Connection timed out); check its wires and power")

    servos = KeptServos(Keeper("servos", stuck, clock, forgiving=True))
    drive(servos, clock, 60.0)
    assert len(tries) < 20


def test_f50_on_pins_nothing_is_left_pulsing_when_the_robot_ends():
    factory = MockFactory(pin_class=MockPWMPin)
    servos = open_servos(load_board("starter_face"), SteppedClock(), factory)
    servos.move(0.0, JointAngles())
    servos.close()
    assert [factory.pin(number).frequency for number in (12, 13, 26)] == [None] * 3


def test_f51_a_processor_that_is_slowed_down_for_heat_is_told_and_the_face_pants():
    board = Board()
    clock = SteppedClock()
    supply = Supply(clock, board)
    assert supply.processor() == "ok"
    board.now = Vitals(throttled=True, under_voltage=False)
    clock.wait_s(1.1)
    assert supply.processor() == "hot"
    assert ailing({"processor": supply.processor()}).name == "hot"
    board.now = Vitals(throttled=False, under_voltage=False)
    clock.wait_s(1.1)
    assert supply.processor() == "ok"
