"""The process that holds the accelerator: `python -m robot.inference.coprocess_child FD ENGINE LIBRARY THREADS`.

It answers requests on the socket FD and ends when the robot closes it. Loading a delegate, giving a model to it and
letting go of it all keep Python's lock (measured: a delegate that takes 3 s to load stops every thread of its process
for 3 s), and a Coral that was pulled may never answer: neither may happen where the body's loop runs.
"""

import signal
import sys
from multiprocessing.connection import Connection

import msgspec
import numpy as np

from robot.config import InferenceSettings
from robot.errors import InferenceError, ModelRefused
from robot.inference.coprocess_wire import Answer, Request
from robot.inference.delegates import EdgeTpu
from robot.inference.engine import Choice, find_engine
from robot.inference.interpreter import Interpreter, open_interpreter

LOAD_LIMIT_S = 20
"""The kernel ends this process after so long in one request: a robot that was killed cannot."""
RUN_LIMIT_S = 5


class Child:
    """Models on the accelerator, by key."""

    def __init__(self, settings: InferenceSettings, library: str) -> None:
        self._settings = settings
        self._tpu = EdgeTpu(find_engine(settings.interpreter).load_delegate, library)
        self._loaded: dict[str, Interpreter] = {}

    def answer(self, request: Request) -> Answer:
        """Do one thing; what goes wrong in a way that can be told is told."""
        signal.alarm(LOAD_LIMIT_S if request.act == "load" else RUN_LIMIT_S)
        try:
            if request.act == "load":
                return self._load(request.key, request.data)
            return Answer(self._run(request.key, request.data))
        except ModelRefused as error:
            return Answer(refused=str(error))
        except (InferenceError, ValueError, KeyError) as error:
            return Answer(fault=str(error))
        finally:
            signal.alarm(0)

    def _load(self, key: str, model: bytes) -> Answer:
        delegate = self._tpu.delegate()
        if delegate is None:
            return Answer(fault=self._tpu.missing)
        self._loaded[key] = open_interpreter(model, self._settings, key, [delegate])
        return Answer()

    def _run(self, key: str, data: bytes) -> bytes:
        interpreter = self._loaded[key]
        (kind,) = interpreter.inputs
        (output,) = interpreter.run(np.frombuffer(data, np.dtype(kind.dtype)).reshape(kind.shape))
        return output.tobytes()


def main(arguments: list[str]) -> int:
    """Answer requests until the robot closes the socket."""
    number, engine, library, threads = arguments
    choice = msgspec.convert(engine, Choice)
    child = Child(InferenceSettings(interpreter=choice, accelerator="cpu", threads=int(threads)), library)
    connection: Connection = Connection(int(number))
    while True:
        try:
            request = msgspec.msgpack.decode(connection.recv_bytes(), type=Request)
            connection.send_bytes(msgspec.msgpack.encode(child.answer(request)))
        except (EOFError, OSError):
            return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
