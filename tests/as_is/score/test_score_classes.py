"""Which answer makes a detractor: named cut-offs, own ones, and scales that need them."""

import pandas as pd
import pytest

import tpm_widgets as tpm


def study_of(scores, scale=(0, 10)):
    frame = pd.DataFrame({"q": scores, "shop": 4})
    return tpm.make_study(frame, recommend="q", touchpoints=["shop"], recommend_scale=scale)


@pytest.mark.parametrize(
    ("cutoffs", "numbers", "score"),
    [(None, (6, 8), -0.2), ("standard", (6, 8), -0.2), ("european", (5, 7), 0.4), ((0, 9), (0, 9), 0)],
)
def test_cutoffs_by_name_and_by_number(cutoffs, numbers, score):
    """Of 5, 6, 8, 8, 9: one promoter less two detractors; European three less one."""
    study = study_of([5, 6, 8, 8, 9])
    assert study.question.cut(cutoffs) == numbers
    result = tpm.net_promoter_score(study, cutoffs=cutoffs)
    assert result.table.loc[0, "estimate"] == pytest.approx(score)
    assert result.settings["cutoffs"] == numbers


def test_own_cutoffs_on_any_scale_where_rs_nps_ignores_them():
    """golden/nps.json, custom.breaks5: R's NPS 1.1 gives −1 with breaks 1:3, 4, 5; four of ten are promoters."""
    study = study_of([1, 2, 3, 4, 5, 5, 5, 4, 3, 5], scale=(1, 5))
    assert tpm.net_promoter_score(study, cutoffs=(3, 4)).table.loc[0, "estimate"] == 0


@pytest.mark.parametrize(
    ("cutoffs", "message"),
    [
        ("german", "cutoffs must be 'standard' or 'european', or two numbers; got 'german'."),
        ((8, 6), "cutoffs must be two numbers from 0 to below 10, in order; got (8, 6)."),
        ((-1, 8), "cutoffs must be two numbers from 0 to below 10, in order; got (-1, 8)."),
        ((6, 7, 8), "cutoffs must be two numbers from 0 to below 10, in order; got (6, 7, 8)."),
        ((6, 10), "cutoffs must be two numbers from 0 to below 10, in order; got (6, 10)."),
    ],
)
def test_wrong_cutoffs_are_refused(cutoffs, message):
    with pytest.raises(ValueError) as caught:
        study_of([5]).question.cut(cutoffs)
    assert str(caught.value) == message


@pytest.mark.parametrize("cutoffs", [(0, 0), (6, 6), (0, 9), (9, 9)])
def test_the_ends_of_cutoffs_belong_to_them(cutoffs):
    assert study_of([5]).question.cut(cutoffs) == cutoffs
