"""A child process that answers frames with frames: for libraries that may crash, hang or hold up the robot."""

import os
import select
import subprocess
import threading
from collections.abc import Sequence
from pathlib import Path

from hardware.clock import MonotonicClock
from robot.errors import RapportError
from robot.framing import LONGEST_FRAME, framed


class HelperProcess:
    """A child process that is started when it is first asked, and again when it died; one that hangs is killed.

    `name` is what errors call it, such as `the speech helper`, and `failure` what they are.
    """

    def __init__(self, command: Sequence[str], time_limit_s: float, name: str, failure: type[RapportError]) -> None:
        self._command = list(command)
        self._time_limit_s = time_limit_s
        self._name = name
        self._failure = failure
        self._clock = MonotonicClock()
        self._asking = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._closed = False

    @property
    def pid(self) -> int | None:
        """The child's process number, or None while there is none."""
        return self._child.pid if self._child is not None else None

    def ask(self, payload: bytes) -> bytes:
        """Send a frame and return the answer, starting the child where there is none.

        Raises:
            RapportError: `failure`: it did not answer in time, died twice, or was closed.
        """
        with self._asking:
            try:
                return self._ask_once(payload)
            except _DiedError:
                pass  # once is an accident
            try:
                return self._ask_once(payload)
            except _DiedError as error:
                raise self._failure(str(error)) from None

    def close(self) -> None:
        """End the child for good, also from another thread while it is being asked."""
        self._closed = True
        child = self._child
        if child is not None:
            child.kill()  # whoever is asking sees the pipe end and lets go of the lock
        with self._asking:
            self._end()

    def _ask_once(self, payload: bytes) -> bytes:
        child = self._running()
        deadline_s = self._clock.now_s() + self._time_limit_s
        try:
            assert child.stdin is not None
            child.stdin.write(framed(payload))
            length = int.from_bytes(self._read(child, 4, deadline_s), "big")
            if length > LONGEST_FRAME:
                raise _DiedError(f"{self._name} announced {length} bytes; it was stopped")
            return self._read(child, length, deadline_s)
        except OSError as error:
            self._end()
            raise _DiedError(f"{self._name} went away ({error}); it is started anew when next asked") from None
        except (_DiedError, RapportError):
            self._end()
            raise

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._closed:
            raise self._failure(f"{self._name} was closed; it answers no more")
        if self._child is None:
            home = Path(__file__).resolve().parents[1]  # where `robot` can be imported from, installed or not
            try:
                self._child = subprocess.Popen(
                    self._command,
                    bufsize=0,
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.DEVNULL,
                    cwd=home,
                )
            except OSError as error:
                raise self._failure(f"{self._name} cannot be started ({error})") from None
        return self._child

    def _read(self, child: "subprocess.Popen[bytes]", count: int, deadline_s: float) -> bytes:
        assert child.stdout is not None
        descriptor = child.stdout.fileno()
        poll = select.poll()
        poll.register(descriptor, select.POLLIN)
        chunks: list[bytes] = []
        while count > 0:
            left_ms = 1000.0 * (deadline_s - self._clock.now_s())
            if left_ms <= 0 or not poll.poll(left_ms):
                raise self._failure(f"{self._name} took longer than {self._time_limit_s} s; it was stopped")
            chunk = os.read(descriptor, min(count, 65536))
            if not chunk:
                raise _DiedError(f"{self._name} ended; it is started anew when next asked")
            chunks.append(chunk)
            count -= len(chunk)
        return b"".join(chunks)

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()


class _DiedError(Exception):
    """The child ended in the middle of an answer."""
