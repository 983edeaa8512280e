"""Do shares of importance recover their value, and do their intervals cover it? On a population known in fractions."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

import tpm_widgets as tpm
from tests.verification import known_shares
from tests.verification.known_shares import DESIGNS, TOUCHPOINTS, Design
from tests.verification.limits import SURENESS, least, most

SEEDS = range(10_000, 11_000)
LARGE_SEED = 30_000_000
LARGE = 1_000_000
NEAR = 0.003  # of the outcome's variance: about five standard errors of the largest share on a million answers
ANSWERS = {10: 2_500, 1: 10_000}  # by draws: each share above 0 is at least four of its standard errors
METHODS = ("first", "last", "betasq", "pratt")
REPLICATES = 500
LEVEL = 0.95
POOLED = (0.94, 0.96)


def recovered(design: Design, answers: int = LARGE, seed: int = LARGE_SEED) -> pd.DataFrame:
    """Hold the shares that ``driver_regression`` gives on a large study against the truth: ``truth, estimate``."""
    study = known_shares.study_of(known_shares.draw(seed, answers, design), design)
    drivers = tpm.driver_regression(study, outcome=design.outcome)
    estimate = drivers.table.set_index("touchpoint")["importance"]
    return pd.DataFrame({"truth": known_shares.true_importance(design.draws), "estimate": estimate})


def recovered_by_method(method: str, answers: int = LARGE, seed: int = LARGE_SEED) -> pd.DataFrame:
    """Hold what ``relative_importance`` gives the twelve single columns against the truth: ``truth, estimate``."""
    drawn = known_shares.draw(seed, answers, DESIGNS["recommend"])
    found = tpm.relative_importance(known_shares.frame_of(drawn), outcome="answer", method=method).table
    truth = known_shares.true_importance_of_terms(10, method)
    return pd.DataFrame({"truth": truth, "estimate": found.set_index("predictor")["importance"]})


def recovery(answers: int = LARGE, seed: int = LARGE_SEED) -> pd.DataFrame:
    """All of it: LMG of studies of each design, and the other shares of single columns."""
    parts = {name: recovered(design, answers, seed) for name, design in DESIGNS.items()}
    parts |= {method: recovered_by_method(method, answers, seed) for method in METHODS}
    return pd.concat(parts)


def off(table: pd.DataFrame) -> pd.Series:
    """Return how far the estimates are from the truth."""
    return (table["estimate"] - table["truth"]).abs()


def one_seed(seed: int) -> pd.DataFrame:
    """Every interval of a share above 0 in a study of each design, by both methods."""
    return pd.concat(_intervals(seed), ignore_index=True)


def _intervals(seed: int) -> Iterator[pd.DataFrame]:
    for name, design in DESIGNS.items():
        truth = known_shares.true_importance(design.draws)
        drawn = known_shares.draw(seed, ANSWERS[design.draws], design)
        drivers = tpm.driver_regression(known_shares.study_of(drawn, design), outcome=design.outcome)
        for how in ("influence", "bootstrap"):
            options = {"replicates": REPLICATES} if how == "bootstrap" else {}
            found = tpm.importance_intervals(drivers, how=how, level=LEVEL, **options)
            of_variance = _compared(found.table, "importance", "conf_low", "conf_high", truth)
            of_explained = _compared(found.table, "share", "share_low", "share_high", truth / truth.sum())
            for quantity, intervals in (("importance", of_variance), ("share", of_explained)):
                yield intervals.assign(design=name, how=how, quantity=quantity, seed=seed)


def _compared(table: pd.DataFrame, estimate: str, low: str, high: str, truth: pd.Series) -> pd.DataFrame:
    """Take the touchpoints whose share is above 0: ``touchpoint, truth, estimate, covered``."""
    own = table.set_index("touchpoint").loc[[name for name in TOUCHPOINTS if truth[name] > 0]]
    true = truth[own.index]
    covered = true.between(own[low], own[high])
    return pd.DataFrame({"truth": true, "estimate": own[estimate], "covered": covered}).reset_index(names="touchpoint")


def coverage(runs: pd.DataFrame) -> pd.DataFrame:
    """Share of the intervals that contain the truth, by design, method, quantity and touchpoint."""
    by = ["design", "how", "quantity", "touchpoint"]
    table = runs.groupby(by, sort=False).agg(
        truth=("truth", "first"),
        mean_estimate=("estimate", "mean"),
        runs=("covered", "size"),
        covered=("covered", "sum"),
    )
    return table.assign(coverage=table["covered"] / table["runs"]).reset_index()


def in_words(runs: pd.DataFrame, recovery: pd.DataFrame) -> str:
    """Say for the dated page how near the shares come, and how often their intervals cover the truth."""
    table = coverage(runs)
    lines = [
        f"Shares of importance, on a population whose covariance is known in fractions: on {LARGE} answers the "
        f"furthest from the truth is off by {off(recovery).max():.5f} of the variance (limit {NEAR}). Coverage of "
        f"95 % intervals of the shares above 0, {runs['seed'].nunique()} studies: {_pooled_in_words(table)}; "
        f"limits {POOLED[0]} and {POOLED[1]} pooled, and exact binomial ones ({SURENESS:.1%} for all) each.",
        "",
        "| design | method | quantity | touchpoint | truth | mean estimate | intervals | coverage |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {row.design} | {row.how} | {row.quantity} | {row.touchpoint} | {row.truth:.4f} | {row.mean_estimate:.4f} | "
        f"{row.runs} | {row.coverage:.3f} |"
        for row in table.itertuples()
    ]
    return "\n".join(lines)


def _pooled(table: pd.DataFrame) -> pd.Series:
    sums = table.groupby("how", sort=False)[["covered", "runs"]].sum()
    return sums["covered"] / sums["runs"]


def _pooled_in_words(table: pd.DataFrame) -> str:
    return ", ".join(f"{how} {share:.4f}" for how, share in _pooled(table).items())


def faults(runs: pd.DataFrame, recovery: pd.DataFrame) -> list[str]:
    """Name the shares that miss the truth, and the intervals that cover it too rarely or too often, each and pooled."""
    table = coverage(runs)
    missed = recovery[off(recovery) > NEAR]
    found = [
        f"{name} of {label} on {LARGE} answers: {row.estimate:.4f}, truth {row.truth:.4f}, limit {NEAR}"
        for (name, label), row in zip(missed.index, missed.itertuples(), strict=True)
    ]
    return [*found, *_coverage_faults(table)]


def _coverage_faults(table: pd.DataFrame) -> list[str]:
    """Name the intervals that cover the truth too rarely or too often, each and pooled."""
    found = []
    for row in table.itertuples():
        low, high = least(LEVEL, row.runs, 2 * len(table)), most(LEVEL, row.runs, 2 * len(table))
        if not low <= row.covered <= high:
            found.append(
                f"{row.quantity} of {row.touchpoint}, {row.how}, {row.design}: {row.coverage:.3f}, limits "
                f"{low / row.runs:.3f} and {high / row.runs:.3f}"
            )
    for how, pooled in _pooled(table).items():
        if not POOLED[0] <= pooled <= POOLED[1]:
            found.append(f"shares, {how}, pooled: {pooled:.4f}, limits {POOLED[0]} and {POOLED[1]}")
    return found
