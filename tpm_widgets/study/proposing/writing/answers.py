"""The part of a proposed study.toml that tells how answers are read: scales, codes, touchpoints, words of codes."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import numpy as np

from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.study.cells.toml import toml_key
from tpm_widgets.study.model import Scale
from tpm_widgets.study.proposing.columns import Column
from tpm_widgets.study.proposing.ends import GRADES, before_codes, codes_over_column
from tpm_widgets.study.proposing.kinds.deeds import DEEDS
from tpm_widgets.study.proposing.roles import Roles
from tpm_widgets.study.proposing.scales import DOUBTFUL, Reading
from tpm_widgets.study.proposing.touchpoints import stem_of, words_of
from tpm_widgets.study.proposing.writing.draft import Draft, line, shortened

DIRECTIONS = ("against", "1 is best", "6 is best")
MOST_UNNAMED = 12
LONGEST_LABEL = 60  # letters of a question that is shown instead of a name
CODE = re.compile(r"[A-Za-z]{0,5}[_ ]?\d+(?:[_.\- ]?[A-Za-z]{0,3}\d+)*(?:\[\w+\])?")  # Q7_1, SQ001, v12, F3[SQ001]


def write_answers(draft: Draft, roles: Roles) -> None:
    """Write how the answers of a survey are read."""
    _write_scales(draft, roles)
    _write_touchpoints(draft, roles)
    _write_labels(draft, roles)
    _write_words(draft, roles)
    _write_unlabelled(draft, roles)


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
            _ask_for_low(draft, doubtful)
        ended = next(
            (reading for reading in readings.values() if reading.scale == usual and reading.end is not None), None
        )
        if ended is not None:
            _ask_for_end(draft, ended)
            if perhaps := [name for name, reading in readings.items() if _may_be_grades(reading)]:
                words = say("If 1 is then the best answer, as among German school grades, take as well:")
                draft.offer(words, line("reversed", [*_turned(roles), *perhaps]))
        draft.set("rating_scale", usual)
    _write_reversed(draft, roles, readings)
    never = list(dict.fromkeys(code for reading in readings.values() for code in reading.never))
    none = [code for reading in (*readings.values(), *filter(None, [recommend])) for code in reading.none]
    if never:
        draft.comment(say("Codes for “never used”; a code counts only where it is off a column's scale."))
        draft.set("not_experienced", never)
    if left := [code for code in dict.fromkeys(none) if code not in never]:
        draft.comment(say("Codes for “no answer”."))
        draft.set("no_answer", left)
    if own := {name: reading for name, reading in readings.items() if reading.scale != usual}:
        draft.section("survey.scales")
        for name, reading in own.items():
            if reading.end is not None:
                draft.ask(_end_or_code(reading.end, name), line(name, _other_scale(reading)))
            draft.set(name, reading.scale)


def _write_reversed(draft: Draft, roles: Roles, readings: Mapping[str, Reading]) -> None:
    """Write whose low end is the good one, and ask where answers may be grades and nothing tells."""
    turned = _turned(roles)
    about = {asks: [name for name, one in readings.items() if one.asks == asks] for asks in DIRECTIONS}
    if against := about["against"]:
        question = say(
            "Whoever rates {columns:list} higher recommends less. Is the low end of these scales the good one? "
            "Nothing in the file says so.",
            columns=tuple(against),
        )
        draft.ask(question, line("reversed", [*turned, *against]), repeated=False)
        asked = roles.column("recommend")
        if asked in roles.readings and roles.readings[asked].turned is None and roles.readings[asked].scale[1] < 10:
            words = say("If instead the low end of {column} is the good one:", column=asked)
            draft.offer(words, line("reversed", [*turned, asked]))
    if first := about["1 is best"]:
        question = say(
            "Is 1 the best answer to {columns:list}, as among German school grades? Nothing in the file says so.",
            columns=tuple(first),
        )
        draft.ask(question, line("reversed", [*turned, *first]))
    if last := about["6 is best"]:
        question = say(
            "Is 6 the best grade in {columns:list}, as in Switzerland? They are read with 1 as the best.",
            columns=tuple(last),
        )
        rest = [name for name in turned if name not in last]
        draft.ask(question, line("reversed", rest or False))
    if turned:
        by_words = [name for name in turned if not roles.readings[name].graded and name not in last]
        if by_words:
            draft.comment(say("The low end is the good one, by the words."))
        if len(by_words) < len(turned):
            draft.comment(
                say("Of grades the low end is the good one; whoever gives it recommends more.")
                if not last
                else say("Of grades the low end is the good one.")
            )
        draft.set("reversed", turned)


def _turned(roles: Roles) -> list[str]:
    return [name for name, reading in roles.readings.items() if reading.turned]


def _may_be_grades(reading: Reading) -> bool:
    """Whether answers that are read as 1 to 5, with a code, could be grades from 1 to 6."""
    return reading.turned is None and reading.end == GRADES[1] and reading.scale != GRADES


def _usual_scale(readings: Mapping[str, Reading]) -> Scale | None:
    scales = Counter(reading.scale for reading in readings.values())
    return scales.most_common(1)[0][0] if scales else None


def _ask_for_low(draft: Draft, reading: Reading) -> None:
    """Ask whether a low number is an answer or a code."""
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


def _ask_for_end(draft: Draft, reading: Reading) -> None:
    """Ask whether the number next to a usual scale is an answer or a code."""
    number = reading.end or 0.0
    question = say("Does {number:number:0} mean “never used”, or is it the end of the scale?", number=number)
    lines = [line("rating_scale", _other_scale(reading))]
    if number <= reading.scale[1]:
        lines.append(line("not_experienced", [*reading.never, number]))
    draft.ask(question, *lines)


def _end_or_code(number: float, column: str) -> Sentence:
    return say(
        "Does {number:number:0} mean “never used” in {column}, or is it the end of the scale?",
        number=number,
        column=column,
    )


def _other_scale(reading: Reading) -> Scale:
    """Return the scale that ends with the number in doubt where the proposed one does not, and the other way round."""
    number, (low, high) = reading.end or 0.0, reading.scale
    return (low, number) if number > high else (low, float(DOUBTFUL[number]))


def _write_touchpoints(draft: Draft, roles: Roles) -> None:
    if not roles.touchpoints:
        draft.blank()
        draft.ask(
            say("Which columns rate touchpoints? None is answered like a rating."), line("touchpoints", ["…", "…"])
        )
        return
    draft.section("survey.touchpoints")
    draft.comment(say("Column = name of the touchpoint, which is shown everywhere and can be changed."))
    if coded := [name for name in roles.touchpoints.values() if CODE.fullmatch(name)]:
        draft.comment(
            say(
                "The file has no words for {count:count} of them: write what is rated into the quotes, as in {line}",
                count=len(coded),
                line=line(next(name for name, own in roles.touchpoints.items() if own == coded[0]), "…"),
            )
        )
    block: str | None = None
    for name, touchpoint in roles.touchpoints.items():
        column = roles.columns[name]
        stem = stem_of(column) if words_of(column) != touchpoint else ""
        if stem and stem != block and " " in stem:
            draft.comment(f"“{shortened(stem)}”")
        block = stem
        draft.set(name, touchpoint)


def _write_labels(draft: Draft, roles: Roles) -> None:
    """Write what is shown instead of whole questions, and of the short names of groups."""
    own = {name: words for name, words in roles.touchpoints.items() if roles.columns[name].labelled}
    if own:
        draft.blank()
        draft.comment(say("Shown instead of the labels of the file, which are whole questions."))
    asked = {name: roles.columns[name].question for name in roles.segments if not _is_coded(roles.columns[name])}
    asked = {name: words for name, words in asked.items() if words and len(words) <= LONGEST_LABEL}
    asked = {name: words for name, words in asked.items() if list(asked.values()).count(words) == 1}
    if own or asked:
        draft.section("survey.labels")
    for name, words in own.items():
        draft.set(name, words)
    if asked:
        draft.comment(say("Groups are shown under these words."))
    for name, words in asked.items():
        draft.set(name, words)


def _is_coded(column: Column) -> bool:
    """Whether the groups of a column are numbers without words."""
    return not column.value_labels and column.share(~np.isnan(column.numbers)) > 0.5 and not column.words


def _write_words(draft: Draft, roles: Roles) -> None:
    """Write the numbers of words: once for all columns, or by column where a word has two numbers."""
    counts = [name for name in map(roles.column, DEEDS[2:]) if name is not None]
    own = {name: dict(roles.columns[name].words) for name in (*roles.readings, *counts) if roles.columns[name].words}
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
            ),
            repeated=False,
        )


def _own_name(column: Column) -> str:
    """Return the part of a section's name that says what a column is shown as, where its words are codes as well."""
    name = before_codes(column.question or column.name)
    return f".{toml_key(name)}" if name and name != column.name and len(name) <= LONGEST_LABEL else ""


def _write_unlabelled(draft: Draft, roles: Roles) -> None:
    """Ask for the words of groups that are numbers."""
    for name in roles.segments:
        column = roles.columns[name]
        told = codes_over_column(column)
        if _is_coded(column) and set(column.values()) <= set(told):
            draft.section(f"survey.labels.{toml_key(name)}{_own_name(column)}")
            draft.comment(say("What the codes mean, by the words over the column."))
            for value in column.values():
                draft.set(f"{value:g}", told[value])
        elif _is_coded(column) and column.distinct <= MOST_UNNAMED:
            draft.blank()
            draft.comment(say("What the codes of {column} mean, to be shown instead of them:", column=name))
            draft.comment(f"[survey.labels.{toml_key(name)}]")
            codes = zip(column.numbers, column.uniques, strict=True)
            for _, code in sorted(codes, key=lambda pair: (np.isnan(pair[0]), *pair)):
                if code not in column.none and code not in column.never:
                    draft.comment(line(code, "…"))
