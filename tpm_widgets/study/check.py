"""What is wrong with the data of a study, told without raising."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from typing import Literal

import pandas as pd

from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.results import Result, shown_rows
from tpm_widgets.study.cells.faults import loud_sentences
from tpm_widgets.study.cells.grouped import by_column
from tpm_widgets.study.load import load_study
from tpm_widgets.study.model import Study

ExitCode = Literal[0, 1, 2]
FOR_OTHERS = "TPM_REPORT"  # of a kernel whose outputs become a report


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class StudyCheck(Result):
    """Every fault of a study's data; returned by ``check_study``.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per fault: ``table``, ``file``, ``row`` (as the spreadsheet counts), ``column``, ``value``
        (identifiers masked, texts cut at 40 characters), ``expected``, ``remedy``. ``by_column`` puts together what
        is one mistake.
    left_out : pandas.DataFrame
        What was left out, by reason: ``table``, ``reason``, ``count`` (cells or rows).
    exit_code : {0, 1, 2}
        0 clean; 1 faults of cells, the rest can be used; 2 no study can be made.
    study : Study or None
        The study, where one can be made.
    """

    left_out: pd.DataFrame
    exit_code: ExitCode
    study: Study | None

    def __post_init__(self) -> None:
        if (self.exit_code == 2) != (self.study is None) or (self.exit_code == 0) != self.table.empty:
            raise ValueError(
                "A check ends with 0 without faults, with 1 with a study and faults, with 2 without a study."
            )

    @property
    def by_column(self) -> pd.DataFrame:
        """The faults by column, expectation and remedy: with ``values``, ``count`` and the first ``rows`` of each."""
        return by_column(self.table)

    @property
    def loud(self) -> tuple[Sentence, ...]:
        """What has to be read first: what is in doubt, and columns that lose more than a fifth of their cells."""
        return () if self.study is None else (*self.study.doubts, *loud_sentences(self.study.losses))

    def sentences(self) -> tuple[Sentence, ...]:
        """Say what is in doubt, which columns lose much, how many faults there are, and what was left out."""
        return *self.loud, *self._size_and_faults()

    def _shown(self) -> tuple[pd.DataFrame, tuple[Sentence, ...]]:
        """Return the faults by column; in a report, which others read, without any cell and what mends it."""
        table = self.by_column
        return shown_rows(table.drop(columns=["values", "remedy"]) if os.environ.get(FOR_OTHERS) else table)

    def __repr__(self) -> str:
        own = replace(self, table=self.table.drop(columns=["value", "remedy"])) if os.environ.get(FOR_OTHERS) else self
        return Result.__repr__(own)

    def _size_and_faults(self) -> tuple[Sentence, ...]:
        count = len(self.table)
        if self.study is None:
            found = say_n(
                "The study cannot be used: {count} fault has to be corrected first.",
                "The study cannot be used: {count} faults have to be corrected first.",
                count,
            )
            return (found,)
        size = say_n(
            "The study has {count} answer; touchpoints rated: {touchpoints}.",
            "The study has {count} answers; touchpoints rated: {touchpoints}.",
            len(self.study.survey),
            touchpoints=self.study.ratings.shape[1],
        )
        if not count:
            return size, say("No fault was found.")
        found = say_n(
            "{count} fault was found; cells and rows left out: {left_out}.",
            "{count} faults were found; cells and rows left out: {left_out}.",
            count,
            left_out=int(self.left_out["count"].sum()),
        )
        return (size, found) if loud_sentences(self.study.losses) else (size, found, say("Everything else is used."))


def check_study(study: str | os.PathLike[str] | Study, *, allow_outside: bool = False) -> StudyCheck:
    """List everything that is wrong with a study's data; the data never make it raise.

    Parameters
    ----------
    study : str, path or Study
        The folder of a study, its study.toml, or a study that was read before.
    allow_outside : bool
        Whether study.toml may name files that do not lie in its own folder.

    Returns
    -------
    StudyCheck
        ``.table`` with one row per fault: ``table``, ``file``, ``row`` (as the spreadsheet counts), ``column``,
        ``value``, ``expected``, ``remedy``; ``.by_column`` with the same by column and remedy;
        ``.left_out`` with what was left out, by reason; ``.exit_code``: 0 clean, 1 faults of cells, 2 unusable; and
        ``.study``, where one could be made.

    Examples
    --------
    >>> import pandas as pd
    >>> import tpm_widgets as tpm
    >>> answers = pd.DataFrame({"nps": [10, 7, 12, 9, 8], "q1": [5, 4, 4, 5, 3]})
    >>> check = tpm.check_study(tpm.make_study(answers, recommend="nps", touchpoints=["q1"]))
    >>> check.exit_code
    1
    >>> print(check.summary())
    The study has 5 answers; touchpoints rated: 1. 1 fault was found; cells and rows left out: 1. Everything else is
    used.
    >>> check.left_out
        table         reason  count
    0  survey  off the scale      1
    """
    try:
        read = study if isinstance(study, Study) else load_study(study, allow_outside=allow_outside)
    except DataError as error:
        nothing = pd.DataFrame(columns=["table", "reason", "count"])
        return StudyCheck(table=error.problems, left_out=nothing, exit_code=2, study=None)
    return StudyCheck(
        table=read.problems,
        left_out=read.left_out,
        exit_code=0 if read.problems.empty else 1,
        study=read,
        caveats=read.remarks,
        data_hash=read.data_hash,
    )
