"""A pooled look at coverage on 50 fixed seeds; the whole look is ``make verify``."""

import pandas as pd
import pytest
from scipy import stats

from tests.verification import interval_coverage
from tests.verification.interval_coverage import LEVEL, kept_truth

SEEDS = range(500, 550)
SURENESS = 0.999


@pytest.mark.slow
def test_intervals_cover_the_truth_as_often_as_they_say():
    true = kept_truth()  # of a million answers; make verify computes it anew
    runs = pd.concat([interval_coverage.one_seed(seed) for seed in SEEDS], ignore_index=True)
    table = interval_coverage.coverage(runs, true)
    assert table["truth"].notna().all()

    # The intervals of one study hang together, so the studies are what is independent.
    inside = runs["quantity"].map(true).between(runs["conf_low"], runs["conf_high"])
    by_study = inside.groupby(runs["seed"]).mean()
    low, high = stats.t.interval(SURENESS, len(SEEDS) - 1, by_study.mean(), by_study.sem())
    assert low <= LEVEL <= high

    # So that the lines above can fail: intervals that are a fifth too narrow cover 88 %, and are found out.
    middle, half = (runs["conf_high"] + runs["conf_low"]) / 2, (runs["conf_high"] - runs["conf_low"]) / 2
    narrow = ((runs["quantity"].map(true) - middle).abs() < 0.8 * half).groupby(runs["seed"]).mean()
    assert stats.t.interval(SURENESS, len(SEEDS) - 1, narrow.mean(), narrow.sem())[1] < LEVEL

    least = stats.binom.ppf((1 - SURENESS) / len(table), len(SEEDS), LEVEL)
    assert (table["covered"] >= least).all()


def test_the_truth_that_is_kept_changes_only_where_it_says_something_else(tmp_path, monkeypatch):
    kept = tmp_path / "truth.json"
    monkeypatch.setattr(interval_coverage, "KEPT", kept)
    kept.write_text('{"nps": 0.3369660071200833, "rate": 2.242620445413442}')
    for same in (0.3369660071200911, 0.33696600712):
        interval_coverage.keep_truth(pd.Series({"nps": same, "rate": 2.2426204454}))
        assert kept.read_text() == '{"nps": 0.3369660071200833, "rate": 2.242620445413442}'
    interval_coverage.keep_truth(pd.Series({"nps": 0.3379660071200833, "rate": 2.242620445413442}))
    assert kept.read_text() == '{\n "nps": 0.337966,\n "rate": 2.24262\n}\n'
