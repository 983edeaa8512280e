"""CLV and CRV: a company small enough to reckon by hand, the four segments, and what is not known."""

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

import tpm_widgets as tpm
from tpm_widgets.errors import DataError

ANSWER = {"customer": ["a"], "date": ["2023-03-01"], "recommend": [9.0]}
# a and b recommend; c would not have come without a, d would have come anyway, e would not have without b.
PEOPLE = {
    "customer": list("abcdefgh"),
    "acquired": ["2020-01-01", "2020-01-01", "2024-01-01", "2023-01-01", "2025-01-01"] + ["2023-01-01"] * 3,
    "source": ["unknown", "unknown", *["recommendation"] * 3, *["other"] * 3],
    "recommended_by": [None, None, "a", "a", "b", None, None, None],
    "value": [900.0, 100.0, 500.0, 400.0, 800.0, 600.0, 50.0, 20.0],
    "acquisition_cost": [np.nan, np.nan, 30.0, 40.0, 20.0, 100.0, 160.0, 130.0],
    "would_have_joined": pd.array([None, None, False, True, False, None, None, None], dtype="boolean"),
}


def small(make, until="2025-12-31", people=PEOPLE, **more):
    return make(ANSWER, people, until=until, min_group=1, **more)


def test_by_hand(linked_study):
    """Kumar, Petersen & Leone: a = 500/1.1 + (130 − 40), b = 800/1.1²; 365 days and 731 days after 1 January 2023."""
    value = tpm.referral_value(small(linked_study))
    a = 500 / 1.1 ** (365 / 365.25) + 90
    b = 800 / 1.1 ** (731 / 365.25)
    assert value.total == pytest.approx(a + b)
    assert value.cuts == {"clv": 450, "crv": 0}
    table = value.table.set_index("segment")
    assert table["customers"].tolist() == [1, 3, 1, 3]
    assert table.loc["Champions", ["clv", "crv", "won"]].tolist() == pytest.approx([900, a, 2])
    assert table.loc["Advocates", ["clv", "crv", "won"]].tolist() == pytest.approx([100, b, 1])
    assert table.loc["Affluents", "clv"] == pytest.approx((500 + 800 + 600) / 3)
    assert table.loc["Misers", ["clv", "crv"]].tolist() == pytest.approx([(400 + 50 + 20) / 3, 0])
    assert table["crv_share"].tolist() == pytest.approx([a / (a + b), 0, b / (a + b), 0])
    assert "any CRV above 0, because most customers (75.0%) brought nobody" in value.caveats[1].text("en")


def test_without_discount_and_with_cuts(linked_study):
    value = tpm.referral_value(small(linked_study), discount=0, cuts=(50, 700))
    assert value.total == pytest.approx(500 + 90 + 800)
    assert value.table["customers"].tolist() == [1, 5, 0, 2]  # b brings 800, a only 590
    assert value.table["share"].sum() == pytest.approx(1)
    assert value.caveats[1].text("en") == "High is a CLV above 50 and a CRV above 700, as given."


def test_the_day_of_conversion_counts_where_it_is_recorded(linked_study):
    made = pd.DataFrame({"referrer": ["a"], "date": ["2023-01-01"], "new_customer": ["c"], "converted": ["2023-12-01"]})
    later = tpm.referral_value(small(linked_study)).total
    study = small(linked_study, referrals=made)
    assert tpm.referral_value(study).total == pytest.approx(
        later + 500 * (1.1 ** (-334 / 365.25) - 1.1 ** (-365 / 365.25))
    )


def test_nobody_was_asked_whether_they_would_have_come(linked_study):
    people = {name: values for name, values in PEOPLE.items() if name != "would_have_joined"}
    value = tpm.referral_value(small(linked_study, people=people), discount=0)
    assert value.total == pytest.approx(100 + 90 + 110)
    assert value.most == pytest.approx(500 + 400 + 800)
    assert "at most 1,700" in value.summary("en")


def test_from_revenue(linked_study):
    """Mean margin 60 a period, kept by 80 %, discounted by 10 %: 60 · 1.1/.3 = 220."""
    people = {name: values for name, values in PEOPLE.items() if name != "value"}
    revenue = pd.DataFrame(
        {"customer": ["a", "a", "c"], "period": ["2023", "2024", "2024"], "revenue": [200.0, 400.0, 300.0]}
    )
    study = small(linked_study, people=people, revenue=revenue)
    value = tpm.referral_value(study, retention=0.8, margin=0.2)
    assert value.table["customers"].sum() == 2
    assert value.table.loc[value.table["segment"] == "Advocates", "clv"].tolist() == [220.0]
    assert "6 customers without a value are in no segment." in [c.text("en") for c in value.caveats]
    own = small(linked_study, people=people, revenue=revenue.assign(margin=[50.0, 70.0, 60.0]))
    assert_frame_equal(
        tpm.referral_value(own, retention=0.8).table[["segment", "customers"]], value.table[["segment", "customers"]]
    )
    with pytest.raises(DataError, match=r"^customers, column 'value': expected values of this role for referral_value"):
        tpm.referral_value(study)
    with pytest.raises(DataError, match="Give margin=, the share of revenue that remains"):
        tpm.referral_value(study, retention=0.8)


def test_small_segments_are_withheld(linked_study):
    value = tpm.referral_value(linked_study(ANSWER, PEOPLE, until="2025-12-31", min_group=2))
    table = value.table.set_index("segment")
    assert table.loc["Champions"].drop("customers").isna().all()
    assert table.loc["Misers", "crv"] == 0 and np.isnan(table.loc["Misers", "crv_low"])
    assert "Withheld, because they hold fewer than 2 customers: Champions and Advocates." in [
        caveat.text("en") for caveat in value.caveats
    ]


def test_what_cannot_be_said(linked_study):
    unrecorded = {name: values for name, values in PEOPLE.items() if name != "recommended_by"}
    with pytest.raises(DataError, match=r"^customers, column 'recommended_by': expected values of this role"):
        tpm.referral_value(small(linked_study, people=unrecorded))
    nobody = tpm.referral_value(small(linked_study, people={**PEOPLE, "recommended_by": None}))
    assert nobody.summary("en") == (
        "No customer was won by another one's recommendation, so no referral value can be given."
    )
    worthless = {**PEOPLE, "value": [np.nan] * 8}
    with pytest.raises(DataError, match="'value'"):
        tpm.referral_value(small(linked_study, people=worthless))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"discount": -0.1}, r"^discount must be a share of at least 0 a year, such as 0.1; got -0.1.$"),
        ({"retention": 1.2}, r"^retention must be a share between 0 and 1; got 1.2.$"),
        ({"margin": -1}, r"^margin must be a share between 0 and 1; got -1.$"),
        ({"discount": 0, "retention": 1}, r"^retention must be below 1 where discount is 0: the value would have no"),
        ({"cuts": (1, 2, 3)}, r"^cuts must be two numbers, of CLV and of CRV; got \(1, 2, 3\).$"),
    ],
)
def test_options_out_of_range(linked_study, options, message):
    with pytest.raises(ValueError, match=message):
        tpm.referral_value(small(linked_study), **options)


@pytest.fixture(scope="module")
def insurer():
    return tpm.simulate_study(seed=3, respondents=800)


def test_every_customer_and_every_value_is_in_one_segment(insurer):
    before = insurer.customers.copy(deep=True)
    value = tpm.referral_value(insurer)
    assert_frame_equal(insurer.customers, before)
    assert value.table["customers"].sum() == len(insurer.customers)
    assert (value.table["customers"] * value.table["crv"]).sum() == pytest.approx(value.total)
    assert value.table["won"].sum() == value.won
    assert value.by_value["customers"].sum() == len(insurer.customers)


def test_dearer_customers_by_recommendation_are_no_gain(linked_study):
    """d would have come anyway and cost more than others: the referral value of a falls."""
    people = {**PEOPLE, "acquisition_cost": [np.nan, np.nan, 30.0, 200.0, 20.0, 100.0, 160.0, 130.0]}
    assert tpm.referral_value(small(linked_study, people=people), discount=0).total == pytest.approx(500 - 70 + 800)
