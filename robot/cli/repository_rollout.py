"""`rapport repository stage`, `advance`, `halt`, `withdraw` and `status`: which robots get which version."""

import argparse
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from robot.cli.complete import completing
from robot.cli.repository_change import rows
from robot.cli.repository_place import add_channel, add_place, model_ids, model_versions, open_publisher, say, working
from robot.errors import UpdateError

if TYPE_CHECKING:
    from robot.updates.channel import Offering
    from robot.updates.repository.publisher import Publisher

LADDER = (1.0, 5.0, 20.0, 50.0, 100.0)
STAGE = """Offer a signed version to a share of the robots. Signed by the release key: no offline key is needed.

Each robot decides for itself whether it is among them, by a random number that never leaves it. Wait a day at each
step: robots look about once a day, and a trial takes ten minutes of real use.
"""
ADVANCE = """Offer the version that is staged to more robots; those that had it keep it. Starts a halted one again.

Without --to it takes the next step of 1, 5, 20, 50, 100 %.
"""
HALT = """Offer the version to no more robots. Those that have it keep it; `withdraw` takes it back from them too.
"""
WITHDRAW = """Say that a version must not run. Robots that have it return to the one before at their next look.
"""
STATUS = """What each channel offers, what waits for whose signature, and when what expires.

It reads the folder only, and needs no key.
"""


def add_to(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the five parsers."""
    stage = _parser(actions, "stage", "offer a version to a share of the robots", STAGE, _stage, version=True)
    stage.add_argument("--percent", type=float, default=1.0, metavar="P", help="share of the robots (default 1)")
    stage.add_argument("--mandatory", action="store_true", help="a security update: robots that hold it back say so")
    stage.add_argument("--not-before", metavar="TIME", help="from when on, such as 2026-12-01T08:00Z (default: now)")
    advance = _parser(actions, "advance", "offer it to more robots", ADVANCE, _advance)
    advance.add_argument("--to", type=float, metavar="P", help="share of the robots")
    _parser(actions, "halt", "offer it to no more robots", HALT, _halt)
    _parser(actions, "withdraw", "robots that have it go back", WITHDRAW, _withdraw, version=True)
    raw = argparse.RawDescriptionHelpFormatter
    about = "what is offered, what waits, what expires"
    status = actions.add_parser("status", help=about, description=STATUS, formatter_class=raw)
    add_place(status, keys=False)
    status.set_defaults(command=_status)


def _parser(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    text: str,
    description: str,
    command: object,
    version: bool = False,
) -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    parser = actions.add_parser(name, help=text, description=description, formatter_class=raw)
    completing(parser.add_argument("model", metavar="MODEL", help="id of a model"), model_ids)
    if version:
        completing(parser.add_argument("version", metavar="VERSION", help="a published version"), model_versions)
    add_channel(parser)
    add_place(parser)
    parser.set_defaults(command=command)
    return parser


def _stage(options: argparse.Namespace) -> int:
    not_before_s = _time(options.not_before) if options.not_before else 0
    with working(options) as publisher:
        publisher.stage(
            options.model,
            options.version,
            options.percent,
            options.channel,
            mandatory=options.mandatory,
            not_before_s=not_before_s,
        )
        return _say(options, publisher)


def _advance(options: argparse.Namespace) -> int:
    with working(options) as publisher:
        publisher.advance(options.model, _next_step(options, publisher), options.channel)
        return _say(options, publisher)


def _halt(options: argparse.Namespace) -> int:
    with working(options) as publisher:
        publisher.halt(options.model, options.channel)
        return _say(options, publisher)


def _withdraw(options: argparse.Namespace) -> int:
    with working(options) as publisher:
        publisher.withdraw(options.model, options.version, options.channel)
        return _say(options, publisher)


def _status(options: argparse.Namespace) -> int:
    publisher = open_publisher(options)
    found, waiting = publisher.published(), publisher.waiting()
    if not found and not waiting and publisher.files.newest("root") is None:
        raise UpdateError(f"{options.folder}: no repository here; run `rapport repository init` first")
    channels = {name: publisher.channel(name) for name in publisher.channels()}
    offered = {name: {key: _row(key, value) for key, value in channels[name].models.items()} for name in channels}
    lines = [f"{name}: {_line(key, value)}" for name in channels for key, value in channels[name].models.items()]
    lines += ["nothing is offered"] if not lines else []
    lines += [f"waits: {each}" for each in waiting]
    expires = _expiries(publisher)
    lines += [f"{role:<10} {version:>4}  good until {until}" for role, version, until in expires]
    row: dict[str, object] = {
        "channels": offered,
        "published": sorted(found),
        "waiting": rows(waiting),
        "expires": {role: {"version": version, "until": until} for role, version, until in expires},
    }
    return say(options, lines, row)


def _expiries(publisher: "Publisher") -> list[tuple[str, int, str]]:
    found = []
    for role in ("root", "targets", "release", "snapshot", "timestamp"):
        metadata = publisher.files.newest(role)
        if metadata is not None:
            found.append((role, metadata.signed.version, f"{metadata.signed.expires:%Y-%m-%d %H:%M}Z"))
    return found


def _say(options: argparse.Namespace, publisher: "Publisher") -> int:
    offering = publisher.channel(options.channel).models[options.model]
    return say(options, [f"{options.channel}: {_line(options.model, offering)}"], _row(options.model, offering))


def _line(model_id: str, offering: "Offering") -> str:
    rollout = offering.rollout
    parts = [f"{rollout.percent:g} % of robots"]
    parts += ["halted"] if rollout.halted else []
    parts += ["mandatory"] if offering.mandatory else []
    begins = datetime.fromtimestamp(rollout.not_before_s, UTC)
    parts += [f"from {begins:%Y-%m-%d %H:%M}Z"] if rollout.not_before_s else []
    parts += [f"withdrawn: {', '.join(offering.withdrawn)}"] if offering.withdrawn else []
    other = offering.for_the_others()
    parts += [f"the others: {other.version}"] if other is not None and rollout.percent < 100 else []
    return f"{model_id} {offering.version}: {', '.join(parts)}"


def _row(model_id: str, offering: "Offering") -> dict[str, object]:
    return {
        "id": model_id,
        "version": offering.version,
        "percent": offering.rollout.percent,
        "halted": offering.rollout.halted,
        "mandatory": offering.mandatory,
        "not_before_s": offering.rollout.not_before_s,
        "withdrawn": list(offering.withdrawn),
        "others": other.version if (other := offering.for_the_others()) is not None else None,
    }


def _next_step(options: argparse.Namespace, publisher: "Publisher") -> float:
    """The share that is asked for, or the next step of the ladder; a halted rollout goes on where it stood."""
    if options.to is not None:
        return float(options.to)
    offering = publisher.channel(options.channel).models.get(options.model)
    at = offering.rollout.percent if offering else 0.0
    if offering and offering.rollout.halted:
        return at
    if at >= LADDER[-1]:
        raise UpdateError(f"{options.model}: is offered to all robots already; nothing to do")
    return next(step for step in LADDER if step > at)


def _time(text: str) -> int:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise UpdateError(f"--not-before {text}: not a time; write it like 2026-12-01T08:00Z") from None
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp())
