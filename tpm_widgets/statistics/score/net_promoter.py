"""The Net Promoter Score on numbers: classes, shares, and four kinds of interval."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from tpm_widgets.errors import check_level
from tpm_widgets.options import check_option
from tpm_widgets.statistics.estimates.design import SAME, Design, mean_by_design, widening
from tpm_widgets.statistics.score import intervals
from tpm_widgets.statistics.score.drawn import Drawn

Interval = Literal["adjusted_wald", "score", "wald", "bootstrap"]
OfAnyQuestion = Literal[Interval, "wilson"]  # the last one of yes and no
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


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tally:
    """Answers counted: all that a score needs to know of a table of any size, one line per kind of answer.

    Attributes
    ----------
    classes : numpy.ndarray, shape (k,)
        −1, 0, +1; a class may stand in several lines.
    n : numpy.ndarray, shape (k,)
        Answers with a positive weight.
    weight, weight_squared : numpy.ndarray, shape (k,)
        Σw and Σw² of these answers.
    drawn : Drawn, optional
        What the design of the survey does to the error; without, answers are independent of each other.
    """

    classes: np.ndarray
    n: np.ndarray
    weight: np.ndarray
    weight_squared: np.ndarray
    drawn: Drawn | None = None

    @classmethod
    def of(
        cls,
        classes: np.ndarray,
        weights: np.ndarray | None = None,
        n: np.ndarray | None = None,
        *,
        alike: bool = False,
    ) -> Tally:
        """Count answers, or lines of ``n`` answers; ``alike`` keeps different weights apart, to be resampled."""
        weights = np.ones(len(classes)) if weights is None else weights
        used = np.isfinite(classes) & (weights > 0)
        classes, weights = np.asarray(classes, dtype=float)[used], np.asarray(weights, dtype=float)[used]
        n = np.ones(len(classes)) if n is None else n[used]
        weights = weights / weights.max(initial=0.0)  # weights have no unit; squares of tiny ones would underflow
        if alike:
            lines, member = np.unique(np.column_stack([classes, weights]), axis=0, return_inverse=True)
            kinds, member = lines[:, 0], member.reshape(-1)
        else:
            kinds, member = np.array([DETRACTOR, PASSIVE, PROMOTER], dtype=float), (classes + 1).astype(int)
        counts = [np.bincount(member, n * weights**power, minlength=len(kinds)) for power in (0, 1, 2)]
        return cls(classes=kinds, n=counts[0], weight=counts[1], weight_squared=counts[2])

    @classmethod
    def by_design(
        cls, classes: np.ndarray, design: Design, rows: np.ndarray | None = None, *, alike: bool = False
    ) -> Tally:
        """Count some answers of a survey, all where ``rows`` is None, and keep what its design does to the error."""
        rows = np.arange(len(classes)) if rows is None else rows
        tally = cls.of(classes[rows], design.weights[rows], alike=alike)
        mean = mean_by_design(classes, design, rows)
        if mean.units == mean.n and not design.declared:
            return tally  # each answer on its own: the counts tell everything
        used = rows[np.isfinite(classes[rows]) & (design.weights[rows] > 0)]
        return replace(tally, drawn=Drawn.of(mean, classes, design, used))

    def count(self, kind: int) -> int:
        """Return the number of answers of one class, unweighted."""
        return int(self.n[self.classes == kind].sum())

    def score(self) -> Score:
        """Return the score of these answers; its shares are NaN where there are none."""
        n = int(self.n.sum())
        if n == 0:
            return Score(detractors=np.nan, passives=np.nan, promoters=np.nan, std_error=np.nan, n=0, n_eff=0.0)
        total = self.weight.sum()
        shares = [float(self.weight[self.classes == kind].sum() / total) for kind in (DETRACTOR, PASSIVE, PROMOTER)]
        detractors, passives, promoters = shares
        std_error, n_eff = self._error(promoters - detractors, total)
        return Score(
            detractors=detractors,
            passives=passives,
            promoters=promoters,
            std_error=std_error,
            n=n,
            n_eff=n_eff,
        )

    def _error(self, estimate: float, total: float) -> tuple[float, float]:
        """Return the linearised standard error and the effective size, min(Kish's, V/se²)."""
        if self.drawn is not None:
            return self.drawn.std_error, self.drawn.mean.n_eff
        distance = (self.classes - estimate) ** 2
        squared = float(self.weight_squared @ distance) / total**2
        kish = float(total**2 / self.weight_squared.sum())
        sure = float(self.weight @ distance) / total / squared if squared > 0 else np.inf
        return float(np.sqrt(squared)), sure if sure < kish * (1 - SAME) else kish

    def interval(
        self, interval: OfAnyQuestion, level: float, replicates: int = 2000, seed: int = 1
    ) -> tuple[float, float]:
        """Return the confidence interval, see :func:`score_interval`; for the bootstrap lines must be of one weight."""
        score = self.score()
        if score.n == 0:
            return np.nan, np.nan
        wider = 1.0 if self.drawn is None else widening(score.n_eff, self.drawn.mean.df, level)
        if interval == "wald":
            margin = intervals.normal_quantile(level) * wider * score.std_error
            return score.estimate - margin, score.estimate + margin
        if interval in _FROM_SHARES:
            size = score.n_eff / wider**2
            low, high = _FROM_SHARES[interval](score.detractors, score.promoters, size, level)
            return float(low), float(high)
        if self.drawn is not None:
            return self.drawn.bootstrap(level, replicates, seed)
        return _bootstrap(self, level, replicates, seed)


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
    return Tally.of(classes, weights).score()


def score_interval(
    classes: np.ndarray,
    weights: np.ndarray | None = None,
    *,
    interval: OfAnyQuestion = "adjusted_wald",
    level: float = 0.95,
    replicates: int = 2000,
    seed: int = 1,
) -> tuple[float, float]:
    """Return the confidence interval of the Net Promoter Score.

    Parameters
    ----------
    classes, weights : ndarray, shape (n,)
        As in :func:`net_promoter`.
    interval : {"adjusted_wald", "score", "wald", "bootstrap", "wilson"}
        Wilson: of answers 1 and 0 alone, the share of yes. Adjusted Wald: ¾, 1½ and ¾ imagined answers are added and
        the Wald interval is centred on the adjusted score, cut at −1 and 1 (Rocks 2016). Score: Tango's interval.
        Wald: estimate ± z·se, which may leave −1…1. Bootstrap: percentiles of resampled answers.
    level : float
        The confidence level.
    replicates, seed : int
        Of the bootstrap.

    Notes
    -----
    With weights, the counts of the adjusted Wald and of the score interval are the shares times the effective size,
    min(Kish's, V/se²).

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
    check_option("interval", interval, OfAnyQuestion)
    check_level(level)
    return Tally.of(classes, weights, alike=interval == "bootstrap").interval(interval, level, replicates, seed)


def _wilson(detractors: float, promoters: float, n: float, level: float) -> tuple[Any, Any]:
    """Return the score interval of a share: nobody is a detractor where yes or no was answered."""
    from tpm_widgets.statistics.estimates.estimate import wilson  # loads statsmodels, which a score does not need

    return wilson(promoters, n, level)


_FROM_SHARES = {"adjusted_wald": intervals.adjusted_wald, "score": intervals.tango, "wilson": _wilson}


def _bootstrap(tally: Tally, level: float, replicates: int, seed: int) -> tuple[float, float]:
    """Draw the answers of each line together: they are alike, so that only their number matters."""
    lines = tally.n > 0
    n, classes, weights = tally.n[lines], tally.classes[lines], tally.weight[lines] / tally.n[lines]
    draws = np.random.default_rng(seed).multinomial(int(n.sum()), n / n.sum(), size=replicates)
    scores = (draws @ (classes * weights)) / (draws @ weights)
    low, high = np.quantile(scores, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
