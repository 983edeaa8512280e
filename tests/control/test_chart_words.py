"""Control charts word for word: one test per branch of what they say, and the defaults behind it."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import tpm_widgets as tpm

BY_DEFAULT = (
    "The first half of the periods, at least 4, is taken as the baseline; choose it yourself where you know when "
    "something was changed."
)
STEADY = [(20, 30, 50)] * 6


def quarters(counts, **columns):
    """A study with one quarter per (detractors, passives, promoters), from 2023 on."""
    rows = []
    for place, kinds in enumerate(counts):
        day = pd.Timestamp("2023-01-01") + pd.DateOffset(months=3 * place)
        rows += [(day, score) for score, count in zip((3, 7, 10), kinds, strict=True) for _ in range(count)]
    survey = pd.DataFrame(rows, columns=["date", "score"]).assign(desk=4, **columns)
    weight = "weight" if columns else None
    return tpm.make_study(survey=survey, recommend="score", touchpoints=["desk"], date="date", weight=weight)


def won(counts):
    """A study with one quarter of new customers per (recommended, others, of unknown source)."""
    rows = []
    for place, kinds in enumerate(counts):
        day = pd.Timestamp("2023-01-01") + pd.DateOffset(months=3 * place)
        sources = zip(("recommendation", "other", "unknown"), kinds, strict=True)
        rows += [(day, source) for source, count in sources for _ in range(count)]
    customers = pd.DataFrame(rows, columns=["acquired", "source"])
    customers["customer"] = [f"c{row}" for row in range(len(customers))]
    survey = pd.DataFrame({"score": [9, 3], "desk": [4, 5]})
    return tpm.make_study(survey=survey, recommend="score", touchpoints=["desk"], customers=customers)


def caveats(result):
    return [caveat.text("en") for caveat in result.caveats]


def test_nothing_outside_and_how_often_chance_says_otherwise():
    result = tpm.control_chart(quarters(STEADY))
    assert result.summary("en") == (
        "Net Promoter Score, 6 periods with 600 answers: the usual level is +30.0, from the periods 2023-Q1 to "
        "2023-Q4; limits lie 3 standard errors off. No period lies outside its limits: nothing is shown to be more "
        "than chance in samples of this size."
    )
    assert caveats(result) == [
        "With samples of 100 (the median), chance alone gives a signal about once in 394 periods, if the baseline is "
        "known exactly; it rests on 4 periods with 400 answers.",
        BY_DEFAULT,
    ]
    promoters, passives = np.divmod(np.arange(101**2), 101)
    detractors = 100 - promoters - passives
    counts = np.column_stack([promoters, passives, detractors])[detractors >= 0]
    balance = counts[:, 0] - counts[:, 2]  # limits at 6.57 and 53.43
    outside = stats.multinomial(100, [0.5, 0.3, 0.2]).pmf(counts)[(balance < 6.57) | (balance > 53.43)].sum()
    assert result.run_length == pytest.approx(1 / outside, rel=1e-6)


def test_samples_too_small_for_a_signal():
    """Five answers, 3·√(.8/5) = 1.2: the limits lie beyond −100 and +100."""
    result = tpm.control_chart(quarters([(2, 1, 2)] * 6))
    assert caveats(result) == [
        "Samples of 5 per period are so small that no value can lie outside the limits.",
        BY_DEFAULT,
    ]
    assert result.run_length == np.inf


def test_several_signals_and_the_last_of_them():
    result = tpm.control_chart(quarters([*STEADY, *STEADY[:3], (40, 30, 30), (45, 30, 25)]))
    assert str(result.sentences()[1]) == (
        "2 periods lie outside their limits: 2025-Q2 and 2025-Q3; the last with −20.0 where +6.6 to +53.4 was to be "
        "expected."
    )


def test_the_referral_rate_in_its_own_unit():
    result = tpm.control_chart(won([(20, 80, 3)] * 5 + [(0, 0, 9)] + [(60, 40, 0)]), metric="referral_rate")
    assert result.summary("en") == (
        "Referral rate, 7 periods with 600 new customers: the usual level is 20.0%, from the periods 2023-Q1 to "
        "2023-Q4; limits lie 3 standard errors off. 1 period lies outside its limits: 2024-Q3, with 60.0% where 8.0% "
        "to 32.0% was to be expected."
    )
    assert caveats(result) == [
        "With samples of 100 (the median), chance alone gives a signal about once in 547 periods, if the baseline is "
        "known exactly; it rests on 4 periods with 400 new customers.",
        BY_DEFAULT,
        "Without a rate, because no new customer of known source was won: 2024-Q2.",
    ]
    assert result.formats == dict.fromkeys(["estimate", "center", "lower", "upper"], "percent")
    assert tpm.control_chart(quarters(STEADY)).formats["center"] == "points"


def test_one_period_has_its_own_level():
    result = tpm.control_chart(quarters([(20, 30, 50)]))
    assert str(result.sentences()[0]) == (
        "Net Promoter Score, 1 period with 100 answers: its level is +30.0; limits lie 3 standard errors off."
    )
    assert caveats(result)[0].endswith("it rests on 1 period with 100 answers.")


@pytest.mark.parametrize(("periods", "baseline"), [(3, 3), (4, 4), (5, 4), (8, 4), (9, 5), (10, 5)])
def test_the_first_half_but_at_least_four_periods(periods, baseline):
    table = tpm.control_chart(quarters([(2, 3, 5)] * periods)).table
    assert table["baseline"].tolist() == [True] * baseline + [False] * (periods - baseline)


def test_withheld_periods_are_no_baseline_and_no_median():
    """Five answers are enough, four are not; the median of 20, 20, 20, 10, 5 is 20, with the withheld ones 15."""
    result = tpm.control_chart(quarters([(1, 1, 2), (4, 6, 10), (4, 6, 10), (4, 6, 10), (2, 3, 5), (1, 1, 3)]))
    table = result.table
    assert table["baseline"].tolist() == [False, True, True, True, True, False]
    assert table["estimate"].isna().tolist() == [True] + [False] * 5
    assert table[["lower", "upper"]].isna().any(axis=1).tolist() == [True] + [False] * 5
    assert caveats(result)[0].startswith("With samples of 20 (the median), ")
    assert caveats(result)[0].endswith("it rests on 4 periods with 70 answers.")
    assert caveats(result)[1:] == [BY_DEFAULT, "Withheld, with fewer than 5 values: 2023-Q1."]


def test_the_level_is_that_of_all_answers_of_the_baseline():
    """Not the mean of the periods: 10 promoters of 10 and 10 detractors of 90 are 0 of 100, not +44."""
    table = tpm.control_chart(quarters([(0, 0, 10), (10, 80, 0)] * 4)).table
    np.testing.assert_allclose(table["center"], 0, atol=1e-12)
    # V = .1 + .1 − 0² = .2: 3·√(.2/10), 3·√(.2/90)
    np.testing.assert_allclose(table["upper"][:2], 3 * np.sqrt([0.2 / 10, 0.2 / 90]), rtol=1e-12)


def test_answers_without_weight_do_not_count():
    weight = [0.0] * 3 + [1.0] * 97
    table = tpm.control_chart(quarters([(20, 30, 50)] * 4, weight=weight * 4)).table
    assert table["n"].tolist() == [97] * 4
    np.testing.assert_allclose(table["estimate"], 33 / 97)


def test_months_and_years_name_themselves():
    study = quarters(STEADY)
    assert tpm.control_chart(study, period="month").table["period"].tolist()[:2] == ["2023-01", "2023-04"]
    assert tpm.control_chart(study, period="year").table["period"].tolist() == ["2023", "2024"]


def test_a_period_on_its_limit_is_no_signal():
    """Half of four answers leave no room: the limits end at the scale's ends, where all or nobody lie."""
    table = tpm.control_chart(quarters([(2, 0, 2)] * 4 + [(0, 0, 5), (5, 0, 0)])).table
    assert table["estimate"].tolist()[-2:] == [table["upper"].iloc[-2], table["lower"].iloc[-1]] == [1, -1]
    assert not table["signal"].any()


def test_only_customers_of_unknown_source():
    with pytest.raises(tpm.DataError) as refused:
        tpm.control_chart(won([(0, 0, 9)]), metric="referral_rate")
    assert str(refused.value) == (
        "customers, column 'source': expected at least one period with enough values for control_chart. Take longer "
        "periods: period='year'."
    )


def test_signals_are_those_outside_the_limits():
    result = tpm.control_chart(quarters(STEADY))
    for signal in (True, [True] + [False] * 5):
        with pytest.raises(ValueError) as refused:
            replace(result, table=result.table.assign(signal=signal))
        assert str(refused.value) == "A period is a signal exactly where its estimate lies outside its limits."


def test_the_settings_are_those_asked_for():
    study = quarters(STEADY)
    assert tpm.control_chart(study).settings == {"metric": "nps", "baseline": None, "period": "quarter"}
    given = tpm.control_chart(study, baseline=("2023-Q1", "2023-Q2"))
    assert given.settings["baseline"] == ["2023-Q1", "2023-Q2"]
    assert BY_DEFAULT not in caveats(given)
