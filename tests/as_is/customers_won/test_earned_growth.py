"""Earned growth: the published example, both of its readings, unknown sources, and what a period must have."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal
from scipy import stats

import tpm_widgets as tpm
from tpm_widgets.as_is.customers_won.earned_growth import _earned
from tpm_widgets.errors import DataError
from tpm_widgets.language import read

ANSWER = {"customer": ["old0"], "date": ["2023-03-01"], "recommend": [9.0]}


def company(make, rows, **more):
    """Make a study from (customer, period, revenue, source)."""
    frame = pd.DataFrame(rows, columns=["customer", "period", "revenue", "source"])
    people = frame.drop_duplicates("customer")[["customer", "source"]].assign(acquired=pd.NaT)
    people["acquired"] = pd.to_datetime(people["acquired"])
    return make(ANSWER, people, revenue=frame.drop(columns="source"), **more)


EXAMPLE = [
    *((f"old{place}", "2023", 10.0, "unknown") for place in range(10)),
    *((f"old{place}", "2024", 8.5, "unknown") for place in range(10)),
    *((f"earned{place}", "2024", 5.0, "recommendation") for place in range(5)),
]
BOUGHT = [(f"bought{place}", "2024", 5.0, "other") for place in range(4)]


def test_the_published_example(linked_study):
    """Base 100: retained 85, earned new customers 25: 10 % earned growth (Reichheld, Darnell & Burns 2021)."""
    row = tpm.earned_growth(company(linked_study, EXAMPLE)).table.iloc[0]
    assert (row["previous"], row["period"], row["n"]) == ("2023", "2024", 15)
    assert row[["retained", "earned_new", "bought_new"]].tolist() == pytest.approx([0.85, 0.25, 0])
    assert row["estimate"] == pytest.approx(0.10)
    assert row["earned_share"] == pytest.approx(1)


def test_with_twenty_bought_a_third_of_the_growth_is_earned(linked_study):
    """The same and 20 from customers won otherwise: revenue grows by 30, of which 10 are earned."""
    row = tpm.earned_growth(company(linked_study, EXAMPLE + BOUGHT)).table.iloc[0]
    assert row["growth"] == pytest.approx(0.30)
    assert row["estimate"] == pytest.approx(0.10)
    assert row["earned_share"] == pytest.approx(1 / 3)


def test_unknown_sources_are_shared_out_and_bounded(linked_study):
    """25 earned and 20 bought are known; of 9 unknown 5 are taken to be earned."""
    unknown = [("who", "2024", 9.0, "unknown")]
    row = tpm.earned_growth(company(linked_study, EXAMPLE + BOUGHT + unknown)).table.iloc[0]
    assert row["unknown_new"] == pytest.approx(0.09)
    assert row["estimate"] == pytest.approx(0.85 + 0.25 + 0.09 * 25 / 45 - 1)
    assert (row["bound_low"], row["bound_high"]) == pytest.approx((0.10, 0.19))
    assert row["bound_low"] <= row["estimate"] <= row["bound_high"]


def test_all_sources_unknown_leaves_the_bounds(linked_study):
    rows = [(name, period, amount, "unknown") for name, period, amount, _ in EXAMPLE]
    growth = tpm.earned_growth(company(linked_study, rows))
    row = growth.table.iloc[0]
    assert np.isnan(row["estimate"]) and np.isnan(row["conf_low"])
    assert (row["bound_low"], row["bound_high"]) == pytest.approx((-0.15, 0.10))
    assert growth.summary("en").startswith(
        "How much of the growth from 2023 to 2024 was earned cannot be said, because of no new customer the source is "
        "known: between −15.0 and +10.0 points."
    )


def test_who_paused_or_came_long_ago_is_not_new(linked_study):
    rows = [
        ("stays", "2022", 10.0, "other"), ("stays", "2023", 10.0, "other"), ("stays", "2024", 10.0, "other"),
        ("pauses", "2022", 4.0, "recommendation"), ("pauses", "2024", 4.0, "recommendation"),
        ("early", "2024", 3.0, "recommendation"), ("new", "2024", 2.0, "recommendation"),
    ]  # fmt: skip
    study = company(linked_study, rows)
    study.customers["acquired"] = (
        study.customers["customer"].map({"early": "2019-05-01", "new": "2023-12-20"}).astype("datetime64[ns]")
    )
    table = tpm.earned_growth(study).table
    assert table["period"].tolist() == ["2023", "2024"]
    assert table["retained"].tolist() == pytest.approx([10 / 14, 1])
    assert table["returned"].tolist() == pytest.approx([0, 0.7])
    assert table["earned_new"].tolist() == pytest.approx([0, 0.2])


@pytest.mark.parametrize(
    "names", [["2023-Q4", "2024-Q1", "2024-Q2"], ["2023-9", "2023-10", "2023-11"], ["first", "second", "third"]]
)
def test_periods_in_their_order(linked_study, names):
    rows = [("a", name, 10.0 + place, "other") for place, name in reversed(list(enumerate(names)))]
    table = tpm.earned_growth(company(linked_study, rows)).table
    assert table["period"].tolist() == names[1:]
    assert table["retained"].tolist() == pytest.approx([11 / 10, 12 / 11])


def test_sentences(linked_study):
    words = tpm.earned_growth(company(linked_study, EXAMPLE + BOUGHT)).summary("en")
    assert words.endswith(
        "Of 100 of revenue before, 85.0 were retained; 25.0 came with new customers who were recommended, 20.0 with "
        "other new ones, 0.0 with new ones of unknown source. Of the whole growth of +30.0 points that is 33.3%."
    )


def test_one_period_no_revenue_before_and_shrinking(linked_study):
    one = tpm.earned_growth(company(linked_study, [("a", "2023", 1.0, "other")]))
    assert one.table.empty
    assert one.summary("en") == "Earned growth needs the revenue of at least two periods."
    nothing = tpm.earned_growth(company(linked_study, [("a", "2023", 0.0, "other"), ("b", "2024", 5.0, "other")]))
    assert nothing.summary("en") == "No growth from 2023 to 2024 can be given: there was no revenue before."
    less = tpm.earned_growth(company(linked_study, [("a", "2023", 9.0, "other"), ("a", "2024", 6.0, "other")]))
    assert less.table["estimate"].iloc[0] == pytest.approx(-1 / 3)
    assert np.isnan(less.table["earned_share"].iloc[0])
    assert "Of the whole growth" not in less.summary("en")


def test_without_revenue_it_is_refused_in_words(linked_study):
    with pytest.raises(DataError, match=r"^revenue: expected a table for earned_growth. Add the table as a file"):
        tpm.earned_growth(linked_study(ANSWER, {"customer": ["a"], "acquired": ["2023-01-01"], "source": ["other"]}))


def test_the_input_is_unchanged_and_the_interval_the_same_each_time():
    study = tpm.simulate_study(seed=3, respondents=300)
    before = study.revenue.copy(deep=True)
    first, second = tpm.earned_growth(study), tpm.earned_growth(study)
    assert_frame_equal(study.revenue, before)
    assert_frame_equal(first.table, second.table)
    row = first.table.iloc[0]
    assert row["conf_low"] < row["estimate"] < row["conf_high"]


@settings(max_examples=60)
@given(st.lists(st.floats(0.5, 100), min_size=6, max_size=6))
def test_earned_and_bought_are_the_whole_growth(totals):
    """Mirror the sources: what was earned then and what is now add up to NRR twice and all new customers."""
    totals = np.array(totals)
    mirrored = totals[[0, 1, 2, 4, 3, 5]]
    estimate, other = _earned(totals)[0], _earned(mirrored)[0]
    new = totals[[3, 4, 5]].sum() / totals[0]
    assert estimate + other == pytest.approx(2 * (totals[1] / totals[0] - 1) + new, abs=1e-9)


SHARED_OUT = (
    "New customers of unknown source count as recommended in the same part as the known ones; the bounds hold whatever "
    "the sources are. "
)
STAYING = (
    "Customers who came within a period paid for a part of it only, which raises what is retained in the next; and "
    "staying is not always loyalty."
)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ([], ""),
        ([("less", "2024", -1.0, "other")], "1 revenue is below 0 and counts as it is. "),
        ([("less", "2024", -1.0, "other"), ("least", "2024", -2.0, "other"), ("none", "2024", 0.0, "other")],
         "2 revenues are below 0 and count as they are. "),
    ],
)  # fmt: skip
def test_what_a_reader_has_to_know(linked_study, more, said):
    growth = tpm.earned_growth(company(linked_study, EXAMPLE + BOUGHT + more))
    assert read(growth.caveats, "en") == SHARED_OUT + said + STAYING
    assert growth.table["n"].tolist() == [19 + sum(amount != 0 for _, _, amount, _ in more)]
    assert growth.table["bought_new"].iloc[0] == pytest.approx(0.2 + sum(amount for _, _, amount, _ in more) / 100)


def test_the_growth_is_read_with_its_interval_and_its_bounds(linked_study):
    growth = tpm.earned_growth(company(linked_study, [*EXAMPLE, *BOUGHT, ("who", "2024", 9.0, "unknown")]), level=0.8)
    row = growth.table.iloc[0]
    low, high = (f"{100 * row[end]:+.1f}".replace("-", "−") for end in ("conf_low", "conf_high"))
    assert growth.sentences()[0].text("en") == (
        f"From 2023 to 2024 earned growth was +15.0 points of the revenue before (80% interval {low} to {high}, "
        "bootstrap by customer, 20 customers; whatever the unknown sources were, +10.0 to +19.0)."
    )


def test_the_interval_holds_the_middle_of_the_resamples(linked_study):
    """Of 40 customers each either stays or leaves: how many stay in a resample is binomial, 40 draws of .5."""
    rows = [(f"c{place}", "2023", 1.0, "other") for place in range(40)]
    rows += [(f"c{place}", "2024", 1.0, "other") for place in range(20)]
    for level in (0.5, 0.95):
        row = tpm.earned_growth(company(linked_study, rows), level=level).table.iloc[0]
        tails = stats.binom.ppf([(1 - level) / 2, (1 + level) / 2], 40, 0.5) / 40 - 1
        assert row[["conf_low", "conf_high"]].tolist() == pytest.approx(tails, abs=0.026)  # one of forty


def test_the_share_of_the_growth_has_an_interval_where_every_resample_grows(linked_study):
    """Each of 30 customers pays twice as much as before, and half as much comes with new ones."""
    rows = [(f"c{place}", year, 1.0 + (year == "2024"), "other") for place in range(30) for year in ("2023", "2024")]
    rows += [(f"new{place}", "2024", 1.0, "recommendation" if place % 2 else "other") for place in range(15)]
    row = tpm.earned_growth(company(linked_study, rows)).table.iloc[0]
    assert row["earned_share"] == pytest.approx((1 + 7 / 30) / 1.5)
    assert 0.5 < row["earned_share_low"] < row["earned_share"] < row["earned_share_high"] < 1


def test_who_came_on_the_first_day_of_the_period_before_is_new(linked_study):
    rows = [("stays", "2023", 10.0, "other"), ("stays", "2024", 10.0, "other")]
    study = company(
        linked_study, [*rows, ("first day", "2024", 2.0, "recommendation"), ("day before", "2024", 3.0, "other")]
    )
    days = {"first day": "2023-01-01", "day before": "2022-12-31"}
    study.customers["acquired"] = study.customers["customer"].map(days).astype("datetime64[ns]")
    row = tpm.earned_growth(study).table.iloc[0]
    assert row[["earned_new", "bought_new", "returned"]].tolist() == pytest.approx([0.2, 0, 0.3])


def test_revenue_that_does_not_grow_has_no_share_of_growth(linked_study):
    same = [("a", "2023", 5.0, "other"), ("a", "2024", 5.0, "other"), ("b", "2024", 0.0, "other")]
    row = tpm.earned_growth(company(linked_study, same)).table.iloc[0]
    assert (row["n"], row["growth"]) == (1, 0)
    assert np.isnan(row["earned_share"])


def test_parts_that_do_not_add_up_are_refused(linked_study):
    growth = tpm.earned_growth(company(linked_study, EXAMPLE))
    with pytest.raises(ValueError) as caught:
        replace(growth, table=growth.table.assign(growth=0.3))
    assert str(caught.value) == "what was retained, returned and won does not add up to the growth."


def test_without_a_day_of_becoming_one_whoever_pays_for_the_first_time_is_new(linked_study):
    study = company(linked_study, EXAMPLE + BOUGHT)
    undated = replace(study, customers=study.customers.drop(columns="acquired"))
    assert_frame_equal(tpm.earned_growth(undated).table, tpm.earned_growth(study).table)
