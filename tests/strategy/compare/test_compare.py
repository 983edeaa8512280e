"""Saying against doing: the five lists on a simulated insurer whose truth is known, and what holds for every result."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

COLUMNS = ["touchpoint", "n", "say_estimate", "say_low", "say_high", "say_verdict", "do_estimate", "do_low", "do_high",
           "do_verdict", "verdict", "say_importance", "do_importance"]  # fmt: skip
VERDICTS = ["both", "talk only", "deeds only", "neither", "undecided"]


@pytest.fixture(scope="module")
def study():
    return tpm.simulate_study(seed=4, respondents=4000, touchpoints=10)


@pytest.fixture(scope="module")
def comparison(study):
    return tpm.compare_drivers(study, negligible=(0.03, 0.01), replicates=60)


def test_columns_and_lists(comparison):
    table = comparison.table
    assert list(table.columns) == [*COLUMNS, "say_relative", "do_relative"]
    assert list(comparison.lists) == VERDICTS
    for verdict, names in comparison.lists.items():
        assert list(names) == table.loc[table["verdict"] == verdict, "touchpoint"].tolist()


def test_both_models_rest_on_the_same_answers_with_the_same_weights(comparison):
    saying, doing = comparison.saying, comparison.doing
    assert (saying.design.rows == doing.design.rows).all()
    assert (saying.fit.weights == doing.fit.weights).all()
    assert saying.design.names == doing.design.names
    assert comparison.table["say_estimate"].tolist() == saying.effects["estimate"].tolist()
    assert comparison.table["do_importance"].sum() == pytest.approx(doing.r_squared, abs=1e-9)
    assert comparison.table["n"].tolist() == doing.table["n"].tolist()


def test_doing_is_what_driver_regression_finds(study, comparison):
    doing = tpm.driver_regression(study, outcome="referred")
    assert comparison.doing.table["estimate"].tolist() == pytest.approx(doing.table["estimate"].tolist(), rel=1e-7)


def test_verdicts_follow_from_the_intervals(comparison):
    for part, delta in (("say", 0.03), ("do", 0.01)):
        rows = comparison.intervals[comparison.intervals["part"] == part]
        small = (rows["equivalence_low"] > -delta) & (rows["equivalence_high"] < delta)
        apart = (rows["conf_low"] > 0) | (rows["conf_high"] < 0)
        expected = np.select([small, apart], ["negligible", "effect"], "undecided")
        assert rows["verdict"].tolist() == expected.tolist()
        assert comparison.table[f"{part}_verdict"].tolist() == expected.tolist()
    pairs = {
        ("effect", "effect"): "both",
        ("effect", "negligible"): "talk only",
        ("negligible", "effect"): "deeds only",
        ("negligible", "negligible"): "neither",
    }
    for row in comparison.table.itertuples():
        assert row.verdict == pairs.get((row.say_verdict, row.do_verdict), "undecided")


def test_half_known_touchpoints_are_said_to_be_so(comparison):
    half = comparison.table[
        (comparison.table["verdict"] == "undecided") & (comparison.table["say_verdict"] == "effect")
    ]
    assert len(half)
    said = str(comparison.sentences()[1])
    assert said.startswith("Half known: ")
    assert all(comparison.labels[name] in said for name in half["touchpoint"])


@pytest.mark.slow
def test_strong_drivers_are_told_apart_on_few_seeds():
    """Six touchpoints, 30,000 answers: every strong one in its list, nothing without effect called talk only.

    Errors are about .003, so a list is missed or taken wrongly at 3.7 of them: in one draw of thousands. No mood
    colours the score here; where it does, ratings without any effect go with the score by about .015, half of what is
    negligible, and now and then one is lifted out of it. What that costs is a part of ``make verify``.
    """
    found = Counter()
    for seed in (1, 2, 3):
        study = tpm.simulate_study(seed=seed, respondents=30_000, touchpoints=6, halo_on_score=0)
        comparison = tpm.compare_drivers(study, negligible=(0.03, 0.02), replicates=20)
        for name, verdict in zip(comparison.table["touchpoint"], comparison.table["verdict"], strict=True):
            found[study.truth["roles"][name], verdict] += 1
    strong = sum(count for (role, _), count in found.items() if role != "neither")
    right = sum(count for (role, verdict), count in found.items() if role == verdict != "neither")
    assert right == strong
    assert found["both", "talk only"] == found["neither", "talk only"] == 0


def test_rank_correlation_and_differences(comparison):
    rank = comparison.rank_correlation
    ranks = comparison.table[["say_importance", "do_importance"]].rank().to_numpy()
    assert rank.estimate == pytest.approx(np.corrcoef(ranks.T)[0, 1])
    assert -1 <= rank.conf_low <= rank.conf_high <= 1
    assert rank.n == comparison.doing.n
    importance = comparison.table[["say_importance", "do_importance"]]
    shares = importance / importance.sum()
    expected = shares["do_importance"] - shares["say_importance"]
    assert comparison.differences["estimate"].tolist() == pytest.approx(expected.tolist())
    assert comparison.differences["estimate"].sum() == pytest.approx(0, abs=1e-12)
    assert (comparison.differences["conf_low"] <= comparison.differences["conf_high"]).all()


def test_the_seed_decides(study, comparison):
    again = tpm.compare_drivers(study, negligible=(0.03, 0.01), replicates=60)
    assert again.rank_correlation == comparison.rank_correlation
    other = tpm.compare_drivers(study, negligible=(0.03, 0.01), replicates=60, seed=2)
    assert other.rank_correlation != comparison.rank_correlation
    assert other.table.equals(comparison.table)


def test_a_larger_delta_turns_undecided_into_negligible(study, comparison):
    lenient = tpm.compare_drivers(study, negligible=(0.05, 0.05), replicates=20).table
    was = comparison.table["do_verdict"] == "undecided"
    assert (lenient.loc[was, "do_verdict"] == "negligible").any()
    assert (lenient.loc[comparison.table["do_verdict"] == "negligible", "do_verdict"] == "negligible").all()


def test_events_per_coefficient_and_halo_are_told(comparison):
    events, n = comparison.doing.events, comparison.doing.n
    coefficients = len(comparison.doing.design.columns) - 1
    assert comparison.events_per_coefficient == pytest.approx(min(events, n - events) / coefficients)
    said = " ".join(map(str, comparison.caveats))
    assert "share a general mood" in said
    assert "answers of the rarer outcome per coefficient" in said
    assert len(comparison.caveats) == len(set(map(str, comparison.caveats)))


def test_negative_effects_are_named(study):
    """Turned round, a rating that goes with saying goes against it."""
    name = study.truth["touchpoints"][[*study.truth["roles"].values()].index("both")]
    ratings = study.ratings.assign(**{name: 6 - study.ratings[name]})
    comparison = tpm.compare_drivers(replace(study, ratings=ratings), replicates=20)
    row = comparison.table.set_index("touchpoint").loc[name]
    assert row["say_high"] < 0
    assert row["say_verdict"] == "effect"
    said = [str(caveat) for caveat in comparison.caveats]
    assert any(f"Better ratings go with less of being a promoter: {study.labels[name]}" in text for text in said)


def test_detractors_and_customers_won(study):
    comparison = tpm.compare_drivers(study, saying="detractor", doing="won", replicates=20)
    strong = comparison.table.loc[comparison.table["say_verdict"] == "effect", "say_estimate"]
    assert (strong < 0).all()
    assert comparison.doing.outcome == "won"
    assert not any("Better ratings go with" in str(caveat) for caveat in comparison.caveats)


def test_complete_answers_only(study):
    few = tpm.simulate_study(seed=4, respondents=6000, touchpoints=4)
    comparison = tpm.compare_drivers(few, missing="complete", replicates=20)
    assert comparison.doing.n == comparison.saying.n < tpm.compare_drivers(few, replicates=20).doing.n
    assert len(comparison.differences) == 4


def test_a_touchpoint_without_an_estimate_is_undecided(study):
    empty = study.touchpoint_names[0]
    ratings = study.ratings.assign(**{empty: np.nan})
    comparison = tpm.compare_drivers(replace(study, ratings=ratings), replicates=20)
    assert empty in comparison.lists["undecided"]
    assert np.isnan(comparison.table.set_index("touchpoint")["do_estimate"][empty])
    assert empty not in comparison.differences["touchpoint"].tolist()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"saying": "recommend"}, "saying must be one of 'promoter', 'detractor'; got 'recommend'."),
        ({"doing": "left"}, "doing must be one of 'referred', 'won', 'recommended', 'reported'; got 'left'."),
        ({"missing": "pairwise"}, "missing must be one of 'indicator', 'complete'; got 'pairwise'."),
        ({"replicates": 1}, "replicates must be a whole number of at least 20; got 1."),
        ({"level": 2}, "level must be a number between 0 and 1, such as 0.95; got 2."),
        (
            {"negligible": 0.03},
            "negligible must be two changes of a probability per rating point, for saying and for doing, such as "
            "(0.03, 0.01); got 0.03.",
        ),
        (
            {"negligible": (0.03, 0)},
            "negligible must be two changes of a probability per rating point, for saying and for doing, such as "
            "(0.03, 0.01); got (0.03, 0).",
        ),
    ],
)
def test_wrong_options(study, options, message):
    with pytest.raises(ValueError) as refused:
        tpm.compare_drivers(study, **options)
    assert str(refused.value) == message


def test_answers_that_may_not_be_linked_are_refused(study):
    with pytest.raises(tpm.DataError, match="compare_drivers"):
        tpm.compare_drivers(replace(study, linkage={"permitted": False, "basis": ""}), doing="referred")


def test_study_stays_and_the_summary_reads(study, comparison):
    before = study.data_hash
    tpm.compare_drivers(study, replicates=20)
    assert study.data_hash == before
    assert comparison.data_hash == before
    assert "talk only:" in comparison.summary("en")
    assert len(comparison.sentences()) <= 3
    assert comparison.summary("de")
    with pytest.raises(ValueError, match="exactly one of the five lists"):
        replace(comparison, lists={**comparison.lists, "both": ("website",)})


def test_negligible_is_a_tenth_of_a_rare_deed():
    """2.9 % recommend, and one rating point more multiplies that by 1.16: not talk only (δ of .01 said so)."""
    rng = np.random.default_rng(0)
    n = 20_000
    ratings = rng.integers(1, 6, (n, 2))
    score = np.clip(np.round(7 + 0.5 * (ratings[:, 0] - 3) + rng.normal(size=n) * 1.5), 0, 10)
    did = rng.random(n) < 0.029 * 1.16 ** (ratings[:, 0] - 3)
    study = tpm.make_study(
        pd.DataFrame(ratings, columns=["shop", "mail"]).assign(score=score, did=did.astype(int)),
        recommend="score",
        touchpoints=["shop", "mail"],
        roles={"recommended": "did"},
    )
    found = tpm.compare_drivers(study, replicates=20)
    row = found.table.set_index("touchpoint").loc["shop"]
    assert found.settings["negligible"] == (0.03, pytest.approx(0.1 * did.mean()))
    assert row["verdict"] != "talk only"
    assert row["do_relative"] == pytest.approx(row["do_estimate"] / did.mean())
    assert row["do_relative"] > 0.1
    fixed = tpm.compare_drivers(study, negligible=(0.03, 0.01), replicates=20)
    assert fixed.table.set_index("touchpoint").loc["shop", "verdict"] == "talk only"
    assert f"Negligible for having recommended (at any time) is 10% of the share who did it ({did.mean():.1%}) per" in (
        " ".join(map(str, found.caveats))
    )
    assert "Negligible for" not in " ".join(map(str, fixed.caveats))
