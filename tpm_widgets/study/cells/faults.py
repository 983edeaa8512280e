"""The faults of a study: structural ones refuse it, those of cells are noted, counted and left out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import pandas as pd

from tpm_widgets.errors import PROBLEM_COLUMNS, DataError, problem_table
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.study.cells.converting import LARGEST, are_blank, day_text
from tpm_widgets.study.cells.masking import MASK, is_harmless
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.visible import visible

LONGEST = 40
LOSS_COLUMNS = ["table", "column", "filled", "lost"]
LOUD = 0.2  # the share of its filled cells that a column may lose without being told of first
Deferred = Callable[[], np.ndarray]  # remedies that are told at the end, one for each cell


@dataclass(slots=True)
class Faults:
    """Everything that was found while one study was read.

    ``labelled`` tells of each column with numbers in its labels: in how many cells, one label, and its number.
    """

    structural: list[dict[str, object]] = field(default_factory=list)
    cells: list[pd.DataFrame] = field(default_factory=list)
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    order_of_waves: Sentence | None = None
    lost: dict[tuple[str, str], tuple[RawTable, np.ndarray]] = field(default_factory=dict)
    untold: list[tuple[int, Deferred]] = field(default_factory=list)
    remarks: list[Sentence] = field(default_factory=list)  # what was taken for granted, and how to say otherwise
    silent: Sentence | None = None  # what cells without a rating leave open
    doubts: list[Sentence] = field(default_factory=list)  # what nothing tells, and changes results
    labelled: dict[str, tuple[int, str, float]] = field(default_factory=dict)

    def refuse(
        self,
        table: str,
        file: str,
        expected: Sentence,
        remedy: Sentence | str = "",
        *,
        row: int | None = None,
        column: str = "",
        value: object = "",
    ) -> None:
        """Note a structural fault: no study can be made."""
        self.structural.append(
            {
                "table": table,
                "file": file,
                "row": row,
                "column": column,
                "value": shorten(value),
                "expected": str(expected),
                "remedy": str(remedy),
            }
        )

    def note(
        self,
        raw: RawTable,
        where: np.ndarray,
        column: str,
        expected: Sentence,
        remedy: Sentence | Deferred,
        *,
        reason: Sentence | None,
        masked: bool = False,
    ) -> None:
        """Note the cells of ``column`` where the mask ``where`` is True; a ``reason`` counts them as left out.

        A ``remedy`` that depends on other columns is told for each cell when everything has been read.
        """
        count = int(where.sum())
        if not count:
            return
        values: object = MASK
        if not masked:
            values = _shown(raw.frame[column][where]) if column in raw.frame else ""
        if not isinstance(remedy, Sentence):
            self.untold.append((len(self.cells), remedy))
            remedy = Sentence("", {})
        self.cells.append(
            pd.DataFrame(
                {
                    "table": raw.table,
                    "file": raw.files_of(where),
                    "row": pd.array(raw.rows_of(column)[where], dtype="Int64"),
                    "column": column,
                    "value": values,
                    "expected": str(expected),
                    "remedy": str(remedy),
                },
                columns=PROBLEM_COLUMNS,
            )
        )
        if reason is not None:
            self.counts[raw.table, str(reason)] += count
            before = self.lost.get((raw.table, column))
            self.lost[raw.table, column] = raw, where if before is None else where | before[1]

    def report(
        self, raw: RawTable, column: str, value: object, expected: Sentence, remedy: Sentence, row: int | None = None
    ) -> None:
        """Note a fault of a table or a column as a whole that leaves nothing out; ``row`` holds an example."""
        fault = {"column": column, "value": shorten(value), "expected": str(expected), "remedy": str(remedy)}
        self.cells.append(problem_table([{"table": raw.table, "file": raw.file, "row": row, **fault}]))

    def refuse_if_structural(self) -> None:
        """Raise every structural fault at once."""
        if self.structural:
            raise DataError(self.structural)

    @property
    def problems(self) -> pd.DataFrame:
        """The faults of cells, in the order in which they were found."""
        for place, remedies in self.untold:
            self.cells[place]["remedy"] = remedies()
        if not self.cells:
            return problem_table([])
        table = pd.concat(self.cells, ignore_index=True)
        return table.astype({name: object for name in PROBLEM_COLUMNS if name != "row"})

    @property
    def labels_read(self) -> tuple[Sentence, ...]:
        """Say which columns were read by the numbers in their labels, if any."""
        if not self.labelled:
            return ()
        told = list(self.labelled.values())
        return (
            say_n(
                "{count} label is read by the number in it, such as “{label}” as {number}: {columns:list}.",
                "{count} labels are read by the number in them, such as “{label}” as {number}: {columns:list}.",
                sum(count for count, _, _ in told),
                columns=tuple(self.labelled),
                number=shorten(told[0][2]),
                label=shorten(told[0][1]),
            ),
        )

    @property
    def losses(self) -> pd.DataFrame:
        """How many of its filled cells each column lost: table, column, filled, lost."""
        rows = []
        for (table, column), (raw, where) in self.lost.items():
            if column in raw.frame:
                filled = ~are_blank(raw.frame[column])
                rows.append((table, column, int(filled.sum()), int((filled & where).sum())))
        return pd.DataFrame(rows, columns=LOSS_COLUMNS)

    @property
    def left_out(self) -> pd.DataFrame:
        """How many cells and rows were left out: table, reason, count."""
        rows = [(table, reason, count) for (table, reason), count in self.counts.items()]
        return pd.DataFrame(rows, columns=["table", "reason", "count"])


def loud_sentences(losses: pd.DataFrame) -> tuple[Sentence, ...]:
    """Say which columns lose more than a fifth of their filled cells; nothing where none does."""
    loud = losses[losses["lost"] > LOUD * losses["filled"]]
    if loud.empty:
        return ()
    names = tuple(say("{column} ({lost} of {filled})", row) for _, row in loud.iterrows())
    return (
        say_n(
            "{count} column loses more than a fifth of its filled cells: {columns:list}.",
            "{count} columns lose more than a fifth of their filled cells: {columns:list}.",
            len(names),
            columns=names,
        ),
    )


def _shown(cells: pd.Series) -> np.ndarray:
    """Return cells as texts, those masked that may name a person; an empty cell is an empty text."""
    codes, uniques = pd.factorize(cells.astype(object))
    counts = np.bincount(codes[codes >= 0], minlength=len(uniques)).tolist()
    texts = [shown(value, count) for value, count in zip(uniques, counts, strict=True)]
    return np.array([*texts, ""], dtype=object)[codes]


def shown(value: object, count: int = 1) -> str:
    """Return a cell as a short text, masked where it may name a person; it stands in ``count`` cells."""
    whole = _whole(value)
    endless = isinstance(value, (int, float)) and abs(value) >= LARGEST  # nobody's number
    return shorten(whole) if endless or is_harmless(whole, count) else MASK


def shorten(value: object) -> str:
    """Return a cell as a text of at most 40 characters; a whole number without its ".0", nothing for a missing cell."""
    text = _whole(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _whole(value: object) -> str:
    if value is None or value is pd.NA or value != value:  # NaN and NaT differ from themselves
        return ""
    if isinstance(value, (float, np.floating)) and float(value).is_integer():
        value = int(value)
    if isinstance(value, pd.Timestamp):
        value = day_text(value.normalize())
    if isinstance(value, int) and abs(value) > 10**LONGEST:
        value = f"{Decimal(value):.6e}"  # no more of its digits, of which there may be thousands
    return visible(" ".join(str(value).split()))
