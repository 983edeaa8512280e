"""Answers of few customers who answered again and again: do intervals of driver coefficients cover the truth?"""

from __future__ import annotations

import numpy as np

from tpm_widgets.statistics.regression.linear_and_logit import fit_linear, fit_logit, wald_table

SLOPES = np.array([0.5, 0.0, 0.3, 0.0, -0.2])
ANSWERS = (5, 35)  # of each customer
SPREAD = 0.7  # of what customers have in common, in log odds
SHRUNK = 0.906  # a logit's slopes over many customers of that spread; of two million simulated answers


def covered(seed: int, model: str, customers: int) -> np.ndarray:
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
