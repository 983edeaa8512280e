"""Do groups that say more do more? Correlations over groups, inside them, and without each of them; what that says, and
what has to be known before believing it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.linkage import DAYS_PER_YEAR
from tpm_widgets.as_is.say_do.cells import MEASURE, PER, TOLD, SaidAndDone
from tpm_widgets.columns import with_ends
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.statistics.association.correlation import LEAST, pearson, repeated_correlation, spearman, varies
from tpm_widgets.statistics.association.within_between import within_between
from tpm_widgets.statistics.estimates.estimate import Estimate

RATES = {
    "recommendations": say("recommendations per 100 customer-years"),
    "won": say("customers won per 100 customer-years"),
    "reported": say("the share who report a recommendation"),
    "recommended": say("the share who recommended (at any time)"),
}

ASSOCIATION = ["level", "measure", "deed", *with_ends(), "n"]
LEFT_OUT = ["group", "deed", "measure", "estimate", "change"]
MEASURES = {"spearman": spearman, "pearson": pearson}
ANY_LEVEL = 0.95  # where only the estimate is used
EVERY, WITHIN_WAVES, ACROSS_WAVES, WITHIN, BETWEEN = "all groups", "within waves", "across waves", "within", "between"


def sentences_of(
    table: pd.DataFrame,
    association: pd.DataFrame,
    leave_one_out: pd.DataFrame,
    deed: str,
    level: float,
    yes_no: bool = False,
) -> tuple[Sentence, ...]:
    """Read one deed: the correlation over groups, who changes it most, and what lies beneath it."""
    found = _found(association, deed)
    over = found[EVERY, "spearman"]
    if not np.isfinite(over["estimate"]):
        return (_undefined(table, deed),)
    persons = None if yes_no else _persons(found, deed)  # it steps from detractor to passive to promoter
    further = (_most_changed(leave_one_out, deed), persons, _waves(found, deed))
    said = [_over_groups(over, deed, level, yes_no), *(sentence for sentence in further if sentence is not None)]
    return tuple(said[:3])


def _found(association: pd.DataFrame, deed: str) -> dict[tuple[str, str], dict[Any, Any]]:
    own = association[association["deed"] == deed].to_dict("records")
    return {(row["level"], row["measure"]): row for row in own}


def _undefined(table: pd.DataFrame, deed: str) -> Sentence:
    """Say why there is no correlation."""
    known = table.dropna(subset=["score", MEASURE[deed]])
    if len(known) < 3:
        return say_n(
            "Whether groups that say more do more cannot be said: only {count} group has a score and deeds, and a "
            "correlation takes three.",
            "Whether groups that say more do more cannot be said: only {count} groups have a score and deeds, and a "
            "correlation takes three.",
            len(known),
        )
    if not known[MEASURE[deed]].any():
        return say(
            "In none of the {count} groups did anybody recommend; there is nothing to compare.", count=len(known)
        )
    if not varies(known["score"].to_numpy(float)):
        return say(
            "All {count} groups have the same score ({score:points}), so a correlation is not defined.",
            count=len(known),
            score=known["score"].iloc[0],
        )
    return say("All {count} groups do the same, so a correlation is not defined.", count=len(known))


def _over_groups(row: Mapping[Any, Any], deed: str, level: float, yes_no: bool) -> Sentence:
    """Read the rank correlation over groups."""
    score = say("share of yes") if yes_no else say("Net Promoter Score")
    values = {"rate": RATES[deed], "level": level, "score": score}
    if not np.isfinite(row["conf_low"]):
        return say(
            "Over {n:count} groups the {score} and {rate} have a rank correlation of {estimate:signed} "
            "(Spearman); below {least} groups no interval can be given, so nothing follows from it.",
            row,
            least=LEAST,
            **values,
        )
    if row["conf_low"] > 0:
        return say(
            "Groups that say more do more: over {n:count} groups the {score} and {rate} have a rank "
            "correlation of {estimate:signed} ({level:percent:0} interval {conf_interval:signed}, Spearman).",
            row,
            **values,
        )
    if row["conf_high"] < 0:
        return say(
            "Groups that say more do less: over {n:count} groups the {score} and {rate} have a rank "
            "correlation of {estimate:signed} ({level:percent:0} interval {conf_interval:signed}, Spearman).",
            row,
            **values,
        )
    return say(
        "It is not shown that groups which say more do more: over {n:count} groups the {score} and {rate} "
        "have a rank correlation of {estimate:signed} ({level:percent:0} interval {conf_interval:signed}, Spearman).",
        row,
        **values,
    )


def _most_changed(leave_one_out: pd.DataFrame, deed: str) -> Sentence | None:
    """Name the group without which the correlation would be the most different."""
    own = leave_one_out[(leave_one_out["deed"] == deed) & (leave_one_out["measure"] == "spearman")].dropna()
    if own.empty:
        return None
    most = own.iloc[int(own["change"].abs().argmax())]
    return say(
        "It hangs most on {group}: without it the correlation would be {estimate:signed} ({change:signed}).", most
    )


def _persons(found: Mapping[tuple[str, str], Mapping[Any, Any]], deed: str) -> Sentence | None:
    """Set what holds inside the groups beside what holds between them."""
    within, between = found.get((WITHIN, "slope")), found.get((BETWEEN, "slope"))
    if within is None or between is None or not np.isfinite([within["estimate"], between["estimate"]]).all():
        return None
    if deed == "reported":
        return say(
            "Inside the groups, a step from detractor to passive or on to promoter goes with {within.estimate:points} "
            "percentage points more who report a recommendation ({within.conf_interval:points}, {within.n:count} "
            "answers); between the groups the same distance, 100 points of the score, goes with "
            "{between.estimate:points} ({between.conf_interval:points}).",
            within=within,
            between=between,
        )
    if deed == "recommended":
        return say(
            "Inside the groups, a step from detractor to passive or on to promoter goes with {within.estimate:points} "
            "percentage points more who recommended ({within.conf_interval:points}, {within.n:count} answers); between "
            "the groups the same distance, 100 points of the score, goes with {between.estimate:points} "
            "({between.conf_interval:points}).",
            within=within,
            between=between,
        )
    return say(
        "Inside the groups, a step from detractor to passive or on to promoter goes with {within.estimate:signed:1} "
        "recommendations per 100 customer-years ({within.conf_interval:signed:1}, {within.n:count} answers); between "
        "the groups the same distance, 100 points of the score, goes with {between.estimate:signed:1} "
        "({between.conf_interval:signed:1}).",
        within=within,
        between=between,
    )


def _waves(found: Mapping[tuple[str, str], Mapping[Any, Any]], deed: str) -> Sentence | None:
    """Set groups inside the same wave beside the waves as wholes."""
    inside, across = found.get((WITHIN_WAVES, "pearson")), found.get((ACROSS_WAVES, "pearson"))
    if inside is None or across is None or not np.isfinite(inside["estimate"]):
        return None
    if not np.isfinite(across["estimate"]):
        return say(
            "Among groups of the same wave the correlation is {estimate:signed} ({conf_interval:signed}, {n:count} "
            "pairs; Pearson); among the waves themselves none can be given.",
            inside,
        )
    return say(
        "Among groups of the same wave the correlation is {inside.estimate:signed} ({inside.conf_interval:signed}, "
        "{inside.n:count} pairs); among the waves, groups together, {across.estimate:signed} "
        "({across.conf_interval:signed}, {across.n:count} waves; both Pearson).",
        inside=inside,
        across=across,
    )


def caveats_of(cells: pd.DataFrame, deed: str, by_wave: bool) -> list[Sentence]:
    """Say what the correlation rests on, what weakens it, and what it does not show."""
    known = cells.dropna(subset=["score", MEASURE[deed]])
    found = [
        say(
            "Each group counts the same, however large; and what holds between groups need not hold between the "
            "customers in them. The score is that of those who answered, the deeds are everybody's."
        )
        if deed not in TOLD
        else say(
            "Each group counts the same, however large; and what holds between groups need not hold between the "
            "persons in them."
        )
    ]
    said, done = (
        sampling_share(known, what, error)
        for what, error in (("score", "score_error"), (MEASURE[deed], f"{deed}_error"))
    )
    if np.isfinite([said, done]).all():
        found.append(
            say(
                "Of the differences between the groups, chance in sampling alone makes about {said:percent:0} of those "
                "in the score and {done:percent:0} of those in the deeds (variance); that pulls the correlation "
                "towards 0.",
                said=said,
                done=done,
            )
        )
    if by_wave:
        found.append(
            say(
                "Waves are not independent of each other: the same customers make them, and neighbours resemble each "
                "other. An interval over all groups and waves is too short."
            )
        )
    return found


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


def by_person(said: SaidAndDone, groups: np.ndarray) -> tuple[list[list[Any]], float]:
    """Take the association of persons apart, inside groups and between their means; and test whether both are one.

    ``groups`` has one group per answer, None where there is none. Deeds per step from detractor to passive to
    promoter, which is 100 points of the score: recommendations per 100 customer-years after the answer, or the share
    of those who report one.
    """
    if said.time is None:
        deed, rows, outcome, exposure = said.deed, np.arange(len(groups)), said.told_of, np.ones(len(groups))
        persons = said.design.clusters
    else:
        answers = said.observed.answers().answers
        deed, rows, persons = "recommendations", answers.index.to_numpy(), answers["customer"].to_numpy()
        exposure = answers["days"].to_numpy(float) / (DAYS_PER_YEAR)
        outcome = PER * answers["events"].to_numpy(float) / exposure
    weights, steps, own = said.design.weights[rows] * exposure, said.classes[rows], groups[rows]
    used = pd.notna(own) & np.isfinite(steps) & np.isfinite(outcome) & (weights > 0)
    found = within_between(outcome[used], steps[used], own[used].astype(str), weights[used], persons[used], said.level)
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
    return [level, measure, deed, *found.limits, found.n]
