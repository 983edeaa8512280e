"""Within and between: the fixed-effects estimator, Robinson's trap, degenerate groups."""

import numpy as np
import pytest
import statsmodels.api as sm

from tpm_widgets.statistics.association.within_between import within_between


def persons(seed, groups=6, size=40):
    """Inside the groups y rises by 1 per unit of x, between their means it falls by 2."""
    rng = np.random.default_rng(seed)
    codes = np.repeat(np.arange(groups), size)
    means = rng.normal(0, 2, groups)[codes]
    inside = rng.standard_normal(len(codes))
    y = 5 + inside - 2 * means + rng.standard_normal(len(codes))
    return y, means + inside, codes, rng.uniform(0.5, 2, len(codes)), rng.integers(0, 150, len(codes))


def test_inside_it_is_the_fixed_effects_estimator():
    y, x, codes, weights, clusters = persons(1)
    dummies = np.column_stack([x, codes[:, None] == np.arange(6)])
    direct = sm.WLS(y, dummies.astype(float), weights=weights).fit()
    found = within_between(y, x, codes, weights, clusters, 0.95)
    assert found.within.estimate == pytest.approx(direct.params[0], abs=1e-10)
    means = np.array([np.average(x[codes == code], weights=weights[codes == code]) for code in range(6)])
    level = np.array([np.average(y[codes == code], weights=weights[codes == code]) for code in range(6)])
    size = np.bincount(codes, weights)
    line = sm.WLS(level, sm.add_constant(means), weights=size).fit()
    assert found.between.estimate == pytest.approx(line.params[1], abs=1e-10)
    assert (found.within.n, found.between.n) == (240, 6)


def test_the_ecological_fallacy_is_shown():
    found = within_between(*persons(2), 0.95)
    assert found.within.conf_low > 0 > found.between.conf_high
    assert found.p_difference < 1e-6


def test_the_errors_are_clustered_as_in_statsmodels():
    y, x, codes, weights, clusters = persons(3)
    means = np.array([np.average(x[codes == code], weights=weights[codes == code]) for code in range(6)])[codes]
    design = sm.add_constant(np.column_stack([x - means, means]))
    direct = sm.WLS(y, design, weights=weights).fit(cov_type="cluster", cov_kwds={"groups": clusters})
    found = within_between(y, x, codes, weights, clusters, 0.9)
    assert (found.within.conf_low, found.within.conf_high) == pytest.approx(direct.conf_int(0.1)[1], abs=1e-10)


def test_where_nothing_varies_nothing_is_said():
    y, x, codes, weights, clusters = persons(4)
    alone = within_between(y, x, np.zeros(240, int), weights, clusters, 0.95)
    assert np.isfinite(alone.within.estimate)
    assert np.isnan([alone.between.estimate, alone.p_difference]).all()
    assert np.isnan(within_between(np.zeros(240), x, codes, weights, clusters, 0.95).within.estimate)
    assert np.isnan(within_between(y, codes * 1.0, codes, weights, clusters, 0.95).within.estimate)
    nobody = within_between(y[:0], x[:0], codes[:0], weights[:0], clusters[:0], 0.95)
    assert np.isnan(nobody.within.estimate) and (nobody.within.n, nobody.between.n) == (0, 0)


def test_the_input_stays_as_it_was():
    columns = persons(5)
    before = [column.copy() for column in columns]
    within_between(*columns, 0.95)
    assert all(np.array_equal(one, other) for one, other in zip(columns, before, strict=True))


def test_three_clusters_are_the_least_and_the_slopes_are_compared_as_in_statsmodels():
    y, x, codes, weights, _ = persons(6)
    assert np.isnan(within_between(y, x, codes, weights, np.arange(240) % 2, 0.95).within.estimate)
    assert np.isfinite(within_between(y, x, codes, weights, np.arange(240) % 3, 0.95).within.estimate)
    y, x, codes, weights, clusters = persons(6)
    means = np.array([np.average(x[codes == code], weights=weights[codes == code]) for code in range(6)])[codes]
    fit = sm.WLS(y, sm.add_constant(np.column_stack([x - means, means])), weights=weights).fit(
        cov_type="cluster", cov_kwds={"groups": clusters}
    )
    y = y + 2.9 * means  # so that the two differ little
    fit = fit.model.__class__(y, fit.model.exog, weights=weights).fit(cov_type="cluster", cov_kwds={"groups": clusters})
    found = within_between(y, x, codes, weights, clusters, 0.9)
    assert found.p_difference == pytest.approx(float(fit.t_test([0, 1, -1]).pvalue), abs=1e-10)
    assert (found.between.conf_low, found.between.conf_high) == pytest.approx(fit.conf_int(0.1)[2], abs=1e-10)
    many = within_between(y, x, codes + 7, 100 * weights, clusters, 0.9)
    assert many.within.conf_low == pytest.approx(found.within.conf_low, rel=1e-9)
