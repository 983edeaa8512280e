"""Rows that are no answers: dropped where the study says so, and told of where their usual names are seen."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say
from tpm_widgets.study.building.locating import nearest
from tpm_widgets.study.building.written import setting_line
from tpm_widgets.study.cells.converting import FALSE_WORDS, TRUE_WORDS, as_numbers, as_texts, comparable
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.masking import MASK, tells_of_persons
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.reading.settings import TableSettings

# Names and values are compared without case, spaces and signs.
STATES = {
    *(
        "status",
        "responsestatus",
        "responsetype",
        "completionstatus",
        "antwortstatus",
        "antworttyp",
        "bearbeitungsstatus",
    ),
    *("distributionchannel", "collector", "collectorname", "mode", "modus"),
}
PREVIEWS = {
    *(
        "surveypreview",
        "preview",
        "surveytest",
        "test",
        "spam",
        "vorschau",
        "umfragevorschau",
        "testantwort",
        "testlauf",
    ),
    *("testresponse", "testmode", "testdata", "pretest", "debug", "spampreview"),
}
UNFINISHED = {
    *("partial", "incomplete", "started", "inprogress", "unfinished", "notfinished", "abandoned", "disqualified"),
    *("screenedout", "overquota", "teilweise", "unvollständig", "abgebrochen", "begonnen", "nichtabgeschlossen"),
}
FINISHED = {"finished", "isfinished", "complete", "completed", "iscomplete", "beendet", "abgeschlossen", "vollständig"}
PROGRESS = {"progress", "fortschritt"}
SUBMITTED = {"submitdate", "datesubmitted", "submittedat", "submitted", "datumabgeschickt", "abgeschicktam"}
TELLING = {*STATES, *FINISHED, *PROGRESS, *SUBMITTED, "lastpage"}
TOTALS = {
    *("total", "totals", "grandtotal", "sum", "mean", "average", "avg", "median", "count", "stddev"),
    *("standarddeviation", "gesamt", "insgesamt", "summe", "gesamtsumme", "gesamtergebnis", "mittelwert"),
    *("durchschnitt", "anzahl", "standardabweichung", "ø", "mittel", "grandmean", "overallmean", "overallaverage"),
}
SHORT_TOTALS = {"n", "mw", "sd", "std", "min", "max", "minimum", "maximum", "basis", "base"}  # or answers
COUNTED = re.compile(r"n\s*[=:]\s*\d+", re.IGNORECASE)
SOURCE = re.compile(r"(?:quellen?|datenquelle|sources?|stand|as of)\s*:", re.IGNORECASE)
FOOTER = re.compile(
    r"confidential|vertraulich|copyright|©|\(c\) \d{4}|all rights reserved|alle rechte vorbehalten"
    r"|(?:generated|exported|created|downloaded|printed|powered|prepared) (?:by|on|at|from|with)\b"
    r"|(?:erstellt|erzeugt|exportiert|gedruckt|generiert) (?:am|von|mit|durch)\b|^(?:page|seite) \d+"
    r"|end of (?:report|file|export)|ende (?:des|der) (?:berichts|datei|exports?)"
    r"|^(?:filter(?:ed by)?|run date|report (?:date|name|run)|hinweis|anmerkung|notes?)\s*:",
    re.IGNORECASE,
)  # below the rows of a report
QUALTRICS_STATES = {"1", "2", "8", "9", "12", "17", "40"}  # of an export in numbers: a preview, a test, spam
QUALTRICS = {
    *("distributionchannel", "responseid", "recordeddate", "progress", "finished", "startdate", "enddate"),
    *("durationinseconds", "userlanguage", "ipaddress", "externalreference"),
}
MARKS_OF_QUALTRICS = 4  # names of its columns
YES_WORDS = [word for word in TRUE_WORDS if not word.isdecimal()]


def choose_rows(raw: RawTable, settings: TableSettings, faults: Faults) -> RawTable:
    """Return the rows that ``keep`` and ``drop`` leave, counted by column; a column that is not there is refused."""
    kept = np.ones(len(raw.frame), dtype=bool)
    for key, choices in (("drop", settings.drop), ("keep", settings.keep)):
        for column, values in choices.items():
            if column not in raw.frame:
                place = f"{raw.table}.{key}.{column}" if raw.file else f"{key}[{column!r}]"
                remedy = nearest(column, list(map(str, raw.frame.columns)))
                faults.refuse(
                    raw.table, raw.file, say("a column of this name for {key}", key=place), remedy, column=column
                )
                continue
            found = _holds(raw.words(column), values)
            gone = kept & (found if key == "drop" else ~found)
            reason = (
                say("dropped by {column}", column=column)
                if key == "drop"
                else say("not kept by {column}", column=column)
            )
            if gone.any():
                faults.counts[raw.table, str(reason)] += int(gone.sum())
            kept &= ~gone
    if kept.all():
        return raw
    if not kept.any():
        faults.refuse(
            raw.table,
            raw.file,
            say("at least one row that keep and drop leave"),
            say("Of {count} rows none is left: correct their values.", count=len(kept)),
        )
        return raw
    return raw.only(kept)


def _holds(cells: pd.Series, values: Sequence[Any]) -> np.ndarray:
    """Where a column holds one of several values; true stands for every word for yes, "" for an empty cell."""
    words = {comparable(value) for value in values if not isinstance(value, bool)}
    for value in values:
        if isinstance(value, bool):
            words |= {comparable(word) for word in (TRUE_WORDS if value else FALSE_WORDS)}
    codes, uniques = pd.factorize(as_texts(cells))
    return np.array([*(comparable(text) in words for text in uniques), "" in words])[codes]


def report_suspects(raw: RawTable, settings: TableSettings, faults: Faults) -> None:
    """Report rows that look like previews, unfinished answers or totals, with the line that leaves them out."""
    suspects = suspect_rows(raw, settings)
    for key, column, values, count, expected in suspects.found:
        line = setting_line(key, suspects.choices(key), raw.file)
        told = ", ".join(MASK if tells_of_persons(value) else value for value in values) or say("empty").text()
        remedy = say("Leave them out: {line}. (under [{table}])", line=line, table=raw.table)
        faults.report(raw, column, f"{told} × {count}", expected, remedy)


def suspect_rows(raw: RawTable, settings: TableSettings) -> Suspects:
    """Look for rows that are previews, unfinished answers or totals, by the usual names of columns and values."""
    suspects = Suspects(raw, settings)
    if raw.table == "survey":
        for column in map(str, raw.frame.columns):
            suspects.look_at(column)
    suspects.look_for_totals()
    return suspects


class Suspects:
    """The rows of a table that are no answers, each told of once, by the first column that shows it."""

    def __init__(self, raw: RawTable, settings: TableSettings) -> None:
        self.found: list[tuple[str, str, list[str], int, Sentence]] = []
        self._raw, self._settings = raw, settings
        self._new = np.ones(len(raw.frame), dtype=bool)
        self._lines: dict[str, dict[str, list[Any]]] = {"keep": {}, "drop": {}}
        self._names = {_bare(name) for name in raw.frame.columns}

    @property
    def rest(self) -> np.ndarray:
        """The rows that are left, as a mask."""
        return self._new

    def choices(self, key: str) -> dict[str, list[Any]]:
        """Return what is declared under a key and what is proposed."""
        declared: Mapping[str, Sequence[Any]] = getattr(self._settings, key)
        return {**{column: list(values) for column, values in declared.items()}, **self._lines[key]}

    def look_at(self, column: str) -> None:
        """Look at one column of the survey by its name."""
        name = _bare(column)
        if name not in TELLING:
            return
        if column in {*self._settings.keep, *self._settings.drop} or not self._raw.frame.columns.is_unique:
            return
        texts = as_texts(self._raw.words(column))
        bare = texts.map({text: _bare(text) for text in texts.dropna().unique()})
        if name in STATES:
            previews = set(PREVIEWS)
            known = self._names & QUALTRICS
            if name == "status" and ("distributionchannel" in known or len(known) >= MARKS_OF_QUALTRICS):
                previews |= QUALTRICS_STATES
            self._drop(column, texts, bare.isin(previews), say("answers, no previews and tests"))
            self._drop(column, texts, bare.isin(UNFINISHED), say("answers that were finished"))
        elif name in FINISHED and bare.isin({*map(_bare, TRUE_WORDS), *map(_bare, FALSE_WORDS)}).any():
            finished = bare.isin([_bare(word) for word in TRUE_WORDS])
            self._keep(column, texts, finished, bare.isin([_bare(word) for word in FALSE_WORDS]))
        elif name in PROGRESS:
            progress = as_numbers(texts.str.removesuffix("%").str.strip())[0]
            if np.nanmax(progress, initial=0) == 100:
                self._keep(column, texts, pd.Series(progress == 100), pd.Series(progress < 100))
        elif name in SUBMITTED and texts.notna().any():
            self._drop(column, texts, texts.isna(), say("answers that were finished"))
        elif name == "lastpage" and not self._names & SUBMITTED:
            page = as_numbers(texts)[0]
            last = np.nanmax(page, initial=0)
            self._keep(column, texts, pd.Series(page == last), pd.Series(page < last))

    def look_for_totals(self) -> None:
        """Look for totals, and for lines on the source, in the first filled cell of the last rows, up to an answer."""
        frame = self._raw.frame
        for place in range(len(frame) - 1, -1, -1):
            filled = [
                (str(name), cell) for name, cell in frame.iloc[place].items() if pd.notna(cell) and str(cell).strip()
            ]
            if not filled:
                continue
            column = filled[0][0]
            if column in {*self._settings.keep, *self._settings.drop} or not self._is_below(filled):
                return
            where = np.zeros(len(frame), dtype=bool)
            where[place] = True
            self._drop(column, as_texts(frame[column]), pd.Series(where), say("answers, no totals"))

    def _is_below(self, filled: Sequence[tuple[str, Any]]) -> bool:
        """Whether the filled cells of a row are those of a total, or of a line on the source."""
        (column, cell), *rest = filled
        text = str(cell).strip()
        if not rest and len(self._raw.frame.columns) > 1 and (SOURCE.match(text) or FOOTER.search(text)):
            return True
        if _bare(cell) in TOTALS or COUNTED.fullmatch(str(cell).strip()):
            return True
        if _bare(cell) not in SHORT_TOTALS:
            return False
        others = as_texts(self._raw.words(column)).map(_bare, na_action="ignore")
        return int((others == _bare(cell)).sum()) == 1 and not others.isin([*map(_bare, YES_WORDS)]).any()

    def _drop(self, column: str, texts: pd.Series, where: pd.Series, expected: Sentence) -> None:
        rows = where.to_numpy(bool) & self._new
        if rows.any() and not rows.all():
            values = [text if isinstance(text, str) else "" for text in texts[rows].unique()]
            known = self._lines["drop"].setdefault(column, [])
            known += [value for value in values if value not in known]
            self._tell("drop", column, values, rows, expected)

    def _keep(self, column: str, texts: pd.Series, good: pd.Series, bad: pd.Series) -> None:
        rows = bad.to_numpy(bool) & self._new
        if rows.any() and good.any():
            self._lines["keep"][column] = list(texts[good.to_numpy(bool)].unique())
            self._tell("keep", column, list(texts[rows].unique()), rows, say("answers that were finished"))

    def _tell(self, key: str, column: str, values: list[str], rows: np.ndarray, expected: Sentence) -> None:
        self._new &= ~rows
        self.found.append((key, column, values, int(rows.sum()), expected))


def _bare(name: object) -> str:
    """Return a name without case, spaces and signs."""
    return re.sub(r"[\W_]+", "", str(name).casefold()) or str(name).strip()
