"""Cells of ratings without a rating or a fault: the study has to say whether they mean "never used" or "no answer"."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.study.building.remedies import NUMBER
from tpm_widgets.study.building.written import setting_line
from tpm_widgets.study.cells.conventions import says_never, says_none
from tpm_widgets.study.cells.converting import as_texts
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.cells.toml import toml_value
from tpm_widgets.study.reading.settings import SurveySettings

SHOWN = 5
EITHER = re.compile(r"\W*n\W*a\W*", re.IGNORECASE)  # not applicable, or not available


@dataclass(slots=True)
class Silent:
    """Counts the words and codes that stand where no rating does, and how many cells are empty."""

    raw: RawTable
    settings: SurveySettings
    words: Counter[Any] = field(default_factory=Counter)  # that count as empty cells
    codes: Counter[Any] = field(default_factory=Counter)  # that are declared to be no answers
    said: Counter[Any] = field(default_factory=Counter)  # of which the file itself says that they are
    empty: int = 0

    def add(self, column: str, blank: np.ndarray, none: np.ndarray) -> None:
        """Take in a column: where it is blank or holds a word for that, and where a code for no answer."""
        labels = self.raw.value_labels.get(column, {})
        found: Counter[Any]
        for where, found in ((blank, self.words), (none, self.codes)):
            cells = self.raw.frame[column][where]
            texts = as_texts(cells)
            self.empty += int(texts.isna().sum())
            counted: dict[Any, int] = cells[texts.notna().to_numpy(bool)].value_counts().to_dict()
            for cell, count in counted.items():
                told = str(labels.get(cell, cell))
                said = says_none(told) and not says_never(told) and not EITHER.fullmatch(told)
                (self.said if said else found)[_code(cell)] += int(count)

    def tell(self, unknown: tuple[str, ...], faults: Faults) -> None:
        """Say what these cells leave open, and what to write; of the touchpoints ``unknown`` reach is not known."""
        if unknown and (self.words or self.codes or self.said):
            faults.silent = self._doubt()
            faults.remarks.append(
                say(
                    "Whom {touchpoints:list} reach is not known. {doubt}",
                    touchpoints=unknown,
                    doubt=faults.silent,
                )
            )
        elif self.words:
            shown = [word for word, _ in self.words.most_common(SHOWN)]
            faults.remarks.append(
                say_n(
                    "{file}: {count} rating is a word for no answer ({words:list}); where it means “never used”, write "
                    "not_experienced = {codes} under [{table}].",
                    "{file}: {count} ratings are words for no answer ({words:list}); where they mean “never used”, "
                    "write not_experienced = {codes} under [{table}].",
                    self.words.total(),
                    file=self.raw.file or self.raw.table,
                    words=tuple(map(_shown, shown)),
                    codes=toml_value([*self.settings.not_experienced, *shown]),
                    table=self.raw.table,
                )
            )

    def _doubt(self) -> Sentence:
        """Say which cells may mean either, with a line for each."""
        found = self.words + self.codes or self.said
        shown = [code for code, _ in found.most_common(SHOWN)]
        lines: dict[str, Any] = {}
        lines["not_experienced"] = [*self.settings.not_experienced, *found]
        if any(_code(code) in found for code in self.settings.no_answer):
            lines["no_answer"] = [code for code in self.settings.no_answer if _code(code) not in found]
        if self.empty:
            lines["blank"] = "not_experienced"
        cells = (*map(_shown, shown), *([say("empty cells")] if self.empty else []))
        return say_n(
            "{cells:list} in {count} rating may mean that somebody never used it or gave no answer. Never used: "
            "{never:all}. No answer: {none}. {place}",
            "{cells:list} in {count} ratings may mean that somebody never used it or gave no answer. Never used: "
            "{never:all}. No answer: {none}. {place}",
            found.total() + self.empty,
            cells=cells,
            never=tuple(setting_line(key, value, self.raw.file) for key, value in lines.items()),
            none=setting_line("blank", "no_answer", self.raw.file),
            place=self._place(),
        )

    def _place(self) -> Sentence:
        if not self.raw.file:
            return say("(for make_study)")
        settled = self.settings.not_experienced or self.settings.no_answer
        return say("(under [survey], in place of what is said there)") if settled else say("(under [survey])")


def _code(cell: Any) -> str | float:
    """Return a code as study.toml has to name it: a number where it is one."""
    text = str(cell).strip()
    return float(text) if NUMBER.fullmatch(text) else text


def _shown(code: Any) -> str:
    return code if isinstance(code, str) else f"{code:g}"
