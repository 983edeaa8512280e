"""Forms of a score against statsmodels' likelihoods, and the robust score test against its classical counterparts."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy import stats

from tpm_widgets.statistics.association.score_forms import _categories, compare_forms, line_of_counts

CLASSES = np.array([-1] * 7 + [0] * 2 + [1] * 2)


def sample(seed=1, n=4_000, effect=0.25, steps=(0.0, 0.0, 0.0)):
    rng = np.random.default_rng(seed)
    score = rng.binomial(10, 0.75, n)
    linear = -2.5 + effect * (score - 7.5) + np.array(steps)[CLASSES[score] + 1]
    return score, rng.uniform(size=n) < 1 / (1 + np.exp(-linear))


def compare(score, event, weights=None, clusters=None):
    weights = np.ones(len(score)) if weights is None else weights
    clusters = np.arange(len(score)) if clusters is None else clusters
    return compare_forms(score, event, CLASSES, weights, clusters).set_index(["smaller", "larger"])


def logit(event, *columns):
    return sm.Logit(event.astype(float), np.column_stack([np.ones(len(event)), *columns])).fit(disp=0, tol=1e-12)


def test_likelihood_ratios_are_those_of_statsmodels():
    score, event = sample()
    table = compare(score, event)
    passive, promoter = CLASSES[score] == 0, CLASSES[score] == 1
    none, linear = logit(event), logit(event, score)
    classes, both = logit(event, passive, promoter), logit(event, passive, promoter, score)
    expected = {
        ("none", "linear"): (1, linear.llf - none.llf),
        ("linear", "linear and classes"): (2, both.llf - linear.llf),
        ("classes", "linear and classes"): (1, both.llf - classes.llf),
    }
    for question, (df, gain) in expected.items():
        assert table.loc[question, "df"] == df
        assert table.loc[question, "likelihood_ratio"] == pytest.approx(2 * gain, abs=1e-6)


def test_unweighted_and_unclustered_the_score_test_agrees_with_the_likelihood_ratio():
    table = compare(*sample(n=20_000, steps=(0, 0.1, 0.35)))
    for question in (("linear", "linear and classes"), ("classes", "linear and classes"), ("linear", "spline")):
        row = table.loc[question]
        assert row["statistic"] == pytest.approx(row["likelihood_ratio"], rel=0.1, abs=0.3)
        assert row["p_value"] == pytest.approx(stats.chi2.sf(row["statistic"], row["df"]))


@pytest.mark.slow
def test_the_score_test_keeps_its_level_where_the_line_is_true():
    """200 samples with fixed seeds, answers doubled into clusters of two: 99.9 % binomial limits around 5 %."""
    rejected = []
    for seed in range(200):
        score, event = sample(seed, n=400)
        twice = compare(np.tile(score, 2), np.tile(event, 2), clusters=np.tile(np.arange(400), 2))
        rejected.append(twice.loc[("linear", "linear and classes"), "p_value"] < 0.05)
    low, high = stats.binom.interval(0.999, 200, 0.05)
    assert low <= np.sum(rejected) <= high


def test_answers_that_are_only_repeated_prove_nothing():
    score, event = sample(n=500, steps=(0, 0, 0.5))
    once = compare(score, event)
    twice = compare(np.tile(score, 2), np.tile(event, 2), clusters=np.tile(np.arange(500), 2))
    assert twice["p_value"].to_numpy() == pytest.approx(once["p_value"].to_numpy(), abs=0.02)
    row = ("linear", "linear and classes")
    assert twice.loc[row, "p_value"] == pytest.approx(once.loc[row, "p_value"], abs=1e-9)
    assert twice.loc[row, "likelihood_ratio"] == pytest.approx(2 * once.loc[row, "likelihood_ratio"])


def test_the_unit_of_the_weights_does_not_matter():
    score, event = sample(n=600)
    weights = np.random.default_rng(2).uniform(0.2, 3, 600)
    first, second = compare(score, event, weights), compare(score, event, 100 * weights)
    np.testing.assert_allclose(first.to_numpy(float), second.to_numpy(float), rtol=1e-8)


def test_the_spline_and_the_categories_are_those_of_statsmodels():
    """A natural cubic spline with the knots 0, 5, 8 and 10 by truncated powers (Hastie et al. 2009, 5.4)."""
    rng = np.random.default_rng(3)
    score = rng.integers(0, 11, 2000)
    event = rng.random(2000) < 1 / (1 + np.exp(3 - 0.04 * score**2))
    knots = np.array([0.0, 5, 8, 10])

    def bent(k):
        return (np.maximum(score - knots[k], 0) ** 3 - np.maximum(score - 10, 0) ** 3) / (10 - knots[k])

    table = compare(score, event)
    linear, spline = logit(event, score), logit(event, score, bent(0) - bent(2), bent(1) - bent(2))
    row = table.loc[("linear", "spline")]
    assert row["df"] == 2
    assert row["likelihood_ratio"] == pytest.approx(2 * (spline.llf - linear.llf), abs=1e-6)
    categories = _categories(np.bincount(score, minlength=11), CLASSES)[score]
    each = logit(event, *(categories == number for number in range(1, categories.max() + 1)))
    row = table.loc[("linear", "categories")]
    assert row["likelihood_ratio"] == pytest.approx(2 * (each.llf - linear.llf), abs=1e-6)
    assert row["df"] == 9
    passive, promoter = CLASSES[score] == 0, CLASSES[score] == 1
    classes = logit(event, passive, promoter)
    row = table.loc[("classes", "categories")]
    assert row["likelihood_ratio"] == pytest.approx(2 * (each.llf - classes.llf), abs=1e-6)
    assert row["df"] == 8


def test_the_score_test_is_statsmodels():
    """With single answers and equal weights: the robust score test (Boos) of statsmodels' GLM."""
    score, event = sample(n=800, steps=(0, 0.2, 0.3))
    design = np.column_stack([np.ones(800), score])
    model = sm.GLM(event.astype(float), design, family=sm.families.Binomial())
    params = model.fit(tol=1e-12).params
    share = 1 / (1 + np.exp(-design @ params))
    more = np.column_stack([CLASSES[score] == 0, CLASSES[score] == 1]).astype(float)
    spread = share * (1 - share)
    left = more - design @ np.linalg.solve((design * spread[:, None]).T @ design, (design * spread[:, None]).T @ more)
    moved = (event - share)[:, None] * left
    statistic = moved.sum(axis=0) @ np.linalg.solve(moved.T @ moved, moved.sum(axis=0))
    row = compare(score, event).loc[("linear", "linear and classes")]
    assert (row["df"], row["statistic"]) == (2, pytest.approx(statistic, rel=1e-6))
    assert row["p_value"] == pytest.approx(stats.chi2.sf(statistic, 2), rel=1e-6)


def test_nineteen_answers_are_few_and_twenty_are_not():
    counts = np.array([20, 20, 19, 20, 1, 20, 20, 20, 20, 19, 40])
    assert _categories(counts, CLASSES).tolist() == [0, 1, 2, 2, 3, 3, 4, 5, 6, 7, 7]
    assert _categories(np.full(11, 20), CLASSES).tolist() == list(range(11))
    assert _categories(np.array([20] * 10 + [19]), CLASSES).tolist()[-2:] == [9, 9]


def test_the_line_does_not_know_the_unit_of_weights():
    cases, controls = np.array([1.0, 2, 5, 7]), np.array([6.0, 4, 3, 2])
    once = line_of_counts(cases, controls)
    assert line_of_counts(0.01 * cases, 0.01 * controls) == pytest.approx(once, rel=1e-8)
    assert line_of_counts(1000 * cases, 1000 * controls) == pytest.approx(once, rel=1e-8)
    assert (cases + controls) @ once == pytest.approx(15)  # as many as there were


def test_neighbours_with_few_answers_are_one_category():
    counts = np.array([1, 2, 3, 10, 30, 40, 5, 50, 3, 200, 300])
    assert _categories(counts, CLASSES).tolist() == [0, 0, 0, 0, 0, 1, 1, 2, 2, 3, 4]
    assert _categories(np.zeros(11, dtype=int), CLASSES).tolist() == [0] * 7 + [1] * 2 + [2] * 2


def test_the_line_is_statsmodels():
    score, event = sample()
    fit = logit(event, score)
    cells = np.bincount(score + 11 * event, minlength=22).astype(float)
    expected = fit.predict(np.column_stack([np.ones(11), np.arange(11)]))
    np.testing.assert_allclose(line_of_counts(cells[11:], cells[:11]), expected, atol=1e-8)


@pytest.mark.parametrize(
    ("cases", "controls", "expected"),
    [
        ([0, 0, 0], [1, 2, 3], 0.0),
        ([0, 1, 2], [0, 0, 0], 1.0),
        ([0, 1, 0], [0, 3, 0], 0.25),
        ([0, 0, 3], [3, 0, 0], np.nan),
        ([0, 0, 0], [0, 0, 0], np.nan),
    ],
)
def test_the_line_of_degenerate_counts(cases, controls, expected):
    found = line_of_counts(np.array(cases, float), np.array(controls, float))
    np.testing.assert_allclose(found, np.full(3, expected))


@pytest.mark.parametrize(
    ("score", "event"),
    [
        ([], []),
        ([9], [1]),
        ([9, 9, 9], [0, 1, 1]),
        ([1, 9], [0, 1]),
        ([2, 7, 9], [0, 0, 0]),
        ([2, 2, 9, 9], [0, 0, 1, 0]),
    ],
)
def test_degenerate_answers_give_no_warning(score, event):
    table = compare(np.array(score, int), np.array(event, bool))
    assert len(table) == 6
    assert (table["p_value"].isna() | table["p_value"].between(0, 1)).all()


def test_a_class_without_any_event_is_tested_too():
    score, event = sample(n=800)
    event = event & (CLASSES[score] != -1)
    row = compare(score, event).loc[("linear", "linear and classes")]
    assert row["df"] == 2
    assert 0 < row["p_value"] < 1


def test_the_input_stays_as_it_was():
    score, event = sample(n=50)
    before = score.copy(), event.copy()
    compare(score, event)
    assert (score == before[0]).all() and (event == before[1]).all()
