"""The referral rate: counts by hand, bounds, periods, and splits that it does not have."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.proportion import proportion_confint

import tpm_widgets as tpm
from tpm_widgets.errors import DataError
from tpm_widgets.language import read


def study_of(customers, referrals=None, waves=None, start="2023-01-01", until="2023-12-31"):
    return tpm.make_study(
        pd.DataFrame({"q": [9, 3], "shop": [4, 2]}),
        recommend="q",
        touchpoints=["shop"],
        customers=pd.DataFrame(customers),
        referrals=referrals,
        waves=waves,
        recording_start=start,
        observed_until=until,
    )


def people(recommendation, other, unknown, acquired="2023-03-01", **more):
    source = ["recommendation"] * recommendation + ["other"] * other + ["unknown"] * unknown
    names = [f"{acquired}-{number}" for number in range(len(source))]
    return pd.DataFrame({"customer": names, "acquired": acquired, "source": source, **more})


def test_by_hand():
    """30 of 100 known came by recommendation, 25 are unknown: bounds 30/125 and 55/125."""
    outside = pd.concat([people(5, 0, 0, "2022-12-31"), people(5, 0, 0, "2024-01-01")])
    result = tpm.referral_rate(study_of(pd.concat([people(30, 70, 25), outside])))
    row = result.table.iloc[0]
    assert result.table.columns.tolist() == [
        "group", "period", "n", "known", "recommended", "other", "unknown", "unknown_share",
        "estimate", "conf_low", "conf_high", "bound_low", "bound_high",
    ]  # fmt: skip
    assert row[["n", "known", "recommended", "other", "unknown"]].tolist() == [125, 100, 30, 70, 25]
    assert row["unknown_share"] == 0.2
    assert row["estimate"] == 0.3
    assert (row["conf_low"], row["conf_high"]) == pytest.approx(proportion_confint(30, 100, method="wilson"))
    assert (row["bound_low"], row["bound_high"]) == (0.24, 0.44)
    assert result.summary("en") == (
        "30.0% of the new customers came because of a recommendation (95% interval 21.9% to 39.6%, Wilson; 30 of 100 "
        "whose source is known). Of 125 new customers the source of 25 is unknown (20.0%); whatever it was, the rate "
        "lies between 24.0% and 44.0%."
    )


def test_first_and_last_day_of_the_period_count():
    both = pd.concat([people(1, 0, 0, "2023-01-01"), people(0, 1, 0, "2023-12-31")])
    assert tpm.referral_rate(study_of(both)).table.loc[0, "n"] == 2


def test_quarters_without_new_customers_keep_their_row():
    both = pd.concat([people(1, 3, 0, "2023-02-01"), people(2, 2, 0, "2023-09-30")])
    table = tpm.referral_rate(study_of(both), period="quarter").table
    assert table["period"].tolist() == ["2023-Q1", "2023-Q2", "2023-Q3"]
    assert table["n"].tolist() == [4, 0, 4]
    assert table["estimate"].tolist()[::2] == [0.25, 0.5]
    assert np.isnan(table["estimate"].iloc[1])


@pytest.mark.parametrize(("period", "names"), [("year", ["2023"]), ("month", ["2023-02", "2023-03"])])
def test_years_and_months(period, names):
    both = pd.concat([people(1, 3, 0, "2023-02-01"), people(2, 2, 0, "2023-03-01")])
    assert tpm.referral_rate(study_of(both), period=period).table["period"].tolist() == names


def test_waves_go_by_their_dates():
    waves = pd.DataFrame(
        {"wave": ["b", "a"], "start": ["2023-06-01", "2023-01-01"], "end": ["2023-08-31", "2023-03-31"]}
    )
    three = pd.concat([people(1, 0, 0, "2023-03-31"), people(0, 1, 0, "2023-06-01"), people(1, 1, 0, "2023-05-01")])
    result = tpm.referral_rate(study_of(three, waves=waves), period="wave")
    assert result.table[["period", "n", "estimate"]].to_numpy().tolist() == [["a", 1, 1.0], ["b", 1, 0.0]]
    assert str(result.caveats[0]) == "2 new customers were acquired outside every wave."


def test_split_by_the_customers_own_segment_withholds_small_groups():
    both = pd.concat([people(2, 4, 0, segment="family"), people(1, 1, 0, "2023-04-01", segment="single")])
    result = tpm.referral_rate(study_of(both), by="segment")
    assert result.table["group"].tolist() == ["family", "single"]
    assert result.table["n"].tolist() == [6, 2]
    assert result.table.loc[0, "estimate"] == pytest.approx(1 / 3)
    assert result.table.loc[1, ["known", "recommended", "estimate", "bound_high"]].isna().all()
    assert str(result.caveats[-1]) == "Withheld, because they hold fewer than 5 new customers: single."


@pytest.mark.parametrize("by", ["shop", "region", "score", "recommended_by", "customer"])
def test_a_split_that_is_no_property_of_new_customers_is_refused(by):
    study = study_of(people(2, 4, 0, segment="family"))
    with pytest.raises(ValueError) as caught:
        tpm.referral_rate(study, by=by)
    assert str(caught.value) == (
        f"by={by!r} is no property of new customers; the customers table offers 'segment'. The referral rate cannot be "
        "split by touchpoint or by those who recommended: see say_do for what customers do."
    )


def test_the_customers_word_on_the_source_wins_and_disagreements_are_counted():
    customers = people(1, 2, 1)
    names = customers["customer"].tolist()
    customers["recommended_by"] = [None, "old", None, None]
    referrals = pd.DataFrame({"referrer": "old", "date": "2023-02-01", "new_customer": [names[0], names[2], names[3]]})
    study = study_of(pd.concat([customers, people(0, 1, 0, "2020-01-01").assign(customer="old")]), referrals)
    result = tpm.referral_rate(study)
    assert result.table.loc[0, ["recommended", "other", "unknown"]].tolist() == [1, 2, 1]
    assert [str(caveat) for caveat in result.caveats] == [
        "2 new customers are named as recommended, but give another source; that counts.",
        "1 new customer of unknown source is named as recommended; the source stays unknown.",
    ]


def test_nobody_known_nobody_new():
    unknown = tpm.referral_rate(study_of(people(0, 0, 3)))
    assert unknown.table.loc[0, ["bound_low", "bound_high"]].tolist() == [0, 1]
    sentence = "No referral rate can be given: of no new customer the source is known."
    assert unknown.summary("en") == sentence
    for period in (None, "quarter"):
        nobody = tpm.referral_rate(study_of(people(1, 1, 1, "2020-01-01")), period=period)
        assert nobody.table["n"].sum() == 0
        assert nobody.summary("en") == sentence


def test_sources_that_are_absent_are_refused_in_words():
    with pytest.raises(DataError) as caught:
        tpm.referral_rate(study_of(people(1, 1, 1).drop(columns="source")))
    assert str(caught.value) == (
        "customers, column 'source': expected values of this role for referral_rate. Name the column that plays this "
        'role under [customers] in study.toml: source = "…".'
    )


def test_an_unknown_period_is_refused():
    with pytest.raises(ValueError) as caught:
        tpm.referral_rate(study_of(people(1, 1, 1)), period="week")
    assert str(caught.value) == "period must be one of 'year', 'quarter', 'month', 'wave'; got 'week'."


def test_the_input_stays_as_it_was():
    study = study_of(people(3, 3, 1, segment="family"))
    before = study.data_hash
    tpm.referral_rate(study, by="segment", period="year")
    assert study.data_hash == before


@pytest.mark.parametrize(
    ("changes", "start", "said"),
    [
        ({}, None, "The study declares no start of recording; every customer counts as new, however long ago."),
        (
            {"recommended_by": [None, "old", None, None]},
            "2023-01-01",
            "1 new customer is named as recommended, but gives another source; that counts.",
        ),
        (
            {"recommended_by": [None, None, "old", "old"]},
            "2023-01-01",
            "2 new customers of unknown source are named as recommended; their source stays unknown.",
        ),
    ],
)
def test_what_the_records_do_not_settle_is_said(changes, start, said):
    customers = people(1, 1, 2).assign(**changes)
    old = people(0, 1, 0, "2020-01-01").assign(customer="old")
    result = tpm.referral_rate(study_of(pd.concat([customers, old]), start=start))
    assert read(result.caveats, "en") == said
    assert result.table.loc[0, "n"] == (5 if start is None else 4)


def test_one_without_a_group_and_one_outside_every_wave():
    waves = pd.DataFrame({"wave": ["a"], "start": ["2023-01-01"], "end": ["2023-03-31"]})
    customers = pd.concat([people(2, 3, 0, segment="family"), people(1, 0, 0, "2023-05-01", segment=None)])
    study = study_of(customers, waves=waves)
    result = tpm.referral_rate(study, by="segment", period="wave")
    assert read(result.caveats, "en") == (
        "1 new customer without a value of segment is in no group. 1 new customer was acquired outside every wave."
    )
    assert result.table[["group", "n", "known"]].to_numpy().tolist() == [["family", 5, 5]]  # five are enough to show


def test_rates_by_group_and_by_period_are_read():
    """Wilson's intervals at 90 %: 1 of 4, 2 of 4 and 3 of 4 new customers were recommended."""
    three = [people(made, 4 - made, 0, f"2023-0{month}-01", segment=name) for made, month, name in
             ((2, 2, "x"), (1, 5, "y"), (3, 8, "y"))]  # fmt: skip
    study = study_of(pd.concat(three))
    quarters = tpm.referral_rate(study, period="quarter", level=0.9)
    assert quarters.summary("en") == (
        "The referral rate runs from 25.0% (2023-Q2, 90% interval 5.8% to 64.4%) to 75.0% (2023-Q3, 35.6% to 94.2%), "
        "Wilson, from 12 new customers whose source is known. Most recently (2023-Q3) it was 75.0% (35.6% to 94.2%)."
    )
    both = tpm.referral_rate(replace(study, min_group=4), by="segment", period="quarter", level=0.9)
    assert both.summary("en") == (
        "The referral rate runs from 25.0% (y, 2023-Q2, 90% interval 5.8% to 64.4%) to 75.0% (y, 2023-Q3, 35.6% to "
        "94.2%), Wilson, from 12 new customers whose source is known."
    )
    assert both.table[["group", "period", "n"]].to_numpy().tolist() == [
        [group, period, n] for group, counts in (("x", (4, 0, 0)), ("y", (0, 4, 4)))
        for period, n in zip(("2023-Q1", "2023-Q2", "2023-Q3"), counts, strict=True)
    ]  # fmt: skip
    assert both.table["known"].isna().tolist() == [False, True, True, True, False, False]


def test_counts_that_do_not_add_up_are_refused():
    rate = tpm.referral_rate(study_of(people(1, 1, 1)))
    with pytest.raises(ValueError) as caught:
        replace(rate, table=rate.table.assign(other=2))
    assert str(caught.value) == "recommended, other and unknown do not add up to the new customers."


def test_a_group_is_as_large_as_it_has_new_customers_whatever_is_known_of_them():
    result = tpm.referral_rate(study_of(people(2, 1, 2, segment="family")), by="segment")
    assert result.table.loc[0, ["n", "known", "estimate"]].tolist() == [5, 3, pytest.approx(2 / 3)]
    assert result.caveats == ()
