"""Which questions of the notebooks a study answers, and what it would need for the others.

One list, which ``tpm check`` ends with and which closes a report. Whether a question is answered is asked of the verbs
themselves: what they refuse here they refuse in the notebooks, and what would help is what they say.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.undated import REPORTED
from tpm_widgets.attempt import Missing
from tpm_widgets.errors import problem_table
from tpm_widgets.language import Language, Sentence, read, say
from tpm_widgets.report.asking import Asked, Part, Question, questions
from tpm_widgets.results import Result
from tpm_widgets.study.model import ANSWER_TABLES, OTHER_TABLES, Study, need_study
from tpm_widgets.study.schema import UNDATED, role_names
from tpm_widgets.threads import on_one_thread

Answer = Literal["answered", "in part", "not answered"]
WORDS: Mapping[str, Sentence] = {
    "answered": say("answered"),
    "in part": say("in part"),
    "not answered": say("not answered"),
}
WITHOUT_DATES = (*UNDATED, REPORTED)  # roles of deeds, each of which does where deeds with dates are missing
ENOUGH = 5_000  # answers, evenly drawn from a larger study: whether a verb can work does not depend on more
SETTINGS = ("touchpoints", "segments")  # what [survey] names beside roles


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class StudyQuestions(Result):
    """The questions of the notebooks, and what a study would need for those that it cannot answer.

    Made by :func:`study_questions`, which tells the columns.

    Attributes
    ----------
    words : tuple of Sentence
        The questions, for any language.
    needs : tuple of tuples of Sentence
        What each would need.
    """

    formats: ClassVar[Mapping[str, str]] = {"verbs": "hidden"}

    words: tuple[Sentence, ...]
    needs: tuple[tuple[Sentence, ...], ...]

    def sentences(self) -> tuple[Sentence, ...]:
        """Count the questions that are answered, in part, and not."""
        counts = self.table["answer"].value_counts()
        return (
            say(
                "Of {all} questions of the notebooks this study answers {whole}, {part} in part, {none} not.",
                all=len(self.table),
                whole=int(counts.get("answered", 0)),
                part=int(counts.get("in part", 0)),
                none=int(counts.get("not answered", 0)),
            ),
        )

    def rows(self, language: Language | None = None) -> Iterator[tuple[Answer, str, str, str]]:
        """Yield each question's answer, the words for that, the question, and what it would need, in a language."""
        for answer, question, needs in zip(self.table["answer"], self.words, self.needs, strict=True):
            yield answer, WORDS[answer].text(language), question.text(language), read(needs, language)

    def lines(self, language: Language | None = None) -> Iterator[str]:
        """Write one line per question, for a terminal."""
        rows = list(self.rows(language))
        width = max(len(answer) for _, answer, _, _ in rows)
        for _, answer, question, needed in rows:
            yield f"{answer:{width}}  {question} {needed}".rstrip()


@on_one_thread
def study_questions(study: Study) -> StudyQuestions:
    """Tell which questions of the notebooks a study answers, and what it would need for the others.

    Parameters
    ----------
    study : Study
        Any study.

    Returns
    -------
    StudyQuestions
        ``table`` with one row per question: ``notebook``; ``question``; ``answer`` ("answered", "in part", "not
        answered"); ``needed``, how to add what is missing; ``verbs`` that answer it.

    Notes
    -----
    The verbs themselves are asked, with few resamples; of a study of more than 5,000 answers, every so-manieth.

    Examples
    --------
    >>> import pandas as pd, tpm_widgets as tpm
    >>> survey = pd.DataFrame({"recommend": [9, 10, 3, 8] * 10, "desk": [5, 4, 1, 4] * 10})
    >>> study = tpm.make_study(survey=survey, recommend="recommend", touchpoints=["desk"])
    >>> print(tpm.study_questions(study).summary())
    Of 17 questions of the notebooks this study answers 3, 1 in part, 13 not.
    """
    need_study(study, "study_questions")
    asked = Asked(_smaller(study))
    listed = questions()
    answers, needs = zip(*(_answer(question, asked) for question in listed), strict=True)
    table = pd.DataFrame(
        {
            "notebook": [question.notebook for question in listed],
            "question": [question.words.text() for question in listed],
            "answer": answers,
            "needed": [read(needed) for needed in needs],
            "verbs": [", ".join(dict.fromkeys(name for name, _ in question.parts)) for question in listed],
        }
    )
    words = tuple(question.words for question in listed)
    return StudyQuestions(table=table, words=words, needs=needs, data_hash=study.data_hash)


def _answer(question: Question, asked: Asked) -> tuple[Answer, tuple[Sentence, ...]]:
    """Ask every part, and tell whether they answer and what they need."""
    found = [_ask(verb, part, asked) for verb, part in question.parts]
    missing = [result for result in found if isinstance(result, Missing)]
    answer: Answer = "answered" if not missing else "in part" if len(missing) < len(found) else "not answered"
    return answer, tuple(_needed(asked.study, missing))


def _ask(verb: str, part: Part, asked: Asked) -> Any:
    """Ask one verb. A mistake of ours in it must not cost the check, or the report in which its own cell tells it."""
    try:
        return part(asked)
    except Exception as mistake:  # of any kind: those of the data were caught
        expected = say("that {verb} does not fail ({kind})", verb=verb, kind=type(mistake).__name__)
        remedy = say("That is a mistake of the program, not of your study: please report it.")
        return Missing(
            table=problem_table([{"table": "survey", "expected": expected, "remedy": remedy}]), verb=verb, purpose=""
        )


def _needed(study: Study, missing: Iterable[Missing]) -> list[Sentence]:
    """Say what would have to be there: tables and roles by their names, all else as the verbs say it."""
    names: dict[str, list[str]] = {}
    instead: list[str] = []
    others: dict[str, Sentence] = {}
    for row in (row for result in missing for row in result.table.to_dict("records")):
        table, column = row["table"], row["column"]
        if table == "survey" and set(roles := column.split(", ")) <= set(WITHOUT_DATES):
            instead += roles
        elif table in OTHER_TABLES and not study.has(table):
            names.setdefault(table, [])
        elif column in SETTINGS or (column in role_names(table) and not study.has(table, column)):
            names.setdefault(table, []).append(column)
        else:
            others[row["remedy"]] = say("Needed: {what}. {remedy}", what=row["expected"], remedy=row["remedy"])
    places = [
        say("{roles:list} under [{table}]", roles=tuple(dict.fromkeys(roles)), table=table) if roles else f"[{table}]"
        for table, roles in names.items()
    ]
    found = [say("Needed in study.toml: {places:all}.", places=tuple(places))] if places else []
    if instead:
        one = say("one of {roles:all} under [survey]", roles=tuple(dict.fromkeys(instead)))
        found = [
            say("Needed in study.toml: {places:all}; or {one}.", places=tuple(places), one=one)
            if places
            else say("Needed in study.toml: {one}.", one=one)
        ]
    return [*found, *others.values()]


def _smaller(study: Study) -> Study:
    """Return a study of every so-manieth answer, where there are very many."""
    if len(study.survey) <= ENOUGH:
        return study
    rows = np.linspace(0, len(study.survey) - 1, ENOUGH).astype(int)
    tables = {name: getattr(study, name) for name in ANSWER_TABLES}
    return replace(
        study,
        **{
            name: table.iloc[rows].reset_index(drop=True)
            for name, table in tables.items()
            if table is not None and len(table) == len(study.survey)
        },
    )
