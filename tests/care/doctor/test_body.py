"""Servos and lights: every one is tried, timed, and never past its limits."""

from dataclasses import replace
from itertools import pairwise

import pytest

from hardware.boards import load_board
from hardware.clock import SteppedClock
from hardware.errors import DeviceError, DeviceLost
from hardware.virtual.body import VirtualLights, VirtualServos
from robot.care.doctor.checks import lights, servos
from tests.care.doctor.patient import only, patient

THROTTLED = "sys/devices/platform/soc/soc:firmware/get_throttled"


class Watched(VirtualServos):
    def __init__(self, clock, limits, on_pulse=lambda joints: None, slow_s=0.0):
        super().__init__(limits)
        self._clock, self._on_pulse, self._slow_s = clock, on_pulse, slow_s
        self.seen, self.released, self.closed = [], False, False

    def move(self, t_s, angles):
        self._clock.wait_s(self._slow_s)
        commanded = super().move(t_s, angles)
        self.seen.append(commanded)
        self._on_pulse(commanded)
        return commanded

    def release(self):
        super().release()
        self.released = True

    def close(self):
        super().close()
        self.closed = True


def watched(**how):
    clock, board = SteppedClock(), load_board("starter_face")
    parts = Watched(clock, board.limits, **how)
    return patient(clock, servos=lambda: parts), parts


def test_each_joint_moves_a_little_to_both_sides_and_is_let_go():
    subject, parts = watched()
    finding = only(servos.examine(subject))
    assert finding.severity == "ok"
    assert "3 joints" in finding.what
    for joint, low, high in (("neck_pan", -4, 4), ("neck_tilt", -4, 4), ("jaw", 0, 4)):
        angles = [getattr(pose, f"{joint}_deg") for pose in parts.seen]
        assert min(angles) == pytest.approx(low, abs=0.3)
        assert max(angles) == pytest.approx(high, abs=0.3)
    assert parts.released
    assert parts.closed


def test_no_two_joints_move_at_once():
    subject, parts = watched()
    list(servos.examine(subject))
    for pose in parts.seen:
        away = [joint for joint in ("neck_pan", "neck_tilt", "jaw") if abs(getattr(pose, f"{joint}_deg")) > 0.6]
        assert len(away) <= 1


def test_a_servo_that_makes_the_voltage_dip_is_named(tmp_path):
    path = tmp_path / THROTTLED
    path.parent.mkdir(parents=True)
    path.write_text("0\n")

    def dip(pose):
        if pose.neck_tilt_deg > 2:
            path.write_text("50001\n")

    subject, _ = watched(on_pulse=dip)
    found = list(servos.examine(replace(subject, root=tmp_path)))
    assert [each.severity for each in found] == ["fault", "ok"]
    assert "voltage dips when neck_tilt moves" in found[0].what
    assert "supply of their own" in found[0].fix


def test_a_slow_bus_and_a_dead_servo_are_named():
    finding = only(servos.examine(watched(slow_s=0.05)[0]))
    assert (finding.severity, "takes 50 ms" in finding.what) == ("warning", True)

    def dead(pose):
        raise DeviceLost("servo of neck_pan does not answer (Remote I/O error); check its wires and power")

    assert "neck_pan does not answer" in only(servos.examine(watched(on_pulse=dead)[0])).what


def test_still_boards_without_servos_and_a_bus_that_is_not_there():
    def gone():
        raise DeviceError("/dev/i2c-1: cannot be opened (No such file or directory); switch I2C on")

    assert only(servos.examine(patient(still=True, servos=gone))).severity == "note"
    assert only(servos.examine(patient(board="lights_and_speaker", servos=gone))).severity == "note"
    assert only(servos.examine(patient(servos=gone))).severity == "fault"


def test_every_light_shines_for_itself_and_nothing_flashes_fast():
    clock, shown = SteppedClock(), []
    parts = VirtualLights(3, on_show=lambda pixels: shown.append((clock.now_s(), pixels.colours)))
    finding = only(lights.examine(patient(clock, lights=lambda: parts)))
    assert (finding.severity, finding.measured["lights"]) == ("ok", 3)
    alone = [[any(colour) for colour in row] for _, row in shown[:3]]
    assert alone == [[True, False, False], [False, True, False], [False, False, True]]
    assert [row[0].index(max(row[0])) for _, row in shown[3:6]] == [0, 1, 2]
    times_s = [t_s for t_s, _ in shown]
    assert min(b - a for a, b in pairwise(times_s)) > 1 / 3
    assert not any(any(colour) for colour in shown[-1][1]), "dark at the end"


def test_lights_that_do_not_answer_are_a_fault_and_still_ones_are_left():
    def gone():
        raise DeviceError("/dev/spidev0.0: cannot be used; switch SPI on")

    assert only(lights.examine(patient(lights=gone))).severity == "fault"
    assert only(lights.examine(patient(lights=gone, still=True))).severity == "note"
