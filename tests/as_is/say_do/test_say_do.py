"""Saying against doing: values by hand and by scikit-learn, the trap of unequal churn, and degenerate studies."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score
from statsmodels.duration.survfunc import SurvfuncRight

import tpm_widgets as tpm
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.errors import DataError

MONTH = 365.25 / 12
TRAP_SEEDS = range(30)


def test_by_hand(linked_study):
    """Two promoters, one of whom recommends on day 31; a detractor who leaves after 73 days and recommends twice."""
    study = linked_study(
        {"customer": list("abc"), "date": "2023-03-01", "recommend": [9.0, 10.0, 2.0]},
        {
            "customer": list("abcd"),
            "acquired": ["2020-01-01"] * 3 + ["2024-01-01"],
            "left": [None, None, "2023-05-13", None],
        },
        [("a", "2023-04-01"), ("c", "2023-03-02"), ("c", "2023-03-03"), ("d", "2024-06-01")],
    )
    result = tpm.say_do(study, replicates=50)
    promoter, passive, detractor = result.classes.to_dict("records")
    assert promoter["exposure"] == pytest.approx(2 * 365 / MONTH)
    assert promoter["estimate"] == pytest.approx(0.5)
    assert promoter["rate"] == pytest.approx(100 / (2 * 365 / MONTH))
    assert passive["n"] == 0 and np.isnan(passive["estimate"])
    assert (detractor["referrers"], detractor["recommendations"]) == (1, 2)
    assert detractor["rate"] == pytest.approx(200 / (73 / MONTH))
    assert result.classes["recommendation_share"].tolist() == pytest.approx([1 / 3, 0, 2 / 3])
    # a (9) and c (2) recommended, b (10) did not: b scores higher than both
    assert result.auc.estimate == 0.0
    assert result.table.loc[9, ["n", "referrers", "recommendations"]].tolist() == [1, 1, 1]
    assert result.respondents["group"].tolist() == ["respondents", "never answered", "everybody"]
    assert result.respondents["recommendations"].tolist() == [3, 1, 4]
    assert result.respondents["exposure"].iloc[1] == pytest.approx(366 / MONTH)


def test_columns_are_the_agreed_ones(linked_study):
    study = linked_study({"customer": ["a"], "date": ["2023-03-01"], "recommend": [9.0]})
    result = tpm.say_do(study, replicates=5)
    counts = ["n", "exposure", "referrers", "recommendations"]
    measures = [*counts, "estimate", "conf_low", "conf_high", "rate", "rate_low", "rate_high"]
    assert result.table.columns.tolist() == ["score", "promoter_class", *measures]
    assert result.classes.columns.tolist() == [
        "promoter_class", *measures, "recommendation_share", "share_low", "share_high", "answer_share",
    ]  # fmt: skip
    assert result.table["score"].tolist() == list(range(11))
    assert result.table["promoter_class"].tolist() == ["detractor"] * 7 + ["passive"] * 2 + ["promoter"] * 2


def test_recommendations_before_the_answer_are_never_counted(linked_study):
    """Up to and including the day of the answer nothing counts; the first day after it does, and so does the last."""
    answers = {"customer": list("ab"), "date": ["2023-06-01", "2023-06-01"], "recommend": [9.0, 9.0]}
    before = [("a", "2023-01-05"), ("a", "2023-05-31"), ("a", "2023-06-01"), ("b", "2023-06-01")]
    untouched = tpm.say_do(linked_study(answers, referrals=before), replicates=5)
    assert untouched.table["recommendations"].sum() == 0
    assert untouched.classes["estimate"].iloc[0] == 0
    after = [("a", "2023-06-02"), ("b", "2024-05-31"), ("b", "2024-06-01")]
    counted = tpm.say_do(linked_study(answers, referrals=[*before, *after]), replicates=5)
    assert counted.table["recommendations"].sum() == 2  # 365 days after 1 June 2023 is 31 May 2024
    assert counted.classes["estimate"].iloc[0] == 1
    assert counted.respondents["recommendations"].tolist() == [7, 0, 7]  # as customers they made them all


@pytest.fixture(scope="module")
def insurer():
    return tpm.simulate_study(seed=3, respondents=1_500)


def test_shares_are_statsmodels_kaplan_meier_of_the_exposures(insurer):
    study = insurer.unweighted()
    result = tpm.say_do(study, replicates=5)
    answers = Observed(study, "say_do").answers().answers
    scores = study.survey["recommend"].reindex(answers.index)
    for score in (8, 10):
        own = answers[scores == score]
        curve = SurvfuncRight(own["time"], own["referred"].astype(float))
        assert result.table.loc[score, "estimate"] == pytest.approx(1 - curve.surv_prob[-1], abs=1e-12)
        assert result.table.loc[score, "rate"] == pytest.approx(100 * own["events"].sum() / (own["days"].sum() / MONTH))


def test_auc_is_scikit_learns_with_censoring_weights(insurer):
    result = tpm.say_do(insurer, replicates=5)
    answers = Observed(insurer, "say_do").answers().answers.query("complete")
    scores = insurer.survey["recommend"].reindex(answers.index)
    weights = answers["censoring_weight"] * insurer.weights[answers.index]
    expected = roc_auc_score(answers["referred"], scores, sample_weight=weights)
    assert result.auc.estimate == pytest.approx(expected, abs=1e-12)
    assert result.auc.n == len(answers)


def test_censoring_weights_give_the_kaplan_meier_share_of_each_class(insurer):
    """The identity of inverse weighting and Kaplan-Meier; who entered late is only in the latter, so nobody here."""
    result = tpm.say_do(insurer, replicates=5)
    answers = Observed(insurer, "say_do").answers().answers
    assert (answers["entry"] == 0).all()
    scores, weights = insurer.survey["recommend"].reindex(answers.index), insurer.weights[answers.index]
    for row, member in zip(
        result.classes.to_dict("records"), (scores >= 9, scores.between(7, 8), scores <= 6), strict=True
    ):
        share = (weights * answers["censoring_weight"] * answers["referred"])[member].sum() / weights[member].sum()
        assert row["estimate"] == pytest.approx(share, abs=1e-10)


def unequal_churn(make, seed):
    """3,000 customers recommend at one hazard, .0095 a month; detractors leave four times as fast as promoters."""
    rng = np.random.default_rng(seed)
    n, until = 3_000, 365
    score = rng.choice([2.0, 9.0], n)
    leaves = np.ceil(rng.exponential(np.where(score == 2, 250, 1000))).astype(int)
    deed = np.ceil(rng.exponential(MONTH / 0.0095, n)).astype(int)
    names, answered = np.arange(n), pd.Timestamp("2023-03-01")
    made = deed <= np.minimum(leaves, until)
    referrals = pd.DataFrame({"referrer": names[made], "date": answered + pd.to_timedelta(deed[made], "D")})
    left = pd.Series(answered + pd.to_timedelta(leaves, "D")).where(leaves <= until)
    return make(
        {"customer": names, "date": answered, "recommend": score},
        {"customer": names, "acquired": "2020-01-01", "left": left},
        referrals,
    ), pd.Series(made).groupby(score).mean()


@pytest.mark.slow
def test_equal_hazards_with_unequal_churn_show_no_difference_where_the_naive_table_does(linked_study):
    """The trap of METHODS 3, on fixed seeds: exposure removes the difference that faster churn makes."""
    share, rate, naive = [], [], []
    for seed in TRAP_SEEDS:
        study, table = unequal_churn(linked_study, seed)
        rows = tpm.say_do(study, replicates=1).classes.set_index("promoter_class")
        share.append(rows.loc["promoter", "estimate"] - rows.loc["detractor", "estimate"])
        rate.append(rows.loc["promoter", "rate"] - rows.loc["detractor", "rate"])
        naive.append(table[9.0] - table[2.0])
    for difference in (share, rate):
        error = np.std(difference, ddof=1) / np.sqrt(len(difference))
        assert abs(np.mean(difference)) < 3 * error
    assert np.mean(naive) > 10 * np.std(naive, ddof=1) / np.sqrt(len(naive))
    assert np.mean(naive) > 0.03


def test_answers_of_one_customer_are_one_cluster(linked_study):
    """The same deeds by one customer each, or all by one who answers again and again, differ in their certainty."""
    dates = pd.date_range("2023-01-01", periods=8, freq="30D")
    referrals = [(0, date + pd.Timedelta("5D")) for date in dates[:4]]
    many = linked_study(
        {"customer": np.arange(8), "date": dates, "recommend": 9.0},
        {"customer": np.arange(8), "acquired": "2020-01-01"},
        [(person, date) for person, (_, date) in enumerate(referrals)],
    )
    one = linked_study({"customer": [0] * 4 + [1] * 4, "date": [*dates[:4], *dates[:4]], "recommend": 9.0},
                       referrals=referrals)  # fmt: skip
    width = [
        np.log(row["rate_high"] / row["rate_low"])
        for row in (tpm.say_do(study, replicates=1).classes.iloc[0] for study in (many, one))
    ]
    assert width[1] > width[0]


def test_the_weight_is_used(linked_study):
    answers = {"customer": list("ab"), "date": "2023-03-01", "recommend": [9.0, 9.0], "weight": [3.0, 1.0]}
    study = linked_study(answers, referrals=[("a", "2023-04-01")])
    weighted = tpm.say_do(study, replicates=1).classes.iloc[0]
    assert weighted["estimate"] == pytest.approx(0.75)
    assert weighted["rate"] == pytest.approx(0.75 * 100 / (365 / MONTH))
    assert tpm.say_do(study.unweighted(), replicates=1).classes.iloc[0]["estimate"] == pytest.approx(0.5)


def test_sentences(linked_study):
    study = linked_study(
        {"customer": list("abcd"), "date": "2023-03-01", "recommend": [9.0, 10.0, 2.0, 3.0]},
        referrals=[("a", "2023-04-01"), ("c", "2023-05-01"), ("b", "2023-05-01")],
    )
    said_and_done = tpm.say_do(study, replicates=200)
    assert [sentence.text("en") for sentence in said_and_done.sentences()] == [
        "Of 3 recommendations, 66.7% came from promoters, who gave 50.0% of the answers, 0.0% from passives and 33.3% "
        "from detractors.",
        "Classes with the cut-offs 6|7 and 8|9 and a straight line cannot be told apart: it is not shown that either "
        "adds to the other (p = 0.149 and p = 0.157; score tests, 4 answers).",
        "Those who answered cannot be set beside those who never did: of one kind nobody was observed.",
        "Of those who say that they would recommend (promoters), 100.0% do so within 365 days (95% interval 34.2% to "
        "100.0%, Kaplan-Meier, 2 answers), and 0.0% win a customer; of the detractors 50.0% recommend (9.5% to "
        "90.5%).",
        "It is not shown that our NPS predicts our recommendations: somebody who recommended had scored higher than "
        "somebody who did not in 66.7% of pairs (14.7% to 95.9%, AUC by bootstrap, 4 answers); 50% is chance. Between "
        "groups nothing can be said yet. Give both tables a column of the same name, such as a region, or name the "
        "wave under [survey]. Which comes first is not said: 0 periods have both a score and a rate, and a lag profile "
        "takes 20.",
    ]
    assert said_and_done.answers() == said_and_done.sentences()[-2:]


def test_nobody_recommended(linked_study):
    study = linked_study({"customer": list("abc"), "date": "2023-03-01", "recommend": [9.0, 2.0, 10.0]})
    result = tpm.say_do(study, replicates=5)
    assert result.classes["estimate"].tolist()[::2] == [0.0, 0.0]
    assert result.classes["conf_high"].iloc[0] < 1
    assert result.classes["recommendation_share"].isna().all()
    said = [sentence.text("en") for sentence in result.sentences()]
    assert said[0] == "Nobody recommended while followed."
    assert said[3] == (
        "Of those who say that they would recommend (promoters), 0.0% do so within 365 days (95% interval 0.0% to "
        "65.8%, Kaplan-Meier, 2 answers), and 0.0% win a customer; of the detractors 0.0% recommend (0.0% to 79.3%)."
    )
    assert said[4].startswith(
        "Whether our NPS predicts our recommendations cannot be said: there is nothing to compare."
    )


def test_everybody_is_a_promoter(linked_study):
    study = linked_study(
        {"customer": list("abc"), "date": "2023-03-01", "recommend": 10.0}, referrals=[("a", "2023-04-01")]
    )
    result = tpm.say_do(study, replicates=5)
    assert result.classes["recommendation_share"].tolist() == [1.0, 0.0, 0.0]
    assert result.classes["share_low"].iloc[0] < 1
    assert "of the detractors" not in result.summary("en")
    assert result.auc.estimate == 0.5


def test_nobody_was_followed_for_the_whole_window(linked_study):
    study = linked_study(
        {"customer": list("ab"), "date": "2024-06-01", "recommend": [9.0, 2.0]}, referrals=[("a", "2024-07-01")]
    )
    result = tpm.say_do(study, replicates=5)
    assert np.isnan(result.classes.iloc[2]["estimate"])
    assert result.classes.iloc[2]["rate"] == 0.0
    hidden = tpm.say_do(linked_study({"customer": ["a"], "date": ["2024-06-01"], "recommend": [9.0]}), replicates=5)
    assert hidden.answers()[0].text("en") == (
        "How many promoters recommend within 365 days cannot be said: of 1 answer by a promoter none was "
        "followed that long."
    )


def test_nobody_could_be_followed(linked_study):
    study = linked_study({"customer": ["a"], "date": ["2024-12-31"], "recommend": [9.0]})
    result = tpm.say_do(study)
    assert result.n == 0
    assert len(result.sentences()) == 5
    assert result.sentences()[0].text("en") == "No answer could be followed, so nothing can be said about deeds."


def test_what_is_absent_is_refused_all_at_once():
    study = tpm.make_study(pd.DataFrame({"q": [9, 3], "shop": [4, 2]}), recommend="q", touchpoints=["shop"])
    with pytest.raises(DataError) as caught:
        tpm.say_do(study)
    add = "Add the table as a file under [{0}] in study.toml, or as {0}= to make_study."
    role = 'Name the column that plays this role under [survey] in study.toml: {0} = "…".'
    assert str(caught.value).split("\n") == [
        f"survey, column 'customer': expected values of this role for say_do. {role.format('customer')}",
        f"survey, column 'date': expected values of this role for say_do. {role.format('date')}",
        f"customers: expected a table for say_do. {add.format('customers')}",
        f"referrals: expected a table for say_do. {add.format('referrals')}",
        "customers: expected or, without a link, something that customers and answers have in common, for say_do. Add "
        "customers and referrals, and a column of the same name in survey and customers (a region), or the date of "
        "each answer.",
        "survey, column 'recommended, recommendations, customers_won': expected or, without dates, what each customer "
        'did, for say_do. Name the column of the survey that tells it: recommended = "…" (yes or no), recommendations '
        '= "…" or customers_won = "…" (how many) under [survey].',
        "survey, column 'recommended_12m': expected or, without any record, what respondents report, for say_do. Ask "
        'whether they recommended in the past 12 months: recommended_12m = "…" under [survey].',
    ]


def test_a_count_of_replicates_that_is_none_is_refused(linked_study):
    study = linked_study({"customer": ["a"], "date": ["2023-03-01"], "recommend": [9.0]})
    with pytest.raises(ValueError) as caught:
        tpm.say_do(study, replicates=0)
    assert str(caught.value) == "replicates must be a whole number of at least 1; got 0."


def test_the_input_stays_as_it_was(insurer):
    before = insurer.data_hash
    first = tpm.say_do(insurer, replicates=20)
    again = tpm.say_do(insurer, replicates=20)
    assert insurer.data_hash == before
    assert first.auc == again.auc
    pd.testing.assert_frame_equal(first.table, again.table)
