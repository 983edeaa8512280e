"""A stray quote in a CSV file runs rows or cells together; answers with line breaks in them stay what they are."""

import pytest

import tpm_widgets as tpm

SETTINGS = """
[survey]
file = "answers.csv"
respondent = "id"
recommend = "nps"
date = "day"
segments = ["region"]
touchpoints = ["shop", "phone"]
"""
ROWS = [
    "id,day,nps,shop,phone,region,text",
    "a1,2024-01-02,9,5,4,north,fine",
    "a2,2024-01-03,7,4,3,south,so so",
    "a3,2024-01-04,2,1,2,north,bad",
    "a4,2024-01-05,10,5,5,south,good",
    "a5,2024-01-08,8,3,4,north,ok",
    "a6,2024-01-09,6,3,2,north,meh",
]


@pytest.fixture
def check(tmp_path):
    def check_rows(rows, settings=SETTINGS):
        (tmp_path / "study.toml").write_text(settings, encoding="utf-8")
        (tmp_path / "answers.csv").write_text("\n".join(rows) + "\n", encoding="utf-8", newline="")
        return tpm.check_study(tmp_path)

    return check_rows


def spoilt(*changes):
    rows = list(ROWS)
    for row, old, new in changes:
        assert old in rows[row]
        rows[row] = rows[row].replace(old, new)
    return rows


@pytest.mark.parametrize(
    ("changes", "lines", "answers"),
    [
        ([(1, "fine", '"fine'), (4, "good", 'go"od')], 4, 2),  # the last column
        ([(1, "fine", '"fine'), (2, "so so", 'so" so')], 2, 4),  # no whole row between the two
        ([(2, ",4,3", ',"4,3'), (4, "5,5", '5",5')], 3, 3),  # a column in the middle
        ([(2, "a2", '"a2'), (3, "a3", 'a3"')], 2, 4),  # the first column
        ([(2, "2024", '"2024'), (3, "2024", '20"24')], 2, 4),
        ([(1, "north", '"north'), (5, "2024", '20"24')], 5, 1),  # another column closes it
    ],
)
def test_rows_in_a_quote_are_noted_and_counted(check, changes, lines, answers):
    found = check(spoilt(*changes))
    assert found.exit_code == 1
    assert found.table.drop(columns="row").to_dict("records") == [
        {
            "table": "survey",
            "file": "answers.csv",
            "column": "",
            "value": "",
            "expected": f"a row of its own; an unclosed quote makes one of {lines} lines that each hold a row",
            "remedy": "Delete the quote that opens a cell of this row, or close it in the same cell.",
        }
    ]
    assert found.table["row"].tolist() == [changes[0][0] + 1]
    assert found.left_out.to_dict("records") == [
        {"table": "survey", "reason": "rows run together by a quote", "count": lines}
    ]
    assert len(found.study.survey) == answers


def test_cells_in_a_quote_are_noted(check):
    found = check(spoilt((2, "south,so so", '"south,so so"')))
    assert found.table[["row", "expected"]].to_numpy().tolist() == [
        [3, "a row with every quote closed in its own cell"]
    ]
    assert len(found.study.survey) == 5


def test_a_quote_that_never_ends_is_refused(check):
    found = check(spoilt((2, "so so", '"so so')))
    assert str(found.table["expected"].item()) == "text in the encoding UTF-8, cp1252, with every quote closed"


def test_answers_of_several_lines_are_answers(check):
    long = '"Well, 5, 4, 3\n1, yes, good\n2024-01-01, 7 of 10\n\nthanks, all"'
    rows = spoilt((1, "fine", long), (2, "so so", '"fine, really"'), (4, "good", '"good,\nand ""fast"""'))
    found = check(rows)
    assert found.exit_code == 0
    assert found.study.survey["text"].tolist()[0] == long.strip('"')


def test_a_file_of_two_columns(check):
    settings = '[survey]\nfile = "answers.csv"\nrecommend = "nps"\n'
    rows = ["nps;text", '9;"good; fast\ncheap; near"', '3;"slow\nnever; again"', "7;ok", "8;fine"]
    assert check(rows, settings).exit_code == 0
    rows = ["nps;text", '9;"good', "3;slow", '7;o"k', "8;fine"]
    assert len(check(rows, settings).study.survey) == 1


def test_rows_that_end_early_by_habit(check):
    rows = [ROWS[0], *(row.rsplit(",", 1)[0].replace("north", '"north, east"') for row in ROWS[1:])]
    assert check(rows).exit_code == 0
