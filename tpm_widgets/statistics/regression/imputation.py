"""Ratings that exist and were not given, filled in several times: chained equations on resampled persons, and Rubin's
rules for what several fits say together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.linalg import solve

from tpm_widgets.statistics.regression.linear_and_logit import Fit
from tpm_widgets.statistics.regression.ordered_logit import OrderedFit

RIDGE = 1e-6  # of a column's square; lets columns go together, or not vary at all
FIRST, NEXT = 10, 5  # rounds through the columns until the chain has forgotten where it began


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Gaps:
    """What is to be filled in, and what it is filled in from.

    Attributes
    ----------
    ratings : numpy.ndarray, shape (n, p)
        NaN where there is none.
    wanted : numpy.ndarray of bool, shape (n, p)
        Which of the missing ones exist; the others (never experienced) stay missing.
    others : numpy.ndarray, shape (n, q)
        What else a rating goes with: the outcome.
    weights : numpy.ndarray, shape (n,)
    clusters : numpy.ndarray, shape (n,)
        Who belongs together.
    """

    ratings: np.ndarray
    wanted: np.ndarray
    others: np.ndarray
    weights: np.ndarray
    clusters: np.ndarray


def imputed(gaps: Gaps, times: int, seed: int) -> Iterator[np.ndarray]:
    """Fill in the ratings several times; each time a new array of shape (n, p), NaN for what does not exist.

    Parameters
    ----------
    gaps : Gaps
    times : int
    seed : int

    Notes
    -----
    Column after column is regressed on all others, on whether they exist and on the outcome, and what is missing is
    drawn from that: prediction plus normal error, neither rounded nor cut at the scale's ends, because both would bend
    coefficients. Each time persons are drawn again with all their answers, so that what is filled in is as unsure as
    the regressions are; 10 rounds the first time, 5 each time after. What is filled in stands for the answers if who
    did not answer differs from others only as ratings and outcome tell.

    References
    ----------
    van Buuren & Groothuis-Oudshoorn 2011, doi:10.18637/jss.v045.i03 (chained equations); Honaker & King 2010,
    doi:10.1111/j.1540-5907.2010.00447.x (resampled persons instead of draws from a posterior); Moons et al. 2006,
    doi:10.1016/j.jclinepi.2006.01.009 (the outcome belongs among the predictors).
    """
    rng = np.random.default_rng(seed)
    known = ~np.isnan(gaps.ratings)
    centre = np.nanmean(np.where(known.any(axis=0), gaps.ratings, 0.0), axis=0)
    filled = np.where(known, gaps.ratings - centre, 0.0)
    never = (~known & ~gaps.wanted).astype(float)
    columns = np.column_stack([np.ones(len(filled)), filled, never[:, never.any(axis=0)], _standard(gaps.others)])
    persons, code = np.unique(gaps.clusters, return_inverse=True)
    weights = gaps.weights / gaps.weights.mean()
    for time in range(times):
        drawn = np.bincount(rng.integers(len(persons), size=len(persons)), minlength=len(persons))[code]
        for _ in range(NEXT if time else FIRST):
            _one_round(columns, known, gaps.wanted, weights * drawn, rng)
        yield np.where(known, gaps.ratings, np.where(gaps.wanted, columns[:, 1 : 1 + len(centre)] + centre, np.nan))


def _standard(others: np.ndarray) -> np.ndarray:
    scale = others.std(axis=0)
    return np.asarray((others - others.mean(axis=0)) / np.where(scale > 0, scale, 1.0))


def _one_round(
    columns: np.ndarray, known: np.ndarray, wanted: np.ndarray, weights: np.ndarray, rng: np.random.Generator
) -> None:
    """Draw what is missing of each rating anew, in place."""
    for place in np.flatnonzero(wanted.any(axis=0)):
        own, learn = 1 + place, known[:, place] & (weights > 0)
        seen, share = columns[learn], weights[learn]
        products = (seen * share[:, None]).T @ seen
        rest = np.delete(np.arange(columns.shape[1]), own)
        square = products[np.ix_(rest, rest)]
        square[np.diag_indices_from(square)] += RIDGE * np.maximum(np.diag(square), 1.0)
        slopes = solve(square, products[rest, own], assume_a="pos")
        left = products[own, own] - 2 * slopes @ products[rest, own] + slopes @ products[np.ix_(rest, rest)] @ slopes
        spread = np.sqrt(max(left, 0.0) / share.sum() * len(seen) / max(len(seen) - len(rest), 1))
        gap = wanted[:, place]
        columns[gap, own] = columns[gap][:, rest] @ slopes + spread * rng.standard_normal(int(gap.sum()))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rubin:
    """Degrees of freedom of what several fits say together.

    Attributes
    ----------
    within, between : numpy.ndarray, shape (k, k)
        The mean covariance of the fits, and the covariance of their coefficients (and thresholds, after them).
    fits : int
    one : Fit
        One of them.
    """

    within: np.ndarray
    between: np.ndarray
    fits: int
    one: Fit

    def degrees(self, contrasts: np.ndarray) -> np.ndarray:
        """Return Barnard and Rubin's degrees of freedom of contrasts, (k, m) → (m,); NaN for zeros."""
        complete = self.one.degrees(contrasts)
        size = len(contrasts)
        parts = (part[:size, :size] for part in (self.within, self.between * (1 + 1 / self.fits)))
        within, between = (np.einsum("ij,ik,kj->j", contrasts, part, contrasts) for part in parts)
        total = within + between
        share = np.divide(between, total, out=np.full(len(total), np.nan), where=total > 0)
        with np.errstate(divide="ignore"):
            infinite = (self.fits - 1) / share**2
            seen = 1 / ((1 + 2 / (complete + 1)) / complete / (1 - share))
            return np.asarray(1 / (1 / infinite + 1 / seen))


def pooled(fits: Sequence[Fit]) -> Fit:
    """Pool fits of one model to several fillings by Rubin's rules.

    Notes
    -----
    Coefficients are means; their covariance is W + (1 + 1/m)·B, W the mean covariance and B the covariance of the m
    coefficients; each contrast has the degrees of freedom of Barnard and Rubin. Thresholds are pooled in the same way.

    References
    ----------
    Rubin 1987, doi:10.1002/9780470316696; Barnard & Rubin 1999, doi:10.1093/biomet/86.4.948.
    """
    first = fits[0]
    params = np.mean([fit.params for fit in fits], axis=0)
    within = np.mean([fit.cov for fit in fits], axis=0)
    between = _between([fit.params for fit in fits])
    influence = np.mean([fit.influence for fit in fits], axis=0)
    rules = Rubin(within=within, between=between, fits=len(fits), one=first)
    more = 1 + 1 / len(fits)
    together = replace(first, params=params, cov=within + more * between, influence=influence, freedom=rules)
    if not isinstance(together, OrderedFit):
        return together
    ordered = [fit for fit in fits if isinstance(fit, OrderedFit)]
    thresholds = np.mean([fit.thresholds for fit in ordered], axis=0)
    between = _between([np.append(fit.params, fit.thresholds) for fit in ordered])
    within = np.mean([fit.joint for fit in ordered], axis=0)
    rules = replace(rules, within=within, between=between)
    return replace(together, thresholds=thresholds, joint=within + more * between, freedom=rules)


def _between(params: Sequence[np.ndarray]) -> np.ndarray:
    apart = np.array(params) - np.mean(params, axis=0)
    return np.asarray(apart.T @ apart / max(len(apart) - 1, 1))
