"""Regressions made of sums over a table: the same columns, coefficients and errors as of a table that is held."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.regression.covariance import weighted_covariance
from tpm_widgets.statistics.regression.design import make_design
from tpm_widgets.statistics.regression.linear_and_logit import fit_linear, fit_logit
from tpm_widgets.statistics.tables.fit_of_sums import (
    average_effects,
    design_of_sums,
    fit_linear_sums,
    fit_logit_sums,
)
from tpm_widgets.statistics.tables.rating_columns import RatingColumns
from tpm_widgets.statistics.tables.regression_sums import open_ratings, rating_products

SAME = {"rtol": 1e-8, "atol": 1e-11}  # two routes to one maximum, whose sums are added in different orders
SCALES = {"shop": (1, 5), "web": (-2, 2), "app": (0, 10), "copy": (1, 5), "both": (-5, 20), "flat": (1, 5),
          "void": (1, 5), "single": (1, 5)}  # fmt: skip


def table_of(rows=900, seed=3):
    """Touchpoints on unlike scales that are partly not rated: twins, sums of others, constants, gaps of one answer."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "score": rng.integers(0, 11, rows).astype(float),
            "shop": rng.integers(1, 6, rows).astype(float),
            "web": rng.integers(-2, 3, rows).astype(float),
            "app": rng.integers(0, 21, rows) / 2,
            "flat": 4.0,
            "void": np.nan,
            "single": rng.integers(1, 6, rows).astype(float),
            "w": rng.uniform(0.3, 3, rows),
        }
    )
    frame["score"] = np.clip(np.round(frame["score"] / 2 + 0.7 * frame["shop"] + 0.4 * frame["web"] + 1), 0, 10)
    frame["copy"] = frame["shop"]
    frame["both"] = frame["shop"] + frame["web"] + frame["app"].round()
    frame.loc[rng.random(rows) < 0.3, "web"] = np.nan
    frame.loc[rng.random(rows) < 0.2, "app"] = np.nan
    frame.loc[7, "single"] = np.nan
    return frame


FRAME = table_of()


def columns_for(names, **more):
    given = {"outcome": "score", "scale": (0, 10), "event": None, "ratings": tuple(names), **more}
    return RatingColumns(scales=tuple(SCALES[name] for name in names), absent=tuple(range(len(names))), **given)


def from_sums(names, frame=FRAME, **more):
    columns = columns_for(names, **more)
    table = open_ratings(frame, columns)
    sums = rating_products(table, columns)
    made = design_of_sums(list(names), columns, sums)
    fit = (fit_linear_sums if columns.event is None else fit_logit_sums)(table, columns, made, sums)
    return columns, made, fit


def held(names, frame=FRAME, event=None, weight=None, missing="indicator"):
    score = frame["score"].to_numpy()
    outcome = score if event is None else ((score >= event[0]) & (score <= event[1])).astype(float)
    weights = np.ones(len(frame)) if weight is None else frame[weight].to_numpy()
    design = make_design(frame[list(names)], weights, missing, None if event is None else outcome)
    outcome, weights = outcome[design.rows], weights[design.rows]
    given = None if weight is None else weights
    fit = (fit_linear if event is None else fit_logit)(outcome, design.matrix, design.names, given)
    return design, fit, outcome, weights


@pytest.mark.parametrize("weight", [None, "w"])
@pytest.mark.parametrize("event", [None, (9, 10), (0, 6)])
def test_design_fit_and_errors_are_those_of_a_held_table(event, weight):
    names = list(SCALES)
    _, made, fit = from_sums(names, event=event, weight=weight)
    design, expected, outcome, weights = held(names, event=event, weight=weight)
    assert {gap.reason for gap in design.left_out} == {"not rated", "constant", "same as", "one answer"}
    assert (made.design.names, made.design.left_out) == (design.names, design.left_out)
    assert made.design.groups() == design.groups()
    assert (len(made.design.rows), made.design.matrix.shape) == (0, (0, len(design.columns)))  # it holds no answers
    np.testing.assert_allclose(list(made.design.centers.values()), list(design.centers.values()), rtol=1e-12)
    assert made.rated.tolist() == FRAME[names].notna().sum().tolist()
    np.testing.assert_allclose(made.weight_rated, weights @ FRAME[names].notna().to_numpy(), rtol=1e-12)
    both = np.column_stack([design.matrix[:, 1:], outcome])
    np.testing.assert_allclose(made.covariance, weighted_covariance(both, weights), rtol=1e-9, atol=1e-12)
    assert (fit.kind, fit.n, fit.df) == (expected.kind, expected.n, expected.df)
    np.testing.assert_allclose(fit.params, expected.params, **SAME)
    np.testing.assert_allclose(fit.cov, expected.cov, **SAME)


@pytest.mark.parametrize("weight", [None, "w"])
def test_average_effects_are_those_of_who_rated(weight):
    """Also of a touchpoint that everybody rated, and of those that some did not, wherever their indicators stand."""
    names = ["shop", "web", "single", "app"]
    columns, made, fit = from_sums(names, event=(9, 10), weight=weight)
    estimates, errors = average_effects(fit, fit.sums, columns, made)
    design, expected, _, weights = held(names, event=(9, 10), weight=weight)
    assert made.design.touchpoints == ("shop", "web", "single", "app")
    for place, name in enumerate(names):
        rated = design.rated(name)
        effect, gradient = expected.average_effect(design.position(name), design.matrix[rated], weights[rated])
        assert estimates[place] == pytest.approx(effect, rel=1e-8)
        assert errors[place] == pytest.approx(expected.std_error(gradient), rel=1e-8)
    # indicators that no row needs may be left out of the sums
    fewer = replace(columns, absent=(1, 2, 3))
    kept = [0, 1, 2, 3, 4, 6, 7, 8]
    narrow = replace(made, terms=made.terms[:, kept])
    table = open_ratings(FRAME, fewer)
    again = fit_logit_sums(table, fewer, narrow, rating_products(table, fewer))
    np.testing.assert_allclose(average_effects(again, again.sums, fewer, narrow), [estimates, errors], rtol=1e-8)


def test_the_unit_of_weights_is_of_no_consequence_and_equal_ones_are_none():
    names = ["shop", "web"]
    frame = FRAME.assign(many=1000 * FRAME["w"], equal=2.5)
    for event in (None, (9, 10)):
        (_, _, first), (_, _, second) = (from_sums(names, frame, event=event, weight=w) for w in ("w", "many"))
        np.testing.assert_allclose(second.params, first.params, **SAME)
        np.testing.assert_allclose(second.cov, first.cov, **SAME)
        (_, _, plain), (_, _, equal) = (from_sums(names, frame, event=event, weight=w) for w in (None, "equal"))
        np.testing.assert_allclose(equal.params, plain.params, **SAME)
        np.testing.assert_allclose(equal.cov, plain.cov, **SAME)


def test_complete_rows_keep_raw_ratings():
    names = ["shop", "web", "app"]
    _, made, fit = from_sums(names, complete=True, weight="w")
    design, expected, _, _ = held(names, weight="w", missing="complete")
    assert made.design.centers == {"shop": 0, "web": 0, "app": 0}
    assert made.design.names == design.names == ("constant", "shop", "web", "app")
    assert fit.n == len(design.rows) < len(FRAME)
    np.testing.assert_allclose(fit.params, expected.params, **SAME)
    np.testing.assert_allclose(fit.cov, expected.cov, **SAME)
    with pytest.raises(DataError) as refused:
        from_sums(names, FRAME.dropna(subset=names).head(29), complete=True)
    assert str(refused.value) == (
        "survey: found '29 answers that rated every touchpoint', expected at least 30, 10 for each of 3 coefficients. "
        'Choose missing="indicator", which uses all answers, or a study of fewer touchpoints.'
    )
    assert from_sums(names, FRAME.dropna(subset=names).head(30), complete=True)[2].n == 30


@pytest.mark.parametrize("all_of_them", [False, True])
def test_what_would_have_an_infinite_coefficient_is_left_out(all_of_them):
    """Raters of the app, and those who did not rate the web, are all promoters, or none is."""
    promoter = FRAME["score"] >= 9
    frame = FRAME.assign(app=FRAME["app"].where(promoter == all_of_them))
    frame["web"] = FRAME["web"].fillna(0).where((promoter != all_of_them) | (np.arange(len(FRAME)) % 3 > 0))
    names = ["shop", "web", "app"]
    _, made, fit = from_sums(names, frame, event=(9, 10))
    design, expected, _, _ = held(names, frame, event=(9, 10))
    assert {(gap.touchpoint, gap.part, gap.reason) for gap in design.left_out} == {
        ("app", "rating", "one outcome"),
        ("web", "not_rated", "one outcome"),
    }
    assert made.design.left_out == design.left_out
    np.testing.assert_allclose(fit.params, expected.params, **SAME)
    # of a score, which has no such limit, both have their columns
    assert from_sums(names, frame)[1].design.names == ("constant", "shop", "web", "web (not rated)", "app",
                                                       "app (not rated)")  # fmt: skip


def test_two_answers_that_did_not_rate_have_an_indicator_and_one_has_none():
    for absent in (1, 2):
        frame = FRAME.assign(shop=FRAME["shop"].where(np.arange(len(FRAME)) >= absent))
        names = from_sums(["shop"], frame)[1].design.names
        assert names == ("constant", "shop") if absent == 1 else ("constant", "shop", "shop (not rated)")


def test_a_rating_made_of_others_is_left_out():
    frame = FRAME.assign(web=1.0 + np.arange(len(FRAME)) % 2, app=np.round(FRAME["app"].fillna(3)))
    frame["both"] = frame["shop"] + frame["web"] + frame["app"]
    names = ["shop", "web", "app", "both"]
    (gap,) = from_sums(names, frame)[1].design.left_out
    assert (gap.touchpoint, gap.part, gap.reason, gap.twin) == ("both", "rating", "made of others", "")


def test_who_alone_decides_a_coefficient_leaves_it_without_an_error():
    frame = FRAME.assign(copy=np.where(np.arange(len(FRAME)) == 11, 5.0, 2.0))
    fit = from_sums(["shop", "copy"], frame)[2]
    _, expected, *_ = held(["shop", "copy"], frame)
    assert np.isnan(fit.cov).any(axis=0).tolist() == np.isnan(expected.cov).any(axis=0).tolist()
    np.testing.assert_allclose(fit.cov, expected.cov, **SAME)
    assert np.isfinite(fit.cov[1, 1]) and np.isnan(fit.cov[2, 2])


def test_ratings_that_tell_the_outcome_without_error_are_refused():
    frame = FRAME.assign(shop=np.where(FRAME["score"] >= 9, 5.0, 3.0))
    with pytest.raises(DataError) as refused:
        from_sums(["shop", "web"], frame, event=(9, 10))
    assert str(refused.value) == (
        "frame: expected ratings that overlap between answers with and without the outcome. "
        "Leave touchpoints out or take more answers: no finite effect fits these ratings."
    )


@pytest.mark.parametrize("weight", [None, "w"])
def test_a_steep_and_rare_outcome_takes_more_steps_and_ends_where_a_held_fit_ends(weight):
    rng = np.random.default_rng(2)
    frame = FRAME[["w"]].assign(shop=rng.integers(1, 6, 900), web=rng.integers(-2, 3, 900))
    linear = 3.5 * (frame["shop"] - 5) + 2.5 * (frame["web"] - 2) + 1
    frame["score"] = np.where(rng.random(900) < 1 / (1 + np.exp(-linear)), 10.0, 5.0)
    assert (frame["score"] > 9).mean() < 0.06
    fit = from_sums(["shop", "web"], frame, event=(9, 10), weight=weight)[2]
    _, expected, *_ = held(["shop", "web"], frame, event=(9, 10), weight=weight)
    assert expected.params[1] > 2
    np.testing.assert_allclose(fit.params, expected.params, rtol=1e-7)
    np.testing.assert_allclose(fit.cov, expected.cov, rtol=1e-6)


def test_a_score_whose_sum_is_the_number_of_raters_is_no_event():
    """Raters of the web answered 0 and 2: as many points as answers, which of an event would mean that all had it."""
    rated = FRAME["web"].notna()
    place = rated.cumsum()
    last = place.max() - place.max() % 2  # an even number of them
    score = np.where(rated, np.where(place > last, 1, 2.0 * (place % 2)), FRAME["score"])
    frame = FRAME.assign(score=score)
    assert frame.loc[rated, "score"].sum() == rated.sum()
    _, made, fit = from_sums(["shop", "web"], frame)
    assert made.design.names == ("constant", "shop", "web", "web (not rated)")
    np.testing.assert_allclose(fit.params, held(["shop", "web"], frame)[1].params, **SAME)
