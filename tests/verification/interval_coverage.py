"""Do the intervals cover the truth as often as they say? Simulated studies with fixed seeds, run by ``make verify``.

The truth of a quantity is what the same verb gives on a million simulated answers of the same design.
"""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

import tpm_widgets as tpm

DESIGN = {"touchpoints": 8, "waves": 4}
ANSWERS = 2_500
TRUTH_ANSWERS = 1_000_000
TRUTH_SEED = 20_000_000
FIRST_SEED = 1_000
LEVEL = 0.95  # of all intervals, as the verbs choose it
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
