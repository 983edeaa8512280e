"""The funnel: by hand, by statsmodels' Kaplan-Meier, with and without a link, and how far recommendations carry."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from statsmodels.duration.survfunc import SurvfuncRight
from statsmodels.stats.proportion import proportion_confint

import tpm_widgets as tpm
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.recommendations.funnel_steps import first_answers
from tpm_widgets.errors import DataError
from tpm_widgets.language import read


@pytest.fixture
def study(linked_study):
    """Ten customers, six of them promoters; four recommend, three reach somebody, two win; all followed to the end."""
    names = list("abcdefghij")
    referrals = pd.DataFrame(
        {
            "referrer": ["a", "b", "c", "g", "a"],
            "date": ["2023-03-01", "2023-04-01", "2023-05-01", "2023-06-01", "2024-12-01"],
            "contacted": pd.to_datetime(["2023-03-05", "2023-04-05", None, None, None]),
            "converted": ["2023-04-01", None, None, "2023-07-01", None],
            "recipients": [1.0, 3.0, None, 1.0, 10.0],
        }
    )
    answers = {"customer": names, "date": "2023-02-01", "recommend": [9.0] * 6 + [5.0] * 4}
    return linked_study(answers, referrals=referrals)


def test_by_hand(study):
    result = tpm.referral_funnel(study)
    assert result.table.columns.tolist() == [
        "step", "n", "count", "estimate", "conf_low", "conf_high", "of_previous", "of_previous_low", "of_previous_high",
    ]  # fmt: skip
    assert result.table["step"].tolist() == ["willing", "recommended", "contact", "bought"]
    assert result.table["count"].tolist() == [6, 4, 3, 2]
    assert result.table["estimate"].tolist() == pytest.approx([0.6, 0.4, 0.3, 0.2])
    # of the six willing three recommended; a conversion without a day of contact is a contact
    assert result.table["of_previous"].tolist()[1:] == pytest.approx([3 / 6, 3 / 4, 2 / 3])
    for row in result.table.to_dict("records"):
        expected = proportion_confint(row["count"], 10, method="wilson")
        assert (row["conf_low"], row["conf_high"]) == pytest.approx(expected)
    assert (result.n, result.complete, result.linked) == (10, 10, True)


def test_the_published_shares_stand_beside(study):
    """Kumar, Petersen & Leone 2007, as METHODS gives them."""
    published = tpm.referral_funnel(study).published
    assert published[["n", "willing", "recommended", "bought"]].to_numpy().tolist() == [
        [9_900, 0.81, 0.30, 0.12],
        [6_700, 0.68, 0.33, 0.14],
    ]


def test_spread_by_hand(study):
    spread = tpm.referral_funnel(study).spread.set_index("measure")
    assert spread["estimate"].to_dict() == pytest.approx(
        {
            "participation rate": 4 / 10,
            "conversion": 2 / 5,
            "invitations per customer": 16 / 10,  # one where it is not known how many
            "conversion per invitation": 2 / 16,
            "K": 2 / 10,
            "amplification": 1 / (1 - 0.2),
        }
    )
    product = spread.loc["invitations per customer", "estimate"] * spread.loc["conversion per invitation", "estimate"]
    assert spread.loc["K", "estimate"] == pytest.approx(product)
    assert (spread["conf_low"] <= spread["estimate"]).all()
    assert (spread["estimate"] <= spread["conf_high"]).all()


def test_the_example_of_amplification(linked_study):
    """Ten customers win eight: K = .8, and 1,000 customers win 800, these 640 (METHODS, section 2)."""
    names = [f"c{number}" for number in range(10)]
    referrals = pd.DataFrame({"referrer": names[:8], "date": "2023-03-01", "converted": "2023-04-01"})
    study = linked_study({"customer": names, "date": "2023-02-01", "recommend": 9.0}, referrals=referrals)
    result = tpm.referral_funnel(study)
    assert result.spread.set_index("measure")["estimate"]["amplification"] == pytest.approx(5)
    assert result.summary("en").endswith(
        "Participation rate (customers who recommended ÷ active customers): 80.0% of 10; K (customers won per active "
        "customer): 0.800; at that pace 1,000 customers would win 800, these 640, and all generations together would "
        "be 5,000 (amplification 5.00)."
    )


def test_from_one_on_the_chain_has_no_end(linked_study):
    referrals = pd.DataFrame({"referrer": ["a"] * 3, "date": "2023-03-01", "converted": "2023-04-01"})
    study = linked_study({"customer": ["a"], "date": "2023-02-01", "recommend": 9.0}, referrals=referrals)
    result = tpm.referral_funnel(study)
    assert np.isinf(result.spread.set_index("measure")["estimate"]["amplification"])
    assert "3.000; from 1 on every generation would be larger than the one before." in result.summary("en")


@pytest.fixture(scope="module")
def insurer():
    return tpm.simulate_study(seed=3, respondents=800).unweighted()


def test_shares_are_statsmodels_kaplan_meier_where_not_everybody_is_followed(insurer):
    result = tpm.referral_funnel(insurer)
    rows = first_answers(Observed(insurer, "referral_funnel"), 365).rows
    assert (rows["entry"] == 0).all()
    assert 0 < result.complete < result.n == len(rows)
    for deed in ("recommended", "contact", "bought"):
        curve = SurvfuncRight(rows[f"{deed}_time"], rows[deed].astype(float))
        before = curve.surv_prob[curve.surv_times <= 365][-1]
        row = result.table.set_index("step").loc[deed]
        assert row["estimate"] == pytest.approx(1 - before)
        assert row["estimate"] > row["count"] / row["n"]  # who was lost is not counted as a no


def test_each_customer_counts_once_with_the_first_answer(linked_study):
    """The second answer neither counts again nor cuts the time of the first."""
    study = linked_study(
        {"customer": ["a", "a"], "date": ["2023-02-01", "2023-03-01"], "recommend": [9.0, 2.0]},
        referrals=[("a", "2023-06-01")],
    )
    result = tpm.referral_funnel(study)
    assert result.table["count"].tolist()[:2] == [1, 1]
    assert result.table["n"].tolist()[:2] == [1, 1]
    assert "Each customer counts once, with the first answer that could be followed; 1 later one is left out." in [
        str(caveat) for caveat in result.caveats
    ]


def test_weights_count_for_what_is_said_and_done(study):
    weighted = replace(study, survey=study.survey.assign(weight=[4.0] + [1.0] * 9))
    table = tpm.referral_funnel(weighted).table.set_index("step")
    assert table.loc["willing", "estimate"] == pytest.approx(9 / 13)
    assert table.loc["recommended", "estimate"] == pytest.approx(7 / 13)
    assert table.loc["willing", "conf_high"] - table.loc["willing", "conf_low"] > 0.5


def test_without_a_link_willingness_is_the_surveys_alone(study):
    apart = replace(study, survey=study.survey.drop(columns="customer"), linkage={"permitted": False, "basis": ""})
    result = tpm.referral_funnel(apart)
    assert not result.linked
    table = result.table.set_index("step")
    assert table.loc["willing", "estimate"] == pytest.approx(0.6)
    assert np.isnan(table.loc["recommended", "of_previous"])
    assert table["count"].tolist() == [6, 4, 3, 2]
    assert any("Answers are not tied to customers here" in str(caveat) for caveat in result.caveats)
    assert "60.0% of 10 answers are promoters" in result.summary("en")


def test_without_a_link_customers_who_were_not_watched_for_the_window_are_not_a_no(linked_study):
    people = {"customer": list("ab"), "acquired": ["2020-01-01", "2024-10-01"]}
    study = linked_study({"recommend": [9.0]}, people, [("a", "2023-06-01")])
    table = tpm.referral_funnel(study).table.set_index("step")
    assert table.loc["recommended", "estimate"] == pytest.approx(1.0)  # b was lost before a recommended


def test_contacts_that_were_not_recorded_are_said_to_be_missing(study):
    silent = replace(study, referrals=study.referrals.drop(columns="contacted"))
    result = tpm.referral_funnel(silent)
    table = result.table.set_index("step")
    assert table.loc["contact", ["count", "estimate", "of_previous"]].isna().all()
    assert table.loc["bought", "of_previous"] == pytest.approx(2 / 4)
    assert "Contacts were not recorded, so this step is missing." in [str(caveat) for caveat in result.caveats]


def test_consent_leaves_out_what_has_none(study):
    given = replace(study, referrals=study.referrals.assign(consent=[True, True, False, False, None]))
    result = tpm.referral_funnel(given, consent="given")
    assert result.table["count"].tolist() == [6, 2, 2, 1]
    assert result.spread.set_index("measure").loc["conversion", "denominator"] == 2
    assert str(result.caveats[0]) == "3 recommendations were left out, because no consent is on record."


def test_nobody_recommended_nobody_answered_nobody_there(linked_study):
    silent = linked_study({"customer": ["a"], "date": "2023-02-01", "recommend": 9.0})
    table = tpm.referral_funnel(silent).table.set_index("step")
    assert table["count"].fillna(-1).tolist() == [1, 0, -1, 0]
    mute = linked_study(
        {"customer": ["a"], "date": "2023-02-01", "recommend": [np.nan]}, referrals=[("a", "2023-03-01")]
    )
    assert tpm.referral_funnel(mute).summary("en").startswith("Nobody said how willing he is; within 365 days 100.0%")
    gone = linked_study({"recommend": [9.0]}, {"customer": ["a"], "acquired": "2026-01-01"})
    assert "no customer was followed for 365 days" in tpm.referral_funnel(gone).summary("en")
    assert "Participation and K cannot be given" in tpm.referral_funnel(gone).summary("en")


def test_tables_that_are_absent_are_refused_in_words():
    study = tpm.make_study(pd.DataFrame({"q": [9], "shop": [3]}), recommend="q", touchpoints=["shop"])
    with pytest.raises(DataError) as caught:
        tpm.referral_funnel(study)
    assert str(caught.value) == (
        "customers: expected a table for referral_funnel. Add the table as a file under [customers] in study.toml, or "
        "as customers= to make_study.\n"
        "referrals: expected a table for referral_funnel. Add the table as a file under [referrals] in study.toml, or "
        "as referrals= to make_study."
    )


def test_a_window_of_no_days_is_refused(study):
    with pytest.raises(ValueError) as caught:
        tpm.referral_funnel(study, window=0)
    assert str(caught.value) == "window must be a whole number of days, at least 1; got 0."


def test_the_input_stays_as_it_was(insurer):
    before = insurer.data_hash
    tpm.referral_funnel(insurer, consent="given")
    assert insurer.data_hash == before


def test_an_answer_without_weight_is_not_counted_as_willing():
    """Of three promoters one weighs nothing: two of three answers are willing, not three."""
    answers = pd.DataFrame({"recommend": [9, 10, 9, 4], "weight": [1.0, 1.0, 0.0, 1.0], "shop": [5, 4, 3, 2]})
    customers = pd.DataFrame({"customer": list("abcd"), "acquired": "2022-01-01"})
    made = pd.DataFrame({"referrer": ["a"], "date": ["2023-03-01"], "converted": [None]})
    study = tpm.make_study(
        answers, recommend="recommend", touchpoints=["shop"], weight="weight", customers=customers, referrals=made,
        recording_start="2023-01-01", observed_until="2024-12-31",
    )  # fmt: skip
    willing = tpm.referral_funnel(study).table.iloc[0]
    assert (willing["n"], willing["count"], willing["estimate"]) == (3, 2, pytest.approx(2 / 3))


PUBLISHED = (
    "Published for comparison (Kumar, Petersen & Leone 2007): telecommunications 81% willing, 30% recommended, 12% "
    "won; financial services 68%, 33%, 14%. "
)
SPREAD = (
    "Participation rate (customers who recommended ÷ active customers): 40.0% of 10; K (customers won per active "
    "customer): 0.200; at that pace 1,000 customers would win 200, these 40, and all generations together would be "
    "1,250 (amplification 1.25)."
)
APART = (
    "Answers are not tied to customers here: willingness is the share among the answers of the survey, deeds are the "
    "shares among all customers from their first day of observation on, and whether those who are willing recommend "
    "cannot be told. "
)
ROUGH = (
    "Recommendations that nobody recorded count as not made. The published shares come from other firms, years and "
    "questions; they are a rough mark and no norm. "
)
YOUNG = (
    "1 recommendation that has won nobody is younger than 31 days, within which nine of ten conversions came; it may "
    "still win. "
)
DAYS = (
    "Participation, invitations and K are for the 731 days of recording and grow with them; amplification assumes that "
    "each generation wins as many customers per head in such a time, and that nobody is left out of reach."
)
ONE_EACH = " Of 1 of 5 recommendations it is not known how many people they went to; each counts as one invitation."


def wilson(count, n, alpha=0.05):
    return " to ".join(f"{100 * abs(end):.1f}%" for end in proportion_confint(count, n, alpha=alpha, method="wilson"))


def test_the_whole_of_it_is_read(study):
    result = tpm.referral_funnel(study)
    assert result.summary("en") == (
        f"60.0% of 10 customers are promoters ({wilson(6, 10)}); within 365 days 40.0% of 10 customers recommended "
        f"({wilson(4, 10)}) and 20.0% won a customer ({wilson(2, 10)}); 95% intervals, Kaplan-Meier shares, 10 "
        f"followed to the end. Of those willing 50.0% recommended ({wilson(3, 6)}). {PUBLISHED}{SPREAD}"
    )
    assert read(result.caveats, "en") == ROUGH + YOUNG + DAYS + ONE_EACH


def test_a_shorter_window_and_another_level(study):
    """Within 60 days of 1 February only a and b recommended, and a won somebody."""
    result = tpm.referral_funnel(study, window=60, level=0.8)
    assert result.summary("en").startswith(
        f"60.0% of 10 customers are promoters ({wilson(6, 10, 0.2)}); within 60 days 20.0% of 10 customers recommended "
        f"({wilson(2, 10, 0.2)}) and 10.0% won a customer ({wilson(1, 10, 0.2)}); 80% intervals, Kaplan-Meier shares, "
        f"10 followed to the end. Of those willing 33.3% recommended ({wilson(2, 6, 0.2)}). {PUBLISHED}"
    )
    assert result.settings == {"window": 60, "consent": "all", "level": 0.8}
    assert tpm.referral_funnel(study, window=59).table["count"].tolist() == [6, 2, 2, 1]  # 1 April is its last day
    assert tpm.referral_funnel(study, window=58).table["count"].tolist() == [6, 1, 1, 1]


def test_without_a_link_both_stand_side_by_side(study):
    apart = replace(study, survey=study.survey.drop(columns="customer"))
    result = tpm.referral_funnel(apart)
    assert result.summary("en") == (
        f"60.0% of 10 answers are promoters ({wilson(6, 10)}); within 365 days 40.0% of 10 customers recommended "
        f"({wilson(4, 10)}) and 20.0% won a customer ({wilson(2, 10)}); 95% intervals, Kaplan-Meier shares, 10 "
        f"followed to the end. {PUBLISHED}{SPREAD}"
    )
    assert read(result.caveats, "en") == APART + ROUGH + YOUNG + DAYS + ONE_EACH


@pytest.mark.parametrize(("day", "count"), [("2023-12-31", 1), ("2024-01-01", 0)])
def test_without_a_link_the_window_begins_with_the_first_day_of_observation(linked_study, day, count):
    study = linked_study({"recommend": [9.0]}, {"customer": ["a"], "acquired": "2020-01-01"}, [("a", day)])
    result = tpm.referral_funnel(study)
    assert result.table["count"].fillna(-1).tolist() == [1, count, -1, 0]
    assert result.complete == 1


@pytest.mark.parametrize(("until", "complete"), [("2024-02-01", 1), ("2024-01-31", 0)])
def test_complete_is_who_was_followed_for_the_whole_window(linked_study, until, complete):
    answers = {"customer": ["a", "b"], "date": ["2023-02-01", "2022-12-31"], "recommend": 9.0}
    late = {"customer": ["a", "b"], "acquired": "2020-01-01", "left": [None, "2023-06-01"]}
    result = tpm.referral_funnel(linked_study(answers, late, until=until))
    assert (result.n, result.complete) == (2, complete)
    early = {**answers, "date": ["2023-02-01", "2022-12-30"]}  # a day before recording began on New Year's Day
    made = [("b", "2023-01-05")]
    assert tpm.referral_funnel(linked_study(early, late, made, until=until)).complete == complete


@pytest.mark.parametrize(
    ("scores", "said"),
    [
        ([9.0, np.nan, *[9.0] * 8], "1 answer without a score or weight does not count. "),
        ([np.nan, np.nan, *[3.0] * 8], "2 answers without a score or weight do not count. "),
    ],
)
def test_answers_without_a_score_do_not_count(study, scores, said):
    result = tpm.referral_funnel(replace(study, survey=study.survey.assign(recommend=scores)))
    assert result.n == 10 - int(np.isnan(scores).sum())
    assert read(result.caveats, "en") == said + ROUGH + YOUNG + DAYS + ONE_EACH


def test_later_answers_of_the_same_customer_are_left_out(linked_study):
    answers = {"customer": ["a"] * 3, "date": ["2023-02-01", "2023-03-01", "2023-04-01"], "recommend": 9.0}
    result = tpm.referral_funnel(linked_study(answers, referrals=[("a", "2023-06-01")]))
    assert read(result.caveats[:2], "en") == (
        "Each customer counts once, with the first answer that could be followed; 2 later ones are left out. Contacts "
        "were not recorded, so this step is missing."
    )


def test_nobody_who_could_be_followed(linked_study):
    gone = tpm.referral_funnel(linked_study({"recommend": [9.0]}, {"customer": ["a"], "acquired": "2026-01-01"}))
    assert gone.summary("en") == (
        f"100.0% of 1 answers are promoters ({wilson(1, 1)}); no customer was followed for 365 days, so what they did "
        f"cannot be given as a share. {PUBLISHED}Participation and K cannot be given: no customer was active."
    )
    silent = "Contacts were not recorded, so this step is missing. "
    assert read(gone.caveats, "en") == APART + silent + ROUGH + DAYS


def test_limits_of_what_carries_on(study):
    """Participation by Wilson; the others counts per head with gamma limits, amplification at the limits of K."""
    spread = tpm.referral_funnel(study, level=0.9).spread.set_index("measure")
    low, high = proportion_confint(4, 10, alpha=0.1, method="wilson")
    assert spread.loc["participation rate", ["conf_low", "conf_high"]].tolist() == pytest.approx([low, high])
    k_low, k_high = stats.gamma.ppf(0.05, 2) / 10, stats.gamma.ppf(0.95, 3) / 10
    assert spread.loc["K", ["conf_low", "conf_high"]].tolist() == pytest.approx([k_low, k_high])
    limits = spread.loc["amplification", ["conf_low", "conf_high"]].tolist()
    assert limits == pytest.approx([1 / (1 - k_low), 1 / (1 - k_high)])
    assert spread["numerator"].tolist()[:5] == [4, 2, 16, 2, 2]
    assert spread["denominator"].tolist()[:5] == [10, 5, 10, 16, 10]
    assert spread.loc["amplification", ["numerator", "denominator"]].isna().all()


def test_a_recommendation_to_nobody_in_particular_is_one_invitation(study):
    reach = replace(study, referrals=study.referrals.assign(recipients=[0.0, 1.0, 2.0, 3.0, 4.0]))
    result = tpm.referral_funnel(reach)
    assert result.spread.set_index("measure").loc["invitations per customer", "numerator"] == 11
    assert read(result.caveats, "en") == ROUGH + YOUNG + DAYS


def test_one_for_one_the_chain_has_no_end(linked_study):
    made = pd.DataFrame({"referrer": ["a"], "date": "2023-03-01", "converted": "2023-04-01"})
    study = linked_study({"customer": ["a"], "date": "2023-02-01", "recommend": 9.0}, referrals=made)
    assert tpm.referral_funnel(study).sentences()[2].text("en") == (
        "Participation rate (customers who recommended ÷ active customers): 100.0% of 1; K (customers won per active "
        "customer): 1.000; from 1 on every generation would be larger than the one before."
    )


def test_more_on_a_later_step_is_refused(study):
    result = tpm.referral_funnel(study)
    with pytest.raises(ValueError) as caught:
        replace(result, table=result.table.assign(count=[6, 4, 3, 4]))
    assert str(caught.value) == "More customers were seen on a step of the funnel than on the step before."
    replace(result, table=result.table.assign(count=[1, 4, 4, 4]))  # who recommends need not have been willing


def test_a_study_that_says_nothing_of_linking_may_be_linked(study):
    assert tpm.referral_funnel(replace(study, linkage={"basis": "consent"})).linked
