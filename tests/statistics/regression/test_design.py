"""Which columns a design has, and what becomes of touchpoints that cannot have any."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.regression.design import LeftOut, make_contrasts, make_design

NAN = np.nan


def frame(n=60, seed=1, reach=0.8, touchpoints=("shop", "mail", "app")):
    rng = np.random.default_rng(seed)
    ratings = pd.DataFrame(rng.integers(1, 6, (n, len(touchpoints))).astype(float), columns=list(touchpoints))
    return ratings.mask(rng.random(ratings.shape) > reach)


def ones(ratings):
    return np.ones(len(ratings))


def test_indicator_centres_among_those_who_rated():
    ratings = pd.DataFrame({"shop": [1.0, 3.0, NAN, NAN, 5.0], "mail": [2.0, 5.0, 4.0, 1.0, 3.0]})
    weights = np.array([1.0, 1.0, 1.0, 1.0, 2.0])
    design = make_design(ratings, weights, "indicator")
    assert design.names == ("constant", "shop", "shop (not rated)", "mail")
    assert design.centers == {"shop": 3.5, "mail": 3.0}
    assert design.matrix[:, 1].tolist() == [-2.5, -0.5, 0, 0, 1.5]
    assert design.matrix[:, 2].tolist() == [0, 0, 1, 1, 0]
    assert design.rated("shop").tolist() == [True, True, False, False, True]
    assert design.groups() == [[0, 1], [2]]


def test_complete_keeps_raw_ratings_of_complete_answers():
    ratings = frame(n=200)
    design = make_design(ratings, ones(ratings), "complete")
    assert (design.rows == np.flatnonzero(ratings.notna().all(axis=1))).all()
    assert (design.matrix[:, 1:] == ratings.dropna().to_numpy()).all()


def test_complete_is_refused_below_ten_answers_per_coefficient():
    ratings = frame(n=40, reach=0.6)
    with pytest.raises(DataError) as refused:
        make_design(ratings, ones(ratings), "complete")
    complete = int(ratings.notna().all(axis=1).sum())
    assert str(refused.value) == (
        f"survey: found '{complete} answers that rated every touchpoint', expected at least 30, 10 for each of 3 "
        'coefficients. Choose missing="indicator", which uses all answers, or a study of fewer touchpoints.'
    )


def test_empty_constant_and_duplicate_touchpoints_are_left_out_and_told():
    ratings = frame()
    ratings = ratings.assign(void=NAN, flat=3.0, copy=ratings["shop"], sum=ratings["mail"] * 0 + 2)
    for missing in ("indicator", "pairwise"):
        design = make_design(ratings, ones(ratings), missing)
        assert design.touchpoints == ("shop", "mail", "app")
        assert {gap.touchpoint: (gap.reason, gap.twin) for gap in design.left_out if gap.part == "rating"} == {
            "void": ("not rated", ""),
            "flat": ("constant", ""),
            "copy": ("same as", "shop"),
            "sum": ("constant", ""),
        }


def test_a_rating_made_of_others_is_left_out():
    ratings = frame(n=100, reach=1.1)
    ratings["mean"] = (ratings["shop"] + ratings["mail"]) / 2
    design = make_design(ratings, ones(ratings), "indicator")
    assert design.left_out == (LeftOut(touchpoint="mean", part="rating", reason="made of others"),)


@pytest.mark.parametrize("opposite", [False, True])
def test_touchpoints_rated_by_the_same_or_by_the_other_answers_share_one_indicator(opposite):
    rng = np.random.default_rng(0)
    here = np.arange(80) % 3 > 0
    shop = pd.Series(rng.integers(1, 6, 80).astype(float)).where(here)
    desk = pd.Series(rng.integers(1, 6, 80).astype(float)).where(~here if opposite else here)
    design = make_design(pd.DataFrame({"shop": shop, "desk": desk}), np.ones(80), "indicator")
    assert design.names == ("constant", "shop", "shop (not rated)", "desk")
    assert design.left_out == (LeftOut(touchpoint="desk", part="not_rated", reason="same as", twin="shop"),)
    assert design.groups() == [[0, 1], [1, 2]]


def test_an_indicator_needs_two_answers_and_both_outcomes():
    ratings = frame(n=50, reach=1.1)
    ratings.loc[0, "shop"] = NAN
    ratings.loc[1:5, "mail"] = NAN
    ratings.loc[6:10, "app"] = NAN
    outcome = np.zeros(50)
    outcome[[7, 20, 30]] = 1
    design = make_design(ratings, ones(ratings), "indicator", outcome)
    assert design.names == ("constant", "shop", "mail", "app", "app (not rated)")
    assert {(gap.touchpoint, gap.reason) for gap in design.left_out} == {
        ("shop", "one answer"),
        ("mail", "one outcome"),
    }


def test_a_touchpoint_whose_raters_share_one_outcome_is_left_out():
    ratings = frame(n=50, reach=1.1)
    ratings.loc[10:, "app"] = NAN
    outcome = (np.arange(50) >= 30).astype(float)
    design = make_design(ratings, ones(ratings), "indicator", outcome)
    assert design.touchpoints == ("shop", "mail")
    assert design.left_out == (LeftOut(touchpoint="app", part="rating", reason="one outcome"),)


@given(st.integers(0, 10**6), st.integers(20, 60), st.floats(0.3, 1))
@settings(max_examples=40, deadline=None)
def test_the_matrix_always_has_full_rank(seed, n, reach):
    ratings = frame(n, seed, reach, touchpoints=("a", "b", "c", "d"))
    design = make_design(ratings, np.ones(n), "indicator")
    assert np.linalg.matrix_rank(design.matrix) == len(design.columns)


def test_rebuilding_gives_the_matrix_and_follows_changes():
    ratings = frame()
    design = make_design(ratings, ones(ratings), "indicator")
    assert (design.rebuild(ratings) == design.matrix).all()
    better = design.rebuild(ratings.assign(shop=ratings["shop"] + 0.5))
    moved = better - design.matrix
    position = design.position("shop")
    assert moved[:, position] == pytest.approx(0.5 * ratings["shop"].notna())
    assert not np.delete(moved, position, axis=1).any()
    assert design.position("shop", "low") is None


def test_contrasts_against_the_middle():
    shop, mail = [1.0, 2.0, 3.0, 3.0, 4.0, 5.0, NAN, NAN], [4.0, 5.0, 4.0, 5.0, 4.0, 5.0, 4.0, 3.0]
    ratings = pd.DataFrame({"shop": shop, "mail": mail})
    design = make_contrasts(ratings, ones(ratings), {"shop": (2, 4), "mail": (2, 4)})
    assert design.names == ("constant", "shop (low)", "shop (high)", "shop (not rated)")
    assert design.matrix[:, 1].tolist() == [1, 1, 0, 0, 0, 0, 0, 0]
    assert design.matrix[:, 2].tolist() == [0, 0, 0, 0, 1, 1, 0, 0]
    assert design.left_out == (LeftOut(touchpoint="mail", part="rating", reason="empty class"),)


def test_input_stays_as_it_was():
    ratings = frame()
    before = ratings.copy()
    for missing in ("indicator", "complete", "pairwise"):
        make_design(ratings, ones(ratings), missing)
    make_contrasts(ratings, ones(ratings), dict.fromkeys(ratings, (2, 4)))
    pd.testing.assert_frame_equal(ratings, before)
