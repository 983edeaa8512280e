"""From a fit and its design to tables: one row per coefficient, one row per touchpoint."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tpm_widgets.errors import DataError
from tpm_widgets.language import say
from tpm_widgets.statistics.design import Design
from tpm_widgets.statistics.regression import Fit, wald_table

ESTIMATES = ["estimate", "std_error", "conf_low", "conf_high", "p_value"]


def refuse_too_few(values: np.ndarray, design: Design) -> None:
    """Refuse a design without touchpoints, fewer answers than coefficients, and an outcome that never differs."""
    # with very few answers any column is "made of others"; those count too
    coefficients = len(design.columns) + sum(gap.reason == "made of others" for gap in design.left_out)
    if len(design.columns) > 1 and len(values) > coefficients and np.ptp(values) > 0:
        return
    if len(design.columns) == 1:
        expected = say("at least one touchpoint whose ratings differ")
        remedy = say("Check the columns named as touchpoints, and their scales and codes.")
    elif len(values) <= coefficients:
        expected = say("more answers than coefficients; here {n} and {k}", n=len(values), k=coefficients)
        remedy = say("Take more answers or fewer touchpoints.")
    else:
        expected = say("answers that differ in the outcome; here all {n} are the same", n=len(values))
        remedy = say("Where nothing differs nothing can be explained.")
    raise DataError([{"table": "survey", "expected": str(expected), "remedy": str(remedy)}])


def coefficient_table(fit: Fit, design: Design, level: float) -> pd.DataFrame:
    """Make the table of all coefficients: term, touchpoint, part, and the estimates."""
    names = pd.DataFrame(
        {
            "term": design.names,
            "touchpoint": [column.touchpoint for column in design.columns],
            "part": [column.part for column in design.columns],
        }
    )
    return pd.concat([names, wald_table(fit.params, np.sqrt(np.diag(fit.cov)), fit.df, level)], axis=1)


def effect_table(fit: Fit, design: Design, level: float) -> pd.DataFrame:
    """Make the table of average changes per rating point among those who rated: touchpoint and the estimates."""
    estimates, errors = [], []
    for name in design.touchpoints:
        rated = design.rated(name)
        column = design.names.index(name)
        estimate, gradient = fit.average_effect(column, design.matrix[rated], fit.weights[rated])
        estimates.append(estimate)
        errors.append(fit.std_error(gradient))
    table = wald_table(np.array(estimates), np.array(errors), fit.df, level)
    table.insert(0, "touchpoint", design.touchpoints)
    return table
