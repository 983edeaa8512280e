"""Rows that are answers, and rows that are none: declared, and told of where nobody declared them."""

import re

import pandas as pd
import pytest

import tpm_widgets as tpm

QUALTRICS = (
    "Status,DistributionChannel,Finished,ResponseId,Q1\n"
    "Response Type,Distribution Channel,Finished,Response ID,Would you?\n"
    + ",".join(f'"{{""ImportId"":""{name}""}}"' for name in "abcde")
    + "\nSurvey Preview,preview,True,P1,0\nSurvey Preview,preview,True,P2,0\n"
    + "".join(
        f"IP Address,anonymous,True,R{place},{score}\n" for place, score in enumerate([10, 9, 9, 8, 7, 10, 6, 9, 10, 8])
    )
    + "IP Address,anonymous,False,U1,3\nIP Address,anonymous,False,U2,\n"
)
SURVEY = '[survey]\nfile = "a.csv"\nrecommend = "Q1"\n'


def check(folder, more, answers=None):
    if answers is not None:
        (folder / "a.csv").write_text(answers, encoding="utf-8")
    (folder / "study.toml").write_text(f"{SURVEY}{more}", encoding="utf-8")
    return tpm.check_study(folder)


def left_out(found):
    return dict(zip(found.left_out["reason"], found.left_out["count"], strict=True))


@pytest.mark.parametrize(
    ("more", "n", "score"),
    [
        ('drop = { Status = ["Survey Preview"] }\nkeep = { Finished = "true" }', 10, 0.5),
        ("drop = { DistributionChannel = 'preview' }\nkeep = { Finished = [true, 1] }", 10, 0.5),
        ('keep = { Status = "IP address" }', 11, 4 / 11),
    ],
)
def test_rows_are_kept_and_dropped_by_values(tmp_path, more, n, score):
    found = check(tmp_path, more, QUALTRICS)
    table = tpm.net_promoter_score(found.study).table
    assert (table["n"].item(), table["estimate"].item()) == (n, pytest.approx(score))


def test_what_is_dropped_is_counted_by_column_and_is_no_fault(tmp_path):
    found = check(tmp_path, 'drop = { Status = "Survey Preview" }\nkeep = { Finished = "True" }', QUALTRICS)
    assert found.exit_code == 0
    assert left_out(found) == {"dropped by Status": 2, "not kept by Finished": 2}
    assert len(found.study.survey) == 10


def test_later_faults_are_counted_as_the_spreadsheet_does(tmp_path):
    found = check(tmp_path, "drop = { kind = 'x' }\n", "kind,Q1\nx,1\nx,2\ny,9\ny,12\n")
    assert found.table[["row", "value"]].to_numpy().tolist() == [[5, "12"]]


def test_empty_cells_and_numbers_are_values_too():
    answers = pd.DataFrame({"nps": [9, 8, 7], "page": [4.0, None, 3.0]})
    kept = [
        tpm.make_study(answers, recommend="nps", **how).survey["recommend"].tolist()
        for how in (
            {"keep": {"page": 4}},
            {"drop": {"page": ""}},
            {"drop": {"page": [3]}},
            {"keep": {"page": ["4", ""]}},
        )
    ]
    assert kept == [[9], [9, 7], [9, 8], [9, 8]]


def test_rows_of_another_table():
    customers = pd.DataFrame({"customer": ["a", "b", "Total"], "acquired": ["2020-01-01", "2021-01-01", None]})
    study = tpm.make_study(
        pd.DataFrame({"nps": [9]}), recommend="nps", customers=customers, drop={"customers": {"customer": "total"}}
    )
    assert study.problems.empty
    assert study.customers["customer"].tolist() == ["a", "b"]
    assert study.left_out.to_dict("records") == [{"table": "customers", "reason": "dropped by customer", "count": 1}]


def test_a_column_that_is_not_there_and_a_choice_that_leaves_nothing(tmp_path):
    found = check(tmp_path, 'drop = { Statu = "x" }\nkeep = { Finished = { a = 1 } }\n', QUALTRICS)
    assert found.exit_code == 2
    assert found.table[["file", "column", "expected", "remedy"]].to_numpy().tolist() == [
        ["study.toml", "survey.keep.Finished", 'the values of this column, such as ["True", 1]', ""],
        ["a.csv", "Statu", "a column of this name for survey.drop.Statu", 'Did you mean "Status"?'],
    ]
    found = check(tmp_path, "keep = { Finished = 'perhaps' }\n")
    assert found.table[["expected", "remedy"]].to_numpy().tolist() == [
        ["at least one row that keep and drop leave", "Of 14 rows none is left: correct their values."]
    ]


SUSPECTS = {
    "previews": (
        "Status,Q1\nIP Address,9\nSurvey Preview,0\nSurvey Test,0\n",
        'drop = { Status = ["Survey Preview", "Survey Test"] }',
        1,
    ),
    "previews in numbers": (
        "Status,DistributionChannel,Q1\n0,anonymous,9\n1,anonymous,0\n",
        'drop = { Status = ["1"] }',
        1,
    ),
    "a channel": ("DistributionChannel,Q1\nemail,9\npreview,0\n", 'drop = { DistributionChannel = ["preview"] }', 1),
    "a collector": ("Collector Name,Q1\nWeb Link 1,9\nTest,0\n", 'drop = { "Collector Name" = ["Test"] }', 1),
    "test runs of SoSci": ("MODE,Q1\ninterview,9\ndebug,0\npretest,1\n", 'drop = { MODE = ["debug", "pretest"] }', 1),
    "partial answers": (
        "Response Status,Q1\nCompleted,9\nPartial,0\n",
        'drop = { "Response Status" = ["Partial"] }',
        1,
    ),
    "not finished": ("Finished,Q1\n1,9\n0,3\n1,8\n", 'keep = { Finished = ["1"] }', 1),
    "not finished, in German": ("Beendet,Q1\nJa,9\nNein,3\n", 'keep = { Beendet = ["Ja"] }', 1),
    "progress": ("Progress,Q1\n100,9\n45,3\n100,8\n12,1\n", 'keep = { Progress = ["100"] }', 1),
    "never submitted": ("submitdate,lastpage,Q1\n2024-03-01 10:00:00,4,9\n,2,\n", 'drop = { submitdate = [""] }', 1),
    "the last page": ("lastpage,Q1\n4,9\n2,3\n4,8\n", 'keep = { lastpage = ["4"] }', 1),
    "totals": ("id,Q1\n1,9\n2,8\n,\nTotal,17\nMean,8.5\n", 'drop = { id = ["Mean", "Total"] }', 2),
    "a total in German": ("id,Q1\n1,9\n2,8\nGesamt,17\n", 'drop = { id = ["Gesamt"] }', 1),
}


@pytest.mark.parametrize("case", SUSPECTS)
def test_rows_that_are_no_answers_are_told_of_with_the_line_that_leaves_them_out(tmp_path, case):
    answers, line, count = SUSPECTS[case]
    found = check(tmp_path, "", answers)
    told = found.table[found.table["remedy"].str.startswith("Leave")]
    assert (found.exit_code, len(told)) == (1, count)
    assert {re.search("`(.*)`", remedy)[1] for remedy in told["remedy"]} == {line}
    followed = check(tmp_path, f"{line}\n")
    assert followed.exit_code == 0, followed.table.to_dict("records")
    assert followed.left_out["count"].sum() >= 1


def test_several_columns_stand_in_one_line_and_each_row_is_told_of_once(tmp_path):
    found = check(tmp_path, "", QUALTRICS)
    assert found.table[["column", "value", "expected", "remedy"]].to_numpy().tolist() == [
        [
            "Status",
            "Survey Preview × 2",
            "answers, no previews and tests",
            'Leave them out: `drop = { Status = ["Survey Preview"] }`. (under [survey])',
        ],
        [
            "Finished",
            "False × 2",
            "answers that were finished",
            'Leave them out: `keep = { Finished = ["True"] }`. (under [survey])',
        ],
    ]
    lines = [re.search("`(.*)`", remedy)[1] for remedy in found.table["remedy"]]
    assert check(tmp_path, "\n".join(lines)).exit_code == 0
    found = check(tmp_path, "drop = { ResponseId = 'R1' }\n")
    assert '`drop = { ResponseId = ["R1"], Status = ["Survey Preview"] }`' in found.table["remedy"][0]


@pytest.mark.parametrize(
    "answers",
    [
        "Status,Q1\nIP Address,9\n",
        "Finished,Q1\nTrue,9\n",
        "Progress,Q1\n100,9\n",
        "Status,Q1\n1,9\n2,8\n",
        "Finished,Q1\nearly,9\nlate,8\n",
        "submitdate,Q1\n,9\n,8\n",
        "id,Q1\nTotal,9\n2,8\n1,7\n4,7\n5,7\n6,7\n7,8\n",
    ],
)
def test_usual_names_with_nothing_to_leave_out_are_not_told_of(tmp_path, answers):
    assert check(tmp_path, "", answers).exit_code == 0
