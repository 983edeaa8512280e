"""Means by design: against R's survey, against answers without copies, and what weights, clusters and strata may do."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from tpm_widgets.statistics.estimates.design import Design, effective_size, mean_by_design, widening
from tpm_widgets.statistics.score.difference import difference_by_design

R = 1e-12  # R's survey 4.1-1 prints 13 digits

PLACE = np.arange(60)
VALUES = ((7 * PLACE**2 + 3 * PLACE) % 11).astype(float)
SCORES = np.where(VALUES >= 9, 1.0, -1.0)
WEIGHTS = 1 + (PLACE % 4) / 2
CLUSTERS, STRATA, GROUP = PLACE // 4, PLACE // 20, PLACE**2 % 3


def designs():
    return {
        "weights": Design(WEIGHTS, PLACE, None, True),
        "clusters": Design(WEIGHTS, CLUSTERS, None, True),
        "strata": Design(WEIGHTS, CLUSTERS, STRATA, True),
    }


@pytest.mark.parametrize(
    ("name", "errors", "of_a_group", "of_a_difference", "df", "ends"),
    [
        (
            "weights",
            (0.45679703115636, 0.09880332448439),
            (0.5847468921837, 0.1280192719452),
            0.1948800747344,
            59,
            (3.00023696621740, 4.82833446235403),
        ),
        (
            "clusters",
            (0.21723592706496, 0.06489382322564),
            (0.42765324904884, 0.09864691168497),
            0.2105028446628,
            14,
            (3.44836098977930, 4.38021043879213),
        ),
        (
            "strata",
            (0.22985749306947, 0.06933437989791),
            (0.4570804667702, 0.1047841437655),
            0.2244616865518,
            12,
            (3.41346925939081, 4.41510216918062),
        ),
    ],
)
def test_errors_are_those_of_the_survey_package(name, errors, of_a_group, of_a_difference, df, ends):
    """R: svydesign(id=~c, strata=~s, weights=~w), svymean, subset, svyby with svycontrast, confint(df=degf())."""
    design, group = designs()[name], np.flatnonzero(GROUP == 1)
    for values, error, grouped in zip((VALUES, SCORES), errors, of_a_group, strict=True):
        assert mean_by_design(values, design).std_error == pytest.approx(error, abs=R)
        assert mean_by_design(values, design, group).std_error == pytest.approx(grouped, abs=R)
    found = mean_by_design(VALUES, design)
    assert found.estimate == pytest.approx(3.91428571428571, abs=R)
    assert found.df == df and found.interval(0.95) == pytest.approx(ends, abs=R)
    apart = difference_by_design(SCORES, design, group, np.flatnonzero(GROUP == 0), PLACE)
    assert (apart.difference, apart.std_error) == pytest.approx((0.1142857142857, of_a_difference), abs=R)


def test_a_stratum_of_one_cluster_is_measured_from_the_mean_of_all():
    """R: options(survey.lonely.psu = "adjust")."""
    alone = Design(WEIGHTS, CLUSTERS, np.where(CLUSTERS == 14, 9, STRATA), True)
    assert alone.lonely() == 1 and designs()["strata"].lonely() == designs()["clusters"].lonely() == 0
    errors = [mean_by_design(values, alone).std_error for values in (VALUES, SCORES)]
    assert errors == pytest.approx([0.22580200559207, 0.06973296075076], abs=R)
    assert mean_by_design(VALUES, alone).df == 11


@settings(max_examples=60)
@given(st.lists(st.sampled_from([-1.0, 0.0, 1.0]), min_size=2, max_size=40), st.integers(1, 6))
def test_copies_of_an_answer_tell_nothing_more(values, copies):
    once = mean_by_design(np.array(values), Design.of(np.ones(len(values))))
    found = mean_by_design(
        np.repeat(values, copies),
        Design.of(np.full(len(values) * copies, 0.3), np.repeat(np.arange(len(values)), copies)),
    )
    assert (found.estimate, found.std_error, found.n_eff) == pytest.approx(
        (once.estimate, once.std_error, once.n_eff), abs=1e-7
    )
    assert once.n_eff == len(values) and found.size(0.95) == pytest.approx(once.size(0.95))


@settings(max_examples=60)
@given(st.lists(st.tuples(st.integers(-1, 1), st.floats(0.1, 9), st.integers(0, 5)), min_size=1, max_size=40))
def test_the_effective_size_is_never_more_than_kishs(answers):
    values, weights, clusters = (np.array(column, dtype=float) for column in zip(*answers, strict=True))
    found = mean_by_design(values, Design.of(weights, clusters.astype(int)))
    assert 0 < found.n_eff <= effective_size(weights) * (1 + 1e-12)
    assert found.size(0.95) <= found.n_eff


def test_weights_that_go_with_the_answers_make_it_less_than_kishs():
    """V/se² by hand: eight detractors weigh five times as much as the others."""
    values, weights = np.repeat([-1.0, 0, 1], [8, 17, 75]), np.repeat([5.0, 1], [8, 92])
    share = weights / weights.sum()
    mean = share @ values
    found = mean_by_design(values, Design.of(weights))
    expected = share @ (values - mean) ** 2 / (share**2 @ (values - mean) ** 2)
    assert found.n_eff == pytest.approx(expected) and expected < 39 < 59 < effective_size(weights)
    assert found.df == pytest.approx(found.n_eff - 1)


def test_nobody_one_person_and_all_alike():
    nobody = mean_by_design(np.full(3, np.nan), Design.of(np.ones(3)))
    assert np.isnan([nobody.estimate, nobody.std_error, *nobody.interval(0.95)]).all() and nobody.n == 0
    one = mean_by_design(np.array([1.0, 5.0]), Design.of(np.ones(2), np.zeros(2, int)))
    assert one.estimate == 3 and one.n_eff == 1
    assert np.isnan([one.std_error, *one.interval(0.95)]).all()
    alike = mean_by_design(np.full(4, 3.0), Design.of(np.ones(4), np.array([0, 0, 1, 2])))
    assert (alike.estimate, alike.std_error, alike.n_eff) == (3, 0, pytest.approx(16 / 6))
    without = mean_by_design(np.array([1.0, 2, 9]), Design.of(np.array([1.0, 1, 0])))
    assert without.n == 2 and without.estimate == 1.5


def test_few_clusters_widen_what_many_answers_promise():
    assert widening(30, 29, 0.95) == widening(30, 200, 0.9) == widening(1, 0, 0.95) == 1
    assert widening(200, 14, 0.9) == pytest.approx(stats.t.ppf(0.95, 14) / stats.t.ppf(0.95, 199))
    assert widening(50, 0, 0.95) == widening(50, 1, 0.95) > 6


def test_a_mean_of_independent_answers_is_the_textbooks():
    values = np.array([5.0, 4.0, 1.0, 3.0])
    found = mean_by_design(values, Design.of(np.full(4, 2.5)))
    assert (found.estimate, found.std_error, found.n_eff) == pytest.approx((values.mean(), stats.sem(values), 4))
    assert found.interval(0.95) == pytest.approx(stats.t.interval(0.95, 3, values.mean(), stats.sem(values)))


@given(st.permutations(range(60)), st.floats(1e-3, 1e3))
@settings(max_examples=20)
def test_neither_order_nor_the_unit_of_weights_matters_and_nothing_is_changed(order, unit):
    order, design = np.array(order), designs()["strata"]
    before = VALUES.copy(), WEIGHTS.copy()
    found = mean_by_design(VALUES[order], Design(unit * WEIGHTS[order], CLUSTERS[order], STRATA[order], True))
    whole = mean_by_design(VALUES, design)
    assert (found.estimate, found.std_error, found.n_eff) == pytest.approx(
        (whole.estimate, whole.std_error, whole.n_eff)
    )
    assert (before[0] == VALUES).all() and (before[1] == WEIGHTS).all()


@pytest.mark.parametrize("unit", [1e-300, 1e-170, 1.0, 1e170])
def test_weights_have_no_unit_however_small_it_would_be(unit):
    assert effective_size(unit * np.array([1.0, 1, 2])) == pytest.approx(8 / 3)
    assert effective_size(np.array([])) == effective_size(np.zeros(3)) == 0
