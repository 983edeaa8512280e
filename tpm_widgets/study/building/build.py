"""Raw tables and settings → a study: columns found, cells read, checked, and put under the names of their roles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pandas as pd

from tpm_widgets.language import say
from tpm_widgets.study.building.answers import ask_about_scale, read_answers
from tpm_widgets.study.building.checks import check_table
from tpm_widgets.study.building.doubts import open_questions
from tpm_widgets.study.building.locating import locate_answers, locate_long, locate_roles
from tpm_widgets.study.building.long_format import pivot_answers, used_columns
from tpm_widgets.study.building.repeats import without_repeats
from tpm_widgets.study.building.rows import choose_rows, report_suspects
from tpm_widgets.study.building.rules import Known
from tpm_widgets.study.building.tables import list_touchpoints, note_unlisted, read_table
from tpm_widgets.study.building.waves import assign_waves, refuse_repeated_respondents
from tpm_widgets.study.building.weights import rake_answers
from tpm_widgets.study.cells.faults import Faults
from tpm_widgets.study.cells.raw import RawTable
from tpm_widgets.study.model import Study
from tpm_widgets.study.reading.labels import with_labels
from tpm_widgets.study.reading.settings import Settings, SurveySettings
from tpm_widgets.study.schema import role_names

REFERRING = ("referrals", "incidents", "reviews", "revenue", "actions", "goals")  # to the other tables


def build_study(settings: Settings, raw: Mapping[str, RawTable], faults: Faults) -> Study:
    """Make the study, or raise every structural fault at once; ``faults`` may hold those of reading already."""
    raw = {name: choose_rows(cells, settings.of(name), faults) for name, cells in raw.items()}
    for name, cells in raw.items():
        report_suspects(cells, settings.of(name), faults)
    raw = _of_one_kind(settings, raw, faults)
    if "survey" in raw:
        raw["survey"] = without_repeats(raw["survey"], settings.survey, faults)
    if "survey" in raw and settings.survey.long is not None:
        raw["survey"] = _pivoted(raw["survey"], settings.survey, faults)
    if "survey" in raw:
        raw["survey"] = with_labels(raw["survey"], settings.survey.labels)
    columns = {
        name: found
        for name, cells in raw.items()
        if (found := locate_roles(cells, settings.of(name), faults)) is not None
    }
    has_answers = "survey" in raw and locate_answers(raw["survey"], settings.survey, faults)
    if "survey" not in columns or not has_answers:
        faults.refuse_if_structural()

    def table(name: str, known: Known) -> pd.DataFrame | None:
        if name not in columns:
            return None
        own = settings.of(name)
        cells = read_table(raw[name], columns[name], own, faults)
        return check_table(raw[name], cells, columns[name], known, own.scales, faults)

    listed = table("touchpoints", Known())
    rated = _rated(settings.survey, raw["survey"], listed)
    touchpoints, unlisted = list_touchpoints(listed, rated, raw["survey"].labels)
    if unlisted:
        note_unlisted(raw["touchpoints"], columns["touchpoints"]["touchpoint"], unlisted, faults)
    known = Known(touchpoints=pd.Index(touchpoints["touchpoint"]))
    waves, customers = table("waves", known), table("customers", known)
    if customers is not None:
        known = replace(known, customers=customers.set_index("customer"))

    in_order = {name: column for name in touchpoints["touchpoint"] for column in rated if rated[column] == name}
    answers = read_answers(raw["survey"], columns["survey"], in_order, settings.survey, known, faults)
    if not settings.survey.scale_declared:
        ask_about_scale(raw["survey"], columns["survey"]["recommend"], answers, faults)
    survey = assign_waves(raw["survey"], answers.survey, columns["survey"], waves, faults)
    if "wave" in survey or "waves" in columns or "waves" not in settings.tables:  # else the waves could not be read
        refuse_repeated_respondents(raw["survey"], survey, columns["survey"], faults)
    margins = settings.margins
    if margins:
        survey, margins = rake_answers(raw["survey"], survey, answers.other_columns, columns["survey"], margins, faults)
    if "respondent" in survey:
        known = replace(known, respondents=pd.Index(survey["respondent"].dropna().unique()))
    others: dict[str, Any] = {name: table(name, known) for name in REFERRING}
    faults.refuse_if_structural()
    shown = _words_of_segments(settings.survey, raw["survey"], customers)
    other_columns = answers.other_columns.assign(**{name: survey[name] for name in shown})  # by="F6" finds it still
    survey = survey.rename(columns=shown)
    return Study(
        name=settings.name,
        title=settings.title,
        survey=survey if settings.linkage["permitted"] else survey.drop(columns="customer", errors="ignore"),
        ratings=answers.ratings,
        experienced=answers.experienced,
        other_columns=other_columns,
        aware=answers.aware,
        stated_importance=answers.stated_importance,
        touchpoints=touchpoints,
        customers=customers,
        waves=waves,
        **others,
        recommend_scale=answers.recommend_scale,
        cutoffs=settings.survey.cutoffs,
        scale_declared=settings.survey.scale_declared,
        rating_scales=answers.rating_scales,
        segments=tuple(shown.get(name, name) for name in settings.survey.segments),
        simulated=tuple(name for name in raw if settings.of(name).simulated),
        reach_unknown=answers.reach_unknown,
        reach_doubt=faults.silent,
        margins=margins,
        period=settings.period,
        linkage=settings.linkage,
        min_group=settings.min_group,
        problems=faults.problems,
        left_out=faults.left_out,
        order_of_waves=faults.order_of_waves,
        losses=faults.losses,
        doubts=(*faults.doubts, *open_questions(settings.questions)),
        remarks=(*faults.remarks, *faults.labels_read),
    )


def _pivoted(raw: RawTable, settings: SurveySettings, faults: Faults) -> RawTable:
    """Return one row for each respondent of a survey that has one for each answer."""
    keys = locate_long(raw, settings, faults)
    if keys is None or settings.long is None:
        faults.refuse_if_structural()
        return raw
    roles = {role: settings.columns.get(role, role) for role in role_names("survey")}
    used = used_columns(roles, settings.touchpoints, settings.aware, settings.stated_importance, settings.segments)
    return pivot_answers(raw, keys, *settings.long, used, faults)


def _of_one_kind(settings: Settings, raw: Mapping[str, RawTable], faults: Faults) -> dict[str, RawTable]:
    """Leave out simulated tables where the survey is not: no simulated number is to stand beside a real one."""
    if settings.survey.simulated:
        return dict(raw)
    expected = say("a table of yours, as the survey is not simulated; what comes with the sample is left out")
    remedy = say("Put your own file in its place and delete the line simulated = true, or delete the section.")
    for name, cells in raw.items():
        if settings.of(name).simulated:
            faults.report(cells, "", "simulated = true", expected, remedy)
    return {name: cells for name, cells in raw.items() if not settings.of(name).simulated}


def _words_of_segments(settings: SurveySettings, raw: RawTable, customers: pd.DataFrame | None) -> dict[str, str]:
    """Return the study's own words for columns of groups; not where the customers are grouped by the column's name."""
    taken = {*map(str, raw.frame), *role_names("survey"), *(() if customers is None else customers)}
    shown: dict[str, str] = {}
    for name in settings.segments:
        word = settings.labels.columns.get(name)
        tied = name in role_names("survey") or (customers is not None and name in customers)
        if word and not tied and word not in {*taken, *shown.values()}:
            shown[name] = word
    return shown


def _rated(settings: SurveySettings, survey: RawTable, listed: pd.DataFrame | None) -> dict[str, str]:
    """Columns → touchpoints; where the study names none, the columns that are called like a listed touchpoint."""
    if settings.touchpoints is not None:
        return dict(settings.touchpoints)
    names = [] if listed is None else listed["touchpoint"].to_list()
    return {name: name for name in names if name in survey.frame}
