"""A robot that is updated from the command line: its store, a publisher, and new versions of the model that ships."""

import time
from collections.abc import Callable
from pathlib import Path

from robot.inference.store import factory_models, find_model
from robot.updates.disk import RealDisk
from robot.updates.store import Store
from tests.updates.bundles import model_files, write_model
from tests.updates.world import World

FACE = "face_expression"
Command = Callable[..., tuple[int, str, str]]
"""Runs `rapport models ...`; gives exit code, output and errors."""


def new_version(folder: Path, version: str) -> Path:
    return write_model(folder / f"made-{version}", version, model_files(version, find_model(FACE, factory_models())))


def store_of(world: World, name: str = "robot") -> Store:
    return Store(world.folder / name, factory_models(), RealDisk(), time.time)


def kept(world: World, name: str = "robot") -> None:
    """What the running robot does when a candidate has proved itself."""
    store = store_of(world, name)
    store.resolve(FACE)
    store.keep(FACE)
