"""When the gaze has gone somewhere else."""

from robot.body.gaze_shift import GAZE_SHIFT_DEG, GazeWatch, gaze_shifted
from robot.body.habit import HabitContext


def looking(pan_deg, tilt_deg=0.0):
    return HabitContext(gaze_pan_deg=pan_deg, gaze_tilt_deg=tilt_deg)


def test_either_axis_makes_a_shift_and_both_together_do_not_add_up():
    assert gaze_shifted(looking(0.0), looking(-GAZE_SHIFT_DEG))
    assert gaze_shifted(looking(0.0), looking(0.0, GAZE_SHIFT_DEG))
    assert not gaze_shifted(looking(0.0), looking(GAZE_SHIFT_DEG - 0.1, GAZE_SHIFT_DEG - 0.1))


def test_a_slow_turn_is_noticed_once_it_has_gone_far():
    watch = GazeWatch()
    noticed = [pan_deg for pan_deg in range(20) if watch.shifted(looking(float(pan_deg)))]
    assert noticed == [8, 16]
