"""Driver regressions word for word: methods, effects and every caveat, and the limits by which those are said."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import tpm_widgets as tpm
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.statistics.regression.design import LeftOut
from tpm_widgets.strategy.drivers import caveats, words
from tpm_widgets.strategy.drivers.models import where_infinite
from tpm_widgets.strategy.drivers.outcomes import follow_leaving, known_answers
from tpm_widgets.strategy.drivers.result import Drivers
from tpm_widgets.strategy.drivers.tables import refuse_too_few

LABELS = {"shop": "The shop", "mail": "The mail", "app": "The app", "desk": "The desk"}
ASSOCIATION = (
    "A driver is an association, not a cause: ratings and outcome may both follow from something else, and ratings of "
    "one questionnaire share a general mood."
)
INDICATOR = (
    "Who did not rate a touchpoint is told apart by an indicator, not given a rating; an effect of a rating is one "
    "among those who rated it."
)


def answers_of(n=120, **columns):
    rng = np.random.default_rng(1)
    ratings = pd.DataFrame(rng.integers(1, 6, (n, 3)).astype(float), columns=["shop", "mail", "app"])
    score = ratings["shop"] + ratings["mail"] + rng.integers(-2, 3, n)
    return ratings.assign(score=np.clip(score, 0, 10), **columns)


def study_of(survey, touchpoints=("shop", "mail", "app"), **options):
    return tpm.make_study(survey=survey, recommend="score", touchpoints=list(touchpoints), **options)


def said(result):
    return [caveat.text("en") for caveat in result.caveats]


# What a regression says of itself


def drivers_of(outcome, model, missing="indicator", dispersion=np.nan, level=0.95, r_squared=0.5):
    class Own(Drivers):
        @property
        def dispersion(self):
            return dispersion

    table = pd.DataFrame({"touchpoint": list(LABELS), "importance": np.array([0.25, 0.5, 0.125, 0.125]) * r_squared})
    table = table.assign(importance_rating=table["importance"], importance_not_rated=0.0)
    effects = pd.DataFrame({"touchpoint": list(LABELS), "estimate": 0.125, "conf_low": -0.016, "conf_high": 0.25})
    return Own(
        table=table, effects=effects, terms=pd.DataFrame(), intercept=1.0, r_squared=r_squared, model=model,
        outcome=outcome, missing=missing, n=1250, events=None, covariance=np.eye(2), labels=LABELS,
        settings={"level": level},
    )  # fmt: skip


CARRIED = "; most of it goes with The mail, The shop and The app, which carry 87.5% of what is explained. "


@pytest.mark.parametrize(
    ("options", "summary"),
    [
        (("recommend", "ols"), "the willingness to recommend (1,250 answers; linear regression with robust errors, LMG "
         "importance; an indicator where not rated)" + CARRIED + "One rating point more at The mail goes with +0.13 "
         "points of the score (95% interval −0.02 to +0.25)."),
        (("recommend", "ordered_logit", "complete", np.nan, 0.9), "the willingness to recommend (1,250 answers; "
         "ordered logistic regression, LMG importance of the linear model; only answers that rated everything)"
         + CARRIED + "One rating point more at The mail goes with +0.13 points of the score (90% interval −0.02 to "
         "+0.25)."),
        (("recommend", "ols", "pairwise"), "the willingness to recommend (1,250 answers; linear regression with robust "
         "errors, LMG importance; each covariance from the answers that have both)" + CARRIED + "One rating point more "
         "at The mail goes with +0.13 points of the score (95% interval −0.02 to +0.25)."),
        (("left", "logit"), "leaving (1,250 answers; logistic regression, LMG importance of the linear probability "
         "model; an indicator where not rated)" + CARRIED + "One rating point more at The mail goes with +12.5 "
         "percentage points in the probability of leaving (95% interval −1.6 to +25.0)."),
        (("referrals", "poisson", "indicator", 0.0), "the number of recommendations (1,250 answers; Poisson regression "
         "with the time followed as exposure and robust errors, LMG importance of the linear model of the rate; an "
         "indicator where not rated)" + CARRIED + "One rating point more at The mail goes with +0.13 recommendations "
         "per 100 customer-years (95% interval −0.02 to +0.25)."),
        (("referrals_won", "negative_binomial", "indicator", 0.456), "the number of customers won (1,250 answers; "
         "negative binomial regression of dispersion 0.46 with the time followed as exposure and robust errors, LMG "
         "importance of the linear model of the rate; an indicator where not rated)" + CARRIED + "One rating point "
         "more at The mail goes with +0.13 customers won per 100 customer-years (95% interval −0.02 to +0.25)."),
    ],
)  # fmt: skip
def test_summary_word_for_word(options, summary):
    assert drivers_of(*options).summary("en") == "The ratings explain 50.0% of the variance of " + summary


def test_where_nothing_is_explained_nothing_is_shared_out():
    nothing = drivers_of("recommend", "ols", r_squared=0.0).summary("en")
    assert nothing.endswith("an indicator where not rated); no touchpoint carries any of it.")


def test_only_touchpoints_with_an_estimate_are_said_to_carry():
    """One whose ratings are all alike carries nothing, and neither does one whose ratings are those of another."""
    scores = [10, 9, 3, 8, 7, 10, 2, 6, 9, 4] * 4
    answers = pd.DataFrame({"nps": scores, "shop": [5, 5, 1, 4, 3, 5, 1, 3, 4, 2] * 4, "desk": [3] * 40})
    alone = tpm.make_study(answers, recommend="nps", touchpoints=["shop", "desk"])
    twice = tpm.make_study(answers.assign(shop2=answers["shop"]), recommend="nps", touchpoints=["shop", "shop2"])
    for study in (alone, twice):
        assert "; all of it goes with shop. " in tpm.driver_regression(study).summary()
    assert tpm.relative_importance(alone).summary().endswith("; shop carries 100.0% of that.")
    assert "without an estimate: shop2." in str(tpm.penalty_reward(twice, replicates=100).caveats[-1])


def test_blank_cells_that_may_mean_either_leave_open_who_experienced_it():
    answers = pd.DataFrame(
        {"nps": [10, 9, 8, 3, 7, 5] * 2, "desk": [5, 4, 4, 2, 3, 3] * 2, "app": [5, 4, None, 2, None, 3] * 2}
    )
    names = {"recommend": "nps", "touchpoints": ["desk", "app"]}
    study = tpm.make_study(answers, **names)
    assert study.reach_unknown == ("app",)
    drivers = tpm.driver_regression(study).table["experienced"]
    assert drivers[0] == 1 and np.isnan(drivers[1])
    places = tpm.touchpoint_map(study)
    assert places.table["reach"][0] == 1 and np.isnan(places.table["reach"][1])
    assert "the furthest reaching is desk with 100.0%" in places.summary()
    assert str(places.caveats[1]) == (
        "Whom app reach is not known, as blank cells may mean that somebody never used it or gave no answer. Say which "
        '(under [survey] in study.toml, or to make_study): blank = "not_experienced" or "no_answer".'
    )
    told = tpm.make_study(answers.fillna({"app": 6}), not_experienced=(6,), **names)
    assert told.reach["app"] == tpm.driver_regression(told).table["experienced"][1] == pytest.approx(8 / 12)


def test_what_a_blank_means_can_be_said_in_memory_too():
    answers = pd.DataFrame({"nps": [10, 9, 3, 8] * 10, "desk": [5, 4, None, 3] * 10})
    for meaning, reach in (("not_experienced", 0.75), ("no_answer", 1)):
        study = tpm.make_study(answers, recommend="nps", touchpoints=["desk"], blank=meaning)
        assert study.reach_unknown == ()
        assert study.reach["desk"] == reach


def test_importance_that_does_not_add_up_is_refused():
    with pytest.raises(ValueError) as refused:
        replace(drivers_of("recommend", "ols"), r_squared=0.75)
    assert str(refused.value) == "importance adds up to 0.5, not to R² 0.75."


def test_columns_in_their_units_and_no_dispersion_of_scores():
    drivers = tpm.driver_regression(study_of(answers_of()))
    assert drivers.formats == {
        "estimate": "number:3", "std_error": "number:3", "importance": "percent", "experienced": "percent",
        "importance_rating": "percent", "importance_not_rated": "percent",
        "relative_weights": "percent", "monte_carlo_error": "percent:2",
    }  # fmt: skip
    assert np.isnan(drivers.dispersion)
    assert drivers.settings == {"outcome": "recommend", "missing": "indicator", "level": 0.95}
    told = tpm.driver_regression(study_of(answers_of()), model="ordered_logit", level=0.9)
    assert told.settings == {"outcome": "recommend", "missing": "indicator", "level": 0.9, "model": "ordered_logit"}


# Caveats


@pytest.mark.parametrize(
    ("gaps", "sentences"),
    [
        ([("shop", "rating", "not rated"), ("app", "rating", "not rated")], ["Without an estimate, because no answer "
         "rated them: The shop and The app."]),
        ([("shop", "rating", "constant")], ["Without an estimate, because all ratings are the same: The shop."]),
        ([("shop", "rating", "one outcome")], ["Without an estimate, because all answers that rated them have the same "
         "outcome: The shop."]),
        ([("shop", "rating", "made of others")], ["Without an estimate, because other ratings already contain theirs: "
         "The shop."]),
        ([("shop", "rating", "empty class")], ["Without an estimate, because low, middle or high ratings are (almost) "
         "absent: The shop."]),
        ([("shop", "not_rated", "one answer")], ["A single answer did not rate The shop: too few to tell it apart; it "
         "counts as an average rating."]),
        ([("shop", "not_rated", "one outcome"), ("mail", "not_rated", "one outcome")], ["All answers that did not rate "
         "The shop and The mail have the same outcome, so no finite effect of not having rated fits; they count as "
         "average ratings."]),
        ([("shop", "not_rated", "made of others")], ["Who did not rate The shop follows from what else was not rated; "
         "they have no indicator of their own."]),
        ([("shop", "low", "made of others"), ("mail", "high", "same as")], ["Low or high ratings go together with "
         "those of other touchpoints, so without an estimate: The shop and The mail."]),
        ([("shop", "rating", "same as", "app"), ("mail", "not_rated", "same as", "desk"),
          ("app", "rating", "constant")],
         ["Without an estimate, because all ratings are the same: The app.",
          "The shop is without an estimate, because its ratings are those of The app.",
          "The mail and The desk were left unrated by the same answers, or each by those who rated the other; they "
          "share one indicator."]),
    ],
)  # fmt: skip
def test_what_is_left_out_and_why(gaps, sentences):
    gaps = [
        LeftOut(touchpoint=name, part=part, reason=reason, twin="".join(twin)) for name, part, reason, *twin in gaps
    ]
    found = caveats.left_out_caveats(SimpleNamespace(left_out=gaps), LABELS)
    assert [one.text("en") for one in found] == sentences


def test_each_reason_can_come_about():
    survey = answers_of()
    survey["both"] = np.where(survey["shop"] + survey["mail"] <= 5, survey["shop"] + survey["mail"], np.nan)
    ratings = {
        "sum": ((survey["shop"] + survey["mail"]) / 2, "Without an estimate, because other ratings already contain "
                "theirs: app."),
        "one": (survey["app"].mask(survey.index == 7), "A single answer did not rate app: too few to tell it apart; it "
                "counts as an average rating."),
    }  # fmt: skip
    for app, sentence in ratings.values():
        assert sentence in said(tpm.driver_regression(study_of(survey.assign(app=app))))
    holes = survey.assign(
        shop=survey["shop"].mask(survey.index < 20), mail=survey["mail"].mask(survey.index >= 100),
        app=survey["app"].mask((survey.index < 20) | (survey.index >= 100)),
    )  # fmt: skip
    assert ("Who did not rate app follows from what else was not rated; they have no indicator of their own.") in said(
        tpm.driver_regression(study_of(holes))
    )
    same = holes.assign(mail=survey["mail"].mask(survey.index < 20), app=survey["app"])
    assert (
        "mail and shop were left unrated by the same answers, or each by those who rated the other; they share one "
        "indicator."
    ) in said(tpm.driver_regression(study_of(same)))
    same["app"] = survey["app"].mask((survey.index < 12) & (survey["score"] < 9))
    assert (
        "All answers that did not rate app have the same outcome, so no finite effect of not having rated fits; they "
        "count as average ratings."
    ) in said(tpm.driver_regression(study_of(same), outcome="promoter"))


@pytest.mark.parametrize(
    ("kind", "n", "events", "sentences"),
    [
        ("linear", 30, None, []),
        ("linear", 29, None, ["Only 9.7 answers per coefficient: the estimates are unsure."]),
        ("logit", 100, 30, []),
        ("logit", 100, 70, []),
        ("logit", 100, 29, ["Only 9.7 answers of the rarer outcome per coefficient (29 for 3): the estimates are "
                            "unsure, and the strongest look stronger than they are."]),
        ("logit", 100, 71, ["Only 9.7 answers of the rarer outcome per coefficient (29 for 3): the estimates are "
                            "unsure, and the strongest look stronger than they are."]),
        ("log", 100, 99, []),
        ("log", 100, 29, ["Only 9.7 counted events per coefficient (29 for 3): the estimates are unsure, and the "
                          "strongest look stronger than they are."]),
    ],
)  # fmt: skip
def test_few_answers_for_each_coefficient(kind, n, events, sentences):
    found = caveats.few_caveats(SimpleNamespace(kind=kind, n=n), events, 3)
    assert [one.text("en") for one in found] == sentences


def test_what_each_policy_and_model_has_to_say():
    whole = answers_of()
    assert said(tpm.driver_regression(study_of(whole))) == [ASSOCIATION]
    assert said(tpm.driver_regression(study_of(whole), missing="complete")) == [ASSOCIATION]
    assert said(tpm.driver_regression(study_of(whole), model="ordered_logit")) == [
        ASSOCIATION,
        "An ordered logit takes a rating point to multiply the odds of a higher score by the same factor at every step "
        "of the score.",
    ]
    holes = whole.assign(app=whole["app"].mask(whole.index % 2 == 0))
    assert said(tpm.driver_regression(study_of(holes))) == [
        ASSOCIATION,
        INDICATOR,
        "More than 5% of the missing ratings of app are no answer, or nothing says what they are: taken for never "
        'experienced by an indicator, they bend the effects of all touchpoints. missing="imputed" fills them in.',
    ]
    assert said(tpm.driver_regression(study_of(holes), missing="pairwise")) == [ASSOCIATION]
    assert said(tpm.driver_regression(study_of(holes), missing="complete")) == [
        ASSOCIATION,
        "Only the 60 of 120 answers that rated every touchpoint count; they may differ from the others.",
    ]


def test_always_in_and_overlapping():
    assert caveats.always_caveat(["a", "b"], 0.125).text("en") == (
        "In every model, explaining 12.5% of the variance on their own: a and b. Importance divides what the others "
        "add to that."
    )
    for r, close in ((0.9486, 0), (0.9488, 1)):  # r² of .8998 and .9002
        standard = np.array([[1, r, 0], [r, 1, 0], [0, 0, 1.0]])
        found = caveats.close_caveat(standard, [[0], [1], [2]], ["a", "b", "c"])
        assert [one.text("en") for one in found] == [
            "Of a and b the others explain more than 90% of the variance: what goes with which of them is unsure."
        ] * close
        assert len(caveats.close_caveat(standard, [[0], [1], [2]], ["a", "b", "c"], among=[2])) == 0
    same = np.array([[1, -1, 0], [-1, 1, 0], [0, 0, 1.0]])
    assert [one.text("en") for one in caveats.collinear_caveats(same, [[0], [1], [2]], ["a", "b", "c"])] == [
        "a and b carry the same values, or mirror images: nothing can tell them apart."
    ]


@pytest.mark.parametrize(
    ("n", "spread", "columns", "made", "message"),
    [
        (9, 1, 1, 0, "survey: expected at least one touchpoint whose ratings differ. Check the columns named as "
         "touchpoints, and their scales and codes."),
        (3, 1, 3, 0, "survey: expected more answers than coefficients; here 3 and 3. Take more answers or fewer "
         "touchpoints."),
        (4, 1, 3, 1, "survey: expected more answers than coefficients; here 4 and 4. Take more answers or fewer "
         "touchpoints."),
        (4, 0, 3, 0, "survey: expected answers that differ in the outcome; here all 4 are the same. Where nothing "
         "differs nothing can be explained."),
        (4, 1, 3, 0, ""),
        (4, 1, 2, 1, ""),
    ],
)  # fmt: skip
def test_designs_that_are_too_small(n, spread, columns, made, message):
    gaps = [LeftOut(touchpoint="x", part="rating", reason="made of others")] * made
    gaps.append(LeftOut(touchpoint="y", part="rating", reason="constant"))
    design = SimpleNamespace(columns=range(columns), left_out=gaps)
    if not message:
        refuse_too_few(n, spread, design)
        return
    with pytest.raises(tpm.DataError) as refused:
        refuse_too_few(n, spread, design)
    assert str(refused.value) == message


@pytest.mark.parametrize("outcome", ["detractor", "left"])
def test_drivers_of_what_nobody_wants(outcome):
    with pytest.raises(ValueError) as refused:
        words.need_welcome(outcome, "spend_gap")
    assert str(refused.value) == (
        "spend_gap takes drivers of an outcome that better ratings should raise, such as 'recommend' or 'referred'; "
        f"these explain {outcome!r}."
    )
    for welcome in ("recommend", "promoter", "referred", "won", "bought_again", "referrals", "referrals_won"):
        words.need_welcome(welcome, "spend_gap")


def test_where_no_finite_effect_fits():
    scores = np.array([0.0, 10, 3, 0, 10])
    assert where_infinite("ols", scores) is None
    assert where_infinite("logit", scores).tolist() == scores.tolist()
    assert where_infinite("ordered_logit", scores).tolist() == [0, -1, 3, 0, -1]
    assert where_infinite("poisson", scores).tolist() == [0, 2, 3, 0, 5]
    assert where_infinite("negative_binomial", scores).tolist() == [0, 2, 3, 0, 5]


# Drivers in tables


def test_what_does_not_count_in_a_table():
    frame = answers_of().assign(weight=1.0)
    names = {"recommend": "score", "touchpoints": ["shop", "mail", "app"], "weight": "weight"}
    always = said(tpm.driver_regression(frame, **names))
    assert always[0] == ASSOCIATION
    for rows, cells, words_said in (
        (1, 1, ["1 row has no score on its scale, or no weight above 0, and does not count.", "1 rating lies off its "
                "scale without being declared a code; it counts as not rated."]),
        (3, 2, ["3 rows have no score on its scale, or no weight above 0, and do not count.", "2 ratings lie off their "
                "scale without being declared codes; they count as not rated."]),
    ):  # fmt: skip
        spoiled = frame.copy()
        spoiled.loc[: rows - 1, "weight"] = 0.0
        spoiled.loc[10 : 9 + cells, "app"] = 7.0
        found = said(tpm.driver_regression(spoiled, **names))
        assert [
            one for one in found if one not in always and "did not rate" not in one and one != INDICATOR
        ] == words_said
        complete = said(tpm.driver_regression(spoiled, missing="complete", **names))
        assert (
            f"Only the {120 - rows - cells} of 120 answers that rated every touchpoint count; they may differ from the "
            "others."
        ) in complete


@pytest.mark.parametrize(
    ("touchpoints", "message"),
    [
        ("shop", "touchpoints must name a table's columns of ratings, as a list or as {column: touchpoint}; got "
         "'shop'."),
        ([], "touchpoints must name a table's columns of ratings, as a list or as {column: touchpoint}; got []."),
        ({"shop": "x", "mail": "x"}, "touchpoints must be different ones; got {'shop': 'x', 'mail': 'x'}."),
        (["shop", "shop"], "touchpoints must be different ones; got ['shop', 'shop']."),
    ],
)  # fmt: skip
def test_columns_of_ratings_are_named_each_once(touchpoints, message):
    with pytest.raises(ValueError) as refused:
        tpm.driver_regression(answers_of(), recommend="score", touchpoints=touchpoints)
    assert str(refused.value) == message


def test_a_window_is_nothing_for_a_table():
    with pytest.raises(ValueError) as refused:
        tpm.driver_regression(answers_of(), recommend="score", touchpoints=["shop"], window=30)
    assert str(refused.value) == (
        "window=30 needs a Study, because what customers did stands in other tables than their answers; a table alone "
        "has the outcomes 'recommend', 'promoter', 'detractor'."
    )


# What is known of an answer


def test_how_much_is_known_of_deeds(linked_study):
    days = {"customer": ["a", "b", "c"], "date": ["2023-03-01", "2024-06-01", "2024-12-01"], "recommend": [9.0, 3.0, 5]}
    study = linked_study(days, referrals=[("a", "2023-04-01"), ("a", "2023-05-01")])
    seen = Observed(study, "driver_regression")
    done = known_answers(seen, "referred")
    assert done.observed.tolist() == [1.0]
    assert [str(one) for one in done.caveats] == [
        "Deeds within 365 days of the answer are known for 1 of 3 answers followed (33.3%); these are weighted so that "
        "they stand for all."
    ]
    short = known_answers(seen, "referred", 30)
    assert (short.rows.tolist(), short.observed.tolist()) == ([0, 1, 2], [0.0, 0.0, 0.0])
    counted = known_answers(seen, "referrals")
    assert (counted.observed.tolist(), counted.rows.tolist()) == ([2.0, 0.0, 0.0], [0, 1, 2])
    np.testing.assert_allclose(counted.exposure * 365.25, [365, 213, 30])
    assert [str(one) for one in counted.caveats] == [
        "Every answer followed counts with its own time, 2 customer-years in all, at most 365 days after the answer."
    ]
    assert counted.weights.tolist() == [1, 1, 1]
    assert known_answers(seen, "promoter").exposure.tolist() == [1, 1, 1]


def test_who_bought_again_is_known_without_date_but_only_of_customers(linked_study):
    study = linked_study(
        {"customer": ["a", "b", "c", None], "recommend": [9.0, 3.0, 5.0, 2.0]},
        {"customer": ["a", "b", "c"], "acquired": "2020-01-01", "bought_again": [True, None, False]},
    )
    found = known_answers(Observed(study, "driver_regression"), "bought_again")
    assert (found.rows.tolist(), found.observed.tolist()) == ([0, 2], [1.0, 0.0])
    assert [str(one) for one in found.caveats] == [
        "Whether a customer bought again has no date: it may have happened before the answer, so that the purchase may "
        "have moved the ratings."
    ]


def test_where_no_outcome_is_known(linked_study):
    study = linked_study({"customer": ["a"], "date": ["2023-03-01"], "recommend": [9.0], "weight": [0.0]})
    with pytest.raises(tpm.DataError) as refused:
        known_answers(Observed(study, "driver_regression"), "promoter")
    assert str(refused.value) == (
        "survey: expected answers for which being a promoter is known. Check the answers' dates and weights, and the "
        "period of recording."
    )


def test_the_weight_of_an_answer_is_the_studys_and_that_of_what_was_cut(linked_study):
    names = [f"c{number}" for number in range(4)]
    study = linked_study(
        {
            "customer": names,
            "date": ["2023-03-01"] * 3 + ["2024-12-01"],
            "recommend": 9.0,
            "weight": [1.0, 2.0, 3.0, 1],
        },
    )
    found = known_answers(Observed(study, "driver_regression"), "referred")
    followed = Observed(study, "driver_regression").answers().answers
    expected = followed["censoring_weight"].to_numpy()[:3] * [1, 2, 3]
    np.testing.assert_allclose(found.weights, expected)
    assert found.weights[0] > 0


def test_leaving_is_followed_for_the_window_asked_for(linked_study):
    study = linked_study(
        {"customer": ["a", "b"], "date": ["2023-03-01", "2023-03-01"], "recommend": 9.0},
        {"customer": ["a", "b"], "acquired": "2020-01-01", "left": ["2023-03-31", "2023-04-01"]},
    )
    found = follow_leaving(Observed(study, "driver_regression"), 30)
    assert found.window == 30
    assert found.answers["left"].tolist() == [True, False]
    assert found.answers["time"].tolist() == [30, 30]
    assert known_answers(Observed(study, "driver_regression"), "left", 30).observed.tolist() == [1, 0]


# Tables


def test_thresholds_and_effects_have_their_errors_and_their_level():
    """Errors of an ordered logit's thresholds; average changes in the unit in which they are told."""
    drivers = tpm.driver_regression(study_of(answers_of()), model="ordered_logit", level=0.9)
    places = len(drivers.fit.params)
    np.testing.assert_allclose(drivers.thresholds["std_error"], np.sqrt(np.diag(drivers.fit.joint)[places:]))
    reach = drivers.thresholds["conf_high"] - drivers.thresholds["estimate"]
    np.testing.assert_allclose(reach, stats.t.ppf(0.95, drivers.fit.df) * drivers.thresholds["std_error"])
    assert drivers.thresholds["term"].tolist()[:2] == ["1|2", "2|3"]
    assert tpm.driver_regression(study_of(answers_of())).thresholds.empty
    own = drivers.effects.set_index("touchpoint").loc["mail"]
    place = drivers.design.names.index("mail")
    effect, gradient = drivers.fit.average_effect(place, drivers.design.matrix, drivers.fit.mass)
    assert [own["estimate"], own["std_error"]] == pytest.approx([effect, drivers.fit.std_error(gradient)])


def test_coefficients_tell_how_many_answers_they_are_about():
    survey = answers_of()
    survey["app"] = survey["app"].mask(survey.index < 30)
    terms = tpm.driver_regression(study_of(survey)).terms
    assert dict(zip(terms["term"], terms["n"], strict=True)) == {
        "constant": 120, "shop": 120, "mail": 120, "app": 90, "app (not rated)": 30,
    }  # fmt: skip
    assert (terms["policy"] == "indicator").all()
    frame = tpm.driver_regression(survey, recommend="score", touchpoints=["shop", "mail", "app"])
    assert frame.terms[["term", "n"]].equals(terms[["term", "n"]])


def test_effects_on_counts_are_per_hundred_customer_years(linked_study):
    rng = np.random.default_rng(3)
    names = [f"c{row}" for row in range(80)]
    answers = pd.DataFrame({"customer": names, "date": "2023-03-01", "recommend": 9.0})
    made = [(name, f"2023-0{month}-15") for name in names for month in rng.integers(4, 10, rng.integers(0, 4))]
    study = linked_study(answers, referrals=made)
    ratings = pd.DataFrame({"shop": rng.integers(1, 6, 80).astype(float)})
    study = replace(
        study, ratings=ratings, experienced=ratings.notna(), rating_scales={"shop": (1, 5)},
        touchpoints=pd.DataFrame({"touchpoint": ["shop"], "label": ["shop"]}),
    )  # fmt: skip
    drivers = tpm.driver_regression(study, "referrals")
    effect, gradient = drivers.fit.average_effect(1, drivers.design.matrix, drivers.fit.mass)
    row = drivers.effects.iloc[0]
    assert row["estimate"] == pytest.approx(100 * effect)
    assert row["std_error"] == pytest.approx(100 * drivers.fit.std_error(gradient))
    assert drivers.events == len(made)
    assert drivers.settings == {"outcome": "referrals", "missing": "indicator", "level": 0.95}
    assert tpm.driver_regression(study, "referrals", window=90).settings["window"] == 90


def test_answers_of_one_customer():
    study = study_of(answers_of(who="c"), customer="who")
    with pytest.raises(tpm.DataError) as refused:
        tpm.driver_regression(study)
    assert str(refused.value) == (
        "survey, column 'customer': expected answers of at least two customers; here all 120 are of one. Take more "
        "customers, or leave the customer out where the answers are of different people."
    )
