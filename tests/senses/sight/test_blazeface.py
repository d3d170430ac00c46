"""Anchors, decoding and merging: from raw numbers to faces."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from robot.errors import InferenceError
from robot.senses.sight.blazeface import (
    FULL_RANGE,
    SHORT_RANGE,
    anchors,
    candidates,
    intersection_over_union,
    merge,
    roll_rad,
)


def box(x: float, y: float, side: float) -> np.ndarray:
    """Points (8, 2): centre, size, and six points in the centre."""
    return np.array([(x, y), (side, side)] + [(x, y)] * 6, np.float32)


@pytest.mark.parametrize(("variant", "count"), [(FULL_RANGE, 2304), (SHORT_RANGE, 896)])
def test_there_is_one_anchor_for_each_output_and_all_lie_inside(variant, count):
    grid = anchors(variant)

    assert grid.shape == (count, 2)
    assert (grid > 0).all()
    assert (grid < 1).all()


def test_anchors_run_along_rows_in_the_middle_of_their_cells():
    grid = anchors(FULL_RANGE)

    assert grid[0] == pytest.approx([2 / 192, 2 / 192])
    assert grid[1] == pytest.approx([6 / 192, 2 / 192])
    assert grid[48] == pytest.approx([2 / 192, 6 / 192])


def raw(count: int = 2304) -> tuple[np.ndarray, np.ndarray]:
    return np.zeros((count, 16), np.float32), np.full(count, -50.0, np.float32)


def test_a_raw_row_becomes_points_around_its_anchor():
    boxes, scores = raw()
    boxes[100] = [19.2, -9.6, 38.4, 57.6] + [1.92, 3.84] * 6
    scores[100] = 2.0
    grid = anchors(FULL_RANGE)

    found, points = candidates(boxes, scores, grid, 192, 0.6)

    assert found == pytest.approx([1 / (1 + math.exp(-2))])
    assert points[0, 0] == pytest.approx(grid[100] + [0.1, -0.05])
    assert points[0, 1] == pytest.approx([0.2, 0.3])
    assert points[0, 7] == pytest.approx(grid[100] + [0.01, 0.02])


def test_weak_and_inside_out_boxes_are_left_out_and_the_best_comes_first():
    boxes, scores = raw()
    boxes[:, 2:4] = 20
    boxes[5, 2] = -20
    scores[[3, 5, 9]] = [1.0, 3.0, 2.0]
    scores[11] = 0.1

    found, points = candidates(boxes, scores, anchors(FULL_RANGE), 192, 0.6)

    assert len(found) == len(points) == 2
    assert found[0] > found[1]


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("where", ["boxes", "scores"])
def test_nan_from_the_network_is_an_error(bad, where):
    boxes, scores = raw()
    (boxes if where == "boxes" else scores)[77] = bad

    with pytest.raises(InferenceError, match="NaN"):
        candidates(boxes, scores, anchors(FULL_RANGE), 192, 0.6)


def test_extreme_scores_stay_finite():
    boxes, scores = raw()
    scores[:] = np.float32(3e38)
    boxes[:, 2:4] = 1

    found, _ = candidates(boxes, scores, anchors(FULL_RANGE), 192, 0.6)

    assert np.isfinite(found).all()
    assert (found <= 1).all()


def test_overlapping_candidates_become_their_weighted_mean():
    merged = merge(np.array([0.9, 0.6], np.float32), np.stack([box(0.50, 0.5, 0.2), box(0.55, 0.5, 0.2)]))

    assert len(merged) == 1
    score, points = merged[0]
    assert score == pytest.approx(0.9)
    assert points[0, 0] == pytest.approx((0.9 * 0.50 + 0.6 * 0.55) / 1.5)


def test_faces_apart_stay_apart():
    places = np.stack([box(0.2, 0.5, 0.2), box(0.8, 0.5, 0.2), box(0.5, 0.5, 0.2)])

    assert len(merge(np.array([0.9, 0.8, 0.7], np.float32), places)) == 3
    assert merge(np.array([], np.float32), np.empty((0, 8, 2), np.float32)) == []


@given(
    st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.floats(0.01, 0.5)), min_size=1, max_size=30),
    st.randoms(use_true_random=False),
)
def test_merging_ends_and_keeps_no_more_faces_than_candidates(places, chance):
    points = np.stack([box(*place) for place in places])
    scores = np.sort(np.array([chance.uniform(0.6, 1) for _ in places], np.float32))[::-1]

    merged = merge(scores, points)

    assert 1 <= len(merged) <= len(places)
    assert merged[0][0] == scores[0]


def test_overlap_of_a_box_with_itself_is_one_and_with_a_far_one_nothing():
    one = box(0.5, 0.5, 0.2)

    overlaps = intersection_over_union(one, np.stack([one, box(0.6, 0.5, 0.2), box(0.9, 0.9, 0.1)]))

    assert overlaps == pytest.approx([1.0, 1 / 3, 0.0], abs=1e-5)


@pytest.mark.parametrize("degrees", [-60, -20, 0, 15, 45])
def test_roll_is_measured_in_pixels_not_in_shares_of_a_wide_picture(degrees):
    dx, dy = 100 * math.cos(math.radians(degrees)), 100 * math.sin(math.radians(degrees))
    eyes = ((0.5, 0.5), (0.5 + dx / 640, 0.5 + dy / 480))

    assert math.degrees(roll_rad(eyes, 640, 480)) == pytest.approx(degrees)
