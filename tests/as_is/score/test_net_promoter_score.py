"""The Net Promoter Score of studies: the airport survey, weights, splits, and what does not count."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

import tpm_widgets as tpm
from tpm_widgets.as_is.score.classes import exclusions
from tpm_widgets.language import read

AIRPORT = Path(__file__).parents[3] / "../shared/data/airport_2017/survey.csv"


def study_of(scores, weight=None, **more):
    frame = pd.DataFrame({"q": scores, "shop": 4})
    if weight is not None:
        frame["w"] = weight
    for name, values in more.items():
        frame[name] = values
    return tpm.make_study(
        frame,
        recommend="q",
        touchpoints=["shop"],
        weight=None if weight is None else "w",
        wave="wave" if "wave" in more else None,
        segments=[name for name in more if name != "wave"],
    )


@pytest.fixture(scope="module")
def airport():
    if not AIRPORT.exists():
        pytest.skip("the airport survey of 2017 is not here")
    return tpm.make_study(
        pd.read_csv(AIRPORT, low_memory=False),
        recommend="NETPRO",
        touchpoints=["Q7ART", "Q7FOOD"],
        not_experienced=(6,),
        no_answer=(0, 11),
        weight="WEIGHT",
    )


def test_airport_2017(airport):
    """The figures computed independently, from the description of the data."""
    row = tpm.net_promoter_score(airport).table.iloc[0]
    assert row["estimate"] == pytest.approx(0.4040, abs=5e-5)
    assert row["n_eff"] == pytest.approx(2266.5, abs=0.05)
    plain = tpm.net_promoter_score(airport.unweighted())
    assert plain.counts.loc[0, ["detractors", "passives", "promoters"]].tolist() == [342, 968, 1436]
    assert plain.table.loc[0, "estimate"] == pytest.approx(0.3984, abs=5e-5)
    assert plain.table.loc[0, "n"] == 342 + 968 + 1436


def test_columns_are_the_agreed_ones():
    result = tpm.net_promoter_score(study_of([9, 3, 8]))
    assert result.table.columns.tolist() == [
        "group", "wave", "n", "n_eff", "promoters", "passives", "detractors",
        "estimate", "std_error", "conf_low", "conf_high",
    ]  # fmt: skip
    assert result.table.loc[0, "group"] == "all"
    assert pd.isna(result.table.loc[0, "wave"])


def test_the_weighted_adjusted_wald_adds_three_answers_to_the_effective_counts():
    """By hand: weights 1, 1, 2 on a promoter, a passive, a detractor; n_eff 16/6, shares ¼, ¼, ½."""
    row = tpm.net_promoter_score(study_of([10, 7, 0], weight=[1, 1, 2])).table.iloc[0]
    n = 16 / 6
    promoters, detractors = (n / 4 + 0.75) / (n + 3), (n / 2 + 0.75) / (n + 3)
    centre = promoters - detractors
    margin = 1.959963984540054 * np.sqrt((promoters + detractors - centre**2) / (n + 3))
    assert row["n_eff"] == pytest.approx(n)
    assert (row["conf_low"], row["conf_high"]) == pytest.approx((max(centre - margin, -1), centre + margin))
    # √(Σw²(x − NPS)²)/Σw with NPS = −¼
    assert row["std_error"] == pytest.approx(np.sqrt(1.25**2 + 0.25**2 + 4 * 0.75**2) / 4)


def test_what_does_not_count_is_counted():
    result = tpm.net_promoter_score(study_of([10, 9, 3, np.nan, 8], weight=[1, 0, 1, 1, np.nan]))
    assert result.table.loc[0, "n"] == 2
    assert result.counts.loc[0, ["promoters", "passives", "detractors"]].tolist() == [1, 0, 1]
    assert [str(caveat) for caveat in result.caveats] == [
        "1 answer gives no score.",
        "2 answers have no weight, or weight 0, and do not count.",
    ]


def test_half_a_point_is_no_answer(linked_study):
    """R's NPS 1.1 reports 6.5 as excluded and then counts it as a passive."""
    result = tpm.net_promoter_score(linked_study({"recommend": [6.5, 10.0], "customer": None, "date": None}))
    assert result.table.loc[0, ["n", "estimate"]].tolist() == [1, 1]
    assert str(result.caveats[0]) == "1 score is no whole number from 0 to 10 and does not count."


def test_split_by_segment_and_wave():
    scores = [10] * 6 + [0] * 6 + [7] * 6 + [10] * 3
    study = study_of(
        scores, wave=["w1"] * 6 + ["w2"] * 6 + ["w1"] * 6 + ["w2"] * 3, region=["north"] * 12 + ["south"] * 9
    )
    table = tpm.net_promoter_score(study, by=["region", "wave"]).table
    assert table[["group", "wave", "n"]].to_numpy().tolist() == [
        ["north", "w1", 6], ["north", "w2", 6], ["south", "w1", 6], ["south", "w2", 3],
    ]  # fmt: skip
    assert table["estimate"].tolist()[:3] == [1, -1, 0]
    waves = tpm.net_promoter_score(study, by="wave").table
    assert waves[["group", "wave", "n"]].to_numpy().tolist() == [["all", "w1", 12], ["all", "w2", 9]]


def test_small_groups_are_withheld_and_named():
    study = study_of([10] * 5 + [0] * 4, region=["north"] * 5 + ["south"] * 4)
    result = tpm.net_promoter_score(study, by="region")
    assert result.table.drop(columns=["group", "wave", "n"]).isna().all(axis=1).tolist() == [False, True]
    assert result.counts.loc[1, ["promoters", "detractors"]].isna().all()
    assert str(result.caveats[-1]) == "Withheld, because they hold fewer than 5 answers: south."
    assert result.summary("en") == (
        "Of 9 answers in all, only north is large enough to show: Net Promoter Score +100.0 (95% interval +17.5 to "
        "+100.0, adjusted Wald)."
    )


def test_answers_without_a_segment_are_in_no_group():
    result = tpm.net_promoter_score(study_of([10] * 6, region=["north"] * 5 + [None]), by="region")
    assert result.table["n"].tolist() == [5]
    assert str(result.caveats[0]) == "1 answer without a value of region is in no group."


def test_nobody_answered():
    result = tpm.net_promoter_score(study_of([np.nan, np.nan]))
    assert result.table.loc[0, "n"] == 0
    assert result.summary("en") == "No Net Promoter Score can be given: no answer counts."


def test_several_groups_in_a_sentence():
    study = study_of([10] * 6 + [0] * 6, region=["north"] * 6 + ["south"] * 6)
    assert tpm.net_promoter_score(study, by="region").summary("en") == (
        "Among 2 groups with 12 answers in all, the Net Promoter Score runs from −100.0 in south (95% interval "
        "−100.0 to −25.9) to +100.0 in north (+25.9 to +100.0), intervals: adjusted Wald."
    )


def test_cutoffs_are_a_parameter():
    """The European variant: 0–5, 6–7, 8–10."""
    study = study_of([5, 6, 7, 8, 9])
    assert tpm.net_promoter_score(study).counts.iloc[0, 2:].tolist() == [5, 1, 2, 2]
    assert tpm.net_promoter_score(study, cutoffs=(5, 7)).counts.iloc[0, 2:].tolist() == [5, 2, 2, 1]


def test_another_scale_draws_its_classes_by_place_and_says_so():
    frame = pd.DataFrame({"q": [1, 3, 4, 5, 5], "shop": 4})
    study = tpm.make_study(frame, recommend="q", touchpoints=["shop"], recommend_scale=(1, 5))
    result = tpm.net_promoter_score(study)
    assert result.table.loc[0, ["promoters", "passives", "detractors"]].tolist() == [0.4, 0.2, 0.4]
    assert result.settings["cutoffs"] == (3, 4)
    assert [caveat.text("en") for caveat in result.caveats] == [
        "On a scale from 1 to 5 the classes are those of 0 to 10 by their place: detractors 1 to 3, passives up to 4, "
        "promoters above. Other studies may draw them elsewhere, and scores of different scales are not alike; yours "
        "are declared by cutoffs = [3, 4] under [survey], or as the option cutoffs."
    ]
    assert tpm.net_promoter_score(study, cutoffs=(3, 4)).caveats == ()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"level": 95}, "level must be a number between 0 and 1, such as 0.95; got 95."),
        (
            {"interval": "exact"},
            "interval must be one of 'adjusted_wald', 'score', 'wald', 'bootstrap'; got 'exact'.",
        ),
        ({"cutoffs": (8, 6)}, "cutoffs must be two numbers from 0 to below 10, in order; got (8, 6)."),
        (
            {"by": "customer"},
            "by='customer' would make a group of each person; split by a segment or by wave.",
        ),
        ({"by": "age"}, "by='age' is no column of the survey; it has 'recommend'."),
    ],
)
def test_wrong_arguments_are_refused(options, message):
    with pytest.raises(ValueError) as caught:
        tpm.net_promoter_score(study_of([9, 3]), **options)
    assert str(caught.value) == message


def test_the_input_stays_as_it_was():
    study = study_of([9, 3, 8], weight=[1, 2, 3], region=["a", "b", "a"])
    before = study.data_hash
    tpm.net_promoter_score(study, by="region", interval="bootstrap")
    assert study.data_hash == before


@settings(max_examples=25)
@given(
    scores=st.lists(st.integers(0, 10), min_size=1, max_size=40),
    interval=st.sampled_from(["adjusted_wald", "score"]),
    scale=st.floats(0.01, 100),
)
def test_invariants(scores, interval, scale):
    """Shares add up, the interval lies in −1…1, turning the scale round turns the score, weights have no unit."""
    study = study_of(scores)
    row = tpm.net_promoter_score(study, interval=interval).table.iloc[0]
    assert -1 <= row["conf_low"] <= row["conf_high"] <= 1
    assert row["promoters"] + row["passives"] + row["detractors"] == pytest.approx(1)
    heavy = tpm.net_promoter_score(study_of(scores, weight=[scale] * len(scores)), interval=interval).table.iloc[0]
    for column in ("estimate", "std_error", "conf_low", "conf_high"):
        assert heavy[column] == pytest.approx(row[column], abs=1e-8)


def test_a_score_is_read_with_its_interval_and_its_shares():
    """Five promoters, three passives, two detractors; adjusted Wald at 90 % by hand."""
    result = tpm.net_promoter_score(study_of([10] * 5 + [7] * 3 + [0] * 2), level=0.9)
    promoters, detractors = 5.75 / 13, 2.75 / 13
    margin = stats.norm.ppf(0.95) * np.sqrt((promoters + detractors - (promoters - detractors) ** 2) / 13)
    low, high = (100 * (promoters - detractors + sign * margin) for sign in (-1, 1))
    assert result.summary("en") == (
        f"The Net Promoter Score is +30.0 (90% interval −{-low:.1f} to +{high:.1f}, adjusted Wald), from 10 answers. "
        "50.0% are promoters, 30.0% passives, 20.0% detractors."
    )
    assert result.settings == {"by": None, "level": 0.9, "interval": "adjusted_wald", "cutoffs": (6, 8)}


@pytest.mark.parametrize(
    ("again", "words"),
    [
        (1, "1 answer comes from somebody who answered before in the same group; the answers of one person "
         "count as one cluster."),
        (2, "2 answers come from somebody who answered before in the same group; the answers of one person "
         "count as one cluster."),
        (0, None),
    ],
)  # fmt: skip
def test_who_answers_again_is_counted(linked_study, again, words):
    names = ["a", "b", "c", None, None, *"ab"[:again]]
    answers = {"customer": names, "date": "2023-03-01", "recommend": 9.0, "wave": ["1"] * 5 + ["2"] * again}
    study = linked_study(answers)
    assert [str(caveat) for caveat in tpm.net_promoter_score(study).caveats] == [words] * bool(words)
    apart = tpm.net_promoter_score(study, by="wave").caveats  # in another group each time
    assert [str(caveat) for caveat in apart] == (
        ["Withheld, because they hold fewer than 5 answers: 2."] if again else []
    )


@pytest.mark.parametrize(
    ("missing", "off", "unweighted", "words"),
    [
        (2, 0, 0, "2 answers give no score."),
        (0, 2, 0, "2 scores are no whole numbers from 1 to 5 and do not count."),
        (0, 0, 1, "1 answer has no weight, or weight 0, and does not count."),
        (0, 0, 0, ""),
    ],
)
def test_what_does_not_count_in_words(missing, off, unweighted, words):
    assert read(exclusions(missing, off, unweighted, (1, 5)), "en") == words


def test_shares_and_scores_that_cannot_be_are_refused():
    result = tpm.net_promoter_score(study_of([9, 3, 8]))
    with pytest.raises(ValueError) as caught:
        replace(result, table=result.table.assign(passives=0.5))
    assert str(caught.value) == "the shares of the classes do not add up to 1."
    for wrong in (1.1, -1.1):
        with pytest.raises(ValueError) as caught:
            replace(result, table=result.table.assign(estimate=wrong))
        assert str(caught.value) == "a Net Promoter Score lies outside -1…1."


@pytest.mark.parametrize("options", [{"recommend": "q"}, {"weight": "w"}, {"recommend_scale": (1, 5)}])
def test_a_study_knows_its_columns(options):
    with pytest.raises(ValueError) as caught:
        tpm.net_promoter_score(study_of([9, 3, 8]), **options)
    assert str(caught.value) == "recommend=, weight= and recommend_scale= go with a table; a study has its own."


def test_a_group_is_as_large_as_it_has_answers_whatever_they_weigh():
    """Five answers of which one weighs ten times as much are worth 14²/104 = 1.9."""
    study = study_of([10, 9, 3, 7, 8], weight=[10, 1, 1, 1, 1], region=["north"] * 5)
    result = tpm.net_promoter_score(study, by="region")
    assert result.table.loc[0, "n_eff"] == pytest.approx(14**2 / 104)
    assert result.table.loc[0, "estimate"] == pytest.approx(10 / 14)
    assert result.caveats == ()
