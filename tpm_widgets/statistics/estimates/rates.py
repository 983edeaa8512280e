"""Events per time: rates and their intervals; how many people, and for how long, until two rates can be told apart."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from tpm_widgets.statistics.estimates.estimate import Estimate
from tpm_widgets.statistics.estimates.weighted import cluster_ratio, effective_size


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate(Estimate):
    """Events per unit of exposure; NaN where there was no exposure."""

    std_error: float

    def per(self, exposure: float) -> list[float]:
        """Return the rate and both ends of its interval per so many units."""
        return [exposure * limit for limit in self.limits]


def event_rate(
    events: np.ndarray,
    exposure: np.ndarray,
    *,
    level: float,
    weights: np.ndarray | None = None,
    clusters: np.ndarray | None = None,
) -> Rate:
    """Return the rate Σw·events / Σw·exposure with a clustered standard error and a gamma interval.

    Parameters
    ----------
    events, exposure : ndarray, shape (n,)
        Counts and times; the rate is per unit of the time.
    level : float
        The confidence level.
    weights : ndarray, shape (n,), optional
        Survey weights, on any scale.
    clusters : ndarray of int, shape (n,), optional
        Codes 0, 1, … of what belongs together.

    Notes
    -----
    The standard error is the ratio estimator's, which is the clustered sandwich of a Poisson regression. It gives the
    number of independent events that would be as uncertain, rate²/se², never more than there are (Kish); with it the
    exact Poisson interval is made, which exists for 0 events too and does not fall short where they are few.

    References
    ----------
    Fay, M. P. & Feuer, E. J. (1997). Confidence intervals for directly standardized rates: a method based on the gamma
    distribution. Statistics in Medicine 16, 791-801.
    https://doi.org/10.1002/(SICI)1097-0258(19970415)16:7<791::AID-SIM500>3.0.CO;2-#

    Examples
    --------
    >>> rate = event_rate(np.ones(8), np.full(8, 12.5), level=0.95)
    >>> rate.estimate, round(rate.conf_low, 4), round(rate.conf_high, 4)
    (0.08, 0.0345, 0.1576)
    """
    weights = np.ones(len(events)) if weights is None else weights
    clusters = np.arange(len(events)) if clusters is None else clusters
    estimate, std_error = cluster_ratio(events, exposure, weights, clusters)
    if not np.isfinite(estimate):
        return Rate(estimate=np.nan, std_error=np.nan, conf_low=np.nan, conf_high=np.nan)
    tail = (1 - level) / 2
    if estimate == 0:
        effective_time = float(exposure.sum()) * effective_size(weights) / len(weights)
        high = float(stats.gamma.ppf(1 - tail, 1)) / effective_time
        return Rate(estimate=0.0, std_error=0.0, conf_low=0.0, conf_high=high)
    count = float((weights @ events) ** 2 / (weights**2 @ events))
    if std_error > 0:
        count = min(count, (estimate / std_error) ** 2)
    low, high = stats.gamma.ppf([tail, 1 - tail], [count, count + 1]) * estimate / count
    return Rate(estimate=estimate, std_error=std_error, conf_low=float(low), conf_high=float(high))


def overdispersion(events: np.ndarray, exposure: np.ndarray) -> float:
    """Return by how much people differ in their rates: the variance of their true rates over the squared mean, ≥ 0.

    Parameters
    ----------
    events, exposure : ndarray, shape (n,)
        Counts and times of persons, times above 0.

    Returns
    -------
    float
        The negative binomial's dispersion α, where Var(count) = μ + αμ²; 0 where counts are no more spread than
        Poisson's, NaN where nothing happened.

    Notes
    -----
    Moments: α = (Σ(y − λt)² − Σy)/Σ(λt)², with λ = Σy/Σt. All that makes counts of one person hang together is in it,
    whatever its cause.

    References
    ----------
    Breslow, N. E. (1984). Extra-Poisson variation in log-linear models. Applied Statistics 33, 38-44.
    https://doi.org/10.2307/2347661
    """
    total = float(events.sum())
    if not total > 0:
        return np.nan
    expected = exposure * total / float(exposure.sum())
    return max((float(((events - expected) ** 2).sum()) - total) / float((expected**2).sum()), 0.0)


def people_needed(rate: float, ratio: float, time: float, dispersion: float, power: float, level: float) -> float:
    """Return how many people in each of two equal groups show a ratio of rates.

    Parameters
    ----------
    rate : float
        Events per person and unit of time in the first group; the second has ``rate * ratio``.
    ratio : float
        Above 0, not 1.
    time : float
        How long each person is observed.
    dispersion : float
        As :func:`overdispersion` returns it.
    power, level : float
        The probability of showing the ratio; 1 − α of the two-sided test.

    Returns
    -------
    float
        Not rounded up.

    Notes
    -----
    n = (z_{1−α/2} + z_power)² · ((1 + 1/ratio)/(rate·time) + 2α)/ln²(ratio), from the variance of the log ratio
    (Zhu & Lakkis 2014, method 3). With α = 0 the events of both groups together are the (z + z)²/(p₁p₂ ln²(ratio)) of
    Schoenfeld, where p₁ and p₂ are the groups' shares of the events.

    References
    ----------
    Zhu, H. & Lakkis, H. (2014). Sample size calculation for comparing two negative binomial rates. Statistics in
    Medicine 33, 376-387. https://doi.org/10.1002/sim.5947
    Schoenfeld, D. A. (1983). Sample-size formula for the proportional-hazards regression model. Biometrics 39,
    499-503. https://doi.org/10.2307/2531021

    Examples
    --------
    >>> round(people_needed(rate=0.2, ratio=1.5, time=1.0, dispersion=0.0, power=0.8, level=0.95))
    398
    """
    return float(_quantiles(power, level) * ((1 + 1 / ratio) / (rate * time) + 2 * dispersion) / np.log(ratio) ** 2)


def time_needed(rate: float, ratio: float, people: float, dispersion: float, power: float, level: float) -> float:
    """Return how long each person has to be observed; infinite where persons differ so much that no time is enough.

    Parameters are those of :func:`people_needed`, of which this is the inverse; ``people`` in each group.
    """
    left = people * np.log(ratio) ** 2 / _quantiles(power, level) - 2 * dispersion
    return float((1 + 1 / ratio) / (rate * left)) if left > 0 else np.inf


def _quantiles(power: float, level: float) -> float:
    return float((stats.norm.ppf((1 + level) / 2) + stats.norm.ppf(power)) ** 2)
