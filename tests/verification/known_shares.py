"""Ratings and answers whose population covariance is known in whole fractions, and so every share of importance.

A halo s ~ Binomial(2, 1/2) is in the first four ratings: rating = 1 + s + Binomial(2, 1/2); the others are
1 + Binomial(4, 1/2). So each rating has mean 3 and variance 1, and two with the halo have covariance 1/2. Each
touchpoint is experienced with its own chance, independently of all else. With x = rating − 3 for those who did, 0 for
the others, and e = 1 for those who never did, the chance P = 1/2 + Σ slope·x + Σ never·(e − its mean) lies within
0…1, and the answer is Binomial(10, P): a whole number from 0 to 10 whose regression on the ratings is linear. Where
one draw decides, the answer is 10 or 0: who promotes follows a linear probability model.

The truth is computed in fractions, from the definition: the mean gain in R² over all subsets of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from itertools import combinations
from math import factorial

import numpy as np
import pandas as pd

import tpm_widgets as tpm

TOUCHPOINTS = ("advice", "claim", "invoice", "app", "website", "magazine")
HALO = (1, 1, 1, 1, 0, 0)
SLOPES = tuple(Fraction(k, 100) for k in (8, 6, 3, 0, 4, 0))  # the app only goes along; the magazine is noise
NEVER = tuple(Fraction(k, 100) for k in (-2, 2, 0, 0, 1, 0))
REACH = tuple(Fraction(k, 10) for k in (9, 7, 8, 9, 6, 8))
HALF = Fraction(1, 2)
HALO_SHARES = np.array([1, 2, 1]) / 4  # of s = 0, 1, 2 in the population
ASKED_SHARES = np.array([3, 2, 1]) / 6  # where the answers are chosen unevenly; weights make up for it

Matrix = list[list[Fraction]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Design:
    """One way to ask.

    Attributes
    ----------
    draws : int
        10 for the 0–10 answer, 1 for promoters and others.
    outcome : str
        What is explained, as ``driver_regression`` names it.
    uneven : bool
        Answers chosen unevenly, with weights; two answers of each customer, with the same ratings.
    """

    draws: int
    outcome: str
    uneven: bool


DESIGNS = {
    "recommend": Design(draws=10, outcome="recommend", uneven=False),
    "recommend, weights and clusters": Design(draws=10, outcome="recommend", uneven=True),
    "promoter, weights and clusters": Design(draws=1, outcome="promoter", uneven=True),
}


def population(draws: int) -> Matrix:
    """Covariance of the six ratings, the six indicators of "never" and, last, the answer (as a sum of draws)."""
    count = len(TOUCHPOINTS)
    matrix = [[Fraction(0)] * (2 * count + 1) for _ in range(2 * count + 1)]
    for j in range(count):
        for k in range(count):
            both = REACH[j] * REACH[k] * HALF * HALO[j] * HALO[k]
            matrix[j][k] = REACH[j] if j == k else both
        matrix[count + j][count + j] = REACH[j] * (1 - REACH[j])
    slopes = [*SLOPES, *NEVER]
    chance = [sum(matrix[j][k] * slopes[k] for k in range(2 * count)) for j in range(2 * count)]
    spread = sum(slopes[j] * chance[j] for j in range(2 * count))
    for j, value in enumerate(chance):
        matrix[j][-1] = matrix[-1][j] = draws * value
    matrix[-1][-1] = draws * (HALF - HALF**2 - spread) + draws**2 * spread
    return matrix


def explained(matrix: Matrix, columns: list[int]) -> Fraction:
    """R² of the last column on some others: Gauss's elimination in fractions."""
    rows = [[matrix[j][k] for k in [*columns, -1]] for j in [*columns, -1]]
    for pivot in range(len(columns)):
        for below in range(pivot + 1, len(rows)):
            factor = rows[below][pivot] / rows[pivot][pivot]
            rows[below] = [value - factor * above for value, above in zip(rows[below], rows[pivot], strict=True)]
    return 1 - rows[-1][-1] / matrix[-1][-1]


def exact_lmg(matrix: Matrix, groups: list[list[int]]) -> list[Fraction]:
    """LMG from its definition: each player's gain in R², averaged over all subsets of the others and their sizes."""
    players = range(len(groups))
    r_squared = {
        subset: explained(matrix, [column for player in subset for column in groups[player]])
        for size in range(len(groups) + 1)
        for subset in combinations(players, size)
    }
    shares = []
    for player in players:
        gain = Fraction(0)
        for subset, value in r_squared.items():
            if player not in subset:
                weight = factorial(len(subset)) * factorial(len(groups) - len(subset) - 1)
                with_it = r_squared[tuple(sorted((*subset, player)))]
                gain += Fraction(weight, factorial(len(groups))) * (with_it - value)
        shares.append(gain)
    return shares


@cache
def true_importance(draws: int) -> pd.Series:
    """LMG of each touchpoint, its rating and its indicator as one."""
    count = len(TOUCHPOINTS)
    shares = exact_lmg(population(draws), [[j, count + j] for j in range(count)])
    return pd.Series([float(share) for share in shares], index=list(TOUCHPOINTS))


@cache
def true_importance_of_terms(draws: int, method: str) -> pd.Series:
    """Importance of each of the twelve columns alone: "first", "last", "betasq" or "pratt"."""
    matrix = population(draws)
    columns = list(range(len(matrix) - 1))
    slopes = [draws * slope for slope in (*SLOPES, *NEVER)]
    outcome = matrix[-1][-1]
    shares = {
        "first": lambda j: matrix[j][-1] ** 2 / (matrix[j][j] * outcome),
        "last": lambda j: explained(matrix, columns) - explained(matrix, [k for k in columns if k != j]),
        "betasq": lambda j: slopes[j] ** 2 * matrix[j][j] / outcome,
        "pratt": lambda j: slopes[j] * matrix[j][-1] / outcome,
    }
    return pd.Series([float(shares[method](j)) for j in columns], index=column_names())


def column_names() -> list[str]:
    """Name the twelve columns of ``draw_columns``."""
    return [*TOUCHPOINTS, *(f"{name}, never" for name in TOUCHPOINTS)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """A sample: one row per answer."""

    ratings: np.ndarray  # 1…5
    experienced: np.ndarray
    answer: np.ndarray  # a sum of draws
    weight: np.ndarray
    customer: np.ndarray


def draw(seed: int, answers: int, design: Design) -> Drawn:
    """Draw from the population."""
    rng = np.random.default_rng(seed)
    people = answers // 2 if design.uneven else answers
    asked = ASKED_SHARES if design.uneven else HALO_SHARES
    halo = rng.choice(3, people, p=asked)
    own = [rng.binomial(2 if shared else 4, 0.5, people) + shared * halo for shared in HALO]
    ratings = 1 + np.column_stack(own)
    experienced = rng.random(ratings.shape) < np.array(REACH, float)
    reach = np.array(REACH, float)
    chance = 0.5 + (experienced * (ratings - 3)) @ np.array(SLOPES, float)
    chance += (~experienced - (1 - reach)) @ np.array(NEVER, float)
    customer = np.repeat(np.arange(people), 2) if design.uneven else np.arange(people)
    return Drawn(
        ratings=ratings[customer],
        experienced=experienced[customer],
        answer=rng.binomial(design.draws, chance[customer]),
        weight=(HALO_SHARES / asked)[halo][customer],
        customer=customer,
    )


def study_of(drawn: Drawn, design: Design) -> tpm.Study:
    """Put the answers into a study; where one draw decides, 10 stands for a promoter and 0 for the others."""
    blank = np.where(drawn.experienced, drawn.ratings, 9)
    frame = pd.DataFrame(blank, columns=list(TOUCHPOINTS)).assign(
        recommend=drawn.answer * (10 // design.draws), weight=drawn.weight, customer=drawn.customer
    )
    roles = {"weight": "weight", "customer": "customer"} if design.uneven else {}
    return tpm.make_study(
        frame, recommend="recommend", touchpoints=list(TOUCHPOINTS), rating_scale=(1, 5), not_experienced=(9,), **roles
    )


def frame_of(drawn: Drawn) -> pd.DataFrame:
    """Lay out the twelve columns and the answer."""
    columns = np.hstack([drawn.experienced * (drawn.ratings - 3), ~drawn.experienced])
    return pd.DataFrame(columns, columns=column_names()).assign(answer=drawn.answer)
