"""What the design of a survey, its clusters and strata, makes of the error of a score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from tpm_widgets.statistics.estimates.design import Design, MeanByDesign


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Drawn:
    """What the design of a survey makes of a score.

    Attributes
    ----------
    mean : MeanByDesign
        The score as the mean of −1, 0, +1.
    std_error : float
        With n, as the score's is of independent answers; with n − 1 where the study declares its design.
    totals : numpy.ndarray, shape (clusters, 2)
        Σwx and Σw of each cluster, to be resampled.
    strata : numpy.ndarray of int, shape (clusters,)
    """

    mean: MeanByDesign
    std_error: float
    totals: np.ndarray
    strata: np.ndarray

    @classmethod
    def of(cls, mean: MeanByDesign, classes: np.ndarray, design: Design, rows: np.ndarray) -> Drawn:
        """Sum the answers of each cluster."""
        unit, stratum = design.units(rows)
        weights = design.weights[rows] / design.weights[rows].max(initial=0.0)
        totals = [np.bincount(unit, weights=sums) for sums in (weights * classes[rows], weights)]
        factor = 1.0 if design.declared or mean.units < 2 else float(np.sqrt((mean.units - 1) / mean.units))
        return cls(mean=mean, std_error=mean.std_error * factor, totals=np.column_stack(totals), strata=stratum)

    def bootstrap(self, level: float, replicates: int, seed: int) -> tuple[float, float]:
        """Draw whole clusters within their strata; those with the same sums are alike."""
        rng, sums = np.random.default_rng(seed), np.zeros((replicates, 2))
        for stratum in np.unique(self.strata):
            kinds, count = np.unique(self.totals[self.strata == stratum], axis=0, return_counts=True)
            sums += rng.multinomial(int(count.sum()), count / count.sum(), size=replicates) @ kinds
        low, high = np.quantile(sums[:, 0] / sums[:, 1], [(1 - level) / 2, (1 + level) / 2])
        return float(low), float(high)
