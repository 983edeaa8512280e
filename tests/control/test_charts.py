"""Control charts: limits against hand-made ones, and what few or odd data do."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import tpm_widgets as tpm
from tpm_widgets.statistics.estimates.design import pooled_sizes
from tpm_widgets.statistics.score.control_limits import chance_limits


def quarters(counts, start="2023-01-01", **columns):
    """A study with one quarter per (detractors, passives, promoters)."""
    rows = []
    for place, (detractors, passives, promoters) in enumerate(counts):
        day = pd.Timestamp(start) + pd.DateOffset(months=3 * place)
        scores = [3] * detractors + [7] * passives + [10] * promoters
        rows += [(day, f"W{place + 1}", score) for score in scores]
    survey = pd.DataFrame(rows, columns=["date", "wave", "score"]).assign(desk=4, **columns)
    weight = "weight" if "weight" in survey else None
    return tpm.make_study(
        survey=survey, recommend="score", touchpoints=["desk"], date="date", wave="wave", weight=weight
    )


@pytest.fixture(scope="module")
def simulated():
    return tpm.simulate_study(seed=1, respondents=2500)


STEADY = [(20, 30, 50)] * 6


def test_limits_by_hand():
    # NPS 0.3, V = 0.7 − 0.09 = 0.61: 3·√(0.61/100) = 0.234307, 3·√(0.61/25) = 0.468615
    result = tpm.control_chart(quarters([*STEADY, (1, 4, 20), (40, 30, 30)]))
    table = result.table
    np.testing.assert_allclose(table["center"], 0.3)
    np.testing.assert_allclose(table["upper"], [0.534307] * 6 + [0.768615, 0.534307], atol=1e-6)
    np.testing.assert_allclose(table["lower"], [0.065693] * 6 + [-0.168615, 0.065693], atol=1e-6)
    assert table["signal"].tolist() == [False] * 7 + [True]
    assert table["baseline"].tolist() == [True] * 4 + [False] * 4
    assert table["period"].tolist()[:2] == ["2023-Q1", "2023-Q2"]
    assert result.summary("en") == (
        "Net Promoter Score, 8 periods with 725 answers: the usual level is +30.0, from the periods 2023-Q1 to "
        "2023-Q4; limits lie 3 standard errors off. 1 period lies outside its limits: 2024-Q4, with −10.0 where +6.6 "
        "to +53.4 was to be expected."
    )


def test_a_given_baseline_and_the_waves():
    study = quarters([*STEADY, (40, 30, 30)])
    result = tpm.control_chart(study, period="wave", baseline=["W1", "W2"])
    assert result.table["period"].tolist() == [f"W{number}" for number in range(1, 8)]
    assert result.table["baseline"].sum() == 2 and result.table["signal"].iloc[-1]
    assert not any("first half" in str(caveat) for caveat in result.caveats)


def test_weights_count_with_the_effective_size():
    rng = np.random.default_rng(1)
    weight = rng.uniform(0.2, 3, 800)
    study = quarters([(20, 30, 50)] * 8, weight=weight)
    table = tpm.control_chart(study).table
    scores = tpm.net_promoter_score(study, by="wave").table
    every = pd.DataFrame({"x": np.tile(np.repeat([-1, 0, 1], [20, 30, 50]), 8), "w": weight})
    kish, seen, expected = [], 0.0, 0.0
    for place in range(8):
        own = every.iloc[100 * place : 100 * (place + 1)]
        share = own["w"] / own["w"].sum()
        away = (own["x"] - share @ own["x"]) ** 2
        kish.append(1 / (share @ share))
        seen, expected = seen + kish[-1] * (share**2 @ away), expected + share @ away
    sizes = np.array(kish) / max(seen / expected, 1)
    np.testing.assert_allclose(table["estimate"], scores["estimate"], atol=1e-12)
    first = pd.DataFrame({"x": np.repeat([-1, 0, 1], [20, 30, 50]).tolist() * 4, "w": weight[:400]})
    shares = first.groupby("x")["w"].sum() / first["w"].sum()
    center = shares[1] - shares[-1]
    half = 3 * np.sqrt((shares[1] + shares[-1] - center**2) / sizes)
    np.testing.assert_allclose(table["upper"] - table["center"], half, atol=1e-12)


def test_only_answers_with_a_score_and_a_weight_count_and_periods_stand_in_order():
    steady = quarters(STEADY, weight=1.0)
    more = pd.DataFrame({"recommend": [np.nan, 0, 0], "weight": [1.0, 0.0, np.nan]})
    more = more.assign(date=pd.Timestamp("2023-02-01"), wave="W1", respondent=None)
    survey = pd.concat([steady.survey, more.reindex(columns=steady.survey.columns)], ignore_index=True)
    survey["wave"] = survey["wave"].astype(steady.survey["wave"].dtype)
    backwards = survey.iloc[::-1].reset_index(drop=True)
    for period in ("quarter", "wave"):
        expected = tpm.control_chart(steady, period=period).table
        found = tpm.control_chart(replace(steady, survey=backwards), period=period).table
        pd.testing.assert_frame_equal(found, expected)


def test_the_rate_is_a_p_chart(simulated):
    result = tpm.control_chart(simulated, metric="referral_rate")
    found = tpm.referral_rate(simulated, period="quarter")
    rates, table = found.table, result.table
    assert table["period"].tolist() == rates["period"].tolist()
    np.testing.assert_array_equal(table["n"], rates["known"])
    usual = table["baseline"].to_numpy()
    center = rates["recommended"][usual].sum() / rates["known"][usual].sum()
    assert result.center == pytest.approx(center)
    half = 3 * np.sqrt(center * (1 - center) / pooled_sizes(found.shares))
    assert (pooled_sizes(found.shares) <= rates["known"]).all()
    np.testing.assert_allclose(table["lower"], center - half, atol=1e-12)
    assert "%" in result.summary() and "new customers" in result.summary("en")


def test_the_improvement_of_a_simulated_study_is_a_signal():
    """1,250 answers a wave: limits of ±.07, an improvement by .10, which four waves cannot all hide."""
    table = tpm.control_chart(tpm.simulate_study(seed=1, respondents=10_000), period="wave").table
    assert table.loc[~table["baseline"], "signal"].any() and not table.loc[table["baseline"], "signal"].any()


def test_one_period_is_compared_with_itself_in_words():
    result = tpm.control_chart(quarters([(20, 30, 50)]))
    assert len(result.table) == 1 and not result.table["signal"].any()
    assert result.table.notna().all().all()
    assert ("There is only 1 period, so it is compared with itself; a chart begins to tell with later ones.") in [
        str(caveat) for caveat in result.caveats
    ]


def test_three_periods_are_all_baseline():
    result = tpm.control_chart(quarters(STEADY[:3]))
    assert result.table["baseline"].all()
    assert "All 3 periods are the baseline, so each is compared with limits that it helped to set." in [
        str(caveat) for caveat in result.caveats
    ]


@pytest.mark.parametrize(
    ("last", "signal"),
    [((0, 1, 49), False), ((2, 0, 48), False), ((0, 3, 47), False), ((8, 0, 42), True), ((0, 10, 40), True)],
)
def test_a_baseline_without_variance_still_leaves_room_for_chance(last, signal):
    """After 0 of 200, hypergeometric: 1 passive of 50 has p .2, 2 of 50 .04, 3 of 50 .008; 8 of 50 have 2e-6."""
    result = tpm.control_chart(quarters([(0, 0, 50)] * 4 + [last]))
    assert result.table["signal"].tolist() == [False] * 4 + [signal]
    assert (result.center, result.exact) == (1, True) and (result.table["upper"] == 1).all()
    assert np.isfinite(result.run_length) and result.run_length > 370
    words = [str(caveat) for caveat in result.caveats]
    assert (
        "In the baseline all values are alike, which tells nothing of chance; the limits are those of a baseline with "
        "a few imagined other ones, as in the adjusted Wald interval."
    ) in words
    assert not any("no value can lie outside" in word for word in words)
    assert "the periods 2023-Q1 to 2023-Q4; limits are exact ones." in result.summary("en")


def test_limits_of_chance_are_quantiles_by_enumeration():
    """Of a share, scipy's binomial: no more than .135 % lie beyond either limit, and one step further in more do."""
    (lower,), (upper,) = chance_limits(0.03, 0.0, np.array([60.0]))
    chance = stats.binom(60, 0.03)
    assert chance.sf(round(60 * upper)) <= 0.00135 < chance.sf(round(60 * upper) - 1)
    assert lower == 0
    lows, highs = chance_limits(0.9, 0.05, np.array([0.0, 20.7, 20.0]))
    assert np.isnan(lows[0]) and np.isnan(highs[0]) and lows[1] == lows[2] and highs[1] == highs[2] == 1


def test_persons_who_answer_several_times_a_period_widen_its_limits():
    """Twice the same answer of everybody: the limits are those of half the answers."""
    counts = [*STEADY, (10, 4, 6)]
    once = tpm.control_chart(quarters(counts))
    twice = quarters([tuple(2 * count for count in period) for period in counts])
    order = twice.survey.groupby(["wave", "recommend"], observed=True).cumcount() // 2
    names = twice.survey["wave"].astype(str) + twice.survey["recommend"].astype(str) + order.astype(str)
    found = tpm.control_chart(replace(twice, survey=twice.survey.assign(customer=names)))
    columns = ["estimate", "center", "lower", "upper"]
    pd.testing.assert_frame_equal(found.table[columns], once.table[columns])
    assert found.run_length == pytest.approx(once.run_length)
    assert (
        f"{sum(map(sum, counts))} answers come from somebody who answered before in the same group; the answers of one "
        "person count as one cluster."
    ) in [str(caveat) for caveat in found.caveats]


def test_a_small_period_is_withheld_and_named():
    result = tpm.control_chart(quarters([*STEADY[:5], (1, 1, 1)]))
    last = result.table.iloc[-1]
    assert last["n"] == 3 and np.isnan(last["estimate"]) and np.isnan(last["upper"]) and not last["signal"]
    assert "Withheld, with fewer than 5 values: 2024-Q2." in [str(caveat) for caveat in result.caveats]


def test_wrong_options_are_refused():
    study = quarters(STEADY)
    for options, error, message in (
        ({"metric": "won"}, ValueError, "metric must be one of 'nps', 'referral_rate'; got 'won'."),
        ({"period": "week"}, ValueError, "period must be one of 'month', 'quarter', 'year', 'wave'; got 'week'."),
        (
            {"period": "year", "baseline": ["2022"]},
            ValueError,
            "baseline names the period '2022'; the chart has '2023', '2024'.",
        ),
        (
            {"period": "year", "baseline": []},
            ValueError,
            "baseline must name at least one period; the chart has '2023', '2024'.",
        ),
        ({"baseline": "2023-Q1"}, TypeError, "baseline must be a sequence of periods such as ['2023-Q1']; got a str."),
    ):
        with pytest.raises(error) as caught:
            tpm.control_chart(study, **options)
        assert str(caught.value) == message


def test_without_dates_it_is_refused():
    study = quarters(STEADY)
    with pytest.raises(tpm.DataError) as caught:
        tpm.control_chart(replace(study, survey=study.survey.drop(columns=["date", "wave"], errors="ignore")))
    assert str(caught.value) == (
        "survey, column 'date': expected values of this role for control_chart. Name the column that plays this role "
        'under [survey] in study.toml: date = "…".'
    )


def test_too_few_answers_everywhere_are_refused():
    with pytest.raises(tpm.DataError) as caught:
        tpm.control_chart(quarters([(1, 1, 1), (1, 0, 1)]))
    assert str(caught.value) == (
        "survey, column 'recommend': expected at least one period with enough values for control_chart. Take longer "
        "periods: period='year'."
    )


def test_the_input_stays_and_html_is_made(simulated):
    before = simulated.data_hash
    result = tpm.control_chart(simulated)
    assert simulated.data_hash == before
    assert f"the usual level is {100 * result.table['center'].iloc[0]:+.1f}" in result._repr_html_()
