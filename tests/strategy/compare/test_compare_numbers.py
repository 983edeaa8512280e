"""Numbers of comparisons: which answers they rest on, the direction of differences, and what customers move."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import tpm_widgets as tpm
from tpm_widgets.strategy.compare import say_against_do
from tpm_widgets.strategy.compare.group_differences import GroupEffects, GroupShares


@pytest.fixture(scope="module")
def study():
    return tpm.simulate_study(seed=4, respondents=1500, touchpoints=4)


@pytest.fixture(scope="module")
def comparison(study):
    return tpm.compare_drivers(study, negligible=(0.03, 0.01), replicates=40)


def rows_of(study, rows):
    """The same study with these answers only."""
    parts = {name: getattr(study, name)[rows].reset_index(drop=True) for name in ("survey", "ratings", "experienced")}
    return replace(study, **parts)


def test_doing_minus_saying_with_intervals_around_it(comparison):
    table = comparison.differences
    middle = (table["conf_low"] + table["conf_high"]) / 2
    assert table["estimate"].abs().max() > 0.1
    assert np.corrcoef(middle, table["estimate"])[0, 1] > 0.9
    assert comparison.settings == {
        "saying": "promoter", "doing": "referred", "negligible": (0.03, 0.01), "missing": "indicator", "level": 0.95,
        "seed": 1,
    }  # fmt: skip


def test_resamples_are_of_the_outcomes_that_the_models_saw(study, monkeypatch):
    """Complete answers are a part of those followed; each keeps its own outcomes."""
    seen = []

    def bootstrap_lmg(columns, outcomes, *others):
        seen.append(outcomes)
        return bootstrapped(columns, outcomes, *others)

    bootstrapped = say_against_do.bootstrap_lmg
    monkeypatch.setattr(say_against_do, "bootstrap_lmg", bootstrap_lmg)
    found = tpm.compare_drivers(study, missing="complete", replicates=20)
    assert found.doing.n < len(study.survey) / 2
    np.testing.assert_array_equal(seen[0], np.column_stack([found.saying.observed, found.doing.observed]))


def test_answers_without_a_score_are_in_neither_model(study):
    survey = study.survey.copy()
    survey["recommend"] = survey["recommend"].astype(float).mask(survey.index % 5 == 0)
    found = tpm.compare_drivers(replace(study, survey=survey), replicates=20)
    assert found.saying.n == found.doing.n
    assert (found.doing.design.rows % 5 != 0).all()


def test_a_window_of_ones_own_is_told(study):
    found = tpm.compare_drivers(study, window=90, replicates=20, level=0.9)
    assert found.settings["window"] == 90
    assert found.doing.settings == {"outcome": "referred", "missing": "indicator", "level": 0.9, "window": 90}
    assert found.doing.events < tpm.driver_regression(study, "referred", level=0.9).events


# Groups


def survey_of(n=240, seed=1):
    rng = np.random.default_rng(seed)
    survey = pd.DataFrame(rng.integers(1, 6, (n, 3)).astype(float), columns=["shop", "mail", "app"])
    survey["part"] = np.repeat(["a", "b"], n // 2)
    score = survey["shop"] + np.where(survey["part"] == "b", 0.3, 1) * survey["mail"] + rng.normal(size=n)
    survey["score"] = np.clip(np.round(score), 0, 10)
    return survey


def make(survey, **options):
    return tpm.make_study(
        survey=survey, recommend="score", touchpoints=["shop", "mail", "app"], segments=["part"], **options
    )


@pytest.fixture(scope="module")
def models():
    study = make(survey_of())
    return {
        name: tpm.driver_regression(rows_of(study, study.survey["part"].to_numpy() == name), "recommend")
        for name in ("a", "b")
    }


def test_the_error_of_a_difference_is_hc3_of_both(models):
    """Nobody stands in both groups: variances add up, with as many degrees of freedom as persons less one."""
    apart = {"a": models["a"], "b": replace(models["b"], fit=replace(models["b"].fit, clusters=np.arange(1000, 1120)))}
    effects = GroupEffects(apart)
    row = effects.difference("mail", ("a", "b"), 0.9).iloc[0]
    tables = [model.table.set_index("touchpoint").loc["mail"] for model in models.values()]
    assert row["estimate"] == pytest.approx(tables[0]["estimate"] - tables[1]["estimate"])
    error = np.hypot(*(table["std_error"] for table in tables))
    assert row["std_error"] == pytest.approx(error)
    reach = stats.t.ppf(0.95, 239) * error
    assert [row["conf_low"], row["conf_high"]] == pytest.approx([row["estimate"] - reach, row["estimate"] + reach])
    found = effects.by_touchpoint(["shop", "mail", "app", "gone"])
    assert found["groups"].tolist() == [2, 2, 2, 0]
    assert found["df"].tolist() == [1, 1, 1, 0]
    test = found.set_index("touchpoint").loc["mail"]
    assert test["chi2"] == pytest.approx((row["estimate"] / error) ** 2)
    assert test["p_value"] == pytest.approx(stats.f.sf(test["chi2"], 1, 239))
    assert effects.test().df == 3
    assert effects.difference("gone", ("a", "b"), 0.9) is None


def test_resamples_of_each_group_hold_its_own_answers_only(models):
    """Positions of both groups in one survey; what is drawn lies around what is exact, in each group around its own."""
    study = make(survey_of())
    whole = {
        name: replace(model, design=replace(model.design, rows=model.design.rows + 120 * place))
        for place, (name, model) in enumerate(models.items())
    }
    shares = GroupShares(study, whole, 60, 1)
    names, exact, drawn = shares.pair(("a", "b"))
    assert names == ["shop", "mail", "app"]
    assert (exact.shape, drawn.shape) == ((2, 3), (60, 2, 3))
    for place, model in enumerate(models.values()):
        np.testing.assert_allclose(exact[place], model.table["importance"])
    np.testing.assert_allclose(drawn.mean(axis=0), exact, atol=0.03)
    alone = GroupShares(study, {"b": whole["b"]}, 60, 1)
    assert alone.exact["b"].tolist() == exact[1].tolist()


def test_shares_and_ranks_of_groups_with_a_weight_and_customers():
    """Each answer twice by one customer: the same effects and importances as once, and nearly the same errors."""
    survey = survey_of().assign(who=[f"c{row}" for row in range(240)], weight=1.0)
    once = make(survey, customer="who", weight="weight")
    twice = make(pd.concat([survey, survey.assign(weight=3.0)], ignore_index=True), customer="who", weight="weight")
    one, two = (
        tpm.compare_driver_groups(found, by="part", outcome="recommend", replicates=20) for found in (once, twice)
    )
    for column in ("estimate", "other_estimate", "difference", "importance", "share_difference"):
        np.testing.assert_allclose(one.table[column], two.table[column], atol=1e-9)
    np.testing.assert_allclose(one.table["std_error"], two.table["std_error"], rtol=0.06)
    assert two.groups["n"].tolist() == [240, 240]
    assert two.table["n"].tolist() == [240] * 3
    assert one.test.df_residual == two.test.df_residual == 239
