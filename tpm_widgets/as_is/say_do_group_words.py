"""What a comparison of groups says, and what has to be known before believing it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.as_is.group_association import ACROSS_WAVES, BETWEEN, EVERY, WITHIN, WITHIN_WAVES, sampling_share
from tpm_widgets.as_is.say_do_cells import MEASURE
from tpm_widgets.language import Between, Number, Percent, Points, Sentence, between, say, say_n, signed
from tpm_widgets.statistics.correlation import LEAST, varies

RATES = {
    "recommendations": say("recommendations per 100 customer-years"),
    "won": say("customers won per 100 customer-years"),
    "reported": say("the share who report a recommendation"),
}


def sentences_of(
    table: pd.DataFrame, association: pd.DataFrame, leave_one_out: pd.DataFrame, deed: str, level: float
) -> tuple[Sentence, ...]:
    """Read one deed: the correlation over groups, who changes it most, and what lies beneath it."""
    found = _found(association, deed)
    over = found[EVERY, "spearman"]
    if not np.isfinite(over["estimate"]):
        return (_undefined(table, deed),)
    further = (_most_changed(leave_one_out, deed), _persons(found, deed), _waves(found, deed))
    said = [_over_groups(over, deed, level), *(sentence for sentence in further if sentence is not None)]
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
            "All {count} groups have the same score ({score}), so a correlation is not defined.",
            count=len(known),
            score=Points(known["score"].iloc[0]),
        )
    return say("All {count} groups do the same, so a correlation is not defined.", count=len(known))


def _over_groups(row: Mapping[Any, Any], deed: str, level: float) -> Sentence:
    """Read the rank correlation over groups."""
    values = {"n": int(row["n"]), "rate": RATES[deed], "estimate": Number(row["estimate"], signed=True)}
    if not np.isfinite(row["conf_low"]):
        return say(
            "Over {n} groups the Net Promoter Score and {rate} have a rank correlation of {estimate} (Spearman); "
            "below {least} groups no interval can be given, so nothing follows from it.",
            least=LEAST,
            **values,
        )
    values |= {
        "interval": between(row, signed),
        "level": Percent(level, 0),
    }
    if row["conf_low"] > 0:
        return say(
            "Groups that say more do more: over {n} groups the Net Promoter Score and {rate} have a rank correlation "
            "of {estimate} ({level} interval {interval}, Spearman).",
            **values,
        )
    if row["conf_high"] < 0:
        return say(
            "Groups that say more do less: over {n} groups the Net Promoter Score and {rate} have a rank correlation "
            "of {estimate} ({level} interval {interval}, Spearman).",
            **values,
        )
    return say(
        "It is not shown that groups which say more do more: over {n} groups the Net Promoter Score and {rate} have a "
        "rank correlation of {estimate} ({level} interval {interval}, Spearman).",
        **values,
    )


def _most_changed(leave_one_out: pd.DataFrame, deed: str) -> Sentence | None:
    """Name the group without which the correlation would be the most different."""
    own = leave_one_out[(leave_one_out["deed"] == deed) & (leave_one_out["measure"] == "spearman")].dropna()
    if own.empty:
        return None
    most = own.iloc[int(own["change"].abs().argmax())]
    return say(
        "It hangs most on {group}: without it the correlation would be {estimate} ({change}).",
        group=most["group"],
        estimate=Number(most["estimate"], signed=True),
        change=Number(most["change"], signed=True),
    )


def _persons(found: Mapping[tuple[str, str], Mapping[Any, Any]], deed: str) -> Sentence | None:
    """Set what holds inside the groups beside what holds between them."""
    within, between = found.get((WITHIN, "slope")), found.get((BETWEEN, "slope"))
    if within is None or between is None or not np.isfinite([within["estimate"], between["estimate"]]).all():
        return None
    read = Points if deed == "reported" else Number
    values = {
        name: value
        for kind, row in (("within", within), ("between", between))
        for name, value in (
            (kind, _signed(read, row["estimate"])),
            (f"{kind}_interval", Between(_signed(read, row["conf_low"]), _signed(read, row["conf_high"]))),
        )
    }
    if deed == "reported":
        return say(
            "Inside the groups, a step from detractor to passive or on to promoter goes with {within} percentage "
            "points more who report a recommendation ({within_interval}, {n} answers); between the groups the same "
            "distance, 100 points of the score, goes with {between} ({between_interval}).",
            n=int(within["n"]),
            **values,
        )
    return say(
        "Inside the groups, a step from detractor to passive or on to promoter goes with {within} recommendations per "
        "100 customer-years ({within_interval}, {n} answers); between the groups the same distance, 100 points of the "
        "score, goes with {between} ({between_interval}).",
        n=int(within["n"]),
        **values,
    )


def _signed(read: Any, value: float) -> Any:
    return Points(value) if read is Points else Number(value, 1, signed=True)


def _waves(found: Mapping[tuple[str, str], Mapping[Any, Any]], deed: str) -> Sentence | None:
    """Set groups inside the same wave beside the waves as wholes."""
    inside, across = found.get((WITHIN_WAVES, "pearson")), found.get((ACROSS_WAVES, "pearson"))
    if inside is None or across is None or not np.isfinite(inside["estimate"]):
        return None
    return say(
        "Among groups of the same wave the correlation is {inside} ({inside_interval}, {n} pairs); among the waves, "
        "groups together, {across} ({across_interval}, {waves} waves; both Pearson).",
        inside=Number(inside["estimate"], signed=True),
        inside_interval=between(inside, signed),
        n=int(inside["n"]),
        across=Number(across["estimate"], signed=True),
        across_interval=between(across, signed),
        waves=int(across["n"]),
    )


def caveats_of(cells: pd.DataFrame, deed: str, by_wave: bool) -> list[Sentence]:
    """Say what the correlation rests on, what weakens it, and what it does not show."""
    known = cells.dropna(subset=["score", MEASURE[deed]])
    found = [
        say(
            "Each group counts the same, however large; and what holds between groups need not hold between the "
            "customers in them. The score is that of those who answered, the deeds are everybody's."
        )
        if deed != "reported"
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
                "Of the differences between the groups, chance in sampling alone makes about {said} of those in the "
                "score and {done} of those in the deeds (variance); that pulls the correlation towards 0.",
                said=Percent(said, 0),
                done=Percent(done, 0),
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
