"""A model that is switched while it is in use: no answer waits for a load, none mixes two versions."""

import threading
from pathlib import Path

import numpy as np
import pytest

from hardware.clock import MonotonicClock
from robot.config import InferenceSettings
from robot.inference.model import Model
from robot.inference.store import factory_models, find_model
from robot.senses.sight.expression import ExpressionReader
from robot.updates.disk import RealDisk
from robot.updates.live import LiveModel
from robot.updates.repository.bundling import Conditions, bundle_model
from robot.updates.store import Store
from robot.updates.trial import Gate
from tests.updates.bundles import MODEL, model_files, put, store_on, write_model

INPUT = np.zeros((12, 12, 1), np.float32)


class Versioned:
    """A real model whose answers carry its version, in two places."""

    def __init__(self, directory: Path) -> None:
        self._model = Model.load(directory, InferenceSettings(accelerator="cpu"))
        self.manifest = self._model.manifest
        self._mark = float(self.manifest.version.split(".")[1])

    def run(self, values):
        first = self._mark
        answer = self._model.run(values).copy()
        answer[0], answer[-1] = first, self._mark
        return answer


@pytest.fixture
def store(in_memory: Path) -> Store:

    return store_on(RealDisk(), in_memory / "store")


def test_answers_go_on_while_versions_change_and_each_is_of_one_version(store: Store):
    loading, go_on = threading.Event(), threading.Event()

    def load(directory: Path) -> Versioned:
        if directory.name.startswith("1.4."):
            loading.set()
            assert go_on.wait(30)
        return Versioned(directory)

    model = LiveModel(MODEL, store, load, MonotonicClock(), Gate(duration_s=0, least_answers=1))
    for version in ("1.1.0", "1.2.0", "1.3.0"):
        store.try_set(MODEL, put(store, version))
        model.look()
        marks = {float(mark) for mark in model.use(lambda used: used.run(INPUT))[[0, -1]]}
        assert marks == {float(version.split(".")[1])}
        model.look()
    store.try_set(MODEL, put(store, "1.4.0"))
    switching = threading.Thread(target=model.look)
    switching.start()
    assert loading.wait(30)
    # The new version is being loaded, and does not come to an end: the one in use goes on answering.
    for _ in range(50):
        assert set(model.use(lambda used: used.run(INPUT))[[0, -1]]) == {3.0}
    go_on.set()
    switching.join()
    assert set(model.use(lambda used: used.run(INPUT))[[0, -1]]) == {4.0}


def test_a_thread_that_answers_all_the_while_never_sees_a_mixture(store: Store):
    model = LiveModel(MODEL, store, Versioned, MonotonicClock(), Gate(duration_s=0, least_answers=1))
    stop, wrong, seen = threading.Event(), [], set()

    def answer() -> None:
        while not stop.is_set():
            first, last = model.use(lambda used: used.run(INPUT))[[0, -1]]
            seen.add(float(first))
            if first != last:
                wrong.append((first, last))

    thread = threading.Thread(target=answer)
    thread.start()
    for number in range(1, 9):
        store.try_set(MODEL, put(store, f"1.{number}.0"))
        model.look()
        assert model.model.manifest.version == f"1.{number}.0"
        store.keep(MODEL)
        model.look()
    stop.set()
    thread.join()
    assert wrong == []
    assert seen <= {float(number) for number in range(9)}
    assert store.resolve(MODEL).name.startswith("1.8.0")


def test_a_reader_is_switched_with_all_that_it_took_from_its_manifest(in_memory: Path):

    face, store = "face_expression", store_on(RealDisk(), in_memory / "store", factory=factory_models())
    shipped = find_model(face, factory_models()).name
    files = model_files("9.1.0", find_model(face, factory_models()))
    made = bundle_model(write_model(in_memory / "made", "9.1.0", files), 0, Conditions())

    def load(directory: Path) -> ExpressionReader:
        return ExpressionReader(Model.load(directory, InferenceSettings(accelerator="cpu")))

    reader = LiveModel(face, store, load, MonotonicClock())
    with store.updating():
        for content in made.blobs.values():
            store.shelf.add_blob(content)
        store.try_set(face, store.shelf.place(made.content))
    before = reader.use(lambda used: used.model.manifest.version)
    reader.look()
    assert (before, reader.use(lambda used: used.model.manifest.version)) == (shipped, "9.1.0")
