"""What intervals cover and how often verdicts are wrong in the foreign designs; with what is told today, and without.

*Without* is what the same verb says where the study does not tell of the design (persons, blanks), or, where the verb
always knows, the usual formula that does not (Kish's size, Wilson's interval of a plain count).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd

import tpm_widgets as tpm
from tests.verification.foreign import foreign_designs as designs
from tpm_widgets.statistics.estimates.estimate import wilson
from tpm_widgets.statistics.score.intervals import adjusted_wald

SEEDS = range(20_000, 20_600)
LEVEL = 0.95
COVERED = (0.93, 0.97)
Row = tuple[str, str, float, float]  # design, what is asked, today, without: covered, or wrong


def _study(table: pd.DataFrame, **options: Any) -> tpm.Study:
    names = [name for name in table if str(name).startswith("x")]
    return tpm.make_study(table, recommend="score", touchpoints=names, **options)


def _holds(low: float, high: float, truth: float) -> float:
    return float(low <= truth <= high)


def _score(study: tpm.Study) -> pd.Series:
    return tpm.net_promoter_score(study).table.iloc[0]


def top_heavy(rng: np.random.Generator) -> Iterator[Row]:
    """Scores of a simple sample."""
    found = _score(_study(designs.top_heavy(rng, 100)))
    held = _holds(found["conf_low"], found["conf_high"], designs.NPS)
    yield "simple sample, 100 answers", "Net Promoter Score covered", held, held


def informative(rng: np.random.Generator) -> Iterator[Row]:
    """Weights that go with the score; without: Kish's size in place of the answers."""
    for answers in (100, 400):
        table = designs.informative(rng, answers)
        found = _score(_study(table, weight="weight"))
        kish = table["weight"].sum() ** 2 / (table["weight"] ** 2).sum()
        plain = adjusted_wald(found["detractors"], found["promoters"], kish, LEVEL)
        held = _holds(found["conf_low"], found["conf_high"], designs.NPS)
        design = f"weights that go with the score, {answers} answers"
        yield design, "Net Promoter Score covered", held, _holds(*plain, designs.NPS)


def again(rng: np.random.Generator) -> Iterator[Row]:
    """Repeat answers: scores, and goals that are called reached though nothing has changed."""
    goals = pd.DataFrame(
        {"metric": ["nps"], "baseline": [designs.NPS - 0.1], "target": [designs.NPS], "due": ["2030-01-01"]}
    )
    for persons, answers in ((30, 4), (100, 2)):
        table = designs.again(rng, persons, answers)
        told, plain = _study(table, customer="customer", goals=goals), _study(table[["score"]], goals=goals)
        design = f"{persons} persons, {answers} answers each"
        held = [_holds(found["conf_low"], found["conf_high"], designs.NPS) for found in map(_score, (told, plain))]
        yield design, "Net Promoter Score covered", held[0], held[1]
        reached = [float((tpm.goal_progress(study).table["verdict"] == "reached").any()) for study in (told, plain)]
        yield design, "goal called reached without a change", reached[0], reached[1]


def few_customers(rng: np.random.Generator) -> Iterator[Row]:
    """Drivers of the score, and of being a promoter, from few customers who answered often."""
    for persons in (15, 30):
        table = designs.driven(rng, persons, 10)
        told, plain = _study(table, customer="customer"), _study(table.drop(columns="customer"))
        for outcome in ("recommend", "promoter"):
            truth = np.array(designs.slopes(10, outcome))
            held = [_slopes_held(study, truth, outcome=outcome) for study in (told, plain)]
            yield f"{persons} customers, 10 answers each", f"drivers of {outcome} covered", held[0], held[1]


def _slopes_held(study: tpm.Study, truth: np.ndarray, **options: Any) -> float:
    table = tpm.driver_regression(study, **options).table
    return float(((table["conf_low"] <= truth) & (truth <= table["conf_high"])).mean())


def silent(rng: np.random.Generator) -> Iterator[Row]:
    """Ratings that exist and were not given; without: an indicator, as if they were never experienced."""
    study = _study(designs.silent(rng, 500), no_answer=[99])
    held = [_slopes_held(study, designs.SLOPES, missing=policy) for policy in ("imputed", "indicator")]
    yield "x0 silent where x1 is low, 500 answers", "drivers of recommend covered", held[0], held[1]


def recommenders(rng: np.random.Generator) -> Iterator[Row]:
    """The referral rate where recommenders win many; without: Wilson's interval of the customers."""
    for tail, count in ((3.5, 15), (2.2, 100)):
        mean = designs.mean_won(tail)
        others = 3 * count * mean
        customers = designs.recommenders(rng, count, tail, int(others))
        study = tpm.make_study(
            pd.DataFrame({"score": [10, 5]}), recommend="score", touchpoints=[], customers=customers,
            recording_start="2024-01-01", observed_until="2024-03-01",
        )  # fmt: skip
        found = tpm.referral_rate(study).table.iloc[0]
        truth = count * mean / (count * mean + int(others))
        plain = wilson(found["estimate"], len(customers), LEVEL)
        held = _holds(found["conf_low"], found["conf_high"], truth)
        yield f"{count} recommenders, Pareto's tail {tail}", "referral rate covered", held, _holds(*plain, truth)


def verdicts(rng: np.random.Generator) -> Iterator[Row]:
    """Words against rare deeds, budgets of noise, and quadrants where all matter alike."""
    rare = _study(designs.rare_deeds(rng, 4000), roles={"recommended": "recommended"})
    found = tpm.compare_drivers(rare, replicates=20).table.set_index("touchpoint")
    fixed = (found.loc["x0", "do_low"] > -0.01) & (found.loc["x0", "do_high"] < 0.01)
    yield "deeds of 2 to 3 %", "called talk only", float(found.loc["x0", "verdict"] == "talk only"), float(fixed)
    noise = designs.alike(rng, 300, 12, 0.0)
    spend = pd.DataFrame({"touchpoint": [f"x{place}" for place in range(12)], "spend": 100.0})
    scale = {"recommend_scale": (-100, 100)}
    gap = tpm.spend_gap(_study(noise, touchpoint_table=spend, **scale)).table
    yield "12 touchpoints, pure noise", "a shift of the budget is named", *_named(gap)
    equal = tpm.priorities(_study(designs.alike(rng, 600, 12, 0.3), **scale)).table
    yield "12 touchpoints that matter alike", "a quadrant is called certain", float(equal["certain"].any()), np.nan


def _named(gap: pd.DataFrame) -> tuple[float, float]:
    """Whether a shift is told from chance, and whether shares of importance alone would have one."""
    told = (gap["gap_low"] > 0) | (gap["gap_high"] < 0)
    alone = (gap["importance_share"] - gap["spend_share"]).abs() > 0.01
    return float(told.any()), float(alone.any())


PARTS: tuple[Callable[[np.random.Generator], Iterator[Row]], ...] = (
    top_heavy, informative, again, few_customers, silent, recommenders, verdicts,
)  # fmt: skip


def one_seed(seed: int) -> pd.DataFrame:
    """Draw and ask every design once: ``design, asked, today, without``, each 0…1."""
    rows = [row for place, part in enumerate(PARTS) for row in part(np.random.default_rng([seed, place]))]
    return pd.DataFrame(rows, columns=["design", "asked", "today", "without"])


def shares(runs: pd.DataFrame) -> pd.DataFrame:
    """Return of each design: ``design, asked, today, without`` as shares of the draws, and ``low, high``, the limits.

    Limits are 93 to 97 % for what covers, and at most 2.5 % (goals, one side) or 5 % for what is wrong, each with two
    standard errors of the draws.
    """
    found = runs.groupby(["design", "asked"], sort=False).agg(
        today=("today", "mean"), without=("without", "mean"), draws=("today", "size")
    )
    found = found.reset_index()
    covers = found["asked"].str.endswith("covered")
    wrong = np.where(found["asked"].str.startswith("goal"), 0.025, 0.05)
    low, high = np.where(covers, COVERED[0], 0.0), np.where(covers, COVERED[1], wrong)
    return found.assign(
        low=np.maximum(low - 2 * np.sqrt(low * (1 - low) / found["draws"]), 0),
        high=high + 2 * np.sqrt(high * (1 - high) / found["draws"]),
    )


def in_words(runs: pd.DataFrame) -> str:
    """Write the table of the dated page."""
    lines = ["Foreign designs: shares of draws, today and without the design.", ""]
    lines += ["| design | asked | draws | without | today | limits |", "|---|---|---|---|---|---|"]
    for row in shares(runs).itertuples():
        before = "–" if np.isnan(row.without) else f"{row.without:.1%}"
        limits = f"{row.low:.1%} to {row.high:.1%}"
        lines.append(f"| {row.design} | {row.asked} | {row.draws} | {before} | {row.today:.1%} | {limits} |")
    return "\n".join(lines)


def faults(runs: pd.DataFrame) -> list[str]:
    """Name what lies outside its limits."""
    found = shares(runs)
    outside = found[(found["today"] < found["low"]) | (found["today"] > found["high"])]
    return [f"{row.design}, {row.asked}: {row.today:.1%}" for row in outside.itertuples()]
