"""`rapport repository init`, `add` and `sign`: what is in the repository, under whose signature."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from hardware.whole_file import write_whole
from robot.cli.repository_place import Passphrases, add_place, note, say, working
from robot.errors import UpdateError

if TYPE_CHECKING:
    from robot.updates.bundle import Bundle
    from robot.updates.repository.drafts import Signatures
    from robot.updates.repository.publisher import Publisher

INIT = """Make the keys and an empty repository in the publisher's folder.

Root keys say which other keys count; a robot is given them at birth (public/metadata/1.root.json). `--threshold` of
them must sign each change, so that one may be lost or stolen. The targets key signs models. Take both kinds off this
machine afterwards. The keys of release, snapshot and timestamp stay: they say who gets what, and how new it is.

Root keys can be made on machines of their own: `rapport repository key root1` there, and its public half here with
--root-key. Then the repository is public once enough of them have run `rapport repository sign`.

Keys are encrypted: the passphrase is asked for, or comes from --passphrase-file or RAPPORT_KEY_PASSPHRASE.
"""
ADD = """Check models and put them into the draft that the targets key signs. No key is needed.

A model is refused without card, licence, terms, golden vectors or metrics, with a figure below its own minimum
(`min_metrics` in its manifest) or beyond yours (policy.toml), and if it fails the self-test that robots run.

policy.toml:
  [least.face_expression]
  accuracy = 0.80
  [most.face_expression]
  calibration_error = 0.05
  [terms]
  refuse = ["non-commercial"]
"""
SIGN = """Show what the drafts would change, check that all of it is there, and sign with every key that is here.

Root and targets need signatures of keys that may lie on different machines: carry the publisher's folder to each and
run this there. Once there are enough, the change is public if the online keys are here too, else with the next
`refresh`.
"""


def add_to(actions: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the three parsers."""
    raw = argparse.RawDescriptionHelpFormatter
    init = actions.add_parser("init", help="make keys and repository", description=INIT, formatter_class=raw)
    init.add_argument("--root-keys", type=int, default=3, metavar="N", help="how many root keys to make (default 3)")
    init.add_argument("--threshold", type=int, default=2, metavar="N", help="how many must sign (default 2)")
    init.add_argument(
        "--root-key",
        type=Path,
        action="append",
        default=[],
        metavar="PUB",
        help="public half of a key made elsewhere",
    )
    init.add_argument("--targets-key", type=Path, metavar="PUB", help="public half of a targets key made elsewhere")
    init.add_argument(
        "--plain",
        choices=["online", "all"],
        help="no passphrase for the online keys, so that a timer can sign, or for all, to try things out",
    )
    add = actions.add_parser("add", help="check models and draft them", description=ADD, formatter_class=raw)
    add.add_argument("model", nargs="+", type=Path, metavar="DIR", help="a model directory")
    add.add_argument("--latency-budget-ms", type=float, default=100.0, metavar="MS", help="p95 (default 100)")
    add.add_argument("--min-version", default="0.0.0", metavar="V", help="oldest that may run once this one did")
    add.add_argument("--app-from", default="0.0.0", metavar="V", help="the first Rapport that it is for")
    add.add_argument("--app-below", default="999999.0.0", metavar="V", help="the first Rapport that it is not for")
    add.add_argument(
        "--machine", action="append", default=[], metavar="NAME", help="processor it is for (default: any)"
    )
    sign = actions.add_parser("sign", help="sign drafts with the keys here", description=SIGN, formatter_class=raw)
    sign.add_argument("--yes", action="store_true", help="sign without asking")
    for parser, command in ((init, _init), (add, _add), (sign, _sign)):
        add_place(parser, keys=parser is not add)
        parser.set_defaults(command=command)


def _init(options: argparse.Namespace) -> int:
    from robot.updates.repository.keys import read_public  # noqa: PLC0415
    from robot.updates.repository.policy import POLICY_FILE, TEMPLATE  # noqa: PLC0415

    asked = Passphrases(options.passphrase_file)
    plain = {"online": ("release", "snapshot", "timestamp"), "all": ("",)}.get(options.plain or "", ())
    given = [read_public(path) for path in options.root_key]
    targets = read_public(options.targets_key) if options.targets_key else None

    def making(name: str) -> str:
        return "" if name.startswith(plain) else asked.making(name)

    with working(options, making) as publisher:
        found = publisher.init(options.root_keys, options.threshold, given, targets)
        policy = options.folder / POLICY_FILE
        if not policy.exists():
            write_whole(policy, TEMPLATE.encode(), 0o644)
    root = options.folder / "public" / "metadata" / "1.root.json"
    lines = [str(each) for each in found]
    if root.is_file():
        lines += [
            f"{options.folder / 'public'}: serve this folder",
            f"{root}: give this file to robots",
            "now take the root keys and the targets key off this machine, each root key to a place of its own",
        ]
    return say(options, lines, {"public": str(options.folder / "public"), "waiting": rows(found)})


def _add(options: argparse.Namespace) -> int:
    with working(options) as publisher:
        added = [_add_one(options, publisher, directory) for directory in options.model]
    lines = ["waits for the targets key: run `rapport repository sign` where it is"]
    row = [{"id": bundle.id, "version": bundle.version, "size_bytes": _size(bundle)} for bundle in added]
    return say(options, lines, {"added": row})


def _add_one(options: argparse.Namespace, publisher: "Publisher", directory: Path) -> "Bundle":
    from robot.updates.bundle import Requires  # noqa: PLC0415
    from robot.updates.repository.bundling import Conditions, bundle_model  # noqa: PLC0415
    from robot.updates.repository.policy import read_policy  # noqa: PLC0415
    from robot.updates.selftest import self_test  # noqa: PLC0415

    for name in ("min_version", "app_from", "app_below"):
        _refuse_no_version(getattr(options, name), f"--{name.replace('_', '-')}")
    policy = read_policy(options.folder)
    note(options, f"{directory}: reading")
    conditions = Conditions(
        Requires(options.app_from, options.app_below, tuple(options.machine)),
        options.min_version,
        options.latency_budget_ms,
        policy=policy,
    )
    model = bundle_model(directory, int(publisher.now().timestamp()), conditions)
    publisher.refuse_known(model.bundle.id, model.bundle.version)
    note(options, f"{model.bundle.id} {model.bundle.version}: the self-test that robots run")
    answer = self_test(directory.resolve(), options.latency_budget_ms)
    publisher.add(model)
    if not options.json:
        size = f"{len(model.bundle.files)} files, {_size(model.bundle) / 1000:.0f} kB"
        print(f"{model.bundle.id} {model.bundle.version}: {size}, {answer.p95_ms:.1f} ms (p95) here")
        print(f"its terms: {model.terms}")
    return model.bundle


def _sign(options: argparse.Namespace) -> int:
    from robot.updates.repository.inspection import changes  # noqa: PLC0415

    with working(options) as publisher:
        drafts = {role: publisher.drafts.load(role) for role in ("root", "targets")}
        lines = [
            line
            for role, draft in drafts.items()
            if draft is not None
            for line in changes(role, draft, publisher.files.newest(role), publisher.files)
        ]
        if not lines:
            return say(options, ["nothing waits for a signature"], {"waiting": []})
        if not options.json:
            print("\n".join(lines))
        _agree(options)
        found = publisher.sign()
        left = {each.role for each in publisher.waiting()}
    shown = [str(each) for each in found]
    shown += ["public now"] if not left else []
    if left and all(each.complete for each in found):
        shown.append("signed by enough; public with the next `rapport repository refresh`, where the online keys are")
    return say(options, shown, {"changes": lines, "waiting": rows(found), "public": not left})


def _agree(options: argparse.Namespace) -> None:
    if options.yes:
        return
    if not sys.stdin.isatty() or options.json:
        raise UpdateError("sign: nobody can be asked here; look with `rapport repository status`, then give --yes")
    if input("Sign this? [y/N] ").strip().lower() not in {"y", "yes"}:
        raise UpdateError("sign: nothing was signed")


def rows(found: "list[Signatures]") -> list[dict[str, object]]:
    """How far drafts are signed, for JSON."""
    return [
        {
            "role": each.role,
            "version": each.version,
            "needed": each.needed,
            "by": list(each.by),
            "missing": list(each.missing),
            "complete": each.complete,
        }
        for each in found
    ]


def _size(bundle: "Bundle") -> int:
    return sum(entry.length for entry in bundle.files.values())


def _refuse_no_version(text: str, option: str) -> None:
    parts = text.split(".")
    if len(parts) != 3 or not all(part.isdigit() and len(part) <= 6 for part in parts):
        raise UpdateError(f"{option} {text}: a version is three numbers, such as 1.4.0")
