"""The simulated customers: what they experienced, when they came and left, whom they recommended the insurer to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import TypeVar

import numpy as np

from tpm_widgets.study.simulate.model import Calendar, Model, shares

NEVER = 0  # a rating that was never made, because the touchpoint was never experienced
NO_DAY = -32768  # the day of what did not happen
LEAD = 180  # days before the recording: their recommendations are in no table, but win customers afterwards


@dataclass(frozen=True, slots=True, kw_only=True)
class Customers:
    """One value per customer, shape (n,) unless said otherwise. Days count from the start of recording."""

    ratings: np.ndarray  # (n, p) int8, 0 where never experienced, before the improvement
    improved: np.ndarray  # int8: the improved touchpoint's rating afterwards
    halo: np.ndarray
    house: np.ndarray  # int8: positions in the model's groups; all 0 where the company has no houses
    region: np.ndarray
    age: np.ndarray
    product: np.ndarray
    segment: np.ndarray
    score: np.ndarray  # the noiseless answer before the improvement, and what that adds to it
    score_gain: np.ndarray
    rate: np.ndarray  # recommendations a day before the improvement, and what that multiplies them by
    rate_gain: np.ndarray
    acquired: np.ndarray  # int32; before 0 for the base
    left: np.ndarray  # int32; after the last day of observation for those who stay
    recommendation: np.ndarray  # int32: the recommendation that won them, −1 for all others


@dataclass(frozen=True, slots=True)
class Recommendations:
    """One value per recommendation, shape (m,); those before day 0 are there only where they won a customer since."""

    referrer: np.ndarray  # the customer's position
    day: np.ndarray
    perspective: np.ndarray  # int8
    consent: np.ndarray  # bool
    contacted: np.ndarray  # day, or NO_DAY
    converted: np.ndarray


def draw_customers(
    rng: np.random.Generator, model: Model, calendar: Calendar, acquired: np.ndarray, recommendation: np.ndarray
) -> Customers:
    """Draw the customers who came on the days ``acquired``; column by column, so that memory stays small."""
    n, constants = len(acquired), model.constants
    halo = rng.standard_normal(n)
    ratings = np.zeros((n, len(model.names)), np.int8, order="F")
    improved = np.zeros(n, np.int8)
    common, own = np.sqrt(model.settings.halo), np.sqrt(1 - model.settings.halo)
    for j in range(ratings.shape[1]):
        latent = model.location[j] + model.spread[j] * (common * halo + own * rng.standard_normal(n))
        experienced = rng.random(n) < model.reach[j]
        ratings[:, j] = np.where(experienced, on_scale(latent, 1, 5), NEVER)
        if model.improvement is not None and j == model.improvement.touchpoint:
            improved = np.where(experienced, on_scale(latent + model.improvement.size, 1, 5), NEVER).astype(np.int8)
    groups = (constants.region_share, constants.age_share, constants.product_share, constants.segment_share)
    region, age, product, segment = (draw_groups(rng, shares(group), n) for group in groups)
    house = np.zeros(n, np.int8)
    if constants.house_share:
        house = draw_groups(rng, shares(constants.house_share), n)
        regions = list(constants.region_share)
        region = np.array([regions.index(constants.house_region[name]) for name in constants.house_share], np.int8)[
            house
        ]

    score = model.intercept + predictor(ratings, model.say, model.say_never, model.centre)
    score += model.settings.halo_on_score * halo
    score += np.take(constants.say_age, age) + np.take(constants.say_region, region)
    rate = predictor(ratings, model.do, model.do_never, model.centre) + np.take(constants.do_age, age)
    if constants.house_share:
        score += np.take(constants.say_house, house)
        rate += np.take(constants.do_house, house)
    score_gain, rate_gain = np.zeros(n), np.zeros(n)
    if model.improvement is not None:
        column = model.improvement.touchpoint
        change = improved - ratings[:, column]
        score_gain, rate_gain = model.say[column] * change, model.do[column] * change
    return Customers(
        ratings=ratings,
        improved=improved,
        halo=halo,
        house=house,
        region=region,
        age=age,
        product=product,
        segment=segment,
        score=score,
        score_gain=score_gain,
        rate=model.daily_rate * np.exp(rate),
        rate_gain=np.exp(rate_gain),
        acquired=acquired.astype(np.int32),
        left=draw_leaving(rng, model, calendar, acquired, score, score_gain),
        recommendation=recommendation.astype(np.int32),
    )


def on_scale(latent: np.ndarray, low: int, high: int) -> np.ndarray:
    """Round to whole points within a scale."""
    return np.clip(np.rint(latent), low, high).astype(np.int8)


def draw_groups(rng: np.random.Generator, share: np.ndarray, n: int) -> np.ndarray:
    """Draw positions of groups by their shares."""
    return np.searchsorted(np.cumsum(share)[:-1], rng.random(n), side="right").astype(np.int8)


def predictor(ratings: np.ndarray, effect: np.ndarray, never: np.ndarray, centre: np.ndarray) -> np.ndarray:
    """Σ effect·(rating − centre) over what was experienced plus Σ never over the rest: a table of six values each."""
    total = np.zeros(len(ratings))
    for j in np.flatnonzero((effect != 0) | (never != 0)):
        values = np.concatenate([[never[j]], effect[j] * (np.arange(1, 6) - centre[j])])
        total += values[ratings[:, j]]
    return total


def draw_leaving(
    rng: np.random.Generator,
    model: Model,
    calendar: Calendar,
    acquired: np.ndarray,
    score: np.ndarray,
    score_gain: np.ndarray,
) -> np.ndarray:
    """Draw the day of leaving, from a hazard that changes at the improvement; ``until + 1`` for those who stay."""
    entry = np.maximum(acquired, 0)
    slope = model.settings.churn_by_score
    before = model.settings.churn / 365 * np.exp(-slope * (score - model.constants.mean_score))
    after = before * np.exp(-slope * score_gain)
    change = np.maximum(model.improvement.day if model.improvement else calendar.until + 1, entry)
    budget, spent = rng.standard_exponential(len(acquired)), before * (change - entry)
    never = calendar.until + 1.0
    early = entry + np.divide(budget, before, out=np.full_like(budget, np.inf), where=before > 0)
    late = change + np.divide(budget - spent, after, out=np.full_like(budget, np.inf), where=after > 0)
    days = np.floor(np.where(budget < spent, early, late)) + 1
    return np.minimum(days, never).astype(np.int32)


def draw_recommendations(
    rng: np.random.Generator, model: Model, calendar: Calendar, customers: Customers, first: int
) -> Recommendations:
    """Draw the recommendations that these customers made while they were customers.

    ``first`` is the position of the first of them among all customers.
    """
    change = model.improvement.day if model.improvement else calendar.until + 1
    entry = np.maximum(
        customers.acquired + 1, -LEAD
    )  # on the day of coming and on the day of leaving, nobody recommends
    middle = np.clip(change, entry, np.maximum(customers.left, entry))
    before = rng.poisson(customers.rate * (middle - entry))
    after = rng.poisson(customers.rate * customers.rate_gain * np.maximum(customers.left - middle, 0))
    who = np.concatenate([np.repeat(np.arange(len(before)), before), np.repeat(np.arange(len(after)), after)])
    late = np.arange(len(who)) >= before.sum()
    start, end = np.where(late, middle[who], entry[who]), np.where(late, customers.left[who], middle[who])
    day = start + np.floor(rng.random(len(who)) * (end - start)).astype(np.int64)

    constants, m = model.constants, len(who)
    perspective = draw_groups(rng, shares(constants.perspective_share), m)
    consent = rng.random(m) < constants.consent
    contacted = day + 1 + np.floor(rng.exponential(constants.contact_delay - 0.5, m)).astype(np.int64)
    contacted = np.where(consent & (contacted <= calendar.until), contacted, NO_DAY)
    converted = contacted + 1 + np.floor(rng.exponential(constants.conversion_delay - 0.5, m)).astype(np.int64)
    converts = (contacted > NO_DAY) & (rng.random(m) < shares(constants.conversion)[perspective])
    converted = np.where(converts & (converted <= calendar.until), converted, NO_DAY)
    made = (first + who, day, perspective, consent, contacted, converted)
    kept = (day >= 0) | (converted >= 0)
    return Recommendations(*(column[kept] for column in made))


def draw_market(
    rng: np.random.Generator, model: Model, calendar: Calendar, customers: int
) -> tuple[Customers, Recommendations]:
    """Draw base and other new customers, then generation by generation those whom recommendations won."""
    constants = model.constants
    base, others = round(customers * constants.base_share), round(customers * constants.others_share)
    years = rng.exponential(constants.mean_tenure, base) % 15
    acquired = np.concatenate([-1 - np.floor(years * 365), rng.integers(0, calendar.until + 1, others)])
    generation = draw_customers(rng, model, calendar, acquired, np.full(len(acquired), -1))
    people, deeds, n, m = [generation], [], 0, 0
    while len(generation.acquired):
        made = draw_recommendations(rng, model, calendar, generation, first=n)
        deeds.append(made)
        won = np.flatnonzero(made.converted >= 0)
        n, first = n + len(generation.acquired), m
        m += len(made.day)
        generation = draw_customers(rng, model, calendar, made.converted[won], first + won)
        people.append(generation)
    return stack(people), stack(deeds)


Columns = TypeVar("Columns", Customers, Recommendations)


def stack(parts: Iterable[Columns]) -> Columns:
    """Put the generations below each other."""
    listed = list(parts)
    kind = type(listed[0])
    return kind(**{f.name: np.concatenate([getattr(part, f.name) for part in listed]) for f in fields(kind)})
