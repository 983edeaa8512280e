"""Is a touchpoint that is nothing but random numbers called a driver in no more than 5 % of the studies?

A simulated study, in which one touchpoint's ratings are replaced by dice: who experienced it and how he rates it is
drawn once for each customer, who gives the same rating in every wave, as he does with the real ones. So the dice hang
together within a customer as the answers do, and only errors clustered by customer hold what they promise. Weights are
made uneven. Without customers and weights every answer throws its own dice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

import tpm_widgets as tpm
from tests.verification.limits import most

SEEDS = range(12_000, 13_000)
DESIGN = {"respondents": 1_000, "customers": 900, "touchpoints": 6, "waves": 4, "improvement": 0.0}
WEIGHT_SPREAD = 0.5  # of the log of the weights
REACH = 0.75
CALLED = 0.05  # the p value from which on a touchpoint is called a driver


@dataclass(frozen=True, slots=True)
class Regression:
    """An outcome with its model, on answers as they are or freed of customers and weights."""

    outcome: str
    model: str
    survey: bool


REGRESSIONS = (
    Regression("recommend", "ols", survey=False),
    Regression("recommend", "ols", survey=True),
    Regression("promoter", "logit", survey=False),
    Regression("promoter", "logit", survey=True),
    Regression("referred", "logit", survey=True),
)


def with_dice(study: tpm.Study, rng: np.random.Generator, clustered: bool = True) -> tuple[tpm.Study, str]:
    """Replace the ratings of the first touchpoint that drives nothing; return the study and the touchpoint's name."""
    name = next(name for name, role in study.truth["roles"].items() if role == "neither")
    thrower = study.survey["customer"].factorize()[0] if clustered else np.arange(len(study.survey))
    experienced = (rng.random(len(thrower)) < REACH)[thrower]
    rating = rng.integers(1, 6, len(thrower))[thrower]
    return replace(
        study,
        ratings=study.ratings.assign(**{name: np.where(experienced, rating, np.nan)}),
        experienced=study.experienced.assign(**{name: pd.array(experienced, "boolean")}),
    ), name


def one_seed(seed: int) -> pd.DataFrame:
    """Every p value of the dice: ``seed, regression, test, p_value``."""
    rng = np.random.default_rng(seed)
    simulated = tpm.simulate_study(seed=seed, **DESIGN)
    uneven = simulated.survey["weight"] * np.exp(rng.normal(0, WEIGHT_SPREAD, len(simulated.survey)))
    weighted = replace(simulated, survey=simulated.survey.assign(weight=uneven.round(4)))
    survey, name = with_dice(weighted, rng)
    plain, _ = with_dice(
        replace(simulated, survey=simulated.survey.drop(columns=["weight", "customer"])), rng, clustered=False
    )
    rows = [
        {"seed": seed, "regression": in_short(kind), "test": test, "p_value": p_value}
        for kind in REGRESSIONS
        for test, p_value in p_values(survey if kind.survey else plain, kind, name)
    ]
    return pd.DataFrame(rows)


def in_short(kind: Regression) -> str:
    """Name a regression."""
    return f"{kind.outcome}, {kind.model}" + (", weights and clusters" if kind.survey else "")


def p_values(study: tpm.Study, kind: Regression, name: str) -> Iterator[tuple[str, float]]:
    """Each way to be called a driver: the coefficient, the average effect, "never", and importance against noise."""
    drivers = tpm.driver_regression(study, outcome=kind.outcome)
    yield "coefficient", float(drivers.table.set_index("touchpoint").loc[name, "p_value"])
    if kind.model != "ols":
        yield "average effect", float(drivers.effects.set_index("touchpoint").loc[name, "p_value"])
    terms = drivers.terms[drivers.terms["touchpoint"] == name]
    yield "never experienced", float(terms["p_value"].iloc[-1])
    noise = tpm.importance_intervals(drivers, how="influence").noise
    yield "noise test of importance", float(noise.set_index("touchpoint").loc[name, "p_value"])


def called(runs: pd.DataFrame) -> pd.DataFrame:
    """How often the dice were called a driver: ``regression, test, runs, called, share``."""
    table = runs.assign(called=runs["p_value"] <= CALLED).groupby(["regression", "test"], sort=False)
    table = table.agg(runs=("called", "size"), called=("called", "sum")).reset_index()
    return table.assign(share=table["called"] / table["runs"])


def in_words(runs: pd.DataFrame) -> str:
    """Say for the dated page how often dice were called a driver."""
    table = called(runs)
    limit = most(CALLED, int(table["runs"].max()), len(table))
    lines = [
        f"Dice among the touchpoints, {runs['seed'].nunique()} studies of {DESIGN['respondents']} answers: called a "
        f"driver at p ≤ {CALLED} (the exact binomial limit of a claim of 5 %: {limit} of {int(table['runs'].max())}).",
        "",
        "| regression | called by | studies | called | share |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.regression} | {row.test} | {row.runs} | {row.called} | {row.share:.3f} |" for row in table.itertuples()
    ]
    return "\n".join(lines)


def faults(runs: pd.DataFrame) -> list[str]:
    """Name the tests that call dice a driver more often than 5 % can explain."""
    table = called(runs)
    return [
        f"dice called a driver, {row.test}, {row.regression}: {row.share:.3f}, limit {limit / row.runs:.3f}"
        for row in table.itertuples()
        if row.called > (limit := most(CALLED, row.runs, len(table)))
    ]
