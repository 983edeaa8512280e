"""A study in memory: the user's tables under the names of their roles, checked, with what was left out beside them, and
a short name for exactly these data.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa

from tpm_widgets.errors import DataError, problem_table
from tpm_widgets.language import Sentence, say
from tpm_widgets.statistics.estimates.design import Design, Raking
from tpm_widgets.statistics.estimates.margins import margin_of
from tpm_widgets.statistics.score.question import Question
from tpm_widgets.study.schema import TABLES, role_names

Scale = tuple[float, float]

DIGITS = 12
MISSING = "\0"  # no text that somebody wrote


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From when to when deeds were recorded, and how long a recommendation is credited to an answer (days)."""

    recording_start: pd.Timestamp | None = None
    observed_until: pd.Timestamp | None = None
    window: int = 365


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Study:
    """One survey and what is known around it; made by ``load_study``, ``make_study`` or ``simulate_study``.

    Attributes
    ----------
    name, title : str
        The folder's name and the words for it.
    survey : pandas.DataFrame
        One row per respondent and wave, numbered 0, 1, …: the columns that play a role, under the role's name
        (``respondent, recommend, customer, date, wave, weight, …``), and the segments under their own.
        ``wave`` is an ordered categorical, ``date`` a datetime, missing cells are missing.
    ratings : pandas.DataFrame
        The same rows, one column per touchpoint, floats on that touchpoint's scale; missing where not rated.
    experienced : pandas.DataFrame
        The same shape, nullable booleans: True where rated, False where the respondent never used the touchpoint,
        missing where no answer was given.
    other_columns : pandas.DataFrame
        The same rows, the file's columns that play no role, under their own names; for ``by=``.
    aware, stated_importance : pandas.DataFrame or None
        The same shape as ``ratings`` where the survey asked for them.
    touchpoints : pandas.DataFrame
        One row per touchpoint in the customer's order; always there, with ``touchpoint`` and ``label`` at least.
    customers, referrals, incidents, reviews, revenue, actions, goals, waves : pandas.DataFrame or None
        The other tables under the names of their roles; None where the study has none. ``customers`` keeps further
        columns that group them (``region``) under their own names.
    recommend_scale, rating_scales
        The declared scale of the question on recommendation ((0, 1) where it was answered by yes or no), and of each
        touchpoint's rating.
    cutoffs : pair of numbers or None
        The highest answer of a detractor and of a passive, where the study declares them.
    scale_declared : bool
        Whether study.toml says itself on which scale the question on recommendation was asked.
    period : Period
        When deeds were recorded, until when, and the attribution window.
    linkage : mapping
        ``permitted`` (may answers be tied to customers?) and ``basis``.
    min_group : int
        Groups below this many answers are withheld.
    problems, left_out : pandas.DataFrame
        Every fault that was found, and the count of cells and rows that were left out, by reason.
    order_of_waves : Sentence or None
        In which order the waves stand, where nothing tells when they were.
    losses : pandas.DataFrame
        How many of its filled cells each column lost that lost any: ``table``, ``column``, ``filled``, ``lost``.
    remarks : tuple of Sentence
        What was told from the files where they could be read in another way, and how to say otherwise.
    doubts : tuple of Sentence
        What nothing tells, though results hang on it: ratings that run against recommending, questions still open.
    reach_unknown, reach_doubt : tuple of str, Sentence or None
        Touchpoints with cells of which nothing says whether they mean "never experienced" or "no answer", and which
        words and codes these are.
    simulated : tuple of str
        The tables that study.toml marks as simulated.
    margins : mapping
        To which shares of which columns the weights were raked; what they were before is the survey's ``base_weight``.
    truth : mapping or None
        Every parameter of a simulated study.
    """

    name: str
    title: str
    survey: pd.DataFrame
    ratings: pd.DataFrame
    experienced: pd.DataFrame
    touchpoints: pd.DataFrame
    rating_scales: Mapping[str, Scale]
    recommend_scale: Scale = (0, 10)
    cutoffs: tuple[float, float] | None = None
    scale_declared: bool = False
    other_columns: pd.DataFrame = field(default_factory=pd.DataFrame)
    aware: pd.DataFrame | None = None
    stated_importance: pd.DataFrame | None = None
    customers: pd.DataFrame | None = None
    referrals: pd.DataFrame | None = None
    incidents: pd.DataFrame | None = None
    reviews: pd.DataFrame | None = None
    revenue: pd.DataFrame | None = None
    actions: pd.DataFrame | None = None
    goals: pd.DataFrame | None = None
    waves: pd.DataFrame | None = None
    segments: tuple[str, ...] = ()
    period: Period = Period()
    linkage: Mapping[str, Any] = field(default_factory=lambda: {"permitted": True, "basis": ""})
    min_group: int = 5
    problems: pd.DataFrame = field(default_factory=lambda: problem_table([]))
    left_out: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["table", "reason", "count"]))
    order_of_waves: Sentence | None = None
    losses: pd.DataFrame = field(default_factory=lambda: pd.DataFrame(columns=["table", "column", "filled", "lost"]))
    remarks: tuple[Sentence, ...] = ()
    doubts: tuple[Sentence, ...] = ()
    reach_unknown: tuple[str, ...] = ()
    reach_doubt: Sentence | None = None
    simulated: tuple[str, ...] = ()
    margins: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    truth: Mapping[str, Any] | None = None

    @property
    def reach(self) -> dict[str, float]:
        """The weighted share who experienced each touchpoint, of those who told; missing where blanks may mean either.

        >>> import pandas as pd, tpm_widgets as tpm
        >>> answers = pd.DataFrame({"nps": [9, 8, 3, 10], "shop": [5, 4, 1, 3], "app": [2, None, None, 4]})
        >>> tpm.make_study(answers, recommend="nps", touchpoints=["shop", "app"]).reach
        {'shop': 1.0, 'app': nan}
        """
        weights, found = self.weights, {}
        for name in self.ratings:
            told = self.experienced[name].to_numpy(float, na_value=np.nan)
            asked = np.isfinite(told) & (weights > 0)
            known = asked.any() and name not in self.reach_unknown
            found[str(name)] = float(np.average(told[asked], weights=weights[asked])) if known else np.nan
        return found

    @property
    def touchpoint_names(self) -> list[str]:
        """The rated touchpoints, in the customer's order."""
        return list(self.ratings.columns)

    @property
    def labels(self) -> dict[str, str]:
        """The words for each touchpoint."""
        return dict(zip(self.touchpoints["touchpoint"], self.touchpoints["label"], strict=True))

    @property
    def question(self) -> Question:
        """How willingness was asked: the scale, and the class of each answer."""
        return Question(self.recommend_scale, self.cutoffs, self.scale_declared)

    @property
    def weights(self) -> np.ndarray:
        """One weight per answer, shape (n,); ones where the study declares none, 0 where a weight is missing."""
        if "weight" not in self.survey:
            return np.ones(len(self.survey))
        return self.survey["weight"].fillna(0).to_numpy(float)

    @property
    def persons(self) -> np.ndarray:
        """One number per person, by ``customer`` or else ``respondent``; an answer without is its own, shape (n,)."""
        role = next((role for role in ("customer", "respondent") if self.has("survey", role)), None)
        own = np.arange(len(self.survey))
        if role is None:
            return own
        codes = pd.factorize(self.survey[role])[0]
        return np.where(codes < 0, codes.max() + 1 + own, codes)

    @property
    def clusters(self) -> np.ndarray:
        """One number per ``cluster`` in which answers were drawn, or else per person, shape (n,)."""
        persons = self.persons
        if not self.has("survey", "cluster"):
            return persons
        codes = pd.factorize(self.survey["cluster"])[0]
        return np.where(codes < 0, codes.max() + 1 + persons, codes)

    @property
    def design(self) -> Design:
        """The weights, clusters and strata of the answers, from which variances are made."""
        strata = pd.factorize(self.survey["strata"])[0] if self.has("survey", "strata") else None
        declared = strata is not None or self.has("survey", "cluster") or bool(self.margins)
        raking = None
        if self.margins:
            before = self.survey["base_weight"].fillna(0).to_numpy(float)
            margins = [margin_of(self.column, name, shares)[0] for name, shares in self.margins.items()]
            raking = Raking.of(before, self.weights, margins)
        return Design(self.weights, self.clusters, strata, declared, raking)

    @property
    def data_hash(self) -> str:
        """Twelve hexadecimal digits that change with any cell of any table."""
        tables = ((name, getattr(self, name)) for name in (*ANSWER_TABLES, *OTHER_TABLES))
        return hash_tables((name, table) for name, table in tables if table is not None)

    def has(self, table: str, *roles: str) -> bool:
        """Tell whether the study has a table, and in it every one of the roles with at least one value."""
        frame = getattr(self, table)
        return frame is not None and all(role in frame and bool(frame[role].notna().any()) for role in roles)

    def column(self, name: str) -> pd.Series:
        """Return one column of the survey by role, segment or the file's own name; the way that ``by=`` finds it."""
        for frame in (self.survey, self.other_columns):
            if name in frame:
                return frame[name]
        if name in role_names("survey"):
            need(self, f"by={name!r}", survey=(name,))
        known = [*self.survey.columns, *self.other_columns.columns]
        raise ValueError(f"by={name!r} is no column of the survey; it has {', '.join(map(repr, known))}.")

    def unweighted(self) -> Study:
        """Return the same study without its weight, to see what the weight does."""
        return replace(self, survey=self.survey.drop(columns=["weight", "base_weight"], errors="ignore"), margins={})

    def __repr__(self) -> str:
        tables = [name for name in OTHER_TABLES if getattr(self, name) is not None]
        extra = f", with {', '.join(tables)}" if tables else ""
        return f"Study({self.name!r}: {len(self.survey)} answers, {self.ratings.shape[1]} touchpoints{extra})"


ANSWER_TABLES = ("survey", "ratings", "experienced", "other_columns", "aware", "stated_importance")
OTHER_TABLES = tuple(name for name in TABLES if name != "survey")


def need_study(study: object, verb: str) -> None:
    """Refuse, in words, a table where a verb needs all of a study's answers at once."""
    if not isinstance(study, Study):
        raise TypeError(
            f"{verb} needs a Study; got {type(study).__name__}. Make one of the table: make_study(survey=…), of a "
            "sample of its rows where it is too large for that."
        )


def need(study: Study, verb: str, **roles: tuple[str, ...]) -> None:
    """Refuse, in words, a study that lacks what a verb needs: ``need(study, "say_do", customers=("acquired",))``."""
    need_study(study, verb)
    if faults := faults_of(study, verb, **roles):
        raise DataError(faults)


def need_touchpoints(study: Study, verb: str) -> None:
    """Refuse, in words, a study whose survey asked for no rating."""
    if study.touchpoint_names:
        return
    expected = say("at least one touchpoint that customers rated, for {verb}", verb=verb)
    remedy = say('Name the columns of ratings under [survey] in study.toml: touchpoints = ["…"].')
    raise DataError([{"table": "survey", "column": "touchpoints", "expected": expected, "remedy": remedy}])


def faults_of(study: Study, verb: str, **roles: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return what a study lacks of the tables and roles that a verb needs, one fault for each."""
    faults = []
    for table, names in roles.items():
        if getattr(study, table) is None:
            remedy = say(
                "Add the table as a file under [{table}] in study.toml, or as {table}= to make_study.", table=table
            )
            faults.append({"table": table, "expected": say("a table for {verb}", verb=verb), "remedy": remedy})
            continue
        for name in names:
            if not study.has(table, name):
                remedy = say(
                    'Name the column that plays this role under [{table}] in study.toml: {role} = "…".',
                    table=table,
                    role=name,
                )
                expected = say("values of this role for {verb}", verb=verb)
                faults.append({"table": table, "column": name, "expected": expected, "remedy": remedy})
    return faults


def given(table: pd.DataFrame | None) -> pd.DataFrame:
    """Return a table of a study that is there, because the verb has asked for it with :func:`need`."""
    if table is None:
        raise TypeError("A table is read that was not asked for with need().")
    return table


def hash_tables(tables: Iterable[tuple[str, pd.DataFrame]]) -> str:
    """Return twelve hexadecimal digits that change with any name and any cell of some tables, but not with its type.

    It is computed anew each time: a table that somebody changes in place has to change its hash.
    """
    digest = sha256()
    for name, table in tables:
        digest.update(repr((name, len(table), [str(column) for column in table])).encode())
        for _, cells in table.items():
            for part in _bytes(cells):
                digest.update(part)
    return digest.hexdigest()[:DIGITS]


def _bytes(cells: pd.Series) -> Iterator[Any]:
    """Yield one column as bytes: numbers and yes and no as floats, days as whole microseconds, all else as texts."""
    kind = cells.dtype
    if kind.kind in "biuf":
        values = cells.to_numpy(float, na_value=np.nan)
        yield np.where(np.isnan(values), np.nan, values).tobytes()  # there is more than one NaN
    elif isinstance(kind, np.dtype) and kind.kind == "M":
        yield cells.to_numpy("datetime64[us]").tobytes()
    else:
        texts = pa.array(cells if isinstance(kind, pd.StringDtype) else cells.astype("str"), from_pandas=True)
        texts = texts.combine_chunks() if isinstance(texts, pa.ChunkedArray) else texts
        _, ends, letters = texts.cast(pa.large_string()).fill_null(MISSING).buffers()
        yield from (part for part in (ends, letters) if part is not None)
