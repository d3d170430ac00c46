"""A sense that exists only as far as it is permitted: built for a permission, let go the moment that goes."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from robot.policy import Permission

S = TypeVar("S")


class Sense(Generic[S]):
    """Sight or hearing with all its models. `permit` may be called from any thread, `get` from the sense's own.

    `needs` says what of a permission the sense depends on; the first of it decides whether it exists at all. `build`
    makes it for a permission. `let_go` is called when a permission was taken away, so that nothing else holds on to its
    models either.
    """

    def __init__(
        self,
        build: Callable[[Permission], S],
        needs: Callable[[Permission], tuple[bool, ...]],
        let_go: Callable[[], None] = lambda: None,
    ) -> None:
        self._build = build
        self._needs = needs
        self._let_go = let_go
        self._lock = threading.Lock()
        self._allowed: Permission | None = None
        self._built: S | None = None
        self._instead: Callable[[Permission], S] | None = None

    def permit(self, allowed: Permission) -> None:
        """From now on the sense may do what `allowed` says. Where that differs, what was built is let go at once."""
        with self._lock:
            if self._allowed is not None and self._needs(allowed) == self._needs(self._allowed):
                return
            was, self._allowed, self._built, self._instead = self._allowed, allowed, None, None
        if was is not None:
            self._let_go()

    def renew(self, build: Callable[[Permission], S]) -> None:
        """Let what was built go, even if it hangs in a call; until permission changes `get` makes another with `build`.

        Not made here: whoever finds that a sense hangs must not wait for it, nor are there to be two of it in memory.
        """
        with self._lock:
            self._built, self._instead = None, build

    @property
    def settled(self) -> bool:
        """True if there is nothing to be built now: it was built, or may not exist."""
        allowed = self._allowed
        return self._built is not None or allowed is None or not self._needs(allowed)[0]

    def get(self) -> S | None:
        """The sense, built now if it is time; None where it may not exist.

        Raises:
            RapportError: it cannot be built (a model is not whole, an engine is missing).
        """
        allowed, built, instead = self._allowed, self._built, self._instead
        if built is not None or allowed is None or not self._needs(allowed)[0]:
            return built
        built = (instead or self._build)(allowed)
        with self._lock:
            if self._allowed is allowed and self._instead is instead:
                self._built = built
                return built
            if self._allowed is allowed:
                return None  # building it took so long that another is asked for
        self._let_go()  # what was taken away while this was being built does not come back
        return None
