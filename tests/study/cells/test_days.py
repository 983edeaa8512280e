"""Days as people and programs write them."""

import pandas as pd
import pytest

from tpm_widgets.study.cells.days import as_dates, day_stands_first, read_days
from tpm_widgets.study.cells.months import is_weekday, month_number


@pytest.mark.parametrize(
    ("text", "day_first", "day"),
    [
        ("2024-03-31", None, "2024-03-31"),
        ("2024/3/1", None, "2024-03-01"),
        ("20240331", None, "2024-03-31"),
        ("31.3.2024", None, "2024-03-31"),
        ("31.03.24", None, "2024-03-31"),
        ("31/03/2024", True, "2024-03-31"),
        ("03/31/2024", False, "2024-03-31"),
        ("2024-03-31T23:59:00+02:00", None, "2024-03-31"),
        ("03/31/2024 11:59:00 PM", False, "2024-03-31"),
        ("", None, None),
        ("NaT", None, None),
        ("keine Angabe", None, None),
        ("03/03/2024", None, "2024-03-03"),
        ("31/03/2024", None, "2024-03-31"),
        ("03/31/2024", None, "2024-03-31"),
        ("12.03.98", None, "1998-03-12"),
        ("Mi, 03.04.2024", None, "2024-04-03"),
        ("31.03.2024 13.39", None, "2024-03-31"),
        ("20240331133900", None, "2024-03-31"),
        ("20240331T1339", None, "2024-03-31"),
        ("Jan 26, 2024 1:39 PM", None, "2024-01-26"),
        ("2 Feb 2024 13:39", None, "2024-02-02"),
        ("12-Mar-2024", None, "2024-03-12"),
        ("26JAN2024", None, "2024-01-26"),
        ("26. Jan. 24", None, "2024-01-26"),
        ("26. Januar 2024", None, "2024-01-26"),
        ("3rd of July 2024", None, "2024-07-03"),
        ("2024-Jan-26", None, "2024-01-26"),
        ("Friday, March 15, 2024 at 8:01:50 AM Central European Standard Time", None, "2024-03-15"),
        ("Donnerstag, 26. Januar 2023 um 07:15:00", None, "2023-01-26"),
        ("Fri Mar 15 2024 08:01:50 GMT+0100 (CET)", None, "2024-03-15"),
        ("Fri, 15 Mar 2024 08:01:50 +0100", None, "2024-03-15"),
        ("Fri Mar 15 08:01:50 +0000 2024", None, "2024-03-15"),
        ("1er mars 2024 \u00e0 13:39", None, "2024-03-01"),
        ("26 de enero de 2024", None, "2024-01-26"),
        ("15 \u043c\u0430\u044f 2024 \u0433.", None, "2024-05-15"),
        ("2024\u5e743\u670831\u65e5", None, "2024-03-31"),
        ("Mar 12, 2025", None, "2025-03-12"),  # "mar" is a Tuesday in three other languages
        ("Mar. 12, 2025 3:04:05 PM PST", None, "2025-03-12"),
        ("Mar 12 '25", None, "2025-03-12"),
        ("mar 11 mars 2025", None, "2025-03-11"),
        ("mar. 11 mars 2025 15h04", None, "2025-03-11"),
        ("March 12 2025 3:04 PM", None, "2025-03-12"),
        ("12. M\u00e4rz 2025", None, "2025-03-12"),
        ("12. Mrz 25", None, "2025-03-12"),
        ("12. Sept. 2025, 3:04 p.m.", None, "2025-09-12"),
        ("12. J\u00e4n. 2025", None, "2025-01-12"),
        ("12-Mar-25", None, "2025-03-12"),
        ("12-MAR-25 03.04.05.123456 PM", None, "2025-03-12"),
        ("12MAR2025:15:04:05", None, "2025-03-12"),
        ("2025/03/12 3:04:05 PM GMT+1", None, "2025-03-12"),
        ("2025/03/12 15:04:05 GMT+1", None, "2025-03-12"),
        ("2025/03/12 3:04:05 nachm. MEZ", None, "2025-03-12"),
        ("12.03.2025 - 15:04:05", None, "2025-03-12"),
        ("15:04 12.03.2025", None, "2025-03-12"),
        ("3:04 PM, 03/12/2025", False, "2025-03-12"),
        ("20250312 150405", None, "2025-03-12"),
        ("2025. 03. 12.", None, "2025-03-12"),
        ("13 03 2025", None, "2025-03-13"),
    ],
)
def test_days(text, day_first, day):
    days, bad = as_dates(pd.Series([text]), day_first)
    assert not bad.any()
    assert days[0] is pd.NaT if day is None else days[0] == pd.Timestamp(day)
    assert str(days.dtype) == "datetime64[us]"


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2024-02-30",
        "31.13.2024",
        "03/04/2024",
        "2024-03",
        "May 2024",
        "26 Xyz 2024",
        "31.03.2024 x",
        "15:04",
        "Mar",
        "12 3 4",
        "3-4",
        "Mar 2025",
    ],
)
def test_what_is_no_day(text):
    days, bad = as_dates(pd.Series([text]))
    assert bad.all()
    assert days.isna().all()


def test_days_that_are_days_already():
    moments = pd.Series(pd.to_datetime(["2024-03-31 22:30", None]))
    for cells in (moments, moments.dt.tz_localize("Europe/Berlin"), moments.astype(object), moments.dt.date):
        days, bad = as_dates(cells)
        assert days.tolist()[0] == pd.Timestamp("2024-03-31")
        assert days.isna().tolist() == [False, True]
        assert not bad.any()


def test_the_order_of_day_and_month_is_told_by_the_whole_table():
    unclear, day, month = pd.Series(["03/04/2024"]), pd.Series(["31/04/2024 9:00"]), pd.Series(["04/31/2024"])
    assert day_stands_first([unclear]) is None
    assert day_stands_first([unclear, day]) is True
    assert day_stands_first([unclear, month]) is False
    assert day_stands_first([day, month]) is None
    assert day_stands_first([day, pd.Series([f"{number}/31/2024" for number in range(1, 13)])]) is False  # a slip


def test_an_unclear_day_is_told_from_none_and_from_a_clear_one():
    days = read_days(pd.Series(["3/4/2024", "x", "25/4/2024", "4/25/2024", None]))
    assert days.unclear.tolist() == [True, False, False, False, False]
    assert days.bad.tolist() == [False, True, False, False, False]
    assert days.found.dt.strftime("%Y-%m-%d").tolist()[2:4] == ["2024-04-25"] * 2


def test_with_dots_the_day_stands_first_unless_it_is_declared():
    cells = pd.Series(["3.4.2024"])
    assert read_days(cells, False).found[0] == pd.Timestamp("2024-04-03")
    assert read_days(cells, False, dots=False).found[0] == pd.Timestamp("2024-03-04")


@pytest.mark.parametrize(
    ("cells", "counted", "expected"),
    [
        (["42075", "42373", "43095"], "excel", ["2015-03-12", "2016-01-04", "2017-12-26"]),
        ([42075, 42373.75, None], "excel", ["2015-03-12", "2016-01-04", None]),
        (["42075,5", "NA"], "excel", ["2015-03-12", None]),
        (["33000", "33999"], "excel", ["1990-05-07", "1993-01-30"]),
        (["1711843200", "1704067199"], "seconds", ["2024-03-31", "2023-12-31"]),
        ([1711843200000], "milliseconds", ["2024-03-31"]),
        (["24090", "24366"], "", [None, None]),  # years and their days
        (["2024", "2023"], "", [None, None]),
        (["42075", "soon"], "", [None, None]),
        (["31415926535"], "", [None]),
    ],
)
def test_numbers_that_count_days_or_seconds(cells, counted, expected):
    days = read_days(pd.Series(cells, dtype=object))
    assert days.counted == counted
    assert [None if pd.isna(day) else str(day.date()) for day in days.found] == expected
    assert days.bad.tolist() == [
        day is None and cell not in ("NA", None) for day, cell in zip(expected, cells, strict=True)
    ]


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["24/03/31", "24/03/02", "24/04/11"], ["2024-03-31", "2024-03-02", "2024-04-11"]),
        (["23/12/30", "23/12/31", "24/01/02", "24/01/05", "24/01/07"], ["2023-12-30", "2023-12-31", "2024-01-02",
                                                                       "2024-01-05", "2024-01-07"]),
        (["99-12-31 10:15", "98-01-02 09:00"], ["1999-12-31", "1998-01-02"]),
        (["31/03/24", "02/03/24", "11/04/24"], ["2024-03-31", "2024-03-02", "2024-04-11"]),
        (["14.03.23", "14.03.24", "14.03.25"], ["2023-03-14", "2024-03-14", "2025-03-14"]),
        (["14/03/23", "14/03/24", "14/03/25"], ["2023-03-14", "2024-03-14", "2025-03-14"]),
    ],
)  # fmt: skip
def test_two_digits_of_a_year_may_stand_first_in_a_whole_column(cells, expected):
    days = read_days(pd.Series(cells), day_stands_first([pd.Series(cells)]))
    assert [str(day.date()) for day in days.found] == expected


def test_one_slip_among_day_numbers_is_the_only_fault():
    days = read_days(pd.Series([str(42075 + day) for day in range(20)] + ["soon"]))
    assert days.counted == "excel"
    assert days.bad.tolist() == [False] * 20 + [True]


@pytest.mark.parametrize(
    ("word", "number"),
    [("January", 1), ("Mrz.", 3), ("M\u00e4rz", 3), ("Okt", 10), ("Sept.", 9), ("J\u00e4nner", 1),
     ("d\u00e9cembre", 12), ("maj", 5), ("listopad", 11), ("Q", None), ("friend", None)],
)  # fmt: skip
def test_months(word, number):
    assert month_number(word) == number


def test_weekdays():
    assert [is_weekday(word) for word in ("Fri", "Donnerstag", "lundi", "day")] == [True, True, True, False]
