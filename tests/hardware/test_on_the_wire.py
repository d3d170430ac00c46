"""What leaves the drivers, byte for byte and pulse for pulse, against tables worked out by hand from the data sheets.

PCA9685: NXP data sheet, revision 4: register map (table 4), PRE_SCALE (7.3.5), LEDn_ON and LEDn_OFF (7.3.3).
WS2812B: Worldsemi data sheet, "data transfer time", "composition of 24 bit data". APA102: Shiji data sheet.
"""

import pytest
from gpiozero.pins.mock import MockFactory, MockPWMPin

from hardware.boards import load_board, shipped_boards
from hardware.clock import SteppedClock
from hardware.pi.lights import open_lights
from hardware.pi.pixels import APA102_HZ, WS2812_HZ, apa102_frame, ws2812_frame
from hardware.pi.servos import open_servos
from hardware.ports import JointAngles, Pixels


class RecordedBus:
    """Every write as the bus carries it: address and bytes."""

    def __init__(self):
        self.writes, self.closed = [], False

    def write(self, address, data):
        self.writes.append((address, data.hex(" ")))

    def read(self, address, register):
        raise AssertionError("the driver only writes")

    def close(self):
        self.closed = True


def test_a_face_on_the_pca9685_from_power_up_to_the_end():
    bus, clock = RecordedBus(), SteppedClock()
    servos = open_servos(load_board("eight_joint_face"), clock, open_bus=lambda number: bus)
    assert bus.writes == [
        (0x40, "fd 10"),  # ALL_LED_OFF_H, full off: no pulse left over from before
        (0x40, "00 30"),  # MODE1: auto-increment, sleep; the prescaler is locked while the oscillator runs
        (0x40, "fe 79"),  # PRE_SCALE 121: round(25 MHz / (4096 * 50 Hz)) - 1
        (0x40, "00 20"),  # MODE1: auto-increment, awake
    ]
    bus.writes.clear()
    servos.move(0.0, JointAngles())
    # Neutral is 1450 us; one of 4096 steps is 122 / 25 MHz = 4.88 us, so 297 = 0x0129 steps. LED0_ON_L is register 6.
    assert bus.writes == [(0x40, f"{6 + 4 * channel:02x} 00 00 29 01") for channel in range(8)]
    bus.writes.clear()
    servos.release()
    assert bus.writes == [(0x40, f"{6 + 4 * channel:02x} 00 00 00 10") for channel in range(8)]
    bus.writes.clear()
    servos.close()
    assert bus.writes[0] == (0x40, "fd 10")
    assert bus.closed


@pytest.mark.parametrize(
    ("joint", "angle_deg", "steps"),
    [
        # pulse = 500 + (angle + 90) / 180 * 1900 us, reversed joints the other way round; steps of 4.88 us
        ("neck_pan", 60.0, 427),  # 2083.3 us
        ("neck_pan", -60.0, 167),  # 816.7 us
        ("brow_right", 25.0, 243),  # reversed: 1186.1 us
        ("lid_left", -40.0, 211),  # 1027.8 us
        ("mouth_right", -30.0, 362),  # reversed: 1766.7 us
    ],
)
def test_the_steps_of_a_pulse_are_those_worked_out_by_hand(joint, angle_deg, steps):
    bus, face = RecordedBus(), load_board("eight_joint_face")
    servos = open_servos(face, SteppedClock(), open_bus=lambda number: bus)
    for tick in range(300):
        servos.move(tick / 50, JointAngles(**{f"{joint}_deg": angle_deg}))
    register = 6 + 4 * face.joints[joint].channel
    mine = [data for _, data in bus.writes if data.startswith(f"{register:02x} ")]
    assert mine[-1] == f"{register:02x} 00 00 {steps & 0xFF:02x} {steps >> 8:02x}"


def test_ws2812_bits_are_three_spi_bits_each_green_first():
    # 0xff is eight times 110: db 6d b6. 0x00 is eight times 100: 92 49 24. 0x80 is 110 and seven times 100: d2 49 24.
    green, red, blue = "92 49 24", "db 6d b6", "d2 49 24"
    frame = ws2812_frame([(1.0, 0.0, 128 / 255)])
    assert frame[:10].hex(" ") == f"00 {green} {red} {blue}"
    assert frame[10:] == bytes(90)
    assert pytest.approx(1.25) == 1e6 / WS2812_HZ * 3, "a bit lasts 1.25 us"
    assert 0.2 <= 1e6 / WS2812_HZ <= 0.5, "a 0 is high for 0.4 us, within 0.15"
    assert len(frame[10:]) * 8e6 / WS2812_HZ >= 280, "and silence ends it"


def test_apa102_frames_begin_with_zeros_and_end_with_clock_edges():
    frame = apa102_frame([(1.0, 0.5, 0.0), (0.0, 0.0, 1.0)])
    assert frame[:4].hex(" ") == "00 00 00 00"
    assert frame[4:8].hex(" ") == "ff 00 80 ff"
    assert frame[8:12].hex(" ") == "ff ff 00 00"
    assert set(frame[12:]) == {0}
    assert APA102_HZ <= 15_000_000


def test_a_chain_on_spi_is_opened_at_its_rate_and_sent_as_one_frame():
    sent, rates = [], []

    class Wire:
        def write(self, data):
            sent.append(data)

        def close(self):
            sent.append(b"closed")

    lights = open_lights(load_board("eight_joint_face"), open_spi=lambda rate: (rates.append(rate), Wire())[1])
    lights.show(Pixels(((1.0, 1.0, 1.0),)))
    assert rates == [2_400_000]
    level = ws2812_frame([(0.35, 0.35, 0.35)])[1:10]
    assert sent == [bytes(1) + level * 12 + bytes(90)]
    lights.close()
    assert sent[1] == ws2812_frame([(0.0, 0.0, 0.0)] * 12)
    assert sent[2] == b"closed"


POSES = (
    JointAngles(),
    JointAngles(neck_pan_deg=60.0, neck_tilt_deg=35.0, jaw_deg=30.0),
    JointAngles(neck_pan_deg=-60.0, neck_tilt_deg=-30.0, jaw_deg=0.0),
    JointAngles(neck_pan_deg=12.5, neck_tilt_deg=-7.0, jaw_deg=15.0),
)


@pytest.mark.parametrize("pose", POSES)
def test_every_pose_on_pins_has_its_pulse_width_at_fifty_a_second_and_none_at_rest(pose):
    factory, face = MockFactory(pin_class=MockPWMPin), load_board("starter_face")
    servos = open_servos(face, SteppedClock(), factory)
    for tick in range(400):
        servos.move(tick / 50, pose)
    for name, joint in face.joints.items():
        pin = factory.pin(joint.pin)
        assert pin.frequency == 50
        assert pin.state / 50 * 1e6 == pytest.approx(joint.pulse_us(getattr(pose, f"{name}_deg")), abs=0.01)
    servos.release()
    assert [factory.pin(joint.pin).frequency for joint in face.joints.values()] == [None] * 3


@pytest.mark.parametrize("name", shipped_boards())
def test_lights_on_pins_are_dimmed_a_hundred_times_a_second(name):
    face = load_board(name)
    if face.lights.pins is None:
        return
    factory = MockFactory(pin_class=MockPWMPin)
    lights = open_lights(face, factory)
    lights.show(Pixels(((0.25, 0.5, 1.0),)))
    assert [factory.pin(pin).frequency for pin in face.lights.pins] == [100] * 3
    assert [factory.pin(pin).state for pin in face.lights.pins] == [0.25, 0.5, 1.0]
    lights.close()
