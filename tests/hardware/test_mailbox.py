"""Mailboxes hold little, keep order, and count what they drop."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardware.errors import DeviceLost
from hardware.mailbox import FifoMailbox, LatestMailbox


def test_a_late_reader_gets_the_newest_frame_and_the_rest_is_counted():
    box = LatestMailbox[int]()
    for value in range(5):
        box.put(value)
    assert box.take() == 4
    assert box.take() is None
    assert box.dropped == 4


def test_sound_comes_in_order_and_the_oldest_goes_first():
    box = FifoMailbox[int](3)
    for value in range(5):
        box.put(value)
    assert [box.take(), box.take(), box.take(), box.take()] == [2, 3, 4, None]
    assert box.dropped == 2


@given(st.lists(st.one_of(st.none(), st.integers()), max_size=60), st.integers(1, 8))
def test_every_value_is_taken_dropped_or_still_held(steps, capacity):
    """None is a take, a number a put."""
    box = FifoMailbox[int](capacity)
    put = [step for step in steps if step is not None]
    taken = [value for step in steps if (value := box.take() if step is None else box.put(step)) is not None]
    held = []
    while (value := box.take()) is not None:
        held.append(value)
    assert len(put) == len(taken) + len(held) + box.dropped
    assert len(held) <= capacity
    assert held == put[len(put) - len(held) :]


def test_a_waiting_reader_is_woken_by_a_value():
    box = FifoMailbox[str](2)
    writer = threading.Thread(target=box.put, args=("here",))
    writer.start()
    assert box.take(timeout_s=30.0) == "here"
    writer.join()


def test_a_waiting_reader_is_woken_by_close():
    box = LatestMailbox[str]()
    got = []
    reader = threading.Thread(target=lambda: got.append(box.take(timeout_s=30.0)))
    reader.start()
    box.close()
    reader.join(10.0)
    assert got == [None]
    assert box.closed


def test_a_closed_mailbox_takes_nothing_more():
    box = FifoMailbox[int](1)
    box.close()
    box.put(1)
    box.close()
    assert box.take() is None
    assert box.dropped == 0


def test_what_came_before_the_loss_is_still_read():
    box = FifoMailbox[int](4)
    box.put(1)
    box.lose("camera 0: gone; check its cable")
    assert box.take() == 1
    with pytest.raises(DeviceLost, match="camera 0: gone"):
        box.take(timeout_s=30.0)


def test_a_mailbox_without_room_is_refused():
    with pytest.raises(ValueError, match="room for one"):
        FifoMailbox[int](0)
