"""Groups that say more against groups that do more: by hand, against statsmodels and scipy, and degenerate studies."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

import tpm_widgets as tpm
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.errors import DataError
from tpm_widgets.statistics.score.net_promoter import score_interval

YEAR = 365.25
COLUMNS = [
    "group", "n", "score", "score_low", "score_high", "exposure", "recommendations", "won", "recommendation_rate",
    "recommendation_rate_low", "recommendation_rate_high", "won_rate", "won_rate_low", "won_rate_high",
]  # fmt: skip


def houses(make, scores, deeds, size=20, **more):
    """Make an unlinked study: per house the shares of promoters and of customers who recommend once."""
    names = np.repeat(list(scores), size)
    answers = {"house": names, "date": "2023-06-01", "recommend": np.concatenate(
        [np.where(np.arange(size) < round(size * share), 10.0, 2.0) for share in scores.values()])}  # fmt: skip
    people = {"customer": np.arange(len(names)), "acquired": "2020-01-01", "house": names}
    made = np.concatenate([np.arange(size) < round(size * share) for share in deeds.values()])
    referrals = pd.DataFrame({"referrer": np.arange(len(names))[made], "date": "2023-07-01"})
    return make(answers, people, referrals, linkage={"permitted": False, "basis": ""}, **more)


FIVE = {"A": 0.2, "B": 0.4, "C": 0.5, "D": 0.7, "E": 0.9}


def test_by_hand(linked_study):
    study = houses(linked_study, FIVE, {"A": 0.1, "B": 0.3, "C": 0.2, "D": 0.4, "E": 0.5})
    result = tpm.say_do_groups(study)
    assert result.table.columns.tolist() == COLUMNS
    assert result.by == ("house",)
    assert result.table["group"].tolist() == list("ABCDE")
    assert result.table["score"].tolist() == pytest.approx([-0.6, -0.2, 0.0, 0.4, 0.8])
    years = 20 * 731 / YEAR  # 2023 and 2024, both days included
    assert result.table["exposure"].tolist() == pytest.approx([years] * 5)
    assert result.table["recommendations"].tolist() == [2, 6, 4, 8, 10]
    assert result.table["recommendation_rate"].tolist() == pytest.approx(
        [100 * events / years for events in (2, 6, 4, 8, 10)]
    )
    low, high = score_interval(np.repeat([1.0, -1.0], [4, 16]), level=0.95)
    assert result.table.loc[0, ["score_low", "score_high"]].tolist() == pytest.approx([low, high])
    rank = result.association.query("measure == 'spearman' and deed == 'recommendations'").iloc[0]
    assert (rank["level"], rank["estimate"], rank["n"]) == ("all groups", pytest.approx(0.9), 5)
    assert "slope" not in set(result.association["measure"])  # nobody's answer is tied to a deed


def test_correlations_are_scipy_s_and_leaving_one_out_names_the_group(linked_study):
    study = houses(linked_study, FIVE, {"A": 0.1, "B": 0.3, "C": 0.2, "D": 0.4, "E": 0.0})
    result = tpm.say_do_groups(study, level=0.9)
    score, rate = result.table["score"], result.table["recommendation_rate"]
    found = result.association.query("deed == 'recommendations'").set_index("measure")["estimate"]
    assert found["pearson"] == pytest.approx(stats.pearsonr(score, rate).statistic)
    assert found["spearman"] == pytest.approx(stats.spearmanr(score, rate).statistic)
    left = result.leave_one_out.query("deed == 'recommendations' and measure == 'spearman'").set_index("group")
    assert left.loc["E", "estimate"] == pytest.approx(stats.spearmanr(score[:4], rate[:4]).statistic)
    assert left["change"].abs().idxmax() == "E"
    assert left["change"].to_numpy() == pytest.approx(left["estimate"].to_numpy() - found["spearman"])
    assert result.summary("en") == (
        "It is not shown that groups which say more do more: over 5 groups the Net Promoter Score and recommendations "
        "per 100 customer-years have a rank correlation of −0.10 (90% interval −0.85 to +0.79, Spearman). It hangs "
        "most on E: without it the correlation would be +0.80 (+0.90)."
    )


def test_the_rates_are_a_clustered_poisson_regression_s(linked_study):
    """statsmodels' intercept-only model per house, with time as the offset."""
    study = houses(linked_study, FIVE, {"A": 0.1, "B": 0.3, "C": 0.2, "D": 0.4, "E": 0.5})
    table = tpm.say_do_groups(study).table
    events = np.repeat([1.0, 0.0], [8, 12])
    fit = sm.GLM(events, np.ones(20), family=sm.families.Poisson(), offset=np.full(20, np.log(731 / YEAR))).fit()
    assert table.loc[3, "recommendation_rate"] == pytest.approx(100 * np.exp(fit.params[0]))


@pytest.fixture(scope="module")
def insurer():
    return tpm.simulate_study(seed=3, respondents=1_500)


def test_inside_the_groups_it_is_statsmodels_fixed_effects(insurer):
    """One dummy per segment beside the class of the answer; weights are the survey's times the days followed."""
    result = tpm.say_do_groups(insurer, by="segment")
    answers = Observed(insurer, "say_do").answers().answers
    score = insurer.survey["recommend"].reindex(answers.index).to_numpy(float)
    segment = insurer.customers.set_index("customer")["segment"]
    groups = segment.reindex(insurer.survey["customer"][answers.index]).to_numpy()
    years = answers["days"].to_numpy(float) / YEAR
    design = np.column_stack([(score >= 9) * 1.0 - (score <= 6), *(groups == name for name in np.unique(groups))])
    direct = sm.WLS(
        100 * answers["events"].to_numpy(float) / years, design.astype(float),
        weights=insurer.weights[answers.index] * years,
    ).fit()  # fmt: skip
    slopes = result.association.query("measure == 'slope'").set_index("level")
    assert slopes.loc["within", "estimate"] == pytest.approx(direct.params[0], rel=1e-9)
    assert slopes.loc["within", "conf_low"] > 0  # who scores higher does recommend more, in the truth as well
    assert slopes.loc["within", "n"] == len(answers)
    assert "between the groups the same distance" in result.summary("en")


def test_waves_are_followed_until_the_end_of_the_next(linked_study):
    names = np.repeat(np.arange(10), 2)
    study = linked_study(
        {"customer": names, "date": ["2023-03-01", "2023-09-01"] * 10, "recommend": [10.0, 2.0] * 10,
         "wave": pd.Categorical(["one", "two"] * 10, ordered=True)},
        {"customer": np.arange(10), "acquired": "2020-01-01"},
        [(0, "2023-03-01"), (0, "2023-03-02"), (1, "2023-09-01"),
         (2, "2023-09-02"), (3, "2024-08-31"), (4, "2024-09-01")],
        min_group=5,
    )  # fmt: skip
    table = tpm.say_do_groups(study, by="wave").table
    assert table["group"].tolist() == ["one", "two"]
    assert table["score"].tolist() == [1, -1]
    # after 1 March until 1 September; after 1 September for one window, 365 days, until 31 August
    assert table["recommendations"].tolist() == [2, 2]
    assert table["exposure"].tolist() == pytest.approx([10 * 184 / YEAR, 10 * 365 / YEAR])


def test_groups_and_waves_are_taken_apart(insurer):
    result = tpm.say_do_groups(insurer, by=["segment", "wave"])
    assert len(result.table) == 3 * 8
    assert result.table["group"].iloc[0] == "business (2023-Q1)"
    assert set(result.association["level"]) == {"all groups", "within waves", "across waves", "within", "between"}
    across = result.association.query("level == 'across waves' and deed == 'won' and measure == 'pearson'").iloc[0]
    waves = tpm.say_do_groups(insurer, by="wave").association.query("deed == 'won' and measure == 'pearson'").iloc[0]
    assert across["estimate"] == pytest.approx(waves["estimate"])
    totals = result.table.assign(wave=result.table["group"].str[-8:-1]).groupby("wave")["recommendations"].sum()
    assert totals.tolist() == tpm.say_do_groups(insurer, by="wave").table["recommendations"].tolist()
    assert any("too short" in caveat.text("en") for caveat in result.caveats)


def test_the_default_crosses_what_is_large_enough(linked_study):
    study = houses(linked_study, {"A": 0.4, "B": 0.6}, {"A": 0.2, "B": 0.4}, min_group=5)
    both = replace(
        study,
        survey=study.survey.assign(region=np.tile(["east", "west"], 20), town=study.survey["house"].str.lower()),
        customers=study.customers.assign(
            region=np.tile(["east", "west"], 20), town=study.customers["house"].str.lower()
        ),
    )
    assert tpm.say_do_groups(both).table["group"].tolist() == [
        "A / east / a", "A / west / a", "B / east / b", "B / west / b",
    ]  # fmt: skip
    alone = tpm.say_do_groups(replace(both, min_group=11))
    assert alone.by == ("house",)
    assert any("alone" in caveat.text("en") for caveat in alone.caveats)
    without = replace(both, survey=both.survey.drop(columns=["house", "region"]))
    assert tpm.say_do_groups(without).by == ("town",)


def test_codes_tie_whatever_their_type(linked_study):
    study = houses(linked_study, {1: 0.4, 2: 0.6, 3: 0.8}, {1: 0.2, 2: 0.4, 3: 0.1})
    coded = replace(study, survey=study.survey.assign(house=study.survey["house"].astype(float)))
    assert tpm.say_do_groups(coded).table["group"].tolist() == ["1", "2", "3"]
    assert tpm.say_do_groups(coded).table["exposure"].notna().all()


def test_a_reported_study(linked_study):
    study = houses(linked_study, FIVE, FIVE)
    asked = study.survey.assign(recommended_12m=pd.array(np.tile([True, False, False, None], 25), dtype="boolean"))
    result = tpm.say_do_groups(replace(study, survey=asked, customers=None, referrals=None, segments=("house",)))
    assert result.deeds == ("reported",)
    assert result.table.columns.tolist()[5:] == [
        "known", "reported", "reported_share", "reported_share_low", "reported_share_high",
    ]  # fmt: skip
    assert result.table["known"].tolist() == [15] * 5
    assert result.table["reported_share"].tolist() == pytest.approx([1 / 3] * 5)
    assert result.summary("en") == "All 5 groups do the same, so a correlation is not defined."
    assert any("look back twelve months" in caveat.text("en") for caveat in result.caveats)


def test_weights_count(linked_study):
    study = houses(linked_study, {"A": 0.5, "B": 0.5}, {"A": 0.1, "B": 0.1})
    heavy = replace(study, survey=study.survey.assign(weight=np.where(study.survey["recommend"] > 8, 3.0, 1.0)))
    assert tpm.say_do_groups(study).table["score"].tolist() == pytest.approx([0, 0])
    assert tpm.say_do_groups(heavy).table["score"].tolist() == pytest.approx([0.5, 0.5])


def test_three_groups_have_a_value_and_no_interval(linked_study):
    study = houses(linked_study, {"A": 0.2, "B": 0.5, "C": 0.8}, {"A": 0.2, "B": 0.5, "C": 0.8})
    assert tpm.say_do_groups(study).summary("en") == (
        "Over 3 groups the Net Promoter Score and recommendations per 100 customer-years have a rank correlation of "
        "+1.00 (Spearman); below 4 groups no interval can be given, so nothing follows from it."
    )


def test_the_hotels_true_relation_is_met():
    """Sixteen houses whose effects on saying and on doing are known, beneath answers that nothing ties to persons."""
    study = tpm.sample_study("hotels")
    result = tpm.say_do_groups(study, by="house")
    rows = result.association.query("deed == 'recommendations'").set_index("measure")
    for measure, true in study.truth["house_relation"].items():
        assert rows.loc[measure, "conf_low"] < true < rows.loc[measure, "conf_high"]
    table = result.table.set_index("group")
    for truth, column in (("say_house", "score"), ("do_house", "recommendation_rate")):
        assert stats.spearmanr(pd.Series(study.truth[truth])[table.index], table[column]).statistic > 0.8


@pytest.mark.parametrize(
    ("scores", "deeds", "sentence"),
    [
        (FIVE, dict.fromkeys(FIVE, 0.0), "In none of the 5 groups did anybody recommend; there is nothing to compare."),
        (
            dict.fromkeys(FIVE, 0.5), FIVE,
            "All 5 groups have the same score (0.0), so a correlation is not defined.",
        ),
        (
            {"A": 0.5}, {"A": 0.5},
            "Whether groups that say more do more cannot be said: only 1 group has a score and deeds, and a "
            "correlation takes three.",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_said_is_said(linked_study, scores, deeds, sentence):
    study = houses(linked_study, scores, deeds)
    assert tpm.say_do_groups(study, by="house").summary("en") == sentence


def test_small_groups_are_withheld_and_groups_without_time_named(linked_study):
    study = houses(linked_study, {"A": 0.5, "B": 0.5, "C": 0.5}, {"A": 0.5, "B": 0.5, "C": 0.5}, size=6)
    fewer = study.survey.drop(index=[0, 1]).reset_index(drop=True)
    late = study.customers.assign(
        acquired=study.customers["acquired"].mask(study.customers["house"] == "C", pd.Timestamp("2025-06-01"))
    )
    nothing = pd.DataFrame(index=fewer.index)
    small = replace(study, survey=fewer, ratings=nothing, experienced=nothing, customers=late)
    result = tpm.say_do_groups(small, by="house")
    assert result.table["n"].tolist() == [4, 6, 6]
    assert result.table.loc[0].drop(["group", "n"]).isna().all()
    assert result.table.loc[2, "score"] == pytest.approx(0)
    assert np.isnan(result.table.loc[2, "recommendation_rate"])
    caveats = [caveat.text("en") for caveat in result.caveats]
    assert "Withheld, because they hold fewer than 5 answers: A." in caveats
    assert "Nobody was observed, or nobody told, in: C." in caveats


def test_one_wave_and_no_answer(linked_study):
    study = linked_study(
        {"customer": np.arange(6), "date": "2023-03-01", "recommend": 9.0, "wave": "one"}, referrals=[(0, "2023-04-01")]
    )
    assert tpm.say_do_groups(study).by == ("wave",)
    assert "only 1 group" in tpm.say_do_groups(study).summary("en")
    silent = replace(study, survey=study.survey.assign(recommend=np.nan))
    assert "only 0 groups" in tpm.say_do_groups(silent).summary("en")


def test_what_is_missing_is_told(linked_study):
    study = linked_study({"customer": list("ab"), "date": "2023-03-01", "recommend": 9.0})
    with pytest.raises(DataError) as refusal:
        tpm.say_do_groups(study)
    assert str(refusal.value) == (
        "customers: expected a column that answers and customers have in common, or waves, for say_do_groups. Give "
        "both tables a column of the same name, such as a region, or name the wave under [survey]."
    )
    with pytest.raises(DataError) as refusal:
        tpm.say_do_groups(replace(study, referrals=None))
    assert "referrals: expected a table for say_do_groups." in str(refusal.value)


def test_a_split_that_ties_nothing_is_refused(linked_study):
    study = houses(linked_study, FIVE, FIVE)
    with pytest.raises(
        ValueError,
        match=r"^by='date' ties no answers to customers; the survey and the customers table have 'house' in common\.$",
    ):
        tpm.say_do_groups(study, by="date")
    personal = replace(
        study,
        survey=study.survey.assign(mail=np.arange(100).astype(str)),
        customers=study.customers.assign(mail=np.arange(100).astype(str)),
    )
    with pytest.raises(
        ValueError, match=r"^by='mail' would make a group of each person; split by a column with fewer values\.$"
    ):
        tpm.say_do_groups(personal, by="mail")
    assert tpm.say_do_groups(personal).by == ("house",)


def test_the_study_stays_as_it_was_and_the_answer_is_the_same(insurer):
    before = insurer.data_hash
    first, again = (tpm.say_do_groups(insurer, by="segment") for _ in range(2))
    assert insurer.data_hash == before == first.data_hash
    pd.testing.assert_frame_equal(first.table, again.table)
    pd.testing.assert_frame_equal(first.association, again.association)
