"""Completion of names by Tab: commands, options, models, boards and personas."""

import argparse
import os
from collections.abc import Callable, Iterable

Completer = Callable[..., Iterable[str]]


def completing(action: argparse.Action, names: Callable[[], Iterable[str]]) -> None:
    """Let Tab offer `names()` for an option. They are looked up only when the shell asks."""

    def offer(**_: object) -> Iterable[str]:
        return names()

    action.completer = offer  # type: ignore[attr-defined]


def answer_shell(parser: argparse.ArgumentParser) -> None:
    """Answer the shell's question and leave, if that is why the command was started.

    Set up once with `eval "$(.venv/bin/register-python-argcomplete .venv/bin/rapport)"`.
    """
    if "_ARGCOMPLETE" not in os.environ:
        return
    import argcomplete  # noqa: PLC0415  only a shell that asks pays for it

    argcomplete.autocomplete(parser)
