"""Waves against each other word for word, in which unit, and which comparisons are withheld."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.control.wave_pairs import rate_rows
from tpm_widgets.control.waves import COLUMNS, WaveComparison, _caveats
from tpm_widgets.statistics.score.difference import agresti_caffo

NO_PROOF = (
    "A difference of waves is no proof of an effect: season, the mix of those who answered, and all else that changed "
    "in between are in it."
)


def row(previous="W1", wave="W2", difference=0.1, p_adjusted=0.5, **more):
    ends = {"estimate": 0.3 + difference, "previous_estimate": 0.3, "conf_low": difference - 0.2}
    return (
        dict.fromkeys(COLUMNS)
        | {"group": "all", "wave": wave, "previous": previous, "n": 1200, "n_previous": 80, "difference": difference}
        | ends
        | {"conf_high": difference + 0.2, "p_value": p_adjusted / 2, "p_adjusted": p_adjusted, "touchpoint": ""}
        | more
    )


def comparison(*rows, metric="nps", level=0.95):
    numbers = ["estimate", "previous_estimate", "difference", "conf_low", "conf_high", "p_value", "p_adjusted"]
    table = pd.DataFrame(list(rows), columns=COLUMNS).astype(dict.fromkeys([*numbers, "shared"], float))
    return WaveComparison(
        table=table, metric=metric, labels={"desk": "The desk", "app": "The app"}, settings={"level": level}
    )


def caveats_of(result, min_group=5):
    survey = pd.DataFrame({"score": [9, 3], "desk": [4, 5]})
    study = tpm.make_study(survey=survey, recommend="score", touchpoints=["desk"], min_group=min_group)
    return [caveat.text("en") for caveat in _caveats(study, result.table, result.metric)]


def test_the_last_comparison_is_read_and_what_is_more_than_chance_is_named():
    result = comparison(
        row(p_adjusted=0.05), row("W2", "W3", 0.02, 0.051), row("W1", "W3", -0.12, 0.0004, n=90), level=0.95
    )
    assert result.summary("en") == (
        "Net Promoter Score: +30.0 in W1 (n = 80), +18.0 in W3 (n = 90); difference −12.0 (95% interval −32.0 to "
        "+8.0, two-sample z test, p < 0.001 after Holm). 2 of 3 comparisons are more than chance, by Holm's "
        "correction: W1 → W2 and W1 → W3."
    )


def test_none_is_more_than_chance():
    assert str(comparison(row(), row("W2", "W3", 0.02), level=0.9).sentences()[1]) == (
        "0 of 2 comparisons are more than chance, by Holm's correction: none."
    )


def test_the_level_decides_what_is_more_than_chance():
    said = str(comparison(row(p_adjusted=0.08), row("W2", "W3", 0.02), level=0.9).sentences()[1])
    assert said == "1 of 2 comparisons are more than chance, by Holm's correction: W1 → W2."
    one = comparison(row(p_adjusted=0.08), level=0.9)
    assert str(one.sentences()[1]) == "1 of 1 comparison is more than chance (Holm)."


@pytest.mark.parametrize(
    ("metric", "words"),
    [
        ("rating:desk", "Rating of The desk: 0.30 in W1 (n = 80), 0.40 in W2 (n = 1,200); difference +0.10 (95% "
         "interval −0.10 to +0.30, two-sample z test, p = 0.500 after Holm)."),
        ("referral_rate", "Referral rate: 30.0% in W1 (n = 80), 40.0% in W2 (n = 1,200); difference +10.0 (95% "
         "interval −10.0 to +30.0, two-sample z test, p = 0.500 after Holm)."),
    ],
)  # fmt: skip
def test_each_metric_in_its_unit(metric, words):
    assert str(comparison(row(), metric=metric).sentences()[0]) == words


def test_groups_and_touchpoints_are_named_where_there_are_several():
    one = row(p_adjusted=0.01, group="north"), row(p_adjusted=0.01, group="south")
    assert comparison(*one).summary("en") == (
        "2 of 2 comparisons are more than chance, by Holm's correction: north, W1 → W2 and south, W1 → W2."
    )
    both = row(p_adjusted=0.01, touchpoint="desk"), row(p_adjusted=0.01, touchpoint="app", group="north")
    assert comparison(*both, metric="ratings").summary("en") == (
        "2 of 2 comparisons are more than chance, by Holm's correction: The desk, W1 → W2 and The app, north, W1 → W2."
    )


@pytest.mark.parametrize(
    ("metric", "level", "change", "error"),
    [
        ("nps", "points", "points", "hundredths"),
        ("promoters", "percent", "points", "hundredths"),
        ("referral_rate", "percent", "points", "hundredths"),
        ("rating:desk", "number:2", "number:2", "number:2"),
        ("ratings", "number:2", "number:2", "number:2"),
    ],
)
def test_columns_in_their_units(metric, level, change, error):
    assert comparison(row(), metric=metric).formats == {
        **dict.fromkeys(["estimate", "previous_estimate"], level),
        **dict.fromkeys(["difference", "conf_low", "conf_high"], change),
        "std_error": error,
    }


def test_caveats_word_for_word():
    assert caveats_of(comparison(row())) == [NO_PROOF]
    nothing = dict.fromkeys(["estimate", "previous_estimate", "difference", "conf_low", "conf_high", "p_value"])
    withheld, untested = row() | nothing, row(p_value=np.nan, shared=3)
    assert caveats_of(comparison(withheld, untested, row(shared=12)), min_group=7) == [
        NO_PROOF,
        "Up to 12 persons answered in both of two waves; their answers are compared as pairs.",
        "1 comparison is withheld, with fewer than 7 values in a wave.",
        "Where all answers within each wave are alike, a difference cannot be tested.",
    ]
    assert caveats_of(comparison(withheld, withheld))[1:] == [
        "2 comparisons are withheld, with fewer than 5 values in a wave."
    ]
    assert caveats_of(comparison(withheld, row(), metric="referral_rate"))[1:] == [
        "1 comparison is withheld, because too few new customers of a wave have a known source."
    ]
    assert caveats_of(comparison(withheld, withheld, metric="referral_rate"))[1:] == [
        "2 comparisons are withheld, because too few new customers of a wave have a known source."
    ]


def test_a_difference_is_the_later_minus_the_earlier():
    with pytest.raises(ValueError) as refused:
        comparison(row(estimate=0.2))
    assert str(refused.value) == "Each difference is the later estimate minus the earlier one."


def scores(*waves, **columns):
    survey = pd.concat(
        [pd.DataFrame({"wave": f"W{place}", "score": found}) for place, found in enumerate(waves, start=1)],
        ignore_index=True,
    ).assign(desk=4, **columns)
    weight = "weight" if "weight" in survey else None
    return tpm.make_study(survey=survey, recommend="score", touchpoints=["desk"], wave="wave", weight=weight)


def test_five_answers_are_enough_and_four_are_not():
    five = tpm.compare_waves(scores([3, 9, 9, 8, 7], [9, 9, 9, 8, 3])).table
    np.testing.assert_allclose(five["difference"], 0.4 - 0.2)
    four = tpm.compare_waves(scores([3, 9, 9, 8, 7], [9, 9, 8, 3])).table
    assert four["difference"].isna().all()
    assert four[["n", "n_previous"]].iloc[0].tolist() == [4, 5]


def test_answers_of_weight_0_are_not_counted():
    waves = [3, 9, 9, 8, 7, 10], [9, 9, 9, 8, 3, 10]
    table = tpm.compare_waves(scores(*waves, weight=[1.0] * 5 + [0.0] + [1.0] * 5 + [0.0])).table
    assert table[["n", "n_previous"]].iloc[0].tolist() == [5, 5]
    np.testing.assert_allclose(table["difference"], 0.2)


def test_two_waves_are_compared_once_and_three_also_end_to_end():
    waves = [3, 9, 9, 8, 7], [9, 9, 9, 8, 3], [9, 9, 9, 8, 9]
    pairs = [
        list(zip(table["previous"], table["wave"], strict=True))
        for table in (tpm.compare_waves(scores(*waves[:count])).table for count in (2, 3))
    ]
    assert pairs == [[("W1", "W2")], [("W1", "W2"), ("W2", "W3"), ("W1", "W3")]]


@pytest.fixture(scope="module")
def acquired():
    """New customers of three waves: 20 of 50, 30 of 50, and nobody of known source."""
    counts = [("2023-02-01", "recommendation", 20), ("2023-02-01", "other", 30), ("2023-05-01", "recommendation", 30),
              ("2023-05-01", "other", 20), ("2023-08-01", "unknown", 9)]  # fmt: skip
    rows = [(day, source) for day, source, count in counts for _ in range(count)]
    customers = pd.DataFrame(rows, columns=["acquired", "source"])
    customers["customer"] = [f"c{number}" for number in range(len(customers))]
    waves = pd.DataFrame(
        {
            "wave": ["W1", "W2", "W3"],
            "start": ["2023-01-01", "2023-04-01", "2023-07-01"],
            "end": ["2023-03-31", "2023-06-30", "2023-09-30"],
        }
    )
    survey = pd.DataFrame({"score": [9, 3, 8], "desk": [4, 5, 3], "wave": ["W1", "W2", "W3"]})
    return tpm.make_study(
        survey=survey, recommend="score", touchpoints=["desk"], wave="wave", customers=customers, waves=waves
    )


def test_the_rates_of_two_waves_by_agresti_and_caffo(acquired):
    rows = rate_rows(acquired, None, 0.9)
    assert [(one["previous"], one["wave"], one["n_previous"], one["n"]) for one in rows] == [
        ("W1", "W2", 50, 50), ("W2", "W3", 50, 0), ("W1", "W3", 50, 0),
    ]  # fmt: skip
    first = rows[0]
    # one success and one failure more in each sample: 31/52 − 21/52 ± 1.644854·√(2 terms)
    share, other = 31 / 52, 21 / 52
    half = 1.6448536269514722 * np.sqrt(share * (1 - share) / 52 + other * (1 - other) / 52)
    np.testing.assert_allclose([first["conf_low"], first["conf_high"]], [10 / 52 - half, 10 / 52 + half])
    found = [first[name] for name in ("previous_estimate", "estimate", "difference", "std_error", "p_value")]
    error, _, _, p_value = agresti_caffo(30, 50, 20, 50, 0.9)
    np.testing.assert_allclose(found, [0.4, 0.6, 0.2, error, p_value])
    assert (first["touchpoint"], first["shared"], first["group"]) == ("", 0, "all")
    assert all("difference" not in one for one in rows[1:])


def test_withheld_rates_are_told_as_such(acquired):
    said = [str(caveat) for caveat in tpm.compare_waves(acquired, metric="referral_rate").caveats]
    assert said == [
        NO_PROOF,
        "2 comparisons are withheld, because too few new customers of a wave have a known source.",
    ]


def test_one_wave_with_new_customers_is_refused(acquired):
    alone = replace(acquired, waves=acquired.waves.head(1))
    with pytest.raises(tpm.DataError) as refused:
        tpm.compare_waves(alone, metric="referral_rate")
    assert str(refused.value) == (
        "survey, column 'wave': found 'W1', expected at least two waves to compare. Add the answers of another wave "
        "to the survey, and tell the waves apart in this column."
    )
