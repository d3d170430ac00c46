"""Servos are calibrated slowly, one at a time, within the board; what is finished stays when the person stops."""

from contextlib import suppress
from itertools import pairwise

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardware.boards import load_board
from hardware.boards.calibration import Calibration, JointCalibration, calibrated
from hardware.clock import SteppedClock
from hardware.errors import DeviceLost
from hardware.limits import SAFE_SPEED_DEG_S
from hardware.virtual.body import VirtualServos
from robot.care.calibration.dialogue import Stopped
from robot.care.calibration.servos import Bench, calibrate_servos, narrowed
from tests.care.calibration.person import Person

STARTER = load_board("starter_face")
EIGHT = load_board("eight_joint_face")


class Workshop:
    """A bench that remembers what was opened, what was sent and what was kept."""

    def __init__(self, board=STARTER):
        self.clock = SteppedClock()
        self.opened, self.sent, self.kept, self.closed = [], [], [], 0
        self.bench = Bench(board, self._open, self.clock, self.kept.append)

    def _open(self, board):
        self.opened.append(board)
        workshop = self

        class Watched(VirtualServos):
            def close(self):
                super().close()
                workshop.closed += 1

        return Watched(board.limits, on_move=lambda t_s, angles: self.sent.append((t_s, angles)))


def run(workshop, *answers, joints=(), so_far=None, again=False):
    person = Person(*answers)
    found = calibrate_servos(
        person, workshop.bench, so_far or Calibration(workshop.bench.board.name), tuple(joints), again=again
    )
    return found, person


def test_zero_direction_and_ends_are_found_and_kept():
    workshop = Workshop()
    answers = ("go", "++", "+", "-", "ok", "no", "+", "+", "+", "-", "ok", "max")
    found, _ = run(workshop, *answers, joints=["neck_pan"])
    joint = found.joints["neck_pan"]
    assert joint == JointCalibration(trim_deg=5.0, reversed=True, min_deg=-60.0, max_deg=6.0)
    assert workshop.kept[-1] == found
    real = calibrated(STARTER, found).joints["neck_pan"]
    assert real.pulse_us(0.0) == STARTER.joints["neck_pan"].pulse_us(5.0)


def test_nothing_moves_fast_or_two_at_a_time_and_servos_are_let_go():
    workshop = Workshop()
    run(workshop, "go", "++", "ok", "see", "yes", "max", "max", joints=["neck_tilt"])
    assert {tuple(board.joints) for board in workshop.opened} == {("neck_tilt",)}
    assert workshop.closed == len(workshop.opened) == 2
    for (a_s, a), (b_s, b) in pairwise(workshop.sent):
        if b_s > a_s:
            assert abs(b.neck_tilt_deg - a.neck_tilt_deg) <= SAFE_SPEED_DEG_S * min(b_s - a_s, 0.1) + 1e-9


ANSWERS = st.lists(st.sampled_from(["go", "--", "-", "+", "++", "ok", "yes", "no", "see", "max"]), max_size=60)


@settings(max_examples=60)
@given(ANSWERS, st.sampled_from(["neck_pan", "jaw", "neck_tilt"]))
def test_whatever_is_answered_no_limit_of_the_board_is_left_and_what_is_kept_can_be_loaded(answers, joint):
    workshop = Workshop()
    spec = STARTER.joints[joint]
    wanted = iter(answers)

    def fitting(question):
        offered = [each.key for each in question.answers]
        for answer in wanted:
            if answer in offered:
                return answer
        raise Stopped("no answers left")

    person = Person(*[fitting] * 100)
    with suppress(Stopped):
        calibrate_servos(person, workshop.bench, Calibration("starter_face"), (joint,))
    for _, angles in workshop.sent:
        assert spec.min_deg - 1e-9 <= getattr(angles, f"{joint}_deg") <= spec.max_deg + 1e-9
    for kept in workshop.kept:
        real = calibrated(STARTER, kept)
        assert spec.min_deg <= real.joints[joint].min_deg <= real.joints[joint].max_deg <= spec.max_deg
    assert workshop.closed == len(workshop.opened)


def test_stopping_keeps_the_finished_joints_and_the_next_time_goes_on_after_them():
    workshop = Workshop()
    whole = ("go", "ok", "yes", "max", "max")
    with pytest.raises(Stopped):
        run(workshop, *whole, "go", "+")
    kept = workshop.kept[-1]
    assert set(kept.joints) == {"neck_pan"}
    assert workshop.closed == len(workshop.opened), "stopped in the middle, the servo is let go"
    found, person = run(workshop, *whole, *whole, so_far=kept)
    assert set(found.joints) == {"neck_pan", "neck_tilt", "jaw"}
    assert "done before: neck_pan" in person.told[0]
    again, _ = run(workshop, "go", "++", "ok", "yes", "max", "max", joints=["jaw"], so_far=found, again=True)
    assert again.joints["jaw"].trim_deg == 5.0


def test_a_joint_may_be_left_as_it_is():
    workshop = Workshop()
    found, person = run(workshop, "skip", joints=["jaw"])
    assert found.joints == {}
    assert workshop.opened == []
    assert "left as it is" in person.told[0]


def test_a_horn_that_is_far_off_belongs_on_another_tooth():
    workshop = Workshop()
    answers = ["go", *["++"] * 8, "ok", "yes", "max", "max"]
    found, person = run(workshop, *answers, joints=["neck_pan"])
    assert any("another tooth" in text for text in person.told)
    assert found.joints["neck_pan"].trim_deg == 30.0
    calibrated(STARTER, found)


def test_a_trim_that_costs_range_narrows_the_joint_on_that_side():
    spec = narrowed(msgspec.structs.replace(EIGHT.joints["neck_pan"], trim_deg=45.0))
    assert (spec.min_deg, spec.max_deg) == (-60.0, 45.0)
    spec = narrowed(msgspec.structs.replace(EIGHT.joints["brow_right"], trim_deg=80.0))
    assert (spec.min_deg, spec.max_deg) == (-10.0, 25.0)


def test_a_servo_that_does_not_answer_ends_the_procedure_with_its_own_words():
    class Dead(VirtualServos):
        def move(self, t_s, angles):
            raise DeviceLost("servo of jaw does not answer; check its wires and power")

    bench = Bench(STARTER, lambda board: Dead(board.limits), SteppedClock(), lambda found: None)
    with pytest.raises(DeviceLost, match="servo of jaw"):
        calibrate_servos(Person("go"), bench, Calibration("starter_face"), ("jaw",))
