"""What may happen to a model, as pure steps from one state to the next: try, keep, return, pin."""

import msgspec

from robot.errors import UpdateRefused
from robot.updates.bundle import version_key, version_of
from robot.updates.state import BOOTS, FACTORY, Evidence, Slots, State

MOST_BAD = 64
"""So many bad versions are remembered: an attacker with a signing key must not fill the record."""


def start_trial(state: State, model_id: str, name: str) -> State:
    """Name `name` the candidate of a model, with all its boots.

    Raises:
        UpdateRefused: the version is below the oldest that may still run.
    """
    refuse_below_floor(state, model_id, name)
    slots = state.slots(model_id)
    tried = msgspec.structs.replace(slots, trial=name, boots_left=BOOTS, evidence=Evidence())
    return state.with_slots(model_id, tried)


def count_boot(state: State, model_id: str) -> State:
    """Take one boot from the candidate: written down before it is loaded, so that a crash has been counted."""
    slots = state.slots(model_id)
    return state.with_slots(model_id, msgspec.structs.replace(slots, boots_left=max(0, slots.boots_left - 1)))


def pause_trial(state: State, model_id: str, name: str, evidence: Evidence) -> State:
    """The robot ends in good order while `name` is on trial: its boot is given back, and what it has shown is kept.

    Boots are there to end a loop of crashes. A robot that is switched on for five minutes a day has none.
    """
    slots = state.slots(model_id)
    if slots.trial != name:
        return state
    paused = msgspec.structs.replace(slots, boots_left=min(BOOTS, slots.boots_left + 1), evidence=evidence)
    return state.with_slots(model_id, paused)


def keep_trial(state: State, model_id: str, min_version: str) -> State:
    """The candidate becomes the current one, the current one the previous; nothing below `min_version` comes back."""
    slots = state.slots(model_id)
    if slots.trial is None:
        return state
    kept = Slots(current=slots.trial, previous=slots.current, pinned=slots.pinned)
    oldest = max(state.floor.models.get(model_id, "0.0.0"), min_version, key=version_key)
    floor = msgspec.structs.replace(state.floor, models={**state.floor.models, model_id: oldest})
    return msgspec.structs.replace(state.with_slots(model_id, kept), floor=floor)


def end_trial(state: State, model_id: str, reason: str) -> State:
    """Drop the candidate and remember why, so that it is not tried again."""
    slots = state.slots(model_id)
    if slots.trial is None:
        return state
    ended = msgspec.structs.replace(slots, trial=None, boots_left=0, evidence=Evidence())
    return mark_bad(state.with_slots(model_id, ended), model_id, slots.trial, reason)


def mark_bad(state: State, model_id: str, name: str, reason: str) -> State:
    """Remember that a set must not be tried again."""
    bad = {**state.bad, f"{model_id}/{name}": reason[:200]}
    return msgspec.structs.replace(state, bad=dict(list(bad.items())[-MOST_BAD:]))


def roll_back(state: State, model_id: str, to: str | None = None) -> State:
    """Return to the previous set, or to `to`, or to what shipped if there is none; a candidate is dropped as bad.

    Raises:
        UpdateRefused: that version is below the oldest that may still run.
    """
    slots = state.slots(model_id)
    if slots.trial is not None and to is None:
        return end_trial(state, model_id, "rolled back by hand")
    target = to if to is not None else slots.previous
    if target is not None:
        refuse_below_floor(state, model_id, target)
    returned = Slots(current=target, pinned=slots.pinned)
    after = state.with_slots(model_id, returned)
    if slots.current is not None and slots.current != target:
        after = mark_bad(after, model_id, slots.current, "rolled back by hand")
    return after


def leave(state: State, model_id: str, reason: str) -> State:
    """Stop using the current set: the previous one, or what shipped, takes its place, and it is not tried again."""
    slots = state.slots(model_id)
    if slots.current is None:
        return state
    left = Slots(slots.previous, trial=slots.trial, boots_left=slots.boots_left, evidence=slots.evidence)
    return mark_bad(state.with_slots(model_id, left), model_id, slots.current, reason)


def pin(state: State, model_id: str, name: str | None) -> State:
    """Hold a model at a set, or with None let it go again. The set becomes the current one."""
    slots = state.slots(model_id)
    if name is None:
        return state.with_slots(model_id, msgspec.structs.replace(slots, pinned=None))
    if name == FACTORY:
        return state.with_slots(model_id, Slots(previous=slots.current or slots.previous, pinned=FACTORY))
    refuse_below_floor(state, model_id, name)
    if name == slots.current:
        return state.with_slots(model_id, Slots(current=name, previous=slots.previous, pinned=name))
    return state.with_slots(model_id, Slots(current=name, previous=slots.current, pinned=name))


def refuse_below_floor(state: State, model_id: str, name: str) -> None:
    """Raise UpdateRefused if a set is older than the oldest that may still run."""
    oldest = state.floor.models.get(model_id, "0.0.0")
    if version_key(name) < version_key(oldest):
        raise UpdateRefused(
            f"{model_id} {version_of(name)}: security: older than {oldest}, the oldest version that may still run; "
            "choose a newer one"
        )
