"""The demands on the cells of each table, and what a row is nothing without. Of the survey every answer stays, whatever
cells of it are missing afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from tpm_widgets.language import say
from tpm_widgets.study.building.remedies import AnswerRemedies
from tpm_widgets.study.building.rules import (
    PERSONS,
    Known,
    Rule,
    after_start,
    agreeing,
    at_least,
    enforce,
    known_customer,
    not_before,
    not_himself,
    rule,
    within,
    words_for,
)
from tpm_widgets.study.cells.converting import are_blank
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.model import Scale
from tpm_widgets.study.schema import SCALES, TABLES

UNIQUE = {"touchpoints": "touchpoint", "customers": "customer", "waves": "wave"}
# What a row is nothing without: where it is missing, the row is left out.
KEYS = {
    "touchpoints": ("touchpoint",),
    "customers": ("customer",),
    "referrals": ("referrer", "date"),
    "revenue": ("customer", "period", "revenue"),
    "actions": ("action", "touchpoint"),
    "goals": ("metric", "target"),
    "waves": ("wave", "start", "end"),
}
# Earlier and later days of one row; equal days are in order.
IN_ORDER = {
    "customers": (("acquired", "left"),),
    "referrals": (("date", "contacted"), ("date", "converted")),
    "incidents": tuple(("date", later) for later in ("complained", "registered", "acknowledged", "resolved")),
    "actions": (("start", "due"),),
    "waves": (("start", "end"),),
}


def check_table(
    raw: RawTable,
    frame: pd.DataFrame,
    columns: Mapping[str, str],
    known: Known,
    scales: Mapping[str, Scale],
    faults: Faults,
) -> pd.DataFrame:
    """Note what breaks the table's rules, and return the rows that are left."""
    rules = [
        *_bounds(raw.table, columns, scales),
        *_unique(raw.table, columns),
        *_known(raw.table, columns, known),
        *_in_order(raw.table, frame, columns),
        *_of_persons(raw.table, frame, columns, known),
    ]
    checked = enforce(raw, frame, rules, faults)
    return _complete(raw, checked, columns, faults)


def _bounds(table: str, columns: Mapping[str, str], scales: Mapping[str, Scale]) -> Iterable[Rule]:
    for role in TABLES[table]:
        scale = scales.get(role.name) or SCALES.get((table, role.name))
        if role.name not in columns:
            continue
        if role.at_least is not None:
            yield at_least(columns, role.name, role.at_least)
        if scale is not None:
            remedy = say(
                "Correct the cell, or declare {role} = [lowest, highest] under [{table}.scales].",
                table=table,
                role=role.name,
            )
            yield within(columns, role.name, scale, words_for(scale), remedy)


def _unique(table: str, columns: Mapping[str, str]) -> Iterable[Rule]:
    role = UNIQUE.get(table, "")
    if role in columns:
        yield rule(
            columns,
            role,
            lambda cells: ~cells.duplicated(),
            say("each {role} once", role=role),
            say("Delete the row; the first one is kept."),
            say("{role} repeated", role=role),
        )


def _known(table: str, columns: Mapping[str, str], known: Known) -> Iterable[Rule]:
    if "touchpoint" in columns and table != "touchpoints":
        yield rule(
            columns,
            "touchpoint",
            lambda cells: cells.isin(known.touchpoints),
            say("a touchpoint of the study"),
            say("Correct the name, or list it in the table of touchpoints."),
            say("unknown touchpoint"),
        )
    if known.respondents is not None and "respondent" in columns and table != "survey":
        respondents = known.respondents
        yield rule(
            columns,
            "respondent",
            lambda cells: cells.isin(respondents),
            say("a respondent of the survey"),
            say("Correct the cell."),
            say("unknown respondent"),
        )
    if known.customers is not None and table != "customers":
        yield from (known_customer(columns, role, known) for role in PERSONS[1:] if role in columns)


def _in_order(table: str, frame: pd.DataFrame, columns: Mapping[str, str]) -> Iterable[Rule]:
    for earlier, later in IN_ORDER.get(table, ()):
        if earlier in columns and later in columns:
            yield not_before(columns, later, earlier, frame[earlier])


def _of_persons(table: str, frame: pd.DataFrame, columns: Mapping[str, str], known: Known) -> Iterable[Rule]:
    """Nobody recommends to himself, nobody before he was a customer, and the source in customers counts."""
    if table == "customers" and "recommended_by" in columns:
        yield not_himself(frame, columns, "recommended_by", "customer")
    if table != "referrals":
        return
    if "new_customer" in columns:
        yield not_himself(frame, columns, "referrer", "new_customer")
    if known.customers is not None and "acquired" in known.customers:
        yield after_start(columns, frame["referrer"].map(known.customers["acquired"]))
    if known.customers is not None and "source" in known.customers and "new_customer" in columns:
        yield agreeing(columns, known.customers["source"], frame["referrer"])


def _complete(raw: RawTable, frame: pd.DataFrame, columns: Mapping[str, str], faults: Faults) -> pd.DataFrame:
    """Leave out the rows without a key; an empty key is a fault of its own, a faulty one was noted before."""
    keep = np.ones(len(frame), dtype=bool)
    for role in KEYS.get(raw.table, ()):
        missing = frame[role].isna().to_numpy()
        empty = missing & are_blank(raw.cells(columns[role]))
        remedy = say("Fill in the cell; until then the row is left out.")
        faults.note(
            raw,
            empty & keep,
            columns[role],
            say("a value"),
            remedy,
            reason=say("no {role}", role=role),
        )
        keep &= ~missing
    return frame[keep].reset_index(drop=True)


def check_roles(
    raw: RawTable,
    survey: pd.DataFrame,
    columns: Mapping[str, str],
    scales: Mapping[str, Scale | None],
    known: Known,
    remedies: AnswerRemedies,
    faults: Faults,
) -> pd.DataFrame:
    """Note what breaks the rules of the survey's own roles; every answer stays."""
    rules = [
        at_least(columns, role.name, role.at_least)
        for role in TABLES["survey"]
        if role.name in columns and role.at_least is not None
    ]
    rules += [
        within(columns, role, scale, words_for(scale), remedies.off_scale(role, columns[role], scale))
        for role, scale in scales.items()
        if scale is not None
    ]
    if known.customers is not None and "customer" in columns:
        rules.append(known_customer(columns, "customer", known))
    return enforce(raw, survey, rules, faults)


def check_ratings(
    raw: RawTable,
    ratings: pd.DataFrame,
    columns: Mapping[str, str],
    scales: Mapping[str, Scale],
    remedies: AnswerRemedies,
    faults: Faults,
) -> pd.DataFrame:
    """Note ratings off their scale; ``columns`` maps touchpoints to the file's columns."""
    rules = [
        within(
            columns,
            name,
            scales[name],
            words_for(scales[name]),
            remedies.off_scale("rating", columns[name], scales[name]),
        )
        for name in map(str, ratings)
    ]
    return enforce(raw, ratings, rules, faults)
