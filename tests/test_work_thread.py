"""A thread that does jobs in order: nobody waits for it, it fails aloud, and it ends."""

import threading

import pytest

from robot.work_thread import WorkThread
from tests.finished import finished


class Gate:
    """Work that begins at once and ends when it is let go."""

    def __init__(self):
        self.begun, self.go, self.seen = threading.Event(), threading.Event(), []

    def __call__(self, job):
        self.seen.append(job)
        self.begun.set()
        self.go.wait()
        return job


@pytest.fixture
def gate():
    gate = Gate()
    yield gate
    gate.go.set()


def test_jobs_are_done_in_order_after_the_warming_up(gate):
    warmed = []
    thread = WorkThread("work", gate, 3, lambda: warmed.append(list(gate.seen)))
    thread.put(1)
    thread.put(2)
    assert thread.finished() == []
    thread.start()
    gate.go.set()
    assert finished(thread, 2) == [1, 2]
    assert warmed == [[]]
    thread.close()


def test_the_oldest_that_waits_is_given_back_when_there_are_too_many(gate):
    thread = WorkThread("work", gate, 2)
    thread.start()
    thread.put(0)
    gate.begun.wait()
    assert [thread.put(job) for job in (1, 2, 3, 4)] == [None, None, 1, 2]
    gate.go.set()
    assert finished(thread, 3) == [0, 3, 4]
    thread.close()


def test_what_breaks_the_thread_is_raised_to_its_owner():
    def broken(job):
        raise ZeroDivisionError

    thread = WorkThread("work", broken, 2)
    thread.start()
    thread.put(0)
    with pytest.raises(ZeroDivisionError):
        finished(thread, 1)
    thread.close()


def test_closing_ends_the_thread_and_what_waited_is_not_done(gate):
    thread = WorkThread("work that ends", gate, 2)
    thread.start()
    thread.put(0)
    gate.begun.wait()
    thread.put(1)
    closing = threading.Thread(target=thread.close)
    closing.start()
    while thread._waiting:
        threading.Event().wait(0.001)
    gate.go.set()
    closing.join()
    assert gate.seen == [0]
    assert not any(each.name == "work that ends" for each in threading.enumerate())


def test_one_that_never_began_can_be_closed(gate):
    WorkThread("work", gate, 2).close()
