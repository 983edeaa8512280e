"""How answers were drawn, and what that does to the error of a mean: weights, clusters (persons who answered several
times, or units that were drawn together) and strata. Scores, shares and ratings all take their variance from here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.special import stdtrit  # scipy.stats, which asks the same function, takes a second to import

from tpm_widgets.statistics.estimates.raking import Margin, explained_by

SAME = 1e-9  # an effective size that falls short of Kish's by a rounding error is Kish's


def effective_size(weights: np.ndarray) -> float:
    """Return Kish's effective sample size (Σw)²/Σw²; 0 where no weight is positive.

    Parameters
    ----------
    weights : ndarray, shape (n,)
        Weights of at least 0, on any scale.

    Returns
    -------
    float
        Between 1 and n; n where all weights are equal.

    References
    ----------
    Kish, L. (1965). Survey Sampling. Wiley.

    Examples
    --------
    >>> effective_size(np.array([1.0, 1.0, 2.0]))
    2.6666666666666665
    """
    largest = weights.max(initial=0.0)
    if largest <= 0:
        return 0.0
    scaled = weights / largest  # squares of tiny weights would underflow
    return float(scaled.sum() ** 2 / (scaled**2).sum())


@dataclass(frozen=True, slots=True, eq=False)
class Raking:
    """How weights came about that were raked to margins.

    Attributes
    ----------
    factor : ndarray, shape (n,)
        The raked weight over the root of the weight before; 0 where an answer does not count.
    basis : ndarray, shape (n, rank)
        What the margins explain of √weight · value, orthonormal.
    """

    factor: np.ndarray
    basis: np.ndarray

    @classmethod
    def of(cls, before: np.ndarray, after: np.ndarray, margins: Sequence[Margin]) -> Raking:
        """Take the weights before and after, and the margins between them."""
        factor = np.divide(after, np.sqrt(before), out=np.zeros(len(after)), where=before > 0)
        return cls(factor, explained_by(before, margins))

    def unexplained(self, influence: np.ndarray) -> np.ndarray:
        """Return what the margins leave of an influence, shape (n,): of the values' regression on them, weighted."""
        value = np.divide(influence, self.factor, out=np.zeros(len(influence)), where=self.factor > 0)
        return self.factor * (value - self.basis @ (self.basis.T @ value))


@dataclass(frozen=True, slots=True, eq=False)
class Design:
    """The design of a survey, answer for answer.

    Attributes
    ----------
    weights : ndarray, shape (n,)
        Of at least 0, on any scale.
    clusters : ndarray of int, shape (n,)
        Codes of what belongs together; every answer its own where nothing does.
    strata : ndarray of int, shape (n,), optional
        Codes of the strata in which clusters were drawn. A cluster that stands in two of them is one in each.
    declared : bool
        Whether the study itself names its strata, clusters or margins. Then the error of a group counts the clusters
        without an answer in that group too, and n_h − 1 stands in the variance, as in survey packages.
    raking : Raking, optional
        Where the weights were raked to margins.
    """

    weights: np.ndarray
    clusters: np.ndarray
    strata: np.ndarray | None = None
    declared: bool = False
    raking: Raking | None = None

    @classmethod
    def of(cls, weights: np.ndarray, clusters: np.ndarray | None = None) -> Design:
        """Return the design of answers with weights, each on its own where no clusters are given."""
        return cls(weights, np.arange(len(weights)) if clusters is None else clusters)

    def unweighted(self) -> Design:
        """Return the same design with equal weights."""
        return Design(np.ones(len(self.weights)), self.clusters, self.strata, self.declared)

    def units(self, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the cluster of each of some answers, numbered 0, 1, …, and the stratum of each cluster."""
        if self.strata is None:
            names, unit = np.unique(self.clusters[rows], return_inverse=True)
            return unit.reshape(-1), np.zeros(len(names), dtype=int)
        pairs = np.column_stack([self.strata[rows], self.clusters[rows]])
        names, unit = np.unique(pairs, axis=0, return_inverse=True)
        return unit.reshape(-1), np.unique(names[:, 0], return_inverse=True)[1].reshape(-1)

    def variance(self, influence: np.ndarray, rows: np.ndarray) -> float:
        """Return the variance of a linearised estimate, with replacement: Σ_h n_h/(n_h − 1) Σ_i (z_hi − z̄_h)².

        Parameters
        ----------
        influence : ndarray, shape (rows,)
            What each answer adds to the estimate's error.
        rows : ndarray of int
            Which answers these are.

        Notes
        -----
        A stratum with a single cluster is centred at 0, the mean of all influences, and so adds too much rather than
        nothing (``survey.lonely.psu = "adjust"``). Missing where there is but one cluster in all. With raked weights
        the influence is what the margins leave of it (Deville and Särndal 1992).
        """
        if self.declared:  # clusters without an answer among these add 0, and are counted
            every = np.flatnonzero(self.weights > 0)
            moved = np.zeros(len(self.weights))
            moved[rows] = influence
            rows, influence = every, moved[every] if self.raking is None else self.raking.unexplained(moved)[every]
        unit, stratum = self.units(rows)
        totals = np.bincount(unit, weights=influence, minlength=len(stratum))
        size = np.bincount(stratum)
        if size.sum() < 2:
            return np.nan
        alone = size == 1
        mean = np.where(alone, 0.0, np.bincount(stratum, weights=totals) / size)
        factor = np.where(alone, 1.0, size / np.maximum(size - 1, 1))
        return float(factor[stratum] @ (totals - mean[stratum]) ** 2)

    def lonely(self) -> int:
        """Count the strata that hold a single cluster."""
        _, stratum = self.units(np.flatnonzero(self.weights > 0))
        return int((np.bincount(stratum) == 1).sum()) if self.strata is not None else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MeanByDesign:
    """A weighted mean, or a share as the mean of 0 and 1, and how sure the design makes it.

    Attributes
    ----------
    estimate : float
        Missing where nobody answered.
    std_error : float
        Linearised, with n − 1; missing with fewer than two clusters.
    n : int
        Answers with a value and a weight.
    n_eff : float
        As many independent answers would be as sure: the smaller one of Kish's size and V/se².
    kish : float
        Kish's size alone.
    variance : float
        Of one answer.
    units : int
        Clusters that have an answer here.
    df : float
        Degrees of freedom: clusters less strata. Where the study declares neither, at most n_eff − 1.
    """

    estimate: float
    std_error: float
    n: int
    n_eff: float
    kish: float
    variance: float
    units: int
    df: float

    def size(self, level: float) -> float:
        """Return the size that an interval of this level is made for; see :func:`widening`."""
        return self.n_eff / widening(self.n_eff, self.df, level) ** 2

    def interval(self, level: float) -> tuple[float, float]:
        """Return Student's interval of the mean, with the design's degrees of freedom."""
        if not np.isfinite(self.std_error) or not self.df > 0:
            return np.nan, np.nan
        margin = float(stdtrit(self.df, (1 + level) / 2)) * self.std_error
        return self.estimate - margin, self.estimate + margin


def mean_by_design(values: np.ndarray, design: Design, rows: np.ndarray | None = None) -> MeanByDesign:
    """Return the weighted mean of some answers, with the error that the design gives it.

    Parameters
    ----------
    values : ndarray, shape (n,)
        One per answer of the design; missing where there is none.
    design : Design
    rows : ndarray of int, optional
        Of which answers; all where None.

    Notes
    -----
    Taylor linearisation with replacement, as R's ``svymean``: an answer's influence is z = w(x − x̄)/Σw, summed by
    cluster; see :meth:`Design.variance`. The effective size is min(Kish's, S²/se²), S² being the variance of one
    answer with m − 1 of m clusters: weights and clusters that have nothing to do with the answers give Kish's size over
    the design effect of clusters, weights that go with the answers give less than Kish's, and copies of each answer
    give what the answers without copies would. Where all answers are alike the clusters are what is counted.

    References
    ----------
    Binder, D. A. (1983). On the variances of asymptotically normal estimators from complex surveys. International
    Statistical Review 51, 279-292. https://doi.org/10.2307/1402588
    Lumley, T. (2004). Analysis of complex survey samples. Journal of Statistical Software 9(8).
    https://doi.org/10.18637/jss.v009.i08

    Examples
    --------
    >>> three_times = Design.of(np.ones(12), np.repeat(range(4), 3))
    >>> found = mean_by_design(np.repeat([1.0, 2, 4, 5], 3), three_times)
    >>> round(found.estimate, 4), round(found.std_error, 4), round(found.n_eff, 4), round(found.df, 4)
    (3.0, 0.9129, 4.0, 3.0)
    """
    rows = np.arange(len(values)) if rows is None else rows
    rows = rows[np.isfinite(values[rows]) & (design.weights[rows] > 0)]
    if not len(rows):
        return MeanByDesign(
            estimate=np.nan, std_error=np.nan, n=0, n_eff=0.0, kish=0.0, variance=np.nan, units=0, df=0.0
        )
    own, weights = values[rows], design.weights[rows]
    share = weights / weights.sum()
    mean = float(share @ own)
    unit, stratum = design.units(rows)
    squared = design.variance(share * (own - mean), rows)
    n_eff = kish = effective_size(weights)
    units, variance = len(stratum), float(share @ (own - mean) ** 2)
    alike = not np.ptp(own) > 0
    if alike or units < 2:
        n_eff = min(kish, effective_size(np.bincount(unit, weights=share)))
        squared, variance = (0.0 if alike and units > 1 else squared), 0.0 if alike else variance
    elif squared > 0:
        sure = variance * units / (units - 1) / squared
        n_eff = sure if sure < kish * (1 - SAME) else kish
    df = float(units - len(np.unique(stratum)))
    return MeanByDesign(
        estimate=mean,
        std_error=float(np.sqrt(squared)),
        n=len(rows),
        n_eff=n_eff,
        kish=kish,
        variance=variance,
        units=units,
        df=df if design.declared else min(df, n_eff - 1),
    )


def pooled_sizes(parts: Sequence[MeanByDesign]) -> np.ndarray:
    """Return the effective size of each of several samples of one design, by the design effect of all together.

    Notes
    -----
    The design effect of a single sample is told by few clusters, and its error would go into limits that are drawn
    with it. Here it is Σn·Kish·se²·(m − 1)/m over ΣnV, at least 1, over the samples of at least two clusters; Kish's
    size of each is divided by it.

    Examples
    --------
    >>> alone = mean_by_design(np.array([0.0, 1, 1, 0]), Design.of(np.ones(4)))
    >>> pairs = mean_by_design(np.array([0.0, 0, 1, 1]), Design.of(np.ones(4), np.array([0, 0, 1, 1])))
    >>> pooled_sizes([alone]).tolist(), pooled_sizes([pairs, pairs]).tolist()
    ([4.0], [2.0, 2.0])
    """
    known = [part for part in parts if part.units > 1]
    seen = sum(part.n * part.kish * part.std_error**2 * (part.units - 1) / part.units for part in known)
    expected = sum(part.n * part.variance for part in known)
    effect = seen / expected if expected > 0 else 1.0
    return np.array([part.kish for part in parts]) / (effect if effect > 1 + SAME else 1.0)


def widening(n_eff: float, df: float, level: float) -> float:
    """Return by how much the design's error, which is less sure than that of n_eff independent answers, widens.

    Notes
    -----
    The quotient of Student's quantiles with the design's degrees of freedom and with n_eff − 1, at least 1. It is 1 for
    independent answers, whose intervals know their size already. Dividing n_eff by its square makes the size that Korn
    and Graubard adjusted for degrees of freedom.

    References
    ----------
    Korn, E. L., & Graubard, B. I. (1998). Confidence intervals for proportions with small expected number of positive
    counts estimated from survey data. Survey Methodology 24, 193-201.

    Examples
    --------
    >>> widening(30, 29, 0.95), round(widening(200, 14, 0.95), 3)
    (1.0, 1.088)
    """
    if not n_eff - 1 > df:
        return 1.0
    tail = (1 + level) / 2
    return float(stdtrit(max(df, 1), tail) / stdtrit(n_eff - 1, tail))
