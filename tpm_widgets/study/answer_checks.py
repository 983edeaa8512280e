"""The survey: the demands on its cells. Every answer stays, whatever cells of it are missing afterwards."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from tpm_widgets.study.checking import Rule, enforce
from tpm_widgets.study.faults import Faults
from tpm_widgets.study.model import Scale
from tpm_widgets.study.raw import RawTable
from tpm_widgets.study.rules import Known, answer_remedy, at_least, known_customer, within, words_for
from tpm_widgets.study.schema import TABLES


def check_roles(
    raw: RawTable,
    survey: pd.DataFrame,
    columns: Mapping[str, str],
    scales: Mapping[str, Scale | None],
    known: Known,
    faults: Faults,
) -> pd.DataFrame:
    """Note what breaks the rules of the survey's own roles; every answer stays."""
    rules = [
        at_least(columns, role.name, role.at_least)
        for role in TABLES["survey"]
        if role.name in columns and role.at_least is not None
    ]
    rules += [_answered(columns, role, scale) for role, scale in scales.items() if scale is not None]
    if known.customers is not None and "customer" in columns:
        rules.append(known_customer(columns, "customer", known))
    return enforce(raw, survey, rules, faults)


def check_ratings(
    raw: RawTable, ratings: pd.DataFrame, columns: Mapping[str, str], scales: Mapping[str, Scale], faults: Faults
) -> pd.DataFrame:
    """Note ratings off their scale; ``columns`` maps touchpoints to the file's columns."""
    rules = [_answered(columns, touchpoint, scales[touchpoint]) for touchpoint in map(str, ratings)]
    return enforce(raw, ratings, rules, faults)


def _answered(columns: Mapping[str, str], role: str, scale: Scale) -> Rule:
    return within(columns, role, scale, words_for(scale), answer_remedy())
