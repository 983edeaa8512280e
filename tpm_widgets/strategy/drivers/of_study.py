"""The drivers of a study's outcome: one regression on the ratings, with the answers that it was made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tpm_widgets.statistics.regression.counts import CountFit
from tpm_widgets.statistics.regression.covariance import r_squared, weighted_covariance
from tpm_widgets.statistics.regression.design import Design, Missing, make_design
from tpm_widgets.statistics.regression.linear_and_logit import Fit
from tpm_widgets.statistics.regression.pairwise import fit_pairwise
from tpm_widgets.strategy.drivers.caveats import driver_caveats
from tpm_widgets.strategy.drivers.filled import Filled, fill, fit_filled, unanswered_caveats
from tpm_widgets.strategy.drivers.models import Model, choose_model, fit_model, where_infinite
from tpm_widgets.strategy.drivers.outcomes import Answers, Outcome
from tpm_widgets.strategy.drivers.result import Drivers
from tpm_widgets.strategy.drivers.shares import experienced, sampled_caveat, shares_of, with_importance, with_parts
from tpm_widgets.strategy.drivers.tables import (
    ESTIMATES,
    coefficient_table,
    effect_table,
    refuse_one_customer,
    refuse_too_few,
    threshold_table,
)
from tpm_widgets.study.model import Study, need_touchpoints


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class DriverRegression(Drivers):
    """What goes with an outcome of a study; made by ``driver_regression``, which tells the columns.

    Attributes
    ----------
    table, effects, terms, intercept, r_squared, model, outcome, missing, n, events, covariance, labels
        As in ``Drivers``; the covariance is weighted by ``fit.mass``.
    thresholds : pandas.DataFrame
        Of an ordered logit, one row per threshold between neighbouring scores (term, estimate, std_error, conf_low,
        conf_high).
    fit : Fit
        Coefficients, covariance, and each answer's influence on them.
    design : Design
        Columns, centres, matrix, and ``rows``: the positions in the study's survey of the answers used.
    observed : numpy.ndarray, shape (n,)
        The outcome of the answers used; of counts, the rate per customer-year.
    """

    thresholds: pd.DataFrame
    fit: Fit
    design: Design
    observed: np.ndarray

    @property
    def dispersion(self) -> float:
        """α of the counts' variance μ + αμ²: 0 for Poisson, missing where nothing is counted."""
        return self.fit.dispersion if isinstance(self.fit, CountFit) else np.nan


def regress(
    study: Study,
    answers: Answers,
    outcome: Outcome,
    missing: Missing,
    level: float,
    settings: Mapping[str, object],
    outcomes: np.ndarray | None = None,
    model: Model | None = None,
) -> DriverRegression:
    """Regress the outcome of these answers on the ratings; other 0/1 ``outcomes`` that are to share the design."""
    model = choose_model(outcome, model)
    need_touchpoints(study, "driver_regression")
    filled = fill(study, answers) if missing == "imputed" else None
    design = design_of(study, answers, missing, model, outcomes, filled)
    used = answers.only(design.rows)
    refuse_too_few(len(used.observed), np.ptp(used.observed) if len(used.observed) else 0.0, design)
    refuse_one_customer(used.clusters)
    values = used.observed / used.exposure
    if missing == "pairwise":
        centred = design.ratings[list(design.touchpoints)].to_numpy() - np.array(list(design.centers.values()))
        fit, covariance = fit_pairwise(values, centred, design.names, used.weights, used.clusters)
    elif filled is not None:
        design, fit, covariance = fit_filled(filled, design, used, model)
    else:
        fit = fit_model(model, used.observed, design.matrix, design.names, used.weights, used.clusters, used.exposure)
        covariance = weighted_covariance(np.column_stack([design.matrix[:, 1:], values]), fit.mass)
    shares = shares_of(design, covariance)
    counts = pd.DataFrame({"touchpoint": study.touchpoint_names, "n": design.ratings.notna().sum().to_numpy()})
    terms = coefficient_table(fit, design, level, missing)
    coefficients = terms[terms["part"] == "rating"]
    table = counts.merge(coefficients[["touchpoint", *ESTIMATES]], on="touchpoint", how="left")
    linear = fit.kind == "linear"
    effects = table if linear else counts.merge(effect_table(fit, design, level), on="touchpoint", how="left")
    events = None if outcome == "recommend" else int(used.observed.sum())
    return DriverRegression(
        table=with_parts(
            with_importance(table, shares).assign(experienced=experienced(table, fit.n, study.reach_unknown)), shares
        ),
        effects=effects.copy(),
        terms=terms,
        thresholds=threshold_table(fit, level),
        intercept=np.nan if fit.kind == "ordered_logit" else float(fit.params[0]),
        r_squared=r_squared(covariance),
        model=model,
        outcome=outcome,
        missing=missing,
        n=fit.n,
        events=events,
        fit=fit,
        design=replace(design, rows=used.rows),
        observed=values,
        covariance=covariance,
        labels=study.labels,
        settings=settings,
        caveats=driver_caveats(study.labels, len(study.survey), design, covariance, fit, events, missing)
        + unanswered_caveats(study, used, missing, filled)
        + sampled_caveat(shares)
        + answers.caveats,
        data_hash=study.data_hash,
    )


def design_of(
    study: Study,
    answers: Answers,
    missing: Missing,
    model: Model,
    outcomes: np.ndarray | None = None,
    filled: Filled | None = None,
) -> Design:
    """Make the columns of a regression on the ratings of these answers; its rows are places among them."""
    ratings = study.ratings.iloc[answers.rows].reset_index(drop=True) if filled is None else filled.ratings[0]
    outcomes = where_infinite(model, answers.observed) if outcomes is None else outcomes
    return make_design(ratings, answers.weights, "indicator" if filled else missing, outcomes)
