"""Penalty and reward on planted delighters and frustrators, against statsmodels, and where the data cannot say."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

import tpm_widgets as tpm
from tpm_widgets.statistics.association.asymmetry import CLASSES

NAMES = ["magic", "basics", "linear", "noise"]
COLUMNS = ["touchpoint", "n", "reward", "reward_low", "reward_high", "penalty", "penalty_low", "penalty_high", "riocs",
           "asymmetry", "asymmetry_low", "asymmetry_high", "factor", "probability", "note"]  # fmt: skip


def answers_of(n=3000, seed=1):
    rng = np.random.default_rng(seed)
    ratings = pd.DataFrame(rng.integers(1, 6, (n, 4)).astype(float), columns=NAMES)
    score = 6 + 1.5 * (ratings["magic"] >= 4) - 1.5 * (ratings["basics"] <= 2) + 0.5 * (ratings["linear"] - 3)
    return ratings.assign(score=np.clip(np.round(score + rng.normal(size=n)), 0, 10))


def study_of(answers, **options):
    options = {"rating_scale": (1, 5), **options}
    return tpm.make_study(survey=answers, recommend="score", touchpoints=NAMES, **options)


def test_planted_factors_are_found():
    result = tpm.penalty_reward(study_of(answers_of()))
    table = result.table.set_index("touchpoint")
    assert list(result.table.columns) == COLUMNS
    assert table["factor"].dropna().to_dict() == {"magic": "delighter", "basics": "frustrator", "linear": "hybrid"}
    assert table["reward"]["magic"] == pytest.approx(1.5, abs=0.15)
    assert table["penalty"]["basics"] == pytest.approx(-1.5, abs=0.15)
    assert table["note"]["linear"] == ""
    assert np.isnan(table["asymmetry"]["noise"])


def test_one_regression_of_all_dummies_as_statsmodels():
    answers = answers_of(n=500)
    answers.loc[answers.index % 7 == 0, "magic"] = np.nan
    result = tpm.penalty_reward(study_of(answers))
    columns = {}
    for name in NAMES:
        columns[f"{name} low"] = (answers[name] <= 2).astype(float)
        columns[f"{name} high"] = (answers[name] >= 4).astype(float)
    columns["absent"] = answers["magic"].isna().astype(float)
    other = sm.OLS(answers["score"], sm.add_constant(pd.DataFrame(columns))).fit(cov_type="HC3", use_t=True)
    limits = other.conf_int()
    for row in result.table.itertuples():
        for part, column in ((row.reward, "high"), (row.penalty, "low")):
            assert part == pytest.approx(other.params[f"{row.touchpoint} {column}"], abs=1e-9)
        assert [row.reward_low, row.reward_high] == pytest.approx(
            limits.loc[f"{row.touchpoint} high"].tolist(), abs=1e-9
        )
        assert row.riocs == pytest.approx(abs(row.reward) + abs(row.penalty), abs=1e-12)
    test = other.t_test("linear high - linear low = 0")
    certain = test.conf_int()[0, 0] > 0
    assert (result.table["note"][2] == "") == certain


def test_asymmetry_by_hand():
    """r = 0.6, p = −0.2: RIOCS 0.8, SGP .75, DGP .25, IA .5."""
    rng = np.random.default_rng(0)
    block = pd.DataFrame(rng.integers(1, 6, (4000, 4)).astype(float), columns=NAMES)
    score = 5 + 0.6 * (block["magic"] >= 4) - 0.2 * (block["magic"] <= 2)
    frame = pd.concat([block.assign(score=np.floor(score)), block.assign(score=np.ceil(score))])
    high = rng.random(8000) < np.concatenate([score % 1, score % 1])
    frame["score"] = np.where(high, np.ceil(np.r_[score, score]), np.floor(np.r_[score, score]))
    row = tpm.penalty_reward(study_of(frame)).table.iloc[0]
    assert row["reward"] == pytest.approx(0.6, abs=0.04)
    assert row["asymmetry"] == pytest.approx((row["reward"] + row["penalty"]) / row["riocs"], abs=1e-12)
    assert row["asymmetry"] == pytest.approx(0.5, abs=0.1)
    assert row["factor"] == "satisfier"


def test_a_wrong_sign_is_flagged_and_counts_for_neither_side():
    answers = answers_of()
    worse = (answers["noise"] >= 4) | (answers["noise"] <= 2)
    answers["score"] = np.clip(answers["score"] - 1.0 * worse - 1.0 * (answers["noise"] <= 2), 0, 10)
    result = tpm.penalty_reward(study_of(answers))
    row = result.table.set_index("touchpoint").loc["noise"]
    assert row["note"] == "wrong sign"
    assert row["reward_high"] < 0
    assert row["riocs"] == pytest.approx(-row["reward"] - row["penalty"])
    assert row["asymmetry"] == pytest.approx(row["penalty"] / row["riocs"])
    flagged = [str(caveat) for caveat in result.caveats if "counts for neither side" in str(caveat)]
    assert len(flagged) == 1
    assert "noise" in flagged[0]


def test_noise_is_withheld_at_its_nominal_rate():
    """RIOCS of pure noise is positive, r − p is not: of 160 noise touchpoints about 2.5 % are given a factor."""
    given = 0
    rng = np.random.default_rng(12)
    for _ in range(40):
        frame = pd.DataFrame(rng.integers(1, 6, (200, 4)).astype(float), columns=NAMES)
        frame["score"] = rng.integers(0, 11, 200)
        table = tpm.penalty_reward(study_of(frame)).table
        assert (table["riocs"] > 0).all()
        given += table["factor"].notna().sum()
    assert given <= 11  # binomial(160, .025): 99.9 % limit


def test_the_cuts_follow_the_scale():
    answers = answers_of(n=400)
    answers[NAMES] = answers[NAMES] * 2
    result = tpm.penalty_reward(study_of(answers, rating_scale=(0, 10)))
    assert result.cuts == dict.fromkeys(NAMES, (3, 7))


def test_touchpoints_without_all_three_kinds_of_ratings_keep_their_row():
    answers = answers_of(n=400)
    answers["noise"] = np.where(answers["noise"] > 3, 5.0, 1.0)
    answers["linear"] = np.nan
    result = tpm.penalty_reward(study_of(answers))
    gone = result.table.set_index("touchpoint").loc[["noise", "linear"]]
    assert gone[["reward", "penalty", "riocs", "asymmetry"]].isna().all(axis=None)
    said = [str(caveat) for caveat in result.caveats]
    assert "Without an estimate, because low, middle or high ratings are (almost) absent: noise." in said
    assert "Without an estimate, because no answer rated them: linear." in said


def test_other_outcomes_and_options():
    study = tpm.simulate_study(seed=1, respondents=1500, touchpoints=6)
    assert tpm.penalty_reward(study, outcome="promoter").n == 1500
    assert tpm.penalty_reward(study, outcome="referred").n < 1500
    with pytest.raises(ValueError) as refused:
        tpm.penalty_reward(study, outcome="detractor")
    assert str(refused.value) == (
        "outcome must be one of 'recommend', 'promoter', 'referred', 'won', 'recommended', 'reported', 'yes'; got "
        "'detractor'."
    )


def test_probabilities_are_shares_of_resamples_and_add_up():
    result = tpm.penalty_reward(study_of(answers_of()), replicates=400)
    chances = result.probabilities.set_index("touchpoint")
    assert list(chances.columns) == list(CLASSES)
    told = result.table.set_index("touchpoint")["factor"].dropna()
    assert set(told.index) == {"magic", "basics", "linear"}
    assert chances.loc[told.index].sum(axis=1).tolist() == pytest.approx([1, 1, 1], abs=1e-12)
    assert chances.loc["noise"].isna().all()
    own = result.table.set_index("touchpoint")["probability"]
    assert own[told.index].tolist() == [chances[factor][name] for name, factor in told.items()]
    assert own["magic"] > 0.95
    again = tpm.penalty_reward(study_of(answers_of()), replicates=400)
    pd.testing.assert_frame_equal(again.probabilities, result.probabilities)
    other = tpm.penalty_reward(study_of(answers_of()), replicates=400, seed=2)
    assert (other.probabilities[list(CLASSES)] - result.probabilities[list(CLASSES)]).abs().max(axis=None) < 0.1
    with pytest.raises(ValueError) as refused:
        replace(result, probabilities=result.probabilities.assign(hybrid=0.9))
    assert str(refused.value) == "the probabilities of a touchpoint's factors add up to 1."


def test_the_interval_of_the_asymmetry_is_there_exactly_where_the_asymmetry_is():
    table = tpm.penalty_reward(study_of(answers_of(n=300))).table
    known = table["asymmetry"].notna()
    assert 0 < known.sum() < len(table)
    assert (table[["asymmetry_low", "asymmetry_high", "probability"]].notna().all(axis=1) == known).all()
    inside = table[known]
    assert inside["asymmetry"].between(inside["asymmetry_low"], inside["asymmetry_high"]).all()
    assert inside[["asymmetry_low", "asymmetry_high"]].abs().max(axis=None) <= 1


def test_customers_who_answer_twice_are_drawn_with_all_their_answers():
    """Each answer given twice by the same customer tells no more than the answer once: the same odds of the factors."""
    answers = answers_of(n=600).assign(customer=np.arange(600).astype(str))
    once = tpm.penalty_reward(study_of(answers, customer="customer"), replicates=500)
    twice = tpm.penalty_reward(
        study_of(pd.concat([answers, answers], ignore_index=True), customer="customer"), replicates=500
    )
    counted = tpm.penalty_reward(study_of(pd.concat([answers, answers], ignore_index=True)), replicates=500)
    both = [result.probabilities.set_index("touchpoint").loc["linear"].astype(float) for result in (once, twice)]
    assert both[0].tolist() == pytest.approx(both[1].tolist(), abs=0.1)
    widths = [result.table["asymmetry_high"][2] - result.table["asymmetry_low"][2] for result in (once, twice, counted)]
    assert widths[1] == pytest.approx(widths[0], rel=0.05)
    assert widths[2] < 0.8 * widths[0]


@pytest.mark.parametrize("replicates", [99, 100.0, True])
def test_too_few_resamples_are_refused(replicates):
    with pytest.raises(ValueError) as refused:
        tpm.penalty_reward(study_of(answers_of(n=200)), replicates=replicates)
    assert str(refused.value) == f"replicates must be a whole number of at least 100; got {replicates!r}."


def test_too_few_answers_are_refused():
    with pytest.raises(tpm.DataError) as refused:
        tpm.penalty_reward(study_of(answers_of(n=400).head(4)))
    assert "Take more answers or fewer touchpoints." in str(refused.value)


def test_study_stays_and_the_summary_reads():
    study = study_of(answers_of(n=500))
    before = study.data_hash
    result = tpm.penalty_reward(study)
    assert study.data_hash == before
    assert "delighters: magic" in result.summary("en")
    assert result.summary("de")
    with pytest.raises(ValueError, match="asymmetry lies between"):
        replace(result, table=result.table.assign(asymmetry=2.0))


def test_a_score_that_is_the_same_for_all_is_refused():
    rng = np.random.default_rng(3)
    survey = pd.DataFrame(rng.integers(1, 6, (100, 2)), columns=["shop", "mail"]).assign(score=10)
    study = tpm.make_study(survey=survey, recommend="score", touchpoints=["shop", "mail"])
    with pytest.raises(tpm.DataError) as refused:
        tpm.penalty_reward(study, replicates=100)
    assert str(refused.value) == (
        "survey: expected answers that differ in the outcome; here all 100 are the same. Where nothing differs nothing "
        "can be explained."
    )
