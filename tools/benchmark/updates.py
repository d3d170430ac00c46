"""Updates: what a look costs that finds nothing new, and how long the robot's eyes rest while a model is replaced."""

import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path

import msgspec

from hardware.clock import MonotonicClock
from robot.config import Config, SightSettings, VoiceSettings
from robot.inference.store import factory_models, find_model
from robot.messages import Message, ModelUse, Sighting
from robot.models_in_use import Updates
from robot.pace import run_real
from robot.updates.disk import RealDisk
from robot.updates.repository.bundling import Conditions, bundle_model
from robot.updates.repository.keys import KeyFolder
from robot.updates.repository.publisher import Publisher
from robot.updates.store import Store
from robot.updates.trial import Gate
from tools.benchmark.figures import Line, spread
from tools.benchmark.material import StillCamera, scene_picture
from tools.benchmark.parts import robot_on
from tools.benchmark.plan import Plan
from tools.benchmark.stopwatch import Stopwatch

FACE = "face_expression"
LOOK_LIMIT_MS, LOOK_LIMIT_REQUESTS, LOOK_LIMIT_MB = 150.0, 2.0, 40.0
GAP_LIMIT_MS = 100.0
AT_ONCE = Gate(duration_s=0.0, least_answers=1, least_to_judge=10**6)
SETTLE_S = 0.5
"""How long before and after a switch frames count as read around it."""
REPOSITORY = Path(__file__).resolve().parents[2]
FIRST_LOOK_REQUESTS = 6
"""A robot that has never looked: next root, timestamp, snapshot, targets, release, channel."""


def measure_look(plan: Plan) -> list[Line]:
    """A look in a process of its own at a repository with nothing new, on a server on this machine."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        publisher = Publisher(folder / "publisher", KeyFolder(folder / "keys"), RealDisk(), time.time)
        publisher.init()
        shipped = bundle_model(find_model(FACE, factory_models()), int(time.time()), Conditions())
        publisher.add(shipped)
        publisher.sign()
        publisher.stage(FACE, shipped.bundle.version, 100)
        public = folder / "publisher" / "public"
        times = max(5, plan.times // 10)
        with _serving(public) as (address, asked):
            found = _look(folder, public, address, times)
            requests = (sum(asked.values()) - FIRST_LOOK_REQUESTS) / times
    watch = Stopwatch(found.wall_s, found.cpu_s)
    return [
        watch.line("look that finds nothing new", LOOK_LIMIT_MS),
        Line("its requests", "", spread([requests]), limit=LOOK_LIMIT_REQUESTS),
        Line("peak memory of its process", "MB", spread([found.peak_mb]), limit=LOOK_LIMIT_MB),
    ]


class _Found(msgspec.Struct):
    """What the process that looks says."""

    wall_s: list[float]
    cpu_s: list[float]
    peak_mb: float


def _look(folder: Path, public: Path, address: str, times: int) -> _Found:
    root, store = public / "metadata" / "1.root.json", folder / "robot"
    command = [sys.executable, "-m", "tools.benchmark.look_child", "--times", str(times), "--repository", address]
    done = subprocess.run(
        [*command, "--root", str(root), "--store", str(store)], cwd=REPOSITORY, stdout=subprocess.PIPE, check=True
    )
    return msgspec.json.decode(done.stdout, type=_Found)


@contextmanager
def _serving(folder: Path) -> Iterator[tuple[str, Counter[str]]]:
    asked: Counter[str] = Counter()

    class Quiet(SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]

        def do_GET(self) -> None:
            asked[self.path] += 1
            super().do_GET()

        def log_message(self, *_: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def measure_switch(plan: Plan) -> list[Line]:
    """The running robot, thirty frames a second, while its face model is replaced over and over."""
    with tempfile.TemporaryDirectory() as name:
        store = Store(Path(name) / "store", factory_models(), RealDisk(), time.time)
        sets = [_place(store, Path(name), f"9.{number}.0") for number in range(plan.starts)]
        clock, read_s, switched_s = MonotonicClock(), list[float](), list[float]()
        stop, to_try = threading.Event(), iter(sets[1:])
        by_hand = Store(store.root, factory_models(), RealDisk(), time.time)
        by_hand.try_set(FACE, sets[0])

        def hear(message: Message) -> None:
            if isinstance(message, Sighting) and any(face.expression for face in message.faces):
                read_s.append(message.t_s)
            elif isinstance(message, ModelUse) and "proved itself and stays" in message.text:
                following = next(to_try, None)
                if following is None:
                    stop.set()
                else:
                    # As by an updater: beside the robot, whose loop must not wait for the disk.
                    threading.Thread(target=by_hand.try_set, args=(FACE, following)).start()
            elif isinstance(message, ModelUse) and "on trial" in message.text:
                switched_s.append(message.t_s)

        picture = scene_picture()
        config = Config(voice=VoiceSettings(engine="silent"), sight=SightSettings(frames_per_s=30.0))
        robot = robot_on(
            config,
            clock,
            lambda: StillCamera(picture, clock, 30.0),
            None,
            at_once=False,
            tell=hear,
            updates=Updates(store, AT_ONCE),
        )
        run_real(robot, clock, 1.0 / config.motion.tick_hz, 30.0 + 5.0 * plan.starts, stop)
        robot.close()
    gaps_s = [(later, later - earlier) for earlier, later in pairwise(read_s)]
    near = [max(gap for at, gap in gaps_s if abs(at - switch) < SETTLE_S) for switch in switched_s[1:]]
    calm = [gap for at, gap in gaps_s if all(abs(at - switch) >= SETTLE_S for switch in switched_s)]
    return [
        Line("longest gap between frames read, around a switch", "ms", spread(near, 1000), None, GAP_LIMIT_MS, "p95"),
        Line("gap between frames read, away from any switch", "ms", spread(calm, 1000)),
    ]


def _place(store: Store, folder: Path, version: str) -> str:
    """Put the model that shipped into the store under another version; gives the name of its set."""
    shipped = find_model(FACE, factory_models())
    made = folder / version
    made.mkdir()
    for path in shipped.iterdir():
        (made / path.name).write_bytes(path.read_bytes())
    manifest = msgspec.json.decode((made / "manifest.json").read_bytes())
    (made / "manifest.json").write_bytes(msgspec.json.encode({**manifest, "version": version}))
    model = bundle_model(made, 0, Conditions(latency_budget_ms=10_000.0))
    with store.updating():
        for content in model.blobs.values():
            store.shelf.add_blob(content)
        return store.shelf.place(model.content)
