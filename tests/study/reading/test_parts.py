"""A survey in several files or sheets of the same columns: read together where they are listed, else told of."""

import tomllib

import openpyxl
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.report.starter import start_study
from tpm_widgets.study.reading.snapshot import take_snapshot

NAMES = ["ID", "How likely are you to recommend us?", "Satisfaction: Shop", "Satisfaction: Phone"]
ASKED, SHOP = NAMES[1], NAMES[2]
SURVEY = f'[survey]\nrecommend = "{ASKED}"\ntouchpoints = ["{SHOP}"]\n'


def answers(count, first=1, step=3):
    return [[first + row, 10 - (row * step) % 11, 1 + (row * step) % 5, 1 + (row + step) % 5] for row in range(count)]


def workbook(path, **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name.removeprefix("_"))
        for row in rows:
            sheet.append(row)
    book.save(path)
    return path


def csv(path, rows, names=NAMES):
    pd.DataFrame(rows, columns=names).to_csv(path, index=False)
    return path


def check(folder, lines):
    (folder / "study.toml").write_text(SURVEY + lines, encoding="utf-8")
    return tpm.check_study(folder)


def told(found):
    return [caveat.text("en") for caveat in found.caveats]


def test_sheets_of_several_years_are_one_survey_with_the_year_as_wave(tmp_path):
    workbook(tmp_path / "a.xlsx", _2024=[NAMES, *answers(30)], _2023=[NAMES, *answers(20)], Notes=[["made by us"]])
    found = check(tmp_path, 'file = "a.xlsx"\nsheet = ["2024", "2023"]\nwave = "sheet"\nrespondent = "ID"\n')
    assert (found.exit_code, told(found)) == (0, [])
    assert found.study.survey["wave"].value_counts(sort=False).to_dict() == {"2023": 20, "2024": 30}
    assert found.study.survey["wave"].cat.categories.tolist() == ["2023", "2024"]
    assert found.study.survey["recommend"].tolist() == [row[1] for row in [*answers(30), *answers(20)]]


def test_files_of_several_countries_are_one_survey_with_the_country_as_segment(tmp_path):
    csv(tmp_path / "austria.csv", answers(5))
    csv(tmp_path / "italy.csv", answers(4, 50))
    found = check(tmp_path, 'file = ["austria.csv", "italy.csv"]\nsegments = ["file"]\n')
    assert (found.exit_code, told(found)) == (0, [])
    assert found.study.survey["file"].tolist() == ["austria"] * 5 + ["italy"] * 4


def test_a_fault_is_told_with_the_sheet_and_the_row_in_which_it_stands(tmp_path):
    wrong = [[1, 10, 9, 3], [2, 10, 9, 3]]
    workbook(tmp_path / "a.xlsx", _2023=[NAMES, *answers(9)], _2024=[NAMES, *wrong], _2025=[NAMES, *wrong[:1]])
    found = check(tmp_path, 'file = "a.xlsx"\nsheet = ["2023", "2024", "2025"]\n')
    assert found.table[["file", "row", "value"]].to_numpy().tolist() == [
        ["a.xlsx, sheet 2024", 2, "9"],
        ["a.xlsx, sheet 2024", 3, "9"],
        ["a.xlsx, sheet 2025", 2, "9"],
    ]
    assert found.by_column[["file", "rows", "count"]].to_numpy().tolist() == [["a.xlsx, sheet 2024", "2, 3, …", 3]]


def test_a_column_that_only_some_parts_have_is_told(tmp_path):
    csv(tmp_path / "2023.csv", [row[:2] for row in answers(3)], NAMES[:2])
    csv(tmp_path / "2024.csv", answers(3))
    found = check(tmp_path, 'file = ["2023.csv", "2024.csv"]\nwave = "file"\n')
    assert told(found) == [
        '2023.csv has no column "Satisfaction: Shop"; its rows have no answer there. If the column has another name in '
        "it, call it the same."
    ]
    assert found.study.ratings["Satisfaction: Shop"].isna().tolist() == [True] * 3 + [False] * 3


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('file = ["a.csv", "b.csv"]', "b.csv: expected a file in the folder of study.toml. Did you mean \"a.csv\"?"),
        ('file = ["a.csv", "../a.csv"]', "../a.csv: expected a file in the folder of study.toml. Copy it there; where "
         "you know what it is, allow it: --allow-outside, or allow_outside=True."),
        ('file = ["a.csv", 3]', "study.toml, column 'survey.file': found \"['a.csv', 3]\", expected different names, "
         "each a text."),
    ],
)  # fmt: skip
def test_parts_that_cannot_be_read(tmp_path, lines, message):
    csv(tmp_path / "a.csv", answers(5))
    (tmp_path / "study.toml").write_text(SURVEY + lines, encoding="utf-8")
    with pytest.raises(tpm.DataError) as error:
        tpm.load_study(tmp_path)
    assert str(error.value).splitlines()[0] == message


def test_sheets_that_nobody_named_are_told_with_both_lines(tmp_path):
    workbook(tmp_path / "a.xlsx", _2023=[NAMES, *answers(6)], _2024=[NAMES, *answers(4)], Notes=[["made by us"]])
    found = check(tmp_path, 'file = "a.xlsx"\n')
    assert (found.exit_code, len(found.study.survey)) == (0, 6)
    assert told(found) == [
        'a.xlsx: the sheet "2024" has the same named columns as "2023", and is not read. To read both, set '
        'sheet = ["2023", "2024"] under [survey]; which sheet a row is from is the column “sheet” then. Else set '
        'sheet = "2023".'
    ]
    assert told(check(tmp_path, 'file = "a.xlsx"\nsheet = "2023"\n')) == []
    assert len(check(tmp_path, 'file = "a.xlsx"\nsheet = ["2023", "2024"]\n').study.survey) == 10


def test_a_file_beside_it_with_the_same_columns_is_told(tmp_path):
    csv(tmp_path / "2023.csv", answers(6))
    csv(tmp_path / "2024.csv", answers(4))
    csv(tmp_path / "customers.csv", [[1, 2, 3]], ["customer", "acquired", "source"])
    assert told(check(tmp_path, 'file = "2023.csv"\n')) == [
        '2024.csv has the columns of 2023.csv and is not read. To read them together, write file = ["2023.csv", '
        '"2024.csv"] under [survey]; which file a row is from is the column “file” then.'
    ]
    assert told(check(tmp_path, 'file = ["2023.csv"]\n')) == []


def test_the_copy_of_a_run_holds_every_part(tmp_path):
    csv(tmp_path / "2023.csv", answers(6))
    csv(tmp_path / "2024.csv", answers(4))
    check(tmp_path, 'file = ["2023.csv", "2024.csv"]\n')
    take_snapshot(tmp_path / "study.toml", tmp_path / "copy")
    assert sorted(path.name for path in (tmp_path / "copy").iterdir()) == ["2023.csv", "2024.csv", "study.toml"]


def test_sheets_of_the_same_columns_are_proposed_together(tmp_path):
    workbook(tmp_path / "a.xlsx", _2023=[NAMES, *answers(33)], _2024=[NAMES, *answers(40, step=4)], Notes=[["us"]])
    start_study(tmp_path / "study", files=[tmp_path / "a.xlsx"])
    survey = tomllib.loads((tmp_path / "study" / "study.toml").read_text("utf-8"))["survey"]
    assert (survey["sheet"], survey["wave"], survey["respondent"]) == (["2023", "2024"], "sheet", "ID")
    assert tpm.check_study(tmp_path / "study").exit_code == 0


def test_numbers_that_begin_anew_in_each_country_are_asked_about(tmp_path):
    sheets = {"Austria": [NAMES, *answers(33)], "Italy": [NAMES, *answers(40, step=4)]}
    proposal = tpm.propose_study(workbook(tmp_path / "a.xlsx", **sheets))
    survey = tomllib.loads(proposal.toml)["survey"]
    assert survey["segments"] == ["sheet"]
    assert not {"respondent", "customer", "wave"} & {*survey}
    assert [question.text("en") for question in proposal.not_understood] == [
        "ID has the same numbers in several of the files or sheets. Are they the same persons, who answered again? "
        "They are taken for others."
    ]
    assert '# wave = "sheet"\n# respondent = "ID"\n' in proposal.toml


def test_a_sheet_of_all_answers_is_not_counted_beside_its_parts(tmp_path):
    north, south = [row[1:] for row in answers(33)], [row[1:] for row in answers(40, step=4)]
    names = NAMES[1:]
    sheets = {"All": [names, *north, *south], "North": [names, *north], "South": [names, *south]}
    proposal = tpm.propose_study(workbook(tmp_path / "a.xlsx", **sheets))
    assert tomllib.loads(proposal.toml)["survey"]["sheet"] == ["North", "South"]
    assert proposal.not_understood[0].text("en") == (
        "All is not read, because its rows stand in North and South, too. Is that wrong?"
    )


def test_several_files_are_proposed_as_one_survey(tmp_path):
    files = [csv(tmp_path / "survey_2023.csv", answers(33)), csv(tmp_path / "survey_2024.csv", answers(40, step=4))]
    other = csv(tmp_path / "customers.csv", [[1, 2, 3]], ["customer", "acquired", "source"])
    alone = tpm.propose_study(files[0])
    assert alone.not_understood[0].text("en") == (
        "survey_2024.csv lies beside survey_2023.csv and has the same columns. Is it of the same survey? It is not "
        "read; all together: tpm new DIR --from survey_2023.csv --from survey_2024.csv"
    )
    proposal = start_study(tmp_path / "study", files=[*files, other])
    survey = tomllib.loads(proposal.toml)["survey"]
    assert (survey["file"], survey["wave"]) == (["survey_2023.csv", "survey_2024.csv"], "file")
    assert proposal.not_understood[0].text("en") == (
        "customers.csv has other columns and is not read. Of what is it? Name it in a section."
    )
    assert len(tpm.check_study(tmp_path / "study").study.survey) == 73


def test_a_single_sheet_is_proposed_as_before(tmp_path):
    proposal = tpm.propose_study(workbook(tmp_path / "a.xlsx", Answers=[NAMES, *answers(33)], Notes=[["us"]]))
    assert "sheet" not in tomllib.loads(proposal.toml)["survey"]
