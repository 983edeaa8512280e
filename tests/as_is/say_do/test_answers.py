"""What is said of saying and doing, of results made by hand: each branch whole, and where one becomes another."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.as_is.say_do.person import NOBODY
from tpm_widgets.statistics.estimates.estimate import Estimate

NOT_YET = "Between groups nothing can be said yet. Over time nothing can be said yet."
SKILL = pd.DataFrame([["referred", "brier_skill", 60, 0.123, 0.0, 0.2]], columns=NOBODY.association.columns)
FORMS = pd.DataFrame(
    {"deed": "referred", "smaller": ["linear", "classes"], "larger": "linear and classes", "p_value": 0.1, "n": 60}
)
NOTHING = {"estimate": np.nan, "conf_low": np.nan, "conf_high": np.nan}


def classes(promoter=None, detractor=None, **more):
    """Thirty answers of promoters, twenty of passives, ten of detractors."""
    table = pd.DataFrame(
        {
            "promoter_class": ["promoter", "passive", "detractor"], "n": [30, 20, 10],
            "estimate": [0.4, 0.2, 0.1], "conf_low": [0.3, 0.1, 0.05], "conf_high": [0.5, 0.3, 0.2],
            "recommendation_share": [0.7, 0.2, 0.1], "answer_share": [0.5, 0.3, 0.2],
            "recommendations": [7, 2, 1], "referrers": [6, 2, 1],
        }
    )  # fmt: skip
    for row, changes in ((0, promoter), (2, detractor)):
        table.loc[row, list(changes or {})] = list((changes or {}).values())
    return table.assign(**more)


def found(kind="linked", **changes):
    """A result that was not computed but stated."""
    stated = {
        "table": pd.DataFrame(), "classes": classes(), "window": 365, "n": 60, "settings": {"level": 0.9},
        "deeds": pd.DataFrame({"deed": ["referred", "won"], "promoter_class": "promoter", "estimate": [0.4, 0.05]}),
        "auc": Estimate(0.75, 0.6, 0.85, 58),
        "person": replace(NOBODY, association=SKILL, forms=FORMS),
        "respondents": pd.DataFrame({"group": ["everybody"], "customers": [80], "rate": [1.5], "rate_low": [1.0],
                                     "rate_high": [2.25]}),
    }  # fmt: skip
    return tpm.SayDo(kind=kind, **{**stated, **changes})


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("linked", {}, "Of those who say that they would recommend (promoters), 40.0% do so within 365 days (90% "
         "interval 30.0% to 50.0%, Kaplan-Meier, 30 answers), and 5.0% win a customer; of the detractors 10.0% "
         "recommend (5.0% to 20.0%)."),
        ("linked", {"classes": classes(detractor=NOTHING)}, "Of those who say that they would recommend (promoters), "
         "40.0% do so within 365 days (90% interval 30.0% to 50.0%, Kaplan-Meier, 30 answers), and 5.0% win a "
         "customer."),
        ("linked", {"classes": classes(promoter=NOTHING)}, "How many promoters recommend within 365 days cannot be "
         "said: of 30 answers by promoters none was followed that long."),
        ("linked", {"classes": classes(promoter={**NOTHING, "n": 1}), "window": 90}, "How many promoters recommend "
         "within 90 days cannot be said: of 1 answer by a promoter none was followed that long."),
        ("unlinked", {}, "How much of a promised recommendation happens cannot be said without a link; but even if "
         "promoters (50.0% of 60 answers) had made every recommendation, 100 of them would have made 36.0 a year."),
        ("unlinked", {"classes": classes(promoter={"answer_share": 0.0})}, "How much of a promised recommendation "
         "happens cannot be said without a link."),
        ("unlinked", {"respondents": pd.DataFrame({"rate": [np.nan]})}, "How much of a promised recommendation happens "
         "cannot be said without a link."),
        ("reported", {}, "Of the promoters 40.0% report that they recommended in the past 12 months (90% interval "
         "30.0% to 50.0%, Wilson, 30 answers), of the detractors 10.0% (5.0% to 20.0%); what became of the promise "
         "after the answer is not known."),
        ("reported", {"classes": classes(detractor=NOTHING)}, "Of the promoters 40.0% report that they recommended in "
         "the past 12 months (90% interval 30.0% to 50.0%, Wilson, 30 answers); what became of the promise after the "
         "answer is not known."),
        ("reported", {"classes": classes(promoter=NOTHING)}, "How much of a promised recommendation happens cannot be "
         "said: no promoter answered."),
    ],
)  # fmt: skip
def test_how_much_of_a_promise_happens(kind, changes, words):
    assert found(kind, **changes).answers()[0].text("en") == words


WELL = (
    "Person by person our NPS does predict our recommendations, {well}: somebody who recommended had scored higher "
    "than somebody who did not in {auc}% of pairs ({low}% to 90.0%, AUC by bootstrap, 58 answers; 50% is chance), and "
    "knowing the score makes a forecast 12.3% better (Brier)."
)


@pytest.mark.parametrize(
    ("kind", "auc", "words"),
    [
        ("linked", (0.55, 0.501, 0.9), WELL.format(well="weakly", auc="55.0", low="50.1")),
        ("linked", (0.7, 0.6, 0.9), WELL.format(well="moderately", auc="70.0", low="60.0")),
        ("linked", (0.8, 0.7, 0.9), WELL.format(well="well", auc="80.0", low="70.0")),
        ("linked", (0.6, 0.45, 0.7), "It is not shown that our NPS predicts our recommendations: somebody who "
         "recommended had scored higher than somebody who did not in 60.0% of pairs (45.0% to 70.0%, AUC by bootstrap, "
         "58 answers); 50% is chance."),
        ("linked", (0.4, 0.3, 0.45), "Our NPS predicts our recommendations the wrong way round: somebody who "
         "recommended had scored higher than somebody who did not in only 40.0% of pairs (30.0% to 45.0%, AUC by "
         "bootstrap, 58 answers); 50% is chance."),
        ("linked", (np.nan, np.nan, np.nan), "Whether our NPS predicts our recommendations cannot be said: there is "
         "nothing to compare."),
        ("reported", (0.6, 0.45, 0.7), "Whether our NPS predicts our recommendations cannot be said, for the reports "
         "look back; nor is it shown that they go together: who reports a recommendation scores higher than who does "
         "not in 60.0% of pairs (45.0% to 70.0%, AUC by bootstrap, 58 answers); 50% is chance."),
        ("reported", (0.6, 0.55, 0.7), "Whether our NPS predicts our recommendations cannot be said, for the reports "
         "look back; but they go together: who reports a recommendation scores higher than who does not in 60.0% of "
         "pairs (55.0% to 70.0%, AUC by bootstrap, 58 answers); 50% is chance."),
        ("reported", (np.nan, np.nan, np.nan), "Whether our NPS and reported recommendations go together cannot be "
         "said: nothing to compare."),
        ("unlinked", (np.nan, np.nan, np.nan), "Person by person nothing can be said: answers are not tied to "
         "customers here."),
    ],
)  # fmt: skip
def test_whether_the_score_of_a_person_predicts(kind, auc, words):
    assert found(kind, auc=Estimate(*auc, 58)).answers()[1].text("en") == f"{words} {NOT_YET}"


def groups(interval=(0.2, 0.9), withheld=0, count=5, deed="recommendations", **more):
    """So many groups whose score and deeds have a stated rank correlation of .6; the other deed falls."""
    rate = {"recommendations": "recommendation_rate", "reported": "reported_share"}[deed]
    score = np.where(np.arange(count) < withheld, np.nan, np.linspace(-0.2, 0.3, count))
    table = pd.DataFrame({"group": [f"g{place}" for place in range(count)], "n": 9, "score": score, rate: 1.0 + score})
    rows = [
        ["all groups", "spearman", deed, 0.6, *interval, count - withheld],
        ["all groups", "pearson", deed, -0.1, -0.2, -0.05, count - withheld],
        ["all groups", "spearman", "won", -0.3, -0.4, -0.2, count - withheld],
        ["within waves", "spearman", deed, -0.5, -0.6, -0.4, 40],
    ]
    association = pd.DataFrame(rows, columns=["level", "measure", "deed", "estimate", "conf_low", "conf_high", "n"])
    left_out = pd.DataFrame(columns=["group", "deed", "measure", "estimate", "change"])
    stated = {
        "table": table,
        "association": association,
        "leave_one_out": left_out,
        "deeds": (deed, "won"),
        "by": ("x",),
    }
    return tpm.SayDoGroups(**{**stated, **more}, settings={"level": 0.9})


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (groups(), "Over 5 groups score and deeds rise together (Spearman +0.60, +0.20 to +0.90)."),
        (groups((-0.9, -0.2)), "Over 5 groups deeds fall where the score rises (Spearman +0.60, −0.90 to −0.20)."),
        (groups((-0.1, 0.9)), "Over 5 groups it is not shown that score and deeds rise together (Spearman +0.60, −0.10 "
         "to +0.90)."),
        (groups((0.0, 0.9)), "Over 5 groups it is not shown that score and deeds rise together (Spearman +0.60, 0.00 "
         "to +0.90)."),
        (groups((np.nan, np.nan), withheld=1, count=4), "Between groups it cannot be said: 1 of 4 is withheld, having "
         "too few answers or customers, and an interval takes 4 groups. Choose larger ones with by=."),
        (groups((np.nan, np.nan), withheld=2, count=5), "Between groups it cannot be said: 2 of 5 are withheld, having "
         "too few answers or customers, and an interval takes 4 groups. Choose larger ones with by=."),
        (groups((np.nan, np.nan), withheld=1, count=5), "Between groups it cannot be said: there are too few of them, "
         "or they do not differ."),
        (groups((np.nan, np.nan), count=3), "Between groups it cannot be said: there are too few of them, or they do "
         "not differ."),
    ],
)  # fmt: skip
def test_whether_groups_that_say_more_do_more(made, words):
    assert found("unlinked", groups=made).answers()[1].text("en") == (
        "Person by person nothing can be said: answers are not tied to customers here. " + words + " Over time nothing "
        "can be said yet."
    )


@pytest.mark.parametrize(
    ("interval", "words"),
    [
        ((0.2, 0.9), "Groups that say more do more: over 5 groups the Net Promoter Score and recommendations per 100 "
         "customer-years have a rank correlation of +0.60 (90% interval +0.20 to +0.90, Spearman)."),
        ((-0.9, -0.2), "Groups that say more do less: over 5 groups the Net Promoter Score and recommendations per 100 "
         "customer-years have a rank correlation of +0.60 (90% interval −0.90 to −0.20, Spearman)."),
        ((0.0, 0.9), "It is not shown that groups which say more do more: over 5 groups the Net Promoter Score and "
         "recommendations per 100 customer-years have a rank correlation of +0.60 (90% interval 0.00 to +0.90, "
         "Spearman)."),
        ((np.nan, np.nan), "Over 5 groups the Net Promoter Score and recommendations per 100 customer-years have a "
         "rank correlation of +0.60 (Spearman); below 4 groups no interval can be given, so nothing follows from it."),
    ],
)  # fmt: skip
def test_the_rank_correlation_in_words(interval, words):
    (sentence,) = groups(interval).sentences()
    assert sentence.text("en") == words


def test_two_groups_make_no_correlation():
    made = groups(count=2)
    undefined = made.association.assign(estimate=np.nan, conf_low=np.nan, conf_high=np.nan)
    assert groups(count=2, association=undefined).summary("en") == (
        "Whether groups that say more do more cannot be said: only 2 groups have a score and deeds, and a correlation "
        "takes three."
    )
    assert groups(count=3, association=undefined).summary("en") == (
        "All 3 groups do the same, so a correlation is not defined."
    )


def levels(deed, within, between, read=1.0):
    """The slopes of persons, and the correlations in waves and across them."""
    rows = [
        ["all groups", "spearman", deed, 0.6, 0.2, 0.9, 5],
        ["within", "slope", deed, *(read * end for end in within), 58],
        ["between", "slope", deed, *(read * end for end in between), 5],
        ["within waves", "pearson", deed, 0.3, 0.1, 0.5, 40],
        ["across waves", "pearson", deed, -0.4, -0.8, 0.2, 8],
    ]
    return pd.DataFrame(rows, columns=["level", "measure", "deed", "estimate", "conf_low", "conf_high", "n"])


@pytest.mark.parametrize(
    ("deed", "read", "words"),
    [
        ("recommendations", 1.0, "Inside the groups, a step from detractor to passive or on to promoter goes with +4.3 "
         "recommendations per 100 customer-years (+2.1 to +6.4, 58 answers); between the groups the same distance, 100 "
         "points of the score, goes with −1.0 (−9.9 to +8.0)."),
        ("reported", 0.01, "Inside the groups, a step from detractor to passive or on to promoter goes with +4.3 "
         "percentage points more who report a recommendation (+2.1 to +6.4, 58 answers); between the groups the same "
         "distance, 100 points of the score, goes with −1.0 (−9.9 to +8.0)."),
    ],
)  # fmt: skip
def test_persons_inside_and_between_the_groups(deed, read, words):
    association = levels(deed, (4.26, 2.14, 6.38), (-0.99, -9.93, 7.95), read)
    said = groups(deed=deed, association=association).sentences()
    assert said[1].text("en") == words
    assert said[2].text("en") == (
        "Among groups of the same wave the correlation is +0.30 (+0.10 to +0.50, 40 pairs); among the waves, groups "
        "together, −0.40 (−0.80 to +0.20, 8 waves; both Pearson)."
    )
    nothing = levels(deed, (np.nan,) * 3, (1, 0, 2))
    assert len(groups(deed=deed, association=nothing).sentences()) == 2
    one_wave = nothing.assign(estimate=nothing["estimate"].where(nothing["level"] != "within waves"))
    assert len(groups(deed=deed, association=one_wave).sentences()) == 1


def test_the_group_whose_absence_changes_most_in_either_direction():
    left_out = pd.DataFrame(
        [["g0", "recommendations", "spearman", 0.8, 0.2], ["g1", "recommendations", "spearman", 0.1, -0.5],
         ["g2", "recommendations", "pearson", -0.3, -0.9], ["g3", "won", "spearman", -0.2, -0.8],
         ["g4", "recommendations", "spearman", np.nan, np.nan]],
        columns=["group", "deed", "measure", "estimate", "change"],
    )  # fmt: skip
    said = groups(leave_one_out=left_out, association=levels("recommendations", (1, 0, 2), (1, 0, 2))).sentences()
    assert len(said) == 3  # three are enough, however many could be said
    assert said[1].text("en") == "It hangs most on g1: without it the correlation would be +0.10 (−0.50)."


SAME = "Between groups nothing can be said yet."
COURSE = "Over time nothing can be said yet."
SIDE = (
    "Answers are not tied to customers here, so they only stand side by side: a Net Promoter Score of +30.0 ({n} "
    "answers), and 1.50 recommendations per 100 customer-months (1.00 to 2.25, 80 customers)."
)
BACK = (
    "The deed is reported here, and looks back: 60 answers say whether their authors recommended in the 12 months "
    "before them, so nothing below is a prediction."
)


@pytest.mark.parametrize(
    ("kind", "changes", "words"),
    [
        ("unlinked", {}, [SIDE.format(n=60), SAME, COURSE]),
        ("unlinked", {"n": 0}, [SIDE.format(n=0), SAME, COURSE]),
        ("linked", {"n": 0}, ["No answer could be followed, so nothing can be said about deeds.", SAME, COURSE]),
        ("reported", {"n": 0}, ["No answer has both a score and a report, so nothing can be said about deeds.",
         SAME, COURSE]),
    ],
)  # fmt: skip
def test_the_first_three_sentences_where_little_is_known(kind, changes, words):
    assert [sentence.text("en") for sentence in found(kind, **changes).sentences()[:3]] == words


@pytest.mark.parametrize(
    ("n", "referrers", "first", "second"),
    [
        (1, [1, 0, 0], "The deed is reported here, and looks back: 1 answer says whether its author recommended in "
         "the 12 months before it, so nothing below is a prediction.", "Of 1 respondent who reports a recommendation, "
         "70.0% are promoters, who gave 50.0% of the answers, 20.0% passives and 10.0% detractors."),
        (60, [6, 2, 1], BACK, "Of 9 respondents who report a recommendation, 70.0% are promoters, who gave 50.0% of "
         "the answers, 20.0% passives and 10.0% detractors."),
        (60, [0, 0, 0], BACK, "Nobody reports a recommendation."),
    ],
)  # fmt: skip
def test_the_first_sentences_of_what_is_reported(n, referrers, first, second):
    result = found("reported", n=n, classes=classes(referrers=referrers))
    assert [sentence.text("en") for sentence in result.sentences()[:2]] == [first, second]


@pytest.mark.parametrize(
    ("made", "words"),
    [
        ([1, 0, 0], "Of 1 recommendation, 70.0% came from promoters, who gave 50.0% of the answers, 20.0% from "
         "passives and 10.0% from detractors."),
        ([7, 2, 1], "Of 10 recommendations, 70.0% came from promoters, who gave 50.0% of the answers, 20.0% from "
         "passives and 10.0% from detractors."),
        ([0, 0, 0], "Nobody recommended while followed."),
    ],
)  # fmt: skip
def test_where_recommendations_came_from(made, words):
    both = pd.DataFrame({"group": ["respondents", "never answered"], "rate": np.nan})
    result = found(classes=classes(recommendations=made), respondents=both)
    assert result.sentences()[0].text("en") == words


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ({"recommendation_share": [0.7, 0.2, 0.2]}, "the classes' shares of all recommendations do not add up to 1."),
        ({"recommendations": [7, 2, 2]}, "recommendations by score and by class do not add up to the same total."),
    ],
)
def test_what_does_not_add_up_is_refused(column, words):
    with pytest.raises(ValueError) as caught:
        found(classes=classes(**column), table=pd.DataFrame({"score": [9, 8, 3], "recommendations": [7, 2, 1]}))
    assert str(caught.value) == words
    unlinked = pd.DataFrame({"group": ["x"], "recommendations": [99]})
    found("unlinked", table=unlinked)  # of groups, not of scores


@pytest.mark.parametrize("score", [1.1, -1.1])
def test_scores_and_correlations_that_cannot_be_are_refused(score):
    with pytest.raises(ValueError) as caught:
        groups(table=pd.DataFrame({"group": ["x"], "score": [score]}))
    assert str(caught.value) == "a Net Promoter Score lies outside -1…1."
    association = groups().association
    with pytest.raises(ValueError) as caught:
        groups(association=association.assign(estimate=score))
    assert str(caught.value) == "a correlation lies outside -1…1."
    groups(association=association.assign(estimate=score, measure="slope"))  # which may be anything


@pytest.mark.parametrize(
    ("own", "other"), [((1.0, 0.5, 2.0), (3.0, 2.0, 4.0)), ((3.0, 2.0, 4.0), (1.0, 0.5, 2.0))], ids=["less", "more"]
)
def test_intervals_that_touch_show_no_difference(own, other):
    rows = [["respondents", 30, *own], ["never answered", 50, *other]]
    both = pd.DataFrame(rows, columns=["group", "customers", "rate", "rate_low", "rate_high"])
    words = found(respondents=both).sentences()[2].text("en")
    assert words.startswith("It is not shown that those who answer differ in deeds: ")
