"""How surely a share is known."""

import pytest

from tools.benchmark.words import interval


@pytest.mark.parametrize(
    ("right", "of", "low", "high"), [(95, 100, 0.888, 0.978), (10, 10, 0.722, 1.0), (0, 10, 0.0, 0.278)]
)
def test_the_interval_is_wilson_s(right, of, low, high):
    assert interval(right, of) == pytest.approx((low, high), abs=0.001)
