"""Sample sizes of rates: against statsmodels' power, Schoenfeld's events, and simulated studies."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from statsmodels.stats.rates import power_negbin_ratio_2indep

from tpm_widgets.statistics.estimates.rates import event_rate, overdispersion, people_needed, time_needed


@pytest.mark.parametrize(
    ("rate", "ratio", "time", "dispersion"), [(0.2, 1.5, 1, 1e-9), (0.2, 1.5, 1, 1.2), (0.8, 0.7, 2, 0.5)]
)
def test_statsmodels_finds_the_power_that_was_asked_for(rate, ratio, time, dispersion):
    people = people_needed(rate, ratio, time, dispersion, power=0.8, level=0.95)
    power = power_negbin_ratio_2indep(
        rate * ratio, rate, people, exposure=time, dispersion=dispersion, alpha=0.05, method_var="alt",
        alternative="two-sided", return_results=False,
    )  # fmt: skip
    assert power == pytest.approx(0.8, abs=1e-5)


def test_without_dispersion_the_events_are_schoenfeld_s():
    """D = (1.96 + 0.8416)²/(p₁ p₂ ln²1.5) with p₁ = 0.4: 198.9 events."""
    people = people_needed(0.2, 1.5, 1.0, 0.0, power=0.8, level=0.95)
    assert people * 0.2 * 2.5 == pytest.approx((1.959964 + 0.8416212) ** 2 / (0.24 * np.log(1.5) ** 2), rel=1e-6)


@given(st.floats(0.01, 3), st.floats(1.05, 4), st.floats(0.1, 5), st.floats(0, 3))
def test_time_is_the_inverse_of_people(rate, ratio, time, dispersion):
    people = people_needed(rate, ratio, time, dispersion, power=0.9, level=0.95)
    assert time_needed(rate, ratio, people, dispersion, power=0.9, level=0.95) == pytest.approx(time, rel=1e-6)


def test_where_people_differ_too_much_no_time_is_enough():
    assert time_needed(0.2, 1.1, 500, 1.5, power=0.8, level=0.95) == np.inf


def test_dispersion_is_that_of_the_gamma_that_made_it():
    """40,000 persons whose rates have a variance of 1.5 squared means; the estimate's error is about 0.04."""
    rng = np.random.default_rng(1)
    exposure = rng.uniform(0.5, 3, 40_000)
    events = rng.poisson(0.3 * rng.gamma(1 / 1.5, 1.5, 40_000) * exposure).astype(float)
    before = events.copy()
    assert overdispersion(events, exposure) == pytest.approx(1.5, abs=0.15)
    assert (events == before).all()
    assert overdispersion(np.ones(50), np.ones(50)) == 0
    assert np.isnan(overdispersion(np.zeros(5), np.ones(5)))
    # λ = 1/2: (4 + 1/4 + 1/4 + … − 4)/(Σ(λt)²) by hand, with times of 1, 3, 2, 2
    assert overdispersion(np.array([4.0, 0, 0, 0]), np.array([1.0, 3, 2, 2])) == pytest.approx(
        ((4 - 0.5) ** 2 + 1.5**2 + 1 + 1 - 4) / (0.25 + 2.25 + 1 + 1)
    )


@pytest.mark.parametrize("dispersion", [0.0, 1.2])
def test_studies_of_that_size_have_the_power(dispersion):
    """600 simulated pairs of groups, tested with the rates of this package; 99.9 % limits of 80 % are 74.6 … 85.4 %."""
    rng = np.random.default_rng(5)
    people = int(np.ceil(people_needed(0.2, 1.5, 1.0, dispersion, power=0.8, level=0.95)))
    shown = []
    for _ in range(600):
        rates = []
        for rate in (0.2, 0.3):
            own = rng.gamma(1 / dispersion, dispersion, people) if dispersion else np.ones(people)
            rates.append(event_rate(rng.poisson(rate * own).astype(float), np.ones(people), level=0.95))
        error = np.hypot(*(one.std_error / one.estimate for one in rates))
        shown.append(abs(np.log(rates[1].estimate / rates[0].estimate)) / error > stats.norm.ppf(0.975))
    assert 0.746 < np.mean(shown) < 0.854


def test_just_enough_is_still_enough():
    """At n = 2α(z + z)²/ln² the time that is needed is infinite, above it finite."""
    reach = (stats.norm.ppf(0.975) + stats.norm.ppf(0.8)) ** 2
    limit = 2 * 0.5 * reach / np.log(1.5) ** 2
    assert time_needed(0.2, 1.5, 0.999 * limit, 0.5, power=0.8, level=0.95) == np.inf
    assert 0 < time_needed(0.2, 1.5, 1.001 * limit, 0.5, power=0.8, level=0.95) < np.inf
