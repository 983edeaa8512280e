"""1,000 resamples of relaimpo 2.2-7 (R 4.2.2, boot 1.3-28.1), drawn with relaimpo's own indices."""

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tpm_widgets.statistics.importance.measures import betasq, first, last, pratt
from tpm_widgets.statistics.importance.resampled import (
    draw_counts,
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
