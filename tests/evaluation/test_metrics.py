"""The figures on the cards: what they are on small cases that can be counted by hand."""

import numpy as np
import pytest

from robot.evaluation import metrics


def test_accuracy_is_the_share_of_equal_labels():
    assert metrics.accuracy(np.array([0, 1, 2, 2]), np.array([0, 1, 1, 2])) == 0.75


def test_accuracy_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no labels"):
        metrics.accuracy(np.array([], int), np.array([], int))


def test_confusion_counts_true_by_said():
    counts = metrics.confusion(np.array([0, 0, 1, 2]), np.array([0, 1, 1, 0]), 3)
    np.testing.assert_array_equal(counts, [[1, 1, 0], [0, 1, 0], [1, 0, 0]])


def test_unweighted_recall_counts_rare_classes_as_much_as_common_ones():
    truth, said = np.array([0] * 9 + [1]), np.zeros(10, int)
    assert metrics.unweighted_recall(truth, said, 2) == 0.5


def test_a_class_that_does_not_occur_is_left_out_of_the_recall():
    assert metrics.unweighted_recall(np.array([0, 1]), np.array([0, 1]), 5) == 1.0
    assert np.isnan(metrics.recalls(np.array([0, 1]), np.array([0, 1]), 5)[2:]).all()


def test_recall_of_nothing_is_refused():
    with pytest.raises(ValueError, match="no labels"):
        metrics.unweighted_recall(np.array([], int), np.array([], int), 3)


def test_softmax_sums_to_one_and_a_high_temperature_flattens_it():
    logits = np.array([[1000.0, 0.0, -1000.0], [1.0, 2.0, 3.0]])
    np.testing.assert_allclose(metrics.softmax(logits).sum(axis=1), 1.0)
    assert metrics.softmax(logits, 100.0)[1].max() < metrics.softmax(logits)[1].max()


def test_a_model_right_as_often_as_it_is_sure_has_no_calibration_error():
    sure = np.tile([0.7, 0.3], (1000, 1))
    truth = (np.arange(1000) % 10 >= 7).astype(int)
    assert metrics.calibration_error(truth, sure, bins=10) < 1e-9


def test_a_model_always_sure_and_half_right_is_off_by_a_half():
    sure = np.tile([1.0, 0.0], (1000, 1))
    assert metrics.calibration_error(np.arange(1000) % 2, sure) == pytest.approx(0.5, abs=0.01)


def test_fewer_rows_than_bins_still_give_a_calibration_error():
    assert 0.0 <= metrics.calibration_error(np.array([0, 1]), np.array([[0.9, 0.1], [0.6, 0.4]]), bins=15) <= 1.0


def test_the_fitted_temperature_finds_the_one_that_was_hidden():
    rng = np.random.default_rng(0)
    honest = rng.normal(0, 2, (4000, 4))
    truth = np.array([rng.choice(4, p=row) for row in metrics.softmax(honest)])
    assert metrics.fit_temperature(truth, honest * 2.5) == pytest.approx(2.5, rel=0.08)


def test_leaving_out_the_unsure_gains_accuracy_when_sureness_means_something():
    truth = np.zeros(10, int)
    right = np.linspace(0.05, 0.95, 10)
    sure = np.stack([right, 1 - right], axis=1)
    curve = metrics.coverage_curve(truth, sure)
    assert curve[-1] == metrics.accuracy(truth, sure.argmax(axis=1))
    assert metrics.accuracy_at_coverage(truth, sure, 1.0) == curve[-1]
    assert metrics.accuracy_at_coverage(truth, sure, 0.01) == curve[0]


def test_likelihood_is_best_for_the_targets_themselves():
    targets = np.array([[0.7, 0.3], [0.2, 0.8]])
    own = metrics.negative_log_likelihood(targets, targets)
    assert own < metrics.negative_log_likelihood(targets, targets[::-1])


def test_the_bootstrap_interval_holds_the_value_and_narrows_with_rows():
    rng = np.random.default_rng(1)
    widths = []
    for rows in (50, 5000):
        right = rng.random(rows) < 0.8
        found = metrics.bootstrap(lambda i, right=right: float(right[i].mean()), rows, draws=200)
        assert found.low <= found.value <= found.high
        assert found.rows == rows
        widths.append(found.high - found.low)
    assert widths[1] < widths[0] / 4


def test_resampling_speakers_gives_the_wider_and_honest_interval():
    speakers = np.repeat(np.arange(8), 100)
    right = np.repeat(np.arange(8) % 2 == 0, 100)
    by_row = metrics.bootstrap(lambda i: float(right[i].mean()), 800, draws=300)
    by_speaker = metrics.bootstrap(lambda i: float(right[i].mean()), 800, draws=300, groups=speakers)
    assert by_speaker.high - by_speaker.low > 3 * (by_row.high - by_row.low)


def test_the_bootstrap_is_the_same_for_the_same_seed():
    values = np.random.default_rng(0).random(100)
    first, second = (metrics.bootstrap(lambda i: float(values[i].mean()), 100, seed=4, draws=50) for _ in range(2))
    assert first == second


def test_an_interval_holds_its_value_also_where_a_measure_grows_on_resamples() -> None:
    def different(rows: np.ndarray) -> float:
        return 1.0 - len(np.unique(rows)) / 50

    measured = metrics.bootstrap(different, 50)
    assert measured.value == measured.low == 0.0
    assert measured.high > 0.3
