"""Which end of a scale is the good one, where no words tell: by grades, and by what goes with recommending."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from tpm_widgets.study.building.direction import rank_correlations, running_against
from tpm_widgets.study.proposing.columns import Column
from tpm_widgets.study.proposing.ends import ENGLISH_GRADES, GERMAN_GRADES, GRADES
from tpm_widgets.study.proposing.kinds.flags import asks_yes_no, says_no
from tpm_widgets.study.proposing.roles import Roles
from tpm_widgets.study.proposing.scales import Reading


def settle_direction(roles: Roles) -> None:
    """Turn grades that run against recommending, and note what has to be asked about the direction of each scale."""
    known = _correlations(roles)
    against = running_against(known)
    for name in known | dict.fromkeys(roles.touchpoints):
        reading = roles.readings[name]
        if reading.turned is None:
            roles.readings[name] = _settled(reading, roles.columns[name], known.get(name, 0.0), name in against)


def _settled(reading: Reading, column: Column, correlation: float, against: bool) -> Reading:
    graded = reading.scale == GRADES and (GERMAN_GRADES.search(column.spoken) or ENGLISH_GRADES.search(column.spoken))
    if against:
        return replace(reading, turned=True, graded=True) if graded else replace(reading, asks="against")
    if reading.scale != GRADES or correlation > 0:
        return reading
    if graded and GERMAN_GRADES.search(column.spoken):
        return replace(reading, turned=True, asks="6 is best")
    return replace(reading, asks="1 is best")


def _correlations(roles: Roles) -> dict[str, float]:
    """Return how each rating goes with recommending, both as they would be turned."""
    asked = roles.column("recommend")
    if asked is None:
        return {}
    apart = {asked, roles.column("annoyance")}
    answers = {name: _read(roles, name) for name in roles.readings if name not in apart}
    column = roles.columns[asked]
    if asks_yes_no(column):
        yes = np.array([*(text not in says_no(column) for text in column.uniques), False])[column.codes]
        unread = np.isin(column.codes, [-1, *(column.uniques.index(text) for text in column.none)])
        return rank_correlations(np.where(unread, np.nan, yes.astype(float)), answers)
    return rank_correlations(_read(roles, asked), answers)


def _read(roles: Roles, name: str) -> np.ndarray:
    reading, values = roles.readings[name], roles.columns[name].answers()
    low, high = reading.scale
    coded = np.isin(values, [code for code in (*reading.never, *reading.none) if not isinstance(code, str)])
    values = np.where((values >= low) & (values <= high) & ~coded, values, np.nan)
    return -values if reading.turned else values
