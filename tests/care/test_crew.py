import gc
import threading
import weakref

import pytest

from robot.care.crew import Crew, Task

LONG_S = 20.0


def test_each_task_delivers_what_it_found():
    found = threading.Event()
    crew = Crew({"sight": Task(lambda: 7, lambda value: found.set() if value == 7 else None)})
    crew.start()
    assert found.wait(LONG_S)
    crew.stop()


def test_a_thread_that_hangs_is_replaced_and_what_it_brings_later_is_dropped():
    gate, entered, delivered = threading.Event(), threading.Event(), []
    second = threading.Event()
    calls = iter(["old", "new"])

    def work():
        mine = next(calls, "later")
        if mine == "old":
            entered.set()
            gate.wait(LONG_S)
        return mine

    def deliver(value):
        delivered.append(value)
        second.set()

    crew = Crew({"sight": Task(work, deliver)})
    crew.start()
    assert entered.wait(LONG_S)
    crew.renew("sight")
    assert second.wait(LONG_S), "the new thread works while the old one hangs"
    gate.set()
    crew.stop()
    assert "old" not in delivered
    assert crew.left_behind == 1


def test_what_breaks_a_thread_is_kept_until_it_is_renewed():
    broken = threading.Event()

    def work():
        broken.set()
        raise RuntimeError("the model broke")

    crew = Crew({"sight": Task(work, lambda _found: None)})
    crew.start()
    assert broken.wait(LONG_S)
    crew.stop()
    assert str(crew.failure("sight")) == "the model broke"
    with pytest.raises(RuntimeError, match="the model broke"):
        crew.raise_failure()
    crew.dismiss("sight")
    assert crew.failure("sight") is None


def test_what_a_broken_thread_worked_with_goes_when_it_is_let_go():
    class Models:
        pass

    broken, kept = threading.Event(), []

    def work():
        models = Models()
        kept.append(weakref.ref(models))
        broken.set()
        raise RuntimeError("the model broke")

    crew = Crew({"sight": Task(work, lambda _found: None)})
    gc.disable()
    try:
        crew.start()
        assert broken.wait(LONG_S)
        crew.stop()
        assert kept[0]() is not None, "the traceback says where it broke"
        crew.dismiss("sight")
        assert kept[0]() is None, "at once: the collector of cycles comes seldom"
    finally:
        gc.enable()
