"""The simulated survey: who answers when, what they say, and what they write."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.stats import norm

from tpm_widgets.study.simulate.columns import dates, flags, identifiers, words
from tpm_widgets.study.simulate.customers import NEVER, Customers, Recommendations, on_scale
from tpm_widgets.study.simulate.model import Calendar, Model

COMMENT_SHARE = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """One value per answer, shape (n,), in the order of the dates."""

    customer: np.ndarray  # position among the customers
    wave: np.ndarray
    day: np.ndarray
    weight: np.ndarray


def draw_answers(
    rng: np.random.Generator, model: Model, calendar: Calendar, customers: Customers, respondents: int
) -> Answers:
    """Choose the respondents of each wave among those who are customers throughout its weeks in the field.

    Each customer's log odds of being chosen depend a little on halo and age (Gumbel keys draw without replacement).
    """
    waves = len(calendar.names)
    sizes = np.full(waves, respondents // waves) + (np.arange(waves) < respondents % waves)
    odds = model.constants.answers_by_halo * customers.halo + np.take(model.constants.answers_by_age, customers.age)
    parts = []
    for wave, size in enumerate(sizes):
        active = np.flatnonzero((customers.acquired < calendar.starts[wave]) & (customers.left > calendar.ends[wave]))
        if len(active) < size:
            raise ValueError(
                f"customers must be more: wave {calendar.names[wave]} needs {size} of them to answer, "
                f"and {len(active)} can."
            )
        keys = odds[active] + rng.gumbel(size=len(active))
        # The set is the same everywhere, its order is the processor's: so it is sorted, and drawn anew.
        chosen = active[rng.permutation(np.sort(np.argpartition(-keys, size - 1)[:size]))]
        day = np.sort(rng.integers(calendar.starts[wave], calendar.ends[wave] + 1, size))
        weight = cell_weights(customers, active, chosen)
        parts.append((chosen, np.full(size, wave), day, weight))
    customer, wave_of, day, weight = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Answers(customer=customer, wave=wave_of, day=day, weight=weight)


def cell_weights(customers: Customers, active: np.ndarray, chosen: np.ndarray) -> np.ndarray:
    """Post-stratification by region and age: a cell's share of the customers over its share of the answers, mean 1."""
    cell = customers.region.astype(int) * 3 + customers.age
    everybody, answered = np.bincount(cell[active], minlength=12), np.bincount(cell[chosen], minlength=12)
    weight = (everybody[cell[chosen]] / len(active)) / (answered[cell[chosen]] / len(chosen))
    return np.round(weight / weight.mean(), 4)


def survey_tables(
    rng: np.random.Generator,
    model: Model,
    calendar: Calendar,
    customers: Customers,
    deeds: Recommendations,
    answers: Answers,
    number: np.ndarray,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Survey, ratings and experience as a study holds them; ``number`` is each customer's number in identifiers."""
    constants, who, n = model.constants, answers.customer, len(answers.customer)
    improved = after_improvement(model, answers)
    latent = customers.score[who] + np.where(improved, customers.score_gain[who], 0.0)
    recommend = on_scale(latent + constants.noise * rng.standard_normal(n), 0, 10)
    liking = constants.overall_on_halo * customers.halo[who] + constants.overall_noise * rng.standard_normal(n)
    overall = on_scale(constants.mean_overall + liking, 1, 5)
    survey = pd.DataFrame(
        {
            "respondent": identifiers("R", respondent_numbers(rng, number)[who], len(number)),
            "recommend": recommend.astype(float),
            "customer": identifiers("C", number[who], len(number)),
            "date": dates(answers.day, calendar.recording_start),
            "wave": pd.Categorical.from_codes(answers.wave.astype(int), pd.Index(calendar.names), ordered=True),
            "weight": answers.weight,
            "overall": overall.astype(float),
            "recommended_12m": flags(reported(rng, model, customers, deeds, answers), np.zeros(n, bool)),
            "tenure": np.round((answers.day - customers.acquired[who]) / 365.25, 1),
            "text": comments(rng, recommend, model.profile.comments),
            "region": words(customers.region[who], list(constants.region_share)),
            "product": words(customers.product[who], list(constants.product_share)),
            "age_group": words(customers.age[who], list(constants.age_share)),
        }
    )
    if constants.house_share:
        survey["house"] = words(customers.house[who], list(constants.house_share))
    ratings, experienced = {}, {}
    for j, name in enumerate(model.names):
        rating = customers.ratings[who, j]
        if model.improvement is not None and j == model.improvement.touchpoint:
            rating = np.where(improved, customers.improved[who], rating)
        silent = rng.random(n) < constants.no_answer
        ratings[name] = np.where(silent | (rating == NEVER), np.nan, rating)
        experienced[name] = flags(rating != NEVER, silent)
    return survey, pd.DataFrame(ratings), pd.DataFrame(experienced)


def after_improvement(model: Model, answers: Answers) -> np.ndarray:
    """Tell which answers were given after the improvement."""
    return np.full(len(answers.day), False) if model.improvement is None else answers.day >= model.improvement.day


def share_who_did(recommend: pd.Series, chance: np.ndarray) -> dict[str, float]:
    """Share who really recommended in the last 12 months, by the class of the answer; see ``chance_of_deed``."""
    kinds = pd.cut(recommend, [-1, 6, 8, 10], labels=["detractor", "passive", "promoter"])
    return {str(kind): float(part.mean()) for kind, part in pd.Series(chance).groupby(kinds, observed=True)}


def average_effects(model: Model, customers: Customers, answers: Answers, window: int) -> dict[str, dict[str, float]]:
    """Put the effects on the scale of shares: the average slope of P(promoter) and of P(recommends within the window).

    Averaged over the answers, per rating point, with a follow-up that is complete and free of changes.
    """
    who, improved = answers.customer, after_improvement(model, answers)
    latent = customers.score[who] + np.where(improved, customers.score_gain[who], 0.0)
    expected = window * customers.rate[who] * np.where(improved, customers.rate_gain[who], 1.0)
    promoter = norm.pdf(8.5, latent, model.constants.noise).mean()
    referred = (expected * np.exp(-expected)).mean()
    return {
        "promoter_effect": dict(zip(model.names, (promoter * model.say).tolist(), strict=True)),
        "referred_effect": dict(zip(model.names, (referred * model.do).tolist(), strict=True)),
    }


def respondent_numbers(rng: np.random.Generator, number: np.ndarray) -> np.ndarray:
    """One number per customer for the questionnaire, which gives nothing away about the customer's."""
    return rng.permutation(len(number)) + 1


def reported(
    rng: np.random.Generator, model: Model, customers: Customers, deeds: Recommendations, answers: Answers
) -> np.ndarray:
    """Tell who reports a recommendation of the last 12 months: memory fails, and wishes help it."""
    did = rng.random(len(answers.day)) < chance_of_deed(customers, deeds, answers)
    return rng.random(len(did)) < np.where(did, model.constants.recall, model.constants.false_recall)


def chance_of_deed(customers: Customers, deeds: Recommendations, answers: Answers) -> np.ndarray:
    """P(recommended in the last 12 months), shape (n,): 1 where it is recorded.

    Deeds before the start of recording are not in the tables, but people remember them: there, the chance of at
    least one is that of the same Poisson process.
    """
    who, span = answers.customer, int(answers.day.max()) + 366
    recorded = deeds.day >= 0
    key = np.sort(deeds.referrer[recorded] * span + np.minimum(deeds.day[recorded], span - 1))
    last, first = (np.searchsorted(key, who * span + np.maximum(day, 0)) for day in (answers.day, answers.day - 365))
    before = np.clip(-np.maximum(answers.day - 365, customers.acquired[who] + 1), 0, None)
    return np.where(last > first, 1.0, -np.expm1(-customers.rate[who] * before))


def comments(rng: np.random.Generator, recommend: np.ndarray, by_tone: tuple[tuple[str, ...], ...]) -> pd.Series:
    """Write a comment under about a third of the answers, in the tone of the answer."""
    tone = np.digitize(recommend, [7, 9])
    per_tone = len(by_tone[0])
    chosen = tone * per_tone + rng.integers(0, per_tone, len(recommend))
    chosen[rng.random(len(recommend)) >= COMMENT_SHARE] = -1
    return words(chosen, [comment for several in by_tone for comment in several])
