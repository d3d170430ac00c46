"""`rapport models check` and `update`: look for new models, fetch and test them, and hand them to their trial."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from robot.cli.complete import completing
from robot.cli.models_store import add_repository_options, add_store_options, model_ids, open_client, progress

if TYPE_CHECKING:
    from robot.updates.client import Client
    from robot.updates.offers import Offer, PassedOver

AVAILABLE = 10
"""Exit code of `check` when there is something to take."""


def add_to(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add both parsers."""
    text = "Look for new versions. Exit code 0: none, 10: there are some."
    check = actions.add_parser("check", help="look for new versions of the models", description=text)
    text = "Fetch new versions, test each in a limited process, and make it the candidate that the robot tries."
    update = actions.add_parser("update", help="fetch, test and try new versions", description=text)
    model = update.add_argument("model", nargs="*", metavar="MODEL", help="id of a model (default: all)")
    completing(model, model_ids)
    update.add_argument("--dry-run", action="store_true", help="only say what would be taken")
    update.add_argument("--force", action="store_true", help="try a version again that failed before")
    for parser, command in ((check, _check), (update, _update)):
        add_repository_options(parser)
        add_store_options(parser)
        parser.set_defaults(command=command)


def _check(options: argparse.Namespace) -> int:
    client = open_client(options)
    found = client.check()
    warn(client)
    if options.json:
        withdrawn = [{"id": model_id, "set": name} for model_id, name in found.withdrawn]
        offers, rest = [_row(offer) for offer in found.offers], _rows(client.passed_over)
        print(json.dumps({"offers": offers, "withdrawn": withdrawn, "passed_over": rest}, indent=2))
    else:
        for offer in found.offers:
            print(_line(offer))
        for model_id, name in found.withdrawn:
            print(f"{model_id:<18} {name}: withdrawn by the publisher; `rapport models update` leaves it")
        _show_passed_over(client.passed_over)
        if not found.offers and not found.withdrawn:
            print("nothing to take")
    return AVAILABLE if found.withdrawn or any(not offer.held for offer in found.offers) else 0


def _update(options: argparse.Namespace) -> int:
    client = open_client(options)
    taken = client.update(options.model, progress(options.json), dry_run=options.dry_run, force=options.force)
    warn(client)
    return show_update(options, taken, client.passed_over)


def warn(client: "Client") -> None:
    """Say on the side what is wrong with the clock: what was done was reckoned from signed time."""
    if client.clock_fault:
        print(f"rapport: {client.clock_fault}", file=sys.stderr)


def show_update(options: argparse.Namespace, taken: "Sequence[Offer]", passed_over: "Sequence[PassedOver]") -> int:
    """Say what was taken and what was not; the exit code is 0."""
    if options.json:
        rows = [_row(offer) for offer in taken]
        print(json.dumps({"taken": rows, "passed_over": _rows(passed_over), "dry_run": options.dry_run}, indent=2))
        return 0
    for offer in taken:
        done = "would be taken" if options.dry_run else "passed its self-test and is on trial"
        print(f"{offer.bundle.id:<18} {offer.bundle.version:<8} {done}")
    _show_passed_over(passed_over)
    if not taken:
        print("nothing to take")
    return 0


def _show_passed_over(passed_over: "Sequence[PassedOver]") -> None:
    for each in passed_over:
        print(f"{each.model_id:<18} {each.version:<8} {each.why}")


def _rows(passed_over: "Sequence[PassedOver]") -> list[dict[str, str]]:
    return [{"id": each.model_id, "version": each.version, "why": each.why} for each in passed_over]


def _line(offer: "Offer") -> str:
    notes = [f"{sum(entry.length for entry in offer.bundle.files.values()) / 1000:.0f} kB"]
    notes += ["mandatory"] if offer.mandatory else []
    notes += [offer.held] if offer.held else []
    return f"{offer.bundle.id:<18} {offer.bundle.version:<8} {', '.join(notes)}"


def _row(offer: "Offer") -> dict[str, object]:
    return {
        "id": offer.bundle.id,
        "version": offer.bundle.version,
        "set": offer.name,
        "size_bytes": sum(entry.length for entry in offer.bundle.files.values()),
        "mandatory": offer.mandatory,
        "held": offer.held,
    }
