"""One column of answers on a scale: its numbers, the numbers in its labels, and its codes for no answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.language import say
from tpm_widgets.study.building.remedies import AnswerRemedies
from tpm_widgets.study.building.rules import words_for
from tpm_widgets.study.building.tables import TableReader
from tpm_widgets.study.cells.converting import as_flags, as_numbers, comparable
from tpm_widgets.study.model import Scale
from tpm_widgets.study.reading.choices import EVERYWHERE
from tpm_widgets.study.reading.settings import CODE_KINDS, SurveySettings

NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")  # 007 is none


def scale_of(role: str, column: str, settings: SurveySettings) -> Scale | None:
    """Return the scale of a column: its own, or that of the question on recommendation or of the ratings."""
    default = {"recommend": settings.recommend_scale, "rating": settings.rating_scale, "overall": settings.rating_scale}
    return settings.scales.get(column) or settings.scales.get(role) or default.get(role)


def on_scale(
    reader: TableReader, role: str, column: str, settings: SurveySettings, remedies: AnswerRemedies
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Return the numbers of a column, where its code says "never experienced", "no answer", and where it is faulty."""
    scale = scale_of(role, column, settings)
    codes = {kind: codes_of(role, column, kind, scale, settings) for kind in CODE_KINDS}
    every = [code for several in codes.values() for code in several]
    cells = reader.raw.cells(column, every)
    values, failed = as_numbers(cells, reader.decimal)
    if settings.words:
        _put_words(reader.raw.words(column, every), words_of(role, column, settings), values, failed)
    if scale is not None and failed.any():
        failed &= ~is_code(cells, values, every)
        reader.take_from_labels(column, scale, cells, values, failed, every)
    masks = {kind: is_code(cells, values, several) for kind, several in codes.items()}
    coded = masks["not_experienced"] | masks["no_answer"]
    failed &= ~coded
    values[coded] = np.nan
    if failed.any():
        remedy = remedies.unreadable(role, column, scale, cells[failed], values)
        reader.note(failed, column, words_for(scale), remedy, say("no number"))
    return values, masks["not_experienced"], masks["no_answer"], failed


def words_of(role: str, column: str, settings: SurveySettings) -> dict[str, float]:
    """Return the numbers of the words of a column: its own before those of its role, and these before all others."""
    several = (settings.words.get(name, {}) for name in (EVERYWHERE, role, column))
    return {comparable(word): number for words in several for word, number in words.items()}


def _put_words(cells: pd.Series, words: Mapping[str, float], values: np.ndarray, failed: np.ndarray) -> None:
    """Put into ``values`` the numbers that words stand for."""
    if pd.api.types.is_numeric_dtype(cells.dtype):
        return
    where, uniques = pd.factorize(cells)
    numbers = np.array([*(words.get(comparable(cell), np.nan) for cell in uniques), np.nan])[where]
    given = ~np.isnan(numbers)
    values[given] = numbers[given]
    failed[given] = False


def flags_of_words(
    cells: pd.Series, words: Mapping[str, float], codes: Mapping[str, Sequence[Any]] | None = None
) -> pd.Series:
    """Put in the place of words the numbers that they stand for, where these say yes or no."""
    if not words or pd.api.types.is_numeric_dtype(cells.dtype):
        return cells
    numbers = pd.Series([f"{number:g}" for number in words.values()], index=list(words), dtype="str")
    meant = numbers[as_flags(numbers.reset_index(drop=True), codes)[0].notna().to_numpy(bool)]
    where, uniques = pd.factorize(cells)
    put = np.array([*(meant.get(comparable(cell), cell) for cell in uniques), None], dtype=object)[where]
    return pd.Series(put, index=cells.index, dtype=object)


def codes_of(role: str, column: str, kind: str, scale: Scale | None, settings: SurveySettings) -> list[Any]:
    """List the codes that count in a column: its own or the survey's, and of them those off the declared scale."""
    own = settings.codes.get(column) or settings.codes.get(role) or {}
    general = getattr(settings, kind) if scale is not None else ()
    codes = own.get(kind, general)
    both = [form for code in codes for form in _forms(code)]
    if scale is None:
        return both
    return [code for code in both if isinstance(_forms(code)[0], str) or not scale[0] <= _forms(code)[0] <= scale[1]]


def _forms(code: Any) -> tuple[Any, ...]:
    """Return a code as a number and as a text, whichever way it is written: files hold 98 in either."""
    text = code if isinstance(code, str) else f"{code:g}"
    return (float(text), text) if NUMBER.fullmatch(text) else (code,)


def is_code(cells: pd.Series, values: np.ndarray, codes: Sequence[Any]) -> np.ndarray:
    """Where a column holds one of several codes, be they numbers or words."""
    found = np.zeros(len(values), dtype=bool)
    words = [comparable(code) for code in codes if isinstance(code, str)]
    for code in codes:
        if not isinstance(code, str):
            found |= values == code
    if words and not pd.api.types.is_numeric_dtype(cells.dtype):
        found |= cells.isin([cell for cell in cells.dropna().unique() if comparable(cell) in words]).to_numpy(bool)
    return found
