"""What a file really is, whatever its name ends in: told from its first bytes, and what to do with what is no table."""

from __future__ import annotations

import re
import zipfile
from pathlib import Path

from tpm_widgets.language import Sentence, say

BEGINNING = 4096  # bytes
MARKS = (
    (b"%PDF-", "pdf"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old workbook"),
    (b"$FL2", ".sav"),
    (b"$FL3", ".sav"),
    (b"PAR1", ".parquet"),
    (b"\x1f\x8b", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"Rar!", "archive"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"{\\rtf", "document"),
)
PAGE = re.compile(rb"<(?:!doctype|html|head|body|table|meta|\?xml|\?mso|style|script)\b", re.IGNORECASE)
JSON = re.compile(rb'(?:\[\s*)?\{\s*"[^"\n]*"\s*:')
OWN_ENDINGS = {".sav": (".sav", ".zsav"), ".parquet": (".parquet",), ".xlsx": (".xlsx", ".xlsm")}
TEXT = ".csv"


def kind_of(path: Path) -> str:
    """Return what a file is: an ending that is read, a word for something else, or "" where nothing tells."""
    try:
        with path.open("rb") as file:
            start = file.read(BEGINNING)
    except OSError:
        return ""
    if not start:
        return "empty"
    if start.startswith(b"PK"):
        return _kind_of_archive(path)
    known = next((kind for mark, kind in MARKS if start.startswith(mark)), None)
    if known is not None:
        return known
    bare = start.removeprefix(b"\xef\xbb\xbf").lstrip()
    if PAGE.match(bare):
        return "page"
    if JSON.match(bare):
        return "json"
    return TEXT if b"\0" not in start or start[:2] in (b"\xff\xfe", b"\xfe\xff") else ""


def _kind_of_archive(path: Path) -> str:
    """Tell a workbook from a document, and from an archive of files."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
            mime = archive.read("mimetype")[:80] if "mimetype" in names else b""
    except Exception:  # cut off, or damaged in any way that there is
        return ""
    if any(name.startswith("xl/") for name in names):
        return ".xlsx"
    if b"spreadsheet" in mime:
        return "open workbook"
    documents = any(name.startswith(("word/", "ppt/")) for name in names) or bool(mime)
    return "document" if documents else "archive"


def has_its_form(path: Path, kind: str) -> bool:
    """Whether a file may be what its name says; where nothing tells, its parser does."""
    ending = path.suffix.lower()
    if kind == TEXT:
        return not any(ending in own for own in OWN_ENDINGS.values())
    if kind == "":
        return True
    return ending in OWN_ENDINGS.get(kind, ())


def told_kind(kind: str) -> Sentence:
    """Say what a file is."""
    return {
        "empty": say("an empty file"),
        "pdf": say("a PDF document"),
        "document": say("a document of words"),
        "picture": say("a picture"),
        "archive": say("an archive of files"),
        "page": say("a web page (HTML or XML)"),
        "json": say("data in JSON"),
        "old workbook": say("an old .xls, or one with a password"),
        "open workbook": say("a workbook of LibreOffice (.ods)"),
        ".xlsx": say("a workbook of Excel"),
        ".sav": say("a file of SPSS"),
        ".parquet": say("a Parquet file"),
        TEXT: say("plain text"),
    }[kind]


def way_out(path: Path, kind: str, table: str) -> Sentence:
    """Say how the answers in a file can be read."""
    if kind == "empty":
        return say("The file is empty: export it again.")
    if kind == TEXT or kind in OWN_ENDINGS:
        name = path.with_suffix(kind).name
        return say('Rename it to {name}, and write file = "{name}" under [{table}].', name=name, table=table)
    if kind == "archive":
        return say("Unpack it, and name the table in it.")
    if kind in ("page", "old workbook", "open workbook"):
        return say("Open it in Excel or LibreOffice, see whether the answers are there, and save it as .xlsx.")
    return say("Export the answers themselves as a table: as CSV or .xlsx.")
