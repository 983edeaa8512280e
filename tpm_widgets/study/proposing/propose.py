"""A file that nobody has described → the roles of its columns, with reasons, and a study.toml to begin with."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from tpm_widgets.columns import Columns, formats_of, typed
from tpm_widgets.language import Names, Sentence, say
from tpm_widgets.results import Result
from tpm_widgets.study.building.locating import refuse_without_rows
from tpm_widgets.study.building.repeats import find_repeats, told_rows
from tpm_widgets.study.building.rows import suspect_rows
from tpm_widgets.study.cells.converting import decimal_is_doubtful, decimal_sign
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.model import hash_tables
from tpm_widgets.study.proposing.columns import columns_of
from tpm_widgets.study.proposing.direction import settle_direction
from tpm_widgets.study.proposing.kinds.deeds import DEEDS
from tpm_widgets.study.proposing.long import find_answers, in_one_row
from tpm_widgets.study.proposing.open_points import open_points
from tpm_widgets.study.proposing.opening import open_files
from tpm_widgets.study.proposing.roles import Known, Roles, propose_roles, reasons_of
from tpm_widgets.study.proposing.writing.study import Form, write_study
from tpm_widgets.study.reading.settings import SurveySettings
from tpm_widgets.study.schema import TABLES

COLUMNS: Columns = {
    "column": "str",
    "question": "str",
    "role": "str",
    "touchpoint": "str",
    "scale_low": "number:0",
    "scale_high": "number:0",
    "codes": "str",
    "filled": "int64",
    "distinct": "int64",
    "confidence": "percent:0",
    "reason": "str",
}
NUMBERS = {"rating", *(role.name for role in TABLES["survey"] if role.kind == "number")}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class StudyProposal(Result):
    """What each column of a file is taken for, and why; returned by ``propose_study``.

    Attributes
    ----------
    table : pandas.DataFrame
        One row per column of the file; see ``propose_study``.
    toml : str
        A commented study.toml that can be used as it stands.
    not_understood : tuple of Sentence
        At most three sentences: what only the user can know.
    """

    formats: ClassVar = formats_of(COLUMNS)

    toml: str
    not_understood: tuple[Sentence, ...]

    def sentences(self) -> tuple[Sentence, ...]:
        """Say what was found, and what was not understood."""
        of = self.table.groupby("role")["column"].agg(tuple)
        deeds = tuple(name for role in DEEDS for name in of.get(role, ()))
        rest = {"touchpoints": len(of.get("rating", ())), "segments": of.get("segment", ()), **self.settings}
        asked = of.get("recommend", ())
        if deeds:
            found = say(
                "{file}: {rows:count} answers; the score is asked in {recommend:list}, deeds in {deeds:list}, "
                "touchpoints rated: {touchpoints:count}, groups: {segments:list}.",
                rest,
                recommend=asked,
                deeds=deeds,
            )
        else:
            found = say(
                "{file}: {rows:count} answers; the score is asked in {recommend:list}, touchpoints rated: "
                "{touchpoints:count}, groups: {segments:list}.",
                rest,
                recommend=asked,
            )
        return (found, *self.not_understood)


def propose_study(path: str | os.PathLike[str] | Sequence[str | os.PathLike[str]]) -> StudyProposal:
    r"""Propose what each column of an export is, from its name, its words, its labels and its cells.

    Parameters
    ----------
    path : str, path or sequence of them
        A file as a survey tool or an office program wrote it: CSV, Excel, SPSS ``.sav`` or Parquet. It is not changed.
        Several files of the same columns, one for each wave, year or country, are proposed as one survey; so are the
        sheets of a workbook that have the same columns.

    Returns
    -------
    StudyProposal
        ``.table`` with one row per column of the file: ``column``, ``question`` (the words over it), ``role``
        (``recommend``, ``rating`` of a ``touchpoint``, ``overall``, ``respondent``, ``segment`` …, ``none``),
        ``scale_low`` and ``scale_high``, ``codes`` (that are no answers), ``filled`` and ``distinct`` (how many cells,
        and how many different ones), ``confidence`` (0 to 0.95) and ``reason``; ``.toml``, a commented study.toml;
        ``.not_understood``, at most three sentences.

    Raises
    ------
    DataError
        Where the file cannot be read.

    Notes
    -----
    Each observation speaks for or against a role with fixed points; the role with most of them, and at least half a
    point, is proposed. No cell that a person wrote in own words, and no identifier, is shown: only counts. What could
    not be known is asked in ``.toml``, where the other answer stands as a line to uncomment. Where a number next to a
    usual scale may be a code (a 6 beside 1 to 5), the persons tell: who gives the best answer to one question rates
    the others better too, who has never used something does not.

    See Also
    --------
    load_study : Reads the study that results.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import tpm_widgets as tpm
    >>> answers = "ID;Would you recommend us (0-10)?;Shop;Phone\n1;9;4;3\n2;10;5;2\n3;4;1;1\n4;8;5;4"
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "answers.csv")
    ...     _ = file.write_text(answers)
    ...     proposal = tpm.propose_study(file)
    >>> proposal.table["role"].tolist()
    ['respondent', 'recommend', 'rating', 'rating']
    >>> print(proposal.summary())
    answers.csv: 4 answers; the score is asked in Would you recommend us (0-10)?, touchpoints rated: 2, groups: none.
    """
    files = [Path(path)] if isinstance(path, (str, os.PathLike)) else [Path(one) for one in path]
    faults = Faults()
    opened = open_files(files, faults)
    faults.refuse_if_structural()
    if opened is None:
        raise TypeError("A file that cannot be read is refused with a reason.")
    raw = _numbered(opened.raw)
    if not len(raw.frame):
        refuse_without_rows(raw, faults)
        faults.refuse_if_structural()
    suspects = suspect_rows(raw, SurveySettings(file=raw.file))
    answers = raw.only(suspects.rest)
    repeats = find_repeats(answers)
    told = told_rows(answers, repeats) if repeats.any() else None
    answers = answers.only(~repeats)
    long = find_answers(answers)
    if long is not None:
        answers = in_one_row(answers, long)
    known = Known(respondent=None if long is None else long.respondent, part=opened.part)
    roles = propose_roles(columns_of(answers), len(answers.frame), known)
    settle_direction(roles)
    draft = write_study(Form(opened=opened, decimal=_doubted(answers, roles), long=long, repeats=told), roles, suspects)
    return StudyProposal(
        table=typed([_row(roles, name) for name in roles.columns], COLUMNS),
        settings={"file": raw.file, "rows": len(answers.frame)},
        data_hash=hash_tables([("survey", raw.frame.astype("str"))]),
        toml=draft.text(),
        not_understood=open_points(draft, roles),
    )


def _numbered(raw: RawTable) -> RawTable:
    """Call columns of one name as study.toml has to name them: "Sales (1)", "Sales (2)"."""
    first = {name: own[0] for name, own in raw.repeated.items() if name in raw.frame and len(own) > 1}
    first = {name: own for name, own in first.items() if own not in raw.frame}
    header = {first.get(name, name): cells for name, cells in raw.header.items()}
    return replace(raw, frame=raw.frame.rename(columns=first), header=header) if first else raw


def _doubted(raw: RawTable, roles: Roles) -> str | None:
    """Return the decimal sign where a reader of the numbers alone would have to ask for it."""
    read = [raw.frame[name] for name, claim in roles.of.items() if claim.role in NUMBERS]
    return decimal_sign(read, raw.delimiter) if decimal_is_doubtful(read, raw.delimiter) else None


def _row(roles: Roles, name: str) -> dict[str, Any]:
    column, claim, reading = roles.columns[name], roles.of[name], roles.readings.get(name)
    return {
        "column": name,
        "question": column.question,
        "role": claim.role,
        "touchpoint": roles.touchpoints.get(name, ""),
        "scale_low": reading.scale[0] if reading else None,
        "scale_high": reading.scale[1] if reading else None,
        "codes": _codes((*reading.never, *reading.none)) if reading else "",
        "filled": column.filled,
        "distinct": column.distinct,
        "confidence": claim.confidence,
        "reason": Names(reasons_of(claim), most=None).text(),
    }


def _codes(codes: Sequence[str | float]) -> str:
    return ", ".join(code if isinstance(code, str) else f"{code:g}" for code in codes)
