"""Runs the checks. Each is one file of `checks` with a function `examine`; a new one needs no change anywhere else."""

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Sequence

from robot.care.doctor import checks
from robot.care.doctor.finding import Finding
from robot.care.doctor.subject import Subject
from robot.errors import ConfigError, RapportError

Check = Callable[[Subject], Iterator[Finding]]

ORDER = ("computer", "power", "temperature", "memory", "disk", "clock", "buses", "models", "accelerator")
"""These come first: what they find explains what the devices do. The others follow by name."""


def check_names() -> list[str]:
    """The names of all checks, in the order in which they are run."""
    found = [module.name for module in pkgutil.iter_modules(checks.__path__)]
    return sorted(found, key=lambda name: (ORDER.index(name) if name in ORDER else len(ORDER), name))


def examine(subject: Subject, names: Sequence[str] = ()) -> Iterator[Finding]:
    """The findings of the checks called `names` (all of them by default), as they are made.

    A check that fails in a way that it did not expect is itself a finding, and the others go on.

    Raises:
        ConfigError: there is no check of that name.
    """
    known = check_names()
    for name in names:
        if name not in known:
            raise ConfigError(f"no check called {name!r}; there is {', '.join(known)}")
    for name in names or known:
        check: Check = importlib.import_module(f"{checks.__name__}.{name}").examine
        try:
            yield from check(subject)
        except RapportError as error:
            yield Finding(name, "fault", str(error), "mend what it says, then run the doctor again")
        except OSError as error:
            yield Finding(name, "fault", f"could not be examined ({error})", "see that no other program is in the way")
