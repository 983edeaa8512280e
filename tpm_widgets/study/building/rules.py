"""The demands on the cells of each table besides their kind: on a scale, known, unique, in time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say
from tpm_widgets.study.cells.faults import Deferred, Faults
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.model import Scale

Gathered = Callable[[pd.Series, np.ndarray], Deferred]
PERSONS = ("respondent", "customer", "recommended_by", "referrer", "new_customer")  # never shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What other tables may refer to; None where there is no table to refer to."""

    touchpoints: pd.Index = field(default_factory=lambda: pd.Index([], dtype="str"))
    customers: pd.DataFrame | None = None  # indexed by customer
    respondents: pd.Index | None = None


def rule(
    columns: Mapping[str, str],
    role: str,
    passes: Callable[[pd.Series], pd.Series],
    expected: Sentence,
    remedy: Sentence | Gathered,
    reason: Sentence | None,
) -> Rule:
    """Make the rule of a role; the cells of persons are never shown."""
    return Rule(
        role=role,
        column=columns[role],
        passes=passes,
        expected=expected,
        remedy=remedy,
        reason=reason,
        masked=role in PERSONS,
    )


def at_least(columns: Mapping[str, str], role: str, least: float) -> Rule:
    """No number below ``least``."""
    return rule(
        columns,
        role,
        lambda cells: cells >= least,
        say("a number of {least} or more", least=int(least)),
        say("Correct the cell."),
        say("{role} below {least}", role=role, least=int(least)),
    )


def within(
    columns: Mapping[str, str], role: str, scale: Scale, expected: Sentence, remedy: Sentence | Gathered
) -> Rule:
    """No number off its scale."""
    return rule(columns, role, lambda cells: cells.between(*scale), expected, remedy, say("off the scale"))


def words_for(scale: Scale | None) -> Sentence:
    """Say what a cell on a scale has to be."""
    if scale is None:
        return say("a number")
    low, high = (int(end) if float(end).is_integer() else float(end) for end in scale)
    return say("a number from {low} to {high}", low=low, high=high)


def known_customer(columns: Mapping[str, str], role: str, known: Known) -> Rule:
    """Nobody whom the table of customers does not know."""
    customers = known.customers.index if known.customers is not None else pd.Index([])
    return rule(
        columns,
        role,
        # unlike isin, which makes its list of thousands anew for each column, the index remembers whom it holds
        lambda cells: cells.notna() & (customers.get_indexer(pd.Index(cells)) >= 0),
        say("a customer of the table of customers"),
        say("Correct the cell, or add the customer."),
        say("unknown {role}", role=role),
    )


def not_before(columns: Mapping[str, str], later: str, earlier: str, start: pd.Series) -> Rule:
    """No day before the earlier one of its row."""
    return rule(
        columns,
        later,
        lambda cells: ~(cells < start),
        say("a day on or after {column}", column=columns[earlier]),
        say("Correct one of the two days."),
        say("{later} before {earlier}", later=later, earlier=earlier),
    )


def after_start(columns: Mapping[str, str], start: pd.Series) -> Rule:
    """No recommendation by somebody who was no customer yet."""
    return rule(
        columns,
        "date",
        lambda cells: ~(cells < start),
        say("a day on or after the referrer became a customer"),
        say("Correct the date, or the customer's start in the table of customers."),
        say("referral before the customer's start"),
    )


def agreeing(columns: Mapping[str, str], sources: pd.Series, referrer: pd.Series) -> Rule:
    """Report, and leave nothing out, where a referral brought a customer who came for another reason."""
    return rule(
        columns,
        "new_customer",
        lambda cells: cells.map(sources).fillna("recommendation").eq("recommendation") | (cells == referrer),
        say("a customer whose source is recommendation"),
        say("Correct the source or the referral; the source in the table of customers counts."),
        None,
    )


def not_himself(frame: pd.DataFrame, columns: Mapping[str, str], role: str, other: str) -> Rule:
    """Nobody who recommends to himself."""
    return rule(
        columns,
        role,
        lambda cells: ~(cells == frame[other]).fillna(False).astype(bool),
        say("somebody else than in {column}", column=columns[other]),
        say("Correct one of the two cells."),
        say("recommends himself"),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One demand on the cells of a role; a missing cell meets every demand.

    ``passes`` maps the column to True where a cell meets it. A broken cell is missing afterwards, unless ``reason``
    is None: then it is only reported. A ``remedy`` may take in the cells, and where they are broken, first.
    """

    role: str
    column: str
    passes: Callable[[pd.Series], pd.Series]
    expected: Sentence
    remedy: Sentence | Gathered
    reason: Sentence | None
    masked: bool = False


def enforce(raw: RawTable, frame: pd.DataFrame, rules: Iterable[Rule], faults: Faults) -> pd.DataFrame:
    """Note each cell that breaks a rule and return the frame with those cells missing."""
    checked = frame.copy(deep=False)
    for rule in rules:
        cells = frame[rule.role]  # as they were read: what one rule leaves out can break another as well
        broken = ~(rule.passes(cells) | cells.isna()).to_numpy(bool)
        if broken.any():
            remedy = rule.remedy if isinstance(rule.remedy, Sentence) else rule.remedy(cells, broken)
            faults.note(raw, broken, rule.column, rule.expected, remedy, reason=rule.reason, masked=rule.masked)
        if broken.any() and rule.reason is not None:
            checked[rule.role] = checked[rule.role].mask(broken)
    return checked
