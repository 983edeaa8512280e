"""How many answers: from shares and from studies."""

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm


def study_of(scores, weight=None):
    frame = pd.DataFrame({"q": scores, "shop": 4})
    if weight is not None:
        frame["w"] = weight
    return tpm.make_study(frame, recommend="q", touchpoints=["shop"], weight=None if weight is None else "w")


SCORES = [3] * 20 + [7] * 30 + [10] * 50


def test_a_study_and_its_shares_ask_for_the_same():
    from_study = tpm.score_sample_size(study_of(SCORES), margin=[0.1, 0.05], difference=0.1)
    from_shares = tpm.score_sample_size((0.2, 0.3, 0.5), margin=[0.1, 0.05], difference=0.1)
    pd.testing.assert_frame_equal(from_study.table, from_shares.table)
    assert from_study.table.columns.tolist() == ["question", "target", "n", "total", "variance", "design_effect"]
    assert from_study.table["question"].tolist() == ["margin", "margin", "difference"]
    assert from_study.table["variance"].tolist() == pytest.approx([0.61] * 3)


def test_that_many_answers_give_the_margin():
    """A study of exactly the size that is said has an interval of that half width, one of ten answers less has not."""
    n = int(tpm.score_sample_size((0.2, 0.3, 0.5), margin=0.1).table.loc[0, "n"])
    for size, enough in ((n, True), (n - 10, False)):
        shares = np.round(np.array([0.2, 0.3, 0.5]) * size).astype(int)
        row = tpm.net_promoter_score(study_of(np.repeat([3, 7, 10], shares))).table.iloc[0]
        assert ((row["conf_high"] - row["conf_low"]) / 2 <= 0.1) == enough


def test_a_finite_population_needs_fewer():
    sizes = [
        int(tpm.score_sample_size((0.2, 0.3, 0.5), margin=0.05, population=population).table.loc[0, "n"])
        for population in (500, 5_000, 10**9, None)
    ]
    assert sizes == sorted(sizes) and sizes[-2:] == [sizes[-1]] * 2
    assert sizes[0] <= 500
    result = tpm.score_sample_size((0.2, 0.3, 0.5), margin=0.05, population=500)
    assert result.summary("en") == (
        f"To know a score of +30.0 to within 5.0 points (95%, adjusted Wald), {sizes[0]} answers of a population "
        "of 500 are needed."
    )


def test_weights_make_it_more():
    """Weights 1 and 3 by turns: Kish's design effect 2·(1 + 9)/(1 + 3)² = 1.25."""
    result = tpm.score_sample_size(study_of(SCORES * 2, weight=[1, 3] * 100), difference=0.1)
    assert result.table.loc[0, "design_effect"] == pytest.approx(1.25)
    plain = int(tpm.score_sample_size(study_of(SCORES), difference=0.1).table.loc[0, "n"])
    assert int(result.table.loc[0, "n"]) == pytest.approx(1.25 * plain, abs=2)


def test_answers_all_alike_tell_nothing_of_a_difference():
    result = tpm.score_sample_size(study_of([10] * 20), margin=0.1, difference=0.1)
    assert result.table["n"].isna().tolist() == [False, True]
    assert str(result.sentences()[1]) == (
        "How many answers a difference of 10.0 points needs cannot be told from answers that are all alike."
    )


@pytest.mark.parametrize(("scores", "weight"), [([np.nan, np.nan], None), ([10, 0], [0, 0])])
def test_nobody_counts(scores, weight):
    result = tpm.score_sample_size(study_of(scores, weight=weight), margin=0.1, difference=0.1)
    assert result.table["n"].isna().all()
    assert result.summary("en") == "No answer counts, so nothing is known that a size could rest on."


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        ((0.2, 0.3, 0.5), {}, "Give margin=, difference= or both."),
        (
            (0.2, 0.3, 0.5),
            {"margin": 5},
            "margin must be above 0 and at most 1, such as 0.05 for five points; got 5.",
        ),
        (
            (0.2, 0.3, 0.5),
            {"difference": [0.1, 0]},
            "difference must be above 0 and at most 2, such as 0.05 for five points; got [0.1, 0].",
        ),
        (
            (0.2, 0.3, 0.5),
            {"margin": 0.1, "power": 80},
            "power must be a number between 0 and 1, such as 0.8; got 80.",
        ),
        (
            (0.2, 0.3, 0.5),
            {"margin": 0.1, "population": 0},
            "population must be a whole number of at least 1; got 0.",
        ),
        (
            (20, 30, 50),
            {"margin": 0.1},
            "source must be a study, or the shares of detractors, passives and promoters, which add up to 1; got "
            "(20, 30, 50).",
        ),
    ],
)
def test_wrong_arguments_are_refused(source, options, message):
    with pytest.raises(ValueError) as caught:
        tpm.score_sample_size(source, **options)
    assert str(caught.value) == message


def test_the_input_stays_as_it_was():
    study, shares = study_of(SCORES), [0.2, 0.3, 0.5]
    before = study.data_hash
    tpm.score_sample_size(study, margin=0.1)
    tpm.score_sample_size(shares, margin=0.1)
    assert study.data_hash == before and shares == [0.2, 0.3, 0.5]


def test_a_margin_and_a_difference_are_read():
    """The size for a difference of two scores of variance .61: 2 · .61 · (1.96 + .8416)²/.1² − 3 = 954.6."""
    result = tpm.score_sample_size((0.2, 0.3, 0.5), margin=0.1, difference=0.1)
    n = int(result.table.loc[0, "n"])
    assert result.table.loc[1, ["n", "total"]].tolist() == [955, 1910]
    assert result.summary("en") == (
        f"To know a score of +30.0 to within 10.0 points (95%, adjusted Wald), {n} answers are needed. For a "
        "difference of 10.0 points from a score of +30.0 to show, with a probability of 80% in a two-sided test at "
        "95%, each of two groups needs 955 answers, 1,910 in all."
    )
    assert [str(caveat) for caveat in result.caveats] == [
        "These are answers that count: divide by the response rate to know how many customers to ask.",
        "A larger sample makes chance smaller, not the difference of those who answer to those who do not.",
    ]
    assert result.settings == {"margin": 0.1, "difference": 0.1, "power": 0.8, "population": None, "level": 0.95}
    assert result.table["design_effect"].tolist() == [1, 1]


@pytest.mark.parametrize(
    "options", [{"margin": 1}, {"difference": 2}, {"margin": [0.5, 1]}, {"margin": 0.1, "population": 1}]
)
def test_the_ends_of_what_can_be_asked_belong_to_it(options):
    assert tpm.score_sample_size((0.2, 0.3, 0.5), **options).table["n"].notna().all()


@pytest.mark.parametrize("power", [0, 1, "0.8"])
def test_a_power_that_is_none(power):
    with pytest.raises(ValueError) as caught:
        tpm.score_sample_size((0.2, 0.3, 0.5), margin=0.1, power=power)
    assert str(caught.value) == f"power must be a number between 0 and 1, such as 0.8; got {power!r}."


@pytest.mark.parametrize("source", [(0.5, 0.5), (-0.1, 0.6, 0.5), (0.2, 0.3, 0.4)])
def test_shares_that_are_none(source):
    with pytest.raises(ValueError) as caught:
        tpm.score_sample_size(source, margin=0.1)
    assert str(caught.value) == (
        "source must be a study, or the shares of detractors, passives and promoters, which add up to 1; got "
        f"{source!r}."
    )


def test_a_class_may_be_empty():
    assert tpm.score_sample_size((0, 0.5, 0.5), margin=0.1).score == 0.5
