"""Keeps an engine's small talk out of the terminal, and only that."""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

SMALL_TALK = b"INFO:"
STDERR = 2


@contextmanager
def without_small_talk() -> Iterator[None]:
    """Drop the lines that begin with `INFO:` from what native code writes to standard error meanwhile.

    TFLite announces its CPU delegate there and has no setting against it; an error in one clear line would come with
    that line above it. Everything else is passed on, at the end. Where standard error is closed, nothing is done.
    """
    try:
        kept = os.dup(STDERR)
    except OSError:
        yield
        return
    with tempfile.TemporaryFile() as caught:
        sys.stderr.flush()
        os.dup2(caught.fileno(), STDERR)
        try:
            yield
        finally:
            sys.stderr.flush()
            os.dup2(kept, STDERR)
            os.close(kept)
            caught.seek(0)
            for line in caught:
                if not line.startswith(SMALL_TALK):
                    os.write(STDERR, line)
