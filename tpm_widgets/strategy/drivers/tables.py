"""From a fit and its design to tables: one row per coefficient, one row per touchpoint."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from tpm_widgets.errors import DataError
from tpm_widgets.language import say
from tpm_widgets.statistics.regression.counts import CountFit
from tpm_widgets.statistics.regression.design import Design, Missing
from tpm_widgets.statistics.regression.linear_and_logit import Fit, wald_table
from tpm_widgets.statistics.regression.ordered_logit import OrderedFit
from tpm_widgets.strategy.drivers.words import PER

ESTIMATES = ["estimate", "std_error", "conf_low", "conf_high", "p_value"]


def refuse_too_few(n: int, spread: float, design: Design) -> None:
    """Refuse no answers, a design without touchpoints, fewer answers than coefficients, an outcome without spread."""
    # with very few answers any column is "made of others"; those count too
    coefficients = len(design.columns) + sum(gap.reason == "made of others" for gap in design.left_out)
    if len(design.columns) > 1 and n > coefficients and spread > 0:
        return
    if not n:
        expected = say("answers that tell the outcome; here there are none")
        remedy = say("See with tpm check or check_study why none of them could be read.")
    elif len(design.columns) == 1:
        expected = say("at least one touchpoint whose ratings differ")
        remedy = say("Check the columns named as touchpoints, and their scales and codes.")
    elif n <= coefficients:
        expected = say("more answers than coefficients; here {n} and {k}", n=n, k=coefficients)
        remedy = say("Take more answers or fewer touchpoints.")
    else:
        expected = say("answers that differ in the outcome; here all {n} are the same", n=n)
        remedy = say("Where nothing differs nothing can be explained.")
    raise DataError([{"table": "survey", "expected": str(expected), "remedy": str(remedy)}])


def refuse_one_customer(clusters: np.ndarray) -> None:
    """Refuse answers that are all of one customer: how much customers differ is then not known."""
    if (clusters == clusters[0]).all():
        expected = say("answers of at least two customers; here all {n} are of one", n=len(clusters))
        remedy = say("Take more customers, or leave the customer out where the answers are of different people.")
        raise DataError([{"table": "survey", "column": "customer", "expected": str(expected), "remedy": str(remedy)}])


def coefficient_table(fit: Fit, design: Design, level: float, policy: Missing) -> pd.DataFrame:
    """Make the table of all coefficients: term, touchpoint, part, the estimates, n and the policy."""
    names = pd.DataFrame(
        {
            "term": design.names,
            "touchpoint": [column.touchpoint for column in design.columns],
            "part": [column.part for column in design.columns],
        }
    )
    estimates = wald_table(fit.params, np.sqrt(np.diag(fit.cov)), fit.degrees(), level)
    used = [_answers(position, design, fit.n) for position in range(len(design.columns))]
    table = pd.concat([names, estimates.assign(n=used, policy=policy)], axis=1)
    return table.iloc[1:].reset_index(drop=True) if isinstance(fit, OrderedFit) else table


def _answers(position: int, design: Design, n: int) -> int:
    """Count the answers that a coefficient is about: who rated, who did not, or all for the constant."""
    column = design.columns[position]
    if column.part == "constant":
        return n
    if column.part == "not_rated":
        return int(design.matrix[:, position].sum())
    return int(design.rated(column.touchpoint).sum())


def threshold_table(fit: Fit, level: float) -> pd.DataFrame:
    """Make the table of an ordered logit's thresholds, of no rows for other models: term and the estimates."""
    if not isinstance(fit, OrderedFit):
        return pd.DataFrame(columns=["term", *ESTIMATES[:-1]])
    errors = np.sqrt(np.diag(fit.joint)[len(fit.params) :])
    table = wald_table(fit.thresholds, errors, fit.df, level).drop(columns="p_value")  # 0 is no question here
    table.insert(0, "term", [f"{low:g}|{high:g}" for low, high in pairwise(fit.levels)])
    return table


def effect_table(fit: Fit, design: Design, level: float) -> pd.DataFrame:
    """Make the table of average changes per rating point among those who rated: touchpoint and the estimates."""
    unit = PER if isinstance(fit, CountFit) else 1
    estimates, gradients = average_effects(fit, design)
    errors = [fit.std_error(gradient) for gradient in gradients.T]
    table = wald_table(unit * estimates, unit * np.array(errors), fit.degrees(gradients), level)
    table.insert(0, "touchpoint", design.touchpoints)
    return table


def effect_degrees(fit: Fit, design: Design) -> np.ndarray:
    """Return the degrees of freedom of each average change, shape (touchpoints of the design,)."""
    return fit.degrees(average_effects(fit, design)[1])


def effect_covariance(fit: Fit, design: Design) -> np.ndarray:
    """Return the covariance of the average changes, missing where an error is not known, shape (touchpoints,) twice."""
    _, gradients = average_effects(fit, design)
    covariance = fit.joint if isinstance(fit, OrderedFit) else fit.cov
    unit = PER if isinstance(fit, CountFit) else 1
    found = unit**2 * gradients.T @ np.nan_to_num(covariance) @ gradients
    unknown = np.isnan(np.diag(covariance))[[design.names.index(name) for name in design.touchpoints]]
    found[unknown] = found[:, unknown] = np.nan
    return np.asarray(found)


def average_effects(fit: Fit, design: Design) -> tuple[np.ndarray, np.ndarray]:
    """Return the average change of each touchpoint, and the gradients of all in their columns."""
    unknown = np.flatnonzero(np.isnan(np.diag(fit.cov)))
    estimates, gradients = [], []
    for name in design.touchpoints:
        rated = design.rated(name)
        column = design.names.index(name)
        estimate, gradient = fit.average_effect(column, design.matrix[rated], fit.mass[rated])
        gradient[unknown[unknown != column]] = 0  # what a single customer decides elsewhere hardly moves a mean slope
        estimates.append(estimate)
        gradients.append(gradient)
    return np.array(estimates), np.column_stack(gradients)
