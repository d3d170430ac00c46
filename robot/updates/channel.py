"""A channel: which version of each model is offered, and to how many robots. Signed by the online release key.

The share of robots is decided on the robot: a hash of its own random number and a salt gives it a place between 0 and
10,000. The number is never sent; a robot that was among the first for one version need not be for the next.
"""

import hashlib
from typing import Annotated

import msgspec
from msgspec import Meta

from robot.errors import UpdateRefused
from robot.inference.manifest import PlainName, VersionText

BUCKETS = 10_000
MAX_CHANNEL_BYTES = 256 * 1024


class Rollout(msgspec.Struct, frozen=True):
    """Offered to `percent` of the robots, from `not_before_s` (seconds since 1970) on, unless `halted`."""

    percent: Annotated[float, Meta(ge=0, le=100)]
    salt: str
    halted: bool = False
    not_before_s: int = 0


class Steady(msgspec.Struct, frozen=True):
    """The version that had reached all robots before: those that the new one has not reached may take it."""

    version: VersionText
    bundle: str


class Offering(msgspec.Struct, frozen=True):
    """What is offered of one model. `bundle` is its path among the signed files; `withdrawn` versions must not run."""

    version: VersionText
    bundle: str
    rollout: Rollout
    mandatory: bool = False
    withdrawn: tuple[VersionText, ...] = ()
    steady: Steady | None = None

    def for_the_others(self) -> "Offering | None":
        """What robots are offered that this version is not for: the steady one; None if there is none or no more."""
        if self.steady is None or self.steady.version in self.withdrawn:
            return None
        rollout = Rollout(100, salt=self.steady.bundle)
        return Offering(self.steady.version, self.steady.bundle, rollout, withdrawn=self.withdrawn)


class Channel(msgspec.Struct, frozen=True):
    """All of a channel file. `created_s` is signed time: no clock that is right shows less."""

    created_s: Annotated[int, Meta(ge=0)]
    models: dict[PlainName, Offering] = {}
    schema: Annotated[int, Meta(ge=1, le=1)] = 1


def channel_path(name: str) -> str:
    """Where a channel lies among the signed files."""
    return f"channels/{name}.json"


def bundle_path(model_id: str, version: str) -> str:
    """Where a bundle lies among the signed files."""
    return f"models/{model_id}/{version}/bundle.json"


def parse_channel(content: bytes, name: str) -> Channel:
    """Read a channel's bytes, which a signature has vouched for.

    Raises:
        UpdateRefused: it is none, or offers a file that is not the bundle of that model and version.
    """
    try:
        channel = msgspec.json.decode(content, type=Channel)
    except (msgspec.DecodeError, RecursionError) as error:
        raise UpdateRefused(f"channel {name}: cannot be read ({error}); ask the publisher") from None
    for model_id, offering in channel.models.items():
        for each in (offering, offering.steady):
            if each is not None and each.bundle != bundle_path(model_id, each.version):
                raise UpdateRefused(f"channel {name}: offers {each.bundle} as {model_id}; ask the publisher")
    return channel


def bucket(salt: str, device_id: str) -> int:
    """The robot's place in a rollout, 0 to 9,999."""
    digest = hashlib.sha256(f"{salt}|{device_id}".encode()).digest()
    return int.from_bytes(digest[:8], "big") % BUCKETS


def is_offered(offering: Offering, device_id: str, now_s: float) -> bool:
    """True if this robot is among those that should have the version now."""
    rollout = offering.rollout
    if rollout.halted or now_s < rollout.not_before_s or offering.version in offering.withdrawn:
        return False
    return bucket(rollout.salt, device_id) < rollout.percent * BUCKETS / 100
