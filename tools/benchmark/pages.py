"""How a benchmark ends: its page on the screen, and in a file where one is named."""

import sys
from collections.abc import Callable
from pathlib import Path

from robot.errors import RapportError


def tell(measure: Callable[[], str], page: Path | None) -> int:
    """Measure, print the text and write it; the exit code is 2, with one line, where a part is missing."""
    try:
        text = measure()
    except RapportError as error:
        sys.stderr.write(f"benchmark: {error}\n")
        return 2
    sys.stdout.write(text)
    if page is not None:
        page.write_text(text, encoding="utf-8")
    return 0
