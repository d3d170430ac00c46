"""An accelerator in a process of its own: found late, given up when it fails or hangs, taken back when it returns.

Whoever asks waits `RUN_LIMIT_S` at most, once; from then on the processor answers, until a new process has loaded every
model and its answers were proved. Starting happens beside, in a thread that only waits for the process.
"""

import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import msgspec
import numpy as np
from numpy.typing import NDArray

from hardware.clock import Clock
from hardware.ports import RunBytes
from robot.errors import DeviceLost, ModelRefused
from robot.inference.coprocess_wire import Answer, Request

RUN_LIMIT_S = 1.0
"""A run on an Edge TPU takes milliseconds; after this long it hangs."""

LOAD_LIMIT_S = 15.0
"""Loading its firmware over USB takes some seconds, the first time after it was plugged in."""

LOOK_EVERY_S = 1.0
"""How often it is looked for while it is away."""

FIRST_RETRY_S = 2.0
LONGEST_RETRY_S = 60.0

MOST_MODELS = 4
"""Two of each sense: while a new version is on trial the one before it is still there."""

STEADY_S = 60.0
"""After working for so long, the next failure is a first one again."""


def child_command(engine: str, library: str, threads: int) -> tuple[str, ...]:
    """How the process is started; the number of its socket goes before the last three."""
    return sys.executable, "-m", "robot.inference.coprocess_child", engine, library, str(threads)


@dataclass(frozen=True, slots=True)
class _Offer:
    model: bytes
    prove: Callable[[RunBytes], str]


class _Process:
    """One started process and the socket to it."""

    def __init__(self, command: Sequence[str]) -> None:
        from multiprocessing import Pipe  # noqa: PLC0415  most robots have no accelerator

        self._connection, theirs = Pipe()
        with theirs:
            number = theirs.fileno()
            program = [*command[:3], str(number), *command[3:]]
            # A session of its own: Ctrl-C is for the robot, which then closes the socket.
            self._popen = subprocess.Popen(program, pass_fds=[number], start_new_session=True, stdin=subprocess.DEVNULL)

    def ask(self, act: str, key: str, data: bytes, limit_s: float) -> bytes:
        """What it answers.

        Raises:
            DeviceLost: it did not answer in time, has gone, or says what is wrong.
            ModelRefused: it will not take the model.
        """
        try:
            self._connection.send_bytes(msgspec.msgpack.encode(Request(act, key, data)))
            if not self._connection.poll(limit_s):
                raise DeviceLost(f"it did not answer within {limit_s:g} s")
            answer = msgspec.msgpack.decode(self._connection.recv_bytes(), type=Answer)
        except (EOFError, BrokenPipeError, ConnectionError):
            raise DeviceLost("its process ended") from None
        except msgspec.DecodeError as error:
            raise DeviceLost(f"its process answered nonsense ({error})") from None
        if answer.refused:
            raise ModelRefused(answer.refused)
        if answer.fault:
            raise DeviceLost(answer.fault)
        return answer.data

    def end(self) -> None:
        """Kill it. One that the kernel cannot kill, because it waits for a device, is left behind."""
        self._popen.kill()
        try:
            self._popen.wait(timeout=0.2)
        except subprocess.TimeoutExpired:
            return
        finally:
            self._connection.close()


class Coprocess:
    """Implements `hardware.ports.Accelerator`. Any thread may call; one run at a time, as the device has it.

    `command` starts the process (see `child_command`); `plugged` says whether the device is there at all; one that is
    `wanted` counts as lost while it is not.
    """

    def __init__(
        self, name: str, command: Sequence[str], plugged: Callable[[], bool], clock: Clock, *, wanted: bool = False
    ) -> None:
        self._name = name
        self._command = command
        self._plugged = plugged
        self._clock = clock
        self._wanted = wanted
        self._offers: dict[str, _Offer] = {}
        self._refused: dict[str, str] = {}
        self._lock = threading.Lock()
        self._process: _Process | None = None
        self._starter: threading.Thread | None = None
        self._closed = False
        self._since_s = 0.0
        self._look_at_s = 0.0
        self._retry_s = FIRST_RETRY_S
        self._fault = f"no {name} found"
        self.losses = 0

    @property
    def name(self) -> str:
        """What it is, for status lines."""
        return self._name

    @property
    def offered(self) -> bool:
        """True once there is a model for it."""
        return bool(self._offers)

    @property
    def fault(self) -> str:
        """Why it does not work now, in plain words; empty while it does."""
        return self._fault

    @property
    def state(self) -> str:
        """`ok`, `lost` (it worked before, or is `wanted`) or `off`."""
        if self._process is not None:
            return "ok"
        return "lost" if self._offers and (self.losses or self._wanted) else "off"

    def offer(self, key: str, model: bytes, prove: Callable[[RunBytes], str]) -> None:
        """Run this model from now on whenever it can; see `hardware.ports.Accelerator.offer`."""
        with self._lock:
            self._offers.pop(key, None)
            self._offers[key] = _Offer(model, prove)
            self._refused.pop(key, None)
            if len(self._offers) > MOST_MODELS:
                # The oldest is a version that an update has replaced.
                self._offers.pop(next(iter(self._offers)))
            # A running process loads all of them anew, while the processor answers.
            self._end()
            self._look_at_s = self._clock.now_s()

    def serves(self, key: str) -> bool:
        """True while the model of that key really runs on it."""
        return self._process is not None and key in self._offers and key not in self._refused

    def why_not(self, key: str) -> str:
        """Why the model of that key does not run on it; empty while it does."""
        return self._refused.get(key, self._fault)

    def run(self, key: str, values: NDArray[np.generic]) -> bytes | None:
        """The bytes of the model's output; None whenever it cannot, after `RUN_LIMIT_S` at the longest."""
        if not self._lock.acquire(timeout=RUN_LIMIT_S):
            return None
        try:
            if self._process is None:
                self._look()
                return None
            if key in self._refused:
                return None
            return _run_in(self._process, key, values)
        except DeviceLost as error:
            self._lose(str(error))
            return None
        finally:
            self._lock.release()

    def settle(self, timeout_s: float) -> bool:
        """Start it now if it is there, and wait until that is over; true if it works then."""
        with self._lock:
            self._look()
            starter = self._starter
        if starter is not None:
            starter.join(timeout_s)
        return self._process is not None

    def close(self) -> None:
        """Let the device go. May be called twice."""
        self._closed = True
        with self._lock:
            self._end()

    def _look(self) -> None:
        """Begin to start it if it is time and the device is there. Called with the lock held."""
        now_s = self._clock.now_s()
        if self._closed or self._process is not None or not self._offers or now_s < self._look_at_s or self._starting:
            return
        if not self._plugged():
            self._look_at_s = now_s + LOOK_EVERY_S
            self._retry_s = FIRST_RETRY_S
            self._fault = f"no {self._name} found"
            return
        self._starter = threading.Thread(target=self._start, name=f"{self._name} start", daemon=True)
        self._starter.start()

    @property
    def _starting(self) -> bool:
        return self._starter is not None and self._starter.is_alive()

    def _start(self) -> None:
        """Start the process, load every model and prove it; runs in a thread of its own."""
        offers = dict(self._offers)
        try:
            process = _Process(self._command)
        except OSError as error:
            with self._lock:
                self._lose(f"its process cannot be started ({error.strerror})")
            return
        try:
            refused = _loaded(process, offers)
        except DeviceLost as error:
            process.end()
            with self._lock:
                self._lose(str(error))
            return
        with self._lock:
            if self._closed or offers.keys() != self._offers.keys():
                process.end()
                return
            self._refused, self._process = refused, process
            self._since_s, self._fault = self._clock.now_s(), ""

    def _lose(self, why: str) -> None:
        """Give it up for now; the next try comes later each time."""
        now_s = self._clock.now_s()
        if self._process is not None:
            self.losses += 1
            if now_s - self._since_s >= STEADY_S:
                self._retry_s = FIRST_RETRY_S
            self._end()
        self._fault = f"{self._name}: {why}"
        self._look_at_s = now_s + self._retry_s
        self._retry_s = min(2 * self._retry_s, LONGEST_RETRY_S)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is not None:
            process.end()


def _loaded(process: _Process, offers: dict[str, _Offer]) -> dict[str, str]:
    """Load and prove every model; those whose answers are wrong, with what is wrong.

    Raises:
        DeviceLost: the accelerator is not there, or does not answer.
    """
    refused = {}
    for key, offered in offers.items():
        try:
            process.ask("load", key, offered.model, LOAD_LIMIT_S)
        except ModelRefused as error:
            refused[key] = str(error)
            continue
        fault = offered.prove(partial(_run_in, process, key))
        if fault:
            refused[key] = fault
    return refused


def _run_in(process: _Process, key: str, values: NDArray[np.generic]) -> bytes:
    return process.ask("run", key, np.ascontiguousarray(values).tobytes(), RUN_LIMIT_S)
