"""Workbooks: which sheet is read, and cells that are no numbers although a program may take them for such."""

import openpyxl
import pytest

import tpm_widgets as tpm

ROWS = [["ID", "NPS", "Shop"], [1, 10, 5], [2, 9, 4], [3, 3, 1], [4, 8, 4]]
SURVEY = '[survey]\nfile = "a.xlsx"\nrecommend = "NPS"\ntouchpoints = ["Shop"]\n'


def check(folder, sheets, more="", hidden=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden" if name in hidden else "visible"
    book.active = [name not in hidden for name in sheets].index(True)
    book.save(folder / "a.xlsx")
    (folder / "study.toml").write_text(SURVEY + more, encoding="utf-8")
    return tpm.check_study(folder)


def test_the_only_sheet_with_the_names_is_read_and_said(tmp_path):
    found = check(tmp_path, {"Summary": [["a summary"]], 'The "answers"': ROWS})
    assert found.exit_code == 0
    assert found.study.survey["recommend"].tolist() == [10, 9, 3, 8]
    assert [caveat.text("en") for caveat in found.caveats] == [
        'a.xlsx: the sheet "The \\"answers\\"" is read, because it has more of the named columns than the first one; '
        'if that is wrong, set sheet = "Summary" under [survey].'
    ]


def test_of_several_sheets_with_the_names_one_has_to_be_named(tmp_path):
    sheets = {"Summary": [["a summary"]], "2023": ROWS, "2024": ROWS[:3]}
    found = check(tmp_path, sheets)
    assert found.table[["expected", "remedy"]].to_numpy().tolist() == [
        [
            "one sheet with the named columns that is not hidden",
            'Say which one under [survey]: sheet = "2023" / sheet = "2024". To read all of them together: '
            'sheet = ["2023", "2024"].',
        ]
    ]
    assert len(check(tmp_path, sheets, 'sheet = "2024"').study.survey) == 2


def test_the_first_sheet_is_read_where_it_has_the_names(tmp_path):
    found = check(tmp_path, {"2023": ROWS, "Notes": [["NPS"]]})
    assert (len(found.study.survey), found.caveats) == (4, ())


def test_a_hidden_sheet_is_read_only_where_it_is_named(tmp_path):
    old = [ROWS[0], [1, 0, 1]]
    found = check(tmp_path, {"old": old, "new": ROWS}, hidden=["old"])
    assert (len(found.study.survey), found.caveats) == (4, ())
    assert len(check(tmp_path, {"old": old, "new": ROWS}, 'sheet = "old"', hidden=["old"]).study.survey) == 1
    found = check(tmp_path, {"old": old, "new": [["nothing"]]}, hidden=["old"])
    assert found.table["remedy"].tolist() == ['Say which one under [survey]: sheet = "old".']


def test_merged_names_above_and_titles(tmp_path):
    titles = [["Customer survey"], *([f"Filter {number}"] for number in range(8)), []]
    over = [None, None, "How do you rate", None]
    names = ["ID", "NPS", "Shop", "Phone"]
    found = check(
        tmp_path,
        {"A": [*titles, over, names, *([*row, 3] for row in ROWS[1:])]},
        '[survey.scales]\n"How do you rate | Phone" = [1, 3]\n',
    )
    assert found.exit_code == 0
    assert found.study.ratings["Shop"].tolist() == [5, 4, 1, 4]
    assert found.study.other_columns["How do you rate | Phone"].tolist() == [3, 3, 3, 3]


@pytest.mark.parametrize(
    ("cell", "value"),
    [(True, "TRUE"), ("#DIV/0!", "#DIV/0!"), ("=1+3", "=1+3"), (10**25, "10000000000000000905969664")],
)
def test_what_is_no_number_is_noted_and_never_read_as_one(tmp_path, cell, value):
    rows = [*ROWS[:2], [2, 9, cell], *ROWS[3:]]
    found = check(tmp_path, {"A": rows})
    assert found.table[["row", "column", "value"]].to_numpy().tolist() == [[3, "Shop", value]]
    assert found.study.ratings["Shop"].isna().tolist() == [False, True, False, False]
    assert found.exit_code == 1


def test_numbers_days_and_yes_or_no_are_what_they_are(tmp_path):
    import datetime

    rows = [[*ROWS[0], "day", "again"], *([*row, datetime.datetime(2024, 3, 31, 12), True] for row in ROWS[1:])]
    found = check(tmp_path, {"A": rows}, 'date = "day"\nrecommended_12m = "again"\n')
    assert found.exit_code == 0
    assert found.study.survey["date"].dt.strftime("%Y-%m-%d").tolist() == ["2024-03-31"] * 4
    assert found.study.survey["recommended_12m"].tolist() == [True] * 4
    assert found.study.other_columns["ID"].tolist() == [1, 2, 3, 4]
