"""How many customers until deeds differ: against statsmodels, the study's own spread, and questions that are none."""

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.power import NormalIndPower
from statsmodels.stats.proportion import proportion_effectsize

import tpm_widgets as tpm
from tpm_widgets.errors import DataError
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
    assert "independent" in result.caveats[0].text("en")


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
    assert "no time is long enough" in result.summary("en")
    assert "The study does not have that" in result.summary("en")
    silent = linked_study({"customer": ["a"], "date": ["2023-03-01"], "recommend": [9.0]})
    assert tpm.deeds_sample_size(silent, ratio=1.5).summary("en") == (
        "How many customers it takes cannot be said: there were no recommendations so far."
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({}, "give ratio= (of recommendations, such as 1.5) or difference= (of referral rates, such as 0.05)."),
        ({"ratio": 1}, "ratio must be a number above 0 and not 1, such as 1.5; got 1."),
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
