"""The Net Promoter Score on numbers: classes, shares, and four kinds of interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy import optimize, stats

from tpm_widgets.errors import check_level, check_option
from tpm_widgets.statistics.weights import effective_size

Interval = Literal["adjusted_wald", "score", "wald", "bootstrap"]
DETRACTOR, PASSIVE, PROMOTER = -1, 0, 1


def score_classes(
    scores: np.ndarray, cutoffs: tuple[float, float] = (6, 8), scale: tuple[float, float] = (0, 10)
) -> np.ndarray:
    """Sort answers into detractors (−1), passives (0) and promoters (+1).

    Parameters
    ----------
    scores : ndarray, shape (n,)
        Answers; NaN where there is none.
    cutoffs : tuple of two numbers
        The highest answer of a detractor and of a passive. (5, 7) is the European variant.
    scale : tuple of two numbers
        The ends of the scale.

    Returns
    -------
    ndarray of float, shape (n,)
        NaN for what is no answer: missing, off the scale, or between two whole numbers.

    References
    ----------
    Reichheld, F. F. (2003). The one number you need to grow. Harvard Business Review 81(12), 46-54.

    Examples
    --------
    >>> score_classes(np.array([0, 6, 7, 8, 9, 10, 6.5, 11]))
    array([-1., -1.,  0.,  0.,  1.,  1., nan, nan])
    """
    scores = np.asarray(scores, dtype=float)
    classes = np.where(scores > cutoffs[1], PROMOTER, np.where(scores > cutoffs[0], PASSIVE, DETRACTOR)).astype(float)
    classes[~((scores >= scale[0]) & (scores <= scale[1]) & (scores == np.floor(scores)))] = np.nan
    return classes


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """Weighted shares of the three classes, the score's standard error, and the sizes that it rests on."""

    detractors: float
    passives: float
    promoters: float
    std_error: float
    n: int
    n_eff: float

    @property
    def estimate(self) -> float:
        """The score, promoters − detractors, in −1…1."""
        return self.promoters - self.detractors

    @property
    def variance(self) -> float:
        """The variance of one answer coded −1, 0, +1: p_pro + p_det − NPS²."""
        return max(self.promoters + self.detractors - self.estimate**2, 0.0)


def net_promoter(classes: np.ndarray, weights: np.ndarray | None = None) -> Score:
    """Return the score of classified answers.

    Parameters
    ----------
    classes : ndarray, shape (n,)
        −1, 0, +1; NaN is left out.
    weights : ndarray, shape (n,), optional
        Survey weights; answers of weight 0 are left out.

    Returns
    -------
    Score
        Shares are NaN where nobody answered.

    Notes
    -----
    The standard error is linearised, √(Σw²(x − NPS)²)/Σw; without weights that is √((p_pro + p_det − NPS²)/n).
    """
    weights = np.ones(len(classes)) if weights is None else weights
    used = np.isfinite(classes) & (weights > 0)
    classes, weights = classes[used], weights[used]
    if not len(classes):
        return Score(detractors=np.nan, passives=np.nan, promoters=np.nan, std_error=np.nan, n=0, n_eff=0.0)
    totals = np.bincount((classes + 1).astype(int), weights=weights, minlength=3)
    detractors, passives, promoters = (totals / totals.sum()).tolist()
    shares = weights / totals.sum()
    std_error = float(np.sqrt(shares**2 @ (classes - (promoters - detractors)) ** 2))
    return Score(
        detractors=detractors,
        passives=passives,
        promoters=promoters,
        std_error=std_error,
        n=len(classes),
        n_eff=effective_size(weights),
    )


def score_interval(
    classes: np.ndarray,
    weights: np.ndarray | None = None,
    *,
    interval: Interval = "adjusted_wald",
    level: float = 0.95,
    replicates: int = 2000,
    seed: int = 1,
) -> tuple[float, float]:
    """Return the confidence interval of the Net Promoter Score.

    Parameters
    ----------
    classes, weights : ndarray, shape (n,)
        As in :func:`net_promoter`.
    interval : {"adjusted_wald", "score", "wald", "bootstrap"}
        Adjusted Wald: ¾, 1½ and ¾ imagined answers are added and the Wald interval is centred on the adjusted score,
        cut at −1 and 1 (Rocks 2016). Score: Tango's interval. Wald: estimate ± z·se, which may leave −1…1.
        Bootstrap: percentiles of resampled answers.
    level : float
        The confidence level.
    replicates, seed : int
        Of the bootstrap.

    Notes
    -----
    With weights, the counts of the adjusted Wald and of the score interval are the shares times the effective size.

    References
    ----------
    Rocks, B. (2016). Interval estimation for the "Net Promoter Score". The American Statistician 70, 365-372.
    https://doi.org/10.1080/00031305.2016.1158124
    Tango, T. (1998). Equivalence test and confidence interval for the difference in proportions for the paired-sample
    design. Statistics in Medicine 17, 891-908.
    https://doi.org/10.1002/(SICI)1097-0258(19980430)17:8<891::AID-SIM780>3.0.CO;2-B

    Examples
    --------
    >>> classes = np.repeat([-1, 0, 1], [6, 12, 18])
    >>> [round(end, 4) for end in score_interval(classes)]
    [0.073, 0.5424]
    """
    check_option("interval", interval, Interval)
    check_level(level)
    score = net_promoter(classes, weights)
    if score.n == 0:
        return np.nan, np.nan
    z = float(stats.norm.ppf((1 + level) / 2))
    if interval == "adjusted_wald":
        return _adjusted_wald(score, z)
    if interval == "score":
        return _tango(score, z)
    if interval == "wald":
        return score.estimate - z * score.std_error, score.estimate + z * score.std_error
    return _bootstrap(classes, np.ones(len(classes)) if weights is None else weights, level, replicates, seed)


def _adjusted_wald(score: Score, z: float) -> tuple[float, float]:
    n = score.n_eff + 3
    promoters = (score.promoters * score.n_eff + 0.75) / n
    detractors = (score.detractors * score.n_eff + 0.75) / n
    centre = promoters - detractors
    margin = z * np.sqrt((promoters + detractors - centre**2) / n)
    return float(max(centre - margin, -1.0)), float(min(centre + margin, 1.0))


def _tango(score: Score, z: float) -> tuple[float, float]:
    n, b, c = score.n_eff, score.n_eff * score.detractors, score.n_eff * score.promoters

    def distance(hypothesised: float) -> float:
        """How many standard errors the observed score lies above the hypothesised one; it falls from there on."""
        d = hypothesised
        linear = -b - c + (2 * n - c + b) * d
        root = np.sqrt(max(linear**2 + 8 * n * b * d * (1 - d), 0.0))
        q = (root - linear) / (4 * n)
        variance = n * (2 * q + d * (1 - d))
        return float((c - b - n * d) / np.sqrt(max(variance, 1e-300)))

    # the ends of the scale are never rejected when everybody stands there; just inside the variance is positive
    edge, estimate = 1 - 1e-12, score.estimate
    low = optimize.brentq(lambda d: distance(d) - z, -edge, estimate) if distance(-edge) > z else -1.0
    high = optimize.brentq(lambda d: distance(d) + z, estimate, edge) if distance(edge) < -z else 1.0
    return float(low), float(high)


def _bootstrap(
    classes: np.ndarray, weights: np.ndarray, level: float, replicates: int, seed: int
) -> tuple[float, float]:
    used = np.isfinite(classes) & (weights > 0)
    # answers with one class and one weight are alike, so they are drawn together
    kinds, counts = np.unique(np.column_stack([classes[used], weights[used]]), axis=0, return_counts=True)
    draws = np.random.default_rng(seed).multinomial(counts.sum(), counts / counts.sum(), size=replicates)
    scores = (draws @ (kinds[:, 0] * kinds[:, 1])) / (draws @ kinds[:, 1])
    low, high = np.quantile(scores, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
