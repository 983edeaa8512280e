"""Which touchpoints go with saying (recommend, promoter, detractor) and with doing (referred, won)?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from tpm_widgets.errors import check_level, check_option
from tpm_widgets.language import Between, Names, Number, Percent, Points, Sentence, say
from tpm_widgets.results import Result
from tpm_widgets.statistics.covariance import r_squared, weighted_covariance
from tpm_widgets.statistics.design import Design, Missing, make_design
from tpm_widgets.statistics.pairwise import fit_pairwise
from tpm_widgets.statistics.regression import Fit, fit_linear, fit_logit
from tpm_widgets.statistics.shapley import lmg
from tpm_widgets.strategy.driver_caveats import driver_caveats
from tpm_widgets.strategy.driver_tables import ESTIMATES, coefficient_table, effect_table, refuse_too_few
from tpm_widgets.strategy.outcomes import WORDS, Answers, Outcome, known_answers
from tpm_widgets.study.model import Study, need_study


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class DriverRegression(Result):
    """What goes with an outcome, one row per touchpoint; made by ``driver_regression``, which tells the columns.

    Attributes
    ----------
    table, effects, terms : pandas.DataFrame
        One row per touchpoint; the same with average changes of the outcome; one row per coefficient.
    intercept : float
        The constant.
    r_squared : float
        Share of variance explained (0/1 outcomes: by the linear probability model); importance adds up to it.
    model : {"ols", "logit"}
        The regression.
    outcome : {"recommend", "promoter", "detractor", "referred", "won"}
        What was explained.
    missing : {"indicator", "complete", "pairwise"}
        What was done about touchpoints that were not rated.
    n : int
        Answers used.
    events : int or None
        Answers with the outcome, unweighted; None for ``recommend``.
    fit : Fit
        Coefficients, covariance, and each answer's influence on them.
    design : Design
        Columns, centres, matrix, and ``rows``: the positions in the study's survey of the answers used.
    observed : numpy.ndarray, shape (n,)
        The outcome of the answers used.
    covariance : numpy.ndarray, shape (k, k)
        Weighted covariance of the columns (without the constant) and, last, the outcome.
    labels : mapping
        The words for each touchpoint.
    """

    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(["estimate", "std_error"], "number:3"),
        "importance": "percent",
    }

    effects: pd.DataFrame
    terms: pd.DataFrame
    intercept: float
    r_squared: float
    model: Literal["ols", "logit"]
    outcome: Outcome
    missing: Missing
    n: int
    events: int | None
    fit: Fit
    design: Design
    observed: np.ndarray
    covariance: np.ndarray
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        if not np.isclose(self.table["importance"].sum(), self.r_squared, rtol=0, atol=1e-9):
            raise ValueError(f"importance adds up to {self.table['importance'].sum()}, not to R² {self.r_squared}.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Say what is explained, which touchpoints carry it, and what a point more at the first goes with."""
        ranked = self.table.sort_values("importance", ascending=False, kind="stable").head(3)
        leaders = Names(tuple(self.labels[name] for name in ranked["touchpoint"]))
        explained = say(
            "The ratings explain {r_squared} of the variance of {outcome} ({n} answers; {method}); most of it goes "
            "with {touchpoints}, which carry {share} of what is explained.",
            r_squared=Percent(self.r_squared),
            outcome=WORDS[self.outcome],
            n=self.n,
            method=self._method(),
            touchpoints=leaders,
            share=Percent(ranked["importance"].sum() / self.r_squared if self.r_squared > 0 else np.nan),
        )
        first = self.effects.set_index("touchpoint").loc[ranked["touchpoint"].iloc[0]]
        low, high = first["conf_low"], first["conf_high"]
        if self.outcome == "recommend":
            template = say(
                "One rating point more at {touchpoint} goes with {change} points of the score ({level} interval "
                "{interval}).",
                touchpoint=leaders.names[0],
                change=Number(first["estimate"], signed=True),
                level=Percent(self.settings["level"], 0),
                interval=Between(Number(low, signed=True), Number(high, signed=True)),
            )
        else:
            template = say(
                "One rating point more at {touchpoint} goes with {change} percentage points in the probability of "
                "{outcome} ({level} interval {interval}).",
                touchpoint=leaders.names[0],
                change=Points(first["estimate"]),
                outcome=WORDS[self.outcome],
                level=Percent(self.settings["level"], 0),
                interval=Between(Points(low), Points(high)),
            )
        return explained, template

    def _method(self) -> Sentence:
        if self.model == "ols":
            return say("linear regression with robust errors, LMG importance")
        return say("logistic regression, LMG importance of the linear probability model")


def driver_regression(
    study: Study,
    outcome: Outcome = "recommend",
    missing: Missing = "indicator",
    level: float = 0.95,
    window: int | None = None,
) -> DriverRegression:
    """Ask which touchpoints go with saying that one would recommend, or with really having recommended.

    Parameters
    ----------
    study : Study
        With a rating per touchpoint; for ``referred`` and ``won`` with customers, dates and recommendations.
    outcome : {"recommend", "promoter", "detractor", "referred", "won"}
        Said: the score 0–10, being a promoter (9–10) or a detractor (0–6). Done within the window after the answer:
        at least one recommendation made, at least one customer won.
    missing : {"indicator", "complete", "pairwise"}
        What becomes of touchpoints that a respondent did not rate. *indicator*: the rating is centred among those who
        rated, others get 0 and an indicator. *complete*: only answers that rated all (refused below 10 per
        coefficient). *pairwise*: each covariance from the answers that have both (only for ``recommend``).
    level : float, default 0.95
        Confidence level of the intervals, 0…1.
    window : int, optional
        Days after the answer in which deeds count; the study's own (365) where None.

    Returns
    -------
    DriverRegression
        ``table``, one row per touchpoint: ``touchpoint``; ``n`` answers that rated it; ``estimate``, the coefficient
        of one rating point (points of the score; for 0/1 outcomes log odds), with ``std_error``, ``conf_low``,
        ``conf_high``, ``p_value``; ``importance``, the LMG share of variance, rating and indicator together. Missing
        where a touchpoint could not be estimated, with a caveat. ``effects``: touchpoint, n, and the average change
        of the outcome (of its probability) per rating point among those who rated it, with the same columns.
        ``terms``: one row per coefficient (term, touchpoint, part).

    Raises
    ------
    DataError
        Where the outcome is not known or does not vary, answers are too few, or no finite effect fits.
    ValueError
        For an unknown option, or more than 25 touchpoints.

    Notes
    -----
    ``recommend``: y = β₀ + Σ(β_j(x_j − x̄_j) + γ_j·[j not rated]) by least squares with HC3 errors. 0/1 outcomes:
    logistic regression; the average change is the mean of β_j p(1 − p) over those who rated j, its error by the delta
    method. Where customers answered repeatedly all errors are clustered by customer. The study's weight is used
    throughout. Importance is LMG: the increase of R² when the touchpoint is added, averaged over all orders; for 0/1
    outcomes of the linear probability model, so that saying and doing share one scale. A share of R² is never
    negative: whether a driver is more than noise is told by its interval, not by its share.

    Everything here is an association. Ratings and score stand in one questionnaire, so a general mood moves both.

    References
    ----------
    Grömping 2007, doi:10.1198/000313007X188252 (LMG); MacKinnon & White 1985, doi:10.1016/0304-4076(85)90158-7 (HC3);
    Cohen & Cohen 1983, ch. 7 (indicator for what was not rated).

    Examples
    --------
    >>> import pandas as pd
    >>> import tpm_widgets as tpm
    >>> answers = pd.DataFrame({"score": [9, 3, 8, 6, 10, 5, 7, 2] * 5, "shop": [5, 2, 4, 3, 5, 3, 4, 1] * 5,
    ...                         "mail": [3, 3, 4, 2, 5, 1, 2, 2] * 5})
    >>> study = tpm.make_study(survey=answers, recommend="score", touchpoints=["shop", "mail"])
    >>> drivers = tpm.driver_regression(study)
    >>> drivers.table[["touchpoint", "n", "estimate", "importance"]].round(3)
      touchpoint   n  estimate  importance
    0       shop  40     1.831       0.782
    1       mail  40     0.273       0.194
    """
    check_option("outcome", outcome, Outcome)
    check_option("missing", missing, Missing)
    need_study(study, "driver_regression")
    check_level(level)
    if missing == "pairwise" and outcome != "recommend":
        raise ValueError("missing='pairwise' goes with outcome='recommend' only; choose 'indicator' or 'complete'.")
    answers = known_answers(study, outcome, window, "driver_regression")
    settings = {"outcome": outcome, "missing": missing, "level": level}
    return regress(study, answers, outcome, missing, level, settings | ({"window": window} if window else {}))


def regress(
    study: Study,
    answers: Answers,
    outcome: Outcome,
    missing: Missing,
    level: float,
    settings: Mapping[str, object],
    outcomes: np.ndarray | None = None,
) -> DriverRegression:
    """Regress the outcome of these answers on the ratings; other 0/1 ``outcomes`` that are to share the design."""
    binary = outcome != "recommend"
    if binary and outcomes is None:
        outcomes = answers.observed
    ratings = study.ratings.iloc[answers.rows].reset_index(drop=True)
    design = make_design(ratings, answers.weights, missing, outcomes)
    used = design.rows
    values, weights, clusters = answers.observed[used], answers.weights[used], answers.clusters[used]
    refuse_too_few(values, design)
    if missing == "pairwise":
        centred = ratings[list(design.touchpoints)].to_numpy() - np.array(list(design.centers.values()))
        fit, covariance = fit_pairwise(values, centred, design.names, weights, clusters)
    else:
        fit = (fit_logit if binary else fit_linear)(values, design.matrix, design.names, weights, clusters)
        covariance = weighted_covariance(np.column_stack([design.matrix[:, 1:], values]), weights)
    shares = dict(zip(design.touchpoints, lmg(covariance, design.groups()), strict=True))
    counts = pd.DataFrame({"touchpoint": study.touchpoint_names, "n": design.ratings.notna().sum().to_numpy()})
    terms = coefficient_table(fit, design, level)
    coefficients = terms[terms["part"] == "rating"]
    table = counts.merge(coefficients[["touchpoint", *ESTIMATES]], on="touchpoint", how="left")
    events = int(values.sum()) if binary else None
    return DriverRegression(
        table=table.assign(importance=table["touchpoint"].map(shares).astype(float)),
        effects=counts.merge(effect_table(fit, design, level), on="touchpoint", how="left") if binary else table.copy(),
        terms=terms,
        intercept=float(fit.params[0]),
        r_squared=r_squared(covariance),
        model="logit" if binary else "ols",
        outcome=outcome,
        missing=missing,
        n=fit.n,
        events=events,
        fit=fit,
        design=replace(design, rows=answers.rows[used]),
        observed=values,
        covariance=covariance,
        labels=study.labels,
        settings=settings,
        caveats=driver_caveats(study, design, fit, events, missing) + answers.caveats,
        data_hash=study.data_hash,
    )
