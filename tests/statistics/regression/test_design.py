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


def test_ten_answers_per_coefficient_are_enough():
    ratings = frame(n=30, reach=1.1)
    assert len(make_design(ratings, ones(ratings), "complete").rows) == 30
    with pytest.raises(DataError):
        make_design(ratings.head(29), np.ones(29), "complete")
    one = frame(n=40, reach=1.1).loc[[3]].reindex(range(40))
    with pytest.raises(DataError) as refused:
        make_design(one.assign(void=NAN), np.ones(40), "complete")
    assert str(refused.value) == (
        "survey: found '1 answer that rated every touchpoint', expected at least 30, 10 for each of 3 coefficients. "
        'Choose missing="indicator", which uses all answers, or a study of fewer touchpoints.'
    )


def test_a_rating_that_varies_by_rounding_only_is_constant():
    """What is left of a variance of 1e-18, in squared rating points, is rounding; 1e-9 of a column is its own."""
    ratings = frame(n=60, reach=1.1)
    wobble = np.tile([1.0, -1], 30)
    for size, reason in ((5e-10, "constant"), (2e-9, None)):
        design = make_design(ratings.assign(flat=3 + size * wobble), np.ones(60), "indicator")
        found = {gap.touchpoint: gap.reason for gap in design.left_out}
        assert found.get("flat") == reason
    for size, reason in ((1e-10, "same as"), (1e-3, None)):
        design = make_design(ratings.assign(twin=ratings["shop"] + size * wobble), np.ones(60), "indicator")
        assert {gap.touchpoint: gap.reason for gap in design.left_out}.get("twin") == reason


def test_which_columns_need_what_by_kind_of_missing():
    """Complete rows are not centred and have no indicators; pairwise ones are centred and have none either."""
    ratings = frame(n=200)
    weights = np.random.default_rng(4).uniform(0.5, 2, 200)
    complete, pairwise, indicator = (
        make_design(ratings, weights, how) for how in ("complete", "pairwise", "indicator")
    )
    assert complete.names == pairwise.names == ("constant", "shop", "mail", "app")
    assert set(complete.centers.values()) == {0.0}
    means = {name: np.average(cells.dropna(), weights=weights[cells.notna()]) for name, cells in ratings.items()}
    assert pairwise.centers == pytest.approx(means) and indicator.centers == pytest.approx(means)
    assert len(pairwise.rows) == len(indicator.rows) == 200
    assert indicator.position("mail", "not_rated") == 4
    assert indicator.touchpoints == ("shop", "mail", "app")


def test_two_outcomes_that_are_the_same_for_all_raters_leave_a_touchpoint_out():
    """Where several outcomes are given, one of them is enough."""
    ratings = frame(n=50, reach=1.1)
    ratings.loc[10:, "app"] = NAN
    varied, flat = np.arange(50) % 2, (np.arange(50) >= 30).astype(int)
    both = make_design(ratings, np.ones(50), "indicator", np.column_stack([varied, flat]))
    assert both.left_out == (LeftOut(touchpoint="app", part="rating", reason="one outcome"),)
    assert make_design(ratings, np.ones(50), "indicator", varied).left_out == ()
    # other kinds of missing ratings do not ask
    assert make_design(ratings, np.ones(50), "pairwise", flat).left_out == ()


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
@settings(max_examples=40)
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


@pytest.mark.parametrize("ratings", [[1, 2, 3, 4, 5], [1, 2, 2, 3, 4, 4, 5], [1, 3, 3, 4, 5], [1, 2, 3, 3, 5]])
def test_each_of_the_three_classes_needs_two_answers(ratings):
    """What lies on a cut belongs to the outer class; here one class has a single answer: the middle, low, or high."""
    frame = pd.DataFrame({"shop": np.array(ratings, float)})
    design = make_contrasts(frame, np.ones(len(frame)), {"shop": (2, 4)})
    assert design.left_out == (LeftOut(touchpoint="shop", part="rating", reason="empty class"),)
    enough = make_contrasts(pd.concat([frame, frame]), np.ones(2 * len(frame)), {"shop": (2, 4)})
    assert enough.names == ("constant", "shop (low)", "shop (high)")


def test_contrasts_of_nobody_and_of_one_answer_in_a_class():
    shop, void = [1.0, 2.0, 3.0, 3.0, 4.0, 5.0], [NAN] * 6
    design = make_contrasts(pd.DataFrame({"shop": shop, "void": void}), np.ones(6), {"shop": (1, 4), "void": (2, 4)})
    assert {gap.touchpoint: gap.reason for gap in design.left_out} == {"shop": "empty class", "void": "not rated"}
    assert design.names == ("constant",)
    assert design.rows.tolist() == list(range(6))
    kept = make_contrasts(pd.DataFrame({"shop": shop}), np.ones(6), {"shop": (2, 4)})
    assert [column.at for column in kept.columns] == [0, 2, 4]


def test_input_stays_as_it_was():
    ratings = frame()
    before = ratings.copy()
    for missing in ("indicator", "complete", "pairwise"):
        make_design(ratings, ones(ratings), missing)
    make_contrasts(ratings, ones(ratings), dict.fromkeys(ratings, (2, 4)))
    pd.testing.assert_frame_equal(ratings, before)
