"""The cells of a table read by the kind of each role; what is of another kind is noted and missing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say
from tpm_widgets.study.building.doubts import (
    note_doubtful,
    note_unclear,
    one_spelling,
    remark_blank_deeds,
    remark_counted,
    remark_missing,
)
from tpm_widgets.study.cells.converting import (
    are_doubtful,
    as_categories,
    as_flags,
    as_numbers,
    as_texts,
    comparable,
    decimal_is_doubtful,
    decimal_sign,
    is_missing,
)
from tpm_widgets.study.cells.days import FIRST_YEAR, LAST_YEAR, day_stands_first, read_days
from tpm_widgets.study.cells.faults import Deferred, Faults
from tpm_widgets.study.cells.labels import labelled_numbers
from tpm_widgets.study.cells.masking import MASK, may_be_a_label
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.model import Scale
from tpm_widgets.study.reading.settings import TableSettings
from tpm_widgets.study.schema import SCALES, TABLES, UNDATED, Role


@dataclass(frozen=True, slots=True)
class TableReader:
    """Reads the columns of one file, in which numbers and days are written in one manner."""

    raw: RawTable
    settings: TableSettings
    faults: Faults
    decimal: str
    day_first: bool | None
    doubtful: bool  # whether 45.000 may be 45 or 45,000

    @classmethod
    def of(
        cls, raw: RawTable, settings: TableSettings, faults: Faults, numbers: Iterable[str], days: Iterable[str]
    ) -> TableReader:
        """Tell the manner of a file from its columns of numbers and of days."""
        cells = [raw.frame[column] for column in numbers]
        decimal = raw.decimal or decimal_sign(cells, raw.delimiter)
        doubtful = raw.decimal is None and decimal_is_doubtful(cells, raw.delimiter)
        order = settings.date_order
        day_first = day_stands_first(raw.frame[column] for column in days) if order is None else order == "day first"
        return cls(raw, settings, faults, decimal, day_first, doubtful)

    def read(self, role: Role, column: str) -> pd.Series | np.ndarray:
        """Return one column by the kind of its role."""
        if role.kind == "number":
            scale = self.settings.scales.get(role.name) or SCALES.get((self.raw.table, role.name))
            numbers = self.numbers(column, scale)
            return self.counted(role.name, column, numbers) if role.name in UNDATED else numbers
        if role.kind == "date":
            return self.dates(role.name, column)
        if role.kind == "flag":
            return self.flags(role.name, column)
        if role.kind == "category" and role.values:  # noqa: PD011 – no frame
            return self.categories(role, column)
        is_wave = role.name == "wave"
        return self.texts(column, role.name, tell=is_wave and self.raw.table == "survey", merge=is_wave)

    def numbers(self, column: str, scale: Scale | None = None) -> np.ndarray:
        """Return floats; on a scale, those in labels such as ★★★★ as well."""
        cells = self.raw.cells(column)
        values, bad = as_numbers(cells, self.decimal)
        if scale is not None:
            self.take_from_labels(column, scale, cells, values, bad)
        self.note(bad, column, say("a number"), say("Correct the cell."), say("no number"))
        if self.doubtful:
            doubtful = are_doubtful(cells)
            values[doubtful] = np.nan
            note_doubtful(self.raw, doubtful, column, self.faults)
        return values

    def counted(self, role: str, column: str, counts: np.ndarray) -> np.ndarray:
        """Return counts of deeds, with 0 where study.toml says that a blank cell means none; else it is asked."""
        none = [comparable(code) for code in self.codes(role, column).get("false", ())]
        texts = as_texts(self.raw.words(column))
        blank = texts.isna().to_numpy(bool)
        zero = (blank & ("" in none)) | texts.isin(
            [text for text in texts.dropna().unique() if comparable(text) in none]
        )
        counts = np.where(zero & np.isnan(counts), 0.0, counts)
        if not (counts == 0).any():
            self.ask_for_blanks(role, column, blank, bool((counts > 0).any()))
        return counts

    def ask_for_blanks(self, role: str, column: str, blank: np.ndarray, told: bool) -> None:
        """Tell that a deed is known where it was done and blank elsewhere, until study.toml says what that means."""
        given = self.settings.codes.get(role) or self.settings.codes.get(column) or {}
        if told and blank.any() and not any(comparable(code) == "" for codes in given.values() for code in codes):
            remark_blank_deeds(self.raw, given, int(blank.sum()), column, self.faults)

    def take_from_labels(
        self,
        column: str,
        scale: Scale,
        cells: pd.Series,
        values: np.ndarray,
        failed: np.ndarray,
        codes: Iterable[object] = (),
    ) -> None:
        """Put into ``values`` the numbers of labels such as "Agree (4)", and tell of it; what fails still is left."""
        if not failed.any():
            return
        where, labels = pd.factorize(cells[failed])
        texts = [str(label) for label in labels]
        numbers = labelled_numbers(
            texts, scale, self.decimal, [code for code in codes if isinstance(code, (int, float))]
        )
        taken = np.array([numbers.get(text, np.nan) for text in texts])[where]
        values[failed] = taken
        failed[failed] = np.isnan(taken)
        if numbers:
            example = next((text for text in numbers if may_be_a_label(text)), "")
            self.faults.labelled[column] = (
                int((~np.isnan(taken)).sum()),
                example or MASK,
                numbers[example or next(iter(numbers))],
            )

    def dates(self, role: str, column: str) -> pd.Series:
        """Return days."""
        cells = self.without_codes(self.raw.cells(column), role, column)
        days = read_days(cells, self.day_first, dots=self.settings.date_order != "month first")
        self.note(days.bad, column, say("a day"), say("Write it as 2024-03-31."), say("no day"))
        remedy = say("Correct the cell; where it means that the end is open, leave it empty.")
        expected = say("a day of the years {first} to {last}", first=str(FIRST_YEAR), last=str(LAST_YEAR))
        self.note(days.far, column, expected, remedy, say("a day too far off"))
        note_unclear(self.raw, days.unclear, column, self.faults)
        if days.counted:
            remark_counted(self.raw, days, column, self.faults)
        return days.found

    def flags(self, role: str, column: str) -> pd.Series:
        """Return nullable booleans."""
        codes = self.codes(role, column)
        values, bad = as_flags(self.without_codes(self.raw.words(column), role, column), codes)
        remedy = say("Name the file's own words under [{table}.codes.{role}].", table=self.raw.table, role=role)
        self.note(bad, column, say("yes or no"), remedy, say("neither yes nor no"))
        if role in UNDATED:
            self.ask_for_no(role, column, values)
        return values

    def ask_for_no(self, role: str, column: str, values: pd.Series) -> None:
        """Ask what a blank means in a column of deeds in which nobody says no."""
        if not (values == False).any():  # noqa: E712 – missing is neither
            blank = as_texts(self.raw.words(column)).isna().to_numpy(bool)
            self.ask_for_blanks(role, column, blank, bool(values.any()))

    def categories(self, role: Role, column: str) -> pd.Series:
        """Return the schema's words for a category."""
        codes = dict.fromkeys(role.values, ()) | self.codes(role.name, column)
        values, bad = as_categories(self.raw.words(column), codes)
        expected = say("one of {values}", values=", ".join(role.values))
        remedy = say("Name the file's own words under [{table}.codes.{role}].", table=self.raw.table, role=role.name)
        self.note(bad, column, expected, remedy, say("outside the values of {role}", role=role.name))
        return values

    def texts(
        self, column: str, role: str = "", *, tell: bool = False, in_order: bool = False, merge: bool = False
    ) -> pd.Series:
        """Return texts; an order that the file or the frame gives to groups is kept where they are compared.

        Words that say that a cell is empty are missing; where they could name a group, it is said (``tell``). With
        ``merge`` names are one that differ in what nobody sees; where they differ in capitals, it is said.
        """
        cells = self.raw.words(column)
        if (tell or in_order) and isinstance(cells.dtype, pd.CategoricalDtype) and cells.cat.ordered:
            groups = cells.cat.rename_categories(as_texts(pd.Series(cells.cat.categories)).to_list())
            gone = self._missing_among(groups.cat.categories, role, column)
            texts, found = groups.cat.remove_categories(gone), groups.isin(gone)
        else:
            texts = as_texts(cells)
            different: Sequence[str] = texts.dropna().unique().tolist()
            if tell or merge:
                texts, different = one_spelling(self.raw, texts, different, column, self.faults)
            gone = self._missing_among(different, role, column)
            found = texts.isin(gone)
            texts = texts.mask(found) if gone else texts
        if tell and found.any() and not self._own_codes(role, column):
            remark_missing(self.raw, gone, int(found.sum()), column, self.faults)
        return texts

    def _missing_among(self, texts: Iterable[str], role: str, column: str) -> list[str]:
        declared = self._declared(role, column)
        own = "no_answer" in self._own_codes(role, column)
        return [text for text in texts if comparable(text) in declared or (not own and is_missing(text, group=True))]

    def _own_codes(self, role: str, column: str) -> Mapping[str, tuple[object, ...]]:
        return self.settings.codes.get(column) or self.settings.codes.get(role) or {}

    def _declared(self, role: str, column: str) -> set[str]:
        """Return the words and codes that study.toml calls no answer, as they are compared."""
        if self.raw.table != "survey":
            return set()
        own = self._own_codes(role, column)
        general = [code for code in getattr(self.settings, "no_answer", ()) if isinstance(code, str)]
        return {comparable(code) for code in own.get("no_answer", general)}

    def without_codes(self, cells: pd.Series, role: str, column: str) -> pd.Series:
        """Return cells without those that study.toml calls no answer."""
        declared = self._declared(role, column)
        if not declared or pd.api.types.is_datetime64_any_dtype(cells.dtype):
            return cells
        gone = [cell for cell in cells.dropna().unique() if comparable(cell) in declared]
        return cells.mask(cells.isin(gone)) if gone else cells

    def codes(self, role: str, column: str) -> dict[str, tuple[object, ...]]:
        """Return the study's own words for the values of a role; a code that SPSS has words for is meant by them."""
        words = self.raw.value_labels.get(column, {})
        given = self.settings.codes.get(role) or self.settings.codes.get(column) or {}
        return {value: tuple(words.get(code, code) for code in codes) for value, codes in given.items()}

    def note(
        self, bad: np.ndarray, column: str, expected: Sentence, remedy: Sentence | Deferred, reason: Sentence
    ) -> None:
        """Note the cells that are of another kind."""
        self.faults.note(self.raw, bad, column, expected, remedy, reason=reason)


def read_table(raw: RawTable, columns: Mapping[str, str], settings: TableSettings, faults: Faults) -> pd.DataFrame:
    """Return the roles of one table, row for row, each of its kind, and the groups of customers; not yet checked."""
    roles = [role for role in TABLES[raw.table] if role.name in columns]
    of_kind = {kind: [columns[role.name] for role in roles if role.kind == kind] for kind in ("number", "date")}
    reader = TableReader.of(raw, settings, faults, of_kind["number"], of_kind["date"])
    table = pd.DataFrame({role.name: reader.read(role, columns[role.name]) for role in roles})
    return table.assign(**_groups_of_customers(reader, columns)) if raw.table == "customers" else table


def _groups_of_customers(reader: TableReader, columns: Mapping[str, str]) -> dict[str, pd.Series]:
    """Return the columns without a role that can tie groups of customers to groups of answers, as texts.

    A name, an address or a number that hardly anybody shares (more than two values for three customers) makes no
    group, and is nobody's business: it is not kept.
    """
    used = {*columns.values(), *(role.name for role in TABLES["customers"] if role.found)}
    texts = {column: reader.texts(column, merge=True) for column in map(str, reader.raw.frame) if column not in used}
    return {column: cells for column, cells in texts.items() if 0 < 3 * cells.nunique() <= 2 * cells.count()}


def list_touchpoints(
    listed: pd.DataFrame | None, rated: Mapping[str, str], labels: Mapping[str, str]
) -> tuple[pd.DataFrame, list[str]]:
    """Return all touchpoints in the customer's order, and those that are rated but that the table does not list.

    ``rated`` maps the survey's columns to touchpoints, ``labels`` those columns to the survey's words for them.
    """
    own = pd.DataFrame({"touchpoint": pd.Series(rated, dtype="str").to_numpy()}, dtype="str")
    own["label"] = pd.Series([labels.get(column) or name for column, name in rated.items()], dtype="str")
    if listed is None:
        return own, []
    unlisted = own[~own["touchpoint"].isin(listed["touchpoint"])]
    table = pd.concat([listed, unlisted], ignore_index=True)
    words = dict(zip(own["touchpoint"], own["label"], strict=True))
    table["label"] = (
        table.get("label", table["touchpoint"]).fillna(table["touchpoint"].map(words)).fillna(table["touchpoint"])
    )
    if "order" in table:
        table = table.sort_values("order", kind="stable", na_position="last", ignore_index=True)
    return table, list(unlisted["touchpoint"])


def note_unlisted(raw: RawTable, column: str, names: Iterable[str], faults: Faults) -> None:
    """Report the touchpoints that the survey rates but the table does not list; they stay, at the end of the table."""
    for name in names:
        expected = say("a row for each touchpoint that the survey rates")
        faults.report(raw, column, name, expected, say("Add the row, or correct the name in the survey's touchpoints."))
