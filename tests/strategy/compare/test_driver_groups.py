"""Drivers of one segment or wave against those of another: the joint test, the table, and what is withheld."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from pandas.testing import assert_frame_equal
from statsmodels.genmod.families import Binomial
from statsmodels.stats.sandwich_covariance import S_crosssection

import tpm_widgets as tpm
from tpm_widgets.statistics.regression.contrasts import coefficient_influence, effect_influence
from tpm_widgets.statistics.regression.design import make_design
from tpm_widgets.statistics.regression.linear_and_logit import fit_logit

EXACT = 1e-9  # of two ways to compute the same
COLUMNS = ["touchpoint", "group", "other", "n", "n_other", "estimate", "other_estimate", "difference", "std_error",
           "conf_low", "conf_high", "p_value", "p_adjusted", "importance", "other_importance", "share_difference",
           "share_difference_low", "share_difference_high"]  # fmt: skip
NAMES = ["shop", "mail", "app", "desk"]


def answers(seed, n=1500, planted=0.0, parts=2, weight=False):
    """Answers of which every third is a customer's second; ``planted`` is taken from the shop's slope in part b."""
    rng = np.random.default_rng(seed)
    customers = 2 * n // 3
    who = np.concatenate([np.arange(customers), rng.choice(customers, n - customers, replace=False)])
    mood, taste = rng.normal(size=(2, customers))
    part = np.array(list("abcd"))[rng.integers(0, parts, customers)][who]
    ratings = np.clip(np.round(3.2 + 0.6 * mood[who][:, None] + 0.9 * rng.normal(size=(n, 4))), 1, 5)
    ratings[rng.random((n, 4)) < 0.2] = np.nan
    slopes = np.tile([0.6, 0.4, 0.2, 0.0], (n, 1))
    slopes[part == "b", 0] -= planted
    noise = 0.6 * mood[who] + 0.8 * taste[who] + rng.normal(size=n)
    score = np.clip(np.round(7.6 + np.nansum((ratings - 3.2) * slopes, axis=1) + noise), 0, 10)
    frame = pd.DataFrame(ratings, columns=NAMES).assign(score=score, who=who, part=part)
    frame["wave"] = np.where(np.arange(n) < customers, "2023", "2024")
    return frame.assign(weight=rng.uniform(0.5, 2, n)) if weight else frame


def make(frame):
    weight = "weight" if "weight" in frame else None
    return tpm.make_study(
        survey=frame, recommend="score", touchpoints=NAMES, customer="who", wave="wave", segments=["part"],
        weight=weight,
    )  # fmt: skip


@pytest.fixture(scope="module")
def study():
    return make(answers(1, parts=3))


@pytest.fixture(scope="module")
def groups(study):
    return tpm.compare_driver_groups(study, by="part", replicates=40)


def pooled(frame, by, outcome):
    """One model in which the group interacts with every term, by statsmodels; χ² of touchpoint × group."""
    names = sorted(frame[by].unique())
    ratings = frame[NAMES]
    terms = np.column_stack([np.ones(len(frame)), ratings.fillna(0), ratings.isna()])
    blocks = [terms] + [terms * (frame[by] == name).to_numpy()[:, None] for name in names[1:]]
    matrix = np.column_stack(blocks).astype(float)
    wanted = [1 + j + block * terms.shape[1] for block in range(1, len(names)) for j in range(4)]
    contrast = np.eye(matrix.shape[1])[wanted]
    if outcome == "recommend":
        weights = frame["weight"] if "weight" in frame else np.ones(len(frame))
        model = sm.WLS(frame["score"].to_numpy(), matrix, weights=weights)
        fit = sm.OLS(model.wendog, model.wexog).fit()
        terms, residual = model.wexog, fit.resid
    else:
        model = sm.GLM((frame["score"] >= 9).to_numpy(float), matrix, family=Binomial())
        fit = model.fit(tol=1e-12, tol_criterion="params", maxiter=100)
        terms, residual = matrix, fit.resid_response
    scores = terms * (residual / (1 - fit.get_influence().hat_matrix_diag))[:, None]
    cov = fit.normalized_cov_params @ S_crosssection(scores, frame["who"].to_numpy()) @ fit.normalized_cov_params
    return float(np.squeeze(fit.wald_test(contrast, cov_p=cov, use_f=False, scalar=True).statistic))


@pytest.mark.parametrize(("by", "parts"), [("part", 2), ("part", 3), ("wave", 2)])
@pytest.mark.parametrize("weight", [False, True])
def test_the_joint_test_is_that_of_one_model_with_interactions(by, parts, weight):
    """statsmodels: WLS with the group times every term, HC3 summed by customer (also across waves)."""
    frame = answers(3, parts=parts, weight=weight)
    found = tpm.compare_driver_groups(make(frame), by=by, outcome="recommend", replicates=20)
    assert found.test.chi2 == pytest.approx(pooled(frame, by, "recommend"), rel=EXACT)
    assert found.test.df == 4 * (frame[by].nunique() - 1)
    assert found.test.df_residual == frame["who"].nunique() - 1


@pytest.mark.parametrize("by", ["part", "wave"])
def test_log_odds_are_those_of_one_logit_with_interactions(by):
    frame = answers(5)
    found = tpm.compare_driver_groups(make(frame), by=by, replicates=20)
    assert found.log_odds_test.chi2 == pytest.approx(pooled(frame, by, "promoter"), rel=EXACT)


def test_what_an_answer_moves_an_average_effect_by():
    """The influence is the derivative by the answer's weight: fitted again with a little more of it."""
    frame = answers(7, n=400)
    outcome, weights = (frame["score"] >= 8).to_numpy(float), np.ones(400)
    design = make_design(frame[NAMES], weights, "indicator", outcome)
    rated, column = design.rated("shop"), design.names.index("shop")

    def effect(own):
        fit = fit_logit(outcome, design.matrix, design.names, own)
        return fit.average_effect(column, design.matrix[rated], own[rated])[0]

    fit = fit_logit(outcome, design.matrix, design.names, weights)
    moved = coefficient_influence(fit, design.matrix, outcome)
    found, influence = effect_influence(fit, design.matrix, moved, column, rated)
    assert found == pytest.approx(effect(weights), abs=EXACT)
    for row in (0, 7, 50, 133, 399):
        step = np.zeros(400)
        step[row] = 1e-3
        slope = (effect(weights + step) - effect(weights - step)) / 2e-3
        assert influence[row] == pytest.approx(slope, abs=1e-7)  # a central difference errs by the step squared


def test_columns_and_estimates(study, groups):
    table = groups.table
    assert list(table.columns) == COLUMNS
    assert len(table) == 4 * 3
    for name, model in groups.models.items():
        alone = make(answers(1, parts=3).query("part == @name").reset_index(drop=True))
        expected = tpm.driver_regression(alone, outcome="promoter")
        assert model.effects["estimate"].tolist() == pytest.approx(expected.effects["estimate"].tolist(), rel=1e-7)
        own = table[table["group"] == name].drop_duplicates("touchpoint")
        if len(own):
            assert own["estimate"].tolist() == model.effects["estimate"].tolist()
            assert own["n"].tolist() == model.effects["n"].tolist()
            assert own["importance"].tolist() == model.table["importance"].tolist()
    assert (table["conf_low"] < table["difference"]).all()
    assert (table["p_adjusted"] >= table["p_value"]).all()


def test_waves_are_later_minus_earlier_and_tie_a_customer_to_himself(study):
    waves = tpm.compare_driver_groups(study, by="wave", outcome="recommend", replicates=20)
    assert (waves.table["group"] == "2024").all()
    assert (waves.table["other"] == "2023").all()
    assert "500 persons answered in more than one group" in " ".join(map(str, waves.caveats))
    strangers = replace(study, survey=study.survey.assign(customer=[str(row) for row in range(len(study.survey))]))
    apart = tpm.compare_driver_groups(strangers, by="wave", outcome="recommend", replicates=20)
    assert apart.table["difference"].tolist() == pytest.approx(waves.table["difference"].tolist(), abs=EXACT)
    assert not np.allclose(apart.table["std_error"], waves.table["std_error"], rtol=1e-4)


def test_shares_and_ranks(groups):
    table = groups.table
    sums = table.groupby(["group", "other"])["share_difference"].sum()
    assert sums.to_numpy() == pytest.approx(np.zeros(3), abs=1e-12)
    assert (table["share_difference_low"] <= table["share_difference_high"]).all()
    ranks = groups.rank_correlations
    assert len(ranks) == 3
    one, two = (groups.models[name].table["importance"].rank() for name in ("a", "b"))
    assert ranks.loc[0, "estimate"] == pytest.approx(np.corrcoef(one, two)[0, 1])
    assert ((ranks["conf_low"] >= -1) & (ranks["conf_high"] <= 1)).all()


def test_a_planted_difference_is_found_and_named():
    frame = answers(11, planted=0.5)
    for outcome in ("recommend", "promoter"):
        found = tpm.compare_driver_groups(make(frame), by="part", outcome=outcome, replicates=20)
        assert found.verdict == "yes"
        assert found.shown["touchpoint"].tolist() == ["shop"]
        row = found.table.set_index("touchpoint").loc["shop"]
        assert row["conf_low"] > 0
        assert "? Yes, by more than chance (joint robust Wald test, F(4, 999)" in found.summary("en")


@pytest.mark.slow
def test_equal_drivers_are_rarely_called_different():
    """40 fixed seeds at 5 %: more than 8 rejections have a probability below 0.1 %."""
    p_values = [
        tpm.compare_driver_groups(
            make(answers(100 + seed, n=900)), by="part", outcome="recommend", replicates=20
        ).test.p_value
        for seed in range(40)
    ]
    assert sum(p < 0.05 for p in p_values) <= 8


def test_no_comes_before_yes_where_every_difference_is_negligible():
    """With these 12,000 answers the joint test rejects, by differences that are too small to matter."""
    study = make(answers(13, n=12_000))
    assert tpm.compare_driver_groups(study, by="part", outcome="recommend", replicates=20).verdict == "yes"
    found = tpm.compare_driver_groups(study, by="part", outcome="recommend", negligible=0.2, replicates=20)
    assert (found.table["difference"].abs() + 1.645 * found.table["std_error"] < 0.2).all()
    assert found.verdict == "no"
    assert "? No: every difference lies within ±0.20 points of the score per rating point" in found.summary("en")


def test_small_groups_are_named_and_withheld(study):
    frame = answers(1, parts=3)
    frame.loc[frame["part"] == "c", "part"] = np.where(frame.loc[frame["part"] == "c", "who"] < 60, "c", "a")
    found = tpm.compare_driver_groups(make(frame), by="part", outcome="recommend", replicates=20)
    assert list(found.models) == ["a", "b"]
    held = found.table[(found.table["group"] == "c") | (found.table["other"] == "c")]
    assert len(held) == 8
    assert held["difference"].isna().all()
    assert any(
        "Withheld, because they hold fewer than 10 answers per coefficient: c (" in str(c) for c in found.caveats
    )
    only = tpm.compare_driver_groups(make(frame), by="part", outcome="recommend", groups=["b", "c"], replicates=20)
    assert (only.test, only.verdict) == (None, "cannot be told")
    assert only.summary("en").endswith("It cannot be told: fewer than two groups hold 10 answers per coefficient.")


def test_groups_can_be_chosen_and_joined(study, groups):
    two = tpm.compare_driver_groups(study, by="part", groups=["c", "a"], replicates=20)
    first = two.table.iloc[0]
    assert (first["group"], first["other"]) == ("c", "a")
    before = groups.table[(groups.table["group"] == "a") & (groups.table["other"] == "c")]
    assert two.table["difference"].tolist() == pytest.approx((-before["difference"]).tolist(), abs=EXACT)
    joined = tpm.compare_driver_groups(study, by="part", groups={"a": ["a"], "others": ["b", "c"]}, replicates=20)
    assert joined.groups["n"].tolist() == [groups.groups["n"][0], groups.groups["n"][1:].sum()]


def test_a_touchpoint_that_one_group_has_not_rated(study):
    ratings = study.ratings.copy()
    ratings.loc[study.survey["part"] == "b", "desk"] = np.nan
    found = tpm.compare_driver_groups(replace(study, ratings=ratings), by="part", outcome="recommend", replicates=20)
    rows = found.table[found.table["touchpoint"] == "desk"].set_index(["group", "other"])
    assert rows["difference"].isna().tolist() == [True, False, True]
    assert found.touchpoints.set_index("touchpoint").loc["desk", "groups"] == 2
    assert found.test.df == 3 * 2 + 1
    assert any(str(caveat).startswith("b: Without an estimate") for caveat in found.caveats)


def test_nothing_changes_and_the_seed_decides(study, groups):
    before, ratings = study.data_hash, study.ratings.copy()
    again = tpm.compare_driver_groups(study, by="part", replicates=40)
    assert_frame_equal(again.table, groups.table)
    assert study.data_hash == before == again.data_hash
    assert_frame_equal(study.ratings, ratings)
    other = tpm.compare_driver_groups(study, by="part", replicates=40, seed=2)
    assert not other.table["share_difference_low"].equals(groups.table["share_difference_low"])
    assert other.test == groups.test
    assert len(groups.sentences()) <= 3
    assert groups.summary("de")
    assert "An average change also depends on how frequent being a promoter is" in " ".join(map(str, groups.caveats))
    assert groups._repr_html_()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "part", "groups": ["a", "z"]}, "groups must be some of 'a', 'b', 'c'; got 'z'."),
        ({"by": "part", "groups": ["a"]}, "groups must name at least two groups to compare, each once; got ['a']."),
        ({"by": "customer"}, "by='customer' would make a group of each person; split by a segment or by wave."),
        ({"by": "part", "negligible": (0.03, 0.01)}, "negligible must be one difference of effects per "
         "rating point above 0, such as 0.03; got (0.03, 0.01)."),
        ({"by": "part", "outcome": "score"}, "outcome must be one of 'recommend', 'promoter', 'detractor', "
         "'referred', 'won', 'recommended', 'reported', 'yes'; got 'score'."),
        ({"by": "part", "replicates": 5}, "replicates must be a whole number of at least 20; got 5."),
    ],
)  # fmt: skip
def test_wrong_options(study, options, message):
    with pytest.raises(ValueError) as refused:
        tpm.compare_driver_groups(study, **options)
    assert str(refused.value) == message


def test_one_group_is_no_comparison(study):
    alone = replace(study, survey=study.survey.assign(part="a"))
    with pytest.raises(tpm.DataError) as refused:
        tpm.compare_driver_groups(alone, by="part")
    assert str(refused.value) == (
        "survey, column 'part': found 'a', expected at least two groups to compare. Split by a column in which the "
        "answers differ."
    )
