"""`rapport memory`: who is remembered, all of it in plain text for whoever it is about, and forgetting."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from robot.cli.complete import completing
from robot.cli.new_file import write_new
from robot.cli.options import add_config_options, config_from
from robot.errors import ConfigError, MemoryFailed, RapportError
from robot.memory.place import memory_folder, open_vault
from robot.memory.vault import FILE, Vault, forget_all
from robot.mind.acquaintance import Acquaintance

DESCRIPTION = """The people who asked the robot to remember them, and said yes to it. Encrypted on this disk.

  list     who is remembered
  export   everything that is kept of somebody, or of all, as JSON
  change   how somebody likes to be greeted, their code word, token, language, preferences
  forget   somebody, or everybody: gone from the disk at once, and from the running robot within seconds
"""

EXAMPLES = """examples:
  rapport memory list
  rapport memory export Ada --to ada.json
  rapport memory change Ada --greeting "Moin, {name}!" --code-word "blue heron"
  rapport memory forget Ada
  rapport memory forget --all
"""


def add_to(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add this command's parser."""
    parser = commands.add_parser(
        "memory",
        help="who is remembered; show, change or forget it",
        description=DESCRIPTION,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    listing = _action(actions, "list", _list, "who is remembered")
    listing.add_argument("--json", action="store_true", help="print JSON")
    export = _action(actions, "export", _export, "everything that is kept, as JSON")
    completing(export.add_argument("name", nargs="?", metavar="NAME", help="of one person (default: all)"), _names)
    export.add_argument("--to", type=Path, metavar="FILE", help="write a file that only you can read")
    change = _action(actions, "change", _change, "how somebody likes to be met")
    completing(change.add_argument("name", metavar="NAME"), _names)
    change.add_argument("--greeting", metavar="TEXT", help="what it says when it knows them again; {name} is the name")
    change.add_argument("--code-word", metavar="WORDS", help="said aloud, it tells who they are")
    change.add_argument("--token", metavar="TEXT", help="shown by a reader, it tells who they are")
    change.add_argument(
        "--prefers", metavar="KEY=TEXT", action="append", default=[], help="a preference, for whoever asks"
    )
    change.add_argument("--json", action="store_true", help="print what is kept of them as JSON")
    forget = _action(actions, "forget", _forget, "somebody, or everybody")
    completing(forget.add_argument("name", nargs="?", metavar="NAME", help="whom"), _names)
    forget.add_argument("--all", action="store_true", help="everybody, whatever state the memory is in; its key too")
    forget.add_argument("--json", action="store_true", help="print JSON")


def _action(
    actions: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, command: object, text: str
) -> argparse.ArgumentParser:
    parser = actions.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}.")
    add_config_options(parser)
    parser.set_defaults(command=command)
    return parser


def _names() -> list[str]:
    """For Tab: the names, where the memory can be read."""
    settings = config_from(argparse.Namespace(config=None, **dict.fromkeys(OPTIONS))).memory
    if not (memory_folder(settings) / FILE).is_file():
        return []
    try:
        vault = open_vault(settings)
    except RapportError:
        return []
    people = vault.people()
    vault.close()
    return [person.name for person in people]


OPTIONS = ("seed", "persona", "language", "consent", "place")
"""What `add_config_options` would have given, unset."""


def _vault(options: argparse.Namespace) -> Vault | None:
    """The vault, or None where nobody was ever remembered: looking must not make one."""
    settings = config_from(options).memory
    return open_vault(settings) if (memory_folder(settings) / FILE).is_file() else None


def _people(vault: Vault | None) -> tuple[Acquaintance, ...]:
    if vault is None:
        return ()
    people = vault.people()
    if vault.damaged:
        count = "1 record" if vault.damaged == 1 else f"{vault.damaged} records"
        fault = f"{count} in {vault.folder} cannot be read; what is damaged goes with: rapport memory forget --all"
        if not people:
            raise MemoryFailed(fault)
        print(f"rapport: {fault}", file=sys.stderr)  # one damaged record keeps nobody else from being forgotten
    return people


def _list(options: argparse.Namespace) -> int:
    people = _people(_vault(options))
    if options.json:
        print(json.dumps([{"name": person.name, "language": person.language} for person in people], ensure_ascii=False))
        return 0
    for person in people:
        print(
            f"{person.name:<20} {person.language}  {'code word' if person.code_word else '':<10}"
            f"{'token' if person.token else '':<6}{person.greeting}".rstrip()
        )
    if not people:
        print("nobody is remembered")
    return 0


def _export(options: argparse.Namespace) -> int:
    people = _people(_vault(options))
    if options.name is not None:
        people = _named(people, options.name)
    text = json.dumps(msgspec.to_builtins(people), indent=2, ensure_ascii=False)
    if options.to is None:
        print(text)
        return 0
    write_new(options.to, f"{text}\n".encode())
    return 0


def _change(options: argparse.Namespace) -> int:
    vault = _vault(options)
    (person, *others) = _named(_people(vault), options.name)
    if others or vault is None:
        raise ConfigError(f"{options.name}: {1 + len(others)} people have this name; forget one first")
    given = {"greeting": options.greeting, "code_word": options.code_word, "token": options.token}
    changes = {key: value for key, value in given.items() if value is not None}
    pairs = dict(pair.partition("=")[::2] for pair in options.prefers)
    changes |= {"preferences": person.preferences | pairs} if pairs else {}
    changes |= {"language": options.language} if options.language is not None else {}
    try:
        changed = msgspec.convert(msgspec.to_builtins(person) | changes, Acquaintance)
        vault.keep(changed)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{options.name}: {error}; see rapport memory change --help") from None
    if options.json:
        print(json.dumps(msgspec.to_builtins(changed), ensure_ascii=False))
    else:
        print(f"{person.name}: kept")
    return 0


def _forget(options: argparse.Namespace) -> int:
    if options.all == (options.name is not None):
        raise ConfigError("rapport memory forget: name one person, or give --all")
    if options.all:
        forgotten = ["everybody"] if forget_all(memory_folder(config_from(options).memory)) else []
    else:
        vault = _vault(options)
        people = _named(_people(vault), options.name)
        forgotten = [person.name for person in people if vault is not None and vault.forget(person.id)]
    if options.json:
        print(json.dumps({"forgotten": forgotten}, ensure_ascii=False))
    else:
        print(f"forgotten: {', '.join(forgotten)}" if forgotten else "nobody is remembered")
    return 0


def _named(people: Sequence[Acquaintance], name: str) -> tuple[Acquaintance, ...]:
    """Everybody of this name, in any case.

    Raises:
        ConfigError: there is nobody.
    """
    found = tuple(person for person in people if person.name.casefold() == name.casefold())
    if not found:
        raise ConfigError(f"{name}: nobody of this name is remembered; see: rapport memory list")
    return found
