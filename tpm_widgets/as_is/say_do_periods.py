"""Spans of time in which answers and deeds are set against each other: quarters, months, or what followed a wave."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from tpm_widgets.as_is.linkage import day_number
from tpm_widgets.as_is.new_customers import FREQUENCIES, period_name
from tpm_widgets.errors import DataError
from tpm_widgets.language import say
from tpm_widgets.study.model import Study, need

Rhythm = Literal["quarter", "month", "wave"]
ONE_DAY = pd.Timedelta(1, "D")


@dataclass(frozen=True, slots=True)
class Span:
    """One period: its name, its first and last day of deeds (since 1970; last < first: none), its answers' rows."""

    name: str
    first: int
    last: int
    rows: np.ndarray


def calendar_spans(study: Study, period: Rhythm, recorded: Sequence[pd.Timestamp], verb: str) -> list[Span]:
    """Cut the time of answers and of recording into calendar periods, those without anything included."""
    need(study, verb, survey=("date",))
    answered = study.survey["date"].dt.to_period(FREQUENCIES[period])
    ends = pd.Series(recorded, dtype="datetime64[ns]").dt.to_period(FREQUENCIES[period])
    both = pd.concat([answered.dropna(), ends])
    return [
        Span(
            period_name(part),
            day_number(part.start_time),
            day_number(part.end_time),
            np.flatnonzero((answered == part).to_numpy()),
        )
        for part in pd.period_range(both.min(), both.max(), freq=FREQUENCIES[period])
    ]


def wave_spans(study: Study, observed_until: pd.Timestamp, verb: str) -> list[Span]:
    """Give each wave the time after it: from the day after its end to the end of the next wave, one window at most."""
    waves = wave_names(study, verb)
    ends = _wave_ends(study).dropna()
    undated = [wave for wave in waves if wave not in ends.index]
    if undated:
        expected = say("the days of wave {wave}, for {verb}", wave=undated[0], verb=verb)
        remedy = say("Declare each wave's start and end as a table [waves], or name the column of the answers' dates.")
        raise DataError([{"table": "survey", "column": "wave", "expected": str(expected), "remedy": str(remedy)}])
    ordered = ends[ends.index.isin(waves)].sort_values(kind="stable")
    after = [*ordered.iloc[1:], observed_until]
    return [
        Span(
            str(wave),
            day_number(end + ONE_DAY),
            day_number(min(following, end + study.period.window * ONE_DAY)),
            _answers(study, str(wave)),
        )
        for (wave, end), following in zip(ordered.items(), after, strict=True)
    ]


def undated_waves(study: Study, verb: str) -> list[Span]:
    """Return the waves with their answers and no time after them, for deeds that the answers report themselves."""
    return [Span(wave, 0, -1, _answers(study, wave)) for wave in wave_names(study, verb)]


def wave_names(study: Study, verb: str) -> list[str]:
    """Name the waves that were answered, in their order."""
    need(study, verb, survey=("wave",))
    return [
        str(wave)
        for wave in study.survey["wave"].dropna().astype("category").cat.remove_unused_categories().cat.categories
    ]


def _answers(study: Study, wave: str) -> np.ndarray:
    """Return the rows of one wave's answers."""
    return np.flatnonzero((study.survey["wave"].astype(str) == wave).to_numpy())


def _wave_ends(study: Study) -> pd.Series:
    """Return the last day of each wave: as declared, else the day of its last answer."""
    if study.waves is not None:
        declared = study.waves.drop_duplicates("wave")
        return declared.set_index(declared["wave"].astype(str))["end"]
    if not study.has("survey", "date"):
        return pd.Series(dtype="datetime64[ns]")
    return study.survey["date"].groupby(study.survey["wave"].astype(str)).max()
