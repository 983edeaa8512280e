"""Frames in memory → a study."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Literal

import numpy as np
import pandas as pd

from tpm_widgets.study.building.build import build_study
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.frames import as_pandas
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.model import Scale, Study
from tpm_widgets.study.reading.files import wanted_columns
from tpm_widgets.study.reading.no_table import period_settings, weight_settings
from tpm_widgets.study.reading.sections import Section
from tpm_widgets.study.reading.settings import (
    Blank,
    DateOrder,
    Settings,
    TableSettings,
    least_group,
    survey_settings,
    table_settings,
)
from tpm_widgets.study.schema import TABLES, role_names

Day = str | date | pd.Timestamp


def make_study(
    survey: Any,
    *,
    recommend: str = "recommend",
    touchpoints: Mapping[str, str] | Sequence[str] | None = None,
    recommend_scale: Scale | Literal["yes/no"] = (0, 10),
    rating_scale: Scale = (1, 5),
    scales: Mapping[str, Any] | None = None,
    not_experienced: Sequence[Any] = (),
    no_answer: Sequence[Any] = (),
    blank: Blank | None = None,
    codes: Mapping[str, Any] | None = None,
    words: Mapping[str, Any] | None = None,
    reversed: Sequence[str] | Mapping[str, bool] | bool = (),  # noqa: A002 – as in study.toml
    keep: Mapping[str, Any] | None = None,
    drop: Mapping[str, Any] | None = None,
    respondent: str | None = None,
    customer: str | None = None,
    date: str | None = None,
    wave: str | None = None,
    weight: str | None = None,
    strata: str | None = None,
    cluster: str | None = None,
    margins: Mapping[str, Mapping[Any, float]] | None = None,
    segments: Sequence[str] = (),
    labels: Mapping[str, Any] | None = None,
    roles: Mapping[str, Any] | None = None,
    touchpoint_table: Any = None,
    customers: Any = None,
    referrals: Any = None,
    incidents: Any = None,
    reviews: Any = None,
    revenue: Any = None,
    actions: Any = None,
    goals: Any = None,
    waves: Any = None,
    date_order: DateOrder | None = None,
    long: Mapping[str, str] | None = None,
    recording_start: Day | None = None,
    observed_until: Day | None = None,
    min_group: int = 5,
    cutoffs: tuple[float, float] | None = None,
) -> Study:
    """Make a study of tables that you have in memory already.

    Parameters
    ----------
    survey : data frame or path
        One row per respondent and wave: a frame of pandas, Polars (eager or lazy) or PyArrow, a DuckDB relation, or
        the path of a Parquet file or of a folder of them. No table that is given is changed, and each gives the same
        study. A study holds all of its cells in memory; for more answers than fit there, make it of a sample of the
        rows, or give the table itself to ``net_promoter_score``.
    recommend : str
        The column of the question "how likely is it that you would recommend us to a friend?".
    touchpoints : mapping or sequence of str
        The columns of ratings: ``{column: touchpoint}``, or a list of columns that are called like their
        touchpoints. None takes the columns that are called like a touchpoint of ``touchpoint_table``.
    recommend_scale, rating_scale : pair of numbers
        The lowest and the highest answer of the question on recommendation, and of each rating. ``"yes/no"`` for a
        question on recommendation that was answered by yes or no, 1 or 0, or the study's own words for them
        (``codes={"recommend": {"true": ["sure"], "false": ["never"]}}``).
    scales : mapping
        Where a column has another scale: ``{column: (lowest, highest)}``; for other tables nested:
        ``{"reviews": {"stars": (1, 10)}}``.
    not_experienced, no_answer : sequence
        Codes, as numbers or words, that mean "I never used it" and "no answer". A code counts only where it lies
        outside the column's scale: a 6 is an answer on 0–10.
    blank : {"not_experienced", "no_answer"}, optional
        What a blank rating means. None: no answer, and where no code tells who never used a touchpoint, it stays open
        whom it reaches.
    codes : mapping
        Where a column has codes of its own: ``{column: {"no_answer": [11]}}``; for other tables the words that stand
        for the values of a category or for yes and no: ``{"customers": {"source": {"recommendation": ["friend"]}}}``.
        ``{"advocate": {"true": ["x"], "false": [""]}}`` makes a blank cell of a deed a no, in a count a 0.
    words : mapping
        The numbers of answers in words: ``{"very good": 5, "good": 4}``, compared without regard to case, spaces and
        hyphens; where one column has its own, under its name: ``{"q1": {"always": 5}}``. The one number in a label
        ("Agree (4)", "4 of 5", "★★★★", answer codes A1 to A5) needs none.
    reversed : sequence of str, mapping or bool
        Touchpoints or columns on whose scale low is good (school grades, "strongly agree" = 1); True: all ratings.
        False, or ``{"shop": False}``, says that high is good, where answers look as if it were not. The study
        holds low + high - answer, so that higher is better everywhere; the declared scale stays.
    keep, drop : mapping
        Rows that are answers, or are none (previews, unfinished answers, totals), by the values of a column:
        ``{"Finished": ["True", 1]}``; for other tables nested by table. They are counted in ``left_out``.
    respondent, customer, date, wave, weight : str
        The columns of the respondent's and the customer's identifier, the day of the answer, the wave, and the
        survey weight. None: there is none, even if a column is called like it.
    strata, cluster : str
        How the answers were drawn, for their errors: the columns of the strata, and of the units (shops, households)
        that were drawn as a whole. Without ``cluster``, the answers of one customer or respondent are one unit.
    margins : mapping
        What is known of the population: the share of each value of a column, ``{"sex": {"f": 0.52, "m": 0.48}}``, or of
        several columns crossed, ``{"age:sex": {"young:f": 0.2, …}}``. The weights are raked to it.
    segments : sequence of str
        Columns of groups, to be compared under their own names.
    labels : mapping
        Words to be shown instead of codes, ``{column: {1: "yes", 2: "no"}}``, or of a column, ``{column: "Shop"}``;
        both at once: ``{column: {"Gender": {1: "female", 2: "male"}}}``.
    roles : mapping
        Further roles of the survey (``{"overall": "Q7ALL"}``; ``aware`` and ``stated_importance`` map columns to
        touchpoints), and, nested by table, columns of the other tables (``{"customers": {"customer": "id"}}``), which
        otherwise are found by the names of their roles.
    touchpoint_table, customers, referrals, incidents, reviews, revenue, actions, goals, waves : data frame or path
        The other tables, as far as there are any.
    date_order : {"day first", "month first"}, optional
        What 03/04/2024 means, in every table; None tells it from the days of each table as far as they show it.
    long : mapping, optional
        Where ``survey`` has one row for each answer to a question: ``{"question": column, "answer": column}``. The
        questions are named like columns then; what else a respondent's rows have in common is kept.
    recording_start, observed_until : str or date
        The first and the last day on which recommendations were recorded.
    min_group : int
        Groups below this many answers are withheld.
    cutoffs : pair of numbers
        The highest answer of a detractor and of a passive, for all verbs. None: 6 and 8, on another scale than 0 to 10
        the answers in their place.

    Returns
    -------
    Study
        With every faulty cell missing, and listed in ``study.problems``; row 1 is the frame's first row. Names of
        columns are cleaned as ``load_study`` does it.

    Raises
    ------
    DataError
        Where no study can be made (a missing column, an unknown role, no rows, a respondent twice in a wave); every
        such fault at once.
    TypeError
        Where a table is neither a data frame nor a path.

    Examples
    --------
    >>> import pandas as pd
    >>> import tpm_widgets as tpm
    >>> answers = pd.DataFrame({"nps": [10, 7, 11], "q1": [5, 6, 4], "q2": [4, 3, 9]})
    >>> study = tpm.make_study(answers, recommend="nps", touchpoints={"q1": "website", "q2": "hotline"},
    ...                        not_experienced=[6], no_answer=[11])
    >>> study
    Study('study': 3 answers, 2 touchpoints, with touchpoints)
    >>> study.ratings
       website  hotline
    0      5.0      4.0
    1      NaN      3.0
    2      4.0      NaN
    >>> study.problems[["row", "column", "value", "expected"]]
       row column value              expected
    0    3     q2     9  a number from 1 to 5
    """
    frames = {
        "survey": survey,
        "touchpoints": touchpoint_table,
        "customers": customers,
        "referrals": referrals,
        "incidents": incidents,
        "reviews": reviews,
        "revenue": revenue,
        "actions": actions,
        "goals": goals,
        "waves": waves,
    }
    frames = {table: frame for table, frame in frames.items() if frame is not None}
    faults = Faults()

    def section(name: str, given: dict[str, Any]) -> Section:
        return Section(name, given, "", faults)

    own_roles, roles_of = _by_table(roles)
    own_codes, codes_of = _by_table(codes)
    own_scales, scales_of = _by_table(scales)
    own_keep, keep_of = _by_table(keep)
    own_drop, drop_of = _by_table(drop)
    columns = {
        "recommend": recommend,
        "respondent": respondent,
        "customer": customer,
        "date": date,
        "wave": wave,
        "weight": weight,
        "strata": strata,
        "cluster": cluster,
        **own_roles,
    }
    own = {
        **dict.fromkeys(role_names("survey"), ""),  # not to be found by the names of columns
        **{role: column for role, column in columns.items() if column is not None},
        "touchpoints": touchpoints,
        "recommend_scale": recommend_scale,
        "cutoffs": cutoffs,
        "rating_scale": rating_scale,
        "scales": own_scales,
        "not_experienced": not_experienced,
        "no_answer": no_answer,
        "blank": blank,
        "codes": own_codes,
        "words": words,
        "reversed": reversed,
        "keep": own_keep,
        "drop": own_drop,
        "segments": segments,
        "date_order": date_order,
        "long": long,
        "labels": labels,
    }
    others = {
        table: {
            "codes": codes_of.get(table),
            "scales": scales_of.get(table),
            "date_order": date_order,
            "keep": keep_of.get(table),
            "drop": drop_of.get(table),
            **roles_of.get(table, {}),
        }
        for table in frames
        if table != "survey"
    }
    recorded = {"recording_start": recording_start, "observed_until": observed_until}
    settings = Settings(
        name="study",
        title="study",
        min_group=least_group(section("study", {"min_group": min_group})),
        survey=survey_settings(section("survey", own)),
        tables={table: table_settings(section(table, given)) for table, given in others.items()},
        margins=weight_settings(section("weights", {"margins": margins} if margins else {})),
        period=period_settings(section("period", recorded)),
    )
    raw = {table: _raw(table, frame, settings.of(table)) for table, frame in frames.items()}
    return build_study(settings, raw, faults)


def _by_table(given: Mapping[str, Any] | None) -> tuple[dict[str, Any], dict[str, Any]]:
    """Take apart what is said of the survey's columns and what is said, nested, of another table's."""
    given = dict(given or {})
    nested = {name: given.pop(name) for name in list(given) if name in TABLES and isinstance(given[name], Mapping)}
    return given, nested


def _raw(table: str, frame: Any, settings: TableSettings) -> RawTable:
    """Return the cells of a table, numbered as they stand."""
    cells = as_pandas(table, frame)
    return RawTable.of(table, cells, wanted_columns(table, settings).named, file="", rows=np.arange(1, len(cells) + 1))
