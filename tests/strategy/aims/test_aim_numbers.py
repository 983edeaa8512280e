"""Numbers of what-ifs and contrasts by hand: errors, intervals and their level, and who is reached."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import tpm_widgets as tpm
from tpm_widgets.statistics.regression.contrasts import PredictionChange
from tpm_widgets.strategy.aims import factors, what_if


def changed(baseline, change, change_influence, baseline_influence=(0.0, 0.0, 0.0), clusters=(1, 2, 3), df=20.0):
    return PredictionChange(
        baseline=baseline, change=change, baseline_influence=np.array(baseline_influence),
        change_influence=np.array(change_influence), clusters=np.array(clusters), df=df,
    )  # fmt: skip


PROMOTERS = changed(0.5, 0.06, [0.01, -0.02, 0.02], df=20.0)


def test_a_share_moves_with_the_interval_of_its_answers():
    row = what_if._row("promoters", PROMOTERS, 0.9)
    reach = stats.t.ppf(0.95, 20) * 0.03  # √(.01² + .02² + .02²) = .03
    assert row == {
        "metric": "promoters", "baseline": 0.5, "estimate": pytest.approx(0.56), "change": 0.06,
        "conf_low": pytest.approx(0.06 - reach), "conf_high": pytest.approx(0.06 + reach), "n": 3,
    }  # fmt: skip


def test_the_score_moves_by_both_and_a_customers_influences_are_subtracted_first():
    """Clusters 1, 2, 3 and 1, 2, 2: per customer .01 − .01, −.02 − (.01 − .02), .02."""
    detractors = changed(0.2, -0.04, [0.01, 0.01, -0.02], clusters=[1, 2, 2], df=15.0)
    row = what_if._score_row(PROMOTERS, detractors, 0.95)
    error = np.sqrt(0.0**2 + 0.01**2 + 0.02**2)
    reach = stats.t.ppf(0.975, 15) * error  # the fewer degrees of freedom count
    assert row["baseline"] == pytest.approx(0.3)
    assert row["change"] == pytest.approx(0.1)
    assert [row["conf_low"], row["conf_high"]] == pytest.approx([0.1 - reach, 0.1 + reach])
    assert (row["metric"], row["n"]) == ("nps", 3)


def test_the_rate_has_the_errors_of_the_factor_and_of_todays_rate():
    """R = .3 of 400 customers and f = .25/.2: derivatives by differences."""
    won = changed(0.2, 0.05, [0.01, 0.0, -0.01], baseline_influence=[0.02, -0.02, 0.0], df=30.0)
    rate, step = 0.3, 1e-6

    def after(rate, baseline, change):
        factor = (baseline + change) / baseline
        return rate * factor / (rate * factor + 1 - rate) - rate

    by_person = [
        (after(rate, 0.2 + step * base, 0.05 + step * moved) - after(rate, 0.2, 0.05)) / step
        for base, moved in zip(won.baseline_influence, won.change_influence, strict=True)
    ]
    by_rate = (after(rate + step, 0.2, 0.05) - after(rate, 0.2, 0.05)) / step
    error = np.sqrt(np.sum(np.square(by_person)) + by_rate**2 * 0.3 * 0.7 / 400)
    row = what_if._rate_row(won, rate, 400, 0.9)
    reach = stats.t.ppf(0.95, 30) * error
    assert row["change"] == pytest.approx(after(rate, 0.2, 0.05))
    assert [row["conf_low"], row["conf_high"]] == pytest.approx(
        [row["change"] - reach, row["change"] + reach], rel=1e-4
    )
    assert (row["metric"], row["baseline"], row["n"]) == ("referral_rate", 0.3, 400)


def test_ratings_move_to_the_end_of_their_scale_and_no_further():
    ratings = pd.DataFrame({"shop": [1.0, 2.0, 4.5, 5.0, np.nan], "app": [0.0, 5.0, 10.0, np.nan, 9.5]})
    model = SimpleNamespace(design=SimpleNamespace(ratings=ratings))
    models = SimpleNamespace(rating_scales={"app": (0, 10), "shop": (1, 5)})
    moves = what_if._moves(model, models, {"app": 1.0, "shop": -1.5})
    np.testing.assert_allclose(moves, [[1, 0], [1, -1], [0, -1.5], [0, -1.5], [0.5, 0]])
    weights = np.array([1.0, 2.0, 3.0, 4.0, 5.0])
    model.fit = SimpleNamespace(weights=weights)
    model.design.rated = lambda name: ratings[name].notna().to_numpy()
    models.reach = {"app": 0.7, "shop": 0.9}

    class Models(list):
        rating_scales, reach = models.rating_scales, models.reach

    table = what_if._reached(Models([model]), {"app": 1.0, "shop": -1.5})
    assert table["reach"].tolist() == [0.7, 0.9]
    np.testing.assert_allclose(table["moved"], [(1 + 2 + 0.5 * 5) / 11, (0 - 2 - 4.5 - 6) / 10])
    ratings["app"] = np.nan
    assert np.isnan(what_if._reached(Models([model]), {"app": 1.0})["moved"][0])


def study_of(n=200):
    rng = np.random.default_rng(1)
    ratings = pd.DataFrame(rng.integers(1, 6, (n, 2)).astype(float), columns=["shop", "app"])
    score = 3 + ratings["shop"] - 0.5 * (ratings["app"] <= 2) + rng.normal(size=n)
    survey = ratings.assign(score=np.clip(np.round(score), 0, 10))
    return tpm.make_study(survey=survey, recommend="score", touchpoints=["shop", "app"])


def test_the_level_widens_every_interval_of_a_what_if():
    models = tpm.what_if_models(study_of())
    low, high = (tpm.what_if(models, {"shop": 0.5}, level=level).table for level in (0.5, 0.95))
    np.testing.assert_array_equal(low["change"], high["change"])
    widths = [(table["conf_high"] - table["conf_low"]) for table in (low, high)]
    df = models[0].fit.df
    assert (widths[0] > 0).all()
    np.testing.assert_allclose(widths[1] / widths[0], stats.t.ppf(0.975, df) / stats.t.ppf(0.75, df))


def test_models_of_complete_answers():
    study = study_of()
    ratings = study.ratings.mask(np.arange(200)[:, None] % 4 == [0, 5])
    holed = replace(study, ratings=ratings, experienced=ratings.notna().astype("boolean"))
    indicator, complete = tpm.what_if_models(holed), tpm.what_if_models(holed, missing="complete")
    assert [model.n for model in indicator] == [200, 200]
    assert [model.n for model in complete] == [150, 150]
    assert not indicator.predicts_rate
    assert repr(indicator) == "WhatIfModels(promoter, detractor)"
    assert (len(indicator), indicator[1].outcome) == (2, "detractor")


def test_the_rate_is_predicted_only_where_both_parts_are_known():
    models = tpm.what_if_models(study_of())
    won = SimpleNamespace(outcome="won")
    assert replace(models, drivers=(*models.drivers, won), rate=0.3).predicts_rate
    assert not replace(models, drivers=(*models.drivers, won), rate=np.nan).predicts_rate
    assert not replace(models, rate=0.3).predicts_rate


# Contrasts of low and high ratings


def test_contrasts_with_the_level_and_the_asymmetry():
    result = tpm.penalty_reward(study_of(), level=0.5, replicates=100)
    wide = tpm.penalty_reward(study_of(), level=0.95, replicates=100)
    for part in ("reward", "penalty"):
        widths = [(one.table[f"{part}_high"] - one.table[f"{part}_low"]).to_numpy() for one in (result, wide)]
        assert (widths[0] > 0).all()
        np.testing.assert_allclose(widths[1] / widths[0], stats.t.ppf(0.975, 195) / stats.t.ppf(0.75, 195))
        middle = (result.table[f"{part}_high"] + result.table[f"{part}_low"]) / 2
        np.testing.assert_allclose(middle, result.table[part])
    row = result.table.set_index("touchpoint").loc["shop"]
    assert row["asymmetry"] == pytest.approx((row["reward"] + row["penalty"]) / (row["reward"] - row["penalty"]))
    assert result.cuts == {"shop": (2, 4), "app": (2, 4)}
    assert result.settings == {"outcome": "recommend", "level": 0.5, "replicates": 100, "seed": 1}


@pytest.mark.parametrize(
    ("reward", "penalty", "note"),
    [(0.5, -0.5, ""), (-0.01, -0.5, "wrong sign"), (0.5, 0.01, "wrong sign"), (0.001, -0.001, "too uncertain")],
)
def test_notes(reward, penalty, note):
    """Errors of .05 of each part; r − p of .002 is not told from 0."""
    design = SimpleNamespace(
        position=lambda name, part: {"high": 1, "low": 2}[part], rated=lambda name: np.array([True, True, False])
    )
    errors = {"cov": np.diag([1.0, 0.0025, 0.0025]), "degrees": lambda contrasts: np.full(contrasts.shape[1], np.inf)}
    fit = SimpleNamespace(params=np.array([9.0, reward, penalty]), **errors)
    row = factors._row("shop", design, fit, 0.95)
    assert (row["note"], row["n"], row["riocs"]) == (note, 2, pytest.approx(abs(reward) + abs(penalty)))
    assert [row["reward_low"], row["penalty_high"]] == pytest.approx([reward - 0.098, penalty + 0.098], abs=1e-5)
    assert (row["factor"] is None) == (note == "too uncertain")


def test_the_probability_of_a_factor_stands_beside_it():
    result = tpm.penalty_reward(study_of(), replicates=100)
    assert list(result.table)[list(result.table).index("factor") + 1] == "probability"
    told = result.table["factor"].notna()
    chances = result.probabilities.set_index("touchpoint")
    for row in result.table[told].to_dict("records"):
        assert row["probability"] == chances.loc[row["touchpoint"], row["factor"]]
