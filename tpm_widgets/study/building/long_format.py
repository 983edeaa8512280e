"""Files with one row for each answer to a question: told, and turned into one row for each respondent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say
from tpm_widgets.study.cells.converting import are_blank, as_numbers, as_texts
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.names import clean_name
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.cells.toml import toml_text

ANSWERS = ("answer", "value", "response", "antwort", "wert", "score", "rating", "result", "bewertung")
MOST_QUESTIONS = 200
LISTED = 6
WHOLE = 0.6  # of all answers that all respondents could give: so many only a survey has


def pivot_answers(
    raw: RawTable, keys: list[str], question: str, answer: str, used: Collection[str], faults: Faults
) -> RawTable:
    """Return one row for each respondent (and wave), with a column for each question.

    Parameters
    ----------
    raw : RawTable
        One row for each answer.
    keys : list of str
        The column of the respondent, and that of the wave where there is one.
    question, answer : str
        The columns of the questions and of the answers to them.
    used : collection of str
        The columns, of the file or called like a question, that play a role: only in these are two answers a fault.
    """
    raw = _with_respondent(raw, keys[0], faults)
    questions = as_texts(raw.frame[question]).map(clean_name, na_action="ignore")
    persons = raw.frame[keys].apply(as_texts).groupby(keys, sort=False, dropna=False).ngroup().to_numpy()
    first = np.flatnonzero(~pd.Series(persons).duplicated().to_numpy())
    asked = (questions.notna() & ~are_blank(raw.frame[answer])).to_numpy(bool)
    once = _noted_twice(raw, persons, questions, asked, answer, used, faults)
    columns: dict[str, pd.Series] = {}
    rows: dict[str, np.ndarray] = {}
    for name in (name for name in map(str, raw.frame) if name not in (question, answer)):
        cells = raw.frame[name].mask(are_blank(raw.frame[name]))
        kept = _constant(raw, cells, persons, name, name in used, faults)
        if kept is not None:
            columns[name] = kept
    for name in questions.dropna().unique():
        own = np.flatnonzero(once & (questions == name).to_numpy(bool))
        cells = pd.Series(np.full(len(first), None, dtype=object))
        cells.iloc[persons[own]] = raw.frame[answer].to_numpy(object)[own]
        label = name if name not in columns else f"{name} ({answer})"
        columns[label] = cells.infer_objects()
        rows[label] = raw.rows[first].copy()
        rows[label][persons[own]] = raw.rows[own]
    frame = pd.DataFrame(columns)
    return replace(raw.only(first), frame=frame, cell_rows=rows)


def _with_respondent(raw: RawTable, respondent: str, faults: Faults) -> RawTable:
    missing = are_blank(raw.frame[respondent])
    remedy = say("Fill in the cell; until then the row is left out.")
    faults.note(raw, missing, respondent, say("a value"), remedy, reason=say("no {role}", role="respondent"))
    return raw.only(~missing)


def _noted_twice(
    raw: RawTable,
    persons: np.ndarray,
    questions: pd.Series,
    asked: np.ndarray,
    answer: str,
    used: Collection[str],
    faults: Faults,
) -> np.ndarray:
    """Return which rows hold a respondent's first answer to a question; another one to a used question is noted."""
    frame = pd.DataFrame({"person": persons, "question": questions, "answer": as_texts(raw.frame[answer])})
    again = np.zeros(len(frame), dtype=bool)
    again[asked] = frame[asked].duplicated(["person", "question"]).to_numpy()
    first = frame[asked & ~again].set_index(["person", "question"])["answer"]
    other = again & questions.isin(list(used)).to_numpy(bool)
    if other.any():
        before = first.reindex(pd.MultiIndex.from_frame(frame.loc[other, ["person", "question"]])).to_numpy(object)
        other[other] = before != frame.loc[other, "answer"].to_numpy(object)
    faults.note(
        raw,
        other,
        answer,
        say("one answer of each respondent to a question"),
        say(
            "The first one counts; if the other is of another time, name the column of its wave under [{table}]: "
            'wave = "…".',
            table=raw.table,
        ),
        reason=say("a second answer to a question"),
    )
    return asked & ~again


def _constant(
    raw: RawTable, cells: pd.Series, persons: np.ndarray, name: str, is_used: bool, faults: Faults
) -> pd.Series | None:
    """Return a column's first value for each respondent; None where it differs within one and plays no role."""
    first = cells.groupby(persons).first()
    differs = (cells.notna() & (cells != pd.Series(first.to_numpy()[persons]))).to_numpy(bool)
    if differs.any() and not is_used:
        return None
    if is_used and not pd.api.types.is_datetime64_any_dtype(cells.dtype) and _says_more(cells[differs]):
        remedy = say("Correct the cell; the first value of the respondent counts.")
        faults.note(raw, differs, name, say("one value for each respondent"), remedy, reason=None)
    return first.reset_index(drop=True)


def _says_more(cells: pd.Series) -> bool:
    """Whether values are more than the times at which somebody answered one question after the other."""
    texts = as_texts(cells).dropna()
    return bool(len(texts)) and not texts.str.contains(r"\d:\d\d", regex=True).all()


def propose_long(raw: RawTable, respondent: str, within: Collection[str] = ()) -> Sentence | None:
    """Say how a file is pivoted that has one row for each answer to a question; None where it does not look so."""
    found = find_long(raw, respondent, within)
    return None if found is None else _lines(raw, *found, as_texts(raw.frame[found[0]]).dropna().unique())


def find_long(raw: RawTable, respondent: str, within: Collection[str] = ()) -> tuple[str, str] | None:
    """Return the columns of the questions and of the answers of a file that has one row for each answer.

    Then a respondent has several rows, and each of few names stands once among them, for nearly all respondents.
    """
    persons = as_texts(raw.frame[respondent])
    others = [name for name in map(str, raw.frame) if name != respondent and name not in within]
    for question in others:
        names = as_texts(raw.frame[question])
        different = names.dropna().unique()
        if not 2 <= len(different) <= MOST_QUESTIONS or not as_numbers(names.dropna())[1].all():
            continue
        once = ~pd.DataFrame({name: raw.frame[name] for name in (respondent, *within, question)}).duplicated().any()
        crossed = persons.count() >= WHOLE * persons.nunique() * len(different)
        answer = _answer_beside(others, question)
        if answer and once and (crossed or answer.casefold() in ANSWERS):
            return question, answer
    return None


def question_column(raw: RawTable, absent: Collection[str]) -> Sentence | None:
    """Say how a file is pivoted in which names that are no columns stand as cells of one column."""
    for question in map(str, raw.frame) if raw.table == "survey" and absent else ():
        names = as_texts(raw.frame[question])
        different = names.dropna().unique()
        few = 2 <= len(different) <= min(MOST_QUESTIONS, names.count() / 2)
        if few and {clean_name(name) for name in different} & set(absent):
            answer = _answer_beside([str(name) for name in raw.frame], question)
            return _lines(raw, question, answer, different) if answer else None
    return None


def _answer_beside(names: list[str], question: str) -> str | None:
    """Find the column of answers: by its name, or the one to the right of the questions."""
    by_name = [name for name in names if name.casefold() in ANSWERS and name != question]
    right = names[names.index(question) + 1 :]
    return next(iter([*by_name, *right]), None)


def _lines(raw: RawTable, question: str, answer: str, names: Collection[str]) -> Sentence:
    shown = [toml_text(clean_name(name)) for name in names]
    return say(
        "Each row holds one answer to one question: set long = {{ question = {question}, answer = {answer} }} under "
        "[{table}], and name the questions as columns: {names:list}.",
        question=toml_text(question),
        answer=toml_text(answer),
        table=raw.table,
        names=tuple(shown if len(shown) <= LISTED else [*shown[: LISTED - 1], "…"]),
    )


def used_columns(columns: Mapping[str, str], *more: Collection[str] | None) -> set[str]:
    """Return the names that play a role, of columns and of questions."""
    return {*columns.values(), *(name for names in more for name in names or ())}
