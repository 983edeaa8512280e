"""A folder with a study.toml → a study."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any

import numpy as np

from tpm_widgets.language import say
from tpm_widgets.study.building.build import build_study
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.model import Study
from tpm_widgets.study.reading.parts import read_parts, remark_unread
from tpm_widgets.study.reading.settings import read_settings
from tpm_widgets.study.reading.snapshot import as_copied, copy_of

SETTINGS = "study.toml"


def load_study(path: str | os.PathLike[str], *, allow_outside: bool = False) -> Study:
    """Read your own survey, and what you know around it, as its files are.

    Parameters
    ----------
    path : str or path
        The folder of the study, or its study.toml, which names the files (CSV, Excel, SPSS ``.sav``, Parquet) and the
        columns that play a role. Nothing has to be renamed or rebuilt.
    allow_outside : bool
        Whether study.toml may name files that do not lie in its own folder. A study that somebody sent is data: it
        must not read what else lies on the disk.

    Returns
    -------
    Study
        With every faulty cell missing, and listed in ``study.problems``; rows are counted as the spreadsheet does.

    Raises
    ------
    DataError
        Where no study can be made: a file that cannot be read, a missing column, an unknown key, no rows, a
        respondent twice in a wave; every such fault of every table at once.

    Notes
    -----
    The delimiter of a CSV file, its decimal sign, its encoding (UTF-8, UTF-16 or cp1252), the order of day and month,
    the sheet of a workbook and the rows of its header are told from the file. ``delimiter``, ``decimal``, ``encoding``,
    ``date_order`` ("day first", "month first"), ``sheet`` and ``header_rows`` (all rows above the first answer) say so
    where the file does not; what cannot be told is a fault, and what could be read otherwise stands in
    ``study.remarks``.

    *Several files or sheets* of the same columns are read together where they are listed:
    ``file = ["2023.csv", "2024.csv"]`` or ``sheet = ["2023", "2024"]``. From which one a row is stands in a column of
    its own then, called ``file`` or ``sheet``, which can be the wave or a segment.

    *Names of columns* are compared, and stand in the study, with every run of spaces and line breaks as one space and
    without what nobody sees (NFC). Where the header has several rows, a name is the cell of either row, or both as
    "How do you rate | Shop"; of columns of one name, the first that is used is "Comment (1)".

    *Empty cells* may say NA, N/A, #N/A, NULL, nan, -, "keine Angabe", "no answer", (blank) and the like, in every role.
    ``codes.region.no_answer = []`` keeps them as names of a region. *Days* have any time behind them; months may be
    words, and a column may hold the day numbers of Excel. *Waves* stand in the order of their days under ``[waves]``,
    of the years or numbers in their names, or of their first answers; else in the order of the file, which is said.

    *One row for each answer*: ``long = {question = "item", answer = "value"}`` under ``[survey]``; the questions are
    named like columns then.

    Answers in words become numbers: the one number in a label ("Agree (4)", "4 of 5", "★★★★", answer codes A1 to A5)
    is read as it stands, other words by ``words = { "very good" = 5, good = 4 }`` under [survey], for one column by
    ``[survey.words."Q7 shop"]``. ``reversed = ["shop"]``, or ``true`` for all ratings, says that low is good; the study
    then holds low + high - answer. ``false``, or ``{ shop = false }``, says that it is not. What stands under
    [questions] is open: check and report repeat it. In any table ``keep = { Finished = ["True", 1] }`` and
    ``drop = { Status = "Survey Preview" }`` say by a column's values which rows count, "" for an empty cell; what they
    leave out is counted in ``study.left_out``.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import tpm_widgets as tpm
    >>> settings = '''
    ... [survey]
    ... file = "answers.csv"
    ... recommend = "NPS"
    ... touchpoints = ["Shop", "Phone"]
    ... '''
    >>> answers = '''NPS;Shop;Phone
    ... 9;4,5;3
    ... 10;5;2'''
    >>> with TemporaryDirectory() as folder:
    ...     _ = Path(folder, "study.toml").write_text(settings)
    ...     _ = Path(folder, "answers.csv").write_text(answers)
    ...     study = tpm.load_study(folder)
    >>> study.ratings
       Shop  Phone
    0   4.5    3.0
    1   5.0    2.0
    """
    file = Path(path)
    file = file if file.suffix == ".toml" else file / SETTINGS
    return load_copied(file, copy_of(file.absolute().parent), allow_outside=allow_outside)


def load_copied(file: Path, copy: Path | None, *, allow_outside: bool = False) -> Study:
    """Read the study of a study.toml, and with a ``copy`` of its folder what stands there in place of its files."""
    faults = Faults()
    given = _toml(as_copied(file.parent, file.name, copy), faults)
    settings = read_settings(given, file.name, file.absolute().parent.name, faults)
    sections = {"survey": settings.survey, **settings.tables}
    named = [name for section in sections.values() for name in section.files or (section.file,)]
    raw = {}
    for table, section in sections.items():
        if not section.file:
            continue
        cells = read_parts(table, section, file.parent, faults, allow_outside=allow_outside, copy=copy)
        if cells is not None:
            raw[table] = cells
            remark_unread(table, section, file.parent, named, faults)
    if settings.inline_waves is not None:
        rows = np.arange(1, len(settings.inline_waves) + 1)
        raw["waves"] = RawTable(table="waves", file=file.name, frame=settings.inline_waves, rows=rows)
    return build_study(settings, raw, faults)


def _toml(file: Path, faults: Faults) -> dict[str, Any]:
    """Return the settings as they stand in the file; without them there is nothing else to tell."""
    try:
        return tomllib.loads(file.read_bytes().decode("utf-8-sig"))
    except OSError:
        remedy = say("Write one that names the survey's file and columns, or begin with: tpm new.")
        faults.refuse("", file.name, say("a file study.toml in the folder of the study"), remedy)
    except UnicodeDecodeError:
        faults.refuse("", file.name, say("text in UTF-8"), say("Save the file again in UTF-8."))
    except tomllib.TOMLDecodeError as error:
        faults.refuse("", file.name, say("settings in TOML"), say("The parser says: {words}.", words=str(error)))
    except (ValueError, RecursionError):  # thousands of digits, or of brackets in each other
        remedy = say("A number in it is too long, or its brackets stand too deep in each other.")
        faults.refuse("", file.name, say("settings in TOML"), remedy)
    faults.refuse_if_structural()
    return {}
