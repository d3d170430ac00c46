"""Waiting for a device only so long: a call that may hang inside native code, such as a run on a USB accelerator."""

import queue
import threading
from collections.abc import Callable
from typing import TypeVar

from robot.errors import InferenceError

T = TypeVar("T")


def call_within(limit_s: float, call: Callable[[], T]) -> T:
    """What `call` returns, if it does so within `limit_s` seconds of real time.

    The call runs in a thread of its own. One that hangs is left behind: native code cannot be stopped, and a daemon
    thread does not keep the process alive. It helps only where the native code lets go of Python's lock, as a run of an
    interpreter does.

    Raises:
        InferenceError: the call did not return in time, or failed.
    """
    answers: queue.SimpleQueue[T | InferenceError] = queue.SimpleQueue()

    def work() -> None:
        try:
            answers.put(call())
        except InferenceError as error:
            answers.put(error)
        except (RuntimeError, ValueError, OSError) as error:
            answers.put(InferenceError(f"the accelerator failed: {error}; running on the processor"))

    threading.Thread(target=work, name="accelerator", daemon=True).start()
    try:
        answer = answers.get(timeout=limit_s)
    except queue.Empty:
        raise InferenceError(f"the accelerator did not answer within {limit_s:g} s; running on the processor") from None
    if isinstance(answer, InferenceError):
        raise answer
    return answer
