"""1,000 resamples of relaimpo 2.2-7 (R 4.2.2, boot 1.3-28.1), drawn with relaimpo's own indices."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tpm_widgets.statistics.importance import resampled
from tpm_widgets.statistics.importance.measures import betasq, first, last, pratt
from tpm_widgets.statistics.importance.resampled import (
    draw_counts,
    moments,
    percentile_interval,
    resampled_covariances,
    resampled_lmg,
    weighted_covariances,
)
from tpm_widgets.statistics.importance.shapley import lmg
from tpm_widgets.statistics.regression.covariance import weighted_covariance

SHARED = Path(__file__).parents[3].parent / "shared" / "golden"
SWISS = pd.read_csv(Path(__file__).parents[2] / "golden" / "swiss.csv", index_col=0)
DATA = SWISS[[*SWISS.columns[1:], "Fertility"]].to_numpy()
SINGLE = [[column] for column in range(5)]
EXACT = 1e-12  # sums over 47 rows, and matrices of 6 × 6; betasq of a nearly singular resample comes closest
PLACES = {"lmg": 3, "last": 23, "first": 43, "betasq": 63, "pratt": 83}  # of relaimpo's 103 columns


@pytest.fixture(scope="module")
def replicates():
    if not SHARED.exists():
        pytest.skip("relaimpo's resamples are not here")
    indices = np.loadtxt(SHARED / "swiss_boot_indices0.csv.gz", delimiter=",", dtype=int)
    expected = np.loadtxt(SHARED / "swiss_boot_replicates.csv.gz", delimiter=",", skiprows=1)
    counts = np.stack([np.bincount(row, minlength=47) for row in indices]).astype(float)
    standard = (DATA - DATA.mean(axis=0)) / DATA.std(axis=0)
    return weighted_covariances(standard, counts), expected


@pytest.mark.parametrize("measure", [lmg, last, first, betasq])
def test_every_replicate_as_relaimpo(replicates, measure):
    covariances, expected = replicates
    place = PLACES[measure.__name__]
    assert np.abs(measure(covariances, SINGLE) - expected[:, place : place + 5]).max() < EXACT


def test_pratt_as_relaimpo(replicates):
    covariances, expected = replicates
    assert np.abs(pratt(covariances) - expected[:, 83:88]).max() < EXACT


def test_percentiles_as_relaimpo(replicates):
    """R's boot goes between neighbours on the normal scale, here it is a straight line: apart by less than 2e-4."""
    golden = json.loads((SHARED / "relaimpo_boot_swiss.json").read_text())["perc"]
    shares = lmg(replicates[0], SINGLE)
    for level, lower, upper in zip(golden["level"], golden["lmg.lower"], golden["lmg.upper"], strict=True):
        low, high = percentile_interval(shares, level)
        assert low == pytest.approx(lower, abs=2e-4)
        assert high == pytest.approx(upper, abs=2e-4)


def test_resamples_with_weights_and_customers_are_those_of_the_definition():
    rng = np.random.default_rng(1)
    data = rng.normal(size=(60, 4)) + rng.normal(size=(60, 1))
    weights, clusters = rng.uniform(0.5, 2, 60), rng.integers(0, 20, 60)
    labels, code = np.unique(clusters, return_inverse=True)
    counts = draw_counts(len(labels), 5, np.random.default_rng(7))[:, code]
    (found,) = resampled_covariances(data, weights, clusters, 5, 7)
    scale = data.std(axis=0)
    for row, covariance in zip(counts, found, strict=True):
        expected = weighted_covariance(data[row > 0], (row * weights)[row > 0])
        assert covariance * np.outer(scale, scale) == pytest.approx(expected, abs=1e-12)
    shares = resampled_lmg(data, weights, clusters, [[0, 2], [1]], (), 5, 7)
    assert shares == pytest.approx(np.stack([lmg(one, [[0, 2], [1]]) for one in found]), abs=1e-12)


def test_batches_draw_as_one_draw_does():
    data = np.random.default_rng(1).normal(size=(30, 3))
    parts = list(resampled_covariances(data, np.ones(30), np.arange(30), 600, 5))
    assert [len(part) for part in parts] == [512, 88]
    counts = draw_counts(30, 600, np.random.default_rng(5))
    assert (counts.sum(axis=1) == 30).all()
    whole = weighted_covariances((data - data.mean(axis=0)) / data.std(axis=0), counts)
    assert np.concatenate(parts) == pytest.approx(whole, abs=1e-12)


def test_a_customer_is_drawn_with_all_answers():
    labels, code = np.unique([4, 4, 7, 9, 9, 9], return_inverse=True)
    counts = draw_counts(len(labels), 200, np.random.default_rng(1))[:, code]
    assert (counts[:, 0] == counts[:, 1]).all()
    assert (counts[:, 3] == counts[:, 4]).all()
    assert (counts[:, [0, 2, 3]].sum(axis=1) == 3).all()


def test_a_column_that_is_lost_in_a_resample_gets_nothing():
    rng = np.random.default_rng(1)
    columns = np.column_stack([rng.normal(size=40), 3 + np.eye(40)[0], rng.normal(size=40)])
    data = np.column_stack([columns, columns[:, 0] + rng.normal(size=40)])
    shares = resampled_lmg(data, np.ones(40), np.arange(40), SINGLE[:3], (), 60, 1)
    lost = draw_counts(40, 60, np.random.default_rng(1))[:, 0] == 0
    assert lost.any()
    assert shares[lost, 1].max() < 1e-15
    assert (shares[~lost, 1] > 0).all()


def test_sums_over_many_rows_are_those_over_all(monkeypatch):
    rng = np.random.default_rng(1)
    data, weights = rng.normal(size=(50, 3)), rng.uniform(0.5, 2, (4, 50))
    expected = np.einsum("rn,nj,nk->rjk", weights, data, data)
    assert moments(data, weights) == pytest.approx(expected, abs=1e-10)
    for rows in (1, 7, 50, 49):
        monkeypatch.setattr(resampled, "ROWS", rows)
        assert moments(data, weights) == pytest.approx(expected, abs=1e-10)


def test_batches_are_as_large_as_they_may_be_and_at_least_eight(monkeypatch):
    data = np.random.default_rng(1).normal(size=(30, 3))
    given = data, np.ones(30), np.arange(30), 40, 5
    whole = np.concatenate(list(resampled_covariances(*given)))
    for numbers, sizes in ((30 * 15, [15, 15, 10]), (30, [8] * 5)):
        monkeypatch.setattr(resampled, "COUNTS", numbers)
        parts = list(resampled_covariances(*given))
        assert [len(part) for part in parts] == sizes
        assert np.concatenate(parts) == pytest.approx(whole, abs=1e-12)


def test_a_column_that_hardly_varies_in_a_resample_is_taken_for_constant():
    """A rest of 1e-14 of a column's variance is rounding: its row and its column are zeros; 1e-10 of it is kept."""
    rng = np.random.default_rng(2)
    for size, lost in ((1e-7, True), (1e-4, False)):
        rare = size * rng.normal(size=60) + 100 * (np.arange(60) == 0)
        (found,) = resampled_covariances(
            np.column_stack([rng.normal(size=60), rare]), np.ones(60), np.arange(60), 30, 1
        )
        without = draw_counts(60, 30, np.random.default_rng(1))[:, 0] == 0
        assert 0 < without.sum() < 30
        assert ((found[without][:, 1] == 0).all() and (found[without][:, :, 1] == 0).all()) == lost
        assert (found[~without, 1, 1] > 0.1).all() and (found[:, 0, 0] > 0).all()


def test_equal_weights_are_none_and_constants_have_zeros():
    data = np.random.default_rng(1).normal(size=(30, 3)) * [1, 1, 0]
    (plain,), (equal,), (tenfold,) = (
        resampled_covariances(own * data, np.full(30, weight), np.arange(30) // 2, 9, 3)
        for own, weight in ((1, 1.0), (1, 2.5), (10, 1.0))
    )
    assert equal == pytest.approx(plain, abs=1e-12) and tenfold == pytest.approx(plain, abs=1e-12)
    assert (plain[:, 2] == 0).all()


def test_ends_of_a_percentile_interval_are_the_ordered_values_that_the_level_says():
    """Of 99 values the 5th and the 95th at 90 %; between neighbours where (R + 1)α is no whole number."""
    values = np.random.default_rng(1).permutation(np.arange(1.0, 100))[:, None]
    low, high = percentile_interval(values, 0.9)
    assert (low[0], high[0]) == pytest.approx((5, 95))
    low, high = percentile_interval(np.arange(1.0, 100)[:, None], 0.95)
    assert (low[0], high[0]) == pytest.approx((2.5, 97.5))


def test_names_of_customers_who_answer_once_do_not_matter():
    data = np.random.default_rng(1).normal(size=(30, 3))
    (first,), (second,) = (
        resampled_covariances(data, np.ones(30), own, 9, 3) for own in (np.arange(30), -np.arange(30))
    )
    assert (first == second).all()


def test_a_large_mean_does_not_eat_a_small_variance():
    data = np.random.default_rng(1).normal(size=(40, 3))
    (near,), (far,) = (resampled_covariances(data + mean, np.ones(40), np.arange(40), 9, 1) for mean in (0, 1e7))
    assert far == pytest.approx(near, abs=1e-6)
