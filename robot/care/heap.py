"""How much memory is kept beside what is in use, and when what was freed is given back to the system."""

import ctypes

GIVE_BACK_EVERY_S = 60.0
ARENAS = 2
_ARENA_MAX = -8
"""M_ARENA_MAX of glibc's malloc.h."""

_trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
_option = getattr(ctypes.CDLL(None), "mallopt", None)


def share_arenas() -> None:
    """Let the threads that begin from now on share `ARENAS` heaps, where the C library can (glibc, mallopt(3)).

    Its own choice is eight for each processor core. Each keeps what was once needed at the same time, and whoever is
    made anew comes to another one: with so many a robot grows for half an hour, by some MB, before it has filled all.
    """
    if _option is not None:
        _option(_ARENA_MAX, ARENAS)


def give_back_freed() -> None:
    """Give freed memory back, where the C library can (glibc, malloc_trim(3)); takes less than a millisecond.

    Each thread allocates from an arena of its own, and glibc keeps what was freed there for it. A sense that is made
    anew is made by another thread: without this the robot keeps room for a second set of networks, and a third.
    """
    if _trim is not None:
        _trim(0)
