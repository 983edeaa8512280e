"""How many customers until deeds differ: against statsmodels, the study's own spread, and questions that are none."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

import tpm_widgets as tpm
from tpm_widgets.as_is.say_do.sample_size import DeedsSampleSize
from tpm_widgets.errors import DataError
from tpm_widgets.language import read
from tpm_widgets.statistics.estimates.rates import people_needed


def test_a_rate_alone_takes_the_least():
    """(1.96 + 0.8416)² · (1 + 1/1.5)/0.2/ln²1.5 = 397.85."""
    result = tpm.deeds_sample_size(20.0, ratio=1.5)
    (row,) = result.table.to_dict("records")
    assert (row["question"], row["customers"], row["months"], row["other"]) == ("recommendations", 398, 12, 30)
    assert row["events"] == pytest.approx(398 * 0.5)
    assert result.summary("en") == (
        "To show 30.00 instead of 20.00 recommendations per 100 customer-years (ratio 1.50), it takes 398 customers in "
        "each of two groups, observed for 12.0 months: about 199 recommendations in all (80% power, 95% level; 1.00 "
        "times as many customers as if recommendations came independently)."
    )
    assert read(result.caveats, "en") == (
        "Every recommendation is taken as independent of the others; where some customers recommend again and again it "
        "takes more. A study as the source estimates how much."
    )


def test_half_the_months_take_twice_the_customers_and_back():
    half = tpm.deeds_sample_size(20.0, ratio=1.5, months=6).table["customers"].iloc[0]
    assert half == 796
    months = tpm.deeds_sample_size(20.0, ratio=1.5, customers=796).table["months"].iloc[0]
    assert months == pytest.approx(6, abs=0.01)


def test_shares_are_statsmodels_own():
    result = tpm.deeds_sample_size(0.25, difference=0.05, power=0.9, level=0.99)
    effect = proportion_effectsize(0.30, 0.25)
    expected = NormalIndPower().solve_power(effect, power=0.9, alpha=0.01)
    assert result.table["customers"].iloc[0] == np.ceil(expected)
    assert np.isnan(result.table["months"].iloc[0])


def test_a_study_says_how_much_customers_differ(linked_study):
    """A quarter of the customers recommend four times a year, the others never: rates vary by 3 squared means."""
    people = 400
    referrals = [(person, date) for person in range(0, people, 4)
                 for date in pd.date_range("2023-01-15", periods=8, freq="91D")]  # fmt: skip
    study = linked_study(
        {"customer": [0], "date": "2023-03-01", "recommend": 9.0},
        {"customer": np.arange(people), "acquired": "2020-01-01"},
        referrals,
    )
    result = tpm.deeds_sample_size(study, ratio=1.5)
    row = result.table.set_index("question").loc["recommendations"]
    years = 731 / 365.25
    rate = 2 / years
    assert row["baseline"] == pytest.approx(100 * rate)
    assert row["dispersion"] == pytest.approx((100 * 36 + 300 * 4 - 800) / (400 * 4))
    assert row["customers"] == np.ceil(people_needed(rate, 1.5, 1, row["dispersion"], 0.8, 0.95))
    assert row["inflation"] > 2
    assert (result.customers, result.months) == (400, pytest.approx(12 * years))
    won = result.table.set_index("question").loc["won"]
    assert won["baseline"] == 0
    assert pd.isna(won["customers"])


def test_a_whole_study():
    study = tpm.simulate_study(seed=2, respondents=1_000)
    before = study.data_hash
    result = tpm.deeds_sample_size(study, ratio=1.5, difference=-0.1)
    assert result.table["question"].tolist() == ["recommendations", "won", "referral_rate"]
    assert (result.table["inflation"].iloc[:2] > 1).all()
    share = tpm.referral_rate(study).table.iloc[0]
    row = result.table.iloc[2]
    assert row["baseline"] == share["estimate"]
    assert row["other"] == pytest.approx(share["estimate"] - 0.1)
    months = 33  # January 2023 to September 2025
    assert row["months"] == pytest.approx(row["customers"] / (share["known"] / months), rel=2e-3)
    assert "The study has that" in result.summary("en")
    assert study.data_hash == before


def test_where_no_time_is_long_enough_and_where_nobody_recommends(linked_study):
    study = tpm.simulate_study(seed=2, respondents=400)
    result = tpm.deeds_sample_size(study, ratio=1.05, customers=50)
    assert result.table["months"].iloc[0] == np.inf
    row, months = result.table.iloc[0], result.months
    needed = np.ceil(2 * people_needed(row["baseline"] / 100, 1.05, months / 12, row["dispersion"], 0.8, 0.95))
    assert result.summary("en") == (
        f"With 50 customers in each of two groups no time is long enough to show {row['other']:.2f} instead of "
        f"{row['baseline']:.2f} recommendations per 100 customer-years (ratio 1.05): customers differ too much from "
        f"each other. The study does not have that: {result.customers:,.0f} customers, observed for {months:.1f} "
        f"months on average; for so long it would take {needed:,.0f}."
    )
    assert read(result.caveats, "en") == (
        f"Today's level, and how much customers differ, are estimated from {result.customers:,.0f} customers; plan a "
        "little more."
    )
    silent = linked_study({"customer": ["a"], "date": ["2023-03-01"], "recommend": [9.0]})
    assert tpm.deeds_sample_size(silent, ratio=1.5).summary("en") == (
        "How many customers it takes cannot be said: there were no recommendations so far."
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "give ratio= (of recommendations, such as 1.5) or difference= (of referral rates, such as 0.05)."),
        ({"ratio": 1}, "ratio must be a number above 0 and not 1, such as 1.5; got 1."),
        ({"ratio": 0}, "ratio must be a number above 0 and not 1, such as 1.5; got 0."),
        ({"ratio": np.inf}, "ratio must be a number above 0 and not 1, such as 1.5; got inf."),
        ({"ratio": 2, "customers": 0}, "customers must be a number above 0; got 0."),
        ({"ratio": 2, "months": np.inf}, "months must be a number above 0; got inf."),
        ({"ratio": 2, "power": 1}, "power must be a number above 0.025 and below 1, such as 0.8; got 1."),
        ({"ratio": 2, "power": 0.025}, "power must be a number above 0.025 and below 1, such as 0.8; got 0.025."),
        ({"difference": 1}, "difference must be a number between -1 and 1 and not 0, such as 0.05; got 1."),
        ({"difference": -1}, "difference must be a number between -1 and 1 and not 0, such as 0.05; got -1."),
        ({"ratio": 2, "months": 3, "customers": 5}, "give months= or customers=, not both: the other one is what is "
         "asked for."),
        ({"ratio": 2, "months": 0}, "months must be a number above 0; got 0."),
        ({"ratio": 2, "power": 0.01}, "power must be a number above 0.025 and below 1, such as 0.8; got 0.01."),
        ({"difference": 0}, "difference must be a number between -1 and 1 and not 0, such as 0.05; got 0."),
        ({"difference": 0.5}, "source must be a study, or today's level: recommendations per 100 customer-years above "
         "0, or a referral rate between 0 and 1; got 20.0."),
        ({"ratio": 2, "difference": 0.1}, "one number cannot be the level of both ratio= and difference=; ask one "
         "after the other."),
    ],
)  # fmt: skip
def test_questions_that_are_none(arguments, message):
    with pytest.raises(ValueError) as refusal:
        tpm.deeds_sample_size(20.0, **arguments)
    assert str(refusal.value) == message


def test_a_difference_that_leaves_no_share():
    with pytest.raises(ValueError, match=r"^difference must leave a share between 0 and 1; 0\.25 and -0\.3 do not\.$"):
        tpm.deeds_sample_size(0.25, difference=-0.3)


def test_a_study_without_deeds_is_refused():
    survey = pd.DataFrame({"q": [9, 3], "shop": [4, 2]})
    study = tpm.make_study(survey=survey, recommend="q", touchpoints=["shop"])
    with pytest.raises(DataError, match=r"expected a table for deeds_sample_size"):
        tpm.deeds_sample_size(study, ratio=1.5)


def test_a_difference_of_two_groups_in_words():
    result = tpm.deeds_sample_size(0.25, difference=0.05)
    people = int(np.ceil(NormalIndPower().solve_power(proportion_effectsize(0.3, 0.25), power=0.8, alpha=0.05)))
    assert result.summary("en") == (
        f"To show a referral rate of 30.0% instead of 25.0% (+5.0 percentage points), it takes {people:,} new "
        "customers whose source is known in each of two groups (80% power, 95% level)."
    )
    assert result.table["events"].iloc[0] == pytest.approx(people * 0.55)
    assert result.caveats == () and result.data_hash == ""


def growing(make, sources, left=None, start="2023-01-01"):
    """One customer who recommends twice, and new ones of these sources, of 1 May 2023; two years are watched."""
    new = [f"n{place}" for place in range(len(sources))]
    people = {
        "customer": ["a", *new], "acquired": ["2020-01-01", *["2023-05-01"] * len(new)],
        "source": ["unknown", *sources], "left": [None, *[left] * len(new)],
    }  # fmt: skip
    answer = {"customer": ["a"], "date": ["2023-03-01"], "recommend": [9.0]}
    return make(answer, people, [("a", "2023-04-01"), ("a", "2023-05-01")], start=start)


def test_a_study_has_its_own_level_and_its_own_pace(linked_study):
    """Two new customers of known source in 731 days, one of them recommended; the third's source is unknown."""
    study = growing(linked_study, ["other", "recommendation", "unknown"])
    result = tpm.deeds_sample_size(study, difference=0.1)
    (row,) = result.table.to_dict("records")
    assert (row["baseline"], row["other"], row["customers"]) == (0.5, 0.6, 388)
    assert row["months"] == pytest.approx(388 / (2 / (731 / (365.25 / 12))))
    assert result.summary("en") == (
        "To show a referral rate of 60.0% instead of 50.0% (+10.0 percentage points), it takes 388 new customers whose "
        f"source is known in each of two periods (80% power, 95% level); at the study's pace each period lasts "
        f"{row['months']:,.1f} months."
    )
    assert read(result.caveats, "en") == (
        "Today's referral rate rests on 2 new customers whose source is known; the others only cost time."
    )
    undated = tpm.deeds_sample_size(growing(linked_study, ["other", "recommendation"], start=None), difference=0.1)
    since = (pd.Timestamp("2024-12-31") - pd.Timestamp("2020-01-01")).days + 1  # from the first customer on
    assert undated.table["months"].iloc[0] == pytest.approx(388 / (2 / (since / (365.25 / 12))))


def test_one_customer_is_little_to_go_by(linked_study):
    """The new one left before becoming a customer, which is no day of observation, but a source."""
    result = tpm.deeds_sample_size(growing(linked_study, ["other"], left="2023-04-01"), ratio=1.5, difference=0.1)
    assert read(result.caveats, "en") == (
        "Today's level, and how much customers differ, are estimated from 1 customer; plan a little more. Today's "
        "referral rate rests on 1 new customer whose source is known; the others only cost time."
    )
    assert (result.customers, result.months) == (1, pytest.approx(12 * 731 / 365.25))


def test_no_source_is_known(linked_study):
    result = tpm.deeds_sample_size(growing(linked_study, ["unknown"]), difference=0.1)
    assert result.summary("en") == (
        "What it takes for the referral rate cannot be said: of no new customer the source is known."
    )
    assert result.table[["baseline", "other", "customers", "months"]].isna().all(axis=None)


@pytest.mark.parametrize(("people", "has"), [(0, True), (-1, False)])
def test_a_study_has_as_many_customers_as_two_groups_need(people, has):
    """The words compare half of the customers with what one group needs for as long as they were watched."""
    row = {"question": "recommendations", "target": 1.5, "baseline": 20.0, "other": 30.0, "customers": 398}
    row |= {"months": 12.0, "events": 199.0, "dispersion": 0.0, "inflation": 1.0}
    needed = 2 * people_needed(0.2, 1.5, 1, 0.0, 0.8, 0.95)
    settings = {"power": 0.8, "level": 0.95}
    result = DeedsSampleSize(
        table=pd.DataFrame([row]), settings=settings, customers=needed + people, months=12.0
    )  # fmt: skip
    words = result.sentences()[1].text("en")
    if has:
        assert words == "The study has that: 795 customers, observed for 12.0 months on average, in two equal groups."
    else:
        assert words == (
            "The study does not have that: 794 customers, observed for 12.0 months on average; for so long it would "
            "take 796."
        )


def test_less_is_a_difference_too():
    """A ratio below 1 and a difference below 0; and what is asked for stands in the settings."""
    less = tpm.deeds_sample_size(20.0, ratio=0.5)
    assert less.table["customers"].iloc[0] == np.ceil(people_needed(0.2, 0.5, 1, 0.0, 0.8, 0.95))
    assert less.settings == {
        "ratio": 0.5, "difference": None, "power": 0.8, "months": None, "customers": None, "level": 0.95
    }  # fmt: skip
    down = tpm.deeds_sample_size(0.25, difference=-0.05)
    assert "a referral rate of 20.0% instead of 25.0% (−5.0 percentage points)" in down.summary("en")


@pytest.mark.parametrize("source", [0, -1, "20", 1.0])
def test_a_level_of_today_that_is_none(source):
    with pytest.raises(ValueError) as refusal:
        tpm.deeds_sample_size(source, difference=0.1)
    assert str(refusal.value) == (
        "source must be a study, or today's level: recommendations per 100 customer-years above 0, or a referral rate "
        f"between 0 and 1; got {source!r}."
    )


@pytest.mark.parametrize("changes", [{"customers": -1}, {"months": -0.1}])
def test_fewer_than_none_are_refused(changes):
    result = tpm.deeds_sample_size(20.0, ratio=1.5)
    with pytest.raises(ValueError) as refusal:
        replace(result, table=result.table.assign(**changes))
    assert str(refusal.value) == "customers and months cannot be negative."
    replace(result, table=result.table.assign(customers=0, months=0.0))


def test_a_rate_below_one_is_a_rate(linked_study):
    """One recommendation in 400 customer-years."""
    people = {"customer": np.arange(200), "acquired": "2020-01-01"}
    study = linked_study({"customer": [0], "date": "2023-03-01", "recommend": 9.0}, people, [(0, "2023-04-01")])
    said = tpm.deeds_sample_size(study, ratio=2).sentences()
    assert len(said) == 2
    assert said[1].text("en").startswith("The study does not have that: 200 customers, observed for 24.0 months")


@pytest.mark.parametrize("difference", [0.75, -0.25])
def test_a_difference_may_not_leave_all_or_nothing(difference):
    with pytest.raises(ValueError) as refusal:
        tpm.deeds_sample_size(0.25, difference=difference)
    assert str(refusal.value) == f"difference must leave a share between 0 and 1; 0.25 and {difference!r} do not."
