"""Does the conclusion hold in every usual way of computing?"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

AIRPORT = Path(__file__).parents[3] / "../shared/data/airport_2017/survey.csv"


def study_of(scores, weight=None, scale=(0, 10), **segments):
    frame = pd.DataFrame({"q": scores, "shop": 4})
    for name, values in segments.items():
        frame[name] = values
    if weight is not None:
        frame["w"] = weight
    return tpm.make_study(
        frame, recommend="q", touchpoints=["shop"], segments=[*segments], recommend_scale=scale,
        weight=None if weight is None else "w",
    )  # fmt: skip


def test_every_way_once_and_each_as_the_score_has_it():
    study = study_of([3] * 6 + [6] * 8 + [7] * 8 + [9] * 20, weight=[1, 2] * 21)
    table = tpm.score_sensitivity(study).table
    assert table.columns.tolist() == [
        "cutoffs", "weighted", "interval", "n", "estimate", "conf_low", "conf_high", "conclusion", "same",
    ]  # fmt: skip
    assert len(table) == 2 * 2 * 4 == len(table.drop_duplicates(["cutoffs", "weighted", "interval"]))
    for row in table.to_dict("records"):
        source = study if row["weighted"] else study.unweighted()
        direct = tpm.net_promoter_score(source, interval=row["interval"], cutoffs=row["cutoffs"]).table.iloc[0]
        assert [row["n"], row["estimate"]] == direct[["n", "estimate"]].tolist()
        assert [row["conf_low"], row["conf_high"]] == direct[["conf_low", "conf_high"]].tolist()


def test_the_cutoffs_change_the_conclusion():
    """14 detractors, 8 passives, 20 promoters; of the European kind 6, 16 and 20."""
    result = tpm.score_sensitivity(study_of([3] * 6 + [6] * 8 + [7] * 8 + [9] * 20))
    assert result.changes and result.causes == ("cutoffs",)
    assert result.table.groupby("cutoffs")["conclusion"].unique().map(list).to_dict() == {
        "standard": ["undecided"], "european": ["above 0"],
    }  # fmt: skip
    assert [sentence.text("en") for sentence in result.sentences()] == [
        "The conclusion on the Net Promoter Score changes with the cut-offs: it may be above or below 0 in 4 of 8 ways "
        "of computing (95% intervals).",
        "Computed as usual it is +14.3 (−12.3 to +39.0), from 42 answers; over all ways it lies between +14.3 and "
        "+33.3.",
    ]


def test_the_weights_change_the_conclusion():
    result = tpm.score_sensitivity(study_of([10] * 60 + [0] * 40, weight=[1] * 60 + [4] * 40))
    assert result.changes and result.causes == ("weighted",)
    assert str(result.sentences()[2]).startswith("The weights matter: −45.5 weighted")


def test_only_several_choices_together_change_it():
    """36 promoters, 26 detractors that weigh 1.2, and 8 who answered 8: above 0 only if European and unweighted."""
    scores, weight = [9] * 36 + [0] * 26 + [8] * 8, [1] * 36 + [1.2] * 26 + [1] * 8
    result = tpm.score_sensitivity(study_of(scores, weight=weight))
    above = result.table[result.table["conclusion"] == "above 0"]
    assert above[["cutoffs", "weighted"]].drop_duplicates().to_numpy().tolist() == [["european", False]]
    assert result.changes and result.causes == ()
    assert str(result.sentences()[0]) == (
        "The conclusion on the Net Promoter Score changes where several choices are made otherwise: it may be above or "
        "below 0 in 12 of 16 ways of computing (95% intervals)."
    )


def test_a_conclusion_that_holds():
    result = tpm.score_sensitivity(study_of([10] * 80 + [0] * 20))
    assert not result.changes and result.causes == ()
    assert str(result.sentences()[0]) == (
        "The conclusion on the Net Promoter Score does not depend on cut-offs, weighting or interval: it is above 0 in "
        "all 8 ways of computing (95% intervals)."
    )


def test_two_groups_are_compared_in_every_way():
    study = study_of([10] * 40 + [0] * 20 + [10] * 20 + [0] * 40, area=["north"] * 60 + ["south"] * 60)
    result = tpm.score_sensitivity(study, by="area")
    wald = result.table[(result.table["interval"] == "wald") & (result.table["cutoffs"] == "standard")].iloc[0]
    compared = tpm.compare_scores(study, by="area").table.iloc[0]
    assert wald[["estimate", "conf_low", "conf_high"]].tolist() == pytest.approx(
        compared[["difference", "conf_low", "conf_high"]].tolist()
    )
    assert not result.changes
    assert "the difference north – south" in str(result.sentences()[0])


def test_other_scales_take_their_own_cutoffs():
    study = study_of([1, 3, 5, 5, 5, 4], scale=(1, 5))
    assert tpm.score_sensitivity(study, cutoffs=[(3, 4), (2, 3)]).table["cutoffs"].unique().tolist() == ["3, 4", "2, 3"]
    named = tpm.score_sensitivity(study)
    assert named.table["cutoffs"].unique().tolist() == ["standard", "european"]
    assert named.table["estimate"].iloc[[0, -1]].round(4).tolist() == [0.1667, 0.3333]


def test_the_cutoffs_of_the_study_come_first():
    frame = pd.DataFrame({"score": [1, 3, 5, 5, 5, 4], "desk": 3})
    study = tpm.make_study(frame, recommend="score", touchpoints=["desk"], recommend_scale=(1, 5), cutoffs=(2, 4))
    result = tpm.score_sensitivity(study)
    assert result.settings["cutoffs"] == ("2, 4", "standard", "european")
    assert result.table.loc[0, "estimate"] == tpm.net_promoter_score(study).table.loc[0, "estimate"]


@pytest.mark.parametrize(("scores", "weight"), [([np.nan] * 3, None), ([10.0, 0.0, 7.0], [0, 0, 0])])
def test_nobody_counts(scores, weight):
    assert (
        tpm.score_sensitivity(study_of(scores, weight=weight)).summary("en")
        == "Nothing can be compared: too few answers count."
    )


def test_a_small_group_is_withheld():
    result = tpm.score_sensitivity(study_of([10, 0] * 5, area=["a"] * 7 + ["b"] * 3), by="area")
    assert result.table["estimate"].isna().all()
    assert "Withheld, because they hold fewer than 5 answers: b." in map(str, result.caveats)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": "area"}, "by must split the answers into two groups; 'area' makes 3."),
        ({"cutoffs": "european"}, "cutoffs must be a sequence such as ('standard', 'european'); got 'european'."),
        ({"cutoffs": ["german"]}, "cutoffs must be 'standard' or 'european', or two numbers; got 'german'."),
        ({"level": 0}, "level must be a number between 0 and 1, such as 0.95; got 0."),
    ],
)
def test_wrong_arguments_are_refused(options, message):
    with pytest.raises(ValueError) as caught:
        tpm.score_sensitivity(study_of([10, 0, 3], area=["a", "b", "c"]), **options)
    assert str(caught.value) == message


def test_the_input_stays_as_it_was():
    study = study_of([10, 0, 3] * 3, weight=[1, 2, 3] * 3)
    before = study.data_hash
    tpm.score_sensitivity(study)
    assert study.data_hash == before


def test_airport_weighted_against_unweighted():
    """The scores were computed independently: .4040 weighted, .3984 unweighted."""
    if not AIRPORT.exists():
        pytest.skip("the airport survey of 2017 is not here")
    study = tpm.make_study(
        pd.read_csv(AIRPORT, low_memory=False), recommend="NETPRO", touchpoints=["Q7ART"], not_experienced=(6,),
        no_answer=(0, 11), weight="WEIGHT",
    )  # fmt: skip
    result = tpm.score_sensitivity(study)
    assert not result.changes
    assert str(result.sentences()[2]) == (
        "The weights do not matter to it: +40.4 weighted (+37.5 to +43.2), +39.8 unweighted."
    )


WAYS = {
    "cutoffs": "standard",
    "interval": ["wald", "wald", "score", "score"],
    "weighted": [True, False, True, False],
    "n": 9,
}


@pytest.mark.parametrize(
    ("plain", "same", "words"),
    [
        (0.1, True, "The weights do not matter to it: +20.0 weighted (+10.0 to +30.0), +10.0 unweighted."),
        (0.3, True, "The weights do not matter to it: +20.0 weighted (+10.0 to +30.0), +30.0 unweighted."),
        (0.31, True, "The weights matter: +20.0 weighted (+10.0 to +30.0), +31.0 unweighted."),
        (0.09, True, "The weights matter: +20.0 weighted (+10.0 to +30.0), +9.0 unweighted."),
        (0.15, False, "The weights matter: +20.0 weighted (+10.0 to +30.0), +15.0 unweighted."),
    ],
)
def test_whether_the_weights_matter(plain, same, words):
    """Inside the weighted interval, whose ends belong to it, and with the same conclusion, they do not."""
    table = pd.DataFrame(WAYS).assign(estimate=[0.2, plain, 0.9, -0.9], conf_low=0.1, conf_high=0.3)
    table = table.assign(conclusion="above 0", same=[True, same, True, True])
    result = tpm.ScoreSensitivity(table=table, settings={"level": 0.9})
    assert result.sentences()[2].text("en") == words
    assert result.sentences()[1].text("en") == (
        "Computed as usual it is +20.0 (+10.0 to +30.0), from 9 answers; over all ways it lies between −90.0 and +90.0."
    )


def test_the_difference_of_two_groups_in_words():
    study = study_of([10] * 40 + [0] * 20 + [10] * 20 + [0] * 40, area=["north"] * 60 + ["south"] * 60)
    result = tpm.score_sensitivity(study, by="area", level=0.9)
    assert result.sentences()[0].text("en") == (
        "The conclusion on the difference north – south does not depend on cut-offs, weighting or interval: it is "
        "above 0 in all 8 ways of computing (90% intervals)."
    )
    assert result.table["n"].tolist() == [120] * 8
    turned = study_of([10] * 20 + [0] * 40 + [10] * 40 + [0] * 20, area=["north"] * 60 + ["south"] * 60)
    assert "it is below 0 in all 8" in tpm.score_sensitivity(turned, by="area").summary("en")
    assert result.settings == {"by": "area", "cutoffs": ("standard", "european"), "level": 0.9}
    assert [str(caveat) for caveat in result.caveats] == [
        "All ways share the same answers: what is wrong with these is wrong in every row."
    ]


def test_five_answers_are_a_group_large_enough():
    result = tpm.score_sensitivity(study_of([10, 0] * 5, area=["a"] * 5 + ["b"] * 5), by="area")
    assert result.table["estimate"].notna().all()
    assert not any("Withheld" in str(caveat) for caveat in result.caveats)
    one = tpm.score_sensitivity(study_of([10.0]))  # without groups one answer is enough
    assert one.table["estimate"].tolist() == [1] * 8


def test_an_interval_that_ends_at_zero_decides_nothing():
    """Among passives alone Wald's interval is 0 to 0."""
    table = tpm.score_sensitivity(study_of([7] * 10)).table.query("interval == 'wald' and cutoffs == 'standard'")
    assert table[["conf_low", "conf_high"]].to_numpy().tolist() == [[0, 0]]
    assert table["conclusion"].tolist() == ["undecided"]
