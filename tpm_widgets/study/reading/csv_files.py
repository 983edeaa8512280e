"""Text files of any export: their encoding, their delimiter, and their cells, each still as it was written."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import islice

import pandas as pd

from tpm_widgets.study.cells.names import clean_name
from tpm_widgets.study.reading.headers import SEARCHED

MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
DELIMITERS = (",", ";", "\t", "|")
SAMPLED = 200  # records that the delimiter is told from
HALF = 0.5  # the share of letters of European languages in a file, at least
LONG = 1_000_000  # letters in which so many records nearly always are
csv.field_size_limit(max(csv.field_size_limit(), 2**31 - 1))  # a whole interview may stand in a cell


class UnreadableError(Exception):
    """A file that cannot be read."""


class DamagedTextError(Exception):
    """A text with NUL bytes in it: how many, and in which row the first one stands."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.count = content.count(b"\0")
        self.row = content.count(b"\n", 0, content.index(b"\0")) + 1


def decode(content: bytes, encoding: str | None) -> str:
    """Return the text: in the declared encoding, by its byte-order mark, as UTF-8, or as Windows wrote it (cp1252)."""
    if encoding is not None:
        try:
            return content.decode("utf-8-sig" if encoding.lower().replace("_", "-") in ("utf-8", "utf8") else encoding)
        except (UnicodeDecodeError, LookupError) as error:
            raise UnreadableError from error
    for mark, name in MARKS:
        if content.startswith(mark):
            return content.decode(name, errors="replace")
    if b"\0" in content:
        return _decode_pairs(content)
    for name in ("utf-8", "cp1252"):
        try:
            return content.decode(name)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _decode_pairs(content: bytes) -> str:
    """Decode UTF-16 without its mark: every second byte of most letters is a NUL byte."""
    for first, name in ((1, "utf-16-le"), (0, "utf-16-be")):
        if content[first::2].count(b"\0") > HALF * len(content) / 2 and b"\0" not in content[1 - first :: 2]:
            with suppress(UnicodeDecodeError):
                return content.decode(name)
    raise DamagedTextError(content)


def without_hint(text: str, delimiter: str | None) -> tuple[str, str | None]:
    """Take off the line "sep=;" that Excel writes for itself and does not count as a row."""
    first, _, rest = text.partition("\n")
    if first.lower().startswith("sep=") and len(first.rstrip("\r")) == 5:
        return rest, delimiter or first[4]
    return text, delimiter


def find_delimiter(text: str, names: Collection[str]) -> str:
    """Return the delimiter under which most of the expected column names appear, and rows are equally long."""
    return max(DELIMITERS, key=lambda sign: _fit(text, sign, names))


def _fit(text: str, delimiter: str, names: Collection[str]) -> tuple[int, float, int]:
    """How well a delimiter fits: expected names found in one of the first rows, share of rows of one length, cells."""
    try:
        records = _records(text, delimiter, SAMPLED)
    except csv.Error:
        return -1, 0, 0
    top = records[:SEARCHED]
    found = max((len(set(map(clean_name, record)) & set(names)) for record in top), default=0)
    lengths = Counter(len(record) for record in records if any(cell.strip() for cell in record))
    length, count = max(lengths.items(), key=lambda item: (item[1], item[0]), default=(1, 0))
    return found, count / max(lengths.total(), 1) if length > 1 else 0, length


def read_grid(text: str, delimiter: str) -> pd.DataFrame:
    """Return every cell as a text, row for row, blank rows included; "" where a row ends early."""
    try:
        return _parse(text, delimiter, _width(text, delimiter, SAMPLED))
    except pd.errors.ParserError:
        pass  # some row below the sample is longer
    try:
        return _parse(text, delimiter, _width(text, delimiter, None))
    except (pd.errors.ParserError, csv.Error) as error:
        raise UnreadableError from error


def _width(text: str, delimiter: str, most: int | None) -> int:
    records = _reader(text, delimiter) if most is None else _records(text, delimiter, most)
    return max(map(len, records), default=1)


def _records(text: str, delimiter: str, most: int) -> list[list[str]]:
    """Return the first records; the rest of a long text is not copied for them."""
    records = list(islice(_reader(text[:LONG], delimiter), most + 1))
    if len(records) <= most and len(text) > LONG:  # the last one may be cut
        records = list(islice(_reader(text, delimiter), most))
    return records[:most]


def _reader(text: str, delimiter: str) -> Iterator[list[str]]:
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


def _parse(text: str, delimiter: str, width: int) -> pd.DataFrame:
    return pd.read_csv(
        io.StringIO(text, newline=""),
        sep=delimiter,
        header=None,
        names=range(width),
        index_col=False,
        dtype=str,
        na_filter=False,
        skip_blank_lines=False,
    )
