"""The Poisson rate ratio against statsmodels and, with weights, by hand; and what cannot be fitted."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from tpm_widgets.statistics.association.rate_ratio import rate_ratio


def sample(n=600, seed=1):
    rng = np.random.default_rng(seed)
    score, months = rng.integers(0, 11, n), rng.uniform(2, 12, n)
    clusters = rng.integers(0, n // 2, n)
    events = rng.poisson(months * np.exp(-4 + 0.15 * score) * rng.gamma(2, 0.5, n // 2)[clusters])
    return events.astype(float), months, score.astype(float), clusters, rng.uniform(0.5, 2, n)


def test_clustered_errors_are_those_of_statsmodels():
    events, months, score, clusters, _ = sample()
    found = rate_ratio(events, months, score, level=0.95, weights=np.ones(600), clusters=clusters)
    model = sm.GLM(events, sm.add_constant(score), family=sm.families.Poisson(), offset=np.log(months))
    fit = model.fit(tol=1e-12, cov_type="cluster", cov_kwds={"groups": np.unique(clusters, return_inverse=True)[1]})
    assert found == pytest.approx((np.exp(fit.params[1]), *np.exp(fit.conf_int()[1])), rel=1e-7)


def test_it_is_the_weighted_sandwich():
    """Score equations at the estimate, and the covariance B⁻¹(ΣΣuu')B⁻¹ · G/(G−1) · (n−1)/(n−2) by hand."""
    events, months, score, clusters, weights = sample()
    estimate, low, high = rate_ratio(events, months, score, level=0.95, weights=weights, clusters=clusters)
    slope = np.log(estimate)
    base = (weights @ events) / (weights @ (months * np.exp(slope * score)))
    mean = base * months * np.exp(slope * score)
    design = np.column_stack([np.ones(600), score])
    residual = (weights * (events - mean))[:, None] * design
    np.testing.assert_allclose(residual.sum(axis=0), 0, atol=1e-5)
    bread = np.linalg.inv((design * (weights * mean)[:, None]).T @ design)
    summed = np.column_stack([np.bincount(clusters, weights=column) for column in residual.T])
    groups = len(np.unique(clusters))
    covariance = bread @ summed.T @ summed @ bread * groups / (groups - 1) * 599 / 598
    reach = stats.norm.ppf(0.975) * np.sqrt(covariance[1, 1])
    assert (np.log(low), np.log(high)) == pytest.approx((slope - reach, slope + reach), rel=1e-3)


def test_two_groups_give_the_ratio_of_their_rates():
    events, months, score = np.array([1, 2, 3, 6.0]), np.array([10, 20, 10, 5.0]), np.array([0, 0, 1, 1.0])
    estimate, _, _ = rate_ratio(events, months, score, level=0.95, weights=np.ones(4), clusters=np.arange(4))
    assert estimate == pytest.approx((9 / 15) / (3 / 30), rel=1e-6)


@pytest.mark.parametrize(
    ("events", "score"),
    [([0, 0, 0], [1, 2, 3]), ([1, 2, 0], [5, 5, 5]), ([0, 0, 2], [1, 2, 9]), ([3, 0, 0], [1, 2, 9])],
)
def test_without_a_finite_ratio_there_is_none(events, score):
    found = rate_ratio(
        np.array(events, float),
        np.ones(3),
        np.array(score, float),
        level=0.95,
        weights=np.ones(3),
        clusters=np.arange(3),
    )
    assert np.isnan(found).all()


def test_where_every_count_is_as_expected_there_is_a_ratio_without_an_interval():
    found = rate_ratio(np.ones(4), np.ones(4), np.arange(4.0), level=0.95, weights=np.ones(4), clusters=np.arange(4))
    assert found[0] == pytest.approx(1)
    assert np.isnan(found[1:]).all()


def test_the_input_stays_as_it_was():
    given = sample(50)
    before = [values.copy() for values in given]
    events, months, score, clusters, weights = given
    rate_ratio(events, months, score, level=0.9, weights=weights, clusters=clusters)
    assert all((now == then).all() for now, then in zip(given, before, strict=True))


def test_without_a_second_person_there_is_no_error_and_so_no_ratio():
    events, ones = np.array([1.0, 2, 3]), np.ones(3)
    given = {"level": 0.95, "weights": ones}
    assert np.isnan(rate_ratio(events, ones, np.arange(3.0), clusters=np.zeros(3, int), **given)).all()
    assert np.isfinite(rate_ratio(events, ones, np.arange(3.0), clusters=np.array([0, 0, 1]), **given)).all()
    # what happened at both ends of the predictor has a finite ratio, what happened at one has none
    assert np.isfinite(
        rate_ratio(np.array([1.0, 0, 1]), ones, np.array([1.0, 1, 9]), clusters=np.arange(3), **given)[0]
    )


def test_units_of_time_of_weights_and_of_the_predictor():
    events, months, score, clusters, weights = sample(200)
    given = {"level": 0.9, "clusters": clusters}
    found = rate_ratio(events, months, score, weights=weights, **given)
    assert rate_ratio(events, months / 12, score + 5, weights=100 * weights, **given) == pytest.approx(found, rel=1e-6)
    tiny = rate_ratio(events, months, score, weights=1e-140 * weights, **given)
    assert tiny == pytest.approx(found, rel=1e-6)
    doubled = rate_ratio(events, months, score / 2, weights=weights, **given)
    assert np.log(doubled) == pytest.approx(2 * np.log(found), rel=1e-6)
