"""Curves, log-rank and Cox: the leukaemia trial of every textbook, statsmodels called directly, and what is by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose
from scipy import stats
from statsmodels.duration.hazard_regression import PHReg
from statsmodels.duration.survfunc import SurvfuncRight, survdiff

from tpm_widgets.statistics.estimates.estimate import wilson
from tpm_widgets.statistics.estimates.event_curves import event_curve, hazard_ratios, log_rank
from tpm_widgets.statistics.estimates.survival import event_share

# Freireich et al. (1963), Blood 21, 699: weeks of remission; R: MASS::gehan. Censored ones are negative.
DRUG = [6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35]
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]
WEEKS = np.abs(DRUG + PLACEBO).astype(float)
RELAPSE = np.array(DRUG + PLACEBO) > 0
ARM = np.array(["drug"] * len(DRUG) + ["placebo"] * len(PLACEBO))


def late_entries(seed=1, n=1500):
    """Three groups, one of them twice as quick; some enter late, many are censored."""
    rng = np.random.default_rng(seed)
    group = rng.choice(["a", "b", "c"], n, p=[0.3, 0.3, 0.4])
    deed = np.ceil(rng.exponential(np.where(group == "a", 300, 600)))
    end = np.minimum(np.ceil(rng.exponential(500, n)), 365)
    entry = rng.integers(0, 200, n) * (rng.random(n) < 0.4)
    time, event = np.minimum(deed, end), deed <= end
    seen = time > entry
    return time[seen], event[seen], group[seen], entry[seen].astype(float)


def test_the_leukaemia_trial():
    """R 4.2.2, survival 3.5: survdiff 16.8, coxph (Efron) 4.82 for the placebo; KM of the drug .857, .627, .448."""
    assert log_rank(WEEKS, RELAPSE, ARM).chi2 == pytest.approx(16.79, abs=0.005)
    assert log_rank(WEEKS, RELAPSE, ARM).p_value == pytest.approx(4.17e-5, rel=0.01)
    ratios = hazard_ratios(WEEKS, RELAPSE, ARM, level=0.95)
    assert ratios["reference"].tolist() == ["drug"]  # as many in both arms: the first
    assert ratios["estimate"].iloc[0] == pytest.approx(4.817, abs=0.001)
    assert np.log(ratios["conf_high"] / ratios["conf_low"]).iloc[0] / 2 / 1.959964 == pytest.approx(0.4124, abs=1e-4)
    own = ARM == "drug"
    curve = event_curve(WEEKS[own], RELAPSE[own], level=0.95).set_index("time")
    assert_allclose(1 - curve.loc[[6, 13, 23], "estimate"], [0.857, 0.690, 0.448], atol=5e-4)
    assert curve["at_risk"].tolist() == [21, 17, 15, 12, 11, 7, 6]


@pytest.mark.parametrize("weighted", [False, True])
def test_the_curve_is_statsmodels_and_each_point_is_event_share(weighted):
    time, event, _, entry = late_entries()
    rng = np.random.default_rng(2)
    weights = rng.uniform(0.5, 2, len(time)) if weighted else np.ones(len(time))
    clusters = rng.integers(0, 600, len(time)) if weighted else np.arange(len(time))
    curve = event_curve(time, event, level=0.9, entry=entry, weights=weights, clusters=clusters)
    direct = SurvfuncRight(time, event.astype(float), entry=entry, freq_weights=weights)
    assert_allclose(curve["time"], direct.surv_times)
    assert_allclose(curve["estimate"], 1 - direct.surv_prob, atol=1e-12)
    if not weighted:
        assert_allclose(curve["at_risk"], direct.n_risk)
    horizon = curve["time"].iloc[-1]
    share = event_share(time, event, horizon=horizon, level=0.9, entry=entry, weights=weights, clusters=clusters)
    last = curve.iloc[-1]
    assert_allclose(last[["estimate", "conf_low", "conf_high"]], [share.estimate, share.conf_low, share.conf_high])


@pytest.mark.parametrize(("late", "tolerance"), [(False, 1e-9), (True, 1e-4)])
def test_without_weights_and_clusters_the_error_is_greenwoods(late, tolerance):
    """Exactly so where nobody enters late; with late entry both estimate the same variance, a little differently."""
    time, event, _, entry = late_entries()
    entry = entry if late else np.zeros(len(time))
    curve = event_curve(time, event, level=0.95, entry=entry)
    direct = SurvfuncRight(time, event.astype(float), entry=entry)
    share = curve["estimate"].to_numpy()
    n_eff = share * (1 - share) / direct.surv_prob_se**2
    z2 = stats.norm.ppf(0.975) ** 2
    centre = (share * n_eff + z2 / 2) / (n_eff + z2)
    inside = n_eff < len(time)  # never more than there are
    assert inside.mean() > 0.5
    assert_allclose(((curve["conf_low"] + curve["conf_high"]) / 2)[inside], centre[inside], rtol=tolerance)


def test_late_entry_by_hand():
    """At day 2 two of four are at risk, at day 5 three: S = 1/2 · 2/3."""
    curve = event_curve(
        np.array([2.0, 5.0, 9.0, 9.0]), np.array([True, True, False, False]), level=0.95,
        entry=np.array([0.0, 1.0, 2.0, 3.0]),
    )  # fmt: skip
    assert curve["at_risk"].tolist() == [2, 3]
    assert_allclose(curve["estimate"], [1 / 2, 1 - 1 / 2 * 2 / 3])


def test_test_and_ratios_are_statsmodels_with_late_entry():
    time, event, group, entry = late_entries()
    assert log_rank(time, event, group, entry).chi2 == pytest.approx(survdiff(time, event, group, entry=entry)[0])
    ratios = hazard_ratios(time, event, group, level=0.95, entry=entry)
    assert ratios["reference"].unique().tolist() == ["c"]
    exog = np.column_stack([group == "a", group == "b"]).astype(float)
    fit = PHReg(time, exog, status=event.astype(float), entry=entry, ties="efron").fit()
    assert_allclose(ratios["estimate"], np.exp(fit.params), rtol=1e-6)
    assert_allclose(ratios[["conf_low", "conf_high"]], np.exp(fit.conf_int()), rtol=1e-5)
    assert ratios["estimate"].iloc[0] == pytest.approx(2, rel=0.2)


def test_clustered_ratios_are_statsmodels_and_copies_of_persons_tell_nothing_new():
    time, event, group, entry = late_entries(n=400)
    once = hazard_ratios(time, event, group, level=0.95, entry=entry, clusters=np.arange(len(time)))
    twice = hazard_ratios(
        *(np.tile(part, 2) for part in (time, event, group)), level=0.95, entry=np.tile(entry, 2),
        clusters=np.tile(np.arange(len(time)), 2),
    )  # fmt: skip
    exog = np.column_stack([group == "a", group == "b"]).astype(float)
    fit = PHReg(time, exog, status=event.astype(float), entry=entry, ties="efron").fit(groups=np.arange(len(time)))
    assert_allclose(once[["conf_low", "conf_high"]], np.exp(fit.conf_int()), rtol=1e-5)
    assert_allclose(twice["conf_low"], once["conf_low"], rtol=0.02)  # Efron treats the new ties a little differently
    plain = hazard_ratios(*(np.tile(part, 2) for part in (time, event, group)), level=0.95, entry=np.tile(entry, 2))
    assert (plain["conf_low"] > once["conf_low"]).all()


def test_the_trend_finds_a_ratio_that_changes_and_none_where_it_does_not():
    rng = np.random.default_rng(3)
    group = np.repeat(["a", "b"], 500)
    steady = rng.exponential(np.where(group == "a", 1, 2))
    shape = np.where(group == "a", 0.6, 1.8)  # the hazard of a falls, that of b rises
    crossing = rng.weibull(shape)
    everybody = np.ones(len(group), dtype=bool)
    assert hazard_ratios(steady, everybody, group, level=0.95)["trend_p_value"].iloc[0] > 0.05
    changing = hazard_ratios(crossing, everybody, group, level=0.95).iloc[0]
    assert changing["trend_p_value"] < 1e-6
    assert changing["trend"] > 0  # the ratio of b against a grows


def test_groups_without_an_event_have_no_row_and_change_nothing_for_the_others():
    """Also where the group without an event is the largest: the reference is the largest of those with one."""
    time, event, group, entry = late_entries(n=300)
    many = np.append(group, ["quiet"] * 400)
    both = np.append(time, np.full(400, 365.0)), np.append(event, np.zeros(400, bool))
    with_them = hazard_ratios(*both, many, level=0.9, entry=np.append(entry, np.zeros(400)))
    without = hazard_ratios(time, event, group, level=0.9, entry=entry)
    assert with_them["group"].tolist() == ["a", "b"] and set(with_them["reference"]) == {"c"}
    assert with_them["events"].tolist() == [event[group == "a"].sum(), event[group == "b"].sum()]
    numbers = ["estimate", "conf_low", "conf_high", "p_value", "trend", "trend_p_value"]
    assert_allclose(with_them[numbers].to_numpy(float), without[numbers].to_numpy(float), rtol=1e-9)
    exog = np.column_stack([group == "a", group == "b"]).astype(float)
    fit = PHReg(time, exog, status=event.astype(float), entry=entry, ties="efron").fit(tol=1e-10)
    assert_allclose(without["p_value"], fit.pvalues, rtol=1e-4)
    assert_allclose(without[["conf_low", "conf_high"]], np.exp(fit.conf_int(0.1)), rtol=1e-5)


def test_the_trend_is_the_correlation_of_scaled_residuals_with_ranks_and_needs_three_events():
    time, event = np.array([1.0, 2, 3, 4, 5, 6]), np.array([True, True, True, False, True, False])
    group = np.array(["a", "b", "b", "a", "a", "b"])
    found = hazard_ratios(time, event, group, level=0.95).iloc[0]
    fit = PHReg(time, (group == "b").astype(float)[:, None], status=event.astype(float), ties="efron").fit(tol=1e-10)
    expected = stats.pearsonr(fit.schoenfeld_residuals[event][:, 0], [1, 2, 3, 4])
    assert (found["trend"], found["trend_p_value"]) == pytest.approx((expected.statistic, expected.pvalue), rel=1e-5)
    for count, told in ((2, False), (3, True)):
        few = hazard_ratios(time, event & (time <= count), group, level=0.95).iloc[0]
        assert np.isfinite(few["trend"]) == told
    tied = hazard_ratios(np.array([2.0, 2, 2, 5]), np.array([True] * 3 + [False]), np.array(list("abba")), level=0.95)
    assert np.isnan(tied["trend"].iloc[0])


def test_degrees_of_freedom_are_groups_less_one():
    time, event, group, entry = late_entries(n=200)
    found = log_rank(time, event, group, entry)
    assert found.df == 2
    assert found.p_value == pytest.approx(stats.chi2.sf(found.chi2, 2))
    assert log_rank(time, np.zeros(len(time), bool), group).df == 2
    assert log_rank(time, event, np.zeros(len(time))).df == 0
    assert log_rank(time[:0], event[:0], group[:0]).df == 0


def test_the_curve_does_not_know_the_unit_of_weights_nor_the_size_of_a_step(monkeypatch):
    time, event, _, entry = late_entries(n=200)
    rng = np.random.default_rng(1)
    weights, clusters = rng.uniform(0.5, 2, len(time)), rng.integers(0, 90, len(time))
    given = {"level": 0.9, "entry": entry, "clusters": clusters}
    once = event_curve(time, event, weights=weights, **given)
    for unit in (1e-170, 1e170):
        assert_allclose(event_curve(time, event, weights=unit * weights, **given), once, rtol=1e-9)
    monkeypatch.setattr("tpm_widgets.statistics.estimates.event_curves.CELLS_AT_ONCE", 3 * len(time) + 1)
    assert_allclose(event_curve(time, event, weights=weights, **given), once, rtol=1e-12)
    given |= {"entry": None}
    curve = event_curve(time, event, weights=weights, **given)
    for place in range(0, len(curve), 20):  # every point is a share of its own
        row = curve.iloc[place]
        share = event_share(time, event, horizon=row["time"], weights=weights, **given)
        assert_allclose(row[["estimate", "conf_low", "conf_high"]], [share.estimate, share.conf_low, share.conf_high])


def test_where_everybody_had_the_event_clusters_are_what_is_counted():
    clusters = np.array([0, 0, 1])
    curve = event_curve(np.array([1.0, 2, 3]), np.ones(3, bool), level=0.9, clusters=clusters)
    assert curve["conf_low"].iloc[-1] == pytest.approx(float(wilson(1.0, 9 / 5, 0.9)[0]))
    assert curve["at_risk"].tolist() == [3, 2, 1]


def test_where_there_is_nothing_to_compare():
    time, event, group = np.array([3.0, 4, 5, 6]), np.array([False] * 4), np.array(["a", "a", "b", "b"])
    assert event_curve(time, event, level=0.95).empty
    assert np.isnan(log_rank(time, event, group).chi2)
    assert hazard_ratios(time, event, group, level=0.95).empty
    one_sided = np.array([True, True, False, False])
    assert hazard_ratios(time, one_sided, group, level=0.95).empty
    # nobody of b is watched while anything happens
    assert np.isnan(log_rank(time, one_sided, group, entry=np.array([0.0, 0, 4.5, 4.5])).p_value)


def test_everybody_had_the_event():
    curve = event_curve(np.array([1.0, 2.0, 3.0]), np.array([True, True, True]), level=0.95)
    assert curve["estimate"].iloc[-1] == 1.0
    assert 0 < curve["conf_low"].iloc[-1] < 1


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(1, 9), st.booleans(), st.integers(0, 8)), min_size=1, max_size=30))
def test_curves_rise_within_their_intervals(rows):
    rows = [(time, event, min(entry, time - 1)) for time, event, entry in rows]
    time, event, entry = (np.array(column) for column in zip(*rows, strict=True))
    before = time.copy(), event.copy(), entry.copy()
    curve = event_curve(time.astype(float), event, level=0.95, entry=entry.astype(float))
    assert (curve["estimate"].diff().dropna() >= -1e-12).all()
    assert (curve["conf_low"] <= curve["estimate"] + 1e-12).all() and (
        curve["estimate"] <= curve["conf_high"] + 1e-12
    ).all()
    assert all((now == then).all() for now, then in zip((time, event, entry), before, strict=True))
