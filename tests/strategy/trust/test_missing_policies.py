"""Policies for what was not rated: the same numbers as single regressions, honest errors of differences, refusals."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

AIRPORT = Path(__file__).parents[3] / "../shared/data/airport_2017/survey.csv"
NAMES = ["shop", "mail", "app"]
COLUMNS = ["touchpoint", "policy", "n", "experienced", "estimate", "std_error", "conf_low", "conf_high", "importance",
           "share", "rank"]  # fmt: skip


def answers_of(n=600, reach=0.8, seed=1, exists=True):
    """Answers to three touchpoints; where a rating ``exists`` it counts also for those who did not give it."""
    rng = np.random.default_rng(seed)
    ratings = 3.5 + rng.normal(size=(n, 3)) + rng.normal(size=(n, 1))
    given = rng.random((n, 3)) < reach
    counted = ratings if exists else np.where(given, ratings, 3.5)
    score = 6 + (counted - 3.5) @ np.array([0.8, 0.4, 0.0]) + rng.normal(size=n)
    frame = pd.DataFrame(np.where(given, np.clip(ratings, 1, 5), np.nan), columns=NAMES)
    return frame.assign(score=np.clip(np.round(score), 0, 10))


def study_of(answers, **options):
    return tpm.make_study(survey=answers, recommend="score", touchpoints=NAMES, rating_scale=(1, 5), **options)


def test_rows_are_those_of_the_single_regressions():
    study = study_of(answers_of())
    before = study.data_hash
    found = tpm.compare_policies(study)
    assert list(found.table.columns) == COLUMNS
    assert found.table["policy"].tolist() == ["indicator"] * 3 + ["complete"] * 3 + ["pairwise"] * 3 + ["imputed"] * 3
    for policy, rows in found.table.groupby("policy"):
        alone = tpm.driver_regression(study, missing=policy).table
        for column in ("n", "estimate", "std_error", "conf_low", "conf_high", "importance", "experienced"):
            assert rows[column].tolist() == pytest.approx(alone[column].tolist(), rel=0, abs=0, nan_ok=True)
        assert rows["share"].sum() == pytest.approx(1)
        assert sorted(rows["rank"]) == [1, 2, 3]
    assert found.refused == {}
    assert study.data_hash == before
    assert len(found.differences) == 18
    assert found.summary("de") and found._repr_html_()


def test_where_all_rated_all_policies_are_one():
    found = tpm.compare_policies(study_of(answers_of(reach=1.1)))
    assert (found.differences["difference"].abs() < 1e-12).all() and (found.differences["p_value"] > 0.999).all()
    assert found.agreement["rank_correlation"].tolist() == pytest.approx([1, 1, 1])
    assert found.agreement["signs"].tolist() == [0, 0, 0]
    assert "does not depend on the policy" in found.summary("en")


@pytest.mark.slow
def test_errors_of_differences_are_those_of_repeated_samples():
    """In 40 samples; a standard deviation of 40 is known to 11 %, and three times that is allowed."""
    drawn = [tpm.compare_policies(study_of(answers_of(n=300, seed=seed, exists=False))) for seed in range(40)]
    differences = np.array([found.differences["difference"] for found in drawn])
    errors = np.sqrt(np.mean([found.differences["std_error"] ** 2 for found in drawn], axis=0))
    with_fillings = (drawn[0].differences[["first", "second"]] == "imputed").any(axis=1).to_numpy()
    ratio = errors / differences.std(axis=0)
    assert ratio[~with_fillings] == pytest.approx(1, rel=0.34)
    assert (ratio[with_fillings] > 0.66).all() and (ratio[with_fillings] < 2.5).all()  # too large, as is said
    apart = np.abs(differences[:, :3].mean(axis=0)) / (differences[:, :3].std(axis=0) / np.sqrt(40))
    assert (apart < 4).all()  # indicator and complete estimate the same


def test_pairwise_is_biased_where_a_touchpoint_never_used_adds_nothing():
    found = tpm.compare_policies(study_of(answers_of(n=8000, reach=0.6, exists=False)))
    truth = {"shop": 0.8, "mail": 0.4, "app": 0.0}
    table = found.table.set_index(["policy", "touchpoint"])["estimate"]
    for policy in ("indicator", "complete"):  # the ends of both scales bend a little
        assert all(abs(table[policy, name] - truth[name]) < 0.15 for name in NAMES), table
    apart = found.differences.query("second == 'pairwise' and first == 'indicator'")
    assert (apart["p_adjusted"] < 0.001).any()
    assert "pairwise reckons as if everybody had experienced everything" in found.summary("en")


def test_refused_policies_stand_with_their_reason():
    answers = answers_of(n=100, reach=0.6)
    found = tpm.compare_policies(study_of(answers), outcome="promoter")
    complete = int(answers[NAMES].notna().all(axis=1).sum())
    assert {policy: str(reason) for policy, reason in found.refused.items()} == {
        "complete": f"{complete} answers rated every touchpoint, and 30 are needed, 10 per coefficient",
        "pairwise": "covariances of different answers go with the score itself only",
        "imputed": "it takes ratings that overlap between answers with and without the outcome",
    }
    said = [str(sentence) for sentence in found.sentences()]
    assert said[1] == "With one policy only there is nothing to compare: its estimates stand alone."
    assert said[-2].startswith("Refused, pairwise correlations: covariances of different answers")
    assert found.agreement.empty and found.differences.empty


def test_touchpoints_that_nobody_has_in_common_are_a_reason():
    answers = answers_of(reach=1.1)
    answers.loc[:299, "shop"] = np.nan
    answers.loc[300:, "mail"] = np.nan
    found = tpm.compare_policies(study_of(answers))
    assert str(found.refused["pairwise"]) == "it takes answers that rated both shop and mail"
    assert str(found.refused["complete"]).startswith("0 answers rated every touchpoint")


def test_customers_with_several_answers_are_clusters():
    answers = answers_of()
    twice = pd.concat([answers, answers], ignore_index=True).assign(who=[*range(600), *range(600)])
    once, both = (
        tpm.compare_policies(study).differences.query("second != 'imputed'")["std_error"].tolist()
        for study in (study_of(answers), study_of(twice, customer="who"))
    )
    assert both == pytest.approx(once, rel=0.05)


@pytest.mark.skipif(not AIRPORT.exists(), reason="the airport survey is not here")
def test_airport():
    frame = pd.read_csv(AIRPORT, low_memory=False)
    names = [name for name in frame if name.startswith("Q7") and name != "Q7ALL"]
    study = tpm.make_study(
        survey=frame,
        recommend="NETPRO",
        touchpoints=names,
        rating_scale=(1, 5),
        not_experienced=(6,),
        no_answer=(0, 11),
    )
    found = tpm.compare_policies(study)
    assert {policy: model.n for policy, model in found.models.items()} == {
        "indicator": 2746,
        "complete": 490,
        "pairwise": 2746,
        "imputed": 2746,
    }
    rated = frame[names].apply(pd.to_numeric, errors="coerce").isin([1, 2, 3, 4, 5]).all(axis=1)
    score = pd.to_numeric(frame["NETPRO"], errors="coerce").between(0, 10)
    assert (rated & score).sum() == 490


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"level": 95}, "level must be a number between 0 and 1, such as 0.95; got 95."),
        ({"outcome": "nps"}, "outcome must be one of 'recommend',"),
    ],
)
def test_wrong_options(options, message):
    with pytest.raises(ValueError) as refused:
        tpm.compare_policies(study_of(answers_of(n=60)), **options)
    assert str(refused.value).startswith(message)


def test_a_table_is_no_study():
    with pytest.raises(TypeError, match=r"^compare_policies needs a Study; got DataFrame\."):
        tpm.compare_policies(answers_of())


def test_a_policy_is_fitted_or_refused():
    found = tpm.compare_policies(study_of(answers_of()))
    with pytest.raises(ValueError, match=r"^each policy is either fitted or refused\.$"):
        replace(found, refused=dict.fromkeys(["pairwise"]))
