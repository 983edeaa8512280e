"""The answers of a survey: ratings on their scales, codes, weights, segments, and the columns that play no role."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.language import say
from tpm_widgets.study.building.checks import check_ratings, check_roles
from tpm_widgets.study.building.rules import Known, answer_remedy, words_for
from tpm_widgets.study.building.tables import TableReader
from tpm_widgets.study.cells.converting import as_flags, as_numbers, as_texts, comparable
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.model import Scale
from tpm_widgets.study.reading.settings import CODE_KINDS, SurveySettings
from tpm_widgets.study.schema import TABLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """What was read of a survey, row for row, and the scales of its answers."""

    survey: pd.DataFrame
    ratings: pd.DataFrame
    experienced: pd.DataFrame
    other_columns: pd.DataFrame
    aware: pd.DataFrame | None
    stated_importance: pd.DataFrame | None
    recommend_scale: Scale
    rating_scales: Mapping[str, Scale]


def read_answers(
    raw: RawTable,
    columns: Mapping[str, str],
    rated: Mapping[str, str],
    settings: SurveySettings,
    known: Known,
    faults: Faults,
) -> Answers:
    """Read and check every column of the survey that plays a role; ``rated`` maps touchpoints to columns."""
    reader = _reader(raw, columns, rated, settings, faults)
    scales = {name: scale_of("rating", column, settings) or settings.rating_scale for name, column in rated.items()}
    role_scales = {role: scale_of(role, columns[role], settings) for role in columns}
    survey = check_roles(raw, _roles(reader, columns, settings), columns, role_scales, known, faults)
    read, experienced = _ratings(reader, rated, settings)
    ratings = check_ratings(raw, read, rated, scales, faults)
    stated = _stated(reader, settings, list(rated))
    used = {*columns.values(), *rated.values(), *settings.segments}
    used |= {*(settings.aware or {}), *(settings.stated_importance or {})}
    return Answers(
        survey=survey,
        ratings=ratings,
        experienced=experienced.mask(ratings.isna() & experienced, pd.NA),
        other_columns=_others(reader, [column for column in map(str, raw.frame) if column not in used]),
        aware=_aware(reader, settings, list(rated)),
        stated_importance=stated,
        recommend_scale=role_scales["recommend"] or settings.recommend_scale,
        rating_scales=scales,
    )


def _reader(
    raw: RawTable,
    columns: Mapping[str, str],
    rated: Mapping[str, str],
    settings: SurveySettings,
    faults: Faults,
) -> TableReader:
    roles = [columns[role.name] for role in TABLES["survey"] if role.kind == "number" and role.name in columns]
    numbers = [*roles, *rated.values(), *(settings.stated_importance or {})]
    return TableReader.of(raw, settings, faults, numbers, [columns["date"]] if "date" in columns else [])


def scale_of(role: str, column: str, settings: SurveySettings) -> Scale | None:
    """Return the scale of a column: its own, or that of the question on recommendation or of the ratings."""
    default = {"recommend": settings.recommend_scale, "rating": settings.rating_scale, "overall": settings.rating_scale}
    return settings.scales.get(column) or settings.scales.get(role) or default.get(role)


def _ratings(
    reader: TableReader, rated: Mapping[str, str], settings: SurveySettings
) -> tuple[pd.DataFrame, pd.DataFrame]:
    ratings, experienced = {}, {}
    for touchpoint, column in rated.items():
        values, never, failed = _on_scale(reader, "rating", column, settings)
        if settings.blank == "not_experienced":
            never |= np.isnan(values) & ~failed
        ratings[touchpoint] = values
        experienced[touchpoint] = pd.array(~never, dtype="boolean")
        experienced[touchpoint][np.isnan(values) & ~never] = pd.NA
    index = reader.raw.frame.index
    return pd.DataFrame(ratings, index=index), pd.DataFrame(experienced, index=index)


def _on_scale(
    reader: TableReader, role: str, column: str, settings: SurveySettings
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return the numbers of a column, where its code says "never experienced", and where it holds no answer's code."""
    scale = scale_of(role, column, settings)
    codes = {kind: _codes(role, column, kind, scale, settings) for kind in CODE_KINDS}
    cells = reader.raw.cells(column, [code for several in codes.values() for code in several])
    values, failed = as_numbers(cells, reader.decimal)
    masks = {kind: _is_code(cells, values, several) for kind, several in codes.items()}
    coded = masks["not_experienced"] | masks["no_answer"]
    failed &= ~coded
    values[coded] = np.nan
    reader.note(failed, column, words_for(scale), answer_remedy(), say("no number"))
    return values, masks["not_experienced"], failed | masks["no_answer"]


def _codes(role: str, column: str, kind: str, scale: Scale | None, settings: SurveySettings) -> list[Any]:
    """List the codes that count in a column: its own or the survey's, and of them those off the declared scale."""
    own = settings.codes.get(column) or settings.codes.get(role) or {}
    general = getattr(settings, kind) if scale is not None else ()
    codes = own.get(kind, general)
    if scale is None:
        return list(codes)
    return [code for code in codes if isinstance(code, str) or not scale[0] <= code <= scale[1]]


def _is_code(cells: pd.Series, values: np.ndarray, codes: Sequence[Any]) -> np.ndarray:
    """Where a column holds one of several codes, be they numbers or words."""
    found = np.zeros(len(values), dtype=bool)
    words = [comparable(code) for code in codes if isinstance(code, str)]
    for code in codes:
        if not isinstance(code, str):
            found |= values == code
    if words and not pd.api.types.is_numeric_dtype(cells.dtype):
        found |= cells.isin([cell for cell in cells.dropna().unique() if comparable(cell) in words]).to_numpy(bool)
    return found


def _roles(reader: TableReader, columns: Mapping[str, str], settings: SurveySettings) -> pd.DataFrame:
    survey: dict[str, Any] = {}
    for role in TABLES["survey"]:
        if role.name not in columns:
            continue
        if role.kind == "number":
            survey[role.name] = _on_scale(reader, role.name, columns[role.name], settings)[0]
        else:
            survey[role.name] = reader.read(role, columns[role.name])
    for segment in settings.segments:
        if segment not in survey:
            survey[segment] = _segment(reader.raw.words(segment))
    return pd.DataFrame(survey, index=reader.raw.frame.index)


def _segment(cells: pd.Series) -> pd.Series:
    """Texts; an order that the file or the frame gives to the groups is kept."""
    if isinstance(cells.dtype, pd.CategoricalDtype) and cells.cat.ordered:
        return cells.cat.rename_categories(as_texts(pd.Series(cells.cat.categories)).to_list())
    return as_texts(cells)


def _aware(reader: TableReader, settings: SurveySettings, names: list[str]) -> pd.DataFrame | None:
    if not settings.aware:
        return None
    aware = {}
    for column, touchpoint in settings.aware.items():
        cells = reader.raw.words(column)
        values, failed = as_flags(cells, reader.codes(column, column))
        failed &= ~_is_code(cells, as_numbers(cells)[0], _codes("aware", column, "no_answer", (0, 1), settings))
        remedy = say("Name the file's own words under [{table}.codes.{role}].", table="survey", role=column)
        reader.note(failed, column, say("yes or no"), remedy, say("neither yes nor no"))
        aware[touchpoint] = values
    return pd.DataFrame(aware, index=reader.raw.frame.index).reindex(columns=names)


def _stated(reader: TableReader, settings: SurveySettings, names: list[str]) -> pd.DataFrame | None:
    if not settings.stated_importance:
        return None
    columns = {touchpoint: column for column, touchpoint in settings.stated_importance.items()}
    scales = {name: scale_of("rating", column, settings) or settings.rating_scale for name, column in columns.items()}
    read = {name: _on_scale(reader, "rating", column, settings)[0] for name, column in columns.items()}
    stated = pd.DataFrame(read, index=reader.raw.frame.index)
    return check_ratings(reader.raw, stated, columns, scales, reader.faults).reindex(columns=names)


def _others(reader: TableReader, columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame({column: _inferred(reader, column) for column in columns}, index=reader.raw.frame.index)


def _inferred(reader: TableReader, column: str) -> pd.Series | np.ndarray:
    """Read a column without a role: words of codes, numbers where all are (but 01234 is a postcode), or texts."""
    cells = reader.raw.words(column).infer_objects()
    if not (pd.api.types.is_string_dtype(cells.dtype) or cells.dtype == object):
        return cells
    texts = as_texts(cells)
    if texts.str.match(r"-?0\d").any():
        return texts
    values, failed = as_numbers(texts, reader.decimal)
    return texts if failed.any() else values
