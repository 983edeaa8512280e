"""Predictions for people by others only: against fits made by hand."""

import numpy as np
import statsmodels.api as sm

from tpm_widgets.statistics.association.brier import cross_validated


def sample(n=400, seed=1):
    rng = np.random.default_rng(seed)
    score = rng.integers(0, 11, n)
    return score, rng.uniform(size=n) < 1 / (1 + np.exp(3 - 0.3 * score))


def test_each_person_is_predicted_by_the_others():
    """Leave one person (two answers each) out: the same as statsmodels on all the others."""
    score, event = sample(40)
    clusters = np.repeat(np.arange(20), 2)
    weights = np.linspace(1, 2, 40)
    predicted = cross_validated(score, event, weights, clusters, folds=20, seed=1)
    for person in (0, 7, 19):
        other = clusters != person
        model = sm.GLM(
            event[other].astype(float), sm.add_constant(score[other].astype(float)),
            family=sm.families.Binomial(), freq_weights=weights[other],
        )  # fmt: skip
        expected = model.fit(tol=1e-12).predict(sm.add_constant(score[~other].astype(float), has_constant="add"))
        np.testing.assert_allclose(predicted[~other], expected, atol=1e-8)


def test_what_is_true_is_predicted_without_bias():
    score, event = sample(20_000)
    predicted = cross_validated(score, event, np.ones(20_000), np.arange(20_000), seed=1)
    np.testing.assert_allclose(predicted, 1 / (1 + np.exp(3 - 0.3 * score)), atol=0.02)


def test_ten_folds_unless_told_otherwise_and_seeds_decide():
    score, event = sample(60)
    given = score, event, np.ones(60), np.arange(60)
    usual, ten, other = (cross_validated(*given, seed=1, **more) for more in ({}, {"folds": 10}, {"folds": 9}))
    assert (usual == ten).all() and not (usual == other).all()
    assert not (cross_validated(*given, seed=2) == usual).all()


def test_one_person_cannot_be_predicted_by_others():
    score, event = sample(4)
    assert np.isnan(cross_validated(score, event, np.ones(4), np.zeros(4, int), seed=1)).all()
    assert len(cross_validated(score[:0], event[:0], np.ones(0), np.zeros(0, int), seed=1)) == 0


def test_the_input_stays_as_it_was():
    score, event = sample(30)
    before = score.copy(), event.copy()
    cross_validated(score, event, np.ones(30), np.arange(30), seed=1)
    assert (score == before[0]).all() and (event == before[1]).all()


def test_scores_that_nobody_gave_do_not_matter():
    score, event = sample(60)
    low = np.minimum(score, 5)
    predicted = cross_validated(low, event, np.ones(60), np.arange(60), folds=3, seed=1)
    assert np.isfinite(predicted).all() and len(np.unique(predicted)) <= 3 * 6
