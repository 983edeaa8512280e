"""Rates against the exact Poisson interval and statsmodels' clustered regression; coverage by simulation."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from tpm_widgets.statistics.estimates.rates import event_rate
from tpm_widgets.statistics.estimates.weighted import cluster_ratio, cluster_variance


def clustered(seed, n=120, rate=0.02):
    """Customers with one to three answers and a frailty of variance 1."""
    rng = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(n), rng.integers(1, 4, n))
    frailty = rng.gamma(1, 1, n)[clusters]
    exposure = rng.uniform(2, 12, len(clusters))
    return rng.poisson(rate * frailty * exposure).astype(float), exposure, clusters, rng.uniform(0.3, 2, n)[clusters]


def test_single_events_have_the_exact_poisson_interval():
    """Garwood (1936): 8 events give 3.4538 … 15.7632."""
    result = event_rate(np.ones(8), np.full(8, 12.5), level=0.95)
    assert result.estimate == pytest.approx(0.08)
    assert (result.conf_low, result.conf_high) == pytest.approx((0.034538, 0.157632), abs=5e-7)


def test_the_error_is_that_of_a_clustered_poisson_regression():
    """statsmodels multiplies by G/(G − 1)·(N − 1)/(N − 1); that factor is taken out again."""
    events, exposure, clusters, _ = clustered(1)
    fit = sm.GLM(events, np.ones(len(events)), family=sm.families.Poisson(), offset=np.log(exposure)).fit(
        cov_type="cluster", cov_kwds={"groups": clusters}
    )
    groups = clusters.max() + 1
    result = event_rate(events, exposure, level=0.95, clusters=clusters)
    assert result.estimate == pytest.approx(np.exp(fit.params[0]), rel=1e-9)
    assert result.std_error / result.estimate == pytest.approx(fit.bse[0] * np.sqrt((groups - 1) / groups), rel=1e-9)


@pytest.mark.parametrize(("n", "rate"), [(60, 0.01), (300, 0.02)])
def test_the_interval_covers_with_weights_clusters_and_frailty(n, rate):
    """600 samples with fixed seeds; 99.9 % binomial limits around 95 % are 91.8 … 97.6 %."""
    covered = []
    for seed in range(600):
        events, exposure, clusters, weights = clustered(seed, n, rate)
        result = event_rate(events, exposure, level=0.95, clusters=clusters, weights=weights)
        covered.append(result.conf_low <= rate <= result.conf_high)
    assert 0.918 < np.mean(covered) < 0.976


def test_no_event_has_an_upper_limit_and_no_exposure_no_rate():
    result = event_rate(np.zeros(3), np.array([10.0, 20.0, 30.0]), level=0.95)
    assert (result.estimate, result.conf_low) == (0, 0)
    assert result.conf_high == pytest.approx(stats.chi2.ppf(0.975, 2) / 2 / 60)
    assert np.isnan(event_rate(np.array([]), np.array([]), level=0.95).estimate)


def test_one_customer_s_interval_is_never_shorter_than_poisson():
    result = event_rate(np.array([2.0, 1.0]), np.array([6.0, 6.0]), level=0.95, clusters=np.array([0, 0]))
    assert (result.conf_low, result.conf_high) == pytest.approx((0.618672 / 12, 8.767273 / 12), abs=1e-6)


def test_clusters_by_hand():
    assert cluster_variance(np.array([1.0, 2.0, -3.0]), np.array([0, 0, 4])) == 18
    ratio, error = cluster_ratio(np.array([1.0, 0.0]), np.array([1.0, 3.0]), np.ones(2), np.arange(2))
    assert ratio == 0.25
    assert error == pytest.approx(np.sqrt(0.75**2 + 0.75**2) / 4)
    assert np.isnan(cluster_ratio(np.zeros(2), np.zeros(2), np.ones(2), np.arange(2))).all()


def test_the_input_stays_as_it_was():
    events, exposure, clusters, weights = clustered(2, n=10)
    copies = [values.copy() for values in (events, exposure, clusters, weights)]
    event_rate(events, exposure, level=0.95, clusters=clusters, weights=weights)
    for before, after in zip(copies, (events, exposure, clusters, weights), strict=True):
        assert (before == after).all()


def test_the_number_of_events_that_the_interval_rests_on_by_hand():
    """(Σwy)²/Σw²y events at most; fewer, rate²/se², where customers differ."""
    events, exposure = np.array([4.0, 0, 0]), np.array([4.0, 2, 4])
    weights = np.array([1.0, 3, 1])
    rate = 4 / 14
    moved = weights * (events - rate * exposure) / 14
    found = event_rate(events, exposure, level=0.9, weights=weights)
    assert found.estimate == pytest.approx(rate)
    assert found.std_error == pytest.approx(np.sqrt((moved**2).sum()))
    count = (rate / found.std_error) ** 2
    assert count < 4  # the events that there are
    assert found.conf_low == pytest.approx(stats.chi2.ppf(0.05, 2 * count) / 2 * rate / count)
    assert found.conf_high == pytest.approx(stats.chi2.ppf(0.95, 2 * count + 2) / 2 * rate / count)
    alike = event_rate(np.ones(3), np.full(3, 2.0), level=0.9, weights=weights)
    assert alike.std_error == pytest.approx(0)
    count = 25 / 11
    assert alike.conf_low == pytest.approx(stats.chi2.ppf(0.05, 2 * count) / 2 * 0.5 / count)
    many = event_rate(events, exposure, level=0.9, weights=1000 * weights)
    assert (many.conf_low, many.conf_high) == pytest.approx((found.conf_low, found.conf_high))


def test_without_an_event_weights_shorten_the_time_that_was_watched():
    """Kish's size of the weights 1 and 3 is 1.6 of 2."""
    found = event_rate(np.zeros(2), np.array([10.0, 20]), level=0.95, weights=np.array([1.0, 3]))
    assert found.conf_high == pytest.approx(stats.chi2.ppf(0.975, 2) / 2 / (30 * 1.6 / 2))
    assert (found.estimate, found.std_error, found.conf_low) == (0, 0, 0)
