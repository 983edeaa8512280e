"""Importance, its intervals and dominance word for word, and what of a source is said and left out."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.strategy.importance import errors
from tpm_widgets.strategy.importance.dominance import Dominance
from tpm_widgets.strategy.importance.explanation import Answers, Explanation
from tpm_widgets.strategy.importance.importance import RelativeImportance, ranks
from tpm_widgets.strategy.importance.intervals import ImportanceIntervals
from tpm_widgets.strategy.importance.source import read_explanation

SWISS = pd.read_csv(Path(__file__).parents[2] / "golden" / "swiss.csv", index_col=0)
ASSOCIATION = "Importance is an association, not a cause; whether it goes up or down is told by its sign."
NEGATIVE = (
    "Pratt's measure is negative where coefficient and correlation point to different sides; its shares can then be "
    "below 0% or above 100%."
)
NAMES = ["shop", "mail", "app", "desk"]
LABELS = {"shop": "The shop", "mail": "The mail"}


def said(result):
    return [caveat.text("en") for caveat in result.caveats]


# Importance


def importance(method="lmg", outcome="recommend"):
    table = pd.DataFrame(
        {
            "touchpoint": NAMES,
            "importance": [0.0625, 0.25, 0.125, 0.0625],
            "share": [0.1, 0.5, 0.3, 0.1],
            "rank": [3, 1, 2, 3],
        }
    )
    return RelativeImportance(
        table=table, r_squared=0.625, always_r_squared=0.125, n=1250, coefficients=4, outcome=outcome, labels=LABELS,
        settings={"method": method},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("lmg", "LMG"),
        ("relative_weights", "Johnson's relative weights"),
        ("pratt", "Pratt's measure"),
        ("lmg_sampled", "LMG from a sample of orders"),
    ],
)
def test_what_adds_up_carries_shares(method, words):
    assert importance(method).summary("en") == (
        f"62.5% of the variance of the willingness to recommend is explained (1,250 rows; {words}); The mail, app and "
        "The shop carry 90.0% of that."
    )


@pytest.mark.parametrize(
    ("method", "words"),
    [
        ("last", "62.5% of the variance of Fertility is explained (1,250 rows); by what R² loses without it, which "
         "does not divide that, The mail, app and The shop come first."),
        ("first", "62.5% of the variance of Fertility is explained (1,250 rows); by R² of each alone, which does not "
         "divide that, The mail, app and The shop come first."),
        ("betasq", "62.5% of the variance of Fertility is explained (1,250 rows); by squared standardised "
         "coefficients, which does not divide that, The mail, app and The shop come first."),
    ],
)  # fmt: skip
def test_what_does_not_add_up_only_comes_first(method, words):
    assert importance(method, outcome="Fertility").summary("en") == words


def test_importance_that_does_not_add_up_is_refused():
    with pytest.raises(ValueError) as refused:
        replace(importance(), r_squared=0.75)
    assert str(refused.value) == "importance adds up to 0.5, not to R² 0.625."
    replace(importance("last"), r_squared=0.75)


def test_equal_values_share_the_better_rank():
    assert ranks(np.array([0.2, 0.3, 0.2, np.nan, 0.1])).tolist() == [2, 1, 2, pd.NA, 4]


def test_rows_left_out_are_counted_and_pratt_is_explained():
    whole = tpm.relative_importance(SWISS, outcome="Fertility")
    assert said(whole) == [ASSOCIATION]
    assert whole.settings == {"method": "lmg", "outcome": "Fertility"}
    assert said(tpm.relative_importance(SWISS, outcome="Fertility", method="pratt")) == [ASSOCIATION, NEGATIVE]
    holes = SWISS.copy()
    holes.iloc[0, 2] = np.nan
    assert said(tpm.relative_importance(holes, outcome="Fertility")) == [
        ASSOCIATION, "1 row was left out, because a value is missing.",
    ]  # fmt: skip
    holes.iloc[5, 3] = np.nan
    many = tpm.relative_importance(holes, outcome="Fertility")
    assert said(many) == [ASSOCIATION, "2 rows were left out, because a value is missing."]
    assert many.n == 45


def test_rows_of_a_file_without_weight_are_counted(tmp_path):
    """A file is summed up; a frame is read; both leave out the same rows."""
    frame = SWISS.assign(w=1.0)
    for rows, words in (
        (1, "1 row was left out, because a value is missing or its weight is not above 0."),
        (3, "3 rows were left out, because a value is missing or their weight is not above 0."),
    ):
        frame.iloc[:rows, -1] = 0.0
        path = tmp_path / f"{rows}.parquet"
        frame.to_parquet(path)
        found = tpm.relative_importance(path, outcome="Fertility", weight="w", predictors=["Education", "Catholic"])
        assert said(found) == [ASSOCIATION, words]
        assert found.n == 47 - rows
        assert found.settings == {"method": "lmg", "outcome": "Fertility", "weight": "w"}


@pytest.mark.parametrize(
    ("source", "options", "message"),
    [
        (SWISS.corr(), {"n": 47, "weight": "w"}, "weight= goes with rows; a covariance matrix has its weights in it."),
        (SWISS, {"predictors": ["Catholic"], "always": ["Catholic"]}, "always leaves no predictor whose importance "
         "could be asked for."),
    ],
)  # fmt: skip
def test_options_that_do_not_go_together(source, options, message):
    with pytest.raises(ValueError) as refused:
        tpm.relative_importance(source, outcome="Fertility", **options)
    assert str(refused.value) == message


def test_the_score_is_explained_where_a_study_is_asked_for_nothing_else():
    rng = np.random.default_rng(1)
    survey = pd.DataFrame(rng.integers(1, 6, (100, 3)), columns=["shop", "mail", "score"])
    study = tpm.make_study(survey=survey, recommend="score", touchpoints=["shop", "mail"], rating_scale=(1, 5))
    assert tpm.relative_importance(study).outcome == "recommend"
    for wrong in ({"predictors": ["shop"]}, {"weight": "w"}, {"n": 3}):
        with pytest.raises(ValueError) as refused:
            tpm.relative_importance(study, **wrong)
        assert str(refused.value) == (
            "predictors=, weight= and n= go with a frame; a study has its touchpoints, weight and answers."
        )
    groups = tpm.relative_importance(study, groups={"all": ["shop", "mail"]})
    assert groups.settings["groups"] == {"all": ["shop", "mail"]}
    assert "always" not in groups.settings


# Intervals


def intervals(how="bootstrap", noise=(0.01, 0.05, np.nan), method="lmg", level=0.95):
    table = pd.DataFrame(
        {"touchpoint": NAMES[:3], "importance": [0.1, 0.3, np.nan], "conf_low": [0.0, 0.2, np.nan],
         "conf_high": [0.2, 0.404, np.nan], "rank": [2, 1, 3], "top": [1.0, 0.995, np.nan]}
    )  # fmt: skip
    return ImportanceIntervals(
        table=table, differences=pd.DataFrame(), r_squared=0.4, n=1250, outcome="won", labels=LABELS,
        noise=pd.DataFrame({"touchpoint": NAMES[:3], "p_value": list(noise)}),
        settings={"method": method, "how": how, "level": level, "replicates": 1000},
    )  # fmt: skip


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "The mail comes first with 30.0% of the variance of having won a customer (LMG; 95% interval 20.0% to "
         "40.4%; 1,250 rows), and it is among the first three in 100% of 1,000 resamples. Each gets more than 95% of "
         "random predictors would."),
        ({"how": "influence", "level": 0.9, "noise": (0.051, 0.05, np.nan)}, "The mail comes first with 30.0% of the "
         "variance of having won a customer (LMG; 90% interval 20.0% to 40.4%, by the influence function; 1,250 rows). "
         "No more than a random predictor may get (p > 0.05): The shop."),
    ],
)  # fmt: skip
def test_intervals_word_for_word(options, words):
    assert intervals(**options).summary("en") == words


def test_intervals_that_cannot_be_are_refused():
    found = intervals()
    message = "an interval of importance begins below 0 or ends before it begins."
    for ends in ({"conf_low": -0.01}, {"conf_high": 0.19}):
        with pytest.raises(ValueError) as refused:
            replace(found, table=found.table.assign(**ends))
        assert str(refused.value) == message
    replace(intervals(method="pratt"), table=found.table.assign(conf_low=-0.01))
    assert found.formats == {
        "importance": "percent", "std_error": "percent", "share": "percent", "random_high": "percent",
        "top": "percent:0", "rank": "", "rank_low": "", "rank_high": "",
    }  # fmt: skip


def test_what_intervals_say_of_themselves():
    never = (
        "A share is never negative, so that its interval excludes 0 says nothing; p compares it with random "
        "predictors, and what only goes along with a driver passes that, too."
    )
    frame, names = SWISS, ["Education", "Catholic"]
    derived = tpm.importance_intervals(frame, "Fertility", names, how="influence")
    assert said(derived) == [ASSOCIATION, never]
    assert derived.settings == {"outcome": "Fertility", "method": "lmg", "how": "influence", "level": 0.95}
    drawn = tpm.importance_intervals(frame, "Fertility", names, method="pratt", replicates=100)
    assert said(drawn) == [ASSOCIATION, NEGATIVE]
    assert drawn.settings == {
        "outcome": "Fertility", "method": "pratt", "how": "bootstrap", "replicates": 100, "seed": 1, "level": 0.95,
    }  # fmt: skip


def test_too_many_players_for_intervals():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(60, 23)), columns=[f"t{number}" for number in range(23)])
    found = tpm.importance_intervals(frame, "t21", how="influence", replicates=100)
    assert (found.settings["method"], found.settings["how"]) == ("relative_weights", "bootstrap")
    assert str(found.caveats[0]) == (
        "LMG of more than 20 players would take too long to draw again: these are Johnson's relative weights. Joined "
        "with groups= they can be LMG."
    )
    with pytest.raises(ValueError) as refused:
        tpm.importance_intervals(frame, "t21", always=["t0"], replicates=100)
    assert str(refused.value) == (
        "Intervals of LMG go up to 20 players, got 21, and relative weights, which take its place beyond, know no "
        "always=: join some with groups=, or leave always= out."
    )


def explanation(players):
    return Explanation(
        kind="predictor", players=players, signed={}, always=[], covariance=np.eye(3), answers=None, n=9, outcome="y",
        labels={}, settings={}, notes=(),
    )  # fmt: skip


def test_ranks_and_shares_of_resamples(monkeypatch):
    """Two players; the first is ahead in 9 of 10 resamples, in one nothing is explained."""
    drawn = np.array([[0.2, 0.1]] * 8 + [[0.1, 0.3]] + [[0.0, 0.0]])
    monkeypatch.setattr(errors, "_drawn", lambda *_: drawn)
    found = explanation({"a": [0], "b": [1]})
    table, differences = errors.by_bootstrap(found, None, "lmg", np.array([0.2, 0.1]), 10, 0.8, 1)
    # shares of the first: eight times 2/3, a quarter, and 0 where there is nothing to share
    assert table["share_high"][0] == pytest.approx(2 / 3)
    assert table["share_low"][0] < 0.25
    assert (table["rank_low"].tolist(), table["rank_high"].tolist()) == ([1, 1], [1, 2])
    assert table["top"].tolist() == [1, 1]
    assert table["std_error"].tolist() == pytest.approx(drawn.std(axis=0, ddof=1).tolist())
    assert differences["difference"].tolist() == [pytest.approx(0.1)]
    assert differences["std_error"].tolist() == [pytest.approx(np.std(drawn[:, 0] - drawn[:, 1], ddof=1))]


def test_only_the_first_three_places_are_at_the_top(monkeypatch):
    monkeypatch.setattr(errors, "_drawn", lambda *_: np.array([[0.4, 0.3, 0.2, 0.1], [0.1, 0.2, 0.3, 0.4]]))
    found = explanation({name: [place] for place, name in enumerate("abcd")})
    table, _ = errors.by_bootstrap(found, None, "lmg", np.full(4, 0.25), 2, 0.95, 1)
    assert table["top"].tolist() == [0.5, 1, 1, 0.5]


def test_log_odds_intervals_stay_between_0_and_1():
    """A share of .2 with an error of .08: log odds −1.386 ± 1.96·.08/.16."""
    low, high = errors._log_odds_interval(np.array([0.2, 0.0, 1.0]), np.array([0.08, 0.1, 0.1]), 1.96)
    middle, step = np.log(0.2 / 0.8), 1.96 * 0.08 / 0.16
    np.testing.assert_allclose(low, [1 / (1 + np.exp(step - middle)), 0, 1])
    np.testing.assert_allclose(high, [1 / (1 + np.exp(-step - middle)), 0, 1])


def test_p_counts_the_random_predictors_that_get_as_much(monkeypatch):
    """Of nine random ones two get at least .3: with the predictor itself (1 + 2)/10."""
    monkeypatch.setattr(errors, "_random", lambda *_: np.array([0.3, 0.1, 0.2, 0.0, 0.05, 0.4, 0.15, 0.25, 0.1]))
    answers = SimpleNamespace(clusters=np.arange(3))
    found = explanation({"a": [0], "gone": [], "b": [1]})
    table = errors.noise_table(found, answers, "lmg", np.array([0.3, 0.5]), 0.5, 1)
    assert table["predictor"].tolist() == ["a", "gone", "b"]
    assert table["p_value"].tolist() == pytest.approx([0.3, np.nan, 0.1], nan_ok=True)
    assert table["random_high"].tolist() == pytest.approx([0.15, np.nan, 0.15], nan_ok=True)


# Dominance


def dominance(relations, metric="r_squared", model="ols", always=0.0):
    names = ["shop", "mail", "app"]
    pairs = [(one, two) for one in names for two in names if one != two]
    complete = pd.DataFrame(pairs, columns=["first", "second"])
    complete["relation"] = [relations.get(pair, "neither") for pair in pairs]
    table = pd.DataFrame({"touchpoint": [*names, "gone"], "importance": [0.0625, 0.25, 0.0625, np.nan]})
    return Dominance(
        table=table.assign(rank=pd.array([2, 1, 2, pd.NA], dtype="Int64")), conditional=pd.DataFrame(),
        complete=complete, fit=0.375 + always, always_fit=always, metric=metric, model=model, n=1250,
        outcome="promoter", labels=LABELS,
    )  # fmt: skip


BELOW = {("mail", "shop"): "dominates", ("shop", "mail"): "is dominated"}


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (({},), "(R² of being a promoter; linear regression, 1,250 rows). It adds more than no other in every model."),
        ((BELOW,), "(R² of being a promoter; linear regression, 1,250 rows). Whatever else is in the model, it adds "
         "more than The shop."),
        ((BELOW | {("mail", "app"): "dominates"}, "mcfadden", "logit"), "(McFadden's R² of being a promoter; logistic "
         "regression, 1,250 rows). Whatever else is in the model, it adds more than any other."),
        (({}, "mcfadden", "ordered"), "(McFadden's R² of being a promoter; ordered logistic regression, 1,250 rows). "
         "It adds more than no other in every model."),
        (({}, "mcfadden", "poisson"), "(McFadden's R² of being a promoter; Poisson regression, 1,250 rows). It adds "
         "more than no other in every model."),
    ],
)  # fmt: skip
def test_dominance_word_for_word(options, words):
    assert dominance(*options).summary("en") == "The mail dominates on average: it adds 25.0% of 37.5% " + words


def test_a_single_predictor_dominates_nobody():
    found = tpm.dominance(SWISS, outcome="Fertility", predictors=["Education"])
    assert found.summary("en") == (
        "Education dominates on average: it adds 44.1% of 44.1% (R² of Fertility; linear regression, 47 rows). It adds "
        "more than no other in every model."
    )
    assert found.settings == {"outcome": "Fertility", "metric": "r_squared", "model": "ols"}


def test_dominance_that_does_not_add_up_is_refused():
    with pytest.raises(ValueError) as refused:
        replace(dominance({}), fit=0.5)
    assert str(refused.value) == "importance adds up to 0.375, not to 0.5."
    assert dominance({}, always=0.5).fit == 0.875


@pytest.mark.parametrize(
    ("model", "values", "good"),
    [
        ("ordered", 3, True), ("ordered", 2, False), ("ordered", 20, True), ("ordered", 21, False),
        ("poisson", 3, True), ("logit", 2, True), ("logit", 3, False),
    ],
)  # fmt: skip
def test_outcomes_that_a_model_can_have(model, values, good):
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"x": rng.normal(size=200), "y": np.arange(200) % values})
    if good:
        assert tpm.dominance(frame, outcome="y", metric="mcfadden", model=model).model == model
        return
    with pytest.raises(tpm.DataError, match=r"^frame, column 'y': expected "):
        tpm.dominance(frame, outcome="y", metric="mcfadden", model=model)


def test_counts_are_whole_and_not_below_0():
    frame = pd.DataFrame({"x": [1.0, 2, 3, 4, 6] * 4, "y": [0.0, 1, 2, 1, 3] * 4})
    assert tpm.dominance(frame, outcome="y", metric="mcfadden", model="poisson").n == 20
    for wrong in (-1.0, 0.5):
        with pytest.raises(tpm.DataError, match=r"^frame, column 'y': expected counts: 0, 1, 2 …\.$"):
            tpm.dominance(frame.assign(y=[wrong, 1, 2, 1, 3] * 4), outcome="y", metric="mcfadden", model="poisson")


@pytest.mark.parametrize(("players", "metric"), [(19, "r_squared"), (13, "mcfadden")])
def test_too_many_players(players, metric):
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(rng.normal(size=(80, players)), columns=[f"t{number}" for number in range(players)])
    with pytest.raises(ValueError) as refused:
        tpm.dominance(frame.assign(y=rng.integers(0, 2, 80)), outcome="y", metric=metric)
    assert str(refused.value) == (
        f"Dominance by {metric!r} goes up to {players - 1} players, got {players}: join some with groups=, such as "
        "groups={'service': ['phone', 'mail']}."
    )


# Errors by the influence function


def test_errors_by_the_influence_function(monkeypatch):
    """Shares .4 and .1 whose customers move them by hand; the covariance of four customers, 4/3 of the plain one."""
    moved = np.array([[0.03, 0.0], [-0.03, 0.01], [0.0, -0.02], [0.0, 0.01]])
    monkeypatch.setattr(errors, "lmg_influence", lambda *_: moved)
    answers = Answers(data=np.zeros((4, 3)), weights=np.ones(4), clusters=np.arange(4))
    table, differences = errors.by_influence(explanation({"a": [0], "b": [1]}), answers, np.array([0.4, 0.1]), 0.9)
    covariance = moved.T @ moved * 4 / 3
    np.testing.assert_allclose(table["std_error"], np.sqrt(np.diag(covariance)))
    # .4 − .1 = .3 with the variance of the difference; 1.645 errors of it are .09, so the first is surely ahead
    error = np.sqrt(covariance[0, 0] + covariance[1, 1] - 2 * covariance[0, 1])
    reach = 1.6448536269514722 * error
    found = [differences[name][0] for name in ("difference", "std_error", "conf_low", "conf_high")]
    np.testing.assert_allclose(found, [0.3, error, 0.3 - reach, 0.3 + reach])
    assert (table["rank_low"].tolist(), table["rank_high"].tolist()) == ([1, 2], [1, 2])
    # the share .8 = .4/.5 moves by (.2·a − .8·b)/.5
    slope = np.array([0.2, -0.8]) / 0.5
    step = 1.6448536269514722 * np.sqrt(slope @ covariance @ slope) / (0.8 * 0.2)
    np.testing.assert_allclose(table["share_low"][0], 1 / (1 + np.exp(step) / 4))
    np.testing.assert_allclose(table["share_high"][0], 1 / (1 + np.exp(-step) / 4))
    near, _ = errors.by_influence(explanation({"a": [0], "b": [1]}), answers, np.array([0.22, 0.2]), 0.9)
    assert (near["rank_low"].tolist(), near["rank_high"].tolist()) == ([1, 1], [2, 2])
    assert np.isnan(near["top"]).all()


def test_customers_who_answer_twice_are_one_in_every_error():
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(rng.normal(size=(150, 3)), columns=["a", "b", "y"])
    frame["y"] += frame["a"]
    once = read_explanation(frame, "y", None, None, None, (), None)
    twice = read_explanation(pd.concat([frame, frame], ignore_index=True), "y", None, None, None, (), None)
    doubled = replace(twice.answers, clusters=np.tile(np.arange(150), 2))
    shares = np.array([0.5, 0.01])
    one, two, apart = (
        errors.by_influence(found, answers, shares, 0.95)[0]["std_error"]
        for found, answers in ((once, once.answers), (twice, doubled), (twice, twice.answers))
    )
    np.testing.assert_allclose(one, two, rtol=1e-9)
    np.testing.assert_allclose(one / apart, np.sqrt(2), rtol=0.01)
    noise = [
        errors.noise_table(found, answers, "lmg", shares, 0.95, 1)["random_high"]
        for found, answers in ((once, once.answers), (twice, doubled), (twice, twice.answers))
    ]
    np.testing.assert_allclose(noise[0], noise[1], rtol=1e-9)
    np.testing.assert_allclose(noise[0] / noise[2], 2, rtol=0.02)


def test_random_predictors_are_as_uncertain_as_the_answers(monkeypatch):
    """Standard columns have variance 1, their means 1/(n − 1): what random predictors are drawn from."""
    rng = np.random.default_rng(2)
    frame = pd.DataFrame(rng.normal(size=(30, 3)), columns=["a", "b", "y"]) * [1, 10, 100]
    found = read_explanation(frame, "y", None, None, None, (), None)
    seen = []
    monkeypatch.setattr(errors, "random_predictor_shares", lambda *given: seen.append(given))
    errors._random(found, found.answers, "lmg", 1, 7)
    standard, meat, groups, always, size, seed = seen[0]
    np.testing.assert_allclose(standard, frame.corr())
    np.testing.assert_allclose(meat, frame.corr() / 29)
    assert (groups, always, size, seed) == ([[0], [1]], [], 1, 7)
    weighted = replace(found.answers, weights=np.full(30, 5.0))
    errors._random(found, weighted, "lmg", 1, 7)
    np.testing.assert_allclose(seen[1][1], meat)
