"""Importance of any frame against R (relaimpo 2.2-7, rwa 0.1.0), and of studies and driver regressions."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

GOLDEN = Path(__file__).parents[1] / "golden"
RELAIMPO = json.loads((GOLDEN / "relaimpo.json").read_text())
RWA = json.loads((GOLDEN / "rwa.json").read_text())
SWISS = pd.read_csv(GOLDEN / "swiss.csv", index_col=0)
EXACT = 1e-11  # eigenvalues and Schur complements of a 6 × 6 matrix


@pytest.fixture(scope="module")
def drivers():
    study = tpm.simulate_study(seed=2, respondents=1500, touchpoints=6)
    return tpm.driver_regression(study)


def test_swiss_by_both_methods():
    lmg = tpm.relative_importance(SWISS, outcome="Fertility")
    assert list(lmg.table.columns) == ["predictor", "importance", "share", "rank", "sign"]
    assert lmg.table["predictor"].tolist() == RELAIMPO["swiss"]["names"]
    assert lmg.table["importance"].tolist() == pytest.approx(RELAIMPO["swiss"]["lmg"], abs=EXACT)
    assert lmg.r_squared == pytest.approx(0.706735001592726, abs=EXACT)
    assert lmg.table["rank"].tolist() == [5, 2, 1, 4, 3]
    assert lmg.table["share"].sum() == pytest.approx(1)
    weights = tpm.relative_importance(SWISS, outcome="Fertility", method="relative_weights")
    assert weights.table["importance"].tolist() == pytest.approx(RWA["swiss"]["raw"], abs=EXACT)


def test_the_sign_is_that_of_the_coefficient_which_rwa_gets_wrong():
    """Agriculture: rwa says "+", the regression coefficient is −0.17."""
    table = tpm.relative_importance(SWISS, outcome="Fertility", method="relative_weights").table
    assert table["sign"].tolist() == ["-", "-", "-", "+", "+"]
    assert RWA["swiss"]["sign"][0] == "+"
    assert RELAIMPO["swiss"]["ave_coeffs"][0]["5Xs"] < 0


def test_a_weight_and_chosen_predictors():
    weighted = SWISS.assign(w=1 + np.arange(1, 48) % 5)
    table = tpm.relative_importance(weighted, outcome="Fertility", weight="w").table
    assert table["importance"].tolist() == pytest.approx(RELAIMPO["swiss_weighted"]["lmg"], abs=EXACT)
    two = tpm.relative_importance(SWISS, outcome="Fertility", predictors=["Education", "Catholic"])
    assert two.table["predictor"].tolist() == ["Education", "Catholic"]


def test_groups_stand_where_their_first_member_stood():
    result = tpm.relative_importance(SWISS, outcome="Fertility", groups={"Schooling": ["Examination", "Education"]})
    table = result.table.set_index("predictor")
    assert list(table.index) == ["Agriculture", "Schooling", "Catholic", "Infant.Mortality"]
    expected = dict(zip(RELAIMPO["swiss_grouped"]["names"], RELAIMPO["swiss_grouped"]["lmg"], strict=True))
    assert table["importance"].to_dict() == pytest.approx(expected, abs=EXACT)
    assert table["sign"].tolist() == ["-", "-", "+", "+"]
    mixed = tpm.relative_importance(SWISS, outcome="Fertility", groups={"x": ["Education", "Catholic"]})
    assert mixed.table.set_index("predictor")["sign"]["x"] == "mixed"


def test_a_random_predictor_has_a_share_too():
    """Why a share that is not 0 proves nothing: noise gets about 1/(n − 1) of the variance, and never less than 0."""
    rng = np.random.default_rng(3)
    noise = SWISS.assign(noise=rng.normal(size=47))
    shares = tpm.relative_importance(noise, outcome="Fertility").table.set_index("predictor")["importance"]
    assert 0 < shares["noise"] < 0.1


def test_of_a_driver_regression(drivers):
    lmg = tpm.relative_importance(drivers)
    assert lmg.table["touchpoint"].tolist() == drivers.table["touchpoint"].tolist()
    assert lmg.table["importance"].tolist() == pytest.approx(drivers.table["importance"].tolist(), abs=1e-12)
    assert (lmg.table["sign"] == np.where(drivers.table["estimate"] > 0, "+", "-")).all()
    weights = tpm.relative_importance(drivers, method="relative_weights")
    assert weights.table["importance"].sum() == pytest.approx(drivers.r_squared, abs=1e-9)
    assert weights.table["importance"].tolist() == pytest.approx(lmg.table["importance"].tolist(), abs=0.01)


def test_of_a_study_and_grouped(drivers):
    study = tpm.simulate_study(seed=2, respondents=1500, touchpoints=6)
    first, second, *_ = study.touchpoint_names
    grouped = tpm.relative_importance(study, groups={"both of them": [first, second]})
    assert grouped.table["touchpoint"].tolist()[0] == "both of them"
    assert len(grouped.table) == 5
    assert grouped.r_squared == pytest.approx(drivers.r_squared, abs=1e-12)


def test_touchpoints_that_share_an_indicator_share_what_it_explains():
    rng = np.random.default_rng(1)
    here = np.arange(300) % 3 > 0
    shop, desk = (pd.Series(rng.integers(1, 6, 300).astype(float)).where(here) for _ in range(2))
    score = np.clip(np.round(6 + 2 * here + rng.normal(size=300)), 0, 10)
    frame = pd.DataFrame({"score": score, "shop": shop, "desk": desk})
    study = tpm.make_study(survey=frame, recommend="score", touchpoints=["shop", "desk"])
    for method in ("lmg", "relative_weights"):
        table = tpm.relative_importance(study, method=method).table
        assert table["importance"][0] == pytest.approx(table["importance"][1], abs=0.01)
        assert table["importance"].sum() > 0.3


def test_touchpoints_without_an_estimate_keep_their_row():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.integers(1, 6, (80, 3)), columns=["score", "shop", "mail"]).assign(void=np.nan)
    study = tpm.make_study(survey=frame, recommend="score", touchpoints=["shop", "void", "mail"])
    table = tpm.relative_importance(study).table
    assert table["touchpoint"].tolist() == ["shop", "void", "mail"]
    assert table["importance"].isna().tolist() == [False, True, False]
    assert table["sign"][1] == ""


def test_the_callers_frame_stays_as_it_was():
    frame = SWISS.rename(columns={"Catholic": "katholisch (ä)", "Education": "höhere Bildung"})
    frame.iloc[0, 1] = np.nan
    before = frame.copy()
    result = tpm.relative_importance(frame, outcome="Fertility")
    pd.testing.assert_frame_equal(frame, before)
    assert result.n == 46
    assert "1 row was left out, because a value is missing." in [str(caveat) for caveat in result.caveats]
    assert "katholisch (ä)" in result.table["predictor"].tolist()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"method": "shap"}, "method must be one of 'lmg', 'relative_weights'; got 'shap'."),
        (
            {"groups": {"x": ["Belief"]}},
            "groups['x'] names the unknown predictor 'Belief'; there are ['Agriculture', 'Examination', 'Education', "
            "'Catholic', 'Infant.Mortality'].",
        ),
        (
            {"groups": {"x": ["Catholic"], "y": ["Catholic"]}},
            "groups puts 'Catholic' into both 'x' and 'y'.",
        ),
    ],
)
def test_wrong_options(options, message):
    with pytest.raises(ValueError) as refused:
        tpm.relative_importance(SWISS, outcome="Fertility", **options)
    assert str(refused.value) == message


def test_options_that_do_not_go_together(drivers):
    with pytest.raises(ValueError) as predictors:
        tpm.relative_importance(drivers, predictors=["app"])
    assert str(predictors.value) == (
        "predictors= and weight= go with a frame; a study has its touchpoints and its own weight."
    )
    with pytest.raises(ValueError) as outcome:
        tpm.relative_importance(drivers, outcome="promoter")
    assert str(outcome.value) == "outcome= goes with a frame or a study; this regression explains 'recommend'."


def test_summary_reads_in_both_languages(drivers):
    assert "70.7%" in tpm.relative_importance(SWISS, outcome="Fertility").summary("en")
    assert tpm.relative_importance(drivers).summary("de")


def test_importances_that_do_not_add_up_are_refused(drivers):
    with pytest.raises(ValueError, match="importance adds up to"):
        replace(tpm.relative_importance(drivers), r_squared=0.99)
