"""Waves: given or told from the day of the answer, in the order of time as far as that is known."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from tpm_widgets.language import Sentence, say
from tpm_widgets.study.building.long_format import propose_long
from tpm_widgets.study.building.wave_names import names_counted, names_in_time, names_in_year
from tpm_widgets.study.cells.converting import as_texts
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.masking import MASK
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.cells.toml import toml_key, toml_text

LISTED = 8  # waves that a sentence lists
STRAY = 180  # days from the median of its wave that no answer of it lies away,
TIMES = 10  # nor so many times as far as half of them


def assign_waves(
    raw: RawTable, survey: pd.DataFrame, columns: Mapping[str, str], waves: pd.DataFrame | None, faults: Faults
) -> pd.DataFrame:
    """Return the survey with ``wave`` as an ordered categorical; without, where nothing tells the wave.

    Where nothing tells their order in time, ``faults`` gets a remark.
    """
    if "wave" not in survey and (waves is None or "date" not in survey):
        return survey
    if "wave" not in survey:
        names = _by_day(raw, survey["date"], columns["date"], waves, faults)
    else:
        names = survey["wave"]
        if waves is not None:
            unknown = (names.notna() & ~names.isin(waves["wave"])).to_numpy()
            remedy = say("Correct the cell, or list the wave in the table of waves.")
            faults.note(
                raw, unknown, columns["wave"], say("a wave of the table of waves"), remedy, reason=say("unknown wave")
            )
            names = names.mask(unknown)
        survey = _without_strays(raw, names, survey, columns, faults)
    order, doubt = _in_time(raw, names, survey, columns, waves)
    if doubt is not None:
        faults.order_of_waves = doubt
        faults.remarks.append(doubt)
    return survey.assign(wave=pd.Categorical(names, categories=order, ordered=True))


def _by_day(raw: RawTable, days: pd.Series, column: str, waves: pd.DataFrame | None, faults: Faults) -> pd.Series:
    """Name the first wave that was on at a day."""
    names = pd.Series(pd.NA, index=days.index, dtype="str")
    for wave in [] if waves is None else waves.sort_values("start", kind="stable").to_dict("records"):
        names = names.mask(names.isna() & days.between(wave["start"], wave["end"]), wave["wave"])
    outside = (days.notna() & names.isna()).to_numpy()
    remedy = say("Correct the day, or a wave's start or end.")
    faults.note(raw, outside, column, say("a day within a wave"), remedy, reason=say("day outside every wave"))
    return names


def _in_time(
    raw: RawTable, names: pd.Series, survey: pd.DataFrame, columns: Mapping[str, str], waves: pd.DataFrame | None
) -> tuple[list[str], Sentence | None]:
    """Order waves by their start, their own order, the time in their names or their answers' median days.

    Otherwise the file's order stands, and a sentence says so.
    """
    if waves is not None:
        return waves.sort_values("start", kind="stable")["wave"].to_list(), None
    present = list(map(str, pd.unique(names.dropna())))
    given = raw.frame[columns["wave"]].dtype
    if isinstance(given, pd.CategoricalDtype) and given.ordered:
        places = {name: place for place, name in enumerate(as_texts(pd.Series(given.categories)))}
        return sorted(present, key=lambda name: places[name]), None
    order = (
        names_in_time(present) or _by_day_of_answers(present, names, survey) or _by_code(raw, present, columns["wave"])
    )
    if order is None and names_in_year(present) is None:
        order = names_counted(present)
    if order is not None or len(present) < 2:
        return order or present, None
    in_year = names_in_year(present)
    if in_year is not None:
        doubt = say(
            "The names of the waves tell no year; they are taken in the order {waves:list}.", waves=_few(in_year)
        )
    else:
        doubt = say(
            "Nothing tells when the waves were; they stand in the order of the file: {waves:list}.", waves=_few(present)
        )
    return in_year or present, say(
        "{doubt} If that is wrong, give their days under [waves.{key}] and so on.",
        doubt=doubt,
        key=toml_key(present[0]),
    )


def _few(names: list[str]) -> tuple[str, ...]:
    return tuple(names if len(names) <= LISTED else [*names[: LISTED - 1], "…"])


def _by_day_of_answers(present: list[str], names: pd.Series, survey: pd.DataFrame) -> list[str] | None:
    """Order waves by the median day of their answers, which a stray one cannot move; of equal ones by the first."""
    if "date" not in survey:
        return None
    days = survey["date"].groupby(names).agg(["median", "min"])
    if days.isna().any(axis=None):
        return None
    return sorted(present, key=lambda wave: tuple(days.loc[wave]))


def _without_strays(
    raw: RawTable, names: pd.Series, survey: pd.DataFrame, columns: Mapping[str, str], faults: Faults
) -> pd.DataFrame:
    """Leave out, and note, days that lie so far from their wave's others that they are of another time, or mistyped."""
    if "date" not in survey or not survey["date"].notna().any():
        return survey
    days = survey["date"]
    away = (days - days.groupby(names).transform("median")).dt.days.abs()
    usual = away.groupby(names).transform("median")
    stray = ((away > STRAY) & (away > TIMES * usual)).fillna(False).to_numpy(bool)
    expected = say("a day near those of the same wave")
    faults.note(
        raw,
        stray,
        columns["date"],
        expected,
        say("Correct the day, or the wave."),
        reason=say("day far from its wave"),
    )
    return survey.assign(date=days.mask(stray))


def _by_code(raw: RawTable, present: list[str], column: str) -> list[str] | None:
    """Order the words of SPSS as its codes are."""
    words = [str(word) for _, word in sorted(raw.value_labels.get(column, {}).items(), key=lambda item: str(item[0]))]
    if not words or not set(present) <= set(words):
        return None
    codes = raw.value_labels[column]
    if all(isinstance(code, (int, float)) for code in codes):
        words = [str(codes[code]) for code in sorted(codes)]
    return sorted(present, key=words.index)


def natural(name: str) -> list[tuple[int, int, str]]:
    """Return what a name is sorted by, so that Q2 comes before Q10."""
    parts = [part for part in re.split(r"(\d+)", name) if part]
    return [
        (0, len(number := part.lstrip("0")), number) if part.isdecimal() else (1, 0, part)  # int() has a limit
        for part in parts
    ]


def refuse_repeated_respondents(
    raw: RawTable, survey: pd.DataFrame, columns: Mapping[str, str], faults: Faults
) -> None:
    """Note one structural fault where respondents answer a second time in a wave, with what it may mean."""
    if "respondent" not in survey:
        return
    within = [name for name in ("respondent", "wave") if name in survey]
    repeated = (survey.duplicated(within) & survey["respondent"].notna()).to_numpy()
    if not repeated.any():
        return
    column = columns["respondent"]
    same = raw.frame.duplicated().to_numpy()
    remedy = propose_long(raw, column, [columns["wave"]] if "wave" in columns else [])
    if remedy is None and same[repeated].all():
        remedy = say(
            "Rows that stand there twice, cell for cell: {count}. Leave them out: {line}. (under [{table}])",
            count=int(repeated.sum()),
            line='`repeated_rows = "drop"`' if raw.file else "drop_duplicates()",
            table=raw.table,
        )
    if remedy is None:
        remedy = _again(raw.table, column, int(repeated.sum()), "customer" in columns)
    faults.refuse(
        raw.table,
        raw.file if raw.places is None else raw.places[repeated][0],
        say("each respondent once in a wave"),
        remedy,
        row=int(raw.rows[repeated][0]),
        column=column,
        value=MASK,
    )


def _again(table: str, column: str, count: int, has_customer: bool) -> Sentence:
    """Say what is meant where a person answers again and again: as a customer, or in waves."""
    if has_customer:
        own = 'respondent = ""'
    elif column == "respondent":
        own = 'customer = "respondent" and respondent = ""'
    else:
        own = f"customer = {toml_text(column)}"
    return say(
        "Rows that repeat a respondent: {count}. Of customers who answer again and again, write under [{table}] {own} "
        'instead of respondent = {column}; of waves, name their column: wave = "…".',
        count=count,
        table=table,
        own=own,
        column=toml_text(column),
    )
