"""The interval of the asymmetry on 60 fixed seeds, and the probabilities of the factors on 40."""

import numpy as np
import pandas as pd
from scipy.stats import binom

from tests.verification import asymmetry

SURENESS = 0.999


def test_the_interval_covers_the_asymmetry_also_at_the_ends_of_the_scale():
    runs = pd.concat([asymmetry.one_seed(seed) for seed in asymmetry.COVERAGE_SEEDS[:60]], ignore_index=True)
    table = asymmetry.coverage(runs)
    judged = table[table["told"] >= asymmetry.TOLD]
    assert {"delights", "both ways", "disappoints"} <= set(judged.index)
    least = binom.ppf((1 - SURENESS) / len(judged), judged["told"] * judged["studies"], 0.95)
    assert (judged["covered"] >= least).all()
    assert judged["coverage"].mean() < 0.99  # and the intervals are not simply too wide
    assert table["told"]["nothing"] <= binom.ppf(SURENESS, 60, 0.025) / 60


def test_factors_come_true_as_often_as_their_probability_says():
    runs = pd.concat([asymmetry.calibration_seed(seed) for seed in asymmetry.CALIBRATION_SEEDS[:40]], ignore_index=True)
    table = asymmetry.calibration(runs)
    error = np.sqrt(table["probability"] * (1 - table["probability"]) / table["n"])
    assert len(table) == 5
    assert ((table["true"] - table["probability"]).abs() < 3.3 * error + 0.02).all()
