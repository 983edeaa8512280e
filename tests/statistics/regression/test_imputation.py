"""Ratings filled in: what stays, what is recovered, beside the likelihood; Rubin's rules by their formulas."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from tpm_widgets.statistics.regression.imputation import Gaps, imputed, pooled
from tpm_widgets.statistics.regression.linear_and_logit import fit_linear, wald_table
from tpm_widgets.statistics.regression.ordered_logit import fit_ordered_logit

SLOPES = np.array([0.6, 0.3, 0.0])
EXACT = 1e-9
MONTE_CARLO = 4  # standard errors of a mean of random fillings


def gaps(seed=1, n=600, share=0.25, never=0.0):
    """Ratings that go together, some of the first two missing by chance, some of the third never experienced."""
    rng = np.random.default_rng(seed)
    ratings = rng.normal(size=(n, 1)) + rng.normal(size=(n, 3)) + 3
    score = ratings @ SLOPES + rng.normal(size=n)
    wanted = rng.random((n, 3)) < np.array([share, share, 0])
    holes = wanted | (rng.random((n, 3)) < np.array([0, 0, never]))
    return Gaps(
        ratings=np.where(holes, np.nan, ratings),
        wanted=wanted,
        others=score[:, None],
        weights=np.ones(n),
        clusters=np.arange(n),
    )


def with_holes(whole, hidden):
    """Hide the first rating of some."""
    wanted = np.column_stack([hidden, np.zeros((len(hidden), 2), bool)])
    return replace(whole, ratings=np.where(wanted, np.nan, whole.ratings), wanted=wanted)


def fits(given, times, how=fit_linear, outcome=None):
    score = given.others[:, 0] if outcome is None else outcome
    return [
        how(score, np.column_stack([np.ones(len(score)), ratings]), list("cabd"), given.weights, given.clusters)
        for ratings in imputed(given, times, seed=1)
    ]


def test_what_was_given_stays_and_what_does_not_exist_stays_missing():
    given = gaps(never=0.2)
    before = given.ratings.copy()
    for ratings in imputed(given, 2, seed=1):
        known = ~np.isnan(given.ratings)
        assert (ratings[known] == given.ratings[known]).all()
        assert (np.isnan(ratings) == ~(known | given.wanted)).all()
    np.testing.assert_array_equal(given.ratings, before)


def test_one_seed_gives_one_result_and_every_filling_is_another():
    first, second = (np.array(list(imputed(gaps(), 2, seed=3))) for _ in range(2))
    np.testing.assert_array_equal(first, second)
    assert (first[0] != first[1])[gaps().wanted].all()


def test_as_the_likelihood_has_it_where_one_column_has_gaps():
    """Anderson 1957, doi:10.1080/01621459.1957.10501379: what has gaps given the rest, times the rest of everybody."""
    whole = gaps(n=2000, share=0)
    score = whole.others[:, 0]
    hidden = np.random.default_rng(3).random(len(score)) < 1 / (1 + np.exp(-(score - score.mean())))
    given = with_holes(whole, hidden)
    rest = np.column_stack([np.ones(len(score)), whole.ratings[:, 1:], score])
    line, left, *_ = np.linalg.lstsq(rest[~hidden], whole.ratings[~hidden, 0], rcond=None)
    covariance = np.empty((4, 4))
    covariance[1:, 1:] = np.cov(rest[:, 1:].T, ddof=0)
    covariance[0, 1:] = covariance[1:, 0] = covariance[1:, 1:] @ line[1:]
    covariance[0, 0] = line[1:] @ covariance[1:, 1:] @ line[1:] + left[0] / (~hidden).sum()
    likely = np.linalg.solve(covariance[:3, :3], covariance[:3, 3])
    several = fits(given, 60)
    chance = np.std([fit.params[1:] for fit in several], axis=0) / np.sqrt(60)
    assert (np.abs(pooled(several).params[1:] - likely) < MONTE_CARLO * chance).all()
    complete = fit_linear(score[~hidden], np.column_stack([np.ones(len(score)), whole.ratings])[~hidden], list("cabd"))
    assert np.abs(complete.params[1] - likely[0]) > 10 * chance[0]  # so that the line above can fail


def test_missing_by_what_others_tell_is_made_up_for():
    """Who scores high rates the first rarely: complete answers are biased, filled ones are not."""
    whole = gaps(n=20_000, share=0)
    score = whole.others[:, 0]
    hidden = np.random.default_rng(2).random(len(score)) < 1 / (1 + np.exp(-(score - score.mean())))
    given = with_holes(whole, hidden)
    matrix = np.column_stack([np.ones(len(score)), whole.ratings])
    complete = fit_linear(score[~hidden], matrix[~hidden], list("cabd"))
    assert np.abs(complete.params[1] - SLOPES[0]) > 0.05
    assert pooled(fits(given, 10)).params[1:] == pytest.approx(SLOPES, abs=0.03)


def test_rubins_rules_by_their_formulas():
    several = fits(gaps(n=80), 5)
    together = pooled(several)
    params = np.array([fit.params for fit in several])
    within = np.mean([np.diag(fit.cov) for fit in several], axis=0)
    between = params.var(axis=0, ddof=1)
    total = within + 1.2 * between
    assert together.params == pytest.approx(params.mean(axis=0), rel=EXACT)
    assert np.diag(together.cov) == pytest.approx(total, rel=EXACT)
    share = 1.2 * between / total
    seen = (76 + 1) / (76 + 3) * 76 * (1 - share)
    assert together.degrees() == pytest.approx(1 / (share**2 / 4 + 1 / seen), rel=EXACT)
    assert together.degrees(np.zeros((4, 1))).tolist() == [76]


def test_thresholds_are_pooled_as_coefficients_are():
    given = gaps(n=300)
    levels = np.digitize(given.others[:, 0], np.quantile(given.others[:, 0], [0.3, 0.7])).astype(float)
    several = fits(given, 4, fit_ordered_logit, levels)
    together = pooled(several)
    assert together.thresholds == pytest.approx(np.mean([fit.thresholds for fit in several], axis=0), rel=EXACT)
    assert together.joint[:4, :4] == pytest.approx(together.cov, rel=EXACT)
    effect, gradient = together.average_effect(
        1, np.column_stack([np.ones(300), np.nan_to_num(given.ratings)]), np.ones(300)
    )
    assert effect > 0
    assert 0 < together.degrees(gradient[:, None])[0] < np.inf


@pytest.mark.slow
def test_intervals_of_filled_answers_cover_the_truth():
    """93 to 97 % of 95 % intervals, three coefficients of each of 400 samples of 300 answers."""
    covered = []
    for seed in range(72_000, 72_400):
        fit = pooled(fits(gaps(seed, n=300), 20))
        table = wald_table(fit.params, np.sqrt(np.diag(fit.cov)), fit.degrees(), 0.95).iloc[1:]
        covered.append((table["conf_low"] <= SLOPES) & (table["conf_high"] >= SLOPES))
    assert 0.93 <= np.mean(covered) <= 0.97
    assert 2 * stats.norm.cdf(0.9 * stats.norm.ppf(0.975)) - 1 < 0.93  # a tenth narrower would be found out
