"""The person level of saying against doing, against scikit-learn, scipy and statsmodels called directly."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats
from sklearn.metrics import brier_score_loss, roc_auc_score
from statsmodels.duration.survfunc import SurvfuncRight

import tpm_widgets as tpm
from tpm_widgets.as_is.deeds.observed import Observed

MONTH = 365.25 / 12


@pytest.fixture(scope="module")
def study():
    return tpm.simulate_study(seed=3, respondents=1_500)


@pytest.fixture(scope="module")
def result(study):
    return tpm.say_do(study, replicates=100)


def answers_of(study):
    answers = Observed(study, "say_do").answers().answers
    return answers.assign(score=study.survey["recommend"][answers.index], weight=study.weights[answers.index])


def measures(result, deed):
    return result.association[result.association["deed"] == deed].set_index("measure")


@pytest.mark.parametrize(
    ("deed", "complete", "censoring"),
    [("referred", "complete", "censoring_weight"), ("won", "won_complete", "won_weight")],
)
def test_auc_and_brier_score_are_scikit_learns(study, result, deed, complete, censoring):
    known = answers_of(study)
    known = known[known[complete]]
    weights, found = known["weight"] * known[censoring], measures(result, deed)
    assert found.loc["auc", "n"] == len(known)
    expected = roc_auc_score(known[deed], known["score"], sample_weight=weights)
    assert found.loc["auc", "estimate"] == pytest.approx(expected, abs=1e-12)
    classes = np.digitize(known["score"], [7, 9])
    in_classes = roc_auc_score(known[deed], classes, sample_weight=weights)
    assert found.loc["auc_classes", "estimate"] == pytest.approx(in_classes, abs=1e-12)
    model = sm.GLM(
        known[deed].astype(float), sm.add_constant(known["score"].astype(float)),
        family=sm.families.Binomial(), freq_weights=weights,
    ).fit(tol=1e-12)  # fmt: skip
    expected = brier_score_loss(known[deed], model.fittedvalues, sample_weight=weights)
    assert found.loc["brier", "estimate"] == pytest.approx(expected, abs=1e-8)
    # what was fitted to others is a little worse for oneself
    assert 0 < found.loc["brier_cross_validated", "estimate"] - found.loc["brier", "estimate"] < 0.005


def test_tau_b_and_somers_d_are_scipys_where_nobody_weighs_more(linked_study):
    rng = np.random.default_rng(1)
    score = rng.integers(0, 11, 200).astype(float)
    names = np.arange(200)
    done = names[rng.uniform(size=200) < 0.05 + 0.04 * score]
    study = linked_study(
        {"customer": names, "date": "2023-03-01", "recommend": score},
        referrals=pd.DataFrame({"referrer": done, "date": "2023-05-01"}),
    )
    result = tpm.say_do(study, replicates=200)
    found, referred = measures(result, "referred"), np.isin(names, done)
    assert found.loc["kendall_tau_b", "estimate"] == pytest.approx(stats.kendalltau(score, referred).statistic)
    assert found.loc["somers_d", "estimate"] == pytest.approx(stats.somersd(score, referred).statistic)
    for name in ("auc", "kendall_tau_b", "somers_d", "brier", "brier_skill", "rate_ratio"):
        assert found.loc[name, "conf_low"] < found.loc[name, "estimate"] < found.loc[name, "conf_high"]
    assert result.forms.set_index(["deed", "smaller", "larger"]).loc[("referred", "none", "linear"), "p_value"] < 1e-4


def test_the_brier_score_is_the_sum_of_its_parts(result):
    parts = result.brier
    total = parts["reliability"] - parts["resolution"] + parts["uncertainty"]
    np.testing.assert_allclose(parts["brier"], total, atol=1e-12)
    word, calibrated = parts[parts["deed"] == "referred"].to_dict("records")
    assert word["reliability"] > 100 * calibrated["reliability"]  # the score taken at its word promises far too much
    assert word["resolution"] == pytest.approx(calibrated["resolution"])  # no calibration makes it sharper


def test_the_rate_ratio_is_statsmodels_poisson_regression_with_clusters(study):
    answers = answers_of(study)
    for deed, count in (("referred", "events"), ("won", "wins")):
        model = sm.GLM(
            answers[count], sm.add_constant(answers["score"].astype(float)), family=sm.families.Poisson(),
            offset=np.log(answers["days"] / MONTH),
        ).fit(tol=1e-12, cov_type="cluster", cov_kwds={"groups": answers["customer"].to_numpy()})  # fmt: skip
        row = measures(tpm.say_do(study.unweighted(), replicates=1), deed).loc["rate_ratio"]
        expected = np.exp([model.params["score"], *model.conf_int().loc["score"]])
        assert row[["estimate", "conf_low", "conf_high"]].tolist() == pytest.approx(expected, rel=1e-6)


def test_two_deeds_are_kept_apart_and_each_is_statsmodels_kaplan_meier(study):
    answers = answers_of(study)
    deeds = tpm.say_do(study.unweighted(), replicates=1).deeds.set_index(["deed", "promoter_class"])
    for deed, time in (("referred", "time"), ("won", "won_time")):
        curve = SurvfuncRight(answers[time], answers[deed].astype(float))
        assert deeds.loc[(deed, "all"), "estimate"] == pytest.approx(1 - curve.surv_prob[-1], abs=1e-12)
    assert (deeds.loc["won", "estimate"] < deeds.loc["referred", "estimate"]).all()
    assert (deeds.loc["won", "made"] <= deeds.loc["referred", "made"]).all()
    assert (answers["wins"] <= answers["events"]).all()
    assert (answers["won"] == (answers["wins"] > 0)).all()


def test_the_calibration_curve_holds_prediction_against_what_happened(study, result):
    known = answers_of(study).query("complete and score == 10")
    weights = known["weight"] * known["censoring_weight"]
    row = result.calibration.query("deed == 'referred' and score == 10").iloc[0]
    assert row["estimate"] == pytest.approx(np.average(known["referred"], weights=weights))
    assert row["conf_low"] < row["predicted"] < row["conf_high"]
    assert result.calibration["n"].sum() == result.auc.n + measures(result, "won").loc["auc", "n"]


def test_late_entrants_are_in_the_shares_and_not_in_the_person_level(linked_study):
    """Recording begins a month after the answers of "a" and "b": what they did before is not known."""
    study = linked_study(
        {"customer": list("abcd"), "date": ["2022-12-01"] * 2 + ["2023-02-01"] * 2, "recommend": [9.0, 2.0, 9.0, 2.0]},
        referrals=[("a", "2023-03-01"), ("c", "2023-03-01")],
    )
    result = tpm.say_do(study, replicates=5)
    assert (result.n, result.auc.n) == (4, 2)
    assert result.classes["n"].tolist() == [2, 0, 2]
    assert any("enter late" in str(caveat) for caveat in result.caveats)
