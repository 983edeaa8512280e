"""Ratings that run against recommending: on a scale whose low end is the good one, of which nothing says so."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say
from tpm_widgets.study.building.written import Lines, setting_line
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.reading.choices import EVERYWHERE
from tpm_widgets.study.reading.settings import SurveySettings

ENOUGH = 30  # answers that a correlation is told from
SAMPLED = 5000  # answers that it is computed from at most
CLEAR = 3.0  # standard errors from 0
WEAK, STRONG = 0.15, 0.3  # rank correlations: of ratings that all run one way, and of single ones
NEARLY_ALL = 0.8  # of the ratings


def rank_correlations(scores: np.ndarray, ratings: Mapping[str, np.ndarray]) -> dict[str, float]:
    """Return Spearman's correlation of each rating with a score, both shape (rows,); 0 where it may be chance.

    Ratings with fewer than ``ENOUGH`` pairs are left out.
    """
    found = {}
    for name, values in ratings.items():
        both = np.flatnonzero(~np.isnan(values) & ~np.isnan(scores))
        both = both[:: max(len(both) // SAMPLED, 1)]
        rated, scored = (pd.Series(answers[both]).rank().to_numpy() for answers in (values, scores))
        spread = rated.std() * scored.std() if len(both) >= ENOUGH else 0.0
        if spread:
            rho = float(np.mean((rated - rated.mean()) * (scored - scored.mean())) / spread)
            found[name] = rho if abs(rho) * np.sqrt(len(both)) >= CLEAR else 0.0
    return found


def running_against(correlations: Mapping[str, float]) -> list[str]:
    """Return the ratings that run against a score: nearly all of them, or each that does so strongly."""
    weak = [name for name, rho in correlations.items() if rho <= -WEAK]
    if len(weak) >= NEARLY_ALL * len(correlations):
        return weak
    return [name for name in weak if correlations[name] <= -STRONG]


def doubt_direction(
    raw: RawTable, survey: pd.DataFrame, ratings: pd.DataFrame, rated: Mapping[str, str], settings: SurveySettings
) -> list[Sentence]:
    """Ask, with the line that answers it, about ratings that run against recommending and of which nothing is said.

    ``rated`` maps touchpoints, and the rating of the whole, to their columns.
    """
    turned = settings.turned
    if EVERYWHERE in turned:
        return []
    answers = {str(name): ratings[name].to_numpy(float) for name in ratings}
    if "overall" in survey:
        answers["overall"] = survey["overall"].to_numpy(float, na_value=np.nan)
    correlations = rank_correlations(survey["recommend"].to_numpy(float, na_value=np.nan), answers)
    against = running_against(correlations)
    asked = {rated[name]: name for name in against if not {name, rated[name]} & set(turned)}
    if not asked:
        return []
    everything = not turned and set(answers) <= set(against)
    low = True if everything else [*(name for name, is_low in turned.items() if is_low), *asked]
    high = {**turned, **dict.fromkeys(asked, False)} if turned else False
    told = say(
        "Whoever rates {columns:list} higher recommends less (rank correlation {size:number}). Is the low end of "
        "these scales the good one? If so: {low}. If not: {high}. {place}",
        columns=tuple(asked),
        size=float(np.mean([correlations[name] for name in asked.values()])),
        low=setting_line("reversed", low, raw.file),
        high=setting_line("reversed", high, raw.file),
        place=Lines(settings, raw.file, ()).place("", "reversed"),
    )
    return [told]
