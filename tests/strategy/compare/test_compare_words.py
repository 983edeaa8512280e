"""Drivers of groups, and of saying and doing, word for word: every branch of what is said of a comparison."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.statistics.estimates.estimate import Estimate
from tpm_widgets.statistics.regression.contrasts import WaldTest
from tpm_widgets.statistics.regression.design import LeftOut
from tpm_widgets.strategy.compare import compare, groups, say_against_do
from tpm_widgets.strategy.compare.group_caveats import group_caveats
from tpm_widgets.strategy.compare.group_differences import GroupEffects, rank_correlations, with_shares
from tpm_widgets.strategy.compare.group_result import DriverGroups
from tpm_widgets.strategy.compare.ranks import correlate_ranks, share_differences
from tpm_widgets.strategy.compare.say_against_do import DriverComparison

LABELS = {"shop": "The shop", "app": "The app", "desk": "The desk"}
TEST = WaldTest(chi2=7.5, df=3, df_residual=999.0)
JOINT = "joint robust Wald test, F(3, 999) = 2.50, p = 0.058"


def rows_of(*rows):
    names = ["touchpoint", "group", "other", "difference", "p_value", "p_adjusted"]
    table = pd.DataFrame(list(rows), columns=names)
    return table.assign(
        estimate=table["difference"] + 0.1, other_estimate=0.1, conf_low=table["difference"] - 0.02,
        conf_high=table["difference"] + 0.03,
    )  # fmt: skip


CLEAREST = ("app", "b", "c", -0.05, 0.001, 0.006)
ROWS = [("shop", "a", "b", 0.04, 0.01, 0.05), CLEAREST, ("desk", "a", "c", np.nan, np.nan, np.nan)]


def result(outcome="promoter", adjusted=(0.6, 0.5, np.nan), ranks=(), **options):
    touchpoints = pd.DataFrame(
        {"touchpoint": list(LABELS), "p_value": [0.2, 0.1, np.nan], "p_adjusted": list(adjusted)}
    )
    events = np.nan if outcome == "recommend" else 300.0
    options = {"verdict": "cannot be told", "test": TEST, "settings": {}, **options}
    settings = {"by": "part", "level": 0.95, "negligible": 0.03, "per_coefficient": 10, **options.pop("settings")}
    return DriverGroups(
        table=rows_of(*ROWS), log_odds_test=None, touchpoints=touchpoints, effects=pd.DataFrame(), models={},
        groups=pd.DataFrame({"group": ["a", "b"], "n": [1200, 345], "events": events, "withheld": False}),
        rank_correlations=pd.DataFrame(list(ranks), columns=["group", "other", "estimate", "conf_low", "conf_high"]),
        outcome=outcome, labels=LABELS, settings=settings, **options,
    )  # fmt: skip


def said(found, place):
    return found.sentences()[place].text("en")


OF_SHARES = (
    "Do the drivers of being a promoter differ by part between a (n = 1,200, 300 with the outcome) and b (n = 345, 300 "
    "with the outcome)? "
)
OF_SCORES = "Do the drivers of the willingness to recommend differ by part between a (n = 1,200) and b (n = 345)? "


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, OF_SHARES + f"It cannot be told: the differences may be chance ({JOINT}), and some may be larger than "
         "±3.0 percentage points per rating point."),
        ({"verdict": "yes"}, OF_SHARES + f"Yes, by more than chance ({JOINT})."),
        ({"verdict": "no"}, OF_SHARES + "No: every difference lies within ±3.0 percentage points per rating point "
         "(joint robust Wald test, F(3, 999) = 2.50, p = 0.058)."),
        ({"test": None}, OF_SHARES + "It cannot be told: fewer than two groups hold 10 answers of the rarer outcome "
         "per coefficient."),
        ({"outcome": "recommend", "test": None}, OF_SCORES + "It cannot be told: fewer than two groups hold 10 answers "
         "per coefficient."),
        ({"outcome": "recommend", "settings": {"negligible": 0.1}}, OF_SCORES + "It cannot be told: the differences "
         f"may be chance ({JOINT}), and some may be larger than ±0.10 points of the score per rating point."),
    ],
)  # fmt: skip
def test_the_answer(options, words):
    found = result(**options)
    assert said(found, 0) == words
    assert len(found.sentences()) == (1 if found.test is None else 3)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "None of 2 touchpoints differs by itself, by Holm's correction; the clearest difference is that of The "
         "app, −5.0 percentage points per rating point in b against c (95% interval −7.0 to −2.0, p = 0.006 after "
         "Holm)."),
        ({"adjusted": (0.051, 0.05, np.nan)}, "1 of 2 touchpoints differs by itself, by Holm's correction: The app. "
         "Clearest: The app, −5.0 percentage points per rating point in b against c (95% interval −7.0 to −2.0, p = "
         "0.006 after Holm)."),
        ({"adjusted": (0.04, 0.03, np.nan)}, "2 of 2 touchpoints differ by themselves, by Holm's correction: The app "
         "and The shop. Clearest: The app, −5.0 percentage points per rating point in b against c (95% interval −7.0 "
         "to −2.0, p = 0.006 after Holm)."),
        ({"adjusted": (0.11, 0.09, np.nan), "settings": {"level": 0.9}, "outcome": "recommend"}, "1 of 2 touchpoints "
         "differs by itself, by Holm's correction: The app. Clearest: The app, −0.05 points of the score per rating "
         "point in b against c (90% interval −0.07 to −0.02, p = 0.006 after Holm)."),
    ],
)  # fmt: skip
def test_the_touchpoints(options, words):
    assert said(result(**options), 1) == words


@pytest.mark.parametrize(
    ("ranks", "words"),
    [
        ([], "Rankings by importance are compared from three touchpoints on."),
        ([("a", "b", 0.5, 0.1, 0.9)], "The rankings by importance in a and b correlate with 0.50 (Spearman; 95% "
         "bootstrap interval 0.10 to 0.90)."),
        ([("a", "b", 0.5, 0.1, 0.9), ("a", "c", 0.25, -0.1, 0.7), ("b", "c", np.nan, np.nan, np.nan)], "Of 2 pairs, "
         "the rankings by importance are least alike in a and c: they correlate with 0.25 (Spearman; 95% bootstrap "
         "interval −0.10 to 0.70)."),
    ],
)  # fmt: skip
def test_the_rankings(ranks, words):
    assert said(result(ranks=ranks), 2) == words


def test_columns_in_their_units():
    shown = dict.fromkeys(["share_difference", "share_difference_low", "share_difference_high"], "points")
    shown |= dict.fromkeys(["std_error", "p_value", "importance", "other_importance"], "hidden")
    effects = ["estimate", "other_estimate", "difference", "conf_low", "conf_high"]
    assert result().formats == shown | dict.fromkeys(effects, "points")
    assert result("recommend").formats == shown | dict.fromkeys(effects, "number:3")


def test_a_difference_is_the_groups_effect_minus_the_others():
    with pytest.raises(ValueError) as refused:
        replace(result(), table=result().table.assign(other_estimate=0.2))
    assert str(refused.value) == "Each difference is the group's effect minus the other's."


# What a reader of groups has to know

ASSOCIATION = (
    "Groups differ in more than what tells them apart: a driver is an association, and so is a difference of drivers."
)
RECORDS = pd.DataFrame(
    {
        "group": ["a", "b", "c", "d", "e"],
        "per_coefficient": [20.04, 12.5, 9.96, 3.0, np.nan],
        "coefficients": [5.0, 5.0, 5.0, 5.0, np.nan],
        "withheld": [False, False, True, True, True],
    }
)


def caveats(outcome, models="ab", clusters=None, left_out=(), log_odds=None, records=RECORDS):
    parts = {
        name: SimpleNamespace(clusters=np.array((clusters or {}).get(name, [ord(name) * 100, ord(name) * 100 + 1])))
        for name in "abcde"
    }
    fitted = {name: SimpleNamespace(design=SimpleNamespace(left_out=left_out)) for name in models}
    study = SimpleNamespace(labels=LABELS)
    return [str(one) for one in group_caveats(study, records, fitted, parts, outcome, log_odds)]


def test_what_is_withheld_and_what_stands_behind_the_others():
    alike = "Withheld, because their answers are too few or too alike for a model: e."
    assert caveats("promoter") == [
        ASSOCIATION,
        "Withheld, because they hold fewer than 10 answers of the rarer outcome per coefficient: c (10.0) and d (3.0). "
        'outcome="recommend" asks less of the data: there every answer counts.',
        alike,
        "12.5 answers of the rarer outcome stand behind each coefficient in b, the least of the groups compared.",
    ]
    assert caveats("recommend") == [
        ASSOCIATION,
        "Withheld, because they hold fewer than 10 answers per coefficient: c (10.0) and d (3.0).",
        alike,
        "12.5 answers stand behind each coefficient in b, the least of the groups compared.",
    ]
    assert caveats("recommend", models="a", records=RECORDS.head(1)) == [ASSOCIATION]
    assert caveats("recommend", models="", records=RECORDS.tail(1)) == [ASSOCIATION, alike]


def test_what_else_a_comparison_of_groups_says():
    clusters = {"a": [1, 1, 2, 3], "b": [3, 4], "c": [3, 2, 5]}
    gap = LeftOut(touchpoint="desk", part="rating", reason="not rated")
    assert caveats("won", models="abc", clusters=clusters, left_out=(gap,), log_odds=TEST, records=RECORDS.head(2)) == [
        ASSOCIATION,
        "12.5 answers of the rarer outcome stand behind each coefficient in b, the least of the groups compared.",
        "An average change also depends on how frequent having won a customer is in a group. Of log odds, which do "
        "not, the joint test says: F(3, 999) = 2.50, p = 0.058.",
        "With more than two groups the joint test can reject a little too often (simulated: in up to 8 of 100 where "
        "nothing differs); take its p values between 0.01 and 0.05 as a hint only.",
        "2 persons answered in more than one group; the tests take that into account.",
        *(f"{name}: Without an estimate, because no answer rated them: The desk." for name in "abc"),
    ]


# Which groups, and how far apart they may be


@pytest.mark.parametrize(
    ("outcome", "negligible"),
    [("recommend", 0.1), ("promoter", 0.03), ("detractor", 0.03), ("referred", 0.01), ("won", 0.01)],
)
def test_what_is_too_small_to_matter_by_default(outcome, negligible):
    assert groups._difference_that_matters(None, outcome) == negligible
    assert groups._difference_that_matters(2, outcome) == 2.0
    for wrong in (0, -0.1, True, "0.1", np.nan):
        with pytest.raises(ValueError, match=r"^negligible must be one difference of effects per rating point above 0"):
            groups._difference_that_matters(wrong, outcome)


def test_pairs_of_groups_and_of_waves():
    assert groups._pairs(["a", "b", "c"], waves=False) == [("a", "b"), ("a", "c"), ("b", "c")]
    assert groups._pairs(["1", "2", "3"], waves=True) == [("2", "1"), ("3", "2"), ("3", "1")]
    assert groups._pairs(["1", "2"], waves=True) == [("2", "1")]


def test_groups_are_chosen_each_once_and_in_the_order_asked_for():
    split = [SimpleNamespace(name=name, rows=np.array([place])) for place, name in enumerate("abc")]
    chosen = groups._chosen(split, {"late": ["c", "b"], "early": ["a"]}, "wave")
    assert {name: rows.tolist() for name, rows in chosen.items()} == {"late": [2, 1], "early": [0]}
    assert list(groups._chosen(split, ["c", "a"], "wave")) == ["c", "a"]
    for wrong in (["a", "a"], {"x": ["a", "b"], "y": ["b"]}, {"x": ["a"], "y": []}, {"x": ["a", "b"]}):
        with pytest.raises(ValueError) as refused:
            groups._chosen(split, wrong, "wave")
        assert str(refused.value) == f"groups must name at least two groups to compare, each once; got {wrong!r}."
    with pytest.raises(ValueError) as refused:
        groups._chosen(split, ["a", "x", "y"], "wave")
    assert str(refused.value) == "groups must be some of 'a', 'b', 'c'; got 'x', 'y'."
    with pytest.raises(tpm.DataError, match="column 'part, wave'"):
        groups._chosen(split[:1], None, ["part", "wave"])
    assert list(groups._chosen(split[:2], None, "wave")) == ["a", "b"]


def test_ten_answers_for_each_coefficient_are_enough_and_so_is_a_group_of_the_least_size():
    answers = SimpleNamespace(rows=np.arange(100), observed=np.repeat([1.0, 0.0], [30, 70]))
    found = groups._record("a", answers, 3, "promoter", 100)
    assert np.isnan(found.pop("r_squared"))
    assert found == {
        "group": "a", "n": 100, "events": 30, "coefficients": 3, "per_coefficient": 10.0, "withheld": False,
    }  # fmt: skip
    assert groups._record("a", answers, 3, "promoter", 101)["withheld"]
    fewer = SimpleNamespace(rows=np.arange(100), observed=np.repeat([1.0, 0.0], [29, 71]))
    assert groups._record("a", fewer, 3, "promoter", 5)["withheld"]
    none = groups._record("a", answers, np.nan, "promoter", 5)
    assert (none["n"], none["events"], none["withheld"]) == (100, 30, True)
    assert np.isnan([none["coefficients"], none["per_coefficient"]]).all()
    assert np.isnan(groups._record("a", answers, np.nan, "recommend", 5)["events"])


def test_a_group_without_any_model_is_named():
    """One group whose answers are all alike: no model, hence no test; the other keeps its effects."""
    rng = np.random.default_rng(1)
    survey = pd.DataFrame(rng.integers(1, 6, (120, 2)), columns=["shop", "app"])
    survey["part"] = np.repeat(["a", "b"], [100, 20])
    survey["score"] = np.where(survey["part"] == "b", 7, np.clip(2 * survey["shop"] + rng.integers(-1, 2, 120), 0, 10))
    study = tpm.make_study(survey=survey, recommend="score", touchpoints=["shop", "app"], segments=["part"])
    found = tpm.compare_driver_groups(study, by="part", outcome="recommend", replicates=20)
    assert found.summary("en") == (
        "Do the drivers of the willingness to recommend differ by part between a (n = 100) and b (n = 20)? It cannot "
        "be told: fewer than two groups hold 10 answers per coefficient."
    )
    assert [str(caveat) for caveat in found.caveats] == [
        ASSOCIATION, "Withheld, because their answers are too few or too alike for a model: b.",
    ]  # fmt: skip
    assert found.table[["n", "n_other"]].to_numpy().tolist() == [[100, 20]] * 2
    assert found.table[["other_estimate", "difference", "p_adjusted", "share_difference"]].isna().all(axis=None)
    assert found.effects["group"].tolist() == ["a", "a"]
    assert found.rank_correlations[["group", "other", "touchpoints"]].to_numpy().tolist() == [["a", "b", 0]]
    assert found.settings == {
        "by": "part", "outcome": "recommend", "negligible": 0.1, "missing": "indicator", "level": 0.95,
        "per_coefficient": 10, "replicates": 20, "seed": 1,
    }  # fmt: skip


def test_groups_that_are_withheld_are_named_apart_from_those_compared():
    rng = np.random.default_rng(1)
    shop, app = rng.integers(1, 6, (2, 210))
    score = np.clip(np.round(shop + app + rng.normal(0, 1, 210)), 0, 10)
    survey = pd.DataFrame(
        {"score": score, "shop": shop, "app": app, "part": np.repeat(["a", "b", "c"], [100, 100, 10])}
    )
    study = tpm.make_study(survey=survey, recommend="score", touchpoints=["shop", "app"], segments=["part"])
    found = tpm.compare_driver_groups(study, by="part", outcome="recommend", replicates=20)
    assert said(found, 0).startswith(
        "Do the drivers of the willingness to recommend differ by part between a (n = 100) and b (n = 100)? "
    )
    assert said(found, 1) == "Not compared, because too few answers stand behind them: c (n = 10)."
    assert found.sentences()[1].text("de") == ("Nicht verglichen, weil zu wenige Antworten dahinterstehen: c (n = 10).")


def test_nobody_to_compare():
    effects = GroupEffects({})
    assert effects.test() is None
    assert effects.difference("shop", ("a", "b"), 0.95) is None
    table = effects.by_touchpoint(["shop"])
    assert table.drop(columns=["chi2", "p_value", "p_adjusted"]).iloc[0].tolist() == ["shop", 0, 0]
    assert table[["chi2", "p_value", "p_adjusted"]].isna().all(axis=None)


class Shares:
    """Importances as a comparison of groups has them: three touchpoints in a, two of them in b."""

    def pair(self, pair):
        exact = np.array([[0.3, 0.1], [0.1, 0.1]])
        drawn = np.stack([exact + np.array([[step, 0], [0, step]]) for step in np.linspace(0, 0.1, 11)])
        return ["shop", "app"], exact, drawn


def test_shares_stand_beside_the_touchpoints_that_both_have():
    models = {
        name: SimpleNamespace(n=n, table=pd.DataFrame({"touchpoint": list(own), "importance": list(own.values())}))
        for name, n, own in (("a", 70, {"shop": 0.3, "app": 0.1, "desk": 0.2}), ("b", 30, {"shop": 0.1, "app": 0.1}))
    }
    rows = [(name, *pair) for name in LABELS for pair in (("a", "b"), ("a", "c"))]
    table = with_shares(pd.DataFrame(rows, columns=["touchpoint", "group", "other"]), models, Shares(), 0.8)
    assert table["importance"].tolist() == [0.3, 0.3, 0.1, 0.1, 0.2, 0.2]
    np.testing.assert_array_equal(table["other_importance"], [0.1, np.nan, 0.1, np.nan, np.nan, np.nan])
    np.testing.assert_allclose(table["share_difference"], [0.25, np.nan, -0.25, np.nan, np.nan, np.nan])
    assert table["share_difference_low"].notna().tolist() == [True, False, True, False, False, False]
    ranks = rank_correlations([("a", "b"), ("b", "c")], models, Shares(), 0.8)
    assert ranks["touchpoints"].tolist() == [2, 0]
    assert ranks[["estimate", "conf_low", "conf_high"]].isna().all(axis=None)  # of two touchpoints there is no ranking


def test_ranks_and_shares_with_the_percentiles_of_their_level():
    """Shares .5, .3, .2 against .2, .3, .5 and eleven resamples of the second that move from there to the first."""
    exact = np.array([[0.5, 0.3, 0.2], [0.4, 0.6, 1.0]])
    steps = np.linspace(0, 1, 11)[:, None]
    second = (1 - steps) * np.array([0.2, 0.3, 0.5]) + steps * np.array([0.5, 0.3, 0.2])
    drawn = np.stack([np.broadcast_to([0.5, 0.3, 0.2], second.shape), second], axis=1)
    found = correlate_ranks(exact, drawn, 0.2, 123)
    # of four times −1, −.5, 0, .5 and four times 1 the fifth and the seventh
    assert [found.estimate, found.conf_low, found.conf_high, found.n] == pytest.approx([-1, -0.5, 0.5, 123])
    now, low, high = share_differences(exact, drawn, 0.8)
    np.testing.assert_allclose(now, [0.3, 0, -0.3], atol=1e-12)
    np.testing.assert_allclose(low, [0.03, 0, -0.27], atol=1e-12)  # the first and the last of eleven are cut
    np.testing.assert_allclose(high, [0.27, 0, -0.03], atol=1e-12)


# Saying against doing


def compared(verdicts, saying="promoter", doing="referred", level=0.95):
    """Touchpoints with these verdicts on saying and doing; both models with the same effects."""
    table = pd.DataFrame(verdicts, columns=["say_verdict", "do_verdict"]).assign(
        touchpoint=list(LABELS)[: len(verdicts)]
    )
    table["verdict"] = [say_against_do.LISTS.get(pair, "undecided") for pair in verdicts]
    return DriverComparison(
        table=table, intervals=pd.DataFrame(), differences=pd.DataFrame(), events_per_coefficient=12.0,
        lists={
            verdict: tuple(table.loc[table["verdict"] == verdict, "touchpoint"]) for verdict in say_against_do.VERDICTS
        },
        rank_correlation=Estimate(0.5, -0.125, 0.75, 1250), saying=SimpleNamespace(outcome=saying),
        doing=SimpleNamespace(outcome=doing, n=1250), labels=LABELS,
        settings={"level": level, "negligible": (0.03, 0.015)},
    )  # fmt: skip


RANKS = (
    "The rankings by importance for saying and for doing correlate with 0.50 (Spearman; 95% bootstrap interval −0.13 "
    "to 0.75)."
)


def test_the_lists_word_for_word():
    found = compared([("effect", "effect"), ("effect", "negligible"), ("negligible", "effect")])
    assert found.summary("en") == (
        "Of 3 touchpoints, The shop go with both being a promoter and having recommended; talk only: The app; deeds "
        "only: The desk; neither: none; undecided: 0 (1,250 answers, average effects with Holm-adjusted 95% intervals, "
        "negligible within ±3.0 and ±1.50 percentage points per rating point). " + RANKS
    )
    half = compared([("effect", "undecided"), ("undecided", "effect"), ("negligible", "negligible")], doing="won")
    assert half.summary("en") == (
        "Of 3 touchpoints, none go with both being a promoter and having won a customer; talk only: none; deeds only: "
        "none; neither: The desk; undecided: 2 (1,250 answers, average effects with Holm-adjusted 95% intervals, "
        "negligible within ±3.0 and ±1.50 percentage points per rating point). Half known: The shop goes with being a "
        "promoter, while having won a customer is undecided; The app goes with having won a customer, while being a "
        "promoter is undecided. " + RANKS
    )
    one_side = compared([("undecided", "effect")], saying="detractor", level=0.9)
    assert one_side.sentences()[1].text("en") == (
        "Half known: The shop goes with having recommended, while being a detractor is undecided."
    )
    assert len(compared([("undecided", "negligible")]).sentences()) == 2
    assert found.formats == {
        "say_estimate": "points", "say_low": "points", "say_high": "points", "do_estimate": "points",
        "do_low": "points", "do_high": "points", "say_importance": "percent", "do_importance": "percent",
        "say_relative": "percent:0", "do_relative": "percent:0",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("saying", "signs", "words"),
    [
        ("promoter", (1, 1), []),
        ("promoter", (-1, 1), ["Better ratings go with less of being a promoter: The shop and The app."]),
        ("promoter", (1, -1), ["Better ratings go with less of having recommended: The shop."]),
        ("detractor", (-1, 1), []),
        ("detractor", (1, 1), ["Better ratings go with more of being a detractor: The shop and The app."]),
    ],
)
def test_effects_against_the_grain_are_named(saying, signs, words):
    table = pd.DataFrame(
        {
            "touchpoint": list(LABELS),
            "say_verdict": ["effect", "effect", "negligible"], "say_estimate": np.array([0.1, 0.1, 0.1]) * signs[0],
            "do_verdict": ["effect", "undecided", "undecided"], "do_estimate": np.array([0.1, 0.1, 0.1]) * signs[1],
        }
    )  # fmt: skip
    models = {
        part: SimpleNamespace(
            outcome=outcome, n=100, events=70, labels=LABELS, caveats=("one and the same",),
            design=SimpleNamespace(columns=range(5)),
        )
        for part, outcome in (("say", saying), ("do", "referred"))
    }  # fmt: skip
    assert [str(caveat) for caveat in say_against_do._caveats(models, table)] == [
        "Ratings and score stand in one questionnaire and share a general mood, which the deeds do not: a small effect "
        "on saying may be nothing but mood.",
        "7.5 answers of the rarer outcome per coefficient stand behind having recommended; below 10 most touchpoints "
        "remain undecided.",
        *words,
        "one and the same",
    ]


@pytest.mark.parametrize("negligible", [(0.03, 1), (0, 0.01), (0.03,), "ab", None, (0.03, -0.01)])
def test_changes_too_small_to_matter_lie_between_0_and_1(negligible):
    with pytest.raises(ValueError) as refused:
        compare._checked_negligible(negligible)
    assert str(refused.value) == (
        "negligible must be two changes of a probability per rating point, for saying and for doing, such as (0.03, "
        f"0.01); got {negligible!r}."
    )
    assert compare._checked_negligible((0.999, 0.001)) == (0.999, 0.001)


def test_every_touchpoint_is_in_one_list():
    found = compared([("effect", "effect")])
    for lists in ({"both": ("shop", "shop")}, {"both": ()}):
        with pytest.raises(ValueError) as refused:
            replace(found, lists=lists)
        assert str(refused.value) == "Each touchpoint belongs into exactly one of the five lists."
