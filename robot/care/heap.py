"""Memory that was freed, given back to the system."""

import ctypes

GIVE_BACK_EVERY_S = 60.0

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)


def give_back_freed() -> None:
    """Give freed memory back, where the C library can (glibc, malloc_trim(3)); takes less than a millisecond.

    Each thread allocates from an arena of its own, and glibc keeps what was freed there for it. A sense that is made
    anew is made by another thread: without this the robot keeps room for a second set of networks, and a third.
    """
    if _trim is not None:
        _trim(0)
