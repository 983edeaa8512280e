"""How sure importance is: bootstrap against influence, ranks, and predictors of random numbers."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binom

import tpm_widgets as tpm
from tpm_widgets.statistics.importance.shapley import lmg
from tpm_widgets.strategy.importance.errors import noise_table
from tpm_widgets.strategy.importance.source import read_explanation

SWISS = pd.read_csv(Path(__file__).parents[2] / "golden" / "swiss.csv", index_col=0)
COLUMNS = ["importance", "std_error", "conf_low", "conf_high", "share", "share_low", "share_high", "rank", "rank_low",
           "rank_high", "top"]  # fmt: skip


@pytest.fixture(scope="module")
def swiss():
    return tpm.importance_intervals(SWISS, outcome="Fertility")


def test_swiss_as_relaimpo_has_it(swiss):
    """Other resamples than relaimpo's 1,000; the ends of its 95 % percentile intervals within their own error."""
    table = swiss.table
    assert list(table.columns) == ["predictor", *COLUMNS]
    assert table["importance"].tolist() == pytest.approx(
        [0.0570912207680913, 0.171173028900234, 0.260134678624384, 0.105570150373494, 0.112765922926522], abs=1e-11
    )
    assert table["conf_low"].tolist() == pytest.approx([0.0294, 0.0877, 0.0803, 0.0345, 0.0319], abs=0.02)
    assert table["conf_high"].tolist() == pytest.approx([0.1121, 0.2780, 0.3938, 0.2547, 0.2440], abs=0.03)
    assert table["rank"].tolist() == [5, 2, 1, 4, 3]
    assert (table["rank_low"] <= table["rank"]).all() and (table["rank"] <= table["rank_high"]).all()
    assert table["top"].sum() == pytest.approx(3)
    assert table["share"].sum() == pytest.approx(1)


@pytest.mark.parametrize(
    ("method", "low", "high"),
    [
        ("last", [0.0033, 0.0, 0.0211, 0.0077, 0.0029], [0.1303, 0.0771, 0.3116, 0.1594, 0.1645]),
        ("first", [0.0044, 0.2156, 0.1480, 0.0584, 0.0291], [0.3416, 0.6230, 0.6499, 0.4499, 0.3871]),
    ],
)
def test_last_and_first_as_relaimpo_has_them(method, low, high):
    """Percentiles of 1,000 resamples of relaimpo 2.2-7; each resample itself is met in test_resampled_lmg.py."""
    result = tpm.importance_intervals(SWISS, outcome="Fertility", method=method)
    assert result.table["conf_low"].tolist() == pytest.approx(low, abs=0.015)
    assert result.table["conf_high"].tolist() == pytest.approx(high, abs=0.03)
    assert result.table[["share", "share_low", "share_high"]].isna().all(axis=None)
    single = tpm.relative_importance(SWISS, outcome="Fertility", method=method)
    assert result.table["importance"].tolist() == single.table["importance"].tolist()


@pytest.mark.parametrize("method", ["relative_weights", "pratt", "betasq"])
def test_other_methods_in_a_study(method):
    study = tpm.simulate_study(seed=2, respondents=1200, touchpoints=5)
    result = tpm.importance_intervals(study, method=method, replicates=200)
    single = tpm.relative_importance(study, method=method)
    table = result.table
    assert table["importance"].tolist() == pytest.approx(single.table["importance"].tolist(), abs=1e-12)
    assert result.r_squared == pytest.approx(single.r_squared, abs=1e-12)
    assert (table["conf_low"] < table["conf_high"]).all()
    assert table["share"].isna().all() == (method == "betasq")
    assert result.settings["method"] == method
    assert result.summary("en") and result.summary("de")


def test_differences_of_all_pairs(swiss):
    pairs = swiss.differences
    assert len(pairs) == 10
    row = pairs.set_index(["first", "second"]).loc[("Examination", "Education")]
    assert row["difference"] == pytest.approx(-0.0889616497241508, abs=1e-11)
    assert row["conf_low"] == pytest.approx(-0.2636, abs=0.03)  # relaimpo, other resamples
    assert row["conf_high"] == pytest.approx(0.1345, abs=0.03)


def test_influence_agrees_with_the_bootstrap_in_a_study():
    """Weights, indicators of what was not rated and customers who answered twice included."""
    study = tpm.simulate_study(seed=2, respondents=2500, touchpoints=5)
    drawn = tpm.importance_intervals(study, replicates=2000)
    derived = tpm.importance_intervals(study, how="influence")
    driving = drawn.table["importance"] > 0.02
    assert driving.sum() >= 2
    assert derived.table["std_error"][driving].tolist() == pytest.approx(
        drawn.table["std_error"][driving].tolist(), rel=0.08
    )
    for name in ("conf_low", "conf_high", "share_low", "share_high"):
        assert derived.table[name][driving].tolist() == pytest.approx(drawn.table[name][driving].tolist(), abs=0.03)
    assert derived.table["top"].isna().all()
    assert derived.table["importance"].tolist() == pytest.approx(
        tpm.relative_importance(study).table["importance"].tolist(), abs=1e-12
    )


@pytest.mark.slow
def test_a_random_predictor_is_called_a_driver_in_at_most_five_percent():
    """300 samples of 150 answers, 4 drivers and 2 predictors of noise; the 99.9 % binomial limit of 5 %."""
    rng = np.random.default_rng(11)
    called, above_zero = np.zeros(2), 0
    for _ in range(300):
        data = rng.normal(size=(150, 6))
        data[:, :4] += rng.normal(size=(150, 1))
        frame = pd.DataFrame(data, columns=["a", "b", "c", "d", "noise 1", "noise 2"])
        frame["y"] = data[:, :4].sum(axis=1) + rng.normal(scale=3, size=150)
        found = read_explanation(frame, "y", None, None, None, (), None)
        shares = lmg(found.covariance, found.groups)
        noise = noise_table(found, found.answers, "lmg", shares, 0.95, 1).set_index("predictor")
        called += noise.loc[["noise 1", "noise 2"], "p_value"] <= 0.05
        above_zero += int((shares[4:] > 0).all())
        assert (noise.loc[["a", "b", "c", "d"], "p_value"] < 0.05).sum() >= 3
    assert called.max() <= binom.ppf(0.999, 300, 0.05)
    assert called.sum() >= binom.ppf(0.001, 600, 0.05)  # and the test is not asleep
    assert above_zero == 300  # why "the interval excludes 0" would call every one of them a driver


def test_what_it_says(swiss):
    assert swiss.summary("en").startswith("Education comes first with 26.0% of the variance of Fertility (LMG; 95%")
    assert swiss.summary("en").endswith("Each gets more than 95% of random predictors would.")
    noisy = SWISS.assign(noise=np.random.default_rng(3).normal(size=47))
    derived = tpm.importance_intervals(noisy, outcome="Fertility", how="influence")
    assert "No more than a random predictor may get (p > 0.05): noise." in derived.summary("en")
    assert "says nothing" in str(swiss.caveats[-1])
    assert "<table" in swiss._repr_html_()


def test_touchpoints_without_an_estimate_keep_their_row():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.integers(1, 6, (80, 3)), columns=["score", "shop", "mail"]).assign(void=np.nan)
    study = tpm.make_study(survey=frame, recommend="score", touchpoints=["shop", "void", "mail"])
    for how in ("bootstrap", "influence"):
        result = tpm.importance_intervals(study, how=how, replicates=100)
        assert result.table["importance"].isna().tolist() == [False, True, False]
        assert result.table["rank_low"].isna().tolist() == [False, True, False]
        assert result.noise["p_value"].isna().tolist() == [False, True, False]


def test_groups_always_and_factors_and_the_frame_stays():
    rng = np.random.default_rng(1)
    frame = SWISS.assign(**{"große Stadt": rng.choice(["a", "b", "c"], 47)})
    before = frame.copy()
    result = tpm.importance_intervals(
        frame, outcome="Fertility", predictors=[*SWISS.columns[1:], "große Stadt"], replicates=100,
        groups={"Schooling": ["Education", "Examination"]}, always=["Catholic"],
    )  # fmt: skip
    assert result.table["predictor"].tolist() == ["Agriculture", "Schooling", "Infant.Mortality", "große Stadt"]
    high = result.noise.set_index("predictor")["random_high"]
    assert high["Schooling"] == high["große Stadt"] > high["Agriculture"]  # two random columns get more than one
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        (SWISS, {"how": "bca"}, "how must be one of 'bootstrap', 'influence'; got 'bca'."),
        (SWISS, {"replicates": 10}, "replicates must be a whole number of at least 100; got 10."),
        (
            SWISS.cov(),
            {},
            "Intervals draw rows again, and a matrix or its sums have none: give the frame or study itself, or a "
            "sample of it.",
        ),
        (
            SWISS,
            {"method": "lmg_sampled"},
            "method must be one of 'lmg', 'relative_weights', 'last', 'first', 'betasq', 'pratt'; got 'lmg_sampled'.",
        ),
        (
            SWISS,
            {"method": "last", "how": "influence"},
            "how='influence' goes with method='lmg'; choose how='bootstrap' for 'last'.",
        ),
        (
            SWISS,
            {"method": "betasq", "always": ["Catholic"]},
            "always= goes with the methods 'lmg', 'last', 'first', 'lmg_sampled'; got 'betasq'.",
        ),
    ],
)
def test_wrong_options(source, options, message):
    with pytest.raises(ValueError) as refused:
        tpm.importance_intervals(source, outcome="Fertility", **options)
    assert str(refused.value) == message


def test_pairwise_covariances_cannot_be_drawn_again():
    study = tpm.simulate_study(seed=2, respondents=800, touchpoints=4)
    with pytest.raises(ValueError) as refused:
        tpm.importance_intervals(tpm.driver_regression(study, missing="pairwise"))
    assert str(refused.value) == (
        "missing='pairwise' takes its covariances from more than the answers, so that none can be drawn again; choose "
        "'indicator' or 'complete'."
    )


def test_an_interval_below_zero_is_refused(swiss):
    with pytest.raises(ValueError, match="begins below 0"):
        replace(swiss, table=swiss.table.assign(conf_low=-0.1))


def test_where_nothing_is_explained_there_are_no_shares():
    frame = pd.DataFrame({"a": [0, 0, 1, 1] * 5, "b": [0, 1, 0, 1] * 5, "y": [0, 1, 1, 0] * 5})
    for method in ("lmg", "relative_weights", "pratt", "lmg_sampled", "last"):
        table = tpm.relative_importance(frame, outcome="y", method=method).table
        assert table["importance"].tolist() == pytest.approx([0, 0], abs=1e-12)
    assert tpm.dominance(frame, outcome="y").table["importance"].tolist() == pytest.approx([0, 0], abs=1e-12)
    for how in ("bootstrap", "influence"):
        result = tpm.importance_intervals(frame, outcome="y", how=how, replicates=100)
        assert result.table["importance"].tolist() == pytest.approx([0, 0], abs=1e-12)
        assert (result.noise["p_value"] > 0.5).all()
        assert result.summary("en")


@pytest.mark.parametrize("method", ["lmg", "first"])
def test_random_predictors_are_as_alike_within_customers_as_the_ratings(method):
    """Drawn anew for each answer 95 % stay below .0126 (2,000 of them, really drawn); once for each customer .13."""
    rng = np.random.default_rng(0)
    who = np.repeat(np.arange(30), 10)
    ratings = rng.integers(1, 6, (300, 2))
    fixed = rng.integers(1, 6, 30)[who]
    score = 5 + 2 * rng.normal(size=30)[who] + 0.35 * (ratings[:, 0] - 3) + 0.5 * rng.normal(size=300)
    survey = pd.DataFrame({"shop": ratings[:, 0], "mail": ratings[:, 1], "always": fixed, "score": score, "who": who})
    study = tpm.make_study(
        survey=survey,
        recommend="score",
        recommend_scale=(-100, 100),
        touchpoints=["shop", "mail", "always"],
        customer="who",
    )
    noise = tpm.importance_intervals(study, method=method, replicates=100).noise.set_index("touchpoint")
    assert noise.loc[["shop", "mail"], "random_high"].to_numpy() == pytest.approx(0.0126, rel=0.25)
    assert noise.loc["always", "random_high"] > 0.06
    assert noise.loc["shop", "p_value"] < 0.01 < noise.loc["mail", "p_value"]
