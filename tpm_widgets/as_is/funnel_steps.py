"""From willing to won, one row per customer: what each said, did, and how long that could be seen."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.as_is.classes import answer_classes
from tpm_widgets.as_is.consent_counts import came_into_contact
from tpm_widgets.as_is.customer_time import CustomerTime
from tpm_widgets.as_is.exposure import became_customers, follow_answers
from tpm_widgets.as_is.linkage import customer_spans, recorded_period
from tpm_widgets.language import Sentence, say_n
from tpm_widgets.statistics.estimate import Estimate
from tpm_widgets.statistics.proportions import wilson
from tpm_widgets.statistics.survival import event_share
from tpm_widgets.statistics.weights import weighted_mean
from tpm_widgets.study.model import Study

DEEDS = ("recommended", "contact", "bought")


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """Customers who were followed, one row each.

    ``rows`` has ``weight``, ``entry`` (days of the window that were over before watching began) and for each deed of
    ``DEEDS`` the column of that name (seen to happen) and ``…_time`` (days until it, or until the end); ``willing``
    where answers are tied to customers. ``contact_known``: contacts, or at least conversions, were recorded.
    """

    rows: pd.DataFrame
    contact_known: bool
    caveats: tuple[Sentence, ...]


def first_answers(study: Study, window: int) -> Followed:
    """Follow each customer from the first answer that can be followed, through later answers, over the window."""
    scores, willing = answer_classes(study)
    valid = np.flatnonzero(~np.isnan(willing) & (study.weights > 0))
    own = _answers(study, valid)
    followed = follow_answers(own, window=window, verb="referral_funnel")
    order = followed.answers.sort_values("start", kind="stable")
    first = np.sort(order.index[~order["customer"].duplicated()].to_numpy())
    chosen = valid[first]

    start, end = recorded_period(study)
    one_each = replace(_answers(study, chosen), period=replace(study.period, recording_start=start, observed_until=end))
    answers = follow_answers(one_each, window=window).answers
    rows = answers[["referred", "time", "won", "won_time", "entry"]]
    rows = rows.set_axis(["recommended", "recommended_time", "bought", "bought_time", "entry"], axis=1)
    contacts = _contacts(study)
    if contacts is not None:
        met = follow_answers(replace(one_each, referrals=contacts), window=window).answers
        rows = rows.assign(contact=met["referred"], contact_time=met["time"])
    rows = rows.assign(weight=study.weights[chosen], willing=willing[chosen] > 0)
    caveats = list(followed.caveats)
    if len(valid) < len(scores):
        caveats.append(
            say_n(
                "{count} answer without a score or weight does not count.",
                "{count} answers without a score or weight do not count.",
                len(scores) - len(valid),
            )
        )
    later = len(followed.answers) - len(first)
    if later:
        caveats.append(
            say_n(
                "Each customer counts once, with the first answer that could be followed; {count} later one is left "
                "out.",
                "Each customer counts once, with the first answer that could be followed; {count} later ones are left "
                "out.",
                later,
            )
        )
    return Followed(rows=rows.astype({"entry": float}), contact_known=contacts is not None, caveats=tuple(caveats))


def _answers(study: Study, rows: np.ndarray) -> Study:
    """Return the study with some of its answers, numbered anew."""

    def part(frame: pd.DataFrame) -> pd.DataFrame:
        return frame.iloc[rows].reset_index(drop=True) if len(frame) else frame

    return replace(study, survey=part(study.survey), ratings=part(study.ratings), experienced=part(study.experienced))


def _referrals_of(study: Study) -> dict[str, pd.DataFrame | None]:
    """Return the recommendations that went as far as each deed; None where that was not recorded."""
    referrals = study.referrals.dropna(subset=["referrer", "date"])  # type: ignore[union-attr]
    won = became_customers(customer_spans(study), referrals)[0]
    return {"recommended": referrals, "contact": _contacts(study), "bought": referrals[won]}


def _contacts(study: Study) -> pd.DataFrame | None:
    """Return the recommendations that came to a contact; None where that was not recorded."""
    referrals = study.referrals.dropna(subset=["referrer", "date"])  # type: ignore[union-attr]
    return referrals[came_into_contact(referrals)] if "contacted" in referrals else None


def all_customers(study: Study, time: CustomerTime, window: int) -> Followed:
    """Follow each customer over the window from the first day observed: no answer is needed, and none is known."""
    there = time.years() > 0
    start, end = time.start[there], time.end[there]
    watched = np.minimum(end - start + 1, window)
    persons = np.flatnonzero(there)
    rows = pd.DataFrame({"weight": np.ones(len(persons)), "entry": np.zeros(len(persons))})
    contact_known = True
    for deed, referrals in _referrals_of(study).items():
        if referrals is None:
            contact_known = False
            continue
        deeds = time.deeds[time.deeds.index.isin(referrals.index)]
        first = deeds.groupby("person")["day"].min().reindex(persons).to_numpy(float) - start + 1
        happened = first <= watched
        rows[deed], rows[f"{deed}_time"] = happened, np.where(happened, first, watched)
    return Followed(rows=rows, contact_known=contact_known, caveats=time.caveats)


def willing_customers(followed: Followed, level: float) -> list[Any]:
    """Return the row of those willing, among the customers who were followed."""
    willing, weights = followed.rows["willing"].to_numpy(float), followed.rows["weight"].to_numpy(float)
    share = _share(willing, weights, level)
    return ["willing", len(willing), int(willing.sum()), *_limits(share), *[np.nan] * 3]


def willing_answers(study: Study, level: float) -> list[Any]:
    """Return the row of those willing, among all who answered; repeated answers of a person hang together."""
    _, classes = answer_classes(study)
    valid = ~np.isnan(classes) & (study.weights > 0)
    share = _share((classes > 0)[valid].astype(float), study.weights[valid], level, study.persons[valid])
    return ["willing", int(valid.sum()), int((classes > 0)[valid].sum()), *_limits(share), *[np.nan] * 3]


def _share(yes: np.ndarray, weights: np.ndarray, level: float, clusters: np.ndarray | None = None) -> Estimate:
    """Return a weighted share with Wilson's interval at the effective size."""
    share, _, n_eff = weighted_mean(yes, weights, clusters)
    low, high = wilson(share, n_eff, level)
    return Estimate(share, float(low), float(high), len(yes))


def _limits(share: Estimate) -> list[float]:
    return [share.estimate, share.conf_low, share.conf_high]


def deed_rows(followed: Followed, window: int, level: float) -> list[list[Any]]:
    """Return the rows of what customers did."""
    rows, found = followed.rows, []
    previous = None
    for deed in DEEDS:
        if deed == "contact" and not followed.contact_known:
            found.append([deed, len(rows), None, *[np.nan] * 6])
            continue
        if previous is None:
            willing = rows[rows["willing"]] if "willing" in rows else rows[:0]
            of_previous = _by_window(willing, deed, window, level)
        else:
            there = rows[rows[previous]]
            of_previous = _limits(_share(there[deed].to_numpy(float), there["weight"].to_numpy(float), level))
        count = int(rows[deed].sum())
        found.append([deed, len(rows), count, *_by_window(rows, deed, window, level), *of_previous])
        previous = deed
    return found


def _by_window(rows: pd.DataFrame, deed: str, window: int, level: float) -> list[float]:
    """Return the Kaplan-Meier share with the deed by the end of the window, and its interval."""
    share = event_share(
        rows[f"{deed}_time"].to_numpy(float),
        rows[deed].to_numpy(bool),
        horizon=window,
        level=level,
        entry=rows["entry"].to_numpy(float),
        weights=rows["weight"].to_numpy(float),
    )
    return [share.estimate, share.conf_low, share.conf_high]
