"""Kaplan-Meier shares against statsmodels and a textbook, their certainty by simulation, and censoring weights."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import proportion_confint

from tpm_widgets.statistics.estimates.survival import censoring_weights, event_share

EXACT = 1e-10

# Remission after 6-mercaptopurine, in weeks: Freireich et al. (1963), as in Kalbfleisch & Prentice, table 1.1
WEEKS = np.array([6, 6, 6, 7, 10, 13, 16, 22, 23, 6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35], dtype=float)
RELAPSE = np.arange(21) < 9


def drawn(seed, n=300, horizon=365):
    rng = np.random.default_rng(seed)
    event_at, end = np.ceil(rng.exponential(600, n)), np.ceil(rng.exponential(700, n))
    time = np.minimum(np.minimum(event_at, end), horizon)
    event = (event_at <= end) & (event_at <= horizon)
    return time, event, event | (time == horizon), rng


def test_the_textbook_s_remissions():
    """S(23) = .448, Greenwood's error .135 (Kalbfleisch & Prentice 2002, section 1.4)."""
    result = event_share(WEEKS, RELAPSE, horizon=23, level=0.95)
    assert 1 - result.estimate == pytest.approx(0.448, abs=5e-4)
    assert result.std_error == pytest.approx(0.135, abs=5e-4)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_share_and_error_are_statsmodels_and_greenwoods(seed):
    time, event, _, _ = drawn(seed)
    curve = SurvfuncRight(time, event.astype(float))
    result = event_share(time, event, horizon=365, level=0.95)
    assert result.estimate == pytest.approx(1 - curve.surv_prob[-1], abs=EXACT)
    assert result.std_error == pytest.approx(curve.surv_prob_se[-1], abs=EXACT)


def test_late_entry_is_statsmodels():
    time, event, _, rng = drawn(4)
    entry = np.where(rng.uniform(size=len(time)) < 0.3, np.floor(rng.uniform(0, 60, len(time))), 0)
    seen = time > entry
    curve = SurvfuncRight(time[seen], event[seen].astype(float), entry=entry[seen])
    result = event_share(time[seen], event[seen], entry=entry[seen], horizon=365, level=0.95)
    assert result.estimate == pytest.approx(1 - curve.surv_prob[-1], abs=EXACT)


def test_a_whole_weight_is_a_row_repeated_and_its_cluster():
    """Weight 2 is the same as the row twice, if both rows are one cluster."""
    time, event, _, rng = drawn(5, n=80)
    weights = rng.integers(1, 4, 80)
    weighted = event_share(time, event, horizon=365, level=0.95, weights=weights.astype(float))
    rows = np.repeat(np.arange(80), weights)
    repeated = event_share(time[rows], event[rows], horizon=365, level=0.95, clusters=rows)
    assert weighted.estimate == pytest.approx(repeated.estimate, abs=EXACT)
    assert weighted.std_error == pytest.approx(repeated.std_error, abs=EXACT)


def test_the_unit_of_the_weights_is_of_no_consequence():
    time, event, _, rng = drawn(6)
    weights = rng.uniform(0.2, 3, len(time))
    first = event_share(time, event, horizon=365, level=0.95, weights=weights)
    second = event_share(time, event, horizon=365, level=0.95, weights=1000 * weights)
    assert first.conf_low == pytest.approx(second.conf_low, abs=EXACT)
    assert first.std_error == pytest.approx(second.std_error, abs=EXACT)


def test_the_clustered_error_is_that_of_repeated_samples():
    """100 customers with two answers each that share a frailty, 1,500 samples: within 6 %."""
    errors, shares = [], []
    for seed in range(1500):
        rng = np.random.default_rng(seed)
        clusters = np.repeat(np.arange(100), 2)
        hazard = np.repeat(rng.gamma(0.5, 2, 100), 2) / 900
        event_at, end = np.ceil(rng.exponential(1 / hazard)), np.ceil(rng.exponential(900, 200))
        time = np.minimum(np.minimum(event_at, end), 365)
        event = (event_at <= end) & (event_at <= 365)
        result = event_share(time, event, horizon=365, level=0.95, clusters=clusters)
        errors.append(result.std_error)
        shares.append(result.estimate)
    assert np.mean(errors) == pytest.approx(np.std(shares), rel=0.06)


@pytest.mark.parametrize(("n", "share"), [(30, 0.05), (100, 0.05), (400, 0.1)])
def test_the_interval_covers(n, share):
    """600 samples with fixed seeds; 99.9 % binomial limits around 95 % are 91.8 … 97.6 %; log-log: 65 % at n 30."""
    hazard, covered = -np.log(1 - share) / 365, []
    for seed in range(600):
        rng = np.random.default_rng(seed)
        event_at, end = rng.exponential(1 / hazard, n), rng.exponential(600, n)
        time = np.minimum(np.minimum(event_at, end), 365)
        event = (event_at <= end) & (event_at <= 365)
        result = event_share(time, event, horizon=365, level=0.95)
        if np.isfinite(result.estimate):
            covered.append(result.conf_low <= share <= result.conf_high)
    assert 0.918 < np.mean(covered) < 0.976 + 0.02 * (n < 100)  # few events: discrete, on the safe side


def test_degenerate_samples_have_values():
    nobody = event_share(np.array([]), np.array([], dtype=bool), horizon=365, level=0.95)
    assert np.isnan(nobody.estimate)
    short = event_share(np.array([30.0]), np.array([False]), horizon=365, level=0.95)
    assert np.isnan(short.estimate) and np.isnan(short.conf_low)
    none = event_share(np.full(20, 365.0), np.zeros(20, dtype=bool), horizon=365, level=0.95)
    assert (none.estimate, none.conf_low) == (0, 0)
    assert none.conf_high == pytest.approx(0.1611, abs=5e-5)  # Wilson, 0 of 20
    every = event_share(np.full(20, 5.0), np.ones(20, dtype=bool), horizon=365, level=0.95)
    assert (every.estimate, every.conf_high) == (1, 1)


@settings(max_examples=60)
@given(
    time=st.lists(st.integers(1, 30), min_size=1, max_size=40),
    data=st.data(),
)
def test_censoring_weights_reproduce_kaplan_meier(time, data):
    """The weighted share of events is the Kaplan-Meier share, with ties and with survey weights."""
    n = len(time)
    event = np.array(data.draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    weights = np.array(data.draw(st.lists(st.sampled_from([0.5, 1.0, 2.0]), min_size=n, max_size=n)))
    time = np.array(time, dtype=float)
    time[-1], event[-1] = 30, False  # somebody is watched to the horizon, so that there is a share
    result = event_share(time, event, horizon=30, level=0.95, weights=weights)
    inverse = censoring_weights(time, event | (time == 30), weights=weights)
    assert (weights * inverse * event).sum() / weights.sum() == pytest.approx(result.estimate, abs=1e-9)
    assert (weights * inverse).sum() / weights.sum() == pytest.approx(1, abs=1e-9)


def test_what_ends_at_the_horizon_is_seen():
    time, event = np.array([5.0, 10, 10, 12]), np.array([False, True, False, True])
    found = event_share(time, event, horizon=10, level=0.95)
    assert found.estimate == pytest.approx(1 / 3)  # the event of day 10 counts, that of day 12 does not
    assert event_share(time, event, horizon=9.9, level=0.95).estimate == 0
    late = event_share(np.array([5.0, 20]), np.zeros(2, bool), horizon=10, level=0.95, entry=np.array([0.0, 9]))
    assert (late.estimate, late.n_eff) == (0, 1)  # only the second is watched to the end


def test_where_everybody_had_the_event_clusters_and_weights_are_what_is_counted():
    found = event_share(
        np.array([1.0, 2, 3]), np.ones(3, bool), horizon=9, level=0.9,
        weights=np.array([1.0, 1, 4]), clusters=np.array([0, 0, 1]),
    )  # fmt: skip
    assert (found.estimate, found.std_error) == (1, 0)
    assert found.n_eff == pytest.approx(6**2 / (2**2 + 4**2))
    assert found.conf_low == pytest.approx(proportion_confint(found.n_eff, found.n_eff, 0.1, "wilson")[0])


@pytest.mark.parametrize("unit", [1e-170, 1e170])
def test_the_unit_of_weights_is_of_no_consequence_however_small_or_large(unit):
    time, event, _, rng = drawn(6, n=60)
    weights = rng.uniform(0.2, 3, len(time))
    first, second = (event_share(time, event, horizon=365, level=0.95, weights=w) for w in (weights, unit * weights))
    assert (first.std_error, first.n_eff) == pytest.approx((second.std_error, second.n_eff), rel=1e-9)


def test_answers_of_weight_zero_and_strata_of_nothing_else_have_no_censoring_weight():
    time, complete = np.array([1.0, 5, 9, 9, 3, 3]), np.array([False, True, True, True, True, True])
    weights = np.array([1.0, 1, 1, 0, 0, 0])
    found = censoring_weights(time, complete, strata=np.array([0, 0, 0, 0, 1, 1]), weights=weights)
    assert found.tolist() == pytest.approx([0, 1.5, 1.5, 0, 0, 0])


def test_censoring_weights_by_hand_and_within_strata():
    """Four are watched, one is lost on day 1: the other three speak for 4/3 each; the other stratum loses nobody."""
    time, complete = np.array([1, 5, 9, 9, 3.0]), np.array([False, True, True, True, True])
    result = censoring_weights(time, complete, strata=np.array([0, 0, 0, 0, 7]))
    assert result.tolist() == pytest.approx([0, 4 / 3, 4 / 3, 4 / 3, 1])


def test_a_loss_on_the_day_of_an_event_comes_after_it():
    result = censoring_weights(np.array([5.0, 5.0, 9.0]), np.array([True, False, True]))
    assert result.tolist() == pytest.approx([1, 0, 2])


def test_the_input_stays_as_it_was():
    time, event, complete, rng = drawn(8, n=20)
    weights = rng.uniform(1, 2, 20)
    copies = [values.copy() for values in (time, event, complete, weights)]
    event_share(time, event, horizon=100, level=0.9, weights=weights, clusters=np.arange(20))
    censoring_weights(time, complete, weights=weights)
    for before, after in zip(copies, (time, event, complete, weights), strict=True):
        assert (before == after).all()


def test_the_effective_size_is_what_the_error_says_and_never_more_than_kishs():
    """p(1 − p)/se² (Rothman); where weights make that more than Kish's (Σw)²/Σw², Kish's; the interval is Wilson's."""
    time, event, _, rng = drawn(9, n=120)
    pairs = event_share(
        np.tile(time, 2), np.tile(event, 2), horizon=365, level=0.9, clusters=np.tile(np.arange(120), 2)
    )
    assert pairs.n_eff == pytest.approx(pairs.estimate * (1 - pairs.estimate) / pairs.std_error**2)
    assert pairs.n_eff < 121  # the second answers of the same persons say nothing new
    assert (pairs.conf_low, pairs.conf_high) == pytest.approx(
        proportion_confint(pairs.estimate * pairs.n_eff, pairs.n_eff, alpha=0.1, method="wilson"), abs=EXACT
    )
    light = np.where(event, 0.2, 1.0) * rng.uniform(0.5, 1, 120)
    capped = event_share(np.full(120, 365.0), event, horizon=365, level=0.9, weights=light)
    kish = light.sum() ** 2 / (light**2).sum()
    assert capped.estimate * (1 - capped.estimate) / capped.std_error**2 > kish
    assert capped.n_eff == pytest.approx(kish)


def test_where_nobody_had_the_event_only_those_still_watched_count():
    time, clusters = np.array([365.0, 365.0, 365.0, 30.0]), np.array([0, 0, 1, 2])
    found = event_share(time, np.zeros(4, dtype=bool), horizon=365, level=0.95, clusters=clusters)
    assert found.n_eff == pytest.approx(3**2 / (2**2 + 1**2))  # of three answers by two persons, Kish's
