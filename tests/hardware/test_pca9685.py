"""The PCA9685 driver writes the registers that the data sheet asks for, checked against a model of the chip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.boards import load_board
from hardware.clock import SteppedClock
from hardware.errors import DeviceError, DeviceLost
from hardware.pi.i2c import I2cBus
from hardware.pi.pca9685 import Pca9685, prescale, ticks
from hardware.pi.servos import open_servos
from hardware.ports import JointAngles


class ChipModel:
    """What the chip does with what is written to it: registers, auto-increment, sleep, and which outputs pulse."""

    def __init__(self, address=0x40):
        self.registers = [0] * 256
        self.registers[0] = 0x11  # MODE1 after power-up: asleep, answers all-call
        self.registers[0xFE] = 30
        self.address = address
        self.alive = True
        self.closed = False

    def write(self, address, data):
        if not self.alive or address != self.address:
            raise OSError(121, "Remote I/O error")
        register, *values = data
        assert len(values) <= 1 or self.registers[0] & 0x20, "several bytes need auto-increment"
        for offset, value in enumerate(values):
            self._set(register + offset, value)

    def read(self, address, register):
        return self.registers[register]

    def close(self):
        self.closed = True

    def _set(self, register, value):
        if register == 0xFE and not self.registers[0] & 0x10:
            return  # PRE_SCALE is locked while the oscillator runs
        self.registers[register] = value
        if register == 0xFD:
            for channel in range(16):
                self.registers[0x06 + 4 * channel + 3] = value

    def pulse_us(self, channel):
        """Length of the pulses on a channel; 0 for none."""
        base = 0x06 + 4 * channel
        on_l, on_h, off_l, off_h = self.registers[base : base + 4]
        if off_h & 0x10 or self.registers[0] & 0x10:
            return 0.0
        steps = (off_h << 8 | off_l) - (on_h << 8 | on_l)
        return steps * (self.registers[0xFE] + 1) / 25.0


def test_the_prescaler_is_what_the_data_sheet_computes():
    assert prescale(200) == 30  # the data sheet's own example, section 7.3.5
    assert prescale(50) == 121
    for impossible_hz in (10, 5000):
        with pytest.raises(ValueError, match="24 to 1526"):
            prescale(impossible_hz)


@given(st.floats(500, 2500), st.floats(40, 330))
def test_pulses_are_right_to_half_a_step(pulse_us, frequency_hz):
    chip = ChipModel()
    driver = Pca9685(chip, 0x40, frequency_hz, SteppedClock())
    driver.pulse(5, pulse_us)
    step_us = (prescale(frequency_hz) + 1) / 25.0
    assert chip.pulse_us(5) == pytest.approx(pulse_us, abs=step_us / 2 + 1e-6)
    assert 0 <= ticks(pulse_us, frequency_hz) < 4096


def test_the_chip_is_woken_with_every_output_off():
    chip, clock = ChipModel(), SteppedClock()
    chip.registers[0x09] = 0x03  # a pulse left over from before
    Pca9685(chip, 0x40, 50, clock)
    assert chip.registers[0xFE] == 121
    assert not chip.registers[0] & 0x10
    assert [chip.pulse_us(channel) for channel in range(16)] == [0.0] * 16
    assert clock.now_s() == pytest.approx(0.0005)


def test_a_whole_face_moves_on_its_channels_and_stays_inside_its_pulses():
    chip, face = ChipModel(), load_board("eight_joint_face")
    servos = open_servos(face, SteppedClock(), open_bus=lambda number: chip)
    assert all(chip.pulse_us(channel) == 0 for channel in range(16))
    far = JointAngles(**{f"{name}_deg": 500.0 for name in face.joints})
    for tick in range(300):
        commanded = servos.move(tick / 50, far)
    for name, joint in face.joints.items():
        assert getattr(commanded, f"{name}_deg") == joint.max_deg
        assert chip.pulse_us(joint.channel) == pytest.approx(joint.pulse_us(joint.max_deg), abs=2.5)
    assert [chip.pulse_us(channel) for channel in range(8, 16)] == [0.0] * 8
    servos.release()
    assert all(chip.pulse_us(channel) == 0 for channel in range(16))
    servos.close()
    servos.close()
    assert chip.closed


def test_close_stops_every_pulse():
    chip = ChipModel()
    servos = open_servos(load_board("eight_joint_face"), SteppedClock(), open_bus=lambda number: chip)
    servos.move(0.0, JointAngles())
    assert chip.pulse_us(0) > 0
    servos.close()
    assert all(chip.pulse_us(channel) == 0 for channel in range(16))


def test_a_chip_at_another_address_is_missed_and_the_bus_let_go():
    chip = ChipModel(address=0x41)
    with pytest.raises(DeviceError, match="no PCA9685 answers at I2C address 0x40"):
        open_servos(load_board("eight_joint_face"), SteppedClock(), open_bus=lambda number: chip)
    assert chip.closed


def test_a_chip_that_goes_is_lost_and_comes_back_when_built_anew():
    chip, face = ChipModel(), load_board("eight_joint_face")
    servos = open_servos(face, SteppedClock(), open_bus=lambda number: chip)
    servos.move(0.0, JointAngles())
    chip.alive = False
    with pytest.raises(DeviceLost, match="neck_pan does not answer"):
        for tick in range(1, 10):
            servos.move(tick / 50, JointAngles(neck_pan_deg=20))
    servos.close()
    chip.alive = True
    again = open_servos(face, SteppedClock(), open_bus=lambda number: chip)
    again.move(0.0, JointAngles())
    assert chip.pulse_us(0) == pytest.approx(1450, abs=2.5)


def test_a_bus_that_is_not_there_says_how_to_switch_it_on():
    with pytest.raises(DeviceError, match=r"/dev/i2c-99: cannot be opened .*raspi-config"):
        I2cBus(99)
