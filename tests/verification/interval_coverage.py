"""Do the intervals cover the truth as often as they say? Simulated studies with fixed seeds, run by ``make verify``.

The truth of a quantity is what the same verb gives on a million simulated answers of the same design.
"""

from __future__ import annotations

import argparse
import datetime
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

import tpm_widgets as tpm

DESIGN = {"touchpoints": 8, "waves": 4}
ANSWERS = 2_500
TRUTH_ANSWERS = 1_000_000
TRUTH_SEED = 20_000_000
FIRST_SEED = 1_000
LEVEL = 0.95
SCENARIO = 0.5  # rating points more at the first touchpoint


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
    for outcome in ("recommend", "promoter", "referred"):
        drivers = tpm.driver_regression(study, outcome=outcome)
        yield _named(f"coefficient, {outcome}", drivers.table, ["touchpoint"])
        if outcome != "recommend":
            yield _named(f"average effect, {outcome}", drivers.effects, ["touchpoint"])
    factors = tpm.penalty_reward(study).table
    yield _named("reward", factors, ["touchpoint"], "reward", "reward_low", "reward_high")
    yield _named("penalty", factors, ["touchpoint"], "penalty", "penalty_low", "penalty_high")
    first = study.touchpoint_names[0]
    scenario = tpm.what_if(study, changes={first: SCENARIO}).table
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


def run(seeds: Iterable[int], workers: int = 2) -> pd.DataFrame:
    """Every quantity of every seed, with progress."""
    seeds, results = list(seeds), []
    with ProcessPoolExecutor(workers) as pool:
        for done, result in enumerate(pool.map(one_seed, seeds, chunksize=4), start=1):
            results.append(result)
            if done % 50 == 0:
                print(f"{done} of {len(seeds)} studies", flush=True)
    return pd.concat(results, ignore_index=True)


def binomial_limits(runs: int, sureness: float = 0.999) -> tuple[float, float]:
    """Between which shares a coverage of exactly ``LEVEL`` lies in ``sureness`` of all experiments."""
    low, high = stats.binom.interval(sureness, runs, LEVEL)
    return low / runs, high / runs


def main() -> None:
    """Write the table of coverages and fail where one leaves its limits."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seeds", type=int, default=1_000)
    options.add_argument("--out", type=Path, default=Path("build/verify"))
    chosen = options.parse_args()
    true = truth()
    table = coverage(run(range(FIRST_SEED, FIRST_SEED + chosen.seeds)), true)
    pooled = table["covered"].sum() / table["runs"].sum()
    chosen.out.mkdir(parents=True, exist_ok=True)
    path = chosen.out / f"coverage-{datetime.date.today().isoformat()}.csv"
    table.to_csv(path)
    print(table.to_string(float_format="{:.4f}".format))
    print(f"pooled coverage {pooled:.4f} of {int(table['runs'].sum())} intervals, written to {path}")
    outside = table[~table["coverage"].between(0.92, 0.98)]
    if len(outside) or not 0.94 <= pooled <= 0.96:
        raise SystemExit(f"Coverage outside its limits: {', '.join(outside.index) or 'pooled'}")


if __name__ == "__main__":
    np.seterr(all="raise")
    main()
