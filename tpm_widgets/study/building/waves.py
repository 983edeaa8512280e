"""Waves: given or told from the day of the answer, in the order of time; and nobody answers twice in one."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from tpm_widgets.language import say
from tpm_widgets.study.cells.faults import MASK, Faults
from tpm_widgets.study.cells.raw import RawTable

SHOWN = 20  # repeated respondents that are listed one by one


def assign_waves(
    raw: RawTable, survey: pd.DataFrame, columns: Mapping[str, str], waves: pd.DataFrame | None, faults: Faults
) -> pd.DataFrame:
    """Return the survey with ``wave`` as an ordered categorical; without, where nothing tells the wave."""
    if "wave" not in survey and (waves is None or "date" not in survey):
        return survey
    if "wave" not in survey:
        names = _by_day(raw, survey["date"], columns["date"], waves, faults)
    else:
        names = survey["wave"]
        if waves is not None:
            unknown = (names.notna() & ~names.isin(waves["wave"])).to_numpy()
            remedy = say("Correct the cell, or list the wave in the table of waves.")
            faults.note(
                raw, unknown, columns["wave"], say("a wave of the table of waves"), remedy, reason=say("unknown wave")
            )
            names = names.mask(unknown)
    ordered = pd.Categorical(names, categories=_in_time(names, survey, waves), ordered=True)
    return survey.assign(wave=ordered)


def _by_day(raw: RawTable, days: pd.Series, column: str, waves: pd.DataFrame | None, faults: Faults) -> pd.Series:
    """Name the first wave that was on at a day."""
    names = pd.Series(pd.NA, index=days.index, dtype="str")
    for wave in [] if waves is None else waves.sort_values("start", kind="stable").to_dict("records"):
        names = names.mask(names.isna() & days.between(wave["start"], wave["end"]), wave["wave"])
    outside = (days.notna() & names.isna()).to_numpy()
    remedy = say("Correct the day, or a wave's start or end.")
    faults.note(raw, outside, column, say("a day within a wave"), remedy, reason=say("day outside every wave"))
    return names


def _in_time(names: pd.Series, survey: pd.DataFrame, waves: pd.DataFrame | None) -> list[str]:
    """Order waves by their start, else by their first answer, else as people count (Q2 before Q10)."""
    if waves is not None:
        return waves.sort_values("start", kind="stable")["wave"].to_list()
    present = sorted(names.dropna().unique(), key=natural)
    if "date" not in survey:
        return present
    first = survey["date"].groupby(names).min()
    return sorted(present, key=lambda wave: (pd.isna(first[wave]), first[wave]))


def natural(name: str) -> list[tuple[int, int, str]]:
    """Return what a name is sorted by, so that Q2 comes before Q10."""
    parts = re.split(r"(\d+)", name)
    return [(0, int(part), "") if part.isdigit() else (1, 0, part) for part in parts if part]


def refuse_repeated_respondents(
    raw: RawTable, survey: pd.DataFrame, columns: Mapping[str, str], faults: Faults
) -> None:
    """Note a structural fault for each respondent who answers a second time in a wave."""
    if "respondent" not in survey:
        return
    within = [name for name in ("respondent", "wave") if name in survey]
    repeated = survey.duplicated(within) & survey["respondent"].notna()
    rows = raw.rows[repeated.to_numpy()]
    for row in rows[:SHOWN]:
        faults.refuse(
            raw.table,
            raw.file,
            say("each respondent once in a wave"),
            say(
                "Delete the row, or name the column of the wave; rows that repeat a respondent: {count}.",
                count=len(rows),
            ),
            row=int(row),
            column=columns["respondent"],
            value=MASK,
        )
