import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.results import format_value, table_html


def test_an_interval_stands_under_its_estimate_and_a_name_under_its_label():
    table = pd.DataFrame({"touchpoint": ["a"], "estimate": [0.25], "conf_low": [0.1], "conf_high": [0.4], "n": [1200]})
    html = table_html(table, {"estimate": "percent"}, "en", labels={"a": "The <desk>"})
    assert html == (
        '<table class="dataframe"><thead><tr><th>touchpoint</th><th>estimate<br><small>interval</small></th><th>n</th>'
        '</tr></thead><tbody><tr><td style="text-align:left">The &lt;desk&gt;<br><small>a</small></td>'
        '<td style="text-align:right">25.0%<br><small>10.0% to 40.0%</small></td>'
        '<td style="text-align:right">1,200</td></tr></tbody></table>'
    )


@pytest.mark.parametrize(
    ("columns", "interval_of", "headings"),
    [
        (["reach", "reach_low", "reach_high"], "estimate", ["reach"]),
        (["say_estimate", "say_low", "say_high"], "estimate", ["say_estimate"]),
        (["estimate", "change", "conf_low", "conf_high"], "change", ["estimate", "change"]),
        (["rate", "bound_low", "bound_high"], "estimate", ["rate", "bound"]),
        (["lowest_low"], "estimate", ["lowest_low"]),
    ],
)
def test_only_a_pair_of_ends_with_an_owner_is_an_interval(columns, interval_of, headings):
    html = table_html(pd.DataFrame([range(len(columns))], columns=columns), interval_of=interval_of)
    assert [part.split("<")[0] for part in html.split("<th>")[1:]] == headings


def test_two_ends_without_an_estimate_are_one_column():
    table = pd.DataFrame({"bound_low": [0.25], "bound_high": [0.4]})
    assert '<td style="text-align:right">25.0% to 40.0%</td>' in table_html(table, {"bound_low": "percent"}, "en")


def test_a_missing_interval_leaves_the_estimate_alone():
    html = table_html(pd.DataFrame({"estimate": [0.5], "conf_low": [None], "conf_high": [0.6]}))
    assert '<td style="text-align:right">0.5000</td>' in html


@pytest.mark.parametrize(
    ("value", "how", "english", "german"),
    [
        (0.1234, "percent", "12.3%", "12,3\u00a0%"),
        (0.1234, "points", "+12.3", "+12,3"),
        (0.1234, "hundredths", "12.3", "12,3"),
        (-0.0001, "points", "0.0", "0,0"),
        (0.0001, "p_value", "< 0.001", "< 0,001"),
        (1234567, "", "1,234,567", "1.234.567"),
        (0.000123456, "", "0.000123", "0,000123"),
        (float("nan"), "percent", "–", "–"),
        (None, "", "–", "–"),
    ],
)
def test_cells_are_read_in_the_language(value, how, english, german):
    assert (format_value(value, how, "en"), format_value(value, how, "de")) == (english, german)


class Listed(tpm.Result):
    __slots__ = ()
    first_by = "p_value"

    def sentences(self):
        return ()


def test_a_long_table_shows_what_matters_and_says_what_it_leaves_out():
    table = pd.DataFrame({"row": range(100), "p_value": [1 - row / 100 for row in range(100)]})
    html = Listed(table=table)._repr_html_()
    assert html.count("<tr>") == 31
    assert "<li>30 of 100 rows are shown; all are in .table.</li>" in html
    assert ">99<" in html and ">69<" not in html


def test_a_column_that_only_says_that_nothing_was_split_is_not_shown():
    table = pd.DataFrame(
        {"group": ["all"], "wave": [None], "touchpoint": [""], "source": ["all"], "estimate": [float("nan")]}
    )
    html = Listed(table=table)._repr_html_()
    assert [part.split("<")[0] for part in html.split("<th>")[1:]] == ["source", "estimate"]
    assert "<th>group</th>" in Listed(table=table.assign(group=["North"]))._repr_html_()


def test_a_table_without_rows_is_not_shown():
    assert Listed(table=pd.DataFrame({"estimate": []}))._repr_html_() == '<div class="tpm-result"><p></p></div>'


def test_a_hidden_column_is_not_shown():
    assert "<th>n</th>" not in table_html(pd.DataFrame({"n": [1], "m": [2]}), {"n": "hidden"})


def test_a_result_that_says_nothing_is_refused():
    result = tpm.Result(table=pd.DataFrame())
    with pytest.raises(NotImplementedError, match=r"^Result has to say what it found: write sentences\(\)\.$"):
        result.summary()


def test_a_table_of_nothing_but_dashes_is_a_sentence():
    answers = pd.DataFrame({"nps": [10, 3, 8, 10] * 8, "team": [f"team {number}" for number in range(32)], "q": 3})
    study = tpm.make_study(answers, recommend="nps", touchpoints=["q"], segments=["team"])
    every = tpm.net_promoter_score(study, by="team")
    assert len(every.table) == 32
    shown = every._repr_html_()
    assert "<table" not in shown
    assert "Of 32 rows none has a number that can be shown; they are in .table." in shown
    answers.loc[:5, "team"] = "team 1"
    one = tpm.net_promoter_score(
        tpm.make_study(answers, recommend="nps", touchpoints=["q"], segments=["team"]), by="team"
    )
    assert "<table" in one._repr_html_()
