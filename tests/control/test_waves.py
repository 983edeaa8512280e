"""Waves against each other: statsmodels, hand-made panels, and the family of tests."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from statsmodels.stats.multitest import multipletests
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

import tpm_widgets as tpm


def study_of(*waves, **roles):
    """One wave per list of scores."""
    survey = pd.concat(
        [pd.DataFrame({"wave": f"W{place + 1}", "score": scores}) for place, scores in enumerate(waves)],
        ignore_index=True,
    )
    rng = np.random.default_rng(1)
    survey["desk"], survey["area"] = rng.integers(1, 6, len(survey)), rng.choice(["north", "south"], len(survey))
    for role, values in roles.items():
        survey[role] = values
    return tpm.make_study(
        survey=survey,
        recommend="score",
        touchpoints=["desk"],
        wave="wave",
        segments=["area"],
        **{name: name for name in roles},
    )


FIRST, SECOND, THIRD = [3] * 20 + [7] * 30 + [10] * 50, [3] * 10 + [7] * 30 + [10] * 40, [3] * 40 + [7] * 30 + [10] * 30


@pytest.fixture(scope="module")
def simulated():
    return tpm.simulate_study(seed=1, respondents=2500)


def test_scores_by_hand():
    # .3 → .375: V₁ = .7 − .09 = .61, V₂ = .625 − .140625 = .484375; z = .075/√(.0061 + .0060547) = .68028
    result = tpm.compare_waves(study_of(FIRST, SECOND))
    (row,) = result.table.to_dict("records")
    assert row["difference"] == pytest.approx(0.075)
    assert row["std_error"] == pytest.approx(np.sqrt(0.61 / 100 + 0.484375 / 80))
    assert row["p_value"] == pytest.approx(0.496329, abs=1e-4) and row["p_adjusted"] == row["p_value"]
    assert (row["previous"], row["wave"], row["n_previous"], row["n"]) == ("W1", "W2", 100, 80)
    assert result.summary("en") == (
        "Net Promoter Score: +30.0 in W1 (n = 100), +37.5 in W2 (n = 80); difference +7.5 (95% interval −14.1 to "
        "+29.1, two-sample z test, p = 0.496 after Holm). 0 of 1 comparison is more than chance (Holm)."
    )


def test_a_fall_keeps_its_sign_and_the_last_wave_is_compared_with_the_first():
    table = tpm.compare_waves(study_of(FIRST, SECOND, THIRD)).table
    assert list(zip(table["previous"], table["wave"], strict=True)) == [("W1", "W2"), ("W2", "W3"), ("W1", "W3")]
    np.testing.assert_allclose(table["difference"], [0.075, -0.475, -0.4])
    assert table["conf_high"].iloc[1] < 0
    np.testing.assert_allclose(table["p_adjusted"], multipletests(table["p_value"], method="holm")[1])


def test_estimates_and_errors_are_those_of_the_score(simulated):
    table = tpm.compare_waves(simulated).table
    scores = tpm.net_promoter_score(simulated, by="wave").table.set_index("wave")
    for row in table.to_dict("records"):
        assert row["estimate"] == pytest.approx(scores.loc[row["wave"], "estimate"], abs=1e-12)
        independent = np.hypot(scores.loc[row["wave"], "std_error"], scores.loc[row["previous"], "std_error"])
        # a few persons answered in both waves; without them the error would be exactly this
        assert row["std_error"] == pytest.approx(independent, rel=0.08)
    unlinked = replace(simulated, survey=simulated.survey.drop(columns=["customer", "respondent"]))
    row = tpm.compare_waves(unlinked).table.iloc[0]
    independent = np.hypot(*scores.loc[["2023-Q1", "2023-Q2"], "std_error"])
    assert row["std_error"] == pytest.approx(independent, abs=1e-12) and row["shared"] == 0


def test_a_panel_is_tested_by_pairs():
    rng = np.random.default_rng(2)
    before = rng.integers(0, 11, 100)
    after = np.clip(before + rng.integers(-1, 3, 100), 0, 10)
    persons = [f"R{number}" for number in range(100)]
    result = tpm.compare_waves(study_of(before, after, respondent=persons * 2))
    classes = [np.digitize(scores, [6.5, 8.5]) - 1 for scores in (before, after)]
    row = result.table.iloc[0]
    assert row["std_error"] == pytest.approx(np.std(classes[1] - classes[0]) / 10)
    assert row["shared"] == 100
    assert any("100 persons answered in both" in str(caveat) for caveat in result.caveats)


def test_ratings_are_tested_as_in_statsmodels(simulated):
    unweighted = replace(
        simulated.unweighted(), survey=simulated.survey.drop(columns=["customer", "respondent", "weight"])
    )
    row = tpm.compare_waves(unweighted, metric="rating:service_line").table.iloc[3]
    ratings, waves = simulated.ratings["service_line"], simulated.survey["wave"]
    later, earlier = (ratings[waves == wave].dropna() for wave in (row["wave"], row["previous"]))
    means = CompareMeans(DescrStatsW(later), DescrStatsW(earlier))
    z, p_value = means.ztest_ind(usevar="unequal")
    assert row["difference"] / row["std_error"] == pytest.approx(z, abs=1e-9)
    assert row["p_value"] == pytest.approx(p_value, abs=1e-12)
    np.testing.assert_allclose(row[["conf_low", "conf_high"]].astype(float), means.zconfint_diff(usevar="unequal"))


def test_all_ratings_are_one_family_and_the_known_improvement_is_found(simulated):
    result = tpm.compare_waves(simulated, metric="ratings")
    assert len(result.table) == 18 * 8
    shown = result.table[result.table["p_adjusted"] < 0.05]
    assert set(shown["touchpoint"]) == {"service_line"} and (shown["difference"] > 0).all()
    assert "Service line, 2023-Q4 → 2024-Q1" in result.summary("en")


def test_the_referral_rate_by_waves(simulated):
    table = tpm.compare_waves(simulated, metric="referral_rate").table
    rates = tpm.referral_rate(simulated, period="wave").table.set_index("period")
    for row in table.to_dict("records"):
        difference = rates.loc[row["wave"], "estimate"] - rates.loc[row["previous"], "estimate"]
        assert row["difference"] == pytest.approx(difference)
        assert row["conf_low"] < difference < row["conf_high"] and row["n"] == rates.loc[row["wave"], "known"]


def test_groups_are_compared_within():
    study = study_of(FIRST, SECOND)
    table = tpm.compare_waves(study, by="area").table
    assert table["group"].tolist() == ["north", "south"]
    assert table["n"].sum() == 80 and table["n_previous"].sum() == 100


def test_small_waves_are_withheld_and_named():
    result = tpm.compare_waves(study_of(FIRST, SECOND, [1, 2, 9]))
    assert result.table["difference"].isna().tolist() == [False, True, True]
    assert result.table["p_adjusted"].iloc[0] == result.table["p_value"].iloc[0]
    assert "2 comparisons are withheld, with fewer than 5 values in a wave." in [
        str(caveat) for caveat in result.caveats
    ]


def test_waves_of_answers_all_alike_have_a_difference_but_no_test():
    result = tpm.compare_waves(study_of([10] * 20, [1] * 20))
    row = result.table.iloc[0]
    assert row["difference"] == -2 and row["std_error"] == 0 and np.isnan(row["p_value"])
    assert "Where all answers within each wave are alike, a difference cannot be tested." in map(str, result.caveats)
    assert result.summary("en") == "No two waves could be tested: too few answers, or all of them alike."


def test_one_wave_is_refused_in_words():
    with pytest.raises(tpm.DataError) as caught:
        tpm.compare_waves(study_of(FIRST))
    assert str(caught.value) == (
        "survey, column 'wave': found 'W1', expected at least two waves to compare. Add the answers of another wave "
        "to the survey, and tell the waves apart in this column."
    )
    study = study_of(FIRST)
    with pytest.raises(tpm.DataError) as absent:
        tpm.compare_waves(replace(study, survey=study.survey.drop(columns="wave")))
    assert str(absent.value) == (
        "survey, column 'wave': expected values of this role for compare_waves. Name the column that plays this role "
        'under [survey] in study.toml: wave = "…".'
    )


def test_an_unknown_metric_is_refused():
    with pytest.raises(ValueError) as caught:
        tpm.compare_waves(study_of(FIRST, SECOND), metric="rating:bar")
    assert str(caught.value) == (
        "metric must be one of 'nps', 'promoters', 'passives', 'detractors', 'referral_rate', 'rating:desk', "
        "'ratings'; got 'rating:bar'."
    )


def test_splitting_by_wave_is_refused():
    with pytest.raises(ValueError) as caught:
        tpm.compare_waves(study_of(FIRST, SECOND), by="wave")
    assert str(caught.value) == "by='wave' is what is compared here anyway; split by a segment."


def test_the_input_stays_and_html_is_made(simulated):
    before = simulated.data_hash
    result = tpm.compare_waves(simulated)
    assert simulated.data_hash == before and "<table" in result._repr_html_()


def test_small_groups_are_withheld_in_the_referral_rate_too(simulated):
    result = tpm.compare_waves(replace(simulated, min_group=10_000), metric="referral_rate", by="segment")
    assert result.table[["n", "n_previous", "difference"]].isna().all(axis=None)
    reason = "because too few new customers of a wave have a known source."
    assert str(result.caveats[-1]) == f"{len(result.table)} comparisons are withheld, {reason}"
    assert result.summary("en") == "No two waves could be tested: too few answers, or all of them alike."
