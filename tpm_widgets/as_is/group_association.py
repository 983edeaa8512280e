"""Do groups that say more do more? Correlations over groups, inside them, and without each of them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.as_is.exposure import follow_answers
from tpm_widgets.as_is.linkage import DAYS_PER_YEAR
from tpm_widgets.as_is.say_do_cells import MEASURE, PER, SaidAndDone
from tpm_widgets.statistics.correlation import pearson, repeated_correlation, spearman
from tpm_widgets.statistics.estimate import Estimate
from tpm_widgets.statistics.within_between import within_between
from tpm_widgets.study.model import Study

ASSOCIATION = ["level", "measure", "deed", "estimate", "conf_low", "conf_high", "n"]
LEFT_OUT = ["group", "deed", "measure", "estimate", "change"]
MEASURES = {"spearman": spearman, "pearson": pearson}
ANY_LEVEL = 0.95  # where only the estimate is used
EVERY, WITHIN_WAVES, ACROSS_WAVES, WITHIN, BETWEEN = "all groups", "within waves", "across waves", "within", "between"


def over_groups(cells: pd.DataFrame, deeds: tuple[str, ...], level: float, where: str = EVERY) -> list[list[Any]]:
    """Correlate score and deeds over groups."""
    score = cells["score"].to_numpy(float)
    return [
        _row(where, measure, deed, correlate(score, cells[MEASURE[deed]].to_numpy(float), level))
        for deed in deeds
        for measure, correlate in MEASURES.items()
    ]


def within_waves(cells: pd.DataFrame, deeds: tuple[str, ...], level: float) -> list[list[Any]]:
    """Correlate groups inside each wave, all waves together."""
    score, waves = cells["score"].to_numpy(float), cells["wave"].to_numpy(str)
    found = {deed: repeated_correlation(score, cells[MEASURE[deed]].to_numpy(float), waves, level) for deed in deeds}
    return [_row(WITHIN_WAVES, "pearson", deed, estimate) for deed, estimate in found.items()]


def by_person(study: Study, said: SaidAndDone, groups: np.ndarray, level: float) -> tuple[list[list[Any]], float]:
    """Take the association of persons apart, inside groups and between their means; and test whether both are one.

    ``groups`` has one group per answer, None where there is none. Deeds per step from detractor to passive to
    promoter, which is 100 points of the score: recommendations per 100 customer-years after the answer, or the share
    of those who report one.
    """
    if said.time is None:
        deed, rows, outcome, exposure = "reported", np.arange(len(groups)), said.reported, np.ones(len(groups))
        persons = study.persons
    else:
        answers = follow_answers(study, verb="say_do_groups").answers
        deed, rows, persons = "recommendations", answers.index.to_numpy(), answers["customer"].to_numpy()
        exposure = answers["days"].to_numpy(float) / (DAYS_PER_YEAR)
        outcome = PER * answers["events"].to_numpy(float) / exposure
    weights, steps, own = said.weights[rows] * exposure, said.classes[rows], groups[rows]
    used = pd.notna(own) & np.isfinite(steps) & np.isfinite(outcome) & (weights > 0)
    found = within_between(outcome[used], steps[used], own[used].astype(str), weights[used], persons[used], level)
    return [_row(WITHIN, "slope", deed, found.within), _row(BETWEEN, "slope", deed, found.between)], found.p_difference


def without_each(cells: pd.DataFrame, deeds: tuple[str, ...]) -> pd.DataFrame:
    """Return each correlation without each group in turn, and by how much that changes it."""
    shown = cells.dropna(subset=["score"])
    score, rows = shown["score"].to_numpy(float), []
    for deed in deeds:
        done = shown[MEASURE[deed]].to_numpy(float)
        for measure, correlate in MEASURES.items():
            whole = correlate(score, done, ANY_LEVEL).estimate
            for place, group in enumerate(shown["group"]):
                rest = correlate(np.delete(score, place), np.delete(done, place), ANY_LEVEL).estimate
                rows.append([group, deed, measure, rest, rest - whole])
    return pd.DataFrame(rows, columns=LEFT_OUT)


def sampling_share(cells: pd.DataFrame, what: str, error: str) -> float:
    """Return which share of the differences between groups is sampling error, 0…1; NaN where there are none."""
    known = cells.dropna(subset=[what, error])
    spread = float(known[what].var()) if len(known) > 1 else 0.0
    return float(min((known[error] ** 2).mean() / spread, 1.0)) if spread > 0 else np.nan


def _row(level: str, measure: str, deed: str, found: Estimate) -> list[Any]:
    return [level, measure, deed, found.estimate, found.conf_low, found.conf_high, found.n]
