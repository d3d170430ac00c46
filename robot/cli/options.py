"""Options that several commands share, and how they change the configuration."""

import argparse
from pathlib import Path

import msgspec

from robot.cli.complete import completing
from robot.config import Config, load_config
from robot.errors import ConfigError
from robot.mind.persona import PERSONAS


def add_config_options(parser: argparse.ArgumentParser) -> None:
    """Add `--config` and the few settings that people change most."""
    group = parser.add_argument_group("configuration")
    group.add_argument("--config", type=Path, metavar="FILE", help="TOML file; see docs/reference/configuration.md")
    group.add_argument("--seed", type=int, metavar="N", help="seed of everything random in the robot (default 1)")
    persona = group.add_argument("--persona", metavar="NAME", help="who the robot is (default companion)")
    completing(persona, _personas)
    group.add_argument("--language", choices=["en", "de"], help="what it speaks (default en)")
    group.add_argument(
        "--consent",
        choices=["off", "presence", "feelings", "remember"],
        help="how far it may go: off; presence only; feelings, nothing remembered (default)",
    )
    group.add_argument(
        "--place",
        choices=["home", "public", "workplace", "school"],
        help="where it stands (default home); in workplace and school it never loads the feelings models",
    )


def _personas() -> list[str]:
    return sorted(path.stem for path in PERSONAS.glob("*.toml"))


def config_from(options: argparse.Namespace) -> Config:
    """The configuration file with the options laid over it.

    Raises:
        ConfigError: the file or an option is wrong.
    """
    config = load_config(options.config)
    names = ("seed", "persona", "language", "consent", "place")
    given = {name: getattr(options, name) for name in names if getattr(options, name) is not None}
    return with_changes(config, "robot", given)


def with_changes(config: Config, section: str, changes: dict[str, object]) -> Config:
    """A copy of `config` in which `section` has `changes`, checked like a file would be."""
    if not changes:
        return config
    table = msgspec.to_builtins(config)
    table[section] |= changes
    try:
        return msgspec.convert(table, Config)
    except msgspec.ValidationError as error:
        raise ConfigError(f"{section}: {error}; see --help") from None
