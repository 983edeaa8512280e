"""CLV and CRV: a company small enough to reckon by hand, the four segments, and what is not known."""

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

import tpm_widgets as tpm
from tpm_widgets.errors import DataError
from tpm_widgets.language import read

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


def small(make, until="2025-12-31", people=PEOPLE, least=1, **more):
    return make(ANSWER, people, until=until, min_group=least, **more)


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


GIVEN = "CLV is the value that the customers table gives. "
MOST = "the median, and any CRV above 0, because most customers ({share}) brought nobody. "
LOWER = (
    "Only customers whose recommender is on record add to a referral value, so it is a lower bound; it looks back on "
    "one period, and in it chance makes some look better than others."
)


def test_it_reads_as_sentences(linked_study):
    """a is worth 590 to us besides what it buys, b 800; Wilson's interval of 1 in 4 is 4.6 % to 69.9 %."""
    value = tpm.referral_value(small(linked_study), discount=0)
    assert value.summary("en") == (
        "8 customers have a referral value of 1,390 together, by 3 customers whom they won (discounted by 0.0% a "
        "year). Of the 4 customers of high value 25.0% won somebody (95% interval 4.6% to 69.9%, Wilson), of the 4 "
        "others 25.0% (4.6% to 69.9%). The Advocates, low in what they buy and high in whom they bring, are 12.5% of "
        "the customers and bring 57.6% of the referral value: 800 each (interval – to –), against a lifetime value of "
        "100."
    )
    assert read(value.caveats, "en") == GIVEN + "High is a CLV above 450, " + MOST.format(share="75.0%") + LOWER
    apart = tpm.referral_value(small(linked_study), discount=0, cuts=(550, 0), level=0.9)
    assert apart.sentences()[1].text("en") == (
        "Of the 3 customers of high value 33.3% won somebody (90% interval 7.8% to 74.6%, Wilson), of the 5 others "
        "20.0% (4.6% to 56.5%)."
    )


def test_few_of_high_or_of_low_value_are_not_compared(linked_study):
    """Four of each: shown where four are enough, not where it takes five; and no segment has four."""
    enough = tpm.referral_value(small(linked_study, least=4), discount=0)
    assert "Of the 4 customers of high value 25.0% won somebody" in enough.summary("en")
    assert "Advocates" not in enough.summary("en")
    few = tpm.referral_value(small(linked_study, least=5), discount=0)
    assert few.by_value["customers"].tolist() == [4, 4] and few.by_value["estimate"].isna().all()
    assert few.summary("en") == (
        "8 customers have a referral value of 1,390 together, by 3 customers whom they won (discounted by 0.0% a year)."
    )


NONE, YES, NO = None, True, False


@pytest.mark.parametrize(
    ("changes", "total", "caveats"),
    [
        pytest.param(
            {"would_have_joined": [NONE, NONE, NO, YES, NONE, NONE, NONE, NONE]},
            "700 together, at most 1,390, by 3 customers",
            "High is a CLV above 450, " + MOST.format(share="75.0%") + "Of 1 won customer it is not known whether they "
            "would have come without the recommendation; only the saved acquisition cost is counted. ",
            id="of one it is not known",
        ),
        pytest.param(
            {"would_have_joined": [NONE] * 8},
            "300 together, at most 1,700, by 3 customers",
            "High is a CLV above 450, " + MOST.format(share="75.0%") + "Of 3 won customers it is not known whether "
            "they would have come without the recommendation; only the saved acquisition cost is counted. ",
            id="of nobody it is known",
        ),
        pytest.param(
            {"acquisition_cost": [np.nan] * 8},
            "1,300 together, by 3 customers",
            "High is a CLV above 450, " + MOST.format(share="75.0%") + "What it costs to win a customer otherwise is "
            "not known, so no saved acquisition cost is counted. ",
            id="no cost is known",
        ),
        pytest.param(
            {"acquisition_cost": [np.nan, np.nan, 30.0, np.nan, 20.0, 100.0, np.nan, 130.0]},
            "1,390 together, by 3 customers",
            "High is a CLV above 450, " + MOST.format(share="75.0%"),
            id="an unknown cost is the mean of those who were won: 115 − 25 for d, as before",
        ),
        pytest.param(
            {"value": [900.0, 100.0, np.nan, 400.0, 800.0, 600.0, 50.0, 20.0]},
            "890 together, by 3 customers",
            "High is a CLV above 400, " + MOST.format(share="71.4%") + "1 won customer without a value adds nothing. "
            "1 customer without a value is in no segment. ",
            id="a won one without a value",
        ),
        pytest.param(
            {"value": [900.0, 100.0, np.nan, 400.0, np.nan, 600.0, 50.0, 20.0]},
            "90 together, by 3 customers",
            "High is a CLV above 250, " + MOST.format(share="83.3%") + "2 won customers without a value add nothing. "
            "2 customers without a value are in no segment. ",
            id="two won ones without a value",
        ),
        pytest.param(
            {"value": [np.nan, 100.0, 500.0, 400.0, 700.0, 600.0, 50.0, 20.0]},
            "700 together, by 1 customer",
            "High is a CLV above 400, " + MOST.format(share="85.7%") + "1 customer without a value is in no segment. "
            "2 won customers are credited to nobody, because the recommender is in no segment. ",
            id="a recommender of two without a value",
        ),
        pytest.param(
            {"value": [900.0, np.nan, 500.0, 400.0, 700.0, 600.0, 50.0, 20.0]},
            "590 together, by 2 customers",
            "High is a CLV above 500, " + MOST.format(share="85.7%") + "1 customer without a value is in no segment. "
            "1 won customer is credited to nobody, because the recommender is in no segment. ",
            id="a recommender of one without a value",
        ),
    ],
)
def test_what_is_not_known_is_said(linked_study, changes, total, caveats):
    people = {**PEOPLE, **changes}
    people["would_have_joined"] = pd.array(people["would_have_joined"], dtype="boolean")
    value = tpm.referral_value(small(linked_study, people=people), discount=0)
    assert f"customers have a referral value of {total} whom they won (discounted by 0.0% a year)." in value.summary(
        "en"
    )
    assert read(value.caveats, "en") == GIVEN + caveats + LOWER


def test_one_customer_who_might_have_come_anyway(linked_study):
    people = {**PEOPLE, "recommended_by": [None] * 4 + ["b"] + [None] * 3}
    people["would_have_joined"] = pd.array([None] * 8, dtype="boolean")
    value = tpm.referral_value(small(linked_study, people=people), discount=0)
    assert value.summary("en").startswith(
        "8 customers have a referral value of 110 together, at most 800, by 1 customer whom they won (discounted by "
        "0.0% a year). "
    )


def test_nobodys_value_is_known_who_counts(linked_study):
    people = {**PEOPLE, "value": [np.nan] * 7 + [20.0], "acquired": ["2020-01-01"] * 7 + ["2026-01-01"]}
    value = tpm.referral_value(small(linked_study, people=people | {"recommended_by": ["x"] * 8}))
    assert value.summary("en") == "No customer's value is known, so there is nothing to compare."
    assert read(value.caveats, "en") == GIVEN + "7 customers without a value are in no segment. " + LOWER


def test_the_source_of_a_value_and_both_medians(linked_study):
    """a is worth 220, c 220; a won c and d: the medians are 220 and half of a's referral value."""
    people = {name: values for name, values in PEOPLE.items() if name != "value"}
    revenue = pd.DataFrame({"customer": ["a", "a", "c"], "period": [1, 2, 2], "revenue": [200.0, 400.0, 300.0]})
    value = tpm.referral_value(small(linked_study, people=people, revenue=revenue), retention=0.8, margin=0.2)
    half = (220 / 1.1 ** (365 / 365.25) + 90) / 2
    assert value.cuts == pytest.approx({"clv": 220, "crv": half})
    assert read(value.caveats[:2], "en") == (
        "CLV is computed from revenue: the mean margin of a customer's periods, kept from one to the next by 80.0% and "
        "discounted by 10.0% a period. High is a CLV above 220 and a CRV above 145, the medians."
    )
    with pytest.raises(DataError) as caught:
        tpm.referral_value(small(linked_study, people=people, revenue=revenue), retention=0.8)
    assert str(caught.value) == (
        "revenue, column 'margin': expected margins of the periods, or margin=, for referral_value. Give margin=, the "
        "share of revenue that remains, such as 0.2."
    )


def test_who_came_on_the_last_or_left_on_the_first_day_was_there(linked_study):
    people = {
        "customer": list("abcdef"),
        "acquired": ["2020-01-01"] * 4 + ["2025-12-31", "2026-01-01"],
        "left": ["2022-12-31", "2023-01-01", None, None, None, None],
        "recommended_by": [None] * 4 + ["d", "d"],
        "value": [1.0, 2.0, 3.0, 4.0, 5.0, 6.0],
    }
    value = tpm.referral_value(small(linked_study, people=people), discount=0)
    assert value.table["customers"].sum() == 4  # not a, who had left, and not f, who was still to come
    assert value.won == 1


def test_high_is_above_a_cut_and_not_at_it(linked_study):
    """At 500 and 800 lie c and b themselves, neither of whom is high."""
    value = tpm.referral_value(small(linked_study), discount=0, cuts=(500, 800))
    assert value.table["customers"].tolist() == [0, 3, 0, 5]
    assert value.by_value["customers"].tolist() == [3, 5]


@pytest.mark.parametrize("options", [{"discount": 0}, {"retention": 0}, {"retention": 1}, {"margin": 0}, {"margin": 1}])
def test_the_ends_of_a_range_belong_to_it(linked_study, options):
    assert tpm.referral_value(small(linked_study), **options).settings == {
        "discount": 0.1, "cuts": None, "retention": None, "margin": None, "level": 0.95, **options,
    }  # fmt: skip


def test_shares_have_wilsons_and_means_students_interval(linked_study):
    """Affluents are c, e and f with 500, 800 and 600; c and e earned nobody, so their CRV does not vary."""
    row = tpm.referral_value(small(linked_study), level=0.9).table.set_index("segment").loc["Affluents"]
    assert (row["share_low"], row["share_high"]) == pytest.approx(proportion_confint(3, 8, alpha=0.1, method="wilson"))
    values = np.array([500, 800, 600])
    margin = stats.t.ppf(0.95, 2) * values.std(ddof=1) / np.sqrt(3)
    assert (row["clv_low"], row["clv_high"]) == pytest.approx((values.mean() - margin, values.mean() + margin))
    assert row["crv"] == 0 and pd.isna(row["crv_low"])


def test_without_their_source_nobody_came_otherwise(linked_study):
    people = {name: values for name, values in PEOPLE.items() if name != "source"}
    value = tpm.referral_value(small(linked_study, people=people), discount=0)
    assert value.total == 500 + 0 + 800  # nothing is saved by d, who would have come anyway
    assert "What it costs to win a customer otherwise is not known" in read(value.caveats, "en")
