"""The person level of saying and doing: does the score order, predict and multiply what people did?"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
import pandas as pd
from scipy import stats

from tpm_widgets.columns import with_ends
from tpm_widgets.statistics.association.brier import brier, cross_validated
from tpm_widgets.statistics.association.rate_ratio import rate_ratio
from tpm_widgets.statistics.association.score_forms import compare_forms, line_of_counts
from tpm_widgets.statistics.estimates.estimate import Estimate
from tpm_widgets.statistics.estimates.ordinal import (
    auc_interval,
    auc_of_counts,
    bootstrap_interval,
    kendall_tau_b,
    somers_d,
)
from tpm_widgets.statistics.estimates.resampling import resampled_totals
from tpm_widgets.statistics.estimates.weighted import cluster_ratio, clustered_share
from tpm_widgets.statistics.score.question import Question

BRIER = ["deed", "forecast", "n", "brier", "reliability", "resolution", "uncertainty", "skill"]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PersonLevel:
    """What the score of a person tells about one deed.

    Attributes
    ----------
    association : pandas.DataFrame
        ``deed, measure, n, estimate, conf_low, conf_high``.
    calibration : pandas.DataFrame
        ``deed, score, n, predicted, estimate, conf_low, conf_high``.
    brier : pandas.DataFrame
        ``deed, forecast, n, brier, reliability, resolution, uncertainty, skill``.
    forms : pandas.DataFrame
        ``deed, smaller, larger, n, df, likelihood_ratio, statistic, p_value``.
    """

    association: pd.DataFrame
    calibration: pd.DataFrame
    brier: pd.DataFrame
    forms: pd.DataFrame

    def estimate(self, measure: str) -> Estimate:
        """Return the first row of a measure."""
        row = self.association[self.association["measure"] == measure].to_dict("records")[0]
        return Estimate(row["estimate"], row["conf_low"], row["conf_high"], int(row["n"]))


NOBODY = PersonLevel(
    association=pd.DataFrame(columns=["deed", "measure", "n", *with_ends()]),
    calibration=pd.DataFrame(columns=["deed", "score", "n", "predicted", *with_ends()]),
    brier=pd.DataFrame(columns=BRIER),
    forms=pd.DataFrame(columns=["deed", "smaller", "larger", "n", "df", "likelihood_ratio", "statistic", "p_value"]),
)


def linked_person_level(
    answers: pd.DataFrame, question: Question, level: float, replicates: int, seed: int
) -> PersonLevel:
    """Return the person level of followed answers, for recommending and for winning a customer."""
    parts = []
    for deed, complete, censoring, count in (
        ("referred", "complete", "censoring_weight", "events"),
        ("won", "won_complete", "won_weight", "wins"),
    ):
        known = answers[answers[complete]]
        known = known.assign(weight=known["weight"] * known[censoring])
        ratio = rate_ratio(
            answers[count].to_numpy(float),
            answers["months"].to_numpy(),
            answers["score"].to_numpy(float),
            level=level,
            weights=answers["weight"].to_numpy(),
            clusters=answers["customer"].to_numpy(),
        )
        part = person_level(known, question, deed, level, replicates, seed)
        rates = pd.DataFrame([[deed, "rate_ratio", len(answers), *ratio]], columns=part.association.columns)
        parts.append(replace(part, association=pd.concat([part.association, rates])))
    return PersonLevel(
        **{
            field.name: pd.concat([getattr(part, field.name) for part in parts], ignore_index=True)
            for field in fields(PersonLevel)
        }
    )


def person_level(
    known: pd.DataFrame, question: Question, deed: str, level: float, replicates: int, seed: int
) -> PersonLevel:
    """Return what the score tells about a deed.

    Parameters
    ----------
    known : pandas.DataFrame
        The answers of which it is known: ``score``, ``customer`` (a code), ``weight`` above 0, and the deed, a flag.
    question : Question
        Its scale and classes.
    deed : str
        The deed's column.
    level, replicates, seed
        As in ``say_do``.
    """
    step, event = known["score"].to_numpy(int) - question.answers[0], known[deed].to_numpy(bool)
    size = len(question.answers)
    weights, clusters = known["weight"].to_numpy(float), known["customer"].to_numpy()
    cells = step + size * event
    totals = np.bincount(cells, weights=weights, minlength=2 * size)
    forecast = line_of_counts(totals[size:], totals[:size])
    predicted = cross_validated(step, event, weights, clusters, size=size, seed=seed)
    resamples = np.full((1, 2 * size), np.nan)
    if 0 < event.sum() < len(event):
        resamples = resampled_totals(weights, cells, clusters, size=2 * size, replicates=replicates, seed=seed)
    rows = _association(totals, resamples, question, forecast, level)
    error, std_error = cluster_ratio((event - predicted) ** 2, np.ones(len(event)), weights, clusters)
    margin = stats.norm.ppf((1 + level) / 2) * std_error
    rows["brier_cross_validated"] = (error, max(error - margin, 0.0), min(error + margin, 1.0))
    association = pd.DataFrame(
        [[deed, name, len(known), *values] for name, values in rows.items()],
        columns=NOBODY.association.columns,
    )
    forms = compare_forms(step, event, question.kinds, weights, clusters)
    forms.insert(0, "deed", deed)
    forms.insert(3, "n", len(known))
    return PersonLevel(
        association=association,
        calibration=_calibration(known, question, deed, predicted, level),
        brier=_brier(totals, question, forecast, deed, len(known)),
        forms=forms,
    )


def _association(
    totals: np.ndarray, resamples: np.ndarray, question: Question, forecast: np.ndarray, level: float
) -> dict[str, tuple[float, float, float]]:
    """Every measure that is a function of the counts score × deed, with its interval from the same resamples."""
    size = len(question.answers)
    cases, controls = totals[size:], totals[:size]
    drawn, undrawn = resamples[:, size:], resamples[:, :size]
    merge = (question.kinds[:, None] == [-1, 0, 1]).astype(float)
    areas = {
        "auc": (auc_of_counts(cases, controls), auc_of_counts(drawn, undrawn)),
        "auc_classes": (
            auc_of_counts(cases @ merge, controls @ merge),
            auc_of_counts(drawn @ merge, undrawn @ merge),
        ),
    }
    found = {
        name: (float(value), *auc_interval(float(value), values, level)) for name, (value, values) in areas.items()
    }
    parts, drawn_parts = brier(cases, controls, forecast), brier(drawn, undrawn, forecast)
    others = {
        "kendall_tau_b": (kendall_tau_b(cases, controls), kendall_tau_b(drawn, undrawn), -1),
        "somers_d": (somers_d(cases, controls), somers_d(drawn, undrawn), -1),
        "brier": (parts.score, drawn_parts.score, 0),
        "brier_skill": (parts.skill, drawn_parts.skill, -np.inf),
    }
    for name, (value, values, least) in others.items():
        ends = np.clip(bootstrap_interval(float(value), values, level), least, 1)
        found[name] = (float(value), float(ends[0]), float(ends[1]))
    return found


def _brier(totals: np.ndarray, question: Question, forecast: np.ndarray, deed: str, n: int) -> pd.DataFrame:
    """Take the Brier score apart: of the score taken at its word, and of the line fitted to the deeds."""
    rows, size = [], len(question.answers)
    for name, probabilities in (("at its word", question.places), ("calibrated", forecast)):
        parts = brier(totals[size:], totals[:size], probabilities)
        values = (parts.score, parts.reliability, parts.resolution, parts.uncertainty, parts.skill)
        rows.append([deed, name, n, *map(float, values)])
    return pd.DataFrame(rows, columns=BRIER)


def _calibration(
    known: pd.DataFrame, question: Question, deed: str, predicted: np.ndarray, level: float
) -> pd.DataFrame:
    """Hold what other people's answers predicted for each score against what happened."""
    rows = []
    for score in question.answers:
        at = (known["score"] == score).to_numpy()
        own, weights = known[at], known.loc[at, "weight"].to_numpy()
        done = own[deed].to_numpy(float)
        share = clustered_share(
            done, np.ones(len(own)), level=level, weights=weights, clusters=own["customer"].to_numpy()
        )
        expected = float(np.average(predicted[at], weights=weights)) if len(own) else np.nan
        rows.append([deed, int(score), len(own), expected, *share.limits])
    return pd.DataFrame(rows, columns=NOBODY.calibration.columns)
