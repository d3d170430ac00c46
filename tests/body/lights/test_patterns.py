"""Whoever sees no colours tells the lights apart by when and where they are bright: compared in luminance alone."""

import itertools

import numpy as np
import pytest

from robot.body.catalogue import names
from robot.body.lights.mixer import EFFECTS, LightMixer

TICK_S, SECONDS, LOOK_S = 0.1, 40.0, 20.0
APART = 0.15
"""RMS difference of two brightness curves, each relative to its own mean, at their best alignment in time."""

SHINING = [name for name in names(EFFECTS) if name != "off"]


def curves(name, count, luminance):
    """Luminance of each light over time as the mixer shows it, relative to the mean: shape (times, lights)."""
    mixer = LightMixer()
    ticks = range(round(SECONDS / TICK_S))
    shown = [luminance(mixer.pixels(tick * TICK_S, name, 1.0, count, camera_on=False))[:-1] for tick in ticks]
    lights = np.array(shown)[10:, min(count - 1, 1) :]  # the first second fades in; the first of a row is the lamp
    return lights / lights.mean()


def difference(one, other):
    """The least RMS difference of the first `LOOK_S` of one to any stretch of the other."""
    look = one[: round(LOOK_S / TICK_S)]
    stretches = np.lib.stride_tricks.sliding_window_view(other, len(look), axis=0)[::2]
    return float(np.sqrt(np.mean((stretches - look.T) ** 2, axis=(1, 2))).min())


@pytest.mark.parametrize("count", [1, 5, 12])
def test_every_two_lights_differ_in_pattern_and_not_only_in_hue(count, luminance):
    seen = {name: curves(name, count, luminance) for name in SHINING}
    gaps = {pair: difference(seen[pair[0]], seen[pair[1]]) for pair in itertools.combinations(SHINING, 2)}
    assert {pair: round(gap, 3) for pair, gap in gaps.items() if gap < APART} == {}


def test_the_measure_finds_the_same_pattern_whenever_it_starts_and_however_bright(luminance):
    calm = curves("calm", 1, luminance)
    assert difference(calm, calm[36:]) < 0.01
    assert difference(calm, calm) == pytest.approx(0.0, abs=1e-6)
