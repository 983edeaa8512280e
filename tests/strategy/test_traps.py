"""The faults that other packages were found to have: each has a test that would have caught it, here or as named."""

import ast
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

TESTS = Path(__file__).parents[1]
ELSEWHERE = {
    "relative weights without the rotation back: any two drivers 50 to 50": [
        "strategy/importance/test_importance.py::test_two_correlated_predictors_are_not_fifty_fifty",
        "statistics/importance/test_relative_weights.py::test_two_predictors_are_not_fifty_to_fifty",
        "statistics/importance/test_relative_weights.py::test_none_is_negative_and_they_add_up",
    ],
    "rwa: a sign that is not the coefficient's": [
        "strategy/importance/test_importance.py::test_the_sign_is_that_of_the_coefficient_which_rwa_gets_wrong",
    ],
    "rwa: random predictors significant, because a share is never negative": [
        "strategy/importance/test_importance_intervals.py::test_a_random_predictor_is_called_a_driver_in_at_most_five_percent",
        "statistics/importance/test_random_predictors.py::test_a_random_predictor_is_called_a_driver_in_five_percent",
    ],
    "rwa: one kind of interval silently replaced by another": [
        "strategy/importance/test_importance_intervals.py::test_wrong_options",
    ],
    "dominance-analysis: pseudo-R² that crash": [
        "strategy/importance/test_dominance.py::test_mcfadden_of_mtcars_as_domir",
        "strategy/importance/test_dominance.py::test_of_a_study",
    ],
    "ShapKa: weights applied to the wrong rows": [
        "strategy/importance/test_importance.py::test_weights_stay_with_their_rows",
        "strategy/drivers/test_drivers.py::test_the_studys_weight_counts_and_missing_weights_drop_out",
    ],
    "ShapKa: negative drivers clipped to 0": [
        "strategy/drivers/test_drivers.py::test_a_negative_driver_stays_negative",
        "strategy/compare/test_compare.py::test_negative_effects_are_named",
        "strategy/aims/test_factors.py::test_a_wrong_sign_is_flagged_and_counts_for_neither_side",
    ],
    "R NPS: cut-offs ignored": [
        "statistics/score/test_net_promoter.py::test_own_cutoffs_count_where_rs_nps_ignores_them",
        "as_is/score/test_score_classes.py::test_own_cutoffs_on_any_scale_where_rs_nps_ignores_them",
    ],
    "R NPS: an interval upside down": [
        "statistics/score/test_net_promoter.py::test_the_interval_of_one_group_runs_upwards_where_rs_is_upside_down",
    ],
    "R NPS: the sign of a difference dropped": [
        "as_is/score/test_score_comparison.py::test_the_sign_of_a_difference_is_kept_where_r_drops_it",
    ],
    "R NPS: 6.5 counted as passive after it was excluded": [
        "as_is/score/test_net_promoter_score.py::test_half_a_point_is_no_answer",
    ],
    "LMG sampled in silence": [
        "statistics/importance/test_sampled_lmg.py::test_is_as_far_off_as_it_says",
        "strategy/importance/test_importance.py::test_above_25_predictors_sampling_is_offered_and_states_its_error",
    ],
    "CustomerGauge: people without a score in the denominator": [
        "as_is/score/test_net_promoter_score.py::test_what_does_not_count_is_counted",
    ],
    "codes averaged as ratings": [
        "study/test_make.py::test_codes_count_only_outside_the_scale_of_their_column",
        "strategy/drivers/test_drivers.py::test_airport_complete_cases",
    ],
    "0 % shown for an empty group": [
        "as_is/score/test_net_promoter_score.py::test_small_groups_are_withheld_and_named",
        "as_is/score/test_net_promoter_score.py::test_nobody_answered",
    ],
    "weights in the score and not in its interval": [
        "statistics/score/test_net_promoter.py::test_the_weighted_error_is_that_of_repeated_samples",
        "as_is/score/test_score_comparison.py::test_weights_are_in_the_error_as_in_statsmodels",
    ],
}
ODD = {"a": "Große Straße 1.2 [neu]", "b": "C(waiting) ~ time", "c": "100 % täglich", "d": "n"}
METHODS = ["lmg", "relative_weights", "last", "first", "betasq", "pratt"]
VERBS = {
    "driver_regression": tpm.driver_regression,
    "driver_regression, logit": lambda study: tpm.driver_regression(study, outcome="promoter"),
    **{
        f"relative_importance, {method}": lambda study, method=method: tpm.relative_importance(study, method=method)
        for method in [*METHODS, "lmg_sampled"]
    },
    **{
        f"importance_intervals, {method}": lambda study, method=method: tpm.importance_intervals(
            study, method=method, replicates=100
        )
        for method in METHODS
    },
    "importance_intervals, influence": lambda study: tpm.importance_intervals(study, how="influence"),
    "dominance": tpm.dominance,
    "dominance, McFadden": lambda study: tpm.dominance(study, outcome="promoter", metric="mcfadden"),
    "compare_drivers": lambda study: tpm.compare_drivers(study, replicates=20),
    "penalty_reward": lambda study: tpm.penalty_reward(study, replicates=100),
    "priorities": tpm.priorities,
}
SHOWN = [name for name in VERBS if name != "priorities"]  # which says in its own words what has no place on the map


@pytest.mark.parametrize("fault", ELSEWHERE)
def test_the_tests_named_are_there(fault):
    for place in ELSEWHERE[fault]:
        path, name = place.split("::")
        tree = ast.parse((TESTS / path).read_text(encoding="utf-8"))
        assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}, place


def tables(n=900, seed=5, **more):
    """Answers of customers about four touchpoints, and whom they recommended to; ``more`` makes columns of ratings."""
    rng = np.random.default_rng(seed)
    mood = rng.normal(size=(n, 1))
    ratings = pd.DataFrame(np.clip(np.round(3 + rng.normal(size=(n, 4)) + 0.5 * mood), 1, 5), columns=list("abcd"))
    pull = (ratings - 3).to_numpy() @ [0.8, 0.5, -0.4, 0.0]
    people = [f"p{number}" for number in range(n)]
    survey = ratings.assign(
        score=np.clip(np.round(7.5 + pull + rng.normal(size=n)), 0, 10),
        customer=people,
        date=pd.Timestamp("2023-02-01"),
        weight=rng.choice([0.5, 1.0, 2.0], n),
    )
    ratings.loc[rng.random(n) < 0.1, "b"] = np.nan
    survey["b"] = ratings["b"]
    for name, make in more.items():
        survey[name] = make(survey, rng)
    deeds = rng.random(n) < 1 / (1 + np.exp(1 - 0.5 * pull))
    referrals = pd.DataFrame({"referrer": np.array(people)[deeds], "date": pd.Timestamp("2023-05-01")})
    customers = pd.DataFrame({"customer": people, "acquired": pd.Timestamp("2020-01-01")})
    return {"survey": survey, "customers": customers, "referrals": referrals}


def study_of(found, touchpoints=("a", "b", "c", "d"), **options):
    options = {"weight": "weight", **options}
    return tpm.make_study(
        **found, recommend="score", touchpoints=list(touchpoints), rating_scale=(1, 5), customer="customer",
        date="date", recording_start="2020-01-01", observed_until="2025-12-31", **options,
    )  # fmt: skip


def numbers(result):
    return result.table.select_dtypes("number")


@pytest.fixture(scope="module")
def plain():
    study = study_of(tables())
    return {name: verb(study) for name, verb in VERBS.items()}


@pytest.mark.parametrize("verb", VERBS)
def test_names_with_spaces_umlauts_dots_and_brackets(verb, plain):
    found = tables()
    found["survey"] = found["survey"].rename(columns=ODD)
    result = VERBS[verb](study_of(found, ODD.values()))
    assert set(result.table["touchpoint"]) == set(ODD.values())
    pd.testing.assert_frame_equal(numbers(result), numbers(plain[verb]))
    assert result.summary("en") and result._repr_html_()


@pytest.mark.parametrize("verb", VERBS)
def test_the_callers_tables_stay_as_they_were(verb):
    found = tables()
    before = {name: frame.copy(deep=True) for name, frame in found.items()}
    study = study_of(found)
    ratings, survey, known = study.ratings.copy(deep=True), study.survey.copy(deep=True), study.data_hash
    VERBS[verb](study)
    for name, frame in found.items():
        pd.testing.assert_frame_equal(frame, before[name])
    pd.testing.assert_frame_equal(study.ratings, ratings)
    pd.testing.assert_frame_equal(study.survey, survey)
    assert study.data_hash == known


@pytest.mark.parametrize("verb", VERBS)
def test_codes_are_no_ratings(verb, plain):
    """6 for "never used" and 0 for "no answer" are what an empty cell is; averaged they would move every number."""
    found = tables()
    empty = found["survey"]["b"].isna()
    found["survey"].loc[empty, "b"] = np.where(np.arange(empty.sum()) % 2, 6.0, 0.0)
    result = VERBS[verb](study_of(found, not_experienced=(6,), no_answer=(0,)))
    told = ["experienced"]  # which of the two an empty cell is, only codes tell
    pd.testing.assert_frame_equal(
        numbers(result).drop(columns=told, errors="ignore"), numbers(plain[verb]).drop(columns=told, errors="ignore")
    )


@pytest.mark.parametrize("verb", VERBS)
def test_answers_without_a_score_do_not_count(verb, plain):
    found = tables()
    silent = found["survey"].iloc[:50].assign(score=np.nan, customer=[f"q{number}" for number in range(50)])
    found["survey"] = pd.concat([found["survey"], silent], ignore_index=True)
    result = VERBS[verb](study_of(found))
    if verb == "priorities":  # performance is that of everybody who rated
        pd.testing.assert_series_equal(result.table["importance"], plain[verb].table["importance"])
    else:
        pd.testing.assert_frame_equal(numbers(result), numbers(plain[verb]))


SPOILED = {
    "constant": (
        lambda survey, rng: np.full(len(survey), 4.0),
        ["all ratings are the same: x", "low, middle or high ratings are (almost) absent: x"],
    ),
    "duplicate": (
        lambda survey, rng: survey["a"],
        ["x is without an estimate, because its ratings are those of a",
         "Low or high ratings go together with those of other touchpoints, so without an estimate: x"],
    ),
    "nearly collinear": (
        lambda survey, rng: survey["a"].where(rng.random(len(survey)) > 0.03, rng.integers(2, 5, len(survey))),
        ["Of a and x the others explain more than 90% of the variance: what goes with which of them is unsure"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("kind", SPOILED)
@pytest.mark.parametrize("verb", SHOWN)
def test_a_constant_a_duplicate_and_a_near_one_are_named(verb, kind):
    make, sentences = SPOILED[kind]
    result = VERBS[verb](study_of(tables(x=make), "abcdx"))
    assert result.table["touchpoint"].tolist() == list("abcdx")
    said = [str(caveat) for caveat in result.caveats]
    assert sum(any(sentence in words for sentence in sentences) for words in said) == 1, said
    estimates = [name for name in ("importance", "estimate", "riocs", "say_estimate") if name in result.table]
    known = result.table.set_index("touchpoint")[estimates].notna().all(axis=1)
    assert known[["a", "b", "c", "d"]].all()
    assert known["x"] == (kind == "nearly collinear")


@pytest.mark.parametrize("kind", SPOILED)
def test_priorities_name_them_too(kind):
    result = tpm.priorities(study_of(tables(x=SPOILED[kind][0]), "abcdx"))
    sentences = SPOILED[kind][1] if kind == "nearly collinear" else ["no effect could be estimated: x"]
    assert any(sentence in str(caveat) for caveat in result.caveats for sentence in sentences)


@pytest.mark.parametrize("method", METHODS)
def test_a_negative_driver_keeps_its_importance_and_its_sign(method):
    row = tpm.relative_importance(study_of(tables()), method=method).table.set_index("touchpoint").loc["c"]
    assert row["sign"] == "-"
    assert abs(row["importance"]) > 0.005


@pytest.mark.parametrize(
    ("verb", "low", "high"),
    [
        ("driver_regression", "conf_low", "conf_high"),
        ("importance_intervals, lmg", "conf_low", "conf_high"),
        ("importance_intervals, relative_weights", "conf_low", "conf_high"),
        ("importance_intervals, influence", "conf_low", "conf_high"),
        ("penalty_reward", "reward_low", "reward_high"),
    ],
)
def test_weights_are_in_the_intervals(verb, low, high):
    """Weights that say nothing about the answers and have a design effect of 2.7 widen intervals by about √2.7."""
    found = tables(n=3000)
    found["survey"]["weight"] = np.random.default_rng(2).lognormal(sigma=1.0, size=3000)
    widths = [
        (table[high] - table[low]).mean()
        for table in (VERBS[verb](study_of(found, weight=weight)).table for weight in (None, "weight"))
    ]
    weights = found["survey"]["weight"]
    effect = len(weights) * (weights**2).sum() / weights.sum() ** 2
    assert widths[1] / widths[0] == pytest.approx(np.sqrt(effect), rel=0.2)


@pytest.mark.parametrize("method", METHODS)
def test_weights_stay_with_their_rows_in_intervals(method):
    """Rows that are left out take their weights with them."""
    frame = tables()["survey"][["a", "b", "c", "score", "weight"]]
    options = {"outcome": "score", "weight": "weight", "method": method, "replicates": 100}
    found = tpm.importance_intervals(frame, **options)
    kept = tpm.importance_intervals(frame.dropna().reset_index(drop=True), **options)
    pd.testing.assert_frame_equal(found.table, kept.table)


def test_lmg_of_15_predictors_is_exact_and_a_sample_says_how_far_off_it_is():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(400, 15)) + rng.normal(size=(400, 1))).add_prefix("t")
    frame["y"] = frame.to_numpy() @ np.linspace(0, 1, 15) + rng.normal(scale=4, size=400)
    exact = tpm.relative_importance(frame, outcome="y").table
    assert "monte_carlo_error" not in exact
    general = tpm.dominance(frame, outcome="y").table  # by all 2^15 values of R²
    assert exact["importance"].tolist() == pytest.approx(general["importance"].tolist(), abs=1e-12)
    sampled = tpm.relative_importance(frame, outcome="y", method="lmg_sampled").table
    off = (sampled["importance"] - exact["importance"]).abs()
    assert (off <= 4 * sampled["monte_carlo_error"] + 1e-12).all()


def test_mean_shap_is_not_offered_as_importance():
    with pytest.raises(ValueError) as refused:
        tpm.relative_importance(study_of(tables()), method="shap")
    assert str(refused.value) == (
        "method must be one of 'lmg', 'relative_weights', 'last', 'first', 'betasq', 'pratt', 'lmg_sampled'; got "
        "'shap'."
    )
