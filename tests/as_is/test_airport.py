"""The airport survey of 2017: does a problem go with the score, and does it matter whether one weights?

Skipped where the survey is not at hand. Everything is computed a second time with NumPy alone.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

import tpm_widgets as tpm

FILE = Path(__file__).parents[3] / "shared" / "data" / "airport_2017" / "survey.csv"
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the real surveys are not at hand")
EXACT = 1e-12
Z = norm.ppf(0.975)


@pytest.fixture(scope="module")
def file():
    problem = {1: "problem", 2: "none"}  # 3 not sure, 0 no answer
    cells = pd.read_csv(FILE, low_memory=False)
    return cells.assign(problem=cells["Q15PROBLEM"].map(problem))


@pytest.fixture(scope="module")
def study(file):
    return make(file, weight="WEIGHT")


def make(file, weight):
    return tpm.make_study(
        file,
        recommend="NETPRO",
        respondent="RESPNUM",
        weight=weight,
        touchpoints={"Q7ART": "art", "Q7FOOD": "food"},
        not_experienced=[6],
        no_answer=[0, 11],
        codes={"NETPRO": {"no_answer": [11]}},
    )


def plain(file, weights):
    """NPS, its linearised standard error and n of each group, with NumPy alone."""
    score = pd.to_numeric(file["NETPRO"], errors="coerce").to_numpy()
    found = {}
    for name in ("none", "problem"):
        rows = (file["problem"] == name).to_numpy() & (score >= 0) & (score <= 10)
        x = np.where(score[rows] >= 9, 1.0, np.where(score[rows] <= 6, -1.0, 0.0))
        w = weights[rows]
        estimate = (w * x).sum() / w.sum()
        error = np.sqrt((w**2 * (x - estimate) ** 2).sum()) / w.sum()
        found[name] = (estimate, error, rows.sum())
    return found


@pytest.mark.parametrize("weight", [None, "WEIGHT"])
def test_those_with_a_problem_recommend_less(file, weight):
    weights = np.ones(len(file)) if weight is None else file[weight].to_numpy(float)
    own = plain(file, weights)
    (one, one_error, n), (two, two_error, n_two) = own["none"], own["problem"]
    difference, error = one - two, np.hypot(one_error, two_error)

    result = tpm.compare_scores(make(file, weight), by="problem")
    row = result.table.iloc[0]
    assert len(result.table) == 1
    assert (row["group"], row["other"], row["n"], row["n_other"]) == ("none", "problem", n, n_two)
    assert (n, n_two) == (2_330, 309)
    assert row["group_estimate"] == pytest.approx(one, abs=EXACT)
    assert row["other_estimate"] == pytest.approx(two, abs=EXACT)
    assert row["difference"] == pytest.approx(difference, abs=EXACT)
    assert row["std_error"] == pytest.approx(error, abs=EXACT)
    assert row["conf_low"] == pytest.approx(difference - Z * error, abs=EXACT)
    assert row["conf_high"] == pytest.approx(difference + Z * error, abs=EXACT)
    assert row["p_value"] == pytest.approx(2 * norm.sf(difference / error), rel=1e-9)
    assert row["p_adjusted"] == row["p_value"]  # one comparison
    if weight is None:
        assert difference == pytest.approx(0.4365 - 0.1877, abs=1e-4)  # data/README.md
        assert row["p_value"] < 1e-6


def test_it_is_said_whether_the_weights_matter(file, study):
    result = tpm.score_sensitivity(study)
    rows = result.table.set_index(["cutoffs", "weighted", "interval"])["estimate"]
    assert rows["standard", True, "adjusted_wald"] == pytest.approx(0.4040, abs=5e-5)  # data/README.md
    assert rows["standard", False, "adjusted_wald"] == pytest.approx(0.3984, abs=5e-5)
    assert str(result.sentences()[-1]).startswith("The weights do not matter to it: +40.4 weighted")
    assert not result.changes

    difference = tpm.score_sensitivity(study, by="problem")
    own = plain(file, file["WEIGHT"].to_numpy(float))
    rows = difference.table.set_index(["cutoffs", "weighted", "interval"])
    wald = rows.loc[("standard", True, "wald")]
    error = np.hypot(own["none"][1], own["problem"][1])
    assert wald["estimate"] == pytest.approx(own["none"][0] - own["problem"][0], abs=EXACT)
    assert wald["conf_low"] == pytest.approx(wald["estimate"] - Z * error, abs=1e-9)
    assert not difference.changes
    assert "weights" in str(difference.sentences()[-1])
