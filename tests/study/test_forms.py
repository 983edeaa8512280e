"""One study in every form that exports have is one study: the same hash."""

import io
from itertools import product
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

import tpm_widgets as tpm

ANSWERS = pd.DataFrame(
    {
        "id": ["007", "12", "A-3", "Zoë"],
        "Größe": ['say "no"', "line\nbreak", "a,b;c\td", "plain"],
        "nps": [9, 3, 10, 7],
        "q1": [4.5, 2.0, 5.0, 1.5],
        "q2": [5, 6, 1, 3],
        "weight": [0.5, 1234.5, 1.25, 0.75],
        "date": pd.to_datetime(["2024-03-31", "2024-12-01", "2024-01-02", "2024-11-30"]),
    }
)
SETTINGS = """
[survey]
file = "{file}"
respondent = "id"
recommend = "nps"
date = "date"
weight = "weight"
segments = ["Größe"]
not_experienced = [6]
{more}
[survey.touchpoints]
q1 = "shop"
q2 = "phone"
"""
WORDING = ["Who?", "Size?", "How likely is it …?", "The shop?", "The phone?", "Weight of the answer", "Day"]
IMPORTED = [f'{{"ImportId":"QID{number}"}}' for number in range(7)]


@pytest.fixture(scope="module")
def expected() -> str:
    study = tpm.make_study(
        ANSWERS,
        respondent="id",
        recommend="nps",
        date="date",
        weight="weight",
        segments=["Größe"],
        not_experienced=[6],
        touchpoints={"q1": "shop", "q2": "phone"},
    )
    assert study.problems.empty
    return study.data_hash


def study_of(folder: Path, file: str, more: str = "") -> tpm.Study:
    (folder / "study.toml").write_text(SETTINGS.format(file=file, more=more), encoding="utf-8")
    return tpm.load_study(folder)


def as_csv(delimiter=",", decimal=".", days="%Y-%m-%d", above=(), below=()) -> str:
    text = io.StringIO(newline="")
    ANSWERS.to_csv(text, sep=delimiter, decimal=decimal, index=False, date_format=days, lineterminator="\r\n")
    names, _, answers = text.getvalue().partition("\r\n")
    rows = [pd.DataFrame([row]).to_csv(sep=delimiter, header=False, index=False).rstrip() for row in (*above,)]
    rows += [names, *(pd.DataFrame([row]).to_csv(sep=delimiter, header=False, index=False).rstrip() for row in below)]
    return "\r\n".join(rows) + "\r\n" + answers


@pytest.mark.parametrize(
    ("delimiter", "decimal", "encoding"),
    list(product([",", ";", "\t", "|"], [".", ","], ["utf-8", "utf-8-sig", "cp1252", "utf-16"])),
)
def test_delimiters_decimals_and_encodings_are_told_from_the_file(tmp_path, expected, delimiter, decimal, encoding):
    (tmp_path / "a.csv").write_bytes(as_csv(delimiter, decimal).encode(encoding))
    study = study_of(tmp_path, "a.csv")
    assert study.problems.empty
    assert study.data_hash == expected


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize(
    ("above", "below"),
    [
        ([], [WORDING]),
        ([], [WORDING, IMPORTED]),
        ([WORDING], []),
        ([["Export of 31 March", "", "", "", "", "", ""]], []),
        ([["Export"], WORDING], []),
        ([WORDING], [IMPORTED]),
    ],
)
def test_further_header_rows_are_told_from_the_file(tmp_path, expected, delimiter, above, below):
    (tmp_path / "a.csv").write_text(as_csv(delimiter, above=above, below=below), encoding="utf-8", newline="")
    study = study_of(tmp_path, "a.csv")
    assert study.problems.empty
    assert study.data_hash == expected


@pytest.mark.parametrize(
    "days", ["%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d", "%Y%m%d", "%d.%m.%y", "%Y-%m-%dT%H:%M:%SZ"]
)
def test_days_are_told_from_the_file(tmp_path, expected, days):
    (tmp_path / "a.csv").write_text(as_csv(days=days), encoding="utf-8", newline="")
    study = study_of(tmp_path, "a.csv")
    assert study.problems.empty
    assert study.data_hash == expected


def test_the_form_can_be_declared(tmp_path, expected):
    (tmp_path / "a.txt").write_bytes(as_csv(";", ",", above=[WORDING], below=[IMPORTED]).encode("cp1252", "replace"))
    more = 'header_rows = 3\ndelimiter = ";"\ndecimal = ","\nencoding = "cp1252"'
    assert study_of(tmp_path, "a.txt", more).data_hash == expected


@pytest.mark.parametrize("below", [[], [WORDING, IMPORTED]])
def test_excel(tmp_path, expected, below):
    sheet = [list(ANSWERS.columns), *below, *ANSWERS.astype(object).to_numpy().tolist()]
    with pd.ExcelWriter(tmp_path / "a.xlsx") as book:
        pd.DataFrame({"note": ["other"]}).to_excel(book, sheet_name="Notes", index=False)
        pd.DataFrame(sheet).to_excel(book, sheet_name="Answers", index=False, header=False)
    study = study_of(tmp_path, "a.xlsx", 'sheet = "Answers"')
    assert study.problems.empty
    assert study.data_hash == expected


def test_parquet(tmp_path, expected):
    ANSWERS.to_parquet(tmp_path / "a.parquet")
    assert study_of(tmp_path, "a.parquet").data_hash == expected


def test_spss(tmp_path, expected):
    pyreadstat.write_sav(ANSWERS.rename(columns={"Größe": "Size"}), tmp_path / "a.sav")
    (tmp_path / "study.toml").write_text(
        SETTINGS.format(file="a.sav", more="").replace("Größe", "Size"), encoding="utf-8"
    )
    study = tpm.load_study(tmp_path)
    same = tpm.make_study(
        ANSWERS.rename(columns={"Größe": "Size"}),
        respondent="id",
        recommend="nps",
        date="date",
        weight="weight",
        segments=["Size"],
        not_experienced=[6],
        touchpoints={"q1": "shop", "q2": "phone"},
    )
    assert study.data_hash == same.data_hash
    assert study.problems.empty


def test_polars_and_arrow_frames(expected):
    import pyarrow as pa

    settings = {
        "respondent": "id",
        "recommend": "nps",
        "date": "date",
        "weight": "weight",
        "segments": ["Größe"],
        "not_experienced": [6],
        "touchpoints": {"q1": "shop", "q2": "phone"},
    }
    assert tpm.make_study(pa.Table.from_pandas(ANSWERS), **settings).data_hash == expected
    polars = pytest.importorskip("polars")
    assert tpm.make_study(polars.from_pandas(ANSWERS), **settings).data_hash == expected


def test_rows_are_counted_as_the_spreadsheet_counts(tmp_path):
    text = 'names\r\nid,nps,q1\r\nWho?,How likely?,Shop?\r\n\r\n1,9,5\r\n2,8,"a\r\nb"\r\n\r\n3,12,4\r\n'
    (tmp_path / "a.csv").write_text(text, encoding="utf-8", newline="")
    (tmp_path / "study.toml").write_text(
        '[survey]\nfile = "a.csv"\nrecommend = "nps"\ntouchpoints = ["q1"]', encoding="utf-8"
    )
    check = tpm.check_study(tmp_path)
    assert check.table[["row", "column", "value"]].to_numpy().tolist() == [[8, "nps", "12"], [6, "q1", "a b"]]


def test_excels_own_hint_is_no_row(tmp_path):
    (tmp_path / "a.csv").write_text("sep=;\nnps;q1\n9;5\n11;4\n", encoding="utf-8")
    (tmp_path / "study.toml").write_text(
        '[survey]\nfile = "a.csv"\nrecommend = "nps"\ntouchpoints = ["q1"]', encoding="utf-8"
    )
    assert tpm.check_study(tmp_path).table["row"].tolist() == [3]


def test_a_row_with_an_unquoted_delimiter_is_left_out(tmp_path):
    text = "nps,q1,text\n9,5,good\n8,4,good, but slow\n3,1,bad\n"
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    (tmp_path / "study.toml").write_text(
        '[survey]\nfile = "a.csv"\nrecommend = "nps"\ntouchpoints = ["q1"]', encoding="utf-8"
    )
    study = tpm.load_study(tmp_path)
    assert study.survey["recommend"].tolist() == [9, 3]
    assert study.problems.to_dict("records") == [
        {
            "table": "survey",
            "file": "a.csv",
            "row": 3,
            "column": "",
            "value": "",
            "expected": "at most 3 cells, as in the header",
            "remedy": "Put texts that contain the delimiter ',' into quotes.",
        }
    ]
    assert study.left_out.to_dict("records") == [
        {"table": "survey", "reason": "row longer than the header", "count": 1}
    ]


def test_thousands_where_they_are_unambiguous(tmp_path):
    settings = '[survey]\nfile = "a.csv"\nrecommend = "nps"\n[revenue]\nfile = "r.csv"'
    (tmp_path / "study.toml").write_text(settings, encoding="utf-8")
    (tmp_path / "a.csv").write_text("nps\n9\n8\n", encoding="utf-8")
    for text, numbers in [
        ("customer;period;revenue\na;2024;1.234,50\nb;2024;987\nc;2024;1.234.567\n", [1234.5, 987, 1234567]),
        ('customer,period,revenue\na,2024,"1,234.50"\nb,2024,987\nc,2024,"1,234,567"\n', [1234.5, 987, 1234567]),
        ('customer,period,revenue\na,2024,"1,234"\nb,2024,987\nc,2024,"2,345"\n', [1234, 987, 2345]),
        ("customer;period;revenue\na;2024;1,234\nb;2024;987\nc;2024;2,5\n", [1.234, 987, 2.5]),
        ("customer;period;revenue\na;2024;1 234,5\nb;2024;987\nc;2024;1'234\n", [1234.5, 987, 1234]),
    ]:
        (tmp_path / "r.csv").write_text(text, encoding="utf-8")
        assert tpm.load_study(tmp_path).revenue["revenue"].tolist() == numbers


@pytest.mark.parametrize("number", ["45.000", "45,000"])
def test_thousands_or_decimals_are_refused_rather_than_guessed(tmp_path, number):
    settings = '[survey]\nfile = "a.csv"\nrecommend = "nps"\n[revenue]\nfile = "r.csv"\n'
    (tmp_path / "study.toml").write_text(settings, encoding="utf-8")
    (tmp_path / "a.csv").write_text("nps\n9\n8\n", encoding="utf-8")
    (tmp_path / "r.csv").write_text(f"customer;period;revenue\na;2024;{number}\nb;2024;987\n", encoding="utf-8")
    check = tpm.check_study(tmp_path)
    assert check.table[["row", "column", "value", "expected", "remedy"]].to_numpy().tolist() == [
        [
            2,
            "revenue",
            number,
            "a number whose decimals can be told; in this column 1 cell can be read in two ways",
            'Set decimal = "," or decimal = "." under [revenue].',
        ]
    ]
    assert check.left_out["count"].tolist() == [1]
    for sign in ",.":
        (tmp_path / "study.toml").write_text(f'{settings}decimal = "{sign}"', encoding="utf-8")
        check = tpm.check_study(tmp_path)
        assert check.exit_code == 0
        assert check.study.revenue["revenue"].tolist() == [45 if sign in number else 45000, 987]


def test_days_of_unclear_order_are_refused_rather_than_guessed(tmp_path):
    (tmp_path / "study.toml").write_text('[survey]\nfile = "a.csv"\nrecommend = "nps"\ndate = "day"', encoding="utf-8")
    (tmp_path / "a.csv").write_text("nps,day\n9,03/04/2024\n8,05/06/2024\n", encoding="utf-8")
    check = tpm.check_study(tmp_path)
    assert check.table["remedy"].tolist() == [
        'Set date_order = "day first" or date_order = "month first" under [survey].'
    ]
    assert check.study.survey["date"].isna().all()


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        (
            "a.xls",
            b"x",
            "a.xls: expected a file that ends in .csv, .txt, .tsv, .tab, .xlsx, .xlsm, .sav, .zsav, .parquet. "
            "Save it in one of these forms.",
        ),
        (
            "a.csv",
            b'nps,q1\n9,"5\n8,4\n',
            "a.csv: expected text in the encoding UTF-8, cp1252, with every quote closed. "
            'Save it again as CSV in UTF-8, or set encoding = "…" under [survey].',
        ),
        (
            "a.csv",
            b"nps,q1\n\0\0\n",
            "a.csv, row 2: expected text without NUL bytes, of which there are 2. The file was damaged when it was "
            "written or copied: export it again, as CSV in UTF-8.",
        ),
        (
            "a.sav",
            b"$FL2 broken",
            "a.sav: expected a whole file of the form .sav. The file is damaged or of another form: export it again.",
        ),
        (
            "a.parquet",
            b"PAR1",
            "a.parquet: expected a whole file of the form .parquet. "
            "The file is damaged or of another form: export it again.",
        ),
    ],
)
def test_what_cannot_be_read(tmp_path, file, content, message):
    (tmp_path / file).write_bytes(content)
    (tmp_path / "study.toml").write_text(f'[survey]\nfile = "{file}"\nrecommend = "nps"', encoding="utf-8")
    with pytest.raises(tpm.DataError) as error:
        tpm.load_study(tmp_path)
    assert str(error.value) == message


def test_a_file_that_is_not_there_and_a_sheet_that_is_not(tmp_path):
    pd.DataFrame({"nps": [9]}).to_excel(tmp_path / "answers.xlsx", index=False)
    for file, sheet, message in [
        (
            "answer.xlsx",
            "",
            'answer.xlsx: expected a file in the folder of study.toml. Did you mean "answers.xlsx"?',
        ),
        (
            "answers.xlsx",
            'sheet = "Data"',
            'answers.xlsx: expected a sheet "Data". The sheets are "Sheet1".',
        ),
    ]:
        (tmp_path / "study.toml").write_text(f'[survey]\nfile = "{file}"\nrecommend = "nps"\n{sheet}', encoding="utf-8")
        with pytest.raises(tpm.DataError) as error:
            tpm.load_study(tmp_path)
        assert str(error.value) == message


def test_the_rows_of_qualtrics_with_one_column_of_numbers(tmp_path):
    imported = '"{""ImportId"":""QID1""}","{""ImportId"":""QID2""}",x'
    text = f'name,nps,comment\nYour name,"How likely, …?",Why?\n{imported}\nA,9,a\nB,3,b\n'
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    (tmp_path / "study.toml").write_text(
        '[survey]\nfile = "a.csv"\nrecommend = "nps"\ntext = "comment"', encoding="utf-8"
    )
    check = tpm.check_study(tmp_path)
    assert check.exit_code == 0
    assert check.study.survey["recommend"].tolist() == [9, 3]


def test_a_first_answer_full_of_faults_is_an_answer(tmp_path):
    (tmp_path / "a.csv").write_text("id,nps,q1,q2\n1,many,good,bad\n2,9,5,4\n3,8,4,3\n", encoding="utf-8")
    settings = '[survey]\nfile = "a.csv"\nrecommend = "nps"\ntouchpoints = ["q1", "q2"]'
    (tmp_path / "study.toml").write_text(settings, encoding="utf-8")
    check = tpm.check_study(tmp_path)
    assert check.table["value"].tolist() == ["many", "good", "bad"]
    assert len(check.study.survey) == 3
