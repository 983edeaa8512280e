"""The foreign designs are what they say; how often intervals hold there is ``make verify``."""

import numpy as np
import pandas as pd
import pytest

from tests.verification.foreign import foreign_coverage as coverage
from tests.verification.foreign import foreign_designs as designs


def test_truths_are_those_of_large_draws():
    rng = np.random.default_rng(7)
    for table in (designs.top_heavy(rng, 200_000), designs.again(rng, 100_000, 2)):
        classes = (table["score"] >= 9).astype(float) - (table["score"] <= 6)
        assert classes.mean() == pytest.approx(designs.NPS, abs=0.01)
    table = designs.informative(rng, 200_000)
    classes = (table["score"] >= 9).astype(float) - (table["score"] <= 6)
    assert np.average(classes, weights=table["weight"]) == pytest.approx(designs.NPS, abs=0.015)
    assert classes.mean() > designs.NPS + 0.2  # so that the weights matter
    assert table["weight"].std() / table["weight"].mean() == pytest.approx(1, abs=0.1)
    full = designs.silent(rng, 400_000)
    seen = full[full["x0"] != 99]
    given = np.column_stack([np.ones(len(seen)), seen[[f"x{place}" for place in range(4)]]])
    assert np.linalg.lstsq(given, seen["score"], rcond=None)[0][1:] == pytest.approx(designs.SLOPES, abs=0.02)
    assert 0.02 < designs.rare_deeds(rng, 200_000)["recommended"].mean() < 0.03
    won = np.ceil(rng.pareto(3.5, 400_000) + 1)
    assert won.mean() == pytest.approx(designs.mean_won(3.5), abs=0.02)


def test_one_draw_of_each_design_is_asked():
    runs = coverage.one_seed(19_999)
    assert runs["today"].between(0, 1).all() and len(runs) == 17
    assert coverage.shares(runs)["draws"].eq(1).all()


def test_what_lies_outside_its_limits_is_named():
    runs = pd.concat([coverage.one_seed(19_999).assign(today=0.5)] * 400)
    assert len(coverage.faults(runs)) == 17
    assert "| 50.0% |" in coverage.in_words(runs)
