"""The maximum of a likelihood by Newton's method, each step cut until it climbs."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from tpm_widgets.statistics.likelihoods import Likelihood

MOST_STEPS = 60
NEAR = 1e-9  # gain per answer of a step below which full steps converge, and rounding hides whether they climb
CLOSE = 1e-20  # gain per answer of a last step: parameters are then known to about 1e-9 of their error
SHORTEST = 1e-6  # part of a step


class Maximum(NamedTuple):
    """Where a likelihood is largest.

    Attributes
    ----------
    parameters : numpy.ndarray, shape (m,)
    curvature : numpy.ndarray, shape (m, m)
        The negative Hessian there.
    converged : bool
    """

    parameters: np.ndarray
    curvature: np.ndarray
    converged: bool


def maximise(law: Likelihood, columns: np.ndarray, parameters: np.ndarray) -> Maximum:
    """Climb from ``parameters`` to the maximum.

    Parameters
    ----------
    law : Likelihood
        Its curvature positive definite.
    columns : numpy.ndarray, shape (k, n)
    parameters : numpy.ndarray, shape (m,)
        The law's own parameters, then one per column.
    """
    n = columns.shape[1]
    now = law.slopes(parameters, columns)
    for _ in range(MOST_STEPS):
        step, *_ = np.linalg.lstsq(now.curvature, now.gradient, rcond=None)
        gain = float(now.gradient @ step) / 2
        shorter = 1.0
        then = law.slopes(parameters + step, columns)
        while gain > NEAR * n and not then.value >= now.value and shorter > SHORTEST:
            shorter /= 2
            then = law.slopes(parameters + shorter * step, columns)
        if not np.isfinite(then.value):
            break
        parameters, now = parameters + shorter * step, then
        if gain < CLOSE * n:
            return Maximum(parameters, now.curvature, converged=True)
    return Maximum(parameters, now.curvature, converged=False)
