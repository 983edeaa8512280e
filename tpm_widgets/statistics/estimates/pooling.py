"""Many groups at once: how much of their differences is chance, and what each is likely to be in truth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FEWEST = 3  # groups; of two, the spread of true values cannot be told


@dataclass(frozen=True, slots=True, eq=False)
class Pooled:
    """Estimates of groups, each drawn towards the mean of all as far as it is unsure.

    Attributes
    ----------
    estimates : ndarray, shape (k,)
    mean : float
        Of the groups' true values.
    spread : float
        Their standard deviation; 0 where the groups differ by no more than chance makes.
    """

    estimates: np.ndarray
    mean: float
    spread: float


def partly_pooled(estimates: np.ndarray, std_errors: np.ndarray) -> Pooled | None:
    """Return the empirical Bayes estimates of groups; None of fewer than three, or where an error is not known.

    Parameters
    ----------
    estimates, std_errors : ndarray, shape (k,)
        Of each group by itself.

    Notes
    -----
    μ + τ²/(τ² + s²)·(x − μ): a group keeps of its distance from the mean μ the share that is not chance. τ² is the
    variance of the true values by moments (DerSimonian and Laird 1986), μ the mean weighted with 1/(τ² + s²). The
    highest and the lowest of many groups are so in part by chance, and most of all the small ones; of these values they
    are not.

    References
    ----------
    Efron, B., & Morris, C. (1975). Data analysis using Stein's estimator and its generalizations. Journal of the
    American Statistical Association 70, 311-319. https://doi.org/10.1080/01621459.1975.10479864
    DerSimonian, R., & Laird, N. (1986). Meta-analysis in clinical trials. Controlled Clinical Trials 7, 177-188.
    https://doi.org/10.1016/0197-2456(86)90046-2

    Examples
    --------
    >>> found = partly_pooled(np.array([0.1, 0.3, 0.8]), np.array([0.05, 0.05, 0.3]))
    >>> found.estimates.round(3).tolist(), round(found.mean, 3)
    ([0.115, 0.296, 0.375], 0.262)
    """
    known = np.isfinite(estimates) & (std_errors > 0)
    if len(estimates) < FEWEST or not known.all():
        return None
    precision = std_errors**-2.0
    middle = precision @ estimates / precision.sum()
    beyond = precision @ (estimates - middle) ** 2 - (len(estimates) - 1)
    spread = max(beyond / (precision.sum() - precision @ precision / precision.sum()), 0.0)
    weight = 1 / (spread + std_errors**2)
    mean = float(weight @ estimates / weight.sum())
    return Pooled(mean + spread * weight * (estimates - mean), mean, float(np.sqrt(spread)))
