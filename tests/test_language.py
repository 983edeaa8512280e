"""What stands in braces: values, their formats, the rows that they come from."""

import re
from collections import namedtuple

import numpy as np
import pandas as pd
import pytest

from tpm_widgets.language import NAMED_FORMATS, Between, Names, Number, Percent, Points, fields, say, say_n

Row = namedtuple("Row", "group n estimate conf_low conf_high")
ROW = {"group": "North", "n": 1200.0, "estimate": 0.1416, "conf_low": 0.1, "conf_high": 0.2}


@pytest.mark.parametrize(
    "how, value, english, german",
    [
        ("", 1200, "1,200", "1.200"),
        ("", 0.1416, "0.14", "0,14"),
        ("", pd.Timestamp("2024-12-31"), "Dec 31, 2024", "31.12.2024"),
        ("", say("yes"), "yes", "ja"),
        ("count", 1200.0, "1,200", "1.200"),
        ("number", 4.3, "4.30", "4,30"),
        ("number:1", 1234.56, "1,234.6", "1.234,6"),
        ("signed", 0.3, "+0.30", "+0,30"),
        ("signed:3", -0.3, "−0.300", "−0,300"),
        ("percent", 0.1416, "14.2%", "14,2\u00a0%"),
        ("percent:0", 0.95, "95%", "95\u00a0%"),
        ("percent", np.nan, "–", "–"),
        ("points", 0.1416, "+14.2", "+14,2"),
        ("points", -0.00001, "0.0", "0,0"),
        ("hundredths", 0.1416, "14.2", "14,2"),
        ("p", 0.0312, "= 0.031", "= 0,031"),
        ("p", 0.0001, "< 0.001", "< 0,001"),
        ("p:2", 0.0001, "< 0.01", "< 0,01"),
        ("percent", Between(0.1, 0.2), "10.0% to 20.0%", "10,0\u00a0% bis 20,0\u00a0%"),
        ("list", "abcdefg", "a, b, c, d, e and 2 others", "a, b, c, d, e und 2 weitere"),
        ("list:2", [say("yes"), "x", "y"], "yes, x and 1 other", "ja, x und 1 weiterer"),
        ("list", (), "none", "keine"),
        ("all", "abcdefg", "a, b, c, d, e, f and g", "a, b, c, d, e, f und g"),
    ],
)
def test_a_value_is_read_as_the_template_says(how, value, english, german):
    sentence = say("{value:" + how + "}" if how else "{value}", value=value)
    assert (sentence.text("en"), sentence.text("de")) == (english, german)


def test_every_format_has_an_example_above():
    (marker,) = [m for m in test_a_value_is_read_as_the_template_says.pytestmark if m.name == "parametrize"]
    assert {how.split(":")[0] for how, *_ in marker.args[1]} - {""} == set(NAMED_FORMATS)


@pytest.mark.parametrize("row", [ROW, pd.Series(ROW), Row(**ROW)], ids=["mapping", "series", "tuple"])
def test_a_row_feeds_several_fields(row):
    sentence = say("{group}: {estimate:percent} of {n:count} ({conf_interval:percent}, {method})", row, method="Wilson")
    assert sentence.text("en") == "North: 14.2% of 1,200 (10.0% to 20.0%, Wilson)"


def test_two_rows_have_names_of_their_own():
    sentence = say("{best.group} {best.conf_interval:number:1}, {worst.group}", best=ROW, worst={"group": "South"})
    assert sentence.text("en") == "North 0.1 to 0.2, South"


def test_a_value_by_name_comes_before_rows_and_the_first_row_before_others():
    assert say("{group} {level}", {"level": 1}, {"level": 2, "group": "x"}, group="given").text("en") == "given 1"


def test_a_sentence_that_counts_reads_rows_in_both_wordings():
    one, many = "{count} group: {estimate:percent}", "{count} groups: {estimate:percent}"
    assert [say_n(one, many, n, ROW).text("en") for n in (1, 2)] == ["1 group: 14.2%", "2 groups: 14.2%"]


def test_a_sentence_keeps_the_values_that_it_was_made_with():
    row = dict(ROW)
    sentence = say("{estimate:percent}", row)
    row["estimate"] = 0.5
    assert sentence.text("en") == "14.2%"
    assert dict(sentence.values) == {"estimate": 0.1416}


def test_a_value_that_is_missing_is_missed_when_the_sentence_is_read():
    sentence = say("{best.n}", ROW)
    with pytest.raises(KeyError, match=r"^'best\.n'$"):
        sentence.text("en")


@pytest.mark.parametrize("field", ["{rate:percentage}", "{rate:.1f}", "{rate:percent:one}", "{rate:percent:}"])
def test_an_unknown_format_is_refused_where_the_sentence_is_made(field):
    message = (
        f"{field} in '{field} of all': the formats are count, number, signed, percent, points, hundredths, p, list, "
        "all, and after one of them may stand how many digits, as in percent:0."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        say(field + " of all", rate=0.1)


def test_braces_that_are_doubled_are_words():
    assert fields("codes={{{name}}}") == (("codes={", "", ""), ("", "name", ""), ("}", "", ""))
    assert say("codes={{{name}}}", name="x").text("en") == "codes={x}"


def test_a_long_list_says_how_many_follow():
    assert Names(("a", "b", "c"), most=1).text("de") == "a und 2 weitere"


@pytest.mark.parametrize("share", [0.4125, 0.1825, 0.0005, 0.2575, 0.98765])
def test_a_half_is_rounded_away_from_zero_whatever_the_last_bits_say(share):
    """Sums of the same answers differ in their last bits from one processor's library to another's."""
    for near in (np.nextafter(share, 0), share, np.nextafter(share, 1), share * (1 - 1e-13), share * (1 + 1e-13)):
        assert Percent(near).text("en") == Percent(share).text("en")
        assert Points(-near).text("en") == "−" + Points(near).text("en")[1:]


def test_a_half_is_rounded_as_people_do():
    assert [Percent(share).text("en") for share in (0.4125, 0.1825, 0.0005)] == ["41.3%", "18.3%", "0.1%"]
    assert [Number(value, 0).text("en") for value in (0.5, 1.5, 2.5, -0.5, -0.4)] == ["1", "2", "3", "−1", "0"]
    assert Number(1234567890123.45, 2).text("en") == "1,234,567,890,123.45"
