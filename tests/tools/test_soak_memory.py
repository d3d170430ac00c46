"""How a soak judges memory, on series made up by hand: it sees a leak, and is not misled by what passes."""

import random

import pytest

from tools.soak.memory import MOST_MB_AN_HOUR, WINDOWS, growth_mb_an_hour, private_mb, windows

WARM_UP_S, JUDGED_S = 1200.0, 1200.0
SEEDS = range(20)


def life(seed, leaked_mb):
    """Twenty minutes that fill up and twenty that hold: with noise, with peaks of 40 MB that pass, and what leaks."""
    rng = random.Random(seed)
    for t_s in range(0, int(WARM_UP_S + JUDGED_S), 10):
        filled = 100.0 + min(t_s, WARM_UP_S) / WARM_UP_S * 70.0
        peak = 40.0 if rng.random() < 0.1 else 0.0
        yield float(t_s), filled + peak + rng.uniform(0.0, 0.2) + leaked_mb(float(t_s))


def growth(seed, leaked_mb):
    return growth_mb_an_hour(windows(list(life(seed, leaked_mb)), WARM_UP_S))


@pytest.mark.parametrize("seed", SEEDS)
def test_what_fills_up_in_the_warm_up_and_passes_is_no_leak(seed):
    assert abs(growth(seed, lambda _t_s: 0.0)) < MOST_MB_AN_HOUR / 2


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("step_s", [0.001, 60.0, 300.0, 600.0])
def test_a_leak_of_two_mb_an_hour_fails_be_it_steady_or_in_steps(seed, step_s):
    assert growth(seed, lambda t_s: 2.0 / 3600.0 * (t_s // step_s) * step_s) >= MOST_MB_AN_HOUR


def test_one_step_that_stays_is_growth_wherever_it_comes():
    for at_s in (1400.0, 1800.0, 2200.0):
        assert growth(1, lambda t_s, at_s=at_s: 1.0 if t_s > at_s else 0.0) >= MOST_MB_AN_HOUR


def test_too_short_a_life_has_few_windows_and_no_growth():
    assert windows([], 0.0) == []
    assert windows([(5.0, 100.0)], 10.0) == []
    assert growth_mb_an_hour(windows([(5.0, 100.0)], 0.0)) == 0.0
    assert len(windows([(float(t_s), 1.0) for t_s in range(100)], 0.0)) == WINDOWS


def test_memory_that_is_held_counts():
    before_mb = private_mb()
    # Larger than malloc ever keeps for itself, or it would be given out of what was freed before.
    held = b"x" * 100_000_000
    assert private_mb() - before_mb > 90.0
    del held
