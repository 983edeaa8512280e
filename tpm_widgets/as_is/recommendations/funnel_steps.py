"""From willing to won, one row per customer: what each said, did, and how long that could be seen; and how far
recommendations carry: participation, conversion, invitations, K and amplification, each by its full name.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.customer_time import CustomerTime
from tpm_widgets.as_is.deeds.exposure import follow_answers
from tpm_widgets.as_is.deeds.linkage import need_linked, recorded_period
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.recommendations.consent_counts import came_into_contact
from tpm_widgets.as_is.score.classes import answer_classes, class_caveats
from tpm_widgets.columns import typed, with_ends
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.statistics.estimates.concentration import amplification, generations
from tpm_widgets.statistics.estimates.design import Design, MeanByDesign, mean_by_design
from tpm_widgets.statistics.estimates.estimate import Estimate, wilson
from tpm_widgets.statistics.estimates.rates import event_rate
from tpm_widgets.statistics.estimates.survival import event_share
from tpm_widgets.statistics.estimates.weighted import clustered_share
from tpm_widgets.study.model import Study, given

DEEDS = ("recommended", "contact", "bought")

SPREAD = {"measure": "", **dict.fromkeys(("numerator", "denominator", *with_ends()), "float64")}


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


def first_answers(observed: Observed, window: int) -> Followed:
    """Follow each customer from the first answer that can be followed, through later answers, over the window."""
    study, spans = observed.study, observed.spans
    scores, willing = answer_classes(study)
    valid = np.flatnonzero(~np.isnan(willing) & (study.weights > 0))
    own = _answers(study, valid)
    need_linked(own, observed.verb)
    followed = follow_answers(own, spans, window)
    order = followed.answers.sort_values("start", kind="stable")
    first = np.sort(order.index[~order["customer"].duplicated()].to_numpy())
    chosen = valid[first]

    start, end = recorded_period(study)
    one_each = replace(_answers(study, chosen), period=replace(study.period, recording_start=start, observed_until=end))
    need_linked(one_each, observed.verb)
    answers = follow_answers(one_each, spans, window).answers
    rows = answers[["referred", "time", "won", "won_time", "entry"]]
    rows = rows.set_axis(["recommended", "recommended_time", "bought", "bought_time", "entry"], axis=1)
    contacts = _contacts(study)
    if contacts is not None:
        met = follow_answers(replace(one_each, referrals=contacts), spans, window).answers
        rows = rows.assign(contact=met["referred"], contact_time=met["time"])
    rows = rows.assign(weight=study.weights[chosen], willing=willing[chosen] > 0)
    caveats = [*class_caveats(study), *followed.caveats]
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


def _contacts(study: Study) -> pd.DataFrame | None:
    """Return the recommendations that came to a contact; None where that was not recorded."""
    referrals = given(study.referrals).dropna(subset=["referrer", "date"])
    return referrals[came_into_contact(referrals)] if "contacted" in referrals else None


def all_customers(observed: Observed, window: int) -> Followed:
    """Follow each customer over the window from the first day observed: no answer is needed, and none is known."""
    time, contacts = observed.time, _contacts(observed.study)
    there = time.years() > 0
    start, end = time.start[there], time.end[there]
    watched = np.minimum(end - start + 1, window)
    persons = np.flatnonzero(there)
    rows = pd.DataFrame({"weight": np.ones(len(persons)), "entry": np.zeros(len(persons))})
    deeds_of = {"recommended": time.deeds, "bought": time.deeds[time.deeds["won"]]}
    if contacts is not None:
        deeds_of["contact"] = time.deeds[time.deeds.index.isin(contacts.index)]
    for deed, deeds in deeds_of.items():
        first = deeds.groupby("person")["day"].min().reindex(persons).to_numpy(float) - start + 1
        happened = first <= watched
        rows[deed], rows[f"{deed}_time"] = happened, np.where(happened, first, watched)
    caveats = (*class_caveats(observed.study), *time.caveats)
    return Followed(rows=rows, contact_known=contacts is not None, caveats=caveats)


def willing_customers(followed: Followed, level: float) -> list[Any]:
    """Return the row of those willing, among the customers who were followed."""
    willing, weights = followed.rows["willing"].to_numpy(float), followed.rows["weight"].to_numpy(float)
    share = _share(willing, weights, level)
    return ["willing", len(willing), int(willing.sum()), *share.limits, *[np.nan] * 3]


def willing_answers(study: Study, level: float) -> list[Any]:
    """Return the row of those willing, among all who answered; repeated answers of a person hang together."""
    _, classes = answer_classes(study)
    willing = np.where(np.isnan(classes), np.nan, classes > 0)
    share = _limits(mean_by_design(willing, study.design), level)
    return ["willing", share.n, int(np.nansum(willing[study.weights > 0])), *share.limits, *[np.nan] * 3]


def _share(yes: np.ndarray, weights: np.ndarray, level: float) -> Estimate:
    """Return a weighted share with Wilson's interval at the effective size."""
    return _limits(mean_by_design(yes, Design.of(weights)), level)


def _limits(share: MeanByDesign, level: float) -> Estimate:
    low, high = wilson(share.estimate, share.size(level), level)
    return Estimate(share.estimate, float(low), float(high), share.n)


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
            of_previous = _share(there[deed].to_numpy(float), there["weight"].to_numpy(float), level).limits
        count = int(rows[deed].sum())
        found.append([deed, len(rows), count, *_by_window(rows, deed, window, level), *of_previous])
        previous = deed
    return found


def _by_window(rows: pd.DataFrame, deed: str, window: int, level: float) -> list[float]:
    """Return the Kaplan-Meier share with the deed by the end of the window, and its interval."""
    return event_share(
        rows[f"{deed}_time"].to_numpy(float),
        rows[deed].to_numpy(bool),
        horizon=window,
        level=level,
        entry=rows["entry"].to_numpy(float),
        weights=rows["weight"].to_numpy(float),
    ).limits


def referral_spread(study: Study, time: CustomerTime, level: float) -> pd.DataFrame:
    """Return one row per measure, with what it divides and its interval."""
    people = time.years() > 0
    made, won = time.counts()[people], time.counts(won=True)[people]
    reached = np.bincount(time.deeds["person"], weights=_invitations(study, time), minlength=len(people))[people]
    active = int(people.sum())
    head = np.ones(active)

    referred = int((made > 0).sum())
    share = referred / active if active else np.nan
    low, high = wilson(share, active, level)
    k = event_rate(won, head, level=level)
    invited = event_rate(reached, head, level=level)
    rows = [
        ["participation rate", referred, active, Estimate(share, float(low), float(high))],
        ["conversion", won.sum(), made.sum(), clustered_share(won, made, level=level)],
        ["invitations per customer", reached.sum(), active, invited],
        ["conversion per invitation", won.sum(), reached.sum(), clustered_share(won, reached, level=level)],
        ["K", won.sum(), active, k],
        [
            "amplification",
            np.nan,
            np.nan,
            Estimate(amplification(k.estimate), amplification(k.conf_low), amplification(k.conf_high)),
        ],
    ]
    return typed([[*row[:3], *row[3].limits] for row in rows], SPREAD)


def _invitations(study: Study, time: CustomerTime) -> np.ndarray:
    """How many people each recommendation went to; one where that is not known."""
    recipients = given(study.referrals).reindex(columns=["recipients"])["recipients"].loc[time.deeds.index]
    return np.maximum(recipients.to_numpy(float, na_value=1.0), 1.0)


def spread_caveats(study: Study, time: CustomerTime) -> list[Sentence]:
    """Say what K rests on, and that it is no forecast."""
    known = given(study.referrals).reindex(columns=["recipients"])["recipients"].loc[time.deeds.index].notna()
    found = [
        say(
            "Participation, invitations and K are for the {days} days of recording and grow with them; amplification "
            "assumes that each generation wins as many customers per head in such a time, and that nobody is left out "
            "of reach.",
            days=(time.observed_until - time.recorded_from).days + 1,
        )
    ]
    if not known.all():
        found.append(
            say(
                "Of {missing} of {n} recommendations it is not known how many people they went to; each counts as one "
                "invitation.",
                missing=int((~known).sum()),
                n=len(known),
            )
        )
    return found


def read_spread(spread: pd.DataFrame) -> Sentence:
    """Read participation and K, and what K means for 1,000 customers."""
    rows = {row["measure"]: row for row in spread.to_dict("records")}
    k = rows["K"]["estimate"]
    if not np.isfinite(k):
        return say("Participation and K cannot be given: no customer was active.")
    told = say(
        "Participation rate (customers who recommended ÷ active customers): {share:percent} of {n}; K (customers won "
        "per active customer): {k:number:3}",
        share=rows["participation rate"]["estimate"],
        n=int(rows["participation rate"]["denominator"]),
        k=k,
    )
    if k >= 1:
        return say("{told}; from 1 on every generation would be larger than the one before.", told=told)
    first, second = generations(1000, k, 2)[1:]
    return say(
        "{told}; at that pace 1,000 customers would win {first:count}, these {second:count}, and all generations "
        "together would be {all:count} (amplification {times:number}).",
        told=told,
        first=first,
        second=second,
        all=1000 * amplification(k),
        times=amplification(k),
    )
