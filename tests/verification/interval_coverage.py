"""Do the intervals cover the truth as often as they say? Simulated studies with fixed seeds, run by ``make verify``.

The truth of a quantity is what the same verb gives on a million simulated answers of the same design.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd

import tpm_widgets as tpm

DESIGN = {"touchpoints": 8, "waves": 4}
ANSWERS = 2_500
TRUTH_ANSWERS = 1_000_000
TRUTH_SEED = 20_000_000
SEEDS = range(1_000, 2_000)
LEVEL = 0.95  # of all intervals, as the verbs choose it
SCENARIO = 0.5  # rating points more at the first touchpoint
EACH, POOLED = (0.92, 0.98), (0.94, 0.96)
KEPT = Path(__file__).with_name("truth.json")  # the truth as it was last computed
DIGITS = 6  # of the truth; a million answers know three or four of them, and machines agree on about nine


def quantities(study: tpm.Study) -> pd.DataFrame:
    """Every quantity with an interval, of every verb: ``quantity, estimate, conf_low, conf_high``."""
    return pd.concat(_quantities(study), ignore_index=True)


def _quantities(study: tpm.Study) -> Iterator[pd.DataFrame]:
    yield _named("nps", tpm.net_promoter_score(study).table, [])
    yield _named("referral rate", tpm.referral_rate(study).table, [])
    deeds = tpm.say_do(study, replicates=200)
    yield _named("share who recommended", deeds.classes, ["promoter_class"])
    yield _named("rate", deeds.classes, ["promoter_class"], "rate", "rate_low", "rate_high")
    shares = ("recommendation_share", "share_low", "share_high")
    yield _named("share of recommendations", deeds.classes, ["promoter_class"], *shares)
    auc = {"estimate": deeds.auc.estimate, "conf_low": deeds.auc.conf_low, "conf_high": deeds.auc.conf_high}
    yield _named("AUC", pd.DataFrame([auc]), [])
    touchpoints = tpm.touchpoint_map(study).table
    yield _named("reach", touchpoints, ["touchpoint"], "reach", "reach_low", "reach_high")
    yield _named("mean rating", touchpoints, ["touchpoint"], "rating", "rating_low", "rating_high")
    fitted = tpm.what_if_models(study)
    models = {model.outcome: model for model in fitted}
    for drivers in (tpm.driver_regression(study), models["promoter"], models["referred"]):
        yield _named(f"coefficient, {drivers.outcome}", drivers.table, ["touchpoint"])
        if drivers.outcome != "recommend":
            yield _named(f"average effect, {drivers.outcome}", drivers.effects, ["touchpoint"])
    factors = tpm.penalty_reward(study, replicates=100).table  # resamples are no matter here
    yield _named("reward", factors, ["touchpoint"], "reward", "reward_low", "reward_high")
    yield _named("penalty", factors, ["touchpoint"], "penalty", "penalty_low", "penalty_high")
    first = study.touchpoint_names[0]
    scenario = tpm.what_if(fitted, changes={first: SCENARIO}).table
    yield _named("what if, change of", scenario, ["metric"], "change")


def _named(
    name: str,
    table: pd.DataFrame,
    by: list[str],
    estimate: str = "estimate",
    low: str = "conf_low",
    high: str = "conf_high",
) -> pd.DataFrame:
    """One verb's table with the names that all quantities share."""
    label = table[by].astype(str).agg(" ".join, axis=1) if by else pd.Series("", index=table.index)
    columns = {"quantity": (name + " " + label).str.strip(), "estimate": table[estimate]}
    return pd.DataFrame(columns | {"conf_low": table[low], "conf_high": table[high]})


def truth() -> pd.Series:
    """Every quantity on a million answers of the design."""
    study = tpm.simulate_study(seed=TRUTH_SEED, respondents=TRUTH_ANSWERS, **DESIGN)
    return quantities(study).set_index("quantity")["estimate"]


def kept_truth() -> pd.Series:
    """Read the truth as it was last computed."""
    return pd.Series(json.loads(KEPT.read_text()))


def keep_truth(true: pd.Series) -> None:
    """Keep the truth for the quick test, unless what is kept says the same but for its last digits."""
    kept = kept_truth()
    if not kept.index.equals(true.index) or not np.allclose(kept, true, rtol=10.0**-DIGITS, atol=10.0**-DIGITS):
        rounded = {name: float(f"{value:.{DIGITS}g}") for name, value in true.items()}
        KEPT.write_text(json.dumps(rounded, indent=1) + "\n")


def one_seed(seed: int) -> pd.DataFrame:
    """Every quantity of one simulated study."""
    study = tpm.simulate_study(seed=seed, respondents=ANSWERS, **DESIGN)
    return quantities(study).assign(seed=seed)


def coverage(runs: pd.DataFrame, true: pd.Series) -> pd.DataFrame:
    """Share of the intervals that contain the truth: ``quantity, truth, mean_estimate, runs, covered, coverage``."""
    runs = runs.assign(truth=runs["quantity"].map(true))
    inside = runs["truth"].between(runs["conf_low"], runs["conf_high"])
    table = runs.assign(covered=inside).groupby("quantity", sort=False)
    table = table.agg(
        truth=("truth", "first"),
        mean_estimate=("estimate", "mean"),
        runs=("covered", "size"),
        covered=("covered", "sum"),
    )
    return table.assign(coverage=table["covered"] / table["runs"])


def in_words(table: pd.DataFrame) -> str:
    """Say for the dated page how often the intervals cover the truth."""
    lines = [
        f"Coverage of 95 % intervals: {int(table['runs'].max())} studies of {ANSWERS} answers, {DESIGN}; truth from "
        f"{TRUTH_ANSWERS} answers. Pooled {_pooled(table):.4f} of {int(table['runs'].sum())} intervals; each between "
        f"{table['coverage'].min():.3f} and {table['coverage'].max():.3f}.",
        "",
        "| quantity | truth | mean estimate | intervals | coverage |",
        "|---|---|---|---|---|",
    ]
    lines += [
        f"| {name} | {row.truth:.4f} | {row.mean_estimate:.4f} | {row.runs} | {row.coverage:.3f} |"
        for name, row in zip(table.index, table.itertuples(), strict=True)
    ]
    return "\n".join(lines)


def faults(table: pd.DataFrame) -> list[str]:
    """Name the quantities whose intervals cover the truth too rarely or too often."""
    outside = table.loc[~table["coverage"].between(*EACH), "coverage"]
    found = [f"{name}: {share:.3f}, limits {EACH[0]} and {EACH[1]}" for name, share in outside.items()]
    if not POOLED[0] <= _pooled(table) <= POOLED[1]:
        found.append(f"pooled: {_pooled(table):.4f}, limits {POOLED[0]} and {POOLED[1]}")
    return found


def _pooled(table: pd.DataFrame) -> float:
    return float(table["covered"].sum() / table["runs"].sum())
