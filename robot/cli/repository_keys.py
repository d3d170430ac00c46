"""`rapport repository key`, `rotate` and `refresh`: keys made, replaced, and used before what they signed expires."""

import argparse
from pathlib import Path

from robot.cli.complete import completing
from robot.cli.repository_change import rows
from robot.cli.repository_place import Passphrases, add_place, open_publisher, say, working
from robot.errors import UpdateError

ROLES = ("root", "targets", "release", "snapshot", "timestamp")
KEY = """Make one key on this machine, for instance a root key that never leaves it.

NAME.pem stays here. NAME.pub is its public half: carry that to where the repository is, for `init --root-key` or
`rotate --with`.
"""
ROTATE = """Replace a key by a new one, because it was lost, stolen, or is old. Robots follow by themselves.

  timestamp, snapshot, targets   a new root names the new key: enough root keys must sign
  release                        the targets key signs who may decide about rollouts from now on
  online                         release, snapshot and timestamp at once: the machine that holds them was broken into
  root --key NAME                NAME leaves, a new root key comes: enough of the old and of the new keys must sign

Sign with `rapport repository sign`, on as many machines as it takes. All roots must stay in public/metadata: a robot
that slept for two years follows them one by one.
"""
REFRESH = """Sign snapshot and timestamp anew, and the channels when half their time is over. Run it daily by a timer.

It also makes public what was signed elsewhere, and removes metadata that was replaced and has expired. With `root` or
`targets` it drafts a new signature of these, good for 365 or 120 days: sign it with their keys.
"""


def add_to(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the three parsers."""
    raw = argparse.RawDescriptionHelpFormatter
    key = actions.add_parser("key", help="make one key on this machine", description=KEY, formatter_class=raw)
    key.add_argument("name", metavar="NAME", help="what the key is called, such as root1")
    key.add_argument("--plain", action="store_true", help="without a passphrase")
    rotate = actions.add_parser("rotate", help="replace a key", description=ROTATE, formatter_class=raw)
    rotate.add_argument("role", choices=[*ROLES, "online"], metavar="ROLE", help="whose key, or `online`")
    leaving = rotate.add_argument("--key", metavar="NAME", default="", help="the key that leaves, of several")
    completing(leaving, _key_names)
    rotate.add_argument("--with", type=Path, dest="fresh", metavar="PUB", help="public half of a key made elsewhere")
    rotate.add_argument("--plain", action="store_true", help="the new key has no passphrase")
    refresh = actions.add_parser("refresh", help="sign before it expires", description=REFRESH, formatter_class=raw)
    refresh.add_argument("role", nargs="*", choices=[[], "root", "targets"], metavar="ROLE", help="root or targets")
    for parser, command in ((key, _key), (rotate, _rotate), (refresh, _refresh)):
        add_place(parser)
        parser.set_defaults(command=command)


def _key_names() -> list[str]:
    publisher = open_publisher(argparse.Namespace(folder=Path()))
    return sorted(publisher.key_names("root"))


def _key(options: argparse.Namespace) -> int:
    from robot.updates.repository.keys import KeyFolder  # noqa: PLC0415

    folder = Path((options.keys or [options.folder / "keys"])[0])
    asked = Passphrases(options.passphrase_file)
    made = KeyFolder(folder, making=(lambda _: "") if options.plain else asked.making).make(options.name)
    public = folder / f"{options.name}.pub"
    lines = [f"{folder / options.name}.pem: keep it here", f"{public}: carry this one to the repository"]
    return say(options, lines, {"keyid": made.keyid, "public": str(public)})


def _rotate(options: argparse.Namespace) -> int:
    from robot.updates.repository.keys import read_public  # noqa: PLC0415

    if options.fresh and options.role == "online":
        raise UpdateError("rotate online: makes three keys here; rotate each role by itself to use --with")
    fresh = read_public(options.fresh) if options.fresh else None
    asked = Passphrases(options.passphrase_file)
    with working(options, (lambda _: "") if options.plain else asked.making) as publisher:
        if options.role == "online":
            found = publisher.rotate_online()
        else:
            found = publisher.rotate(options.role, options.key, fresh)
        left = {each.role for each in publisher.waiting()}
    lines = [str(each) for each in found]
    lines += ["public now; robots follow at their next look"] if not left else []
    lines += ["what left is in nobody's trust any more: destroy its file and its copies"] if not left else []
    return say(options, lines, {"waiting": rows(found), "public": not left})


def _refresh(options: argparse.Namespace) -> int:
    with working(options) as publisher:
        publisher.refresh(options.role)
        waiting = publisher.waiting()
        timestamp = publisher.files.newest("timestamp")
    until = f"{timestamp.signed.expires:%Y-%m-%d %H:%M}Z" if timestamp is not None else ""
    lines = [f"waits: {each}" for each in waiting] + ([f"signed until {until}"] if until else [])
    return say(options, lines, {"timestamp_until": until, "waiting": rows(waiting)})
