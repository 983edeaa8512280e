"""Files that are not what their name says: each is told in one sentence, with what it is and what to do."""

import gzip
import io
import zipfile

import pandas as pd
import pytest

import tpm_widgets as tpm

ROWS = [[row, 10 - row % 11, 1 + row % 5, 1 + row % 4] for row in range(30)]
TABLE = pd.DataFrame(ROWS, columns=["ID", "How likely are you to recommend us?", "Shop", "Phone"])
CSV = TABLE.to_csv(index=False)
PAGE = f"<html><head><title>Answers</title></head>{TABLE.to_html(index=False)}</html>"
BROWSE = "Open it in Excel or LibreOffice, see whether the answers are there, and save it as .xlsx."
EXPORT = "Export the answers themselves as a table: as CSV or .xlsx."
UNPACK = "Unpack it, and name the table in it."
ENDINGS = ".csv, .txt, .tsv, .tab, .xlsx, .xlsm, .sav, .zsav, .parquet"


def archive(**files):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as parts:
        for name, text in files.items():
            parts.writestr(name.replace("__", "/").replace("_DOT_", "."), text)
    return held.getvalue()


def written(form):
    held = io.BytesIO()
    TABLE.to_excel(held, index=False) if form == "xlsx" else TABLE.to_parquet(held)
    return held.getvalue()


def rename(name):
    return f'Rename it to {name}, and write file = "{name}" under [survey].'


FILES = {
    "a workbook": ("a.csv", written("xlsx"), "found 'a workbook of Excel'", rename("a.xlsx")),
    "parquet": ("a.csv", written("parquet"), "found 'a Parquet file'", rename("a.parquet")),
    "text": ("a.xlsx", CSV.encode(), "found 'plain text'", rename("a.csv")),
    "a document": ("a.csv", archive(word__document="x"), "found 'a document of words'", EXPORT),
    "an archive": ("a.csv", archive(survey_DOT_csv=CSV), "found 'an archive of files'", UNPACK),
    "packed": ("a.csv", gzip.compress(CSV.encode()), "found 'an archive of files'", UNPACK),
    "pdf": ("a.csv", b"%PDF-1.7\n" + bytes(range(256)), "found 'a PDF document'", EXPORT),
    "a page": ("a.csv", PAGE.encode(), "found 'a web page (HTML or XML)'", BROWSE),
    "a page with a mark": ("a.xlsx", "\ufeff\n<TABLE>".encode(), "found 'a web page (HTML or XML)'", BROWSE),
    "json": ("a.csv", b'[{"id": 1,\n "nps": 9}]', "found 'data in JSON'", EXPORT),
    "libreoffice": (
        "a.xlsx",
        archive(mimetype="application/vnd.oasis.opendocument.spreadsheet"),
        "found 'a workbook of LibreOffice (.ods)'",
        BROWSE,
    ),
}


def refusals(folder, name, content):
    """What a new study and what the check say."""
    (folder / name).write_bytes(content)
    (folder / "study.toml").write_text(f'[survey]\nfile = "{name}"\nrecommend = "{TABLE.columns[1]}"\n')
    with pytest.raises(tpm.DataError) as new:
        tpm.propose_study(folder / name)
    with pytest.raises(tpm.DataError) as load:
        tpm.load_study(folder)
    return [str(new.value), str(load.value)]


@pytest.mark.parametrize("file", FILES)
def test_what_a_file_is_and_what_to_do(tmp_path, file):
    name, content, found, remedy = FILES[file]
    ending = name[name.index(".") :]
    assert (
        refusals(tmp_path, name, content) == [f"{name}: {found}, expected a table in the form {ending}. {remedy}"] * 2
    )


def test_a_page_that_is_called_like_an_old_workbook(tmp_path):
    message = f"a.xls: found 'a web page (HTML or XML)', expected a file that ends in {ENDINGS}. {BROWSE}"
    assert refusals(tmp_path, "a.xls", PAGE.encode()) == [message] * 2


@pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a.sav"])
def test_an_empty_file(tmp_path, name):
    message = f"{name}: expected a header with the names of the columns. The file is empty: export it again."
    assert refusals(tmp_path, name, b"") == [message] * 2


def test_only_a_header(tmp_path):
    message = "a.csv: expected at least one answer below the header. Export the answers again: there are 0 rows."
    assert refusals(tmp_path, "a.csv", CSV.splitlines()[0].encode()) == [message] * 2


def test_nul_bytes_are_told_with_their_row(tmp_path):
    content = CSV.encode().replace(b"4,6,", b"4,\0\0,")
    assert refusals(tmp_path, "a.csv", content) == [
        "a.csv, row 6: expected text without NUL bytes, of which there are 2. The file was damaged when it was "
        "written or copied: export it again, as CSV in UTF-8."
    ] * 2  # fmt: skip


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8", "utf-8-sig", "cp1252"])
def test_text_in_any_usual_encoding_is_read(tmp_path, encoding):
    (tmp_path / "a.csv").write_bytes(CSV.replace("Shop", "Gesch\u00e4ft").encode(encoding))
    proposal = tpm.propose_study(tmp_path / "a.csv")
    assert proposal.table["column"].tolist()[2] == "Gesch\u00e4ft"
    assert proposal.settings["rows"] == 30


@pytest.mark.parametrize("name", ["<18", "{a}", "PK", "%PDF or not", "[1]"])
def test_names_of_columns_that_begin_like_something_else(tmp_path, name):
    TABLE.rename(columns={"ID": name}).to_csv(tmp_path / "a.csv", index=False)
    assert tpm.propose_study(tmp_path / "a.csv").table["column"].tolist()[0] == name
