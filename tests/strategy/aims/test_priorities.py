"""The importance-performance map: against the drivers it is made of, and numbers computed by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import tpm_widgets as tpm


@pytest.fixture(scope="module")
def study():
    return tpm.simulate_study(seed=3, respondents=1500, touchpoints=8, waves=4)


@pytest.fixture(scope="module")
def drivers(study):
    return tpm.driver_regression(study)


def survey_of(rng, n=400):
    ratings = {name: rng.integers(1, 6, n) for name in ("shop", "mail", "phone")}
    score = np.clip(np.round(3 + 0.9 * ratings["shop"] + 0.4 * ratings["mail"] + rng.normal(size=n)), 0, 10)
    return pd.DataFrame(ratings | {"score": score.astype(int)})


def test_performance_is_the_mean_with_students_interval():
    survey = survey_of(np.random.default_rng(1))
    study = tpm.make_study(survey=survey, recommend="score", touchpoints=["shop", "mail", "phone"])
    row = tpm.priorities(study, level=0.9).table.set_index("touchpoint").loc["shop"]
    low, high = stats.t.interval(0.9, 399, survey["shop"].mean(), stats.sem(survey["shop"]))
    np.testing.assert_allclose(
        [row["performance"], row["performance_low"], row["performance_high"]],
        [survey["shop"].mean(), low, high],
        atol=1e-12,
    )


def test_importance_is_that_of_the_drivers(study, drivers):
    found = tpm.priorities(study, drivers).table
    np.testing.assert_array_equal(found["importance"], drivers.effects["estimate"])
    np.testing.assert_allclose(
        found["share"], drivers.table["importance_rating"] / drivers.table["importance_rating"].sum(), atol=1e-12
    )
    assert found["share"].sum() == pytest.approx(1)
    pd.testing.assert_frame_equal(tpm.priorities(study).table, found)


def test_the_cross_hairs_are_the_means_and_quadrants_follow(study, drivers):
    result = tpm.priorities(study, drivers)
    table = result.table
    assert result.performance_center == pytest.approx(table["performance"].mean())
    assert result.importance_center == pytest.approx(table["importance"].mean())
    expected = {
        (True, True): "keep up the good work",
        (True, False): "concentrate here",
        (False, True): "possible overkill",
        (False, False): "low priority",
    }
    for row in table.to_dict("records"):
        important, good = row["importance"] >= result.importance_center, row["performance"] >= result.performance_center
        assert row["quadrant"] == expected[important, good]
        if row["certain"]:  # more is asked for than that the intervals of one touchpoint do not cross
            assert not row["importance_low"] < result.importance_center <= row["importance_high"]
            assert not row["performance_low"] < result.performance_center <= row["performance_high"]


def test_the_known_drivers_of_a_simulated_study_are_the_important_half(study):
    table = tpm.priorities(study).table.set_index("touchpoint")
    talk = [name for name, role in study.truth["roles"].items() if role in ("both", "talk only")]
    assert set(table[table["quadrant"].isin(["concentrate here", "keep up the good work"])].index) == set(talk)


def test_ratings_on_several_scales_are_put_on_one():
    survey = survey_of(np.random.default_rng(1))
    wide = survey.assign(phone=(survey["phone"] - 1) * 2.5)
    names = ["shop", "mail", "phone"]
    one = tpm.priorities(tpm.make_study(survey=survey, recommend="score", touchpoints=names))
    study = tpm.make_study(survey=wide, recommend="score", touchpoints=names, scales={"phone": (0, 10)})
    other = tpm.priorities(study)
    pd.testing.assert_frame_equal(one.table, other.table, rtol=1e-9)
    assert "Put on the scale 1 to 5 to be comparable: phone." in [str(caveat) for caveat in other.caveats]


def test_stated_importance_stands_beside(study):
    stated = pd.DataFrame(4.0, index=study.ratings.index, columns=study.touchpoint_names[:2])
    table = tpm.priorities(replace(study, stated_importance=stated)).table
    np.testing.assert_allclose(table["stated_importance"], [4, 4] + [np.nan] * 6)


def test_a_touchpoint_that_nobody_rated_has_no_place():
    survey = survey_of(np.random.default_rng(1)).assign(fax=np.nan)
    study = tpm.make_study(survey=survey, recommend="score", touchpoints=["shop", "mail", "phone", "fax"])
    result = tpm.priorities(study)
    row = result.table.set_index("touchpoint").loc["fax"]
    assert row["n"] == 0 and row["quadrant"] == "" and not row["certain"]
    assert "Without a place on the map, because no effect could be estimated: fax." in map(str, result.caveats)


def test_sentences_and_the_input(study):
    before = study.data_hash
    summary = tpm.priorities(study).summary("en")
    assert summary.startswith("For words (the willingness to recommend), concentrate on ")
    assert "The cross-hairs lie at the means of the 8 touchpoints" in summary
    assert study.data_hash == before


def test_a_wrong_level_is_refused(study):
    with pytest.raises(ValueError) as caught:
        tpm.priorities(study, level=95)
    assert str(caught.value) == "level must be a number between 0 and 1, such as 0.95; got 95."


def equal_effects(seed, effects, n=600):
    """Independent ratings whose means differ."""
    rng = np.random.default_rng(seed)
    p = len(effects)
    ratings = np.clip(np.round(3 + np.linspace(-0.5, 0.5, p) + rng.normal(size=(n, p))), 1, 5)
    names = [f"t{place}" for place in range(p)]
    score = 6 + (ratings - 3) @ np.array(effects) + 1.2 * rng.normal(size=n)
    return tpm.make_study(
        survey=pd.DataFrame(ratings, columns=names).assign(score=score),
        recommend="score",
        recommend_scale=(-1000, 1000),
        touchpoints=names,
    )


def test_certain_is_what_differs_from_both_means_for_all_touchpoints_together():
    """By the formulas: each effect less the mean of all, by its covariance; each mean rating less the mean of all."""
    study = equal_effects(1, [1.5, 0.3, 0.3, 0.3])
    drivers = tpm.driver_regression(study)
    table = tpm.priorities(study, drivers).table
    apart = np.eye(4) - 0.25
    slopes = drivers.fit.params[1:]
    error = np.sqrt(np.diag(apart @ drivers.fit.cov[1:, 1:] @ apart.T))
    important = 2 * stats.t.sf(np.abs(apart @ slopes) / error, drivers.fit.df)
    moved = study.ratings.to_numpy() @ apart.T
    rated = 2 * stats.t.sf(np.abs(moved.mean(axis=0)) / (moved.std(axis=0, ddof=1) / np.sqrt(600)), 599)
    p_values = np.maximum(important, rated)
    order = np.argsort(p_values)
    adjusted = np.maximum.accumulate(p_values[order] * [4, 3, 2, 1])
    expected = np.empty(4, dtype=bool)
    expected[order] = adjusted < 0.05
    assert table["certain"].tolist() == expected.tolist()
    assert table["certain"].iloc[0] and table["quadrant"].iloc[0] == "concentrate here"


def test_one_touchpoint_is_compared_with_nothing():
    assert not tpm.priorities(equal_effects(1, [1.0])).table["certain"].any()


@pytest.mark.slow
def test_where_all_matter_alike_one_study_of_twenty_calls_a_quadrant_certain():
    studies = (equal_effects(seed, [0.3] * 12) for seed in range(74_000, 74_300))
    called = sum(tpm.priorities(study).table["certain"].any() for study in studies)
    assert called <= 28  # 99.9 % of binomials of 300 and 5 %
