"""Recommendations and their consent, counted: by basis, by what was recorded, by who was contacted."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.linkage import recorded_period
from tpm_widgets.as_is.deeds.recommenders import frequent_answers
from tpm_widgets.as_is.groups import ALL, split_columns, split_values
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.statistics.estimates.weighted import clustered_share
from tpm_widgets.study.model import Study, given

COUNTS = ["referrals", "with_consent", "without_consent", "not_recorded"]


def has_consent(referrals: pd.DataFrame) -> np.ndarray:
    """Tell where consent is on record; a missing cell is no consent, shape (n,)."""
    if "consent" not in referrals:
        return np.zeros(len(referrals), dtype=bool)
    return referrals["consent"].astype("boolean").fillna(False).to_numpy(bool)


def recorded_referrals(study: Study) -> tuple[pd.DataFrame, list[Sentence]]:
    """Return the recommendations made while deeds were recorded, and how many were not."""
    referrals = given(study.referrals).dropna(subset=["referrer", "date"])
    if referrals.empty:
        return referrals.reset_index(drop=True), []
    inside = referrals["date"].between(*recorded_period(study))
    outside = int((~inside).sum())
    caveats = []
    if outside:
        caveats.append(
            say_n(
                "{count} recommendation was made outside the recorded period and does not count.",
                "{count} recommendations were made outside the recorded period and do not count.",
                outside,
            )
        )
    return referrals[inside].reset_index(drop=True), caveats


def referral_groups(referrals: pd.DataFrame, by: str | None) -> pd.Series:
    """Return each recommendation's group by one of its own columns; refuse any other."""
    if by is None:
        return pd.Series(ALL, index=referrals.index, dtype=object)
    allowed = split_columns("referrals", referrals)
    if by not in allowed:
        listed = ", ".join(map(repr, allowed)) or "no column"
        raise ValueError(f"by={by!r} is no property of a recommendation; the table of referrals offers {listed}.")
    return split_values("referrals", referrals, by)


def consent_states(referrals: pd.DataFrame) -> np.ndarray:
    """Name what is known of each recommendation's consent, in the columns' words."""
    if "consent" not in referrals:
        return np.full(len(referrals), "not_recorded")
    recorded = referrals["consent"].notna().to_numpy()
    return np.where(recorded, np.where(has_consent(referrals), "with_consent", "without_consent"), "not_recorded")


def consent_measures(part: pd.DataFrame, least: int, identifiers: set[object], level: float) -> list[list[Any]]:
    """Return the row of all bases and one of each, from the basis on."""
    given = (part["state"] == "with_consent").to_numpy()
    clusters = pd.factorize(part["referrer"])[0]
    n, ones = len(part), np.ones(len(part))
    counts = [int((part["state"] == state).sum()) for state in COUNTS[1:]]
    share = clustered_share(given.astype(float), ones, level=level, clusters=clusters)
    rows: list[list[Any]] = [[ALL, n, *counts, *share.limits]]
    if "consent_basis" not in part:
        return rows
    bases = frequent_answers(part["consent_basis"].where(given), least, identifiers)
    for basis in bases.cat.categories:
        own = (bases == basis).to_numpy(float)
        share = clustered_share(own, ones, level=level, clusters=clusters)
        rows.append([basis, n, int(own.sum()), None, None, *share.limits])
    return rows


def contact_counts(frame: pd.DataFrame) -> pd.DataFrame:
    """Count by consent who was contacted, and who of those with consent was contacted before its day."""
    columns = ["consent", "referrals", "contacted", "before_consent"]
    if not {"contacted", "converted"} & set(frame):
        return pd.DataFrame(columns=columns)
    contacted, early = came_into_contact(frame), np.zeros(len(frame), dtype=bool)
    if {"contacted", "consent_date"} <= set(frame):
        early = (frame["contacted"] < frame["consent_date"]).to_numpy(bool)
    rows = []
    for state in COUNTS[1:]:
        own = (frame["state"] == state).to_numpy()
        rows.append([state, int(own.sum()), int((own & contacted).sum()), int((own & contacted & early).sum())])
    return pd.DataFrame(rows, columns=columns)


def came_into_contact(referrals: pd.DataFrame) -> np.ndarray:
    """Tell which recommendations led to a contact: one with its day, or a conversion, shape (n,)."""
    days = referrals.reindex(columns=["contacted", "converted", "new_customer"])
    return np.asarray(days.notna().any(axis=1), dtype=bool)


def undocumented(frame: pd.DataFrame) -> list[Sentence]:
    """Count the consents without a day or without a basis."""
    given = frame[frame["state"] == "with_consent"]
    undated, baseless = (
        int(given.reindex(columns=[role])[role].isna().sum()) for role in ("consent_date", "consent_basis")
    )
    if not undated and not baseless:
        return []
    return [
        say(
            "Of {n} consents {undated} have no day on record, and {baseless} no basis.",
            n=len(given),
            undated=undated,
            baseless=baseless,
        )
    ]
