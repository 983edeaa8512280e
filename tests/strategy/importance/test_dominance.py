"""Dominance of any frame and study: domir 1.2.0 (R 4.2.2), and what is refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

GOLDEN = Path(__file__).parents[2] / "golden"
DOMIR = json.loads((GOLDEN / "domir.json").read_text())
SWISS = pd.read_csv(GOLDEN / "swiss.csv", index_col=0)
EXACT = 1e-9  # as published: 15 digits, sums of 32 fits
# mtcars of R's datasets (Henderson & Velleman 1981)
MTCARS = pd.DataFrame(
    {
        "mpg": [21, 21, 22.8, 21.4, 18.7, 18.1, 14.3, 24.4, 22.8, 19.2, 17.8, 16.4, 17.3, 15.2, 10.4, 10.4, 14.7, 32.4,
                30.4, 33.9, 21.5, 15.5, 15.2, 13.3, 19.2, 27.3, 26, 30.4, 15.8, 19.7, 15, 21.4],
        "hp": [110, 110, 93, 110, 175, 105, 245, 62, 95, 123, 123, 180, 180, 180, 205, 215, 230, 66, 52, 65, 97, 150,
               150, 245, 175, 66, 91, 113, 264, 175, 335, 109],
        "wt": [2.62, 2.875, 2.32, 3.215, 3.44, 3.46, 3.57, 3.19, 3.15, 3.44, 3.44, 4.07, 3.73, 3.78, 5.25, 5.424, 5.345,
               2.2, 1.615, 1.835, 2.465, 3.52, 3.435, 3.84, 3.845, 1.935, 2.14, 1.513, 3.17, 2.77, 3.57, 2.78],
        "vs": [0, 0, 1, 1, 0, 1, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 1, 0, 1, 0, 0, 0, 1],
    }
)  # fmt: skip


def rows_of(conditional, kind="predictor"):
    return conditional.pivot_table(index=kind, columns="size", values="gain", sort=False)


def test_swiss_as_domir():
    before = SWISS.copy()
    result = tpm.dominance(SWISS, outcome="Fertility")
    golden = DOMIR["swiss"]
    assert dict(zip(result.table["predictor"], result.table["importance"], strict=True)) == pytest.approx(
        golden["general"], abs=EXACT
    )
    rows = rows_of(result.conditional)
    for expected in golden["conditional"]:
        name = expected.pop("_row")
        assert rows.loc[name].tolist() == pytest.approx(list(expected.values()), abs=EXACT)
    shares = result.complete.set_index(["first", "second"])["share"]
    for expected in golden["complete"]:
        name = expected.pop("_row").removesuffix("_>")
        for other, share in expected.items():
            assert share is None or shares[name, other.removeprefix(">_")] == share
    assert result.fit == pytest.approx(golden["value"], abs=EXACT)
    assert result.table["dominates"].tolist() == [0, 0, 3, 0, 1]
    matrix = result.matrix()
    assert matrix.loc["Education", "Catholic"] == "dominates"
    assert matrix.loc["Catholic", "Education"] == "is dominated"
    assert matrix.loc["Education", "Infant.Mortality"] == "neither"
    assert matrix.loc["Education", "Education"] == ""
    pd.testing.assert_frame_equal(SWISS, before)


def test_mcfadden_of_mtcars_as_domir():
    result = tpm.dominance(MTCARS, outcome="vs", metric="mcfadden")
    golden = DOMIR["mtcars_vs_mcfadden"]
    assert result.table["importance"].tolist() == pytest.approx(list(golden["general"].values()), abs=EXACT)
    rows = rows_of(result.conditional)
    for expected in golden["conditional"]:
        name = expected.pop("_row")
        assert rows.loc[name].tolist() == pytest.approx(list(expected.values()), abs=EXACT)
    assert result.fit == pytest.approx(golden["value"], abs=EXACT)
    assert result.model == "logit"


@pytest.mark.parametrize(("outcome", "model"), [("promoter", None), ("recommend", "ordered"), ("recommend", "poisson")])
def test_of_a_study(outcome, model):
    study = tpm.simulate_study(seed=2, respondents=900, touchpoints=4)
    first, *others = study.touchpoint_names
    result = tpm.dominance(study, outcome=outcome, metric="mcfadden", model=model)
    assert result.table["touchpoint"].tolist() == [first, *others]
    assert result.table["importance"].sum() == pytest.approx(result.fit, abs=1e-12)
    assert rows_of(result.conditional, "touchpoint").mean(axis=1).tolist() == pytest.approx(
        result.table["importance"].tolist(), abs=1e-12
    )
    beside = tpm.dominance(study, outcome=outcome, metric="mcfadden", model=model, always=[first])
    assert beside.fit == pytest.approx(result.fit, abs=1e-9)
    assert beside.always_fit > 0
    assert result.summary("en") and result.summary("de")


def test_general_dominance_is_lmg_from_rows_or_matrix():
    importance = tpm.relative_importance(SWISS, outcome="Fertility", always=["Catholic"]).table["importance"]
    for source, n in ((SWISS, None), (SWISS.corr(), 47)):
        result = tpm.dominance(source, outcome="Fertility", always=["Catholic"], n=n)
        assert result.table["importance"].tolist() == pytest.approx(importance.tolist(), abs=1e-11)


def test_complete_implies_conditional_implies_general():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(90, 5)) + rng.normal(size=(90, 1)), columns=list("abcde"))
    frame["y"] = frame @ [3, 2, 1, 0, 0] + rng.normal(size=90)
    result = tpm.dominance(frame, outcome="y")
    rows = rows_of(result.conditional)
    general = result.table.set_index("predictor")["importance"]
    pairs = result.complete.query("relation == 'dominates'")
    assert len(pairs) > 3
    for first, second in zip(pairs["first"], pairs["second"], strict=True):
        assert (rows.loc[first] > rows.loc[second]).all()
        assert general[first] > general[second]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"metric": "nagelkerke"}, "metric must be one of 'r_squared', 'mcfadden'; got 'nagelkerke'."),
        (
            {"model": "logit"},
            "metric='r_squared' goes with model='ols', metric='mcfadden' with 'logit', 'ordered' or 'poisson'; got "
            "'r_squared' and 'logit'.",
        ),
        (
            {"metric": "mcfadden"},
            "'mpg' has other values than 0 and 1: say model='ordered' for values in order, or model='poisson' for "
            "counts.",
        ),
        ({"metric": "mcfadden", "model": "logit"}, "frame, column 'mpg': expected the values 0 and 1."),
        ({"metric": "mcfadden", "model": "poisson"}, "frame, column 'mpg': expected counts: 0, 1, 2 …."),
        (
            {"metric": "mcfadden", "model": "ordered"},
            "frame, column 'mpg': expected 3 to 20 different values in order.",
        ),
    ],
)
def test_wrong_options(options, message):
    with pytest.raises(ValueError) as refused:
        tpm.dominance(MTCARS, outcome="mpg", **options)
    assert str(refused.value) == message


def test_a_matrix_has_no_likelihood():
    with pytest.raises(ValueError) as refused:
        tpm.dominance(SWISS.corr(), outcome="Fertility", n=47, metric="mcfadden")
    assert str(refused.value) == (
        "metric='mcfadden' needs the rows themselves: a frame, or a study with missing='indicator'."
    )


def test_too_many_players():
    frame = pd.DataFrame(np.random.default_rng(1).normal(size=(60, 14)), columns=[f"t{i}" for i in range(14)])
    with pytest.raises(ValueError) as refused:
        tpm.dominance(frame.assign(y=(frame["t0"] > 0).astype(int)), outcome="y", metric="mcfadden")
    assert str(refused.value) == (
        "Dominance by 'mcfadden' goes up to 12 players, got 14: join some with groups=, such as "
        "groups={'service': ['phone', 'mail']}."
    )


def test_what_tells_the_outcome_without_error_is_named():
    frame = MTCARS.assign(**{"is v?": MTCARS["vs"] * 2.0})
    with pytest.raises(tpm.DataError) as refused:
        tpm.dominance(frame, outcome="vs", predictors=["hp", "is v?"], metric="mcfadden")
    assert str(refused.value) == (
        "frame, column 'is v?': expected values that do not tell the outcome without error. Leave some out or "
        "take more rows: no finite coefficients fit."
    )


def test_importances_that_do_not_add_up_are_refused():
    with pytest.raises(ValueError, match="importance adds up to"):
        replace(tpm.dominance(SWISS, outcome="Fertility"), fit=0.99)
