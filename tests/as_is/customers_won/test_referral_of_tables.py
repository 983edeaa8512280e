"""The referral rate of customer tables of every library: what a study of the same customers gives."""

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

SAME = {"check_exact": False, "rtol": 1e-9, "atol": 1e-9}
OWN = {"recommendation": ["WOM", "friend"], "other": ["web"], "unknown": ["?"]}


def customers_of(rows=1500, seed=3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "id": [f"c{number}" for number in range(rows)],
            "since": pd.Timestamp("2022-01-01") + pd.to_timedelta(rng.integers(0, 700, rows), unit="D"),
            "how": rng.choice(["WOM", "friend", "web", "?", None], rows),
            "region": rng.choice(["north", "south"], rows),
        }
    )
    frame.loc[:3, "since"] = pd.NaT
    frame.loc[4:9, "region"] = None
    frame.loc[[100, 200], "region"] = "far away"
    return frame


CUSTOMERS = customers_of()
PERIODS = [None, "year", "quarter", "month"]
NAMED = {"roles": {"acquired": "since", "source": "how"}, "codes": {"source": OWN}}


@pytest.fixture(scope="module")
def study():
    return tpm.make_study(
        pd.DataFrame({"recommend": [9]}),
        customers=CUSTOMERS,
        roles={"customers": {"customer": "id", "acquired": "since", "source": "how"}},
        codes={"customers": {"source": OWN}},
    )


@pytest.fixture(scope="module", params=[(by, period) for by in (None, "region") for period in PERIODS])
def split(request, study):
    """How to split, the table that a study gives, and the hash of the frame."""
    options = dict(zip(("by", "period"), request.param, strict=True))
    of_frame = tpm.referral_rate(CUSTOMERS, **options, **NAMED)
    return options, tpm.referral_rate(study, **options).table, of_frame.data_hash


def test_a_table_gives_what_a_study_of_it_gives(in_library, split):
    options, expected, data_hash = split
    found = tpm.referral_rate(in_library(CUSTOMERS), **options, **NAMED)
    pd.testing.assert_frame_equal(found.table, expected, **SAME)
    assert found.data_hash == data_hash


def test_days_may_be_texts(study):
    written = CUSTOMERS.assign(since=CUSTOMERS["since"].dt.strftime("%d.%m.%Y"))
    found = tpm.referral_rate(written, period="year", **NAMED)
    pd.testing.assert_frame_equal(found.table, tpm.referral_rate(study, period="year").table, **SAME)


def test_what_has_to_be_said():
    result = tpm.referral_rate(CUSTOMERS, by="region", **NAMED)
    assert [str(caveat) for caveat in result.caveats] == [
        "Every customer of the table counts as new, however long ago; leave out of it those who came before "
        "sources were recorded.",
        "4 customers without a day of acquisition are left out.",
        "6 new customers without a value of region are in no group.",
        "Withheld, because they hold fewer than 5 new customers: far away.",
    ]
    assert result.summary("en").startswith("The referral rate runs from ")


def test_nobody():
    empty = tpm.referral_rate(CUSTOMERS.head(0), **NAMED)
    assert empty.summary("en") == "No referral rate can be given: of no new customer the source is known."


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "'acquired' is no column of the frame; it has 'id', 'since', 'how', 'region'."),
        (
            {**NAMED, "codes": {"source": {"recommendation": ["friend"], "unknown": ["?"]}}},
            "frame, column 'how': found 'WOM', expected one of recommendation, other, unknown. Name the words of your "
            'table: codes={"source": {"recommendation": ["…"], "other": ["…"]}}.\n'
            "frame, column 'how': found 'web', expected one of recommendation, other, unknown. Name the words of your "
            'table: codes={"source": {"recommendation": ["…"], "other": ["…"]}}.',
        ),
        (
            {"roles": {"acquired": "region", "source": "how"}},
            "frame, column 'region': expected a column of days, such as 2024-03-31. Convert it first; or use "
            "make_study, which reads cells as people write them.",
        ),
        ({"roles": {"customer": "id"}}, "roles names the columns of 'acquired' and 'source'; got 'customer'."),
        (
            {**NAMED, "period": "wave"},
            "period='wave' goes with a study, which knows when its waves began and ended.",
        ),
        (
            {**NAMED, "by": "customer"},
            "by='customer' would make a group of each person; split by a segment or by wave.",
        ),
    ],
)
def test_wrong_arguments_are_refused(options, message):
    with pytest.raises(ValueError) as caught:
        tpm.referral_rate(CUSTOMERS, **options)
    assert str(caught.value) == message


def test_a_study_has_its_own_columns(study):
    with pytest.raises(ValueError) as caught:
        tpm.referral_rate(study, **NAMED)
    assert str(caught.value) == "roles= and codes= go with a table; a study has its own."


def test_the_table_stays_as_it_was():
    before = CUSTOMERS.copy(deep=True)
    tpm.referral_rate(CUSTOMERS, by="region", period="year", **NAMED)
    pd.testing.assert_frame_equal(CUSTOMERS, before)


def test_one_without_a_day_and_groups_of_five():
    table = CUSTOMERS.iloc[3:].assign(region=["few"] * 4 + ["enough"] * (len(CUSTOMERS) - 7))
    result = tpm.referral_rate(table, by="region", **NAMED)
    assert str(result.caveats[1]) == "1 customer without a day of acquisition is left out."
    assert result.table["n"].tolist() == [len(CUSTOMERS) - 7, 3]
    assert str(result.caveats[-1]) == "Withheld, because they hold fewer than 5 new customers: few."
    five = tpm.referral_rate(table.iloc[:6].assign(region=["few"] * 6), by="region", **NAMED)
    assert five.table["n"].tolist() == [5] and five.table["known"].notna().all()
