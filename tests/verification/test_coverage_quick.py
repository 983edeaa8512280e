"""A pooled look at coverage on 50 fixed seeds; the whole look is ``make verify``."""

import json
from pathlib import Path

import pandas as pd
from scipy import stats

from tests.verification import interval_coverage
from tests.verification.interval_coverage import LEVEL

SEEDS = range(500, 550)
SURENESS = 0.999
TRUTH = Path(__file__).with_name("truth.json")  # of a million answers; ``make verify`` computes it anew


def test_intervals_cover_the_truth_as_often_as_they_say():
    true = pd.Series(json.loads(TRUTH.read_text()))
    runs = pd.concat([interval_coverage.one_seed(seed) for seed in SEEDS], ignore_index=True)
    table = interval_coverage.coverage(runs, true)
    assert table["truth"].notna().all()

    # The intervals of one study hang together, so the studies are what is independent.
    inside = runs["quantity"].map(true).between(runs["conf_low"], runs["conf_high"])
    by_study = inside.groupby(runs["seed"]).mean()
    low, high = stats.t.interval(SURENESS, len(SEEDS) - 1, by_study.mean(), by_study.sem())
    assert low <= LEVEL <= high
    assert high - low < 0.03  # so that the line above can fail

    least = stats.binom.ppf((1 - SURENESS) / len(table), len(SEEDS), LEVEL)
    assert (table["covered"] >= least).all()
