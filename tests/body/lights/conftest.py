"""A measure of flashing after WCAG 2.3.1, shared by the tests of effects and mixer."""

from collections.abc import Callable, Sequence

import pytest

from hardware.ports import Pixels

TURN = 0.1
"""A tenth of full brightness, up or down, is half a flash."""


@pytest.fixture(scope="session")
def luminance() -> Callable[[Pixels], tuple[float, ...]]:
    """Relative luminance of each light, then of the whole row (Rec. 709 weights on linear colours)."""

    def measure(pixels: Pixels) -> tuple[float, ...]:
        each = [0.2126 * red + 0.7152 * green + 0.0722 * blue for red, green, blue in pixels.colours]
        return (*each, sum(each) / len(each))

    return measure


@pytest.fixture(scope="session")
def most_flashes_per_s() -> Callable[[Sequence[float], float], float]:
    """The most flashes in any second of a brightness curve with one value every `tick_s`."""

    def measure(levels: Sequence[float], tick_s: float) -> float:
        falling, extreme, turns_s = False, levels[0], []
        for tick, level in enumerate(levels):
            if (extreme - level if not falling else level - extreme) >= TURN:
                falling, extreme = not falling, level
                turns_s.append(tick * tick_s)
            elif (level > extreme) != falling:
                extreme = level
        return max((sum(start <= turn < start + 1.0 for turn in turns_s) for start in turns_s), default=0) / 2

    return measure
