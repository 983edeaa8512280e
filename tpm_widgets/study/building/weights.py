"""Weights raked to what is known of the population, where the study says it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say
from tpm_widgets.statistics.estimates.margins import margin_of, parts_of
from tpm_widgets.statistics.estimates.raking import raked
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.raw import RawTable

Margins = Mapping[str, Mapping[str, float]]


def rake_answers(
    raw: RawTable,
    survey: pd.DataFrame,
    others: pd.DataFrame,
    roles: Mapping[str, str],
    margins: Margins,
    faults: Faults,
) -> tuple[pd.DataFrame, Margins]:
    """Return the survey with raked weights and those before, and the margins by the names that the study has."""
    by_column = {column: role for role, column in roles.items()}

    def column(name: str) -> pd.Series:
        for frame in (survey, others):
            if name in frame:
                return frame[name]
        raise ValueError(name)

    named = {_own_name(name, by_column): shares for name, shares in margins.items()}
    before = survey["weight"].fillna(0).to_numpy(float) if "weight" in survey else np.ones(len(survey))
    found = []
    for name, shares in named.items():
        missing = [part for part in parts_of(column, name) if part not in survey and part not in others]
        for part in missing:
            _refuse(raw, faults, part, "", say("a column of the survey"), say("Name it as the file does."))
        if missing:
            continue
        margin, texts = margin_of(column, name, shares)
        counted = before > 0
        known = set(texts[counted].dropna())
        for value in sorted(known - set(shares)):
            remedy = say("Add its share of the population, or put it together with another value.")
            _refuse(raw, faults, name, value, say("one of {values}", values=", ".join(shares)), remedy)
        for value in [value for value in shares if value not in known]:
            remedy = say("Put its share together with that of another value.")
            _refuse(raw, faults, name, value, say("an answer with this value"), remedy)
        found.append(margin)
    if faults.structural:
        return survey, {}
    try:
        weight = raked(before, found)
    except ValueError:
        expected = say("margins that some weights of these answers meet")
        _refuse(raw, faults, ", ".join(named), "", expected, say("Put rare values together, or name fewer margins."))
        return survey, {}
    shown = weight[before > 0]
    faults.remarks.append(
        say(
            "The weights are raked to the margins of {margins:list}; they run from {low:number} to {high:number} times "
            "their mean.",
            margins=tuple(named),
            low=float(shown.min() / shown.mean()),
            high=float(shown.max() / shown.mean()),
        )
    )
    return survey.assign(weight=weight, base_weight=before), named


def _own_name(name: str, by_column: Mapping[str, str]) -> str:
    """Return the name under which a study keeps a column that plays a role."""
    return by_column.get(name, name)


def _refuse(raw: RawTable, faults: Faults, column: str, value: str, expected: Sentence, remedy: Sentence) -> None:
    faults.refuse("weights", raw.file, expected, remedy, column=column, value=value)
