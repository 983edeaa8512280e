"""Does the interval of the asymmetry cover it, and do factors come true as often as their probability says?

Answers are simulated from a regression on low and high ratings itself, so that reward, penalty and asymmetry are known
exactly: ratings share a mood, customers answer up to twice with an error of their own, the spread of the error depends
on the ratings, some touchpoints are not rated by everybody, weights differ. Scores are whole numbers: the expected
score is rounded up or down at random, and an error of −2 … 2 is added.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

import tpm_widgets as tpm
from tpm_widgets.statistics.association.asymmetry import CLASSES, asymmetry, class_of

CUSTOMERS, ANSWERS = 640, 800
PLANTED = {  # reward and penalty
    "delights": (0.9, 0.0),
    "rather delights": (0.6, -0.25),
    "both ways": (0.4, -0.4),
    "rather disappoints": (0.2, -0.55),
    "disappoints": (0.0, -0.8),
    "weak": (0.12, -0.08),
    "nothing": (0.0, 0.0),
}
COVERAGE_SEEDS = range(40_000, 41_000)
CALIBRATION_SEEDS = range(50_000, 50_400)
TOLD = 0.9  # of the studies: touchpoints with a factor so often are those whose coverage is judged
EACH = (0.93, 0.97)
BINS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
APART = 0.07  # between the probability of a bin's factors and the share that came true


def simulate(planted: Mapping[str, tuple[float, float]], seed: int) -> tpm.Study:
    """Make one study whose rewards and penalties are those planted."""
    rng = np.random.default_rng(seed)
    customer = np.concatenate([np.arange(CUSTOMERS), rng.choice(CUSTOMERS, ANSWERS - CUSTOMERS, replace=False)])
    mood = rng.normal(size=CUSTOMERS)[customer]
    latent = 0.6 * mood[:, None] + 0.8 * rng.normal(size=(ANSWERS, len(planted)))
    ratings = pd.DataFrame(np.clip(np.round(3 + 1.1 * latent), 1, 5), columns=list(planted))
    for name in list(planted)[1::2]:
        ratings[name] = ratings[name].where(rng.random(ANSWERS) < 0.8)
    score = np.full(ANSWERS, 5.0)
    for name, (reward, penalty) in planted.items():
        score += reward * (ratings[name] >= 4) + penalty * (ratings[name] <= 2)
    own = rng.choice([-1, 0, 1], CUSTOMERS)[customer]  # shared by a customer's answers
    loud = ratings.iloc[:, 0].to_numpy() >= 4
    error = own + np.where(loud, rng.choice([-1, 0, 1], ANSWERS), 0)
    answers = ratings.assign(
        score=np.floor(score) + (rng.random(ANSWERS) < score % 1) + error,
        customer=customer,
        weight=rng.uniform(0.5, 1.5, ANSWERS),
    )
    return tpm.make_study(
        survey=answers, recommend="score", touchpoints=list(planted), rating_scale=(1, 5), customer="customer",
        weight="weight",
    )  # fmt: skip


def one_seed(seed: int) -> pd.DataFrame:
    """The planted touchpoints of one study: ``touchpoint, truth, asymmetry, told, covered``."""
    table = tpm.penalty_reward(simulate(PLANTED, seed), replicates=100).table
    truth = asymmetry(*np.array(list(PLANTED.values())).T)
    covered = (table["asymmetry_low"] <= truth) & (truth <= table["asymmetry_high"])
    told = table["factor"].notna()
    return table[["touchpoint", "asymmetry"]].assign(truth=truth, told=told, covered=covered & told, seed=seed)


def coverage(runs: pd.DataFrame) -> pd.DataFrame:
    """Per touchpoint: ``truth``, ``told`` (share of the studies), ``coverage`` among those, ``either`` of all studies.

    ``either`` counts a study without an interval as one whose interval is the whole scale, as Fieller's set is.
    """
    table = runs.groupby("touchpoint", sort=False).agg(
        truth=("truth", "first"), studies=("told", "size"), told=("told", "mean"), covered=("covered", "sum")
    )
    counted = table["told"] * table["studies"]
    return table.assign(coverage=table["covered"] / counted, either=1 - (counted - table["covered"]) / table["studies"])


def calibration_seed(seed: int) -> pd.DataFrame:
    """All factors of all touchpoints of one study, planted at random: ``probability`` and whether it is ``true``."""
    rng = np.random.default_rng(seed)
    impact, leaning = rng.uniform(0, 1.2, 5), rng.uniform(-1, 1, 5)
    planted = {
        f"touchpoint {i}": (impact[i] * (1 + leaning[i]) / 2, -impact[i] * (1 - leaning[i]) / 2) for i in range(5)
    }
    result = tpm.penalty_reward(simulate(planted, seed), replicates=500)
    true = class_of(leaning)
    found = result.probabilities.melt("touchpoint", var_name="factor", value_name="probability").dropna()
    place = found["touchpoint"].map({name: number for number, name in enumerate(planted)})
    named = found["touchpoint"].map(result.table.set_index("touchpoint")["factor"]) == found["factor"]
    is_true = found["factor"].map(CLASSES.index).to_numpy() == true[place]
    return found[["probability"]].assign(true=is_true, named=named.to_numpy(), seed=seed)


def calibration(runs: pd.DataFrame) -> pd.DataFrame:
    """Per bin of probability: ``n``, the mean ``probability``, and the share that is ``true``."""
    bins = pd.cut(runs["probability"], BINS, include_lowest=True)
    return runs.groupby(bins, observed=True).agg(
        n=("true", "size"), probability=("probability", "mean"), true=("true", "mean")
    )


def in_words(runs: pd.DataFrame, chances: pd.DataFrame) -> str:
    """Both tables, and what they rest on."""
    table = coverage(runs)
    rows = [
        f"| {name} | {row.truth:.2f} | {row.told:.1%} | {row.coverage:.3f} |"
        if np.isfinite(row.truth)
        else f"| {name} | – | {row.told:.1%} | – |"
        for name, row in zip(table.index, table.itertuples(), strict=True)
    ]
    bins = [f"| {row.probability:.2f} | {row.true:.2f} | {row.n} |" for row in calibration(chances).itertuples()]
    return "\n".join(
        [
            f"Asymmetry of reward and penalty: {runs['seed'].nunique()} studies of {ANSWERS} answers by {CUSTOMERS} "
            "customers. *Told*: share of the studies in which a factor was named.",
            "",
            "| planted | truth | told | coverage where told |",
            "|---|---|---|---|",
            *rows,
            "",
            f"The probability of a factor, and how often it came true: {chances['seed'].nunique()} studies.",
            "",
            "| probability | came true | factors |",
            "|---|---|---|",
            *bins,
        ]
    )


def faults(runs: pd.DataFrame, chances: pd.DataFrame) -> list[str]:
    """What lies outside the limits, which were chosen before the studies were drawn; nothing where all is well."""
    table, bins = coverage(runs), calibration(chances)
    judged = table[table["told"] >= TOLD]
    found = [f"{name}: {row.coverage:.3f}" for name, row in judged.iterrows() if not EACH[0] <= row.coverage <= EACH[1]]
    found += [
        f"factors with a probability in {place}: {row.true:.3f} came true, not {row.probability:.3f}"
        for place, row in bins.iterrows()
        if abs(row.true - row.probability) > APART
    ]
    return found
