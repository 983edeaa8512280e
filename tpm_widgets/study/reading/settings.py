"""Sections of study.toml, or keywords of ``make_study``, as typed settings; all that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import pandas as pd

from tpm_widgets.language import say
from tpm_widgets.statistics.score.question import USUAL, YES_NO
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.model import Period, Scale
from tpm_widgets.study.reading.choices import row_choices, turned_names, word_numbers
from tpm_widgets.study.reading.labels import Labels, label_settings
from tpm_widgets.study.reading.no_table import inline_waves, linkage_settings, period_settings, weight_settings
from tpm_widgets.study.reading.sections import Section, is_number
from tpm_widgets.study.schema import TABLES, UNDATED, role_names

WORD_FOR_YES_NO = "yes/no"
Blank = Literal["no_answer", "not_experienced"]
Repeated = Literal["drop", "keep"]
DateOrder = Literal["day first", "month first"]
Codes = Mapping[str, Mapping[str, tuple[Any, ...]]]
FLAG_VALUES = ("true", "false")
CODE_KINDS = ("not_experienced", "no_answer")
FORM_KEYS = ("file", "header_rows", "delimiter", "decimal", "encoding", "sheet", "date_order", "simulated")
ANSWER_KEYS = (
    "recommend_scale",
    "cutoffs",
    "rating_scale",
    "scales",
    "not_experienced",
    "no_answer",
    "codes",
    "words",
    "reversed",
    "blank",
)
ROW_KEYS = ("keep", "drop")
SURVEY_KEYS = (*ANSWER_KEYS, "repeated_rows", "segments", "touchpoints", "aware", "stated_importance", "long", "labels")


@dataclass(frozen=True, slots=True, kw_only=True)
class TableSettings:
    """One section: the file and its form where it is not to be told from the file, the columns, the codes.

    ``files`` and ``sheets`` are those that are read together, where several are named.
    """

    file: str = ""
    files: tuple[str, ...] = ()
    sheets: tuple[str, ...] = ()
    header_rows: int | None = None
    delimiter: str | None = None
    decimal: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    date_order: DateOrder | None = None
    simulated: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)
    keep: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    drop: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    codes: Codes = field(default_factory=dict)
    scales: Mapping[str, Scale] = field(default_factory=dict)

    @property
    def shown(self) -> str:
        """The file as sentences call it, with its sheet where several are read."""
        return say("{file}, sheet {sheet}", file=self.file, sheet=self.sheet).text() if self.sheets else self.file

    @property
    def added(self) -> tuple[str, ...]:
        """The columns that say which file or sheet a row is from, which no file has."""
        return tuple(kind for kind, several in (("file", self.files), ("sheet", self.sheets)) if several)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveySettings(TableSettings):
    """The section [survey]: besides, which column rates which touchpoint, on which scale, with which codes.

    ``long`` are the columns of the questions and of the answers, where each row holds one answer.
    """

    touchpoints: Mapping[str, str] | None = None
    aware: Mapping[str, str] | None = None
    stated_importance: Mapping[str, str] | None = None
    segments: tuple[str, ...] = ()
    recommend_scale: Scale = USUAL
    cutoffs: tuple[float, float] | None = None
    scale_declared: bool = False
    rating_scale: Scale = (1, 5)
    not_experienced: tuple[Any, ...] = ()
    no_answer: tuple[Any, ...] = ()
    words: Mapping[str, Mapping[str, float]] = field(default_factory=dict)  # by column, or everywhere
    turned: Mapping[str, bool] = field(default_factory=dict)  # by name, or everywhere
    blank: Blank | None = None  # not said: no answer, and whether it was experienced is not known
    repeated_rows: Repeated | None = None
    long: tuple[str, str] | None = None
    labels: Labels = field(default_factory=Labels)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that a study says about itself; a frame in memory says less than a file."""

    name: str
    title: str
    min_group: int
    survey: SurveySettings
    tables: Mapping[str, TableSettings]
    period: Period
    margins: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    questions: tuple[str, ...] = ()  # that were asked when it was proposed, and are open
    inline_waves: pd.DataFrame | None = None
    linkage: Mapping[str, Any] = field(default_factory=lambda: {"permitted": True, "basis": ""})

    def of(self, table: str) -> TableSettings:
        """Return the section of one table; an empty one where the table was given without."""
        return self.survey if table == "survey" else self.tables.get(table, TableSettings())


def read_settings(given: Mapping[str, Any], file: str, name: str, faults: Faults) -> Settings:
    """Read a whole study.toml."""
    sections = ["study", *TABLES, "weights", "period", "linkage", "questions"]
    top = Section("", dict(given), file, faults)
    top.know(sections)
    study = Section("study", top.subsection("study"), file, faults)
    study.know(("name", "title", "min_group"))
    tables = {
        table: table_settings(Section(table, top.subsection(table), file, faults))
        for table in TABLES
        if table in top.given and table != "survey" and not (table == "waves" and not _names_a_file(top.given[table]))
    }
    waves = Section("waves", {} if "waves" in tables else top.subsection("waves"), file, faults)
    return Settings(
        name=study.text("name", name),
        title=study.text("title", study.text("name", name)),
        min_group=least_group(study),
        survey=survey_settings(Section("survey", top.subsection("survey"), file, faults)),
        tables=tables,
        questions=tuple(map(str, top.subsection("questions").values())),
        margins=weight_settings(Section("weights", top.subsection("weights"), file, faults)),
        inline_waves=inline_waves(waves),
        period=period_settings(Section("period", top.subsection("period"), file, faults)),
        linkage=linkage_settings(Section("linkage", top.subsection("linkage"), file, faults)),
    )


def _names_a_file(section: Any) -> bool:
    return isinstance(section, Mapping) and not any(isinstance(value, Mapping) for value in section.values())


def least_group(reader: Section) -> int:
    """Take the number of answers below which groups are withheld."""
    return reader.whole("min_group", 1, 5) or 5


def _form(reader: Section) -> dict[str, Any]:
    if reader.file and not reader.given.get("file"):
        remedy = say('Add file = "…" under [{section}].', section=reader.name)
        reader.refuse("file", "", say("the name of the file"), remedy)
    delimiter = reader.text("delimiter")
    if delimiter is not None and len(delimiter) != 1:
        reader.refuse("delimiter", delimiter, say("one character"))
        delimiter = None
    return {
        **_named_parts(reader, "file", ""),
        "header_rows": reader.whole("header_rows", 1, None),
        "delimiter": delimiter,
        "decimal": reader.chosen("decimal", (".", ","), None),
        "encoding": reader.text("encoding"),
        **_named_parts(reader, "sheet", None),
        "date_order": reader.chosen("date_order", get_args(DateOrder), None),
        "simulated": reader.flag("simulated"),
        "keep": row_choices(reader, "keep"),
        "drop": row_choices(reader, "drop"),
    }


def _named_parts(reader: Section, key: str, default: str | None) -> dict[str, Any]:
    """Take a file or a sheet, or several that are read together; the first one stands for them."""
    value = reader.given.get(key)
    if not isinstance(value, (list, tuple)):
        return {key: reader.text(key, default)}
    names = tuple(dict.fromkeys(name for name in value if isinstance(name, str) and name))
    if len(names) < len(value):
        reader.refuse(key, value, say("different names, each a text"))
    if key == "file":
        return {"file": ", ".join(names), "files": names}
    return {"sheet": names[0] if names else default, "sheets": names}


def _columns(reader: Section, roles: Iterable[str]) -> dict[str, str]:
    """Role → column; an empty name says that no column plays the role, even if one is called like it."""
    return {role: name for role in roles if (name := reader.column(role)) is not None}


def table_settings(reader: Section) -> TableSettings:
    """Take the section of any other table."""
    table = reader.name
    reader.know((*FORM_KEYS, *ROW_KEYS, *role_names(table), "codes", "scales"))
    columns = _columns(reader, role_names(table))
    codes = Section(f"{table}.codes", reader.subsection("codes"), reader.file, reader.faults)
    allowed = {
        role.name: FLAG_VALUES if role.kind == "flag" else ("false",) if role.name in UNDATED else role.values  # noqa: PD011
        for role in TABLES[table]
    }
    allowed = {role: words for role, words in allowed.items() if words}
    codes.know(allowed)
    return TableSettings(
        **_form(reader),
        columns=columns,
        codes={role: _code_lists(codes, role, allowed[role]) for role in codes.given if role in allowed},
        scales=_scales(reader, (1, 5), [role.name for role in TABLES[table] if role.kind == "number"]),
    )


def _scales(reader: Section, default: Scale, allowed: Iterable[str] | None = None) -> dict[str, Scale]:
    scales = Section(f"{reader.name}.scales", reader.subsection("scales"), reader.file, reader.faults)
    if allowed is not None:
        scales.know(allowed)
    return {name: scales.scale(name, default, value) for name, value in scales.given.items()}


def _code_lists(reader: Section, key: str, allowed: Iterable[str]) -> dict[str, tuple[Any, ...]]:
    lists = Section(f"{reader.name}.{key}", reader.subsection(key), reader.file, reader.faults)
    lists.know(allowed)
    return {value: lists.codes(value) for value in lists.given}


def survey_settings(reader: Section) -> SurveySettings:
    """Take the section of the survey."""
    reader.know((*FORM_KEYS, *ROW_KEYS, *role_names("survey"), *SURVEY_KEYS))
    codes = Section("survey.codes", reader.subsection("codes"), reader.file, reader.faults)
    rating_scale = reader.scale("rating_scale", (1, 5))
    not_experienced, no_answer = reader.codes("not_experienced"), reader.codes("no_answer")
    for code in sorted({*not_experienced} & {*no_answer}, key=str):
        reader.refuse("no_answer", code, say("a code with one meaning"), say("It stands under not_experienced, too."))
    return SurveySettings(
        **_form(reader),
        columns=_columns(reader, role_names("survey")),
        codes={column: _code_lists(codes, column, (*CODE_KINDS, *FLAG_VALUES)) for column in codes.given},
        touchpoints=reader.pairs("touchpoints"),
        aware=reader.pairs("aware"),
        stated_importance=reader.pairs("stated_importance"),
        segments=reader.names("segments"),
        recommend_scale=(asked := _asked(reader)),
        cutoffs=_cutoffs(reader, asked),
        scale_declared=bool(reader.file) and "recommend_scale" in reader.given,
        rating_scale=rating_scale,
        scales=_scales(reader, rating_scale),
        not_experienced=not_experienced,
        no_answer=no_answer,
        words=word_numbers(reader),
        turned=turned_names(reader),
        blank=reader.chosen("blank", get_args(Blank), None),
        repeated_rows=reader.chosen("repeated_rows", get_args(Repeated), None),
        long=_long(reader),
        labels=label_settings(reader),
    )


def _long(reader: Section) -> tuple[str, str] | None:
    """Take the columns of the questions and of the answers of a file with one row for each answer."""
    if reader.given.get("long") is None:
        return None
    pair = Section(f"{reader.name}.long", reader.subsection("long"), reader.file, reader.faults)
    pair.know(("question", "answer"))
    question, answer = pair.column("question"), pair.column("answer")
    if question and answer:
        return question, answer
    reader.refuse("long", reader.given["long"], say('two columns: {{ question = "…", answer = "…" }}'))
    return None


def _asked(reader: Section) -> Scale:
    """Take the scale of the question on recommendation, or the word for one that was answered by yes or no."""
    if reader.given.get("recommend_scale") == WORD_FOR_YES_NO:
        return YES_NO
    expected = say('the lowest and the highest answer, such as [0, 10], or "yes/no"')
    return reader.scale("recommend_scale", USUAL, expected=expected)


def _cutoffs(reader: Section, scale: Scale) -> tuple[float, float] | None:
    """Take the highest answer of a detractor and of a passive."""
    value = reader.given.get("cutoffs")
    if value is None:
        return None
    low, high = scale
    numbers = isinstance(value, (tuple, list)) and all(map(is_number, value))
    if scale == YES_NO:
        reader.refuse("cutoffs", value, say("no cut-offs for a yes/no question"), say("Delete the key."))
    elif numbers and len(value) == 2 and low <= value[0] <= value[1] < high:
        return (value[0], value[1])
    else:
        expected = say(
            "the highest answer of a detractor and of a passive, two numbers from {low:number:0} to below "
            "{high:number:0}, in order",
            low=low,
            high=high,
        )
        remedy = say("On the scale from 0 to 10 it is cutoffs = [6, 8].")
        reader.refuse("cutoffs", value, expected, remedy)
    return None
