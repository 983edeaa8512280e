"""Priorities, factors and what-ifs word for word, and the limits by which they decide."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.strategy.aims import factors, what_if
from tpm_widgets.strategy.aims.factors import PenaltyReward
from tpm_widgets.strategy.aims.priorities import Priorities
from tpm_widgets.strategy.aims.what_if import WhatIf

LABELS = {"shop": "The shop", "mail": "The mail", "app": "The app", "desk": "The desk"}
QUADRANTS = ["keep up the good work", "concentrate here", "possible overkill", "low priority"]


def survey_of(n=60, **columns):
    rng = np.random.default_rng(1)
    ratings = pd.DataFrame(rng.integers(1, 6, (n, 3)), columns=["shop", "mail", "app"])
    score = ratings["shop"] + ratings["mail"] + rng.integers(-2, 3, n)
    return ratings.assign(score=np.clip(score, 0, 10), **columns)


def study_of(survey=None, touchpoints=("shop", "mail", "app"), **options):
    survey = survey_of() if survey is None else survey
    return tpm.make_study(survey=survey, recommend="score", touchpoints=list(touchpoints), **options)


# Priorities


def placed(quadrants, certain=True, importance=0.1, performance=4.0, level=0.95):
    """A map with its cross-hairs at 3.5 and +0.050; touchpoints stand where their quadrant says."""
    high = np.isin(quadrants, ["keep up the good work", "possible overkill"])
    matters = np.isin(quadrants, ["keep up the good work", "concentrate here"])
    names = list(LABELS)[: len(quadrants)]
    table = pd.DataFrame({"touchpoint": names, "quadrant": quadrants, "certain": certain})
    table["performance"] = np.where(high, performance, 2.0)
    table["importance"] = np.where(matters, importance, 0.01)
    return Priorities(
        table=table, performance_center=3.5, importance_center=0.05, outcome="recommend", labels=LABELS,
        settings={"level": level, "n": 1250},
    )  # fmt: skip


CROSS = (
    "The cross-hairs lie at the means of the {} touchpoints: a rating of 3.50, and +0.050 per rating point; importance "
    "from 1,250 answers."
)


@pytest.mark.parametrize(
    ("result", "words"),
    [
        (placed([QUADRANTS[0], *QUADRANTS[2:]]), "For words (the willingness to recommend), no touchpoint is both "
         "more important than the average and rated below it. " + CROSS.format(3)),
        (placed(["", QUADRANTS[1], QUADRANTS[1], QUADRANTS[0]], certain=[False, False, True, True],
                importance=[0.1, 0.2, 0.3, 0.1], level=0.9),
         "For words (the willingness to recommend), concentrate on The app and The mail: more important than the "
         "average touchpoint, and rated below it; certain, as both differences from the average are more than chance "
         "(at 90%, Holm-adjusted for 3), for The app. "
         + CROSS.format(3)),
        (placed([QUADRANTS[1], QUADRANTS[0]], certain=False, importance=[0.1, 0.05]),
         "For words (the willingness to recommend), concentrate on The shop: more important than the average "
         "touchpoint, and rated below it. Certain is none of it: of no touchpoint both differences from the average "
         "are more than chance (at 95%, Holm-adjusted for 2). " + CROSS.format(2)),
        (placed([QUADRANTS[1]], certain=False), "For words (the willingness to recommend), The shop stands alone: "
         "there is no other touchpoint to set it against (1,250 answers)."),
    ],
)  # fmt: skip
def test_priorities_word_for_word(result, words):
    assert result.summary("en") == words


def test_a_touchpoint_on_the_cross_hairs_does_well_and_matters():
    result = placed(["keep up the good work"], importance=0.05, performance=3.5)
    with pytest.raises(ValueError) as refused:
        replace(result, table=result.table.assign(quadrant="possible overkill"))
    assert str(refused.value) == "Each touchpoint stands in the quadrant that its two means tell."


def test_caveats_of_priorities():
    wide = survey_of().assign(app=lambda frame: frame["app"] * 2, void=np.nan, score=lambda frame: 10 - frame["score"])
    study = study_of(wide, ("shop", "mail", "app", "void"), scales={"app": (0, 10)})
    result = tpm.priorities(study)
    assert [str(caveat) for caveat in result.caveats] == [
        "Importance is an association in one questionnaire, not a cause; the cross-hairs are the means of the "
        "touchpoints themselves, so about half of them lie below whatever the level.",
        "A better rating goes with less recommendation, all else equal, at: shop and mail.",
        "Put on the scale 1 to 5 to be comparable: app.",
        "Without a place on the map, because no effect could be estimated: void.",
    ]
    row = result.table.set_index("touchpoint").loc["app"]
    # 2…10 on 0…10 is 1.8…5 on 1…5; one point there is 2.5 points here
    assert row["performance"] == pytest.approx(1 + wide["app"].mean() * 0.4)
    own = tpm.driver_regression(study).effects.set_index("touchpoint").loc["app"]
    np.testing.assert_allclose(row["importance"], own["estimate"] / 0.4)
    np.testing.assert_allclose(row[["importance_low", "importance_high"]].astype(float) * 0.4,
                               own[["conf_low", "conf_high"]].astype(float))  # fmt: skip
    assert result.formats == {
        "performance": "number:2", "performance_low": "number:2", "performance_high": "number:2",
        "stated_importance": "number:2", "importance": "number:3", "share": "percent",
    }  # fmt: skip


def test_answers_without_weight_say_nothing_about_performance_nor_stated_importance():
    """Five answers weigh nothing, and those in row 10 are missing."""
    weight = np.repeat([0.0, 1.0, 3.0], [5, 35, 20])
    survey = survey_of(weight=weight)
    survey["shop"] = survey["shop"].mask(survey.index == 10)
    stated = pd.DataFrame({"shop": np.arange(60) % 5 + 1.0}).mask(np.arange(60)[:, None] == 10)
    result = tpm.priorities(replace(study_of(survey, weight="weight"), stated_importance=stated))
    table = result.table.set_index("touchpoint")
    assert table["n"].tolist() == [54, 55, 55]
    known = np.arange(60) != 10
    for column, values in (("performance", survey["shop"]), ("stated_importance", stated["shop"])):
        expected = np.average(values[known], weights=weight[known])
        assert table.loc["shop", column] == pytest.approx(expected)
    assert table.loc[["mail", "app"], "stated_importance"].isna().all()
    assert result.settings == {"outcome": "recommend", "missing": "indicator", "n": 55, "level": 0.95}


def test_who_answers_twice_is_one_person_to_performance():
    once, twice = survey_of(), pd.concat([survey_of(), survey_of()], ignore_index=True)
    one, two = (
        tpm.priorities(study_of(survey.assign(who=[*range(60)] * times), customer="who")).table
        for survey, times in ((once, 1), (twice, 2))
    )
    widths = [table["performance_high"] - table["performance_low"] for table in (one, two)]
    np.testing.assert_allclose(widths[0], widths[1], rtol=0.02)


# Penalty and reward

FACTORS = ["delighter", "satisfier", "hybrid", "dissatisfier", "frustrator"]


def factors_of(factor, probability, outcome="recommend", level=0.95):
    names = list(LABELS)[: len(factor)]
    known = pd.Series(factor).notna().to_numpy()
    table = pd.DataFrame({"touchpoint": names, "factor": factor, "probability": probability})
    table["asymmetry"] = np.where(known, 0.5, np.nan)
    table["penalty"] = [-0.5, -0.123, np.nan, 0.1][: len(names)]
    table["penalty_low"], table["penalty_high"] = table["penalty"] - 0.2, table["penalty"] + 0.2
    probabilities = pd.DataFrame({"touchpoint": names, **dict.fromkeys(FACTORS, np.where(known, 0.2, np.nan))})
    return PenaltyReward(
        table=table, probabilities=probabilities, outcome=outcome, cuts={}, n=1250, labels=LABELS,
        settings={"replicates": 1000, "level": level},
    )  # fmt: skip


def test_factors_word_for_word():
    result = factors_of(["delighter", "frustrator", None, "satisfier"], [0.8, 0.799, np.nan, 0.95])
    assert result.summary("en") == (
        "Low and high against middle ratings of all touchpoints in one linear regression of the willingness to "
        "recommend (1,250 answers) show as delighters: The shop; satisfiers: The desk; hybrids: none; dissatisfiers: "
        "none; frustrators: The mail; open: The app. In at least 80% of 1,000 resamples the factor is the same for: "
        "The shop and The desk. A low rating instead of a middle one goes with most at The shop: −0.50 points of the "
        "willingness to recommend (95% interval −0.70 to −0.30, robust errors)."
    )
    points = factors_of(["hybrid", "dissatisfier"], [0.5, 0.5], outcome="promoter", level=0.9).summary("en")
    assert "hybrids: The shop; dissatisfiers: The mail; frustrators: none; open: none." in points
    assert points.endswith(
        "In at least 80% of 1,000 resamples the factor is the same for: none. A low rating instead of a middle one "
        "goes with most at The shop: −50.0 points of being a promoter (90% interval −70.0 to −30.0, robust errors)."
    )
    assert result.formats == {
        "reward": "number:2", "penalty": "number:2", "riocs": "number:2", "asymmetry": "number:2",
        "probability": "percent:0",
    }  # fmt: skip


def test_impossible_factors_are_refused():
    result = factors_of(["hybrid"], [1.0])
    for asymmetry in (1.01, -1.01):
        with pytest.raises(ValueError) as refused:
            replace(result, table=result.table.assign(asymmetry=asymmetry))
        assert str(refused.value) == "asymmetry lies between −1 and 1."
    replace(result, table=result.table.assign(asymmetry=-1.0))


def test_designs_that_cannot_be_estimated_are_refused():
    flat = survey_of().assign(shop=3, mail=3, app=3)
    with pytest.raises(tpm.DataError) as refused:
        tpm.penalty_reward(study_of(flat))
    assert str(refused.value) == (
        "survey: expected at least one touchpoint with low, middle and high ratings. Take more answers or fewer "
        "touchpoints."
    )
    for n, good in ((7, False), (8, True)):
        design = SimpleNamespace(matrix=np.ones((n, 7)))
        if good:
            factors._refuse_too_few(design, np.arange(n))
            continue
        with pytest.raises(tpm.DataError) as refused:
            factors._refuse_too_few(design, np.arange(n))
        assert str(refused.value) == (
            "survey: expected more answers than coefficients; here 7 and 7. Take more answers or fewer touchpoints."
        )


MOOD = (
    "What goes with high and low ratings is an association, not a cause; ratings of one questionnaire share a general "
    "mood."
)


@pytest.mark.parametrize(
    ("n", "few"), [(59, ["Only 9.8 answers per coefficient: the estimates are unsure."]), (60, [])]
)
def test_ten_answers_for_each_coefficient_are_enough(n, few):
    survey = survey_of(n).assign(score=lambda frame: frame[["shop", "mail", "app"]].sum(axis=1) // 2)
    result = tpm.penalty_reward(study_of(survey), replicates=100)
    assert [str(caveat) for caveat in result.caveats] == [MOOD, *few]


def test_touchpoints_with_a_wrong_sign_are_named():
    survey = survey_of(200)
    survey["score"] = np.clip(survey["shop"] + 2 * (survey["app"] <= 2) + 1, 0, 10)
    result = tpm.penalty_reward(study_of(survey), replicates=100)
    wrong = result.table.loc[result.table["note"] == "wrong sign", "touchpoint"].tolist()
    assert "app" in wrong and "shop" not in wrong
    names = " and ".join(wrong)
    assert (
        f"A high rating goes with less than a middle one, or a low one with more, at {names}; that part counts for "
        "neither side of the asymmetry."
    ) in [str(caveat) for caveat in result.caveats]


# What if

CAUSAL = (
    "If causal: the models show what goes together, not what causes what; satisfied people rate everything better, so "
    "the true effect of a better touchpoint is probably smaller."
)
OTHER_WAYS = (
    "The referral rate assumes that customers who answered stand for all, and that customers won in other ways stay as "
    "many; its interval holds the uncertainty of the model and of today's rate."
)


def row(metric, baseline, change, n=1250):
    return {
        "metric": metric, "baseline": baseline, "estimate": baseline + change, "change": change,
        "conf_low": change - 0.01, "conf_high": change + 0.02, "n": n,
    }  # fmt: skip


def if_so(*more, changes=(("shop", 0.5), ("app", -0.2)), level=0.95):
    rows = [row("nps", 0.2, 0.05), row("promoters", 0.5, 0.03), row("detractors", 0.3, -0.02), *more]
    return WhatIf(
        table=pd.DataFrame(rows), changes=pd.DataFrame(list(changes), columns=["touchpoint", "change"]),
        labels=LABELS, settings={"level": level},
    )  # fmt: skip


SCORE = (
    "If the associations are causal, changing The shop and The app as asked moves the Net Promoter Score from +20.0 to "
    "+25.0, by +5.0 points ({} interval +4.0 to +7.0; 1,250 answers, logistic models and delta method)."
)


def test_what_if_word_for_word():
    assert if_so().summary("en") == SCORE.format("95%")
    assert if_so(row("referral_rate", 0.3, -0.016, 2345), level=0.9).summary("en") == SCORE.format("90%") + (
        " The referral rate would go from 30.0% to 28.4%, by −1.6 percentage points (interval −2.6 to +0.4; 2,345 new "
        "customers)."
    )
    unchanged = if_so(changes=[("shop", 0.0)])
    assert unchanged.summary("en") == "No rating is changed: the Net Promoter Score stays +20.0."
    assert if_so().formats == {"baseline": "hundredths", "estimate": "hundredths", "change": "points"}


def test_impossible_what_ifs_are_refused():
    table = if_so().table
    for wrong, message in (
        (table.assign(estimate=0.9), "Each estimate is its baseline plus its change."),
        (table.assign(change=[0.06, 0.03, -0.02], estimate=[0.26, 0.53, 0.28]), "The score changes by what promoters "
         "gain and detractors lose."),
    ):  # fmt: skip
        with pytest.raises(ValueError) as refused:
            replace(if_so(), table=wrong)
        assert str(refused.value) == message


def model(**slopes):
    """A model of promoters with these coefficients; a touchpoint without one is not in it."""
    names = list(slopes)
    return SimpleNamespace(
        outcome="promoter",
        fit=SimpleNamespace(params=np.array(list(slopes.values()))),
        design=SimpleNamespace(position=lambda name: names.index(name) if name in names else None),
    )


class Models(list):
    labels, caveats = LABELS, ()
    predicts_rate = False


def test_caveats_of_a_what_if():
    def said(models, changes=None):
        return [str(caveat) for caveat in what_if._caveats(models, changes or dict.fromkeys(LABELS, 0.5))]

    whole = dict.fromkeys(LABELS, 0.3)
    assert said(Models([model(**whole), model(**whole)])) == [CAUSAL]
    rated = Models([model(**whole)])
    rated.predicts_rate, rated.caveats = True, ("and what the models say",)
    assert said(rated) == [CAUSAL, OTHER_WAYS, "and what the models say"]
    partly = Models([model(shop=-0.1, mail=0.0, app=0.2), model(shop=0.1, app=0.2, desk=0.3)])
    assert said(partly) == [
        CAUSAL,
        "Not in every model, and without effect where missing: The mail and The desk.",
        "Better ratings go with fewer promoters, the other touchpoints being equal, at: The shop; do not read this as "
        "advice to become worse.",
    ]
    assert said(partly, {"app": 1.0}) == [CAUSAL]
    assert what_if._sign(partly[0], "shop") == -1
    assert what_if._sign(partly[0], "desk") == 0


def test_models_with_few_events_are_named_and_those_with_ten_for_each_coefficient_are_not():
    """Three coefficients: thirty promoters are enough, twenty-nine detractors are not."""
    scores = [9] * 30 + [3] * 29 + [8] * 61
    survey = survey_of(120)
    result = tpm.what_if_models(study_of(survey.assign(score=scores)))
    said = [str(caveat) for caveat in result.caveats]
    assert "Few events: fewer than 10 of the rarer outcome per coefficient in the models of detractors." in said
    assert result.new_customers == 0
    assert np.isnan(result.rate)


def test_reach_is_the_weighted_share_of_those_who_were_asked():
    survey = survey_of(weight=np.tile([1.0, 2.0, 3.0], 20)).astype({"shop": float})
    survey.loc[survey.index % 3 == 0, "shop"] = 6  # never used
    survey.loc[survey.index % 6 == 1, "shop"] = np.nan  # nobody knows
    models = tpm.what_if_models(study_of(survey, weight="weight", not_experienced=[6]))
    # of six answers, weights 1 2 3 1 2 3: 3 + 2 + 3 used it, 1 + 1 did not, 2 unknown
    assert models.reach["shop"] == pytest.approx(8 / 10)
    assert models.reach["mail"] == 1
