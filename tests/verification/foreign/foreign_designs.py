"""Studies of a family foreign to our simulator: what real surveys bring, with a truth that is known.

Scores are heavy at the top, ratings share no halo, blanks hang on what would have been answered, weights have a CV of
1 and go with the score, persons answer again, deeds are rare and recommenders win with Pareto's tail. Each function
draws the tables of one study; nothing here knows how anything is estimated.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

TOP = np.array([0.03, 0.05, 0.10, 0.22, 0.60])  # of ratings from 1 to 5
SCORES = np.array([0.04, 0.03, 0.03, 0.06, 0.08, 0.16, 0.20, 0.40])  # of 0, 3, 5, 6, 7, 8, 9, 10
GIVEN = np.array([0, 3, 5, 6, 7, 8, 9, 10])
NPS = float(SCORES[GIVEN >= 9].sum() - SCORES[GIVEN <= 6].sum())
PROMOTERS = float(SCORES[GIVEN >= 9].sum())
SLOPES = np.array([0.6, 0.3, 0.15, 0.0])
LARGE = 1_000_000  # answers in which a truth is seen


def top_heavy(rng: np.random.Generator, answers: int) -> pd.DataFrame:
    """A simple random sample: ``score``."""
    return pd.DataFrame({"score": rng.choice(GIVEN, answers, p=SCORES)})


def informative(rng: np.random.Generator, answers: int) -> pd.DataFrame:
    """Who is less content answers less often and weighs more: ``score, weight``; the weights vary beyond that."""
    weight = 1 + 3.0 * (GIVEN <= 6) + 1.0 * (GIVEN == 7)
    seen = SCORES / weight
    place = rng.choice(len(GIVEN), answers, p=seen / seen.sum())
    return pd.DataFrame({"score": GIVEN[place], "weight": weight[place] * rng.lognormal(-0.18, 0.6, answers)})


def again(rng: np.random.Generator, persons: int, answers: int, alike: float = 0.7) -> pd.DataFrame:
    """Each person answers several times, mostly the same: ``score, customer``."""
    who = np.repeat(np.arange(persons), answers)
    opinion = np.sqrt(alike) * rng.normal(size=persons)[who] + np.sqrt(1 - alike) * rng.normal(size=len(who))
    place = np.searchsorted(np.cumsum(SCORES)[:-1], stats.norm.cdf(opinion))
    return pd.DataFrame({"score": GIVEN[place], "customer": [f"c{person}" for person in who]})


def driven(rng: np.random.Generator, persons: int, answers: int = 1) -> pd.DataFrame:
    """Scores that ratings drive, 0…10 and cut there: ``score, x…, customer``.

    Who answers several times keeps half of the variance of his ratings, and adds to all his scores alike.
    """
    who = np.repeat(np.arange(persons), answers)
    habit = rng.normal(size=(persons, len(SLOPES)))[who] if answers > 1 else np.zeros((len(who), len(SLOPES)))
    alone = rng.normal(size=habit.shape)
    ranks = stats.norm.cdf(np.sqrt(0.5) * (habit + alone) if answers > 1 else alone)
    ratings = np.searchsorted(np.cumsum(TOP)[:-1], ranks) + 1.0
    drift = rng.normal(size=persons)[who] if answers > 1 else 0.0
    score = np.clip(np.round(8 + (ratings - 4) @ SLOPES + drift + rng.standard_t(5, len(who))), 0, 10)
    named = {f"x{place}": ratings[:, place] for place in range(len(SLOPES))}
    return pd.DataFrame({"score": score, **named, "customer": [f"c{person}" for person in who]})


@cache
def slopes(answers: int, outcome: str) -> tuple[float, ...]:
    """What a rating point goes with in ``driven``: by least squares, or in log odds of being a promoter."""
    table = driven(np.random.default_rng(1), LARGE // answers, answers)
    given = sm.add_constant(table[[f"x{place}" for place in range(len(SLOPES))]].to_numpy())
    if outcome == "promoter":
        return tuple(sm.Logit((table["score"] >= 9).to_numpy(float), given).fit(disp=0).params[1:])
    return tuple(np.linalg.lstsq(given, table["score"].to_numpy(float), rcond=None)[0][1:])


def silent(rng: np.random.Generator, answers: int) -> pd.DataFrame:
    """As ``driven``, but of x0 and x1, which have something in common, those who rate x1 low say less of x0."""
    common = rng.normal(size=(answers, 1))
    ranks = stats.norm.cdf(np.sqrt(0.5) * common + np.sqrt(0.5) * rng.normal(size=(answers, len(SLOPES))))
    ratings = np.searchsorted(np.cumsum(TOP)[:-1], ranks) + 1.0
    score = 6 + (ratings - 4) @ SLOPES + rng.normal(size=answers)
    named = {f"x{place}": ratings[:, place].copy() for place in range(len(SLOPES))}
    named["x0"][rng.random(answers) < np.where(ratings[:, 1] <= 4, 0.5, 0.15)] = 99
    return pd.DataFrame({"score": score, **named})


def recommenders(rng: np.random.Generator, count: int, tail: float, others: int) -> pd.DataFrame:
    """New customers, of whom each recommender won ⌈1 + Pareto⌉: ``customer, acquired, source, recommended_by``."""
    won = np.ceil(rng.pareto(tail, max(rng.poisson(count), 1)) + 1).astype(int)
    alone = rng.poisson(others)
    by = [f"r{place}" for place in np.repeat(np.arange(len(won)), won)]
    return pd.DataFrame(
        {
            "customer": [f"n{place}" for place in range(len(by) + alone)],
            "acquired": "2024-02-01",
            "source": ["recommendation"] * len(by) + ["other"] * alone,
            "recommended_by": [*by, *[None] * alone],
        }
    )


def mean_won(tail: float) -> float:
    """How many ⌈1 + Pareto⌉ is on average: 1 + Σ P(Pareto > k), k = 0, 1, …"""
    return 1 + float(np.sum(np.arange(1, 2_000_000) ** -tail))


def rare_deeds(rng: np.random.Generator, answers: int) -> pd.DataFrame:
    """Deeds of 2 to 3 % to which a rating point adds, in proportion, more than to words: ``score, x…, recommended``."""
    table = driven(rng, answers).drop(columns="customer")
    log_odds = -3.9 + 0.15 * (table["x0"] - 3)
    return table.assign(recommended=rng.random(answers) < 1 / (1 + np.exp(-log_odds)))


def alike(rng: np.random.Generator, answers: int, touchpoints: int, slope: float) -> pd.DataFrame:
    """All touchpoints matter alike, or not at all with a slope of 0: ``score, x…``; their means differ."""
    middle = np.linspace(-0.5, 0.5, touchpoints)
    ranks = stats.norm.cdf(rng.normal(size=(answers, touchpoints)) + middle)
    ratings = np.searchsorted(np.cumsum(TOP)[:-1], ranks) + 1.0
    score = 6 + slope * (ratings - 4).sum(axis=1) + 1.2 * rng.normal(size=answers)
    return pd.DataFrame({"score": score, **{f"x{place}": ratings[:, place] for place in range(touchpoints)}})
