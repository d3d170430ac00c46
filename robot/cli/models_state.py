"""`rapport models status`, `rollback`, `pin`, `unpin` and `history`: what is in use, and the way back."""

import argparse
import json
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import msgspec

from robot.care.model_note import Running, read_note
from robot.care.places import readable_folders
from robot.cli.complete import completing
from robot.cli.models_store import add_store_options, model_ids, open_store, stored_versions
from robot.errors import ModelRefused, UpdateError, UpdateRefused
from robot.inference.manifest import parse_manifest
from robot.inference.store import MANIFEST_FILE, factory_models, find_model, ids_in
from robot.updates.disk import RealDisk
from robot.updates.last_look import read_last_look

if TYPE_CHECKING:
    from robot.updates.store import Store

FACTORY = "factory"
VERDICTS = {
    "committed": "proved itself",
    "rolled back": "was left",
    "self-test failed": "failed its self-test",
    "withdrawn": "was withdrawn",
}
"""Events of the history that end the trial of a version."""


def add_to(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add all parsers."""
    status = actions.add_parser("status", help="which versions are in use and on trial", description="Show the store.")
    rollback = actions.add_parser(
        "rollback",
        help="return to the version before",
        description="Return to the version before, or end a trial. A running robot follows without a restart.",
    )
    to = rollback.add_argument("--to", metavar="VERSION", help="a version that is still in the store, or `factory`")
    completing(to, lambda: [*stored_versions(), FACTORY])
    pin = actions.add_parser("pin", help="hold a model at a version", description="Hold a model at a version.")
    unpin = actions.add_parser(
        "unpin", help="let a pinned model go", description="Let a pinned model be updated again."
    )
    for parser in (rollback, pin, unpin):
        completing(parser.add_argument("model", metavar="MODEL", help="id of a model"), model_ids)
    held = pin.add_argument("version", metavar="VERSION", help="a version in the store, `current`, or `factory`")
    completing(held, lambda: [*stored_versions(), "current", FACTORY])
    history = actions.add_parser("history", help="what happened to the models", description="Show what happened.")
    history.add_argument("--verify-chain", action="store_true", help="check that nothing was changed or removed")
    parsers = (status, _status), (rollback, _rollback), (pin, _pin), (unpin, _unpin), (history, _history)
    for parser, command in parsers:
        add_store_options(parser)
        parser.set_defaults(command=command)


def _model_ids(store: "Store") -> list[str]:
    return sorted({*ids_in(factory_models()), *store.state.models})


def _checked(store: "Store") -> str:
    """When the repository was looked at last, at an hour's precision."""
    if store.state.last_check_s == 0:
        return "never looked for new versions"
    return f"last looked {datetime.fromtimestamp(store.state.last_check_s, UTC):%Y-%m-%d %H:%M}Z"


def _status(options: argparse.Namespace) -> int:
    store = open_store(options)
    running = read_note(readable_folders(), store.root)
    verdicts = _verdicts(store)
    rows = [
        {**_row(store, model_id), "running": _running_row(running.get(model_id)), "verdict": verdicts.get(model_id, "")}
        for model_id in _model_ids(store)
    ]
    look = read_last_look(RealDisk(), store.root)
    trouble = look.trouble(time.time) if look else ""
    faults = [f"{name}: this copy of the state is damaged" for name in store.damaged]
    fault = store.history_fault()
    faults += [f"history: {fault}"] if fault else []
    clock = _clock_fault(time.time, store.state.floor.time_s)
    faults += [clock] if clock else []
    faults += [f"looking for new versions fails: {trouble}"] if trouble else []
    if options.json:
        shown = {
            "models": rows,
            "bad": store.state.bad,
            "last_check_s": store.state.last_check_s,
            "floor_time_s": store.state.floor.time_s,
            "last_look": msgspec.to_builtins(look),
            "faults": faults,
        }
        print(json.dumps(shown, indent=2))
        return 0
    for row in rows:
        trial = f", on trial {row['trial']} ({row['boots_left']} starts left)" if row["trial"] else ""
        pinned = f", pinned to {row['pinned']}" if row["pinned"] else ""
        fault = f"  {row['fault']}" if row["fault"] else ""
        print(f"{row['id']:<21} {row['version']:<8} {row['source']}{trial}{pinned}{fault}")
        if (now := running.get(str(row["id"]))) is not None:
            print(f"{'':<21} the robot uses {now.set.split('-')[0]} now{_trial_words(now)}")
        if row["verdict"]:
            print(f"{'':<21} {row['verdict']}")
        if isinstance(bound := row["non_commercial"], list) and bound:
            print(f"{'':<21} learned from {', '.join(bound)}, whose terms forbid commercial use")
    print(_checked(store))
    for name, reason in store.state.bad.items():
        print(f"not tried again: {name}: {reason}")
    for line in faults:
        print(line)
    return 0


def _clock_fault(wall_s: Callable[[], float], signed_s: int) -> str:
    from robot.updates.client import clock_fault  # noqa: PLC0415  brings the libraries for signatures

    return clock_fault(wall_s(), signed_s)


def _running_row(running: Running | None) -> dict[str, object] | None:
    return None if running is None else msgspec.to_builtins(running)


def _trial_words(running: Running) -> str:
    """How far a trial is; empty for a model that is not on trial."""
    if running.source != "trial":
        return ""
    return (
        f", on trial: {running.used_s / 60:.0f} of {running.needs_s / 60:.0f} minutes, {running.answers} of "
        f"{running.needs_answers} good answers, {running.failures} failed, {running.p95_ms:g} ms (p95)"
    )


def _verdicts(store: "Store") -> dict[str, str]:
    """How the last trial or self-test of each model ended, in words."""
    return {
        event.model: f"{datetime.fromtimestamp(event.t_s, UTC):%Y-%m-%d %H:%M}Z {event.version.split('-')[0]} "
        f"{VERDICTS[event.event]}{': ' if event.reason else ''}{event.reason}"
        for event in store.events()
        if event.event in VERDICTS and event.version
    }


def _row(store: "Store", model_id: str) -> dict[str, object]:
    slots = store.state.slots(model_id)
    current = slots.current if slots.pinned != FACTORY else None
    version, source, fault = "", FACTORY, ""
    if current:
        version, source, fault = current.split("-")[0], "updated", store.shelf.fault(model_id, current)
    else:
        try:
            version = find_model(model_id, factory_models()).name
        except ModelRefused as error:
            fault = str(error)
    return {
        "id": model_id,
        "version": version,
        "source": source,
        "set": current,
        "previous": slots.previous,
        "trial": slots.trial,
        "boots_left": slots.boots_left,
        "pinned": slots.pinned,
        "fault": fault,
        "non_commercial": _non_commercial(store, model_id, current, version) if not fault else [],
    }


def _non_commercial(store: "Store", model_id: str, current: str | None, version: str) -> list[str]:
    """The data sets behind a whole version whose terms forbid commercial use."""
    folder = store.shelf.sets / model_id / current if current else factory_models() / model_id / version
    where = folder / MANIFEST_FILE
    try:
        return list(parse_manifest(where.read_bytes(), str(where)).non_commercial)
    except (OSError, ModelRefused):
        # What is wrong with a model is said elsewhere.
        return []


def _rollback(options: argparse.Namespace) -> int:
    store = open_store(options)
    _known(store, options.model)
    slots = store.state.slots(options.model)
    if options.to == FACTORY:
        store.leave_all(options.model)
    elif options.to:
        store.roll_back(options.model, _set_of(store, options.model, options.to))
    elif slots.trial is None and slots.current is None:
        raise UpdateError(f"{options.model}: what shipped is in use already; there is nothing to go back to")
    else:
        store.roll_back(options.model)
    return _say(options, store, "returned to")


def _pin(options: argparse.Namespace) -> int:
    store = open_store(options)
    _known(store, options.model)
    if options.version == "current":
        name = store.state.slots(options.model).current or FACTORY
    else:
        name = FACTORY if options.version == FACTORY else _set_of(store, options.model, options.version)
    store.pin(options.model, name)
    return _say(options, store, "pinned to")


def _unpin(options: argparse.Namespace) -> int:
    store = open_store(options)
    _known(store, options.model)
    if store.state.slots(options.model).pinned is None:
        raise UpdateError(f"{options.model}: is not pinned; nothing to do")
    store.pin(options.model, None)
    return _say(options, store, "let go; in use:")


def _history(options: argparse.Namespace) -> int:
    from robot.updates.history import as_row  # noqa: PLC0415

    store = open_store(options)
    fault = store.history_fault() if options.verify_chain else ""
    if options.json:
        shown: dict[str, object] = {"events": [as_row(event) for event in store.events()]}
        print(json.dumps(shown | ({"fault": fault} if options.verify_chain else {}), indent=2))
    else:
        for event in store.events():
            print(
                f"{event.n:>5} {event.t_s:>11} {event.event:<16} {event.model} {event.version} {event.reason}".rstrip()
            )
    if fault:
        raise UpdateRefused(f"history: security: {fault}; someone or a failing disk changed it")
    if options.verify_chain and not options.json:
        print("the chain is whole")
    return 0


def _known(store: "Store", model_id: str) -> None:
    if model_id not in _model_ids(store):
        raise UpdateError(f"{model_id}: no such model; there is: {', '.join(_model_ids(store))}")


def _set_of(store: "Store", model_id: str, version: str) -> str:
    """The set of a version that lies in the store."""
    found = [name for name in store.shelf.known(model_id) if version in (name, name.split("-")[0])]
    if not found:
        there = ", ".join(name.split("-")[0] for name in store.shelf.known(model_id)) or "none"
        raise UpdateError(f"{model_id} {version}: not in the store; there is: {there}")
    return found[-1]


def _say(options: argparse.Namespace, store: "Store", done: str) -> int:
    row = _row(store, options.model)
    print(json.dumps(row, indent=2) if options.json else f"{options.model}: {done} {row['version']} ({row['source']})")
    return 0
