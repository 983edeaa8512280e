"""Proposed roles → a commented study.toml that can be used as it stands, with its questions at their lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

import pandas as pd

from tpm_widgets.language import Names, Sentence, say, say_n
from tpm_widgets.statistics.score.question import USUAL, Question
from tpm_widgets.study.building.rows import Suspects
from tpm_widgets.study.cells.days import day_stands_first, read_days
from tpm_widgets.study.proposing.columns import Column
from tpm_widgets.study.proposing.kinds.classes import classes_of
from tpm_widgets.study.proposing.kinds.deeds import DEEDS, FLAGS
from tpm_widgets.study.proposing.kinds.flags import asks_yes_no, is_coded_flag, says_no, says_which
from tpm_widgets.study.proposing.long import Long
from tpm_widgets.study.proposing.opening import Opened
from tpm_widgets.study.proposing.roles import Roles, reasons_of
from tpm_widgets.study.proposing.writing.answers import write_answers
from tpm_widgets.study.proposing.writing.deeds import write_blank
from tpm_widgets.study.proposing.writing.draft import Draft, codes_line, line, shortened
from tpm_widgets.study.proposing.writing.parts import write_numbers_anew, write_parts
from tpm_widgets.study.reading.settings import WORD_FOR_YES_NO

ADDED = re.compile(
    r"\((?:responses|antworten|\d+-\d+|\d+)\)(?: - (?:form responses|formularantworten) \d+)?", re.IGNORECASE
)
GENERIC = re.compile(
    r"(?:survey|umfrage|be?fragung|data|daten|datensatz|dataset|answers?|antworten|results?|ergebnisse|responses?|export"
    r"|forms?|formular|sheet|tabelle|file|datei|csv|xlsx?|sav|spss|test|numeric|labels?|codes?|choices?|text|raw|roh"
    r"|final|neu|new|kopie|copy|all|alle|download|report|qualtrics|surveymonkey|limesurvey|typeform|tmp)\w{0,2}",
    re.IGNORECASE,
)
TOKEN = re.compile(r"\b(?=\w*\d)(?=\w*[a-z])(?=\w*[A-Z])\w{6,}\b")  # as tools number their files
PLACES = (
    "respondent",
    "customer",
    "date",
    "wave",
    "weight",
    "overall",
    "annoyance",
    *DEEDS,
    "tenure",
    "text",
)
USUAL_CODES = {"true": [1], "false": [2]}  # of yes and no in most survey tools
OTHER_CODES = {"true": [2], "false": [1]}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How the files are read: sheets, the decimal sign, which columns hold questions and answers, and repeated rows."""

    opened: Opened
    decimal: str | None = None
    long: Long | None = None
    repeats: Sentence | None = None


def write_study(form: Form, roles: Roles, suspects: Suspects) -> Draft:
    """Write the settings of a study down, with reasons and questions."""
    draft, file = Draft(), form.opened.raw.file
    draft.comment(
        say(
            "Proposed from {file}: {rows:count} answers, {columns:count} columns. Every line can be changed; "
            "lines that begin "
            "with # are not read. What could not be known is asked as QUESTION 1, 2, …",
            file=file,
            rows=roles.rows,
            columns=len(roles.columns),
        )
    )
    draft.section("study")
    if title := _title(file):
        draft.set("title", title)
    else:
        draft.comment(line("title", "…"))
    draft.section("survey")
    write_parts(draft, form.opened)
    if form.decimal is not None:
        draft.comment(say("In some of its numbers the sign before three digits could part thousands as well."))
        draft.set("decimal", form.decimal)
    if form.long is not None:
        draft.comment(say("Each row holds one answer to one question."))
        draft.set("long", {"question": form.long.question, "answer": form.long.answer})
    write_numbers_anew(draft, roles)
    _write_dropped(draft, suspects)
    if form.repeats is not None:
        draft.blank()
        question = say("{rows} They are left out. Are they answers of other persons?", rows=form.repeats)
        draft.ask(question, line("repeated_rows", "keep"))
        draft.set("repeated_rows", "drop")
    _write_recommend(draft, roles)
    for role in PLACES:
        _write_role(draft, roles, role)
    _write_segments(draft, roles)
    write_answers(draft, roles)
    _write_rest(draft, roles)
    return draft


def _title(file: str) -> str:
    """Return the name of a file as a title; "" where it holds no word but those of tools and numbers."""
    name = ADDED.sub(" ", PurePath(file).stem.replace("_", " "))
    name = re.sub(r"[ T]\d\d[.:]\d\d(?:[.:]\d\d)?$", "", " ".join(name.split()).strip(" -–,."))  # the time of day
    telling = [word for word in re.findall(r"[^\W\d_]{3,}", name) if not GENERIC.fullmatch(word)]
    return name if telling and not TOKEN.search(name) else ""


def _write_dropped(draft: Draft, suspects: Suspects) -> None:
    """Leave out the rows that the check would tell of, and say how many they are."""
    if not suspects.found:
        return
    draft.blank()
    for _, column, values, count, _ in suspects.found:
        told = Names(tuple(value or say("empty").text() for value in values))
        draft.comment(
            say_n(
                "{count} row is no answer: {told} in {column}.", "{count} rows are no answers: {told} in {column}.",
                count, told=told, column=column,
            )
        )  # fmt: skip
    draft.comment(say("Without the next lines they are read as well."))
    for key in ("drop", "keep"):
        if choices := suspects.choices(key):
            draft.set(key, choices)


def _why(draft: Draft, roles: Roles, name: str) -> None:
    """Write the words of a column's question, and why it is proposed."""
    draft.blank()
    column, claim = roles.columns[name], roles.of[name]
    if column.question:
        draft.comment(f"“{shortened(column.question)}”")
    reasons = Names(reasons_of(claim))
    draft.comment(
        say("{column}: {reasons} ({confidence:percent:0}).", column=name, reasons=reasons, confidence=claim.confidence)
    )


def _write_recommend(draft: Draft, roles: Roles) -> None:
    name = roles.column("recommend")
    others = roles.others.get("recommend", [])
    if name is None:
        draft.blank()
        draft.ask(
            say("Which column asks whether somebody would recommend you? None says so. Without it there is no study."),
            *(line("recommend", other) for other in others or ["…"]),
        )
        return
    _why(draft, roles, name)
    if others:
        question = say(
            "Is it {column} that asks for the recommendation? It could be {others:list} as well.",
            column=name,
            others=tuple(others),
        )
        draft.ask(question, *(line("recommend", other) for other in others))
    draft.set("recommend", name)
    if asks_yes_no(roles.columns[name]):
        draft.set("recommend_scale", WORD_FOR_YES_NO)
        _write_coded(draft, roles.columns[name])
        _write_neither(draft, roles.columns[name])
        return
    reading = roles.readings[name]
    scale = reading.scale
    if reading.doubt == 1.0:
        other = (0.0, scale[1]) if scale[0] == 1 else (1.0, scale[1])
        draft.ask(say("Nobody answered 0 to {column}: does its scale begin with 0 or with 1?", column=name),
                  line("recommend_scale", other))  # fmt: skip
    elif reading.usual:
        instead = line("recommend_scale", (1.0, scale[1]))
        draft.comment(
            say("Nobody answered 0, with which this scale usually begins. If it begins with 1: {line}", line=instead)
        )
    if (classes := classes_of(roles.columns[name])) is not None:
        draft.comment(say("The classes are read as they are: answers of their own scale would tell more."))
        draft.set("cutoffs", classes.cutoffs)
    elif scale != USUAL:
        lower, upper = Question(scale).cut()
        draft.comment(
            say(
                "On this scale an answer up to {lower:number:0} is read as a detractor's, one above {upper:number:0} "
                "as a promoter's. Other classes: {line}",
                lower=lower,
                upper=upper,
                line=line("cutoffs", (lower, upper)),
            )
        )
    draft.set("recommend_scale", scale)


def _write_coded(draft: Draft, column: Column) -> None:
    """Write which of 1 and 2 is yes, and ask where nothing says so."""
    if not is_coded_flag(column):
        return
    left = {"no_answer": list(column.none)} if column.none else {}
    if not says_which(column):
        question = say(
            "Is 2 yes and 1 no in {column}? Nothing in the file says so, and most tools write it the other way round.",
            column=column.name,
        )
        draft.ask(question, codes_line(column.name, {**OTHER_CODES, **left}))
    draft.codes(column.name, {**USUAL_CODES, **left})


def _write_neither(draft: Draft, column: Column) -> None:
    """Leave out what is neither yes nor no; ask whether that is right, where it does not say itself that it is none."""
    if column.unsure:
        draft.ask(
            say(
                "Is {words:list} no answer to {column}, or is it a no? It is left out.",
                words=column.unsure,
                column=column.name,
            ),
            codes_line(column.name, {"false": [*says_no(column), *column.unsure]}),
        )
    if column.none and not is_coded_flag(column):
        draft.codes(column.name, {"no_answer": list(column.none)})


def _write_deed(draft: Draft, roles: Roles, role: str, name: str) -> None:
    """Write a deed, and what else it may be: at any time, or reported of the past year."""
    if role in FLAGS:
        _write_coded(draft, roles.columns[name])
        other = next(flag for flag in FLAGS if flag != role)
        if roles.column(other) is None:
            told = (
                say("If it was recorded elsewhere, or is of any time: {line}", line=line(other, name))
                if role == "recommended_12m"
                else say("If it is of the past 12 months: {line}", line=line(other, name))
            )
            draft.comment(told)
    if roles.columns[name].words and role in DEEDS[2:]:
        draft.comment(say("Its words are read as the least number that each says; see [survey.words]."))
    write_blank(draft, roles, role, name)
    draft.set(role, name)


def _write_role(draft: Draft, roles: Roles, role: str) -> None:
    name = roles.column(role)
    if name is None:
        return
    _why(draft, roles, name)
    others = roles.others.get(role, [])
    if role in DEEDS:
        _write_deed(draft, roles, role, name)
        return
    if role == "date" and not _order_is_clear(roles.columns[name]):
        draft.ask(
            say("Does the day or the month stand first in {column}? Nothing in it tells.", column=name),
            line("date", name),
            line("date_order", "day first"),
            line("date_order", "month first"),
        )
        return
    if others and role in ("overall", "weight", "customer"):
        draft.ask(_which(role, name, tuple(others)), *(line(role, other) for other in [*others, ""]))
    draft.set(role, name)


def _which(role: str, name: str, others: tuple[str, ...]) -> Sentence:
    asked = {
        "overall": say(
            "Does {column} rate the whole? It could be {others:list} as well, or none.", column=name, others=others
        ),
        "weight": say(
            "Are the weights in {column}? It could be {others:list} as well, or none.", column=name, others=others
        ),
        "customer": say(
            "Is the customer's number in {column}? It could be {others:list} as well, or none.",
            column=name,
            others=others,
        ),
    }
    return asked[role]


def _order_is_clear(column: Column) -> bool:
    cells = pd.Series(column.uniques, dtype="str")
    return not read_days(cells, day_stands_first([cells])).unclear.any()


def _write_segments(draft: Draft, roles: Roles) -> None:
    if not roles.segments:
        return
    draft.blank()
    draft.comment(say("Groups that are compared: a few names or codes each."))
    draft.set("segments", roles.segments)


def _write_rest(draft: Draft, roles: Roles) -> None:
    rest = tuple(name for name, claim in roles.of.items() if claim.role == "none")
    if rest:
        draft.blank()
        draft.comment(say("Without a role, and still there for by=: {columns:all}.", columns=rest))
