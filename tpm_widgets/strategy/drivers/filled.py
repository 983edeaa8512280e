"""Ratings that exist and were not given: filled in several times, or said where an indicator takes them for never
experienced.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say
from tpm_widgets.statistics.regression.covariance import weighted_covariance
from tpm_widgets.statistics.regression.design import Design, Missing
from tpm_widgets.statistics.regression.imputation import Gaps, imputed, pooled
from tpm_widgets.statistics.regression.linear_and_logit import Fit
from tpm_widgets.strategy.drivers.models import Model, fit_model
from tpm_widgets.strategy.drivers.outcomes import Answers
from tpm_widgets.study.model import Study

IMPUTATIONS, SEED = 20, 1
UNANSWERED = 0.05  # share of a touchpoint's blanks
NOTICED = 0.01  # share of the answers; fewer bend nothing that would be seen


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Filled:
    """The ratings of the answers used, filled in; one filling, the ratings as they are, where nothing is to be filled.

    Attributes
    ----------
    given : pandas.DataFrame
        As they were given, one row per answer and one column per touchpoint.
    ratings : sequence of pandas.DataFrame
        Each time filled in; missing where never experienced.
    cells : int
        How many were filled in.
    """

    given: pd.DataFrame
    ratings: Sequence[pd.DataFrame]
    cells: int


def unanswered(study: Study, answers: Answers) -> pd.DataFrame:
    """Tell which ratings are missing and not because the touchpoint was never experienced, as far as is known."""
    given, told = (table.iloc[answers.rows].reset_index(drop=True) for table in (study.ratings, study.experienced))
    return given.isna() & told.isna()[list(given)]


def fill(study: Study, answers: Answers) -> Filled:
    """Fill in what was not answered; touchpoints that nobody rated, or all alike, stay as they are."""
    given = study.ratings.iloc[answers.rows].reset_index(drop=True)
    wanted = unanswered(study, answers) & (given.max() > given.min())
    if not wanted.to_numpy().any():
        return Filled(given=given, ratings=[given], cells=0)
    gaps = Gaps(
        ratings=given.to_numpy(float),
        wanted=wanted.to_numpy(),
        others=np.column_stack([answers.observed, np.log(answers.exposure)]),
        weights=answers.weights,
        clusters=answers.clusters,
    )
    ratings = [pd.DataFrame(values, columns=given.columns) for values in imputed(gaps, IMPUTATIONS, SEED)]
    return Filled(given=given, ratings=ratings, cells=int(wanted.to_numpy().sum()))


def fit_filled(filled: Filled, design: Design, used: Answers, model: Model) -> tuple[Design, Fit, np.ndarray]:
    """Fit every filling and pool; also the design of the mean filling, who rated as it was, and the mean covariance."""
    matrices = [design.rebuild(ratings) for ratings in filled.ratings]
    fits = [
        fit_model(model, used.observed, matrix, design.names, used.weights, used.clusters, used.exposure)
        for matrix in matrices
    ]
    values = used.observed / used.exposure
    covariances = [weighted_covariance(np.column_stack([matrix[:, 1:], values]), fits[0].mass) for matrix in matrices]
    fit = pooled(fits) if len(fits) > 1 else fits[0]
    mean = np.mean(matrices, axis=0)
    return replace(design, matrix=mean, ratings=filled.given), fit, np.asarray(np.mean(covariances, axis=0))


def unanswered_caveats(study: Study, answers: Answers, missing: Missing, filled: Filled | None) -> tuple[Sentence, ...]:
    """Say what was filled in, or where an indicator stands for ratings that exist and were not given."""
    if filled is not None:
        if not filled.cells:
            return (say("Nothing was filled in: no rating is missing that is not known to be of nothing experienced."),)
        return (
            say(
                "{cells:count} ratings ({share:percent}) exist, as far as is known, and were not given: they are "
                "filled in {times} times from all others and the outcome. That is right where who did not answer "
                "differs from others only as these tell.",
                cells=filled.cells,
                share=filled.cells / filled.given.size,
                times=len(filled.ratings),
            ),
        )
    if missing != "indicator":
        return ()
    absent, blank = unanswered(study, answers).sum(), study.ratings.iloc[answers.rows].isna().sum()
    often = (absent > UNANSWERED * blank) & (absent >= NOTICED * len(answers.rows)) & (blank < len(answers.rows))
    if not often.any():
        return ()
    return (
        say(
            "More than {much:percent:0} of the missing ratings of {touchpoints:all} are no answer, or nothing says "
            "what they are: taken for never experienced by an indicator, they bend the effects of all touchpoints. "
            'missing="imputed" fills them in.',
            much=UNANSWERED,
            touchpoints=tuple(study.labels[str(name)] for name in often.index[often]),
        ),
    )
