"""What happened at the simulated touchpoints: incidents with their complaints, and public reviews."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tpm_widgets.study.simulate.columns import dates, flags, identifiers, words
from tpm_widgets.study.simulate.companies.profile import Touchpoint
from tpm_widgets.study.simulate.customers import NEVER, Customers, on_scale
from tpm_widgets.study.simulate.model import Calendar, Model

PROBLEMS = ("waiting", "mistake", "not understood", "unfriendly", "broken promise")
INCIDENTS_PER_CUSTOMER = 0.45  # tried; those at touchpoints that the customer never experienced do not happen
REVIEWS_PER_CUSTOMER = 0.06


def draw_scenes(
    rng: np.random.Generator, calendar: Calendar, customers: Customers, share: np.ndarray, tries: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Who experiences something where and when, and how he rates that touchpoint: only where he ever is."""
    who = rng.integers(0, len(customers.acquired), tries)
    where = rng.choice(len(share), tries, p=share)
    start, end = np.maximum(customers.acquired[who] + 1, 0), np.minimum(customers.left[who], calendar.until + 1)
    day = start + np.floor(rng.random(tries) * np.maximum(end - start, 0)).astype(np.int64)
    rating = customers.ratings[who, where]
    happens = np.flatnonzero((rating != NEVER) & (end > start))
    happens = happens[np.lexsort((who[happens], day[happens]))]
    return who[happens], where[happens], day[happens], rating[happens]


def incident_table(
    rng: np.random.Generator,
    model: Model,
    calendar: Calendar,
    customers: Customers,
    touchpoints: tuple[Touchpoint, ...],
    number: np.ndarray,
) -> pd.DataFrame:
    """Incidents by date. A bad one may be complained about, registered, acknowledged, resolved, and told about.

    A complaint moves nothing here: neither what its customer says nor what he does, however it was settled.
    """
    share = np.array([touchpoint.numbers.incidents for touchpoint in touchpoints])
    tries = round(len(number) * INCIDENTS_PER_CUSTOMER)
    who, where, day, rating = draw_scenes(rng, calendar, customers, share / share.sum(), tries)
    n = len(who)
    bad = rng.random(n) < 1 / (1 + np.exp(1.1 * (rating - 3.2)))
    severity = on_scale(3.6 - 0.3 * rating + rng.standard_normal(n), 1, 5)
    annoyance = on_scale(1.5 * severity + 1 + 1.5 * rng.standard_normal(n), 0, 10)

    complains = bad & (rng.random(n) < 0.15 + 0.1 * severity)
    complained = day + rng.integers(0, 15, n)
    registers = complains & (rng.random(n) < 0.85)
    registered = complained + rng.integers(0, 4, n)
    acknowledges = registers & (rng.random(n) < 0.8)
    acknowledged = registered + rng.integers(0, 6, n)
    resolves = registers & (rng.random(n) < 0.8)
    first_contact = rng.random(n) < 0.35
    wait = np.where(first_contact, 0, 1 + rng.gamma(2.0, 9.0, n)).astype(np.int64)
    resolved = np.where(acknowledges, acknowledged, registered) + wait
    satisfied = rng.random(n) < np.where(first_contact, 0.8, 0.65 - 0.008 * np.minimum(wait, 60))
    told = rng.random(n) < 0.3

    until, start = calendar.until, calendar.recording_start
    complains, registers = complains & (complained <= until), registers & (registered <= until)
    acknowledges, resolves = acknowledges & (acknowledged <= until), resolves & (resolved <= until)
    problem = np.where(bad, rng.choice(len(PROBLEMS), n, p=[0.32, 0.22, 0.18, 0.10, 0.18]), -1)
    return pd.DataFrame(
        {
            "customer": identifiers("C", number[who], len(number)),
            "touchpoint": words(where, list(model.names)),
            "date": dates(day, start),
            "valence": words(bad.astype(int), ["positive", "negative"]),
            "problem": words(problem, PROBLEMS),
            "severity": np.where(bad, severity, np.nan),
            "annoyance": np.where(bad, annoyance, np.nan),
            "complained": dates(complained, start, missing=~complains),
            "registered": dates(registered, start, missing=~registers),
            "acknowledged": dates(acknowledged, start, missing=~acknowledges),
            "resolved": dates(resolved, start, missing=~resolves),
            "first_contact": flags(first_contact, ~resolves),
            "satisfied": flags(satisfied, ~resolves),
            "informed": flags(told, ~resolves),
        }
    )


def review_table(rng: np.random.Generator, model: Model, calendar: Calendar, customers: Customers) -> pd.DataFrame:
    """Public reviews by date: some customers write about one touchpoint, most about the whole."""
    p = len(model.names)
    tries = max(round(len(customers.acquired) * REVIEWS_PER_CUSTOMER), 20)
    who, where, day, rating = draw_scenes(rng, calendar, customers, np.full(p, 1 / p), tries)
    about = rng.random(len(who)) < 0.4
    mood = np.where(about, rating, customers.score[who] / 2 - 0.5) + 0.7 * rng.standard_normal(len(who))
    stars = on_scale(mood, 1, 5)
    tone = np.digitize(stars, [3, 5])
    text = np.where(rng.random(len(who)) < 0.7, tone * 8 + rng.integers(0, 8, len(who)), -1)
    return pd.DataFrame(
        {
            "date": dates(day, calendar.recording_start),
            "platform": words(rng.integers(0, 3, len(who)), model.profile.platforms),
            "stars": stars.astype(float),
            "touchpoint": words(np.where(about, where, -1), list(model.names)),
            "text": words(text, [comment for several in model.profile.comments for comment in several]),
        }
    )
