"""AUC, τ-b and Somers' D against scikit-learn and scipy, intervals by simulation, and resampling of clusters."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score

from tpm_widgets.statistics.estimates.ordinal import (
    auc_interval,
    auc_of_counts,
    bootstrap_interval,
    kendall_tau_b,
    somers_d,
)
from tpm_widgets.statistics.estimates.resampling import fold_of, resampled_totals


def counts(scores, event, weights=None):
    weights = np.ones(len(scores)) if weights is None else weights
    cells = scores + 11 * event
    totals = np.bincount(cells, weights=weights, minlength=22)
    return totals[11:], totals[:11]


@settings(max_examples=60)
@given(data=st.data())
def test_auc_is_scikit_learns_with_ties_and_weights(data):
    n = data.draw(st.integers(2, 30))
    scores = np.array(data.draw(st.lists(st.integers(0, 10), min_size=n, max_size=n)))
    event = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    event[:2] = True, False
    weights = np.array(data.draw(st.lists(st.floats(0.1, 10), min_size=n, max_size=n)))
    expected = roc_auc_score(event, scores, sample_weight=weights)
    assert auc_of_counts(*counts(scores, event, weights)) == pytest.approx(expected, abs=1e-10)
    assert auc_of_counts(*counts(10 - scores, event, weights)) == pytest.approx(1 - expected, abs=1e-10)


@settings(max_examples=60)
@given(data=st.data())
def test_tau_b_and_somers_d_are_scipys(data):
    n = data.draw(st.integers(3, 40))
    scores = np.array(data.draw(st.lists(st.integers(0, 10), min_size=n, max_size=n)))
    event = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    scores[:2], event[:2] = (0, 10), (True, False)
    assert kendall_tau_b(*counts(scores, event)) == pytest.approx(stats.kendalltau(scores, event).statistic, abs=1e-12)
    assert somers_d(*counts(scores, event)) == pytest.approx(stats.somersd(scores, event).statistic, abs=1e-12)
    other_way = stats.somersd(event, scores).statistic
    assert 2 * auc_of_counts(*counts(scores, event)) - 1 == pytest.approx(other_way, abs=1e-12)


def test_a_weight_counts_as_often_as_it_says():
    scores, event, times = np.array([1, 5, 5, 9]), np.array([0, 1, 0, 1]), np.array([2, 1, 3, 4])
    repeated = np.repeat(scores, times), np.repeat(event, times)
    weighted = counts(scores, event, times.astype(float))
    assert kendall_tau_b(*weighted) == pytest.approx(stats.kendalltau(*repeated).statistic)
    assert somers_d(*weighted) == pytest.approx(stats.somersd(*repeated).statistic)


def test_where_nothing_varies_there_is_no_association():
    same_score = counts(np.array([9, 9, 9]), np.array([0, 1, 1]), np.array([0.1, 0.2, 0.3]))
    assert np.isnan(kendall_tau_b(*same_score)) and np.isnan(somers_d(*same_score))
    nobody = counts(np.array([2, 5, 9]), np.array([0, 0, 0]))
    assert np.isnan(kendall_tau_b(*nobody)) and somers_d(*nobody) == 0
    assert np.isnan(bootstrap_interval(0.0, np.zeros(9), 0.95)).all()
    assert np.isnan(bootstrap_interval(0.3, np.array([np.nan, 0.3]), 0.95)).all()


def test_without_cases_there_is_no_auc():
    assert np.isnan(auc_of_counts(np.zeros(11), np.ones(11)))
    assert np.isnan(auc_interval(np.nan, np.array([0.5, 0.6]), 0.95)).all()
    assert np.isnan(auc_interval(1.0, np.ones(5), 0.95)).all()


def test_the_interval_of_the_auc_covers():
    """300 samples with fixed seeds; 99.9 % binomial limits around 95 % are 90.3 … 98.3 %."""

    def draw(rng, n):
        scores = rng.binomial(10, 0.8, n)
        return scores, rng.uniform(size=n) < 1 / (1 + np.exp(2 - 0.5 * (scores - 8)))

    truth = float(auc_of_counts(*counts(*draw(np.random.default_rng(99), 2_000_000))))
    covered = []
    for seed in range(300):
        scores, event = draw(np.random.default_rng(seed), 150)
        cells = scores + 11 * event
        totals = resampled_totals(np.ones(150), cells, np.arange(150), size=22, replicates=200, seed=seed)
        low, high = auc_interval(
            float(auc_of_counts(*counts(scores, event))), auc_of_counts(totals[:, 11:], totals[:, :11]), 0.95
        )
        covered.append(low <= truth <= high)
    assert 0.903 < np.mean(covered) < 0.983


def test_intervals_of_resamples_by_hand():
    """A standard deviation of 0.1 among 0.6, 0.7 and 0.8, divided by .7·.3 on the logit scale."""
    resampled = np.array([0.6, np.nan, 0.7, 0.8])
    reach = 1.6448536 * 0.1
    low, high = auc_interval(0.7, resampled, 0.9)
    logit = np.log(0.7 / 0.3)
    assert np.log([low / (1 - low), high / (1 - high)]) == pytest.approx([logit - reach / 0.21, logit + reach / 0.21])
    assert bootstrap_interval(0.7, resampled, 0.9) == pytest.approx((0.7 - reach, 0.7 + reach))
    for interval in (auc_interval, bootstrap_interval):
        assert np.isfinite(interval(0.7, np.array([0.6, 0.7]), 0.9)).all()
        assert np.isnan(interval(0.7, np.array([0.6, np.nan]), 0.9)).all()
        assert np.isnan(interval(np.nan, resampled, 0.9)).all()
    assert np.isnan(auc_interval(0.0, resampled, 0.9)).all()
    assert np.isnan(bootstrap_interval(0.7, np.full(3, 0.7), 0.9)).all()


def test_other_seeds_draw_other_clusters():
    values, cells = np.arange(8.0), np.zeros(8, int)
    one, other = (resampled_totals(values, cells, np.arange(8), size=1, replicates=9, seed=seed) for seed in (1, 2))
    assert not (one == other).all()


@pytest.mark.parametrize("folds", [2, 3, 7, 50])
def test_people_are_divided_evenly_whatever_they_are_called(folds):
    people = np.repeat(np.arange(20) * 3 + 5, 2)
    parts = fold_of(people, folds, seed=4)
    assert (parts[::2] == parts[1::2]).all()
    sizes = np.bincount(parts[::2], minlength=min(folds, 20))
    assert len(sizes) == min(folds, 20) and np.ptp(sizes) <= 1
    assert (fold_of(people, folds, seed=4) == parts).all() and (fold_of(people, folds, seed=5) != parts).any()


def test_resamples_draw_whole_clusters():
    """Two rows that cancel within their cluster cancel in every resample; the number of clusters is kept."""
    values, cells = np.array([1.0, 1.0, 5.0, 5.0]), np.array([0, 1, 0, 1])
    totals = resampled_totals(values, cells, np.array([3, 3, 8, 8]), size=3, replicates=50, seed=1)
    assert totals.shape == (50, 3)
    assert (totals[:, 0] == totals[:, 1]).all()
    assert (totals[:, 2] == 0).all()
    assert set(totals[:, 0]) == {2.0, 6.0, 10.0}
    again = resampled_totals(values, cells, np.array([3, 3, 8, 8]), size=3, replicates=50, seed=1)
    assert (totals == again).all()


def test_the_input_stays_as_it_was():
    values, cells, clusters = np.ones(3), np.array([0, 1, 1]), np.array([5, 5, 6])
    resampled_totals(values, cells, clusters, size=2, replicates=3, seed=1)
    assert (values.tolist(), cells.tolist(), clusters.tolist()) == ([1, 1, 1], [0, 1, 1], [5, 5, 6])
