"""The answers of a survey: ratings on their scales, codes, weights, segments, and the columns that play no role."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.language import say
from tpm_widgets.statistics.score.question import YES_NO, Question
from tpm_widgets.study.building.checks import check_ratings, check_roles
from tpm_widgets.study.building.direction import doubt_direction
from tpm_widgets.study.building.remedies import AnswerRemedies
from tpm_widgets.study.building.rules import Known
from tpm_widgets.study.building.scaled import codes_of, flags_of_words, is_code, on_scale, scale_of, words_of
from tpm_widgets.study.building.silence import Silent
from tpm_widgets.study.building.tables import TableReader
from tpm_widgets.study.building.turning import Turning
from tpm_widgets.study.cells.converting import as_flags, as_numbers, as_texts
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.cells.toml import toml_key
from tpm_widgets.study.model import Scale
from tpm_widgets.study.reading.settings import CODE_KINDS, SurveySettings
from tpm_widgets.study.schema import TABLES, UNDATED


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
    reach_unknown: tuple[str, ...]


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
    remedies = AnswerRemedies(settings, raw.file, _on_rating_scale(columns, rated, settings))
    scales = {name: scale_of("rating", column, settings) or settings.rating_scale for name, column in rated.items()}
    role_scales = {role: scale_of(role, columns[role], settings) for role in columns}
    survey = check_roles(
        raw, _roles(reader, columns, settings, remedies), columns, role_scales, known, remedies, faults
    )
    read, experienced, blank = _ratings(reader, rated, settings, remedies)
    ratings = check_ratings(raw, read, rated, scales, remedies, faults)
    stated = _stated(reader, settings, list(rated), remedies)
    aware = _aware(reader, settings, list(rated), remedies)
    if settings.turned:
        flags = {role.name: YES_NO for role in TABLES["survey"] if role.kind == "flag"}
        turnable = {role: scale for role in columns if (scale := flags.get(role) or role_scales[role]) is not None}
        asked = {role: columns[role] for role in turnable}
        turning = Turning.of(raw, asked, rated, settings, faults)
        survey = turning.turn(survey, asked, turnable)
        ratings = turning.turn(ratings, rated, scales)
        if stated is not None:
            stated = turning.turn(stated, *_stated_scales(settings), by_column=True)
        if aware is not None:
            seen = {touchpoint: column for column, touchpoint in (settings.aware or {}).items()}
            aware = turning.turn(aware, seen, dict.fromkeys(seen, YES_NO), by_column=True)
        faults.remarks += turning.told()
    asked_of = {**rated, **{role: columns[role] for role in ("overall",) if role in columns}}
    faults.doubts += doubt_direction(raw, survey, ratings, asked_of, settings)
    used = {*columns.values(), *rated.values(), *settings.segments}
    used |= {*(settings.aware or {}), *(settings.stated_importance or {})}
    return Answers(
        survey=survey,
        ratings=ratings,
        experienced=experienced.mask(ratings.isna() & experienced, pd.NA),
        other_columns=_others(reader, [column for column in map(str, raw.frame) if column not in used]),
        aware=aware,
        stated_importance=stated,
        recommend_scale=role_scales["recommend"] or settings.recommend_scale,
        rating_scales=scales,
        reach_unknown=blank,
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


def _on_rating_scale(columns: Mapping[str, str], rated: Mapping[str, str], settings: SurveySettings) -> list[str]:
    """List the columns that are read on the scale of ratings, for none of their own is declared."""
    named = [*rated.values(), *(settings.stated_importance or {})]
    if "overall" in columns and "overall" not in settings.scales:
        named.append(columns["overall"])
    return [column for column in named if column not in settings.scales]


def ask_about_scale(raw: RawTable, column: str, answers: Answers, faults: Faults) -> None:
    """Ask about a question on 0 to 10 of which all answers lie on a shorter scale; nothing is left out."""
    scores = answers.survey["recommend"].to_numpy(float, na_value=np.nan)
    scale = Question(answers.recommend_scale).likelier(scores)
    if scale is None:
        return
    low, high = (f"{end:g}" for end in scale)
    if scale == YES_NO:
        remedy = say('If so: `recommend_scale = "yes/no"`. If not: `recommend_scale = [0, 10]`.')
    elif scale == (1, 2):
        remedy = say(
            'If so: `recommend_scale = "yes/no"` with `codes.{column} = {{ true = [1], false = [2] }}`. If not: '
            "`recommend_scale = [0, 10]`.",
            column=toml_key(column),
        )
    else:
        remedy = say(
            "If so: `recommend_scale = [{low}, {high}]`. If not: `recommend_scale = [0, 10]`.", low=low, high=high
        )
    expected = (
        say("only {low} and {high} on a scale 0–10: a yes/no question?", low=low, high=high)
        if scale in (YES_NO, (1, 2))
        else say("only {low} to {high} on a scale 0–10: another scale?", low=low, high=high)
    )
    faults.report(raw, column, f"{low}, {high}", expected, remedy)


def _ratings(
    reader: TableReader, rated: Mapping[str, str], settings: SurveySettings, remedies: AnswerRemedies
) -> tuple[pd.DataFrame, pd.DataFrame, tuple[str, ...]]:
    """Return ratings, who experienced each touchpoint, and those of which cells without a rating may mean nobody."""
    ratings, experienced, unknown = {}, {}, []
    silent = Silent(reader.raw, settings)
    for touchpoint, column in rated.items():
        values, never, none, failed = on_scale(reader, "rating", column, settings, remedies)
        blank = np.isnan(values) & ~failed & ~never & ~none
        silent.add(column, blank, none)
        if settings.blank == "not_experienced":
            never |= blank
        elif settings.blank is None and (blank | none).any() and not _has_code_for_never(column, settings):
            unknown.append(touchpoint)
        ratings[touchpoint] = values
        experienced[touchpoint] = pd.array(~never, dtype="boolean")
        experienced[touchpoint][np.isnan(values) & ~never] = pd.NA
    index = reader.raw.frame.index
    silent.tell(tuple(unknown), reader.faults)
    return pd.DataFrame(ratings, index=index), pd.DataFrame(experienced, index=index), tuple(unknown)


def _has_code_for_never(column: str, settings: SurveySettings) -> bool:
    return bool(codes_of("rating", column, "not_experienced", scale_of("rating", column, settings), settings))


def _roles(
    reader: TableReader, columns: Mapping[str, str], settings: SurveySettings, remedies: AnswerRemedies
) -> pd.DataFrame:
    survey: dict[str, Any] = {}
    for role in TABLES["survey"]:
        if role.name not in columns:
            continue
        if role.kind == "flag":
            survey[role.name] = _flags(reader, role.name, columns[role.name], settings, remedies)
            if role.name in (*UNDATED, "recommended_12m"):
                reader.ask_for_no(role.name, columns[role.name], survey[role.name])
        elif role.name == "recommend" and scale_of("recommend", columns["recommend"], settings) == YES_NO:
            flags = _flags(reader, "recommend", columns["recommend"], settings, remedies)
            survey["recommend"] = flags.astype("Float64").to_numpy(float, na_value=np.nan)
        elif role.kind == "number":
            numbers = on_scale(reader, role.name, columns[role.name], settings, remedies)[0]
            survey[role.name] = (
                reader.counted(role.name, columns[role.name], numbers) if role.name in UNDATED else numbers
            )
        else:
            survey[role.name] = reader.read(role, columns[role.name])
    for segment in settings.segments:
        if segment not in survey:
            survey[segment] = reader.texts(segment, tell=True)
    return pd.DataFrame(survey, index=reader.raw.frame.index)


def _aware(
    reader: TableReader, settings: SurveySettings, names: list[str], remedies: AnswerRemedies
) -> pd.DataFrame | None:
    if not settings.aware:
        return None
    aware = {}
    for column, touchpoint in settings.aware.items():
        aware[touchpoint] = _flags(reader, column, column, settings, remedies)
    return pd.DataFrame(aware, index=reader.raw.frame.index).reindex(columns=names)


def _flags(
    reader: TableReader, role: str, column: str, settings: SurveySettings, remedies: AnswerRemedies
) -> pd.Series:
    """Return nullable booleans; a code of "no answer" is missing."""
    codes = {value: words for value, words in reader.codes(role, column).items() if value not in CODE_KINDS}
    cells = flags_of_words(reader.raw.words(column), words_of(role, column, settings), codes)
    values, failed = as_flags(cells, codes)
    failed &= ~is_code(cells, as_numbers(cells)[0], codes_of(role, column, "no_answer", YES_NO, settings))
    if failed.any():
        read = values.astype("Float64").to_numpy(float, na_value=np.nan)
        remedy = remedies.unreadable(role, column, YES_NO, as_texts(cells)[failed], read, flag=True)
        reader.note(failed, column, say("yes or no"), remedy, say("neither yes nor no"))
    return values


def _stated(
    reader: TableReader, settings: SurveySettings, names: list[str], remedies: AnswerRemedies
) -> pd.DataFrame | None:
    if not settings.stated_importance:
        return None
    columns, scales = _stated_scales(settings)
    read = {name: on_scale(reader, "rating", column, settings, remedies)[0] for name, column in columns.items()}
    stated = pd.DataFrame(read, index=reader.raw.frame.index)
    return check_ratings(reader.raw, stated, columns, scales, remedies, reader.faults).reindex(columns=names)


def _stated_scales(settings: SurveySettings) -> tuple[dict[str, str], dict[str, Scale]]:
    """Return the column and the scale of the stated importance of each touchpoint."""
    columns = {touchpoint: column for column, touchpoint in (settings.stated_importance or {}).items()}
    scales = {name: scale_of("rating", column, settings) or settings.rating_scale for name, column in columns.items()}
    return columns, scales


def _others(reader: TableReader, columns: list[str]) -> pd.DataFrame:
    return pd.DataFrame({column: _inferred(reader, column) for column in columns}, index=reader.raw.frame.index)


def _inferred(reader: TableReader, column: str) -> pd.Series | np.ndarray:
    """Read a column without a role: words of codes, numbers where all are (but 01234 is a postcode), or texts."""
    cells = reader.raw.words(column).infer_objects()
    if isinstance(cells.dtype, pd.CategoricalDtype) and column in reader.raw.value_labels:
        return reader.texts(column, in_order=True)
    if not (pd.api.types.is_string_dtype(cells.dtype) or cells.dtype == object):
        return cells
    texts = reader.texts(column, merge=True)
    if texts.str.match(r"-?0\d").any():
        return texts
    values, failed = as_numbers(texts, reader.decimal)
    return texts if failed.any() else values
