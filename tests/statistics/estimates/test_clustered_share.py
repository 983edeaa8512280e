"""Clustered shares: against a binomial regression with clustered errors, and what they must never do."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from tpm_widgets.statistics.estimates.estimate import wilson
from tpm_widgets.statistics.estimates.weighted import clustered_share


def test_the_effective_size_is_that_of_a_binomial_regression_with_clustered_errors():
    """statsmodels: the sandwich error of an intercept, by the delta method from the logit to the share."""
    rng = np.random.default_rng(5)
    clusters = rng.integers(0, 60, 200)
    whole = rng.integers(1, 5, 200)
    part = rng.binomial(whole, rng.beta(1, 3, 60)[clusters])
    fit = sm.GLM(np.column_stack([part, whole - part]), np.ones(200), family=sm.families.Binomial()).fit(
        cov_type="cluster", cov_kwds={"groups": clusters, "use_correction": False}, tol=1e-14
    )
    share = part.sum() / whole.sum()
    std_error = share * (1 - share) * fit.bse[0]
    found = clustered_share(part, whole, level=0.95, clusters=clusters)
    assert found.estimate == pytest.approx(share, abs=1e-12)
    low, high = wilson(share, share * (1 - share) / std_error**2, 0.95)
    assert (found.conf_low, found.conf_high) == pytest.approx((float(low), float(high)))
    assert found.n == whole.sum()


def test_independent_trials_are_wilsons():
    part = np.array([1.0] * 12 + [0.0] * 28)
    low, high = wilson(0.3, 40, 0.9)
    found = clustered_share(part, np.ones(40), level=0.9)
    assert (found.conf_low, found.conf_high) == pytest.approx((float(low), float(high)))


def test_where_all_or_none_came_of_it_the_clusters_are_what_is_counted():
    ten_of_one = clustered_share(np.zeros(10), np.ones(10), level=0.95, clusters=np.zeros(10, dtype=int))
    assert ten_of_one.conf_high == pytest.approx(float(wilson(0, 1, 0.95)[1]))


def test_nothing_of_nothing_is_not_a_number():
    found = clustered_share(np.zeros(3), np.zeros(3), level=0.95)
    assert np.isnan([found.estimate, found.conf_low, found.conf_high]).all()
    assert found.n == 0


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5), st.integers(0, 3)), min_size=1, max_size=30))
def test_the_interval_holds_the_share_and_stays_within_0_and_1(rows):
    part, more, clusters = (np.array(column) for column in zip(*rows, strict=True))
    found = clustered_share(part, part + more, level=0.95, clusters=clusters)
    if found.n:
        assert 0 <= found.conf_low <= found.estimate <= found.conf_high <= 1


def test_with_weights_the_effective_size_is_kishs_of_what_is_counted_at_most():
    """Rows of 2 and 1 with weights 1 and 3: (Σwn)²/Σw²n = 25/11; the error makes it less, where there is one."""
    whole, weights = np.array([2.0, 1]), np.array([1.0, 3])
    part = np.array([1.0, 0.5])  # half in both rows: no error shows, so that the rows are what is counted
    found = clustered_share(part, whole, level=0.9, weights=weights)
    low, high = wilson(0.5, 25 / (2**2 + 3**2), 0.9)
    assert (found.estimate, found.conf_low, found.conf_high) == pytest.approx((0.5, float(low), float(high)))
    assert found.n == 3
    # a small error, as of shares that are nearly the same: Kish's size is the limit
    near = clustered_share(np.array([1.0, 0.51]), whole, level=0.9, weights=weights)
    assert near.conf_low == pytest.approx(float(wilson(near.estimate, 25 / 11, 0.9)[0]))
    apart = clustered_share(np.array([2.0, 0]), whole, level=0.9, weights=weights)
    error = np.sqrt((1 * (2 - 0.4 * 2)) ** 2 + (3 * (0 - 0.4)) ** 2) / 5
    assert apart.conf_high == pytest.approx(float(wilson(0.4, 0.24 / error**2, 0.9)[1]))
    many = clustered_share(np.array([2.0, 0]), whole, level=0.9, weights=1e6 * weights)
    assert (many.conf_low, many.conf_high) == pytest.approx((apart.conf_low, apart.conf_high))
