"""Proposed roles → a commented study.toml that can be used as it stands, with its questions at their lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import PurePath

import numpy as np
import pandas as pd

from tpm_widgets.language import Names, say, say_n
from tpm_widgets.study.building.rows import Suspects
from tpm_widgets.study.cells.days import day_stands_first, read_days
from tpm_widgets.study.model import Scale
from tpm_widgets.study.proposing.columns import Column
from tpm_widgets.study.proposing.draft import Draft, line, shortened
from tpm_widgets.study.proposing.roles import Roles, reasons_of
from tpm_widgets.study.proposing.scales import Reading
from tpm_widgets.study.proposing.touchpoints import stem_of, words_of
from tpm_widgets.study.proposing.values import is_flag

MOST_UNNAMED = 12
PLACES = (
    "respondent",
    "customer",
    "date",
    "wave",
    "weight",
    "overall",
    "annoyance",
    "recommended_12m",
    "tenure",
    "text",
)


def write_study(file: str, sheet: str | None, roles: Roles, suspects: Suspects) -> Draft:
    """Write the settings of a study down, with reasons and questions."""
    draft = Draft()
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
    draft.comment(line("title", PurePath(file).stem))
    draft.section("survey")
    draft.set("file", file)
    if sheet is not None:
        draft.set("sheet", sheet)
    _write_dropped(draft, suspects)
    _write_recommend(draft, roles)
    for role in PLACES:
        _write_role(draft, roles, role)
    _write_segments(draft, roles)
    _write_scales(draft, roles)
    _write_touchpoints(draft, roles)
    _write_words(draft, roles)
    _write_unlabelled(draft, roles)
    _write_rest(draft, roles)
    return draft


def _write_dropped(draft: Draft, suspects: Suspects) -> None:
    """Leave out the rows that the check would tell of, and say how many they are."""
    if not suspects.found:
        return
    draft.blank()
    for _, column, values, count, _ in suspects.found:
        told = Names(tuple(values or [say("empty").text()]))
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
    if is_flag(roles.columns[name]):
        draft.set("recommend_scale", "yes/no")
        return
    reading = roles.readings[name]
    scale = reading.scale
    if reading.doubt == 1.0:
        other = (0.0, scale[1]) if scale[0] == 1 else (1.0, scale[1])
        draft.ask(say("Nobody answered 0 to {column}: does its scale begin with 0 or with 1?", column=name),
                  line("recommend_scale", other))  # fmt: skip
    draft.set("recommend_scale", scale)


def _write_role(draft: Draft, roles: Roles, role: str) -> None:
    name = roles.column(role)
    if name is None:
        return
    _why(draft, roles, name)
    others = roles.others.get(role, [])
    if role == "date" and not _order_is_clear(roles.columns[name]):
        draft.ask(
            say("Does the day or the month stand first in {column}? Nothing in it tells.", column=name),
            line("date", name),
            line("date_order", "day first"),
            line("date_order", "month first"),
        )
        return
    if others and role in ("overall", "weight", "customer"):
        draft.ask(
            say("Is it {column}? It could be {others:list} as well.", column=name, others=tuple(others)),
            *(line(role, other) for other in others),
        )
    draft.set(role, name)


def _order_is_clear(column: Column) -> bool:
    cells = pd.Series(column.uniques, dtype="str")
    return not read_days(cells, day_stands_first([cells])).unclear.any()


def _write_segments(draft: Draft, roles: Roles) -> None:
    if not roles.segments:
        return
    draft.blank()
    draft.comment(say("Groups that are compared: a few names or codes each."))
    draft.set("segments", roles.segments)


def _answered(roles: Roles) -> dict[str, Reading]:
    """Return the readings of touchpoints first, then of the whole and of annoyance."""
    rated = {name: roles.readings[name] for name in roles.touchpoints}
    return rated | {name: reading for name, reading in roles.readings.items() if name != roles.column("recommend")}


def _write_scales(draft: Draft, roles: Roles) -> None:
    readings = _answered(roles)
    recommend = roles.readings.get(roles.column("recommend") or "")
    usual = _usual_scale(readings)
    draft.blank()
    if usual is not None:
        doubtful = next(
            (reading for reading in readings.values() if reading.scale == usual and reading.doubt is not None), None
        )
        if doubtful is not None:
            _ask_for_end(draft, doubtful)
        draft.set("rating_scale", usual)
    turned = [name for name, reading in roles.readings.items() if reading.turned]
    if turned:
        draft.comment(say("The low end is the good one, by the words."))
        draft.set("reversed", turned)
    never = list(dict.fromkeys(code for reading in readings.values() for code in reading.never))
    none = [code for reading in (*readings.values(), *filter(None, [recommend])) for code in reading.none]
    if never:
        draft.comment(say("Codes for “never used”; a code counts only where it is off a column's scale."))
        draft.set("not_experienced", never)
    if left := [code for code in dict.fromkeys(none) if code not in never]:
        draft.comment(say("Codes for “no answer”."))
        draft.set("no_answer", left)
    if own := {name: reading.scale for name, reading in readings.items() if reading.scale != usual}:
        draft.setting_in("survey.scales", own)


def _usual_scale(readings: Mapping[str, Reading]) -> Scale | None:
    scales = Counter(reading.scale for reading in readings.values())
    return scales.most_common(1)[0][0] if scales else None


def _ask_for_end(draft: Draft, reading: Reading) -> None:
    """Ask whether the number next to a usual scale is an answer or a code."""
    number, (low, high) = reading.doubt or 0.0, reading.scale
    if low <= number <= high:
        draft.ask(
            say(
                "Is {number:number:0} an answer on the scale of the ratings, or a code for “no answer”?", number=number
            ),
            line("rating_scale", (1.0, high)),
            line("no_answer", [*reading.none, number]),
        )
        return
    draft.ask(
        say("Does {number:number:0} mean “never used”, or is it the end of the scale?", number=number),
        line("rating_scale", (min(low, number), max(high, number))),
    )


def _write_touchpoints(draft: Draft, roles: Roles) -> None:
    if not roles.touchpoints:
        draft.blank()
        draft.ask(
            say("Which columns rate touchpoints? None is answered like a rating."), line("touchpoints", ["…", "…"])
        )
        return
    draft.section("survey.touchpoints")
    draft.comment(say("Column = name of the touchpoint, which is shown everywhere and can be changed."))
    block: str | None = None
    for name, touchpoint in roles.touchpoints.items():
        column = roles.columns[name]
        stem = stem_of(column) if words_of(column) != touchpoint else ""
        if stem and stem != block and " " in stem:
            draft.comment(f"“{shortened(stem)}”")
        block = stem
        draft.set(name, touchpoint)
    own = {name: words for name, words in roles.touchpoints.items() if roles.columns[name].labelled}
    if own:
        draft.blank()
        draft.comment(say("Shown instead of the labels of the file, which are whole questions."))
        draft.setting_in("survey.labels", own)


def _write_words(draft: Draft, roles: Roles) -> None:
    """Write the numbers of words: once for all columns, or by column where a word has two numbers."""
    own = {name: dict(roles.columns[name].words) for name in roles.readings if roles.columns[name].words}
    unread = [name for name in roles.readings if roles.columns[name].unread]
    if own:
        draft.blank()
        draft.comment(say("Answers in words, with their usual numbers."))
        together = {word: number for words in own.values() for word, number in words.items()}
        if all(together[word] == number for words in own.values() for word, number in words.items()):
            draft.setting_in("survey.words", dict(sorted(together.items(), key=lambda item: item[1])))
        else:
            draft.setting_in("survey.words", own)
    if unread:
        words = list(dict.fromkeys(word for name in unread for word in roles.columns[name].unread))
        draft.blank()
        draft.ask(
            say_n(
                "Which number is each word of {columns:list}? {count} has none; add it under [survey.words], or "
                "under no_answer.",
                "Which number is each word of {columns:list}? {count} have none; add them under [survey.words], "
                "or under no_answer.",
                len(words),
                columns=tuple(unread),
            )
        )


def _write_unlabelled(draft: Draft, roles: Roles) -> None:
    """Ask for the words of groups that are numbers."""
    for name in roles.segments:
        column = roles.columns[name]
        coded = not column.value_labels and column.share(~np.isnan(column.numbers)) > 0.5 and not column.words
        if coded and column.distinct <= MOST_UNNAMED:
            draft.blank()
            draft.comment(say("What the codes of {column} mean, to be shown instead of them:", column=name))
            draft.comment(f"[survey.labels.{_key(name)}]")
            for number in column.values():
                draft.comment(line(f"{number:g}", "…"))


def _key(name: str) -> str:
    return line(name, 0).removesuffix(" = 0")


def _write_rest(draft: Draft, roles: Roles) -> None:
    rest = tuple(name for name, claim in roles.of.items() if claim.role == "none")
    if rest:
        draft.blank()
        draft.comment(say("Without a role, and still there for by=: {columns:all}.", columns=rest))
