"""Every public verb on every scale of the question on recommendation: a result, or a refusal that names the remedy."""

import re

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.errors import DataError
from tpm_widgets.results import Result

SCALES = [(0, 10), (1, 10), (1, 7), (1, 5), "yes/no"]
OF_THREE_CLASSES = re.compile(r"Net Promoter|\bNPS\b|romoter(?!_class)|assives?\b|etractor|Kritiker|6\|7|0–10")
EMPTY = {}
OPTIONS = {
    "net_promoter_score": [EMPTY, {"by": "segment"}, {"by": "wave"}],
    "compare_scores": [{"by": "segment"}],
    "score_sample_size": [{"margin": 0.05}],
    "referral_activity": [EMPTY, {"by": "score"}],
    "referral_timing": [EMPTY, {"by": "score"}],
    "say_do": [{"replicates": 20}],
    "deeds_sample_size": [{"ratio": 1.5}],
    "driver_regression": [{"outcome": outcome} for outcome in ("recommend", "promoter", "detractor", "referred")],
    "compare_drivers": [{"replicates": 20}],
    "compare_driver_groups": [{"by": "segment", "replicates": 20}],
    "penalty_reward": [{"replicates": 100}],
    "what_if": [{"changes": {"app": 0.5}}],
    "control_chart": [EMPTY, {"metric": "referral_rate"}],
    "compare_waves": [EMPTY, {"metric": "ratings"}],
    "importance_intervals": [{"replicates": 100}],
}
TAKES_DRIVERS = {"driver_diagnostics", "importance_intervals", "relative_importance", "dominance"}
NEEDS_NO_ANSWERS = {"score_coverage"}


@pytest.fixture(scope="module")
def answered():
    return tpm.simulate_study(seed=1, respondents=600, touchpoints=4)


def study_on(scale, answered):
    """The same customers, asked on another scale."""
    score = answered.survey["recommend"].to_numpy(float, na_value=np.nan)
    if scale == "yes/no":
        given = np.where(np.isnan(score), np.nan, score > 7)
    else:
        given = np.rint(scale[0] + score / 10 * (scale[1] - scale[0]))
    survey = pd.concat([answered.survey.assign(recommend=given), answered.ratings], axis=1)
    roles = [role for role in ("respondent", "customer", "date", "wave", "weight") if role in survey]
    tables = ("customers", "referrals", "incidents", "reviews", "revenue", "actions", "goals", "waves")
    return tpm.make_study(
        survey, recommend_scale=scale, touchpoints=list(answered.ratings), touchpoint_table=answered.touchpoints,
        segments=answered.segments, **{role: role for role in roles},
        **{table: getattr(answered, table) for table in tables if table != "goals"},
        goals=answered.goals.assign(goal="more that recommend us"),
        recording_start=answered.period.recording_start, observed_until=answered.period.observed_until,
    )  # fmt: skip


def verbs():
    """Each verb of the four steps."""
    for step in (tpm.as_is, tpm.strategy, tpm.plan, tpm.control):
        for name in dir(step):
            if name[0].islower() and not name.startswith("plot_") and name not in NEEDS_NO_ANSWERS:
                yield name


def arguments_of(name, study, drivers):
    """What a verb takes first."""
    if name == "side_by_side":
        models = tpm.what_if_models(study)
        return [tpm.rank_actions(study, models=models, metric=metric) for metric in ("referral_rate", "nps")]
    return [drivers if name in TAKES_DRIVERS else study]


def words_of(result):
    """Everything that a result says, in both languages, and its columns."""
    said = [result.summary(language) for language in ("en", "de")]
    said += [caveat.text(language) for caveat in result.caveats for language in ("en", "de")]
    return " ".join([*said, *map(str, result.table.columns), *map(str, result.settings.values())])


def drawn(result):
    """The texts of the picture of a result, where it has one."""
    for name in dir(tpm):
        if name.startswith("plot_"):
            try:
                axes = getattr(tpm, name)(result)
            except TypeError:
                continue
            return " ".join(text.get_text() for text in axes.figure.findobj(lambda part: hasattr(part, "get_text")))
    return ""


@pytest.mark.parametrize("scale", SCALES, ids=str)
def test_every_verb_answers_or_says_what_it_needs(scale, answered):
    study = study_on(scale, answered)
    assert study.problems.empty
    drivers = tpm.driver_regression(study)
    refused, strange = {}, {}
    for name in verbs():
        for options in OPTIONS.get(name, [EMPTY]):
            own = {**options, **({"by": study.segments[0]} if options.get("by") == "segment" else {})}
            if name == "what_if":
                own = {"changes": {study.touchpoint_names[0]: 0.5}}
            try:
                result = getattr(tpm, name)(*arguments_of(name, study, drivers), **own)
            except DataError as error:
                assert error.problems["remedy"].map(str).str.len().gt(0).all(), name
                refused[name, str(options)] = str(error)
                continue
            if not isinstance(result, Result):
                continue
            said = f"{words_of(result)} {drawn(result)}"
            if scale == "yes/no" and (found := OF_THREE_CLASSES.search(said)):
                strange[name, str(options)] = said[max(found.start() - 60, 0) : found.end() + 60]
    assert strange == {}
    three = {("score_sensitivity", "{}"), ("score_sample_size", "{'margin': 0.05}"),
             ("driver_regression", "{'outcome': 'detractor'}")}  # fmt: skip
    assert set(refused) == (three if scale == "yes/no" else set())


def test_panels_of_a_yes_no_study_say_no_net_promoter_score(answered):
    study = study_on("yes/no", answered)
    for panel in (tpm.SayDoPanel(study), tpm.DriversPanel(study), tpm.WhatIfPanel(study)):
        assert not OF_THREE_CLASSES.search(panel.result.summary("en"))


def test_the_questions_of_a_yes_no_study_say_no_net_promoter_score(answered):
    asked = tpm.study_questions(study_on("yes/no", answered))
    for language in ("en", "de"):
        assert not OF_THREE_CLASSES.search(" ".join(map(str, asked.rows(language))))
    assert asked.table["answer"].iloc[0] == "answered"
