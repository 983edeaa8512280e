"""What the simulated company has on file: customers, recommendations, revenue, the list of touchpoints; and what of it
a study may hold: everything, nothing that ties answers to customers, or answers only.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.study.model import OTHER_TABLES, Period, Study
from tpm_widgets.study.simulate.columns import dates, flags, identifiers, words
from tpm_widgets.study.simulate.companies.profile import Profile, Touchpoint
from tpm_widgets.study.simulate.customers import NO_DAY, Customers, Recommendations
from tpm_widgets.study.simulate.model import Calendar, Model

SOURCES = ("recommendation", "other", "unknown")
HEARD = ("friend", "family", "colleague", "online review", "community")
CHANNELS = {  # by perspective
    "one_to_one": ("talk", "phone", "messenger", "e-mail"),
    "one_to_many": ("review platform", "social media", "video", "talk to a group"),
    "many_to_many": ("community", "forum", "club", "network group"),
}
MARGIN = 0.20
DISCOUNT = 0.08


def touchpoint_table(touchpoints: tuple[Touchpoint, ...]) -> pd.DataFrame:
    """List the company's touchpoints, in the customer's order."""
    rows = []
    for order, touchpoint in enumerate(touchpoints, start=1):
        text, number = touchpoint.words, touchpoint.numbers
        rows.append(
            {
                "touchpoint": touchpoint.name,
                "label": text.label,
                "phase": text.phase,
                "order": float(order),
                "channel": text.channel,
                "medium": text.medium,
                "control": text.control,
                "function": text.function,
                "status": "current",
                "listed_by": text.listed_by,
                "first_contact": number.first_contact,
                "spend": float(number.spend),
                "cost_per_contact": float(number.cost_per_contact),
                "staff_rating": number.staff_rating,
                "worst_case": text.worst_case,
            }
        )
    return pd.DataFrame(rows)


def sources(rng: np.random.Generator, model: Model, customers: Customers) -> np.ndarray:
    """Tell what the company knows of each customer's source, as positions in ``SOURCES``.

    Nobody asked those who were there before the recording; of the new ones some stay unknown, completely at random.
    """
    unasked = (customers.acquired < 0) | (rng.random(len(customers.acquired)) < model.settings.unknown)
    return np.where(unasked, 2, np.where(customers.recommendation >= 0, 0, 1))


def customer_table(
    rng: np.random.Generator,
    model: Model,
    calendar: Calendar,
    customers: Customers,
    deeds: Recommendations,
    source: np.ndarray,
    premium: np.ndarray,
    number: np.ndarray,
) -> pd.DataFrame:
    """Everybody who is or was a customer in the time of recording, by the day of coming."""
    n, constants, profile = len(number), model.constants, model.profile
    won, stays = source == 0, customers.left > calendar.until
    perspective = np.where(won, deeds.perspective[customers.recommendation], 0) if len(deeds.day) else np.zeros(n, int)
    friend = np.array([0, 3, 4])[perspective] + np.where(perspective == 0, rng.integers(0, 3, n), 0)
    found = len(HEARD) + rng.integers(0, len(profile.found), n)
    referrer = number[deeds.referrer[customers.recommendation]] if len(deeds.day) else np.zeros(n, int)
    hazard = model.settings.churn * np.exp(-model.settings.churn_by_score * (customers.score - constants.mean_score))
    value = premium * MARGIN / (hazard + DISCOUNT)
    again = rng.random(n) < 1 / (1 + np.exp(0.6 - 0.35 * (customers.score - constants.mean_score)))
    cost = np.where(won, 25 + 15 * rng.random(n), rng.gamma(4.0, 40.0, n))
    table = pd.DataFrame(
        {
            "customer": identifiers("C", number, n),
            "acquired": dates(customers.acquired, calendar.recording_start),
            "source": words(source, SOURCES),
            "recommended_by": identifiers("C", np.where(won, referrer, -1), n),
            "aware_through": words(np.where(won, friend, np.where(source == 1, found, -1)), HEARD + profile.found),
            "what_said": words(
                np.where(won & (rng.random(n) < 0.8), rng.integers(0, len(profile.said), n), -1), profile.said
            ),
            "left": dates(customers.left, calendar.recording_start, missing=stays),
            "bought_again": flags(again, np.minimum(customers.left, calendar.until) - customers.acquired < 365),
            "value": np.round(value, 2),
            "acquisition_cost": np.where(customers.acquired < 0, np.nan, np.round(cost, 2)),
            "would_have_joined": flags(rng.random(n) < constants.would_have_joined, ~won),
            "segment": words(customers.segment, list(constants.segment_share)),
        }
    )
    if constants.house_share:
        table["house"] = words(customers.house, list(constants.house_share))
        table["region"] = words(customers.region, list(constants.region_share))
    return table.iloc[np.argsort(number, kind="stable")].reset_index(drop=True)


def referral_table(
    rng: np.random.Generator,
    calendar: Calendar,
    customers: Customers,
    deeds: Recommendations,
    source: np.ndarray,
    number: np.ndarray,
) -> pd.DataFrame:
    """Every recommendation that was recorded, by date.

    Where the new customer's source is unknown, nobody can tell which recommendation won him: the day of the
    conversion is there, ``new_customer`` is missing.
    """
    m, start, most = len(deeds.day), calendar.recording_start, len(number)
    new = np.full(m, -1)
    known = np.flatnonzero(source == 0)
    new[customers.recommendation[known]] = number[known]
    names = [name for channels in CHANNELS.values() for name in channels]
    agreed = np.minimum(deeds.day + rng.integers(0, 2, m), calendar.until)
    crowd = np.array([0.0, 12.0, 40.0])[deeds.perspective]
    table = pd.DataFrame(
        {
            "referrer": identifiers("C", number[deeds.referrer], most),
            "date": dates(deeds.day, start),
            "perspective": words(deeds.perspective, list(CHANNELS)),
            "recipients": np.where(crowd > 0, 2.0 + rng.poisson(crowd), 1.0),
            "channel": words(deeds.perspective * 4 + rng.integers(0, 4, m), names),
            "contacted": dates(deeds.contacted, start, missing=deeds.contacted == NO_DAY),
            "converted": dates(deeds.converted, start, missing=deeds.converted == NO_DAY),
            "new_customer": identifiers("C", new, most),
            "incentive": words(np.searchsorted([0.6, 0.7], rng.random(m)) - 1, ["donation", "voucher"]),
            "consent": flags(deeds.consent, np.zeros(m, bool)),
            "consent_date": dates(agreed, start, missing=~deeds.consent),
            "consent_basis": words(
                np.where(deeds.consent, rng.integers(0, 2, m), -1), ["double opt-in", "own inquiry"]
            ),
        }
    )
    order = np.lexsort((number[deeds.referrer], deeds.day))
    return table.iloc[order[deeds.day[order] >= 0]].reset_index(drop=True)


def draw_premiums(rng: np.random.Generator, model: Model, customers: Customers) -> np.ndarray:
    """Draw what each customer pays in the first year, EUR."""
    return np.take(model.profile.premiums, customers.segment) * np.exp(
        0.35 * rng.standard_normal(len(customers.segment))
    )


def revenue_table(
    rng: np.random.Generator, calendar: Calendar, customers: Customers, premium: np.ndarray, number: np.ndarray
) -> pd.DataFrame:
    """Revenue and margin of each customer in each whole calendar year of the recording."""
    parts = []
    start = calendar.recording_start
    for year in range(start.year, (start + pd.Timedelta(days=calendar.until + 1)).year):
        first, last = ((pd.Timestamp(y, 1, 1) - start).days for y in (year, year + 1))
        days = np.clip(customers.left, first, last) - np.clip(customers.acquired, first, last)
        there = np.flatnonzero(days > 0)
        growth = 1.03 ** (year - start.year) * np.exp(0.05 * rng.standard_normal(len(there)))
        revenue = np.round(premium[there] * growth * days[there] / (last - first), 2)
        margin = np.round(revenue * (MARGIN + 0.04 * rng.standard_normal(len(there))), 2)
        parts.append((number[there], np.full(len(there), year), revenue, margin))
    who, years, revenue, margin = (np.concatenate(column) for column in zip(*parts, strict=True))
    order = np.lexsort((years, who))
    names = [str(year) for year in range(start.year, years.max() + 1)]
    return pd.DataFrame(
        {
            "customer": identifiers("C", who[order], len(number)),
            "period": words(years[order] - start.year, names),
            "revenue": revenue[order],
            "margin": margin[order],
        }
    )


def only_known(study: Study, profile: Profile) -> Study:
    """Take away what nobody knows of this company, or may not know."""
    if profile.kind == "linked":
        return study
    kept = ("touchpoints", *profile.tables)
    unknown: dict[str, Any] = dict.fromkeys(name for name in OTHER_TABLES if name not in kept)
    if profile.kind == "unlinked":
        linkage = {"permitted": False, "basis": "anonymity was promised"}
        survey = study.survey.drop(columns=["customer", "respondent"])
        return replace(study, survey=survey, linkage=linkage, **unknown)
    linkage = {"permitted": False, "basis": "what customers do is not recorded"}
    return replace(study, survey=study.survey.drop(columns="customer"), linkage=linkage, period=Period(), **unknown)
