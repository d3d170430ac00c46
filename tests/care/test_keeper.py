from itertools import pairwise

import pytest

from hardware.clock import SteppedClock
from robot.care.keeper import LONGEST_RETRY_S, Keeper
from robot.errors import DeviceError, DeviceLost


class Plug:
    """A device factory that a test pulls and plugs."""

    def __init__(self):
        self.plugged = True
        self.opened = 0
        self.closed = 0

    def __call__(self):
        if not self.plugged:
            raise DeviceLost("nothing on the port; plug it in")
        self.opened += 1
        return self

    def close(self):
        self.closed += 1
        if not self.plugged:
            raise OSError("gone")


def test_a_part_that_was_not_asked_for_stays_off():
    keeper = Keeper("camera", None, SteppedClock())
    assert keeper.device() is None
    assert keeper.state == "off"


def test_before_it_was_tried_it_is_neither_well_nor_lost():
    plug = Plug()
    keeper = Keeper("camera", plug, SteppedClock())
    assert keeper.state == "waking"
    keeper.device()
    assert keeper.state == "ok"


def test_one_that_hangs_while_it_is_opened_for_the_first_time_is_lost():
    keeper = Keeper("camera", Plug(), SteppedClock())
    keeper.abandon("does not answer for 6 s")
    assert (keeper.state, keeper.fault) == ("lost", "does not answer for 6 s")


def test_an_open_device_is_kept_and_not_opened_twice():
    plug = Plug()
    keeper = Keeper("camera", plug, SteppedClock())
    assert keeper.device() is plug
    assert keeper.device() is plug
    assert (plug.opened, keeper.state) == (1, "ok")


def test_a_lost_device_comes_back_by_itself_once_it_is_plugged_in_again():
    clock, plug = SteppedClock(), Plug()
    keeper = Keeper("camera", plug, clock)
    keeper.device()
    plug.plugged = False
    keeper.lose(DeviceLost("cable pulled"))
    assert (keeper.state, keeper.fault, keeper.losses, plug.closed) == ("lost", "cable pulled", 1, 1)
    assert keeper.device() is None
    clock.wait_s(0.6)
    assert keeper.device() is None, "still unplugged"
    plug.plugged = True
    clock.wait_s(LONGEST_RETRY_S)
    assert keeper.device() is plug
    assert (keeper.state, keeper.fault) == ("ok", "")


def test_tries_grow_rarer_but_never_stop():
    clock, plug = SteppedClock(), Plug()
    plug.plugged = False
    tries = []
    keeper = Keeper("camera", lambda: (tries.append(clock.now_s()), plug())[1], clock)
    for _ in range(6000):
        keeper.device()
        clock.wait_s(0.01)
    gaps = [b - a for a, b in pairwise(tries)]
    assert gaps == sorted(gaps)
    assert max(gaps) == pytest.approx(LONGEST_RETRY_S, abs=0.02)


def test_a_part_that_can_never_work_is_an_error_not_a_retry():
    def missing():
        raise DeviceError("picamera2 is not installed; sudo apt install python3-picamera2")

    with pytest.raises(DeviceError, match="not installed"):
        Keeper("camera", missing, SteppedClock()).device()


def test_a_closed_keeper_never_opens_again():
    plug = Plug()
    keeper = Keeper("camera", plug, SteppedClock())
    keeper.device()
    keeper.close()
    keeper.close()
    assert keeper.device() is None
    assert (plug.closed, keeper.state) == (1, "off")


def test_a_part_that_has_worked_is_tried_again_whatever_keeps_it_from_opening():
    clock, plug = SteppedClock(), Plug()

    def open_plug():
        if not plug.plugged:
            raise DeviceError("no chip answers at I2C address 0x40; look with i2cdetect")
        return plug()

    keeper = Keeper("servos", open_plug, clock)
    keeper.device()
    plug.plugged = False
    keeper.lose(DeviceLost("cable pulled"))
    for _ in range(20):
        clock.wait_s(1.0)
        assert keeper.device() is None
    assert (keeper.state, keeper.losses) == ("lost", 1)
    assert "no chip answers" in keeper.fault
    plug.plugged = True
    clock.wait_s(LONGEST_RETRY_S)
    assert keeper.device() is plug
