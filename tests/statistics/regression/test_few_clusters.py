"""CR2 and Satterthwaite's degrees of freedom: by the matrices of the definition, and against closed forms.

The matrices are those of Pustejovsky & Tipton 2018, doi:10.1080/07350015.2016.1247004, equations 2 to 8.
"""

import numpy as np
import pytest
from scipy import stats

from tpm_widgets.statistics.regression.counts import fit_poisson
from tpm_widgets.statistics.regression.few_clusters import few_clusters
from tpm_widgets.statistics.regression.linear_and_logit import fit_linear, fit_logit, wald_table

EXACT = 1e-9  # relative: the same formulas, of matrices of 36 rows
SIZES = (1, 2, 2, 5, 9, 14, 3)
SLOPES = np.array([0.5, 0.0, 0.3, 0.0, -0.2])
ANSWERS = (5, 35)  # of each customer
SPREAD = 0.7  # of what customers have in common, in log odds
SHRUNK = 0.906  # a logit's slopes over many customers of that spread; of two million simulated answers


def sample(seed=3, weighted=True):
    rng = np.random.default_rng(seed)
    clusters = rng.permutation(np.repeat(np.arange(len(SIZES)), SIZES))
    n = len(clusters)
    matrix = np.column_stack([np.ones(n), rng.normal(size=(n, 3))])
    weights = rng.uniform(0.3, 3, n) if weighted else np.ones(n)
    score = matrix @ [0.2, 0.6, -0.3, 0.0] + rng.normal(size=7)[clusters] + rng.normal(size=n)
    return score, matrix, weights, clusters


def by_definition(matrix, weights, clusters, residual):
    """CR2 and the degrees of freedom of each coefficient, from n × n matrices."""
    n, k = matrix.shape
    bread = np.linalg.inv(matrix.T @ np.diag(weights) @ matrix)
    left = np.eye(n) - matrix @ bread @ matrix.T @ np.diag(weights)
    covariance, moved = np.zeros((k, k)), []
    for cluster in np.unique(clusters):
        own = clusters == cluster
        values, vectors = np.linalg.eigh(left[own] @ left[own].T)
        raise_ = vectors / np.sqrt(values) @ vectors.T
        move = bread @ matrix[own].T @ np.diag(weights[own]) @ raise_
        covariance += np.outer(move @ residual[own], move @ residual[own])
        moved.append(move @ left[own])
    products = [np.array([row[j] for row in moved]) for j in range(k)]
    gram = [part @ part.T for part in products]
    return covariance, np.array([np.trace(part) ** 2 / (part**2).sum() for part in gram])


@pytest.mark.parametrize("weighted", [False, True])
def test_linear_by_definition(weighted):
    score, matrix, weights, clusters = sample(weighted=weighted)
    fit = fit_linear(score, matrix, list("abcd"), weights, clusters)
    covariance, degrees = by_definition(matrix, weights, clusters, score - matrix @ fit.params)
    assert fit.cov == pytest.approx(covariance, rel=EXACT)
    assert fit.degrees() == pytest.approx(degrees, rel=EXACT)
    assert fit.df == 6


@pytest.mark.parametrize("fitted", [fit_logit, fit_poisson])
def test_others_by_definition_at_their_working_weights(fitted):
    score, matrix, weights, clusters = sample()
    outcome = (score > 0).astype(float) if fitted is fit_logit else np.maximum(np.round(score + 1), 0)
    fit = fitted(outcome, matrix, list("abcd"), weights, clusters)
    mean = fit.predict(matrix)
    scale = np.sqrt(mean * (1 - mean) if fitted is fit_logit else mean)
    covariance, degrees = by_definition(matrix * scale[:, None], weights, clusters, (outcome - mean) / scale)
    assert fit.cov == pytest.approx(covariance, rel=1e-7)
    assert fit.degrees() == pytest.approx(degrees, rel=1e-7)
    assert fit.df == 6


def test_a_contrast_has_degrees_of_freedom_of_its_own():
    """The difference of two coefficients is a coefficient when the design is turned."""
    score, matrix, weights, clusters = sample()
    turned = matrix.copy()
    turned[:, 2] += matrix[:, 1]
    direct = fit_linear(score, turned, list("abcd"), weights, clusters)
    fit = fit_linear(score, matrix, list("abcd"), weights, clusters)
    assert fit.degrees(np.array([[0], [1.0], [-1.0], [0]]))[0] == pytest.approx(direct.degrees()[1], rel=EXACT)
    assert fit.degrees(np.zeros((4, 1))).tolist() == [6]


def test_the_mean_of_equal_clusters_is_a_mean_of_means():
    """Its variance is that of G means over G, and it has G − 1 degrees of freedom."""
    score = np.random.default_rng(1).normal(size=60)
    clusters = np.repeat(np.arange(12), 5)
    fit = fit_linear(score, np.ones((60, 1)), ["mean"], None, clusters)
    assert fit.cov[0, 0] == pytest.approx(score.reshape(12, 5).mean(axis=1).var(ddof=1) / 12, rel=EXACT)
    assert fit.degrees() == pytest.approx([11], rel=EXACT)


def test_two_groups_of_clusters_have_the_degrees_of_freedom_of_bell_and_mccaffrey():
    """Imbens & Kolesár 2016, doi:10.1162/REST_a_00552, section II: Welch's error, and their closed form."""
    many, few = 9, 4
    treated = np.repeat(np.arange(13) >= many, 3).astype(float)
    clusters = np.repeat(np.arange(13), 3)
    score = np.random.default_rng(2).normal(size=39)
    fit = fit_linear(score, np.column_stack([np.ones(39), treated]), ["mean", "treated"], None, clusters)
    means = score.reshape(13, 3).mean(axis=1)
    assert fit.cov[1, 1] == pytest.approx(means[:many].var(ddof=1) / many + means[many:].var(ddof=1) / few, rel=EXACT)
    closed = (many + few) ** 2 * (many - 1) * (few - 1) / (few**2 * (few - 1) + many**2 * (many - 1))
    assert fit.degrees()[1] == pytest.approx(closed, rel=EXACT)


def test_what_a_single_customer_decides_has_no_error():
    score, matrix, weights, clusters = sample()
    matrix[:, 2] = np.where(clusters == 5, matrix[:, 2], 0.0)
    fit = fit_linear(score, matrix, list("abcd"), weights, clusters)
    assert np.isnan(np.diag(fit.cov)).tolist() == [False, False, True, False]
    assert np.isfinite(fit.influence).all()


def test_inputs_stay_as_they_were():
    arrays = sample()
    before = [array.copy() for array in arrays]
    few_clusters(*arrays[1:]).degrees(np.eye(4))
    assert all((now == then).all() for now, then in zip(arrays, before, strict=True))


def covered(seed, model, customers):
    """Tell for each of five ratings whether its 95 % interval covers its slope; customers differ, by chance."""
    rng = np.random.default_rng(seed)
    who = np.repeat(np.arange(customers), rng.integers(*ANSWERS, customers))
    ratings = rng.integers(1, 6, (len(who), 5)) - 3.0
    ratings[:, 1] = (rng.integers(1, 6, customers) - 3.0)[who]  # what customers rate alike each time
    matrix = np.column_stack([np.ones(len(who)), ratings])
    linear, own = ratings @ SLOPES, rng.normal(size=customers)[who]
    names = [str(column) for column in range(6)]
    if model == "ols":
        fit = fit_linear(linear + own + rng.normal(size=len(who)), matrix, names, None, who)
        truth = SLOPES
    else:
        chance = 1 / (1 + np.exp(-(linear + SPREAD * own)))
        fit = fit_logit((rng.random(len(who)) < chance).astype(float), matrix, names, None, who)
        truth = SHRUNK * SLOPES
    table = wald_table(fit.params, np.sqrt(np.diag(fit.cov)), fit.degrees(), 0.95).iloc[1:]
    return ((table["conf_low"] <= truth) & (truth <= table["conf_high"])).to_numpy()


@pytest.mark.slow
@pytest.mark.parametrize("customers", [15, 30])
@pytest.mark.parametrize("model", ["ols", "logit"])
def test_intervals_of_few_customers_cover_the_truth(model, customers):
    """93 to 97 % of 95 % intervals, five coefficients of each of 400 studies."""
    share = np.mean([covered(seed, model, customers) for seed in range(71_000, 71_400)])
    assert 0.93 <= share <= 0.97
    # so that the line above can fail: the tenth narrower
    assert stats.t.cdf(0.9 * stats.t.ppf(0.975, 10), 10) * 2 - 1 < 0.93
