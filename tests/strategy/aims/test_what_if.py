"""What would follow from better ratings: against statsmodels, and against what must hold whatever the data."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

import tpm_widgets as tpm
from tpm_widgets.strategy.drivers import of_study

EXACT = 1e-7  # two ways of fitting the same model, each converged to 1e-8 or better


@pytest.fixture(scope="module")
def study():
    return tpm.simulate_study(seed=3, respondents=1500, touchpoints=5, waves=4)


@pytest.fixture(scope="module")
def models(study):
    return tpm.what_if_models(study)


def by_metric(result):
    return result.table.set_index("metric")


def test_the_score_moves_as_two_logits_of_statsmodels_say(study, models):
    # statsmodels on the plainly coded matrix: rating or 0, and 1 where not rated
    name, change = models.touchpoints[1], 0.7
    rated = study.ratings.notna()

    def matrix(ratings):
        return sm.add_constant(np.column_stack([ratings.fillna(0), (~rated).loc[:, ~rated.all()]]).astype(float))

    after = study.ratings.copy()
    after[name] = (after[name] + change).clip(upper=5)
    expected = {}
    for metric, outcome in (
        ("promoters", study.survey["recommend"] >= 9),
        ("detractors", study.survey["recommend"] <= 6),
    ):
        fit = sm.GLM(
            outcome.astype(float).to_numpy(), matrix(study.ratings), sm.families.Binomial(), var_weights=study.weights
        ).fit(tol=1e-12)
        means = [np.average(fit.predict(matrix(frame)), weights=study.weights) for frame in (study.ratings, after)]
        expected[metric] = means
    table = by_metric(tpm.what_if(models, {name: change}))
    for metric, (baseline, estimate) in expected.items():
        assert table.loc[metric, "baseline"] == pytest.approx(baseline, abs=EXACT)
        assert table.loc[metric, "estimate"] == pytest.approx(estimate, abs=EXACT)
    nps = expected["promoters"][1] - expected["detractors"][1]
    assert table.loc["nps", "estimate"] == pytest.approx(nps, abs=EXACT)


def test_the_baseline_is_what_was_observed(study, models):
    table = by_metric(tpm.what_if(models, {models.touchpoints[0]: 0.5}))
    observed = tpm.net_promoter_score(study).table.iloc[0]
    for metric, column in (("nps", "estimate"), ("promoters", "promoters"), ("detractors", "detractors")):
        assert table.loc[metric, "baseline"] == pytest.approx(observed[column], abs=EXACT)
    rate = tpm.referral_rate(study).table.iloc[0]
    assert table.loc["referral_rate", "baseline"] == rate["estimate"]
    assert table.loc["referral_rate", "n"] == rate["known"]


def test_the_referral_rate_follows_from_the_customers_won(models):
    table = by_metric(tpm.what_if(models, {models.touchpoints[1]: 1.0}))
    rate, factor = table.loc["referral_rate", "baseline"], table.loc["won", "estimate"] / table.loc["won", "baseline"]
    expected = rate * factor / (rate * factor + 1 - rate)
    assert table.loc["referral_rate", "estimate"] == pytest.approx(expected, abs=1e-12)


def test_the_interval_of_the_score_knows_that_both_models_share_their_answers(models):
    table = by_metric(tpm.what_if(models, {models.touchpoints[1]: 0.5}))
    width = table["conf_high"] - table["conf_low"]
    assert np.hypot(width["promoters"], width["detractors"]) < width["nps"] < width["promoters"] + width["detractors"]


@pytest.mark.slow
def test_the_interval_of_the_score_is_that_of_the_bootstrap(study, models):
    changes = {models.touchpoints[1]: 0.7, models.touchpoints[3]: -0.4}
    found = by_metric(tpm.what_if(models, changes)).loc["nps"]
    persons = pd.factorize(study.survey["customer"])[0]
    rows = [np.flatnonzero(persons == person) for person in range(persons.max() + 1)]
    rng, draws = np.random.default_rng(1), []
    for _ in range(200):
        chosen = np.concatenate([rows[place] for place in rng.integers(0, len(rows), len(rows))])
        survey = study.survey.iloc[chosen].reset_index(drop=True)
        parts = {name: getattr(study, name).iloc[chosen].reset_index(drop=True) for name in ("ratings", "experienced")}
        again = replace(study, survey=survey.drop(columns=["customer", "respondent"]), customers=None, **parts)
        draws.append(by_metric(tpm.what_if(again, changes)).loc["nps", "change"])
    # 200 replicates know a standard deviation to about 5 %
    assert (found["conf_high"] - found["conf_low"]) / 2 / 1.96 == pytest.approx(np.std(draws, ddof=1), rel=0.15)


def test_no_change_changes_exactly_nothing(models):
    for changes in ({}, dict.fromkeys(models.touchpoints, 0.0)):
        result = tpm.what_if(models, changes)
        assert (result.table[["change", "conf_low", "conf_high"]] == 0).all().all()
        assert result.summary("en").startswith("No rating is changed: the Net Promoter Score stays ")


@settings(max_examples=25)
@given(st.floats(-4, 4), st.floats(-4, 4))
def test_where_better_goes_with_more_promoters_more_change_gives_a_higher_score(models, one, other):
    promoters, detractors = models[0], models[1]
    for name in models.touchpoints:
        signs = [model.fit.params[model.design.position(name)] for model in (promoters, detractors)]
        if signs[0] > 0 > signs[1]:
            low, high = sorted((one, other))
            scores = [by_metric(tpm.what_if(models, {name: change})).loc["nps", "estimate"] for change in (low, high)]
            assert scores[0] <= scores[1] + 1e-12


def test_nobody_leaves_the_scale_and_only_those_who_experienced_it_move(study, models):
    name = models.touchpoints[1]
    result = tpm.what_if(models, {name: 4.0})
    beyond = tpm.what_if(models, {name: 40.0})
    pd.testing.assert_frame_equal(result.table, beyond.table)
    ratings, weights = study.ratings[name], study.weights
    rated = ratings.notna().to_numpy()
    row = result.changes.iloc[0]
    assert row["moved"] == pytest.approx(np.average(5 - ratings[rated], weights=weights[rated]))
    mapped = tpm.touchpoint_map(study).table.set_index("touchpoint").loc[name]
    assert row["reach"] == pytest.approx(mapped["reach"], abs=1e-12)


def test_a_rare_touchpoint_moves_little(study, models):
    one = models.touchpoints[1]
    seldom = study.ratings[one].copy()
    seldom[study.ratings.index % 20 != 0] = np.nan
    ratings = study.ratings.assign(**{one: seldom})
    rare = replace(study, ratings=ratings, experienced=ratings.notna().astype("boolean"))
    changes = {one: 1.0}
    few, all_of_them = (by_metric(tpm.what_if(source, changes)).loc["nps", "change"] for source in (rare, models))
    assert abs(few) < 0.3 * abs(all_of_them)


def test_a_slider_fits_nothing_anew(study, models, monkeypatch):
    """What makes it quick; how quick it is, the benchmark tells."""

    def refuse(*_, **__):
        raise AssertionError("a model was fitted again")

    monkeypatch.setattr(of_study, "fit_model", refuse)
    for step in range(5):
        assert len(tpm.what_if(models, dict.fromkeys(models.touchpoints, 0.1 * step)).table)
    with pytest.raises(AssertionError, match="a model was fitted again"):
        tpm.what_if_models(study)


def test_a_study_and_its_models_give_the_same(study, models):
    before = study.data_hash
    changes = {models.touchpoints[0]: 0.5}
    pd.testing.assert_frame_equal(tpm.what_if(study, changes).table, tpm.what_if(models, changes).table)
    assert study.data_hash == before and changes == {models.touchpoints[0]: 0.5}


def test_an_unlinked_study_has_its_score_and_says_what_it_lacks(study):
    models = tpm.what_if_models(
        replace(study, linkage={"permitted": False, "basis": ""}, customers=None, referrals=None)
    )
    result = tpm.what_if(models, {models.touchpoints[0]: 0.5})
    assert list(result.table["metric"]) == ["nps", "promoters", "detractors", "reported"]
    said = [str(caveat) for caveat in result.caveats]
    for metric in ("referred", "won"):
        assert f"Not predicted: {metric} (absent or not enough: survey.customer)." in said
    assert "Not predicted: referral_rate (absent or not enough: customers)." in said


def test_it_says_if_causal_in_english_and_german_alike(models):
    result = tpm.what_if(models, {models.touchpoints[1]: 0.5})
    assert result.summary("en").startswith("If the associations are causal, changing ")
    assert str(result.caveats[0]).startswith("If causal: ")
    assert "%" in result.summary("de")


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"bank": 1}, ValueError, "changes names the unknown touchpoint 'bank'; the study rates 'shop', 'mail'."),
        ({"shop": "1"}, ValueError, "changes['shop'] must be a finite number of rating points; got '1'."),
        ({"shop": np.nan}, ValueError, "changes['shop'] must be a finite number of rating points; got nan."),
        ([("shop", 1)], TypeError, 'changes must be a mapping such as {"website": 0.5}; got list.'),
    ],
)
def test_wrong_changes_are_refused(changes, error, message):
    rng = np.random.default_rng(1)
    survey = pd.DataFrame({"score": rng.integers(0, 11, 200)})
    survey["shop"], survey["mail"] = rng.integers(1, 6, 200), rng.integers(1, 6, 200)
    study = tpm.make_study(survey=survey, recommend="score", touchpoints=["shop", "mail"])
    with pytest.raises(error) as caught:
        tpm.what_if(study, changes)
    assert str(caught.value) == message


def test_another_source_is_refused():
    with pytest.raises(TypeError) as caught:
        tpm.what_if("insurer", {})
    assert str(caught.value) == "source must be a Study or what_if_models(study); got str."


def test_without_promoters_there_is_nothing_to_model():
    rng = np.random.default_rng(1)
    survey = pd.DataFrame({"score": rng.integers(0, 9, 200), "shop": rng.integers(1, 6, 200)})
    study = tpm.make_study(survey=survey, recommend="score", touchpoints=["shop"])
    with pytest.raises(tpm.DataError):
        tpm.what_if(study, {"shop": 1})
