"""Do touchpoints land in the list that they belong to? The simulated insurer, whose roles are known.

The design: 18 touchpoints, 40,000 answers, about 29,700 of them followed to the end, of which 23 % recommended (6,800
events, 190 per coefficient); δ = .03 for saying and .01 for doing. Strong are all touchpoints that drive anything:
.36 to .50 points of the score, or .32 to .36 of the log rate of recommendations, per rating point.
"""

from __future__ import annotations

import pandas as pd

import tpm_widgets as tpm

SEEDS = range(1, 201)
ANSWERS = 40_000


def one_seed(seed: int) -> pd.DataFrame:
    """Return each touchpoint's role and the list that it was put into: ``seed, touchpoint, role, verdict``."""
    study = tpm.simulate_study(seed=seed, respondents=ANSWERS)
    table = tpm.compare_drivers(study, replicates=20).table[["touchpoint", "verdict"]]
    return table.assign(role=table["touchpoint"].map(study.truth["roles"]), seed=seed)


def seeds_all_right(runs: pd.DataFrame) -> float:
    """Return the share of seeds that put every strong touchpoint into its list."""
    strong = runs[runs["role"] != "neither"]
    return float((strong["role"] == strong["verdict"]).groupby(strong["seed"]).all().mean())


def wrongly_talk_only(runs: pd.DataFrame) -> float:
    """Return the share of the drivers of both or of nothing that were called "talk only"."""
    others = runs[runs["role"].isin(["both", "neither"])]
    return float((others["verdict"] == "talk only").mean())
