"""Parts that are found by name: one module each in a package, so that a new one is a new file and nothing else."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from robot.errors import ConfigError


def names(package: str) -> tuple[str, ...]:
    """The modules of `package`, in alphabetical order."""
    return tuple(sorted(module.name for module in iter_modules(import_module(package).__path__)))


def find(package: str, name: str) -> ModuleType:
    """The module `name` of `package`.

    Raises:
        ConfigError: there is none; names those that there are.
    """
    known = names(package)
    if name not in known:
        raise ConfigError(f"{name!r} is not in {package.replace('.', '/')}; choose one of {', '.join(known)}")
    return import_module(f"{package}.{name}")
