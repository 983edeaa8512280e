"""Importance of any frame against R (relaimpo 2.2-7, rwa 0.1.0), and of studies and driver regressions."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

GOLDEN = Path(__file__).parents[2] / "golden"
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
        (
            {"method": "shap"},
            "method must be one of 'lmg', 'relative_weights', 'last', 'first', 'betasq', 'pratt', 'lmg_sampled'; got "
            "'shap'.",
        ),
        (
            {"groups": {"x": ["Belief"]}},
            "groups['x'] names the unknown predictor 'Belief'; there are ['Agriculture', 'Examination', 'Education', "
            "'Catholic', 'Infant.Mortality'].",
        ),
        (
            {"groups": {"x": ["Catholic"], "y": ["Catholic"]}},
            "groups puts 'Catholic' into both 'x' and 'y'.",
        ),
        (
            {"groups": {"Catholic": ["Education", "Examination"]}},
            "groups['Catholic'] has the name of a predictor that is not in it; choose another name.",
        ),
        (
            {"always": ["Belief"]},
            "always names the unknown predictor 'Belief'; there are ['Agriculture', 'Examination', 'Education', "
            "'Catholic', 'Infant.Mortality'].",
        ),
        (
            {"always": ["Catholic"], "groups": {"x": ["Catholic", "Education"]}},
            "'Catholic' stands in both always and groups['x']; choose one.",
        ),
        (
            {"always": ["Catholic"], "method": "pratt"},
            "always= goes with the methods 'lmg', 'last', 'first', 'lmg_sampled'; got 'pratt'.",
        ),
        (
            {"predictors": ["Catholic"], "always": ["Catholic"]},
            "always leaves no predictor whose importance could be asked for.",
        ),
        (
            {"n": 47},
            "n= goes with a covariance or correlation matrix: a square pandas DataFrame whose rows and columns have "
            "the same names in the same order.",
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
        "predictors=, weight= and n= go with a frame; a study has its touchpoints, weight and answers."
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


@pytest.mark.parametrize("method", ["last", "first", "betasq"])
def test_what_adds_up_to_nothing_has_no_share(method):
    result = tpm.relative_importance(SWISS, outcome="Fertility", method=method)
    assert result.table["importance"].tolist() == pytest.approx(RELAIMPO["swiss"][method], abs=EXACT)
    assert result.table["share"].isna().all()
    assert result.table["rank"].tolist() == (-result.table["importance"]).rank().astype(int).tolist()
    assert "does not divide" in result.summary("en")


def test_pratt_may_be_negative_and_says_so():
    result = tpm.relative_importance(SWISS, outcome="Fertility", method="pratt")
    assert result.table["importance"].tolist() == pytest.approx(RELAIMPO["swiss"]["pratt"], abs=EXACT)
    assert result.table["share"].sum() == pytest.approx(1)
    assert result.table["share"][0] < 0
    assert any(str(caveat).startswith("Pratt's measure is negative") for caveat in result.caveats)


@pytest.mark.parametrize("method", ["lmg", "last", "first"])
def test_always_in_as_relaimpo(method):
    result = tpm.relative_importance(SWISS, outcome="Fertility", always=["Agriculture"], method=method)
    golden = RELAIMPO["swiss_always"]
    assert result.table["predictor"].tolist() == golden["lmg_names"]
    assert result.table["importance"].tolist() == pytest.approx(golden[method], abs=EXACT)
    assert result.r_squared - result.always_r_squared == pytest.approx(golden["R2_decomp"], abs=EXACT)
    assert (
        "In every model, explaining 12.5% of the variance on their own: Agriculture. Importance divides what the "
        "others add to that."
    ) in [str(caveat) for caveat in result.caveats]


@pytest.mark.parametrize("method", ["lmg", "relative_weights", "last", "first", "betasq", "pratt"])
def test_a_matrix_does_as_well_as_the_rows(method):
    rows = tpm.relative_importance(SWISS, outcome="Fertility", method=method).table
    for matrix in (SWISS.cov(), SWISS.corr()):
        before = matrix.copy()
        pd.testing.assert_frame_equal(
            tpm.relative_importance(matrix, outcome="Fertility", method=method, n=47).table, rows, rtol=0, atol=EXACT
        )
        pd.testing.assert_frame_equal(matrix, before)
    two = tpm.relative_importance(SWISS.corr(), "Fertility", ["Education"], always=["Catholic"], n=47)
    assert two.table["predictor"].tolist() == ["Education"]


def test_what_is_no_covariance_matrix():
    matrix = SWISS.corr()
    with pytest.raises(ValueError) as forgotten:
        tpm.relative_importance(matrix, outcome="Fertility")
    assert str(forgotten.value) == (
        "source is a covariance or correlation matrix: add n=, the number of rows that it rests on."
    )
    crooked = matrix.copy()
    crooked.iloc[0, 1] = 0.9
    flat = matrix.copy()
    flat.loc["Catholic"] = flat["Catholic"] = 0.0
    impossible = pd.DataFrame(
        [[1, 0.9, 0.9], [0.9, 1, -0.9], [0.9, -0.9, 1.0]], index=["a", "b", "y"], columns=["a", "b", "y"]
    )
    for wrong, outcome, n, message in (
        (crooked, "Fertility", 47, "matrix: expected known values, the same on both sides."),
        (flat, "Fertility", 47, "matrix, column 'Catholic': expected a variance above 0."),
        (impossible, "y", 47, "matrix: expected a covariance matrix of one set of rows (positive semi-definite)."),
        (matrix, "Fertility", 6, "matrix: expected more complete rows than columns; here 6 and 6."),
    ):
        with pytest.raises(tpm.DataError) as refused:
            tpm.relative_importance(wrong, outcome=outcome, n=n)
        assert str(refused.value) == message


def test_a_factor_is_one_player_without_a_direction():
    rng = np.random.default_rng(1)
    region = rng.choice(["Nord", "Süd", "West"], 200)
    frame = pd.DataFrame({"Region (ä)": region, "x.1": rng.normal(size=200)})
    frame["y"] = rng.normal(size=200) + (region == "Süd")
    before = frame.copy()
    result = tpm.relative_importance(frame, outcome="y", predictors=["Region (ä)", "x.1"])
    dummies = pd.get_dummies(frame["Region (ä)"], dtype=float).iloc[:, 1:].assign(x=frame["x.1"], y=frame["y"])
    by_hand = tpm.relative_importance(dummies, outcome="y", groups={"region": ["Süd", "West"]})
    assert result.table["importance"].tolist() == pytest.approx(by_hand.table["importance"].tolist(), abs=EXACT)
    assert result.table["sign"].tolist()[0] == ""
    as_category = frame.astype({"Region (ä)": pd.CategoricalDtype(["West", "Süd", "Nord", "Ost"])})
    again = tpm.relative_importance(as_category, outcome="y", predictors=["Region (ä)", "x.1"])
    assert again.table["importance"].tolist() == pytest.approx(result.table["importance"].tolist(), abs=EXACT)
    pd.testing.assert_frame_equal(frame, before)
    assert tpm.relative_importance(frame, outcome="y").table["predictor"].tolist() == ["x.1"]


def test_duplicates_share_and_near_ones_are_named():
    rng = np.random.default_rng(1)
    twice = SWISS.assign(again=-SWISS["Education"], near=SWISS["Catholic"] + rng.normal(scale=0.5, size=47))
    result = tpm.relative_importance(twice, outcome="Fertility")
    shares = result.table.set_index("predictor")["importance"]
    assert shares["again"] == pytest.approx(shares["Education"], abs=EXACT)
    caveats = [str(caveat) for caveat in result.caveats]
    assert "Education and again carry the same values, or mirror images: nothing can tell them apart." in caveats
    assert (
        "Of Catholic and near the others explain more than 90% of the variance: what goes with which of them is unsure."
    ) in caveats
    for method in ("relative_weights", "lmg_sampled"):
        own = tpm.relative_importance(twice, outcome="Fertility", method=method).table.set_index("predictor")
        assert own["importance"]["again"] == pytest.approx(own["importance"]["Education"], abs=0.005)


@pytest.mark.parametrize("apart", [1e-3, 1e-5, 1e-7, 1e-9])
def test_nearly_collinear_predictors_add_up_at_any_distance(apart):
    rng = np.random.default_rng(1)
    near = SWISS.assign(near=SWISS["Catholic"] + rng.normal(scale=apart, size=47))
    for method in ("lmg", "relative_weights", "pratt", "lmg_sampled"):
        result = tpm.relative_importance(near, outcome="Fertility", method=method)  # checks that it adds up
        assert result.r_squared == pytest.approx(0.72, abs=0.03)


def test_two_correlated_predictors_are_not_fifty_fifty():
    """What relative weights without the rotation back make of any two predictors."""
    matrix = pd.DataFrame([[1, 0.3, 0.6], [0.3, 1, 0.3], [0.6, 0.3, 1]], index=list("abc"), columns=list("abc"))
    table = tpm.relative_importance(matrix, outcome="c", method="relative_weights", n=100).table
    explained = (0.36 + 0.09 - 2 * 0.6 * 0.3 * 0.3) / (1 - 0.09)
    first = (0.36 + explained - 0.09) / 2  # of two predictors relative weights are LMG
    assert table["importance"].tolist() == pytest.approx([first, explained - first], abs=EXACT)


def test_above_25_predictors_sampling_is_offered_and_states_its_error():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(300, 30)) + rng.normal(size=(300, 1)))
    frame = frame.set_axis([f"t{number}" for number in range(30)], axis=1)
    frame["y"] = frame["t0"] + frame["t1"] + rng.normal(size=300)
    unasked = tpm.relative_importance(frame, outcome="y")
    table = tpm.relative_importance(frame, outcome="y", method="lmg_sampled").table
    assert list(table.columns)[-1] == "monte_carlo_error"
    assert table["monte_carlo_error"].between(0, 0.005).all()
    pd.testing.assert_frame_equal(unasked.table[table.columns], table)
    beside = tpm.relative_importance(frame, outcome="y", method="relative_weights").table["importance"]
    assert unasked.table["relative_weights"].tolist() == pytest.approx(beside.tolist(), abs=EXACT)
    assert "Exact LMG of more than 25 touchpoints or predictors would take too long" in str(unasked.caveats[-1])
    halves = {"one": [f"t{number}" for number in range(15)], "two": [f"t{number}" for number in range(15, 30)]}
    grouped = tpm.relative_importance(frame, outcome="y", groups=halves)
    assert grouped.settings["method"] == "lmg" and "monte_carlo_error" not in grouped.table
    assert set(table.nsmallest(2, "rank")["predictor"]) == {"t0", "t1"}


def test_weights_stay_with_their_rows():
    """Where a row is left out, a peer shifts all weights by one."""
    weights = np.random.default_rng(1).uniform(0.5, 2, 47)
    frame = SWISS.assign(w=weights)
    frame.iloc[5, 2] = np.nan
    frame.iloc[9, -1] = 0.0
    table = tpm.relative_importance(frame, outcome="Fertility", weight="w").table
    kept = SWISS.assign(w=weights).drop(index=SWISS.index[[5, 9]])
    by_hand = tpm.relative_importance(kept, outcome="Fertility", weight="w").table
    pd.testing.assert_frame_equal(table, by_hand)
    assert "w" not in table["predictor"].tolist()
