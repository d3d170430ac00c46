"""The one record that says which models count: pure values, and their bytes with a checksum behind them.

Whatever lies on the disk means nothing until this record names it. All models change in one record, so that a set of
several is switched at once.
"""

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta

from robot.inference.manifest import PlainName, VersionText
from robot.updates.bundle import FolderName

FACTORY = "factory"
"""The set that shipped, in place of a set's name."""
BOOTS = 3
"""How often a candidate may be loaded before it must have proved itself."""


class Evidence(msgspec.Struct, frozen=True):
    """What a candidate has shown in runs of the robot that ended well: seconds in use, good answers, failed ones."""

    used_s: Annotated[float, Meta(ge=0)] = 0.0
    answers: Annotated[int, Meta(ge=0)] = 0
    failures: Annotated[int, Meta(ge=0)] = 0


class Slots(msgspec.Struct, frozen=True):
    """The sets of one model: the one in use, the one before, the candidate and how often that may still be loaded.

    No `current` set means what shipped with the robot; `pinned` may say `factory` to hold it there.
    """

    current: FolderName | None = None
    previous: FolderName | None = None
    trial: FolderName | None = None
    boots_left: Annotated[int, Meta(ge=0, le=BOOTS)] = 0
    evidence: Evidence = Evidence()
    pinned: Annotated[str, Meta(pattern=r"^(factory|\d{1,6}\.\d{1,6}\.\d{1,6}-[0-9a-f]{8})$")] | None = None


class Floor(msgspec.Struct, frozen=True):
    """What has been seen and may not be undercut: metadata versions, the keys they were signed with, and time.

    `models` holds the oldest version of each model that may still be installed. `time_s` is seconds since 1970.
    """

    root: int = 0
    timestamp: int = 0
    snapshot: int = 0
    targets: int = 0
    release: int = 0
    keys: dict[str, tuple[str, ...]] = {}
    models: dict[PlainName, VersionText] = {}
    time_s: int = 0


class State(msgspec.Struct, frozen=True):
    """All of the record. `bad` maps `id/set` to the reason for which it is not tried again."""

    generation: Annotated[int, Meta(ge=0)] = 0
    models: dict[PlainName, Slots] = {}
    bad: dict[str, str] = {}
    floor: Floor = Floor()
    history_lines: int = 0
    history_head: str = ""
    last_check_s: int = 0
    schema: Annotated[int, Meta(ge=1, le=1)] = 1

    def slots(self, model_id: str) -> Slots:
        """The slots of a model, empty for one never updated."""
        return self.models.get(model_id, Slots())

    def with_slots(self, model_id: str, slots: Slots) -> "State":
        """The same with other slots for one model."""
        return msgspec.structs.replace(self, models={**self.models, model_id: slots})


def encode_state(state: State) -> bytes:
    """The record's bytes: one line of JSON, one line with its SHA-256."""
    body = msgspec.json.encode(state)
    return body + b"\n" + hashlib.sha256(body).hexdigest().encode() + b"\n"


def decode_state(content: bytes) -> State | None:
    """The state in a record's bytes; None if they are cut, altered or from a future that this version cannot read."""
    body, _, trailer = content.removesuffix(b"\n").rpartition(b"\n")
    if hashlib.sha256(body).hexdigest().encode() != trailer:
        return None
    try:
        return msgspec.json.decode(body, type=State)
    except msgspec.DecodeError:
        return None
