"""Files that are made to be large, or happen to be: a limit, or an answer in seconds."""

import tracemalloc
import zipfile

import numpy as np
import pandas as pd

import tpm_widgets as tpm

SETTINGS = '[survey]\nfile = "{file}"\nrecommend = "nps"\n'


def test_a_workbook_that_unfolds_to_a_thousand_times_its_size(tmp_path):
    pd.DataFrame({"nps": [9, 8]}).to_excel(tmp_path / "small.xlsx", index=False)
    with zipfile.ZipFile(tmp_path / "small.xlsx") as small, zipfile.ZipFile(
        tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED
    ) as bomb:  # fmt: skip
        for name in small.namelist():
            content = small.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b"</sheetData>", b"<row><c><v>1</v></c></row>" * 4_000_000 + b"</sheetData>")
            bomb.writestr(name, content)
    (tmp_path / "study.toml").write_text(SETTINGS.format(file="bomb.xlsx"))
    tracemalloc.start()
    check = tpm.check_study(tmp_path)
    largest = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert check.exit_code == 2
    assert check.table[["expected", "remedy"]].to_numpy().tolist() == [
        [
            "a workbook that is not a hundred times as large inside",
            "Save the rows and columns of the answers alone in a new workbook, or as CSV.",
        ]
    ]
    assert largest < 50_000_000


def test_a_cell_of_a_million_letters_and_two_thousand_columns(tmp_path):
    wide = pd.DataFrame(np.full((30, 2000), 4)).add_prefix("q")
    wide.insert(0, "nps", 9)
    wide["words"] = ["x" * 1_000_000, *["fine"] * 29]
    wide.to_csv(tmp_path / "wide.csv", index=False)
    (tmp_path / "study.toml").write_text(SETTINGS.format(file="wide.csv") + 'touchpoints = ["q1", "words"]\n')
    check = tpm.check_study(tmp_path)
    assert check.exit_code == 1
    assert check.table["value"].str.len().max() <= 40
    assert len(check.study.survey) == 30
