"""The score by the design of the survey: persons, weights that go with the answers, strata and clusters as roles."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.statistics.estimates.estimate import wilson
from tpm_widgets.statistics.score.intervals import adjusted_wald

OF_30 = pd.DataFrame({"score": [10] * 15 + [8] * 9 + [3] * 6, "desk": [5, 4, 3] * 10, "who": map(str, range(30))})


def copied(times, **columns):
    return OF_30.loc[np.repeat(OF_30.index, times)].reset_index(drop=True).assign(**columns)


def study_of(answers, **roles):
    return tpm.make_study(answers, recommend="score", touchpoints=["desk"], **roles)


@pytest.mark.parametrize("interval", ["adjusted_wald", "score", "wald"])
@pytest.mark.parametrize("role", ["customer", "cluster"])
def test_twenty_equal_answers_of_a_customer_tell_what_one_does(role, interval):
    once = tpm.net_promoter_score(study_of(OF_30), interval=interval).table.iloc[0]
    found = tpm.net_promoter_score(study_of(copied(20), **{role: "who"}), interval=interval).table.iloc[0]
    assert found["n"] == 600 and found["n_eff"] == pytest.approx(30)
    assert found["estimate"] == pytest.approx(once["estimate"])
    if (interval, role) != ("wald", "cluster"):  # whose error is that of n − 1
        assert (found["conf_low"], found["conf_high"]) == pytest.approx((once["conf_low"], once["conf_high"]))
    if interval == "adjusted_wald":
        low, high = adjusted_wald(0.2, 0.5, 30, 0.95)
        assert (found["conf_low"], found["conf_high"]) == pytest.approx((low, high))
        assert (round(float(low), 3), round(float(high), 3)) == (0.007, 0.539)


def test_no_goal_is_reached_by_asking_the_same_customers_again():
    goals = pd.DataFrame(
        {"metric": ["nps", "promoters", "rating:desk"], "baseline": [0.1, 0.3, 3.9], "target": [0.2, 0.4, 3.95]}
    ).assign(due="2026-01-01")
    again = tpm.goal_progress(study_of(copied(20), customer="who", goals=goals))
    once = tpm.goal_progress(study_of(OF_30, goals=goals))
    columns = ["conf_low", "conf_high", "progress_low", "progress_high"]
    pd.testing.assert_frame_equal(again.table[columns], once.table[columns])
    assert again.table["verdict"].tolist() == ["no progress shown", "on the way", "no progress shown"]
    low, high = wilson(0.5, 30, 0.95)
    assert again.table.loc[1, ["conf_low", "conf_high"]].tolist() == pytest.approx([float(low), float(high)])
    assert str(again.caveats[0]) == (
        "570 answers come from somebody who answered before in the same group; the answers of one person count as one "
        "cluster."
    )


def test_weights_that_go_with_the_score_count_with_the_error_that_is_printed():
    answers = pd.DataFrame({"score": [3] * 8 + [8] * 17 + [10] * 75, "desk": 3, "w": [5.0] * 8 + [1.0] * 92})
    found = tpm.net_promoter_score(study_of(answers, weight="w")).table.iloc[0]
    variance = found["promoters"] + found["detractors"] - found["estimate"] ** 2
    assert found["n_eff"] == pytest.approx(variance / found["std_error"] ** 2) and found["n_eff"] < 39
    ends = adjusted_wald(found["detractors"], found["promoters"], found["n_eff"], 0.95)
    assert (found["conf_low"], found["conf_high"]) == pytest.approx(ends)
    assert (found["conf_low"], found["conf_high"]) == pytest.approx((-0.0231, 0.5152), abs=5e-5)
    table = tpm.net_promoter_score(answers, recommend="score", weight="w").table.iloc[0]
    numbers = ["n", "n_eff", "estimate", "std_error", "conf_low", "conf_high"]
    assert table[numbers].tolist() == pytest.approx(found[numbers].tolist())


def stratified():
    place = np.arange(60)
    values = (7 * place**2 + 3 * place) % 11
    return pd.DataFrame(
        {"score": values, "desk": 1 + values % 5, "w": 1 + (place % 4) / 2, "shop": [f"s{p // 4}" for p in place]}
    ).assign(area=[f"a{p // 20}" for p in place], group=(place**2 % 3).astype(str))


def test_strata_and_clusters_are_roles_and_give_the_errors_of_survey_packages():
    """R's survey 4.1-1: svydesign(id=~shop, strata=~area, weights=~w), svymean of −1, 0, +1; subset of a group."""
    study = study_of(stratified(), weight="w", strata="area", cluster="shop", segments=["group"])
    found = tpm.net_promoter_score(study)
    assert found.table.loc[0, "std_error"] == pytest.approx(0.06933437989791, abs=1e-12)
    assert [str(caveat) for caveat in found.caveats] == [
        "The answers come from 15 clusters, and the intervals know it."
    ]
    grouped = tpm.net_promoter_score(study, by="group").table.set_index("group")
    assert grouped.loc["1", "std_error"] == pytest.approx(0.1047841437655, abs=1e-12)
    pairs = tpm.compare_scores(study, by="group").table
    (apart,) = pairs[(pairs["group"] == "0") & (pairs["other"] == "1")].to_dict("records")
    assert (apart["difference"], apart["std_error"]) == pytest.approx((-0.1142857142857, 0.2244616865518), abs=1e-12)
    rating = tpm.touchpoint_map(study).table.iloc[0]
    assert rating["rating_low"] < rating["rating"] < rating["rating_high"]
    by_roles = study_of(stratified(), weight="w", roles={"strata": "area", "cluster": "shop"})
    assert tpm.net_promoter_score(by_roles).table.equals(found.table)


def test_strata_and_clusters_of_a_file(tmp_path):
    stratified().to_csv(tmp_path / "answers.csv", index=False)
    (tmp_path / "study.toml").write_text(
        '[survey]\nfile = "answers.csv"\nrecommend = "score"\nweight = "w"\nstrata = "area"\ncluster = "shop"\n'
        'recommend_scale = [0, 10]\n[survey.touchpoints]\ndesk = "desk"\n',
        "utf-8",
    )
    found = tpm.net_promoter_score(tpm.load_study(tmp_path)).table
    assert found.loc[0, "std_error"] == pytest.approx(0.06933437989791, abs=1e-12)


def test_a_column_that_is_called_cluster_plays_no_role_unasked(tmp_path):
    answers = stratified().rename(columns={"shop": "cluster", "area": "strata"})
    answers.to_csv(tmp_path / "answers.csv", index=False)
    (tmp_path / "study.toml").write_text('[survey]\nfile = "answers.csv"\nrecommend = "score"\n', "utf-8")
    study = tpm.load_study(tmp_path)
    assert "cluster" not in study.survey and "strata" not in study.survey


def test_a_stratum_of_one_cluster_is_said_so():
    answers = stratified()
    answers.loc[answers["shop"] == "s14", "area"] = "alone"
    found = tpm.net_promoter_score(study_of(answers, weight="w", strata="area", cluster="shop"))
    assert str(found.caveats[1]) == (
        "1 stratum holds a single cluster; its distance from the mean of all is taken for its error, which makes "
        "intervals rather too wide."
    )
    assert found.table.loc[0, "std_error"] == pytest.approx(0.06973296075076, abs=1e-12)


def test_an_answer_without_a_cluster_is_its_persons():
    answers = stratified().assign(shop=lambda frame: frame["shop"].where(frame["area"] != "a0"), who="p")
    answers["who"] += (np.arange(60) // 2).astype(str)
    study = study_of(answers, cluster="shop", customer="who")
    assert len(np.unique(study.clusters)) == 10 + 10
    alone = replace(study, survey=study.survey.drop(columns=["cluster", "customer"]))
    assert len(np.unique(alone.clusters)) == 60 and not alone.design.declared


@pytest.mark.parametrize("interval", ["adjusted_wald", "bootstrap"])
def test_the_bootstrap_draws_whole_customers(interval):
    once = tpm.net_promoter_score(study_of(OF_30), interval="bootstrap").table.iloc[0]
    found = tpm.net_promoter_score(study_of(copied(4), customer="who"), interval="bootstrap").table.iloc[0]
    assert (found["conf_low"], found["conf_high"]) == pytest.approx((once["conf_low"], once["conf_high"]), abs=0.03)


def test_which_group_is_highest_is_said_of_the_pooled_ones():
    """A small group of promoters alone stands highest by itself; pooled, it does not."""
    rows = {
        "large": [10] * 77 + [3] * 23,
        "middle": [10] * 55 + [3] * 45,
        "low": [10] * 30 + [3] * 70,
        "few": [10] * 4 + [3],
    }
    answers = pd.DataFrame([(score, 3, area) for area, scores in rows.items() for score in scores])
    study = study_of(answers.set_axis(["score", "desk", "area"], axis=1), segments=["area"])
    result = tpm.net_promoter_score(study, by="area")
    pooled = result.pooled.set_index("group")
    assert pooled["estimate"].idxmax() == "few" and pooled["pooled"].idxmax() == "large"
    mean = pooled["pooled"].mean()
    assert (abs(pooled["pooled"] - mean) < abs(pooled["estimate"] - mean) + 0.1).all()
    assert str(result.sentences()[1]) == (
        "As the ends of several groups are so in part by chance: partly pooled, large is highest with "
        f"+{100 * pooled.loc['large', 'pooled']:.1f} and low lowest with −{-100 * pooled.loc['low', 'pooled']:.1f}."
    )
    assert tpm.segment_scores(study).pooled["pooled"].tolist() == pytest.approx(result.pooled["pooled"].tolist())


def test_groups_that_differ_by_chance_are_said_to_be_alike():
    answers = pd.DataFrame({"score": [10, 3, 8, 10, 10] * 60, "desk": 3, "area": np.repeat(["a", "b", "c"], 100)})
    result = tpm.net_promoter_score(study_of(answers, segments=["area"]), by="area")
    assert [str(sentence) for sentence in result.sentences()[1:]] == [
        "b and c tie with a.",
        "The groups differ by no more than chance makes: pooled, each has +40.0.",
    ]
    two = tpm.net_promoter_score(study_of(answers[:200], segments=["area"]), by="area")
    assert [str(sentence) for sentence in two.sentences()[1:]] == ["b ties with a."] and two.pooled[
        "pooled"
    ].isna().all()
