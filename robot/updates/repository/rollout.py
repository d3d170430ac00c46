"""How a version goes out: pure steps from one channel to the next. Stage, advance, halt, withdraw."""

import msgspec

from robot.errors import UpdateError
from robot.updates.channel import Channel, Offering, Rollout, Steady, bundle_path


def staged(
    channel: Channel, model_id: str, version: str, percent: float, *, mandatory: bool = False, not_before_s: int = 0
) -> Channel:
    """Offer a version to `percent` of the robots, from `not_before_s` on."""
    before = channel.models.get(model_id)
    withdrawn = before.withdrawn if before else ()
    if version in withdrawn:
        raise UpdateError(f"{model_id} {version}: was withdrawn; publish what you mended as a new version")
    rollout = Rollout(_share(percent), f"{model_id}/{version}", not_before_s=not_before_s)
    offering = Offering(
        version, bundle_path(model_id, version), rollout, mandatory, withdrawn, _steady(before, version)
    )
    return _with(channel, model_id, offering)


def advanced(channel: Channel, model_id: str, percent: float) -> Channel:
    """Offer the version to more robots, halted or not; those that had it keep it."""
    offering = offered(channel, model_id)
    if offering.version in offering.withdrawn:
        raise UpdateError(f"{model_id} {offering.version}: was withdrawn; stage another version")
    if percent < offering.rollout.percent:
        raise UpdateError(f"{model_id}: is at {offering.rollout.percent:g} %; use halt or withdraw to go back")
    return _rolled(channel, model_id, percent=_share(percent), halted=False)


def halted(channel: Channel, model_id: str) -> Channel:
    """Offer the version to no more robots; those that have it keep it."""
    return _rolled(channel, model_id, halted=True)


def withdrawn(channel: Channel, model_id: str, version: str) -> Channel:
    """Say that a version must not run: robots that have it go back."""
    offering = offered(channel, model_id)
    versions = tuple(dict.fromkeys((*offering.withdrawn, version)))
    return _with(channel, model_id, msgspec.structs.replace(offering, withdrawn=versions))


def offered(channel: Channel, model_id: str) -> Offering:
    """What is offered of a model. Raises UpdateError if nothing is."""
    offering = channel.models.get(model_id)
    if offering is None:
        there = ", ".join(sorted(channel.models)) or "nothing"
        raise UpdateError(f"{model_id}: not in this channel, which offers {there}; stage a version first")
    return offering


def _steady(before: Offering | None, version: str) -> Steady | None:
    """What robots have that the new version has not reached: the one before, if it had reached all of them."""
    if before is None or before.version == version:
        return before.steady if before else None
    done = before.rollout.percent >= 100 and not before.rollout.halted and before.version not in before.withdrawn
    return Steady(before.version, before.bundle) if done else before.steady


def _rolled(channel: Channel, model_id: str, **changes: object) -> Channel:
    offering = offered(channel, model_id)
    rollout = msgspec.structs.replace(offering.rollout, **changes)
    return _with(channel, model_id, msgspec.structs.replace(offering, rollout=rollout))


def _with(channel: Channel, model_id: str, offering: Offering) -> Channel:
    return msgspec.structs.replace(channel, models={**channel.models, model_id: offering})


def _share(percent: float) -> float:
    if not 0 <= percent <= 100:
        raise UpdateError(f"{percent:g} %: a share of robots lies between 0 and 100")
    return percent
