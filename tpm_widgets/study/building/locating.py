"""Which column of a file plays which role; what is missing is refused with the nearest name or the right delimiter."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from difflib import get_close_matches

from tpm_widgets.language import Sentence, say
from tpm_widgets.study.building.long_format import question_column
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.masking import tells_of_persons
from tpm_widgets.study.cells.names import SHOWN, nearest_names
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.cells.toml import toml_text
from tpm_widgets.study.reading.settings import SurveySettings, TableSettings
from tpm_widgets.study.schema import TABLES, UNDATED, Role, role_names

# The days without which a table of deeds says nothing; found by their own names, so that nobody declared another.
DATED = {"customers": "acquired", "referrals": "date"}


def locate_roles(raw: RawTable, settings: TableSettings, faults: Faults) -> dict[str, str] | None:
    """Return role → column for one table, or None where the table has a structural fault."""
    before = len(faults.structural)
    found, absent = {}, []
    for role in TABLES[raw.table]:
        column = settings.columns.get(role.name, role.name if role.found else "")
        if column == "" and not _is_required(role, raw.table, settings):  # the study says that none plays this role
            continue
        if column in raw.repeated:
            _refuse_repeated(raw, column, faults)
        elif column in raw.frame:
            found[role.name] = column
        elif _is_required(role, raw.table, settings) or role.name in settings.columns:
            absent.append(column)
    _refuse_absent(raw, absent, faults)
    return found if len(faults.structural) == before else None


def _is_required(role: Role, table: str, settings: TableSettings) -> bool:
    """Whether a table is nothing without a role; customers of whom only counts of deeds are told need no first day."""
    only_counts = table == "customers" and role.name == "acquired" and bool(settings.columns.keys() & set(UNDATED))
    return role.required and not only_counts


def locate_long(raw: RawTable, settings: SurveySettings, faults: Faults) -> list[str] | None:
    """Return the columns that tell whose answers belong together, or None where one for the pivot is absent."""
    respondent = settings.columns.get("respondent", "respondent")
    wave = settings.columns.get("wave", "wave")
    absent = [name for name in (*(settings.long or ()), respondent) if name not in raw.frame]
    _refuse_absent(raw, absent, faults)
    return None if absent else [respondent, *([wave] if wave in raw.frame else [])]


def locate_answers(raw: RawTable, settings: SurveySettings, faults: Faults) -> bool:
    """Tell whether every column that the survey's settings name is there, with at least one answer."""
    before = len(faults.structural)
    mappings = (settings.touchpoints, settings.aware, settings.stated_importance)
    named = [
        *(column for mapping in mappings for column in mapping or ()),
        *settings.segments,
        *settings.labels.named(),
    ]
    by_role = role_names("survey")  # scales and codes may be given for a column or for a role
    named += [
        name for name in (*settings.scales, *settings.codes, *filter(None, settings.words)) if name not in by_role
    ]
    played = set(settings.columns.values())  # those were asked for by locate_roles
    for column in dict.fromkeys(column for column in named if column in raw.repeated and column not in played):
        _refuse_repeated(raw, column, faults)
    absent = dict.fromkeys(column for column in named if column not in raw.frame and column not in raw.repeated)
    _refuse_absent(raw, absent, faults)
    _refuse_ambiguous_segments(raw, settings, faults)
    _refuse_score_as_touchpoint(raw, settings, faults)
    if not len(raw.frame):
        refuse_without_rows(raw, faults)
    return len(faults.structural) == before


def refuse_without_rows(raw: RawTable, faults: Faults) -> None:
    """Refuse a table that is only a header."""
    remedy = say("Export the answers again: there are 0 rows.")
    faults.refuse(raw.table, raw.file, say("at least one answer below the header"), remedy)


def _refuse_ambiguous_segments(raw: RawTable, settings: SurveySettings, faults: Faults) -> None:
    """Refuse a segment that is called like a role which it does not play: by= could not tell the two apart."""
    for segment in settings.segments:
        if segment in role_names("survey") and settings.columns.get(segment, segment) != segment:
            remedy = say('Rename the column, or let it play the role: {role} = "{role}".', role=segment)
            faults.refuse(raw.table, raw.file, say("a segment that is not called like a role"), remedy, column=segment)


def _refuse_repeated(raw: RawTable, name: str, faults: Faults) -> None:
    """Refuse a name that several columns have, and tell how each is called by which study.toml can name it."""
    own = raw.repeated[name]
    faults.refuse(
        raw.table,
        raw.file,
        say("one column of this name, not {count}", count=len(own)),
        say("Name one of them: {names}.", names=", ".join(map(toml_text, own[:SHOWN]))),
        column=name,
    )


def _refuse_score_as_touchpoint(raw: RawTable, settings: SurveySettings, faults: Faults) -> None:
    """Refuse a touchpoint whose column is the score itself, or another role: it would explain itself."""
    roles = {settings.columns.get(role, role): role for role in role_names("survey") if role != "overall"}
    for column in settings.touchpoints or ():
        if column in roles and column in raw.frame:
            expected = say("a rating of a touchpoint; this column is already {role}", role=roles[column])
            remedy = say("Take {column} out of the touchpoints.", column=repr(column))
            faults.refuse(raw.table, raw.file, expected, remedy, column=column)


def _refuse_absent(raw: RawTable, absent: Iterable[str], faults: Faults) -> None:
    names = list(map(str, raw.frame.columns))
    delimiter = _unused_delimiter(names)
    absent = list(absent)
    pivoted = question_column(raw, absent)
    if pivoted is not None:
        faults.refuse(raw.table, raw.file, say("a column of this name"), pivoted, column=absent[0])
        return
    for column in absent:
        if delimiter is None:
            remedy = nearest(column, names)
            if DATED.get(raw.table) == column:
                remedy = say("{nearest} {counts}", nearest=remedy, counts=_only_counts(raw.table))
        else:
            remedy = say(
                "The header is one cell with the sign {sign} in it: set delimiter = {sign} under [{table}].",
                sign=toml_text(delimiter),
                table=raw.table,
            )
        faults.refuse(raw.table, raw.file, say("a column of this name"), remedy, column=column)


def _only_counts(table: str) -> Sentence:
    """Tell how deeds are named that have no days."""
    return say(
        "Where customer systems only count what each customer did, delete [{table}] and name the counts under "
        '[survey]: recommendations = "…", customers_won = "…" or recommended = "…" (yes or no).',
        table=table,
    )


def nearest(column: str, names: list[str]) -> Sentence:
    """Say which name may have been meant, or which there are."""
    names = [name for name in names if not tells_of_persons(name)]  # the cells of a file without a header
    near = get_close_matches(column, names, n=1)
    if near:
        return say("Did you mean {column}?", column=toml_text(near[0]))
    shown = ", ".join(map(toml_text, nearest_names(column, names)))
    if len(names) > SHOWN:
        return say("Of {count} columns the nearest are {columns}.", count=len(names), columns=shown)
    return say("The columns are {columns}.", columns=shown)


def _unused_delimiter(names: list[str]) -> str | None:
    """Find the sign that stands between the names of a header which was not taken apart."""
    if len(names) != 1:
        return None
    signs = Counter(sign for sign in names[0] if not (sign.isalnum() or sign in "_ .\"'-()?"))
    return signs.most_common(1)[0][0] if signs else None
