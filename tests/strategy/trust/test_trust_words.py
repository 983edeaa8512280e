"""Policies and diagnostics word for word, and by which limit each is decided; see test_diagnoses.py for the checks."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.language import say
from tpm_widgets.statistics.estimates.estimate import Estimate
from tpm_widgets.strategy.trust import checks, diagnoses, halo
from tpm_widgets.strategy.trust.checks import Accuracy, Ends, Spread
from tpm_widgets.strategy.trust.diagnostics import DriverDiagnostics
from tpm_widgets.strategy.trust.halo import Marker
from tpm_widgets.strategy.trust.missing_policies import PolicyComparison
from tpm_widgets.strategy.trust.policy_agreement import agreement, differences

LABELS = {"shop": "The shop", "mail": "The mail", "app": "The app"}
NAMES = list(LABELS)


def said(found):
    return found.said.text("en")


# Policies for what was not rated

SIZES = {"indicator": 1250, "complete": 400, "pairwise": 1240}


def policies(firsts, low=0.95, p_values=(0.5, 0.5), refused=None, outcome="recommend"):
    """Each policy with the touchpoint that comes first; p of The shop's and The mail's differences from indicator."""
    models = {}
    for policy, first in firsts.items():
        importance = [0.3 if name == first else 0.1 for name in NAMES]
        table = pd.DataFrame({"touchpoint": NAMES, "importance": importance})
        models[policy] = SimpleNamespace(n=SIZES[policy], table=table)
    tested = list(zip(NAMES[:2], p_values, strict=True))
    rows = [("indicator", policy, name, p) for policy in list(firsts)[1:] for name, p in tested]
    rows += [("complete", "pairwise", "app", 0.001)] * ("pairwise" in firsts)
    refused = refused or {}
    return PolicyComparison(
        table=pd.DataFrame(), models=models, outcome=outcome, answers=1300, labels=LABELS,
        refused={policy: refused.get(policy, say("no reason")) for policy in SIZES if policy not in firsts},
        agreement=pd.DataFrame({"rank_correlation": [low, low + 0.05]}),
        differences=pd.DataFrame(rows, columns=["first", "second", "touchpoint", "p_adjusted"]),
    )  # fmt: skip


ALL = dict.fromkeys(SIZES, "mail")


def sentences(*args, **options):
    return [one.text("en") for one in policies(*args, **options).sentences()]


def test_on_how_many_answers_each_policy_rests():
    assert sentences(ALL)[0] == (
        "Of 1,300 answers whose outcome is known (the willingness to recommend) each policy uses: indicator of not "
        "having rated 1,250, complete answers 400 and pairwise correlations 1,240."
    )


@pytest.mark.parametrize(
    ("firsts", "low", "words"),
    [
        (ALL, 0.9, "The order of the touchpoints does not depend on the policy (rank correlation of the importance at "
         "least 0.90); The mail comes first under each."),
        (ALL, 0.899, "The mail comes first under each policy, but further down the order depends on it (rank "
         "correlation of the importance down to 0.90)."),
        (ALL | {"pairwise": "shop"}, 0.95, "The order of the touchpoints depends on the policy (rank correlation of "
         "the importance down to 0.95); first come The mail (indicator of not having rated), The mail (complete "
         "answers) and The shop (pairwise correlations)."),
        (ALL, np.nan, "The mail comes first under each policy; whole orders are compared from three touchpoints on."),
        (ALL | {"complete": "shop", "pairwise": "shop"}, np.nan, "The order of the touchpoints depends on the policy; "
         "first come The mail (indicator of not having rated), The shop (complete answers) and The shop (pairwise "
         "correlations)."),
    ],
)  # fmt: skip
def test_whether_the_order_depends_on_the_policy(firsts, low, words):
    assert sentences(firsts, low=low)[1] == words


@pytest.mark.parametrize(
    ("p_values", "words"),
    [
        ((0.05, 0.5), [
            "No estimate by complete answers differs from that by indicator by more than chance (5 Holm-adjusted "
            "comparisons on overlapping answers), so what differs in the order may be chance as well.",
            "No estimate by pairwise correlations differs from that by indicator by more than chance (5 Holm-adjusted "
            "comparisons on overlapping answers), so what differs in the order may be chance as well.",
        ]),
        ((0.049, 0.01), [
            "By complete answers estimates differ from those by indicator for The shop and The mail (5 Holm-adjusted "
            "comparisons on overlapping answers): people who have experienced everything differ from the others there, "
            "and a decision for all of them rests on the indicator.",
            "By pairwise correlations estimates differ from those by indicator for The shop and The mail (5 "
            "Holm-adjusted comparisons on overlapping answers): pairwise reckons as if everybody had experienced "
            "everything, which is not so here; rely on the indicator.",
        ]),
    ],
)  # fmt: skip
def test_what_differs_by_more_than_chance(p_values, words):
    assert sentences(ALL, p_values=p_values)[2:] == words


def test_a_single_policy_and_why_the_others_are_refused():
    refused = {"complete": say("one reason"), "pairwise": say("another")}
    assert sentences({"indicator": "mail"}, refused=refused, outcome="won") == [
        "Of 1,300 answers whose outcome is known (having won a customer) each policy uses: indicator of not having "
        "rated 1,250.",
        "With one policy only there is nothing to compare: its estimates stand alone.",
        "Refused, complete answers: one reason.",
        "Refused, pairwise correlations: another.",
    ]


def test_a_policy_is_fitted_or_refused():
    found = policies({"indicator": "mail", "complete": "mail"})
    for refused in ({}, {"pairwise": say("x"), "complete": say("x")}):
        with pytest.raises(ValueError) as caught:
            replace(found, refused=refused)
        assert str(caught.value) == "each policy is either fitted or refused."
    assert found.formats == {
        "experienced": "percent", "importance": "percent", "estimate": "number:3", "std_error": "number:3",
    }  # fmt: skip


def answers_of(n=120, **columns):
    rng = np.random.default_rng(1)
    ratings = pd.DataFrame(rng.integers(1, 6, (n, 3)).astype(float), columns=NAMES)
    score = ratings["shop"] + ratings["mail"] + rng.integers(-2, 3, n)
    return ratings.assign(score=np.clip(score, 0, 10), **columns)


def study_of(survey, **options):
    return tpm.make_study(survey=survey, recommend="score", touchpoints=NAMES, **options)


def holed(every=2, n=120):
    survey = answers_of(n)
    return survey.assign(app=survey["app"].mask(survey.index % every == 0))


def test_policies_of_answers():
    found = tpm.compare_policies(study_of(holed()), level=0.9)
    assert [str(caveat) for caveat in found.caveats] == [
        "A driver is an association under every policy. Agreement does not show that all are right: they rest on the "
        "same answers.",
        "Who did not rate a touchpoint is told apart by an indicator, not given a rating; an effect of a rating is one "
        "among those who rated it.",
        "More than 5% of the missing ratings of app are no answer, or nothing says what they are: taken for never "
        'experienced by an indicator, they bend the effects of all touchpoints. missing="imputed" fills them in.',
    ]
    assert found.settings == {"outcome": "recommend", "level": 0.9}
    assert found.answers == 120
    assert found.agreement["n"].tolist() == [3] * 6
    table = found.table.set_index(["policy", "touchpoint"])
    for policy in SIZES:
        own = table.loc[policy]
        np.testing.assert_allclose(own["share"], own["importance"] / own["importance"].sum())


@pytest.mark.parametrize(("rated", "refused"), [(30, False), (29, True)])
def test_thirty_complete_answers_are_enough_for_three_touchpoints(rated, refused):
    survey = answers_of(100)
    found = tpm.compare_policies(study_of(survey.assign(app=survey["app"].mask(survey.index >= rated))))
    assert {policy: str(reason) for policy, reason in found.refused.items()} == (
        {"complete": "29 answers rated every touchpoint, and 30 are needed, 10 per coefficient"} if refused else {}
    )


def policy(importance, estimate):
    table = pd.DataFrame(
        {"touchpoint": list("abcd")[: len(importance)], "importance": importance, "estimate": estimate}
    )
    return SimpleNamespace(table=table)


def test_agreement_counts_signs_and_ranks_what_both_have():
    one = policy([0.4, 0.3, 0.2, 0.1], [0.0, -1.0, 2.0, -1.0])
    two = policy([0.1, 0.2, 0.3, np.nan], [1.0, 1.0, -1.0, 1.0])
    row = agreement({"indicator": one, "complete": two}).iloc[0]
    assert row.to_dict() == {
        "first": "indicator", "second": "complete", "n": 3, "rank_correlation": pytest.approx(-1), "signs": 2,
    }  # fmt: skip
    few = agreement({"indicator": policy([0.4, 0.3], [1, 1]), "complete": policy([0.1, 0.2], [1, 1])})
    assert few["rank_correlation"].isna().all()
    flat, falling = [0.1, 0.1, 0.1], [0.3, 0.2, 0.1]
    for first, second in ((flat, flat), (falling, flat), (flat, falling)):
        flats = agreement({"one": policy(first, [1, 1, 1]), "two": policy(second, [1, 1, 1])})
        assert flats["rank_correlation"].isna().all()


def test_differences_of_two_policies_add_up_and_are_adjusted_for_all():
    study = study_of(holed(3))
    models = {policy: tpm.driver_regression(study, missing=policy) for policy in ("indicator", "complete")}
    found = differences(models, study.persons, 0.9)
    estimates = [models[policy].table["estimate"] for policy in models]
    np.testing.assert_allclose(found["difference"], estimates[0] - estimates[1])
    influence = np.zeros((120, 3))
    for sign, model in zip((1, -1), models.values(), strict=True):
        places = [model.design.names.index(name) for name in NAMES]
        influence[model.design.rows] += sign * model.fit.influence[:, places]
    errors = np.sqrt((influence**2).sum(axis=0))
    np.testing.assert_allclose(found["std_error"], errors, rtol=0.02)  # but for the factor of single answers
    np.testing.assert_allclose(found["conf_high"] - found["difference"], 1.6448536 * found["std_error"], rtol=1e-6)
    assert found["p_adjusted"].min() == pytest.approx(min(3 * found["p_value"].min(), 1))


# Checks that the other file leaves open


@pytest.mark.parametrize(
    ("ceiling", "kind", "matters", "words"),
    [
        (0.15, "linear", True, "The highest score was given by 15.0% of the answers (15% and more matters), and 2.5% "
         "are predicted beyond the scores given: the straight line is an average, too flat in the middle and too steep "
         'at the top; hold it against outcome="promoter" or model="ordered_logit".'),
        (0.1499, "linear", False, "The highest score was given by 15.0% of the answers (15% and more matters), and "
         "2.5% are predicted beyond the scores given: the scale has room enough."),
        (0.15, "ordered_logit", False, "The highest score was given by 15.0% of the answers; the ordered logit knows "
         "that it ends there."),
    ],
)  # fmt: skip
def test_ends(ceiling, kind, matters, words):
    found = diagnoses.judge_ends(Ends(ceiling, 0.025), kind)
    assert (found.check, found.value, found.limit, found.matters) == ("ceiling", ceiling, 0.15, matters)
    assert said(found) == words


def net(low, high, importance=(0.2, 0.1), left=(0.05, 0.04)):
    table = pd.DataFrame({"touchpoint": ["shop", "mail"], "conf_low": [0.1, -0.3], "conf_high": [0.3, -0.1]})
    table = table.assign(net_low=low, net_high=high, importance=importance, net_importance=left)
    table.attrs["n"] = 1250
    return table


@pytest.mark.parametrize(
    ("low", "high", "kind", "words"),
    [
        ([0.01, -0.2], [0.2, -0.01], "overall", "Net of halo (with overall satisfaction held still; 1,250 answers) 30% "
         "of what the ratings explain is left, and all 2 touchpoints that were told from 0 still are."),
        ([0.0, -0.2], [0.2, -0.01], "earlier", "Net of halo (with the same person's answer of an earlier wave held "
         "still; 1,250 answers) 30% of what the ratings explain is left; of 2 touchpoints that were told from 0 these "
         "no longer are: The shop. They may be nothing but mood."),
        ([0.01, -0.2], [0.2, 0.0], "own", "Net of halo (with the marker that was given held still; 1,250 answers) 30% "
         "of what the ratings explain is left; of 2 touchpoints that were told from 0 these no longer are: The mail. "
         "They may be nothing but mood."),
    ],
)  # fmt: skip
def test_net(low, high, kind, words):
    found = diagnoses.judge_net(net(low, high), Marker(kind=kind, by_answer=np.array([])), LABELS)
    assert (found.check, found.value, found.matters) == ("net of halo", pytest.approx(0.3), "no longer" in words)
    assert np.isnan(found.limit)
    assert said(found) == words


def test_only_what_was_told_from_0_can_be_lost():
    table = net([-0.1, -0.1], [0.1, 0.1]).assign(conf_low=[0.0, 0.1], conf_high=[0.3, 0.3])
    found = diagnoses.judge_net(table, Marker(kind="own", by_answer=np.array([])), LABELS)
    assert "of 1 touchpoints that were told from 0 these no longer are: The mail." in said(found)
    none = diagnoses.judge_net(table.assign(conf_low=-0.1), Marker(kind="own", by_answer=np.array([])), LABELS)
    assert not none.matters
    assert said(none) == (
        "Net of halo (with the marker that was given held still; 1,250 answers) 30% of what the ratings explain is "
        "left; no touchpoint had been told from 0 on these answers."
    )


@pytest.mark.parametrize(
    ("found", "check", "limit", "matters"),
    [
        (diagnoses.judge_answers(10, "linear"), "answers", 10, False),
        (diagnoses.judge_condition(30.0), "condition", 30, True),
        (diagnoses.judge_calibration(Estimate(0.9, 0.8, 0.99, 9)), "calibration", 0.9, False),
        (diagnoses.judge_calibration(Estimate(0.89, 0.8, 0.99, 9)), "calibration", 0.9, True),
        (diagnoses.judge_calibration(Estimate(0.89, 0.8, 1.0, 9)), "calibration", 0.9, False),
        (diagnoses.judge_spread(Spread(3.0, 2, 0.04)), "spread", 0.05, False),
        (diagnoses.judge_dispersion(1.5, "poisson"), "dispersion", 1.5, True),
        (diagnoses.judge_halo(pd.DataFrame({"share": [0.5, 0.5]})), "halo", 0.5, True),
    ],
)
def test_each_check_has_its_limit(found, check, limit, matters):
    assert (found.check, found.limit, found.matters) == (check, limit, matters)


@pytest.mark.parametrize(("p_value", "words"), [(0.05, "spread alike"), (0.0499, "spread more")])
def test_residuals_spread_below_one_in_twenty(p_value, words):
    assert words in said(diagnoses.judge_spread(Spread(3.0, 2, p_value)))


def accuracy(apparent, outside, low, measure="r_squared"):
    return Accuracy(measure, Estimate(apparent, 0, 1, 9), Estimate(outside, low, 1, 9), np.array([]))


def test_a_tenth_of_the_accuracy_may_be_lost():
    assert not diagnoses.judge_accuracy(accuracy(0.5, 0.4501, 0.1), 0.95, 10).matters
    assert diagnoses.judge_accuracy(accuracy(0.5, 0.4499, 0.1), 0.95, 10).matters
    nothing = diagnoses.judge_accuracy(accuracy(0.5, 0.4, 0.01, "auc"), 0.95, 10)
    assert (nothing.value, nothing.matters) == (np.inf, True)  # its own answers are told no better than by chance
    assert said(nothing).endswith(": it is not shown to know more than chance; do not act on these drivers.")


def test_the_largest_influence_is_named_with_its_estimates():
    table = pd.DataFrame(
        {"touchpoint": ["shop", "mail", "app"], "influence": [1.0, 1.4, np.nan], "estimate": [0.5, -0.3, np.nan],
         "estimate_without": [0.4, -0.1, np.nan]}
    )  # fmt: skip
    found = diagnoses.judge_influence(table, LABELS)
    assert (found.value, found.limit, found.matters) == (1.4, 1.0, True)
    assert said(found) == (
        "Single customers decide about The shop and The mail: leaving one out changes the estimate by up to 1.40 "
        "standard errors (The mail: −0.300 becomes −0.100; 1 and more matters); look at these answers, or take more."
    )


# All checks together


def diagnostics(*matters, outcome="won"):
    names = list(diagnoses.CHECKS)[:4]
    return DriverDiagnostics(
        checks=pd.DataFrame({"check": names, "matters": [name in matters for name in names]}),
        findings=tuple(say("found") for _ in names), table=pd.DataFrame({"vif": [1.0, 2.0]}), outcome=outcome, n=1250,
        **dict.fromkeys([
            "condition_number", "r_squared", "measure", "apparent", "cross_validated", "events_per_coefficient", "halo",
            "components", "calibration", "calibration_slope", "heteroscedasticity", "ends", "net", "predicted",
            "observed", "model", "labels",
        ]),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("matters", "words"),
    [
        ([], "None of 4 checks speaks against these drivers of having won a customer (1,250 answers)."),
        (["condition"], "Of 4 checks one matters for these drivers of having won a customer (1,250 answers): condition "
         "number."),
        (["influence", "answers"], "Of 4 checks 2 matter for these drivers of having won a customer (1,250 answers): "
         "answers per coefficient and influence of single customers."),
    ],
)  # fmt: skip
def test_how_many_checks_matter(matters, words):
    found = diagnostics(*matters)
    assert [str(one) for one in found.sentences()] == [words, *["found"] * 4]
    assert found.formats == {
        "experienced": "percent", "estimate": "number:3", "std_error": "number:3", "estimate_without": "number:3",
        "vif": "number:2", "gvif": "number:2", "influence": "number:2",
    }  # fmt: skip


def test_every_check_has_its_words():
    assert [name.text("en") for name in diagnoses.CHECKS.values()] == [
        "answers per coefficient", "collinearity", "condition number", "influence of single customers", "overfitting",
        "calibration", "spread of the residuals", "spread of the counts", "ceiling of the scale", "halo",
        "what is left net of halo",
    ]  # fmt: skip


def test_impossible_diagnostics_are_refused():
    with pytest.raises(ValueError) as refused:
        replace(diagnostics(), table=pd.DataFrame({"vif": [0.99]}))
    assert str(refused.value) == "a variance inflation factor lies below 1."
    with pytest.raises(ValueError) as refused:
        replace(diagnostics(), findings=diagnostics().findings[:3])
    assert str(refused.value) == "each check needs its sentence."


HABITS = (
    "Limits are habits, not laws, and no check makes a cause of an association: what was not asked can stand behind "
    "all of it."
)


def test_with_and_without_a_marker():
    rng = np.random.default_rng(2)
    survey = answers_of()
    drivers = tpm.driver_regression(study_of(survey))
    without = tpm.driver_diagnostics(drivers, folds=2)
    assert str(without.findings[-1]) == (
        "Net of halo nothing can be said: that takes a marker which is not made of the ratings, such as overall "
        "satisfaction or an answer of an earlier wave; give the study as overall=."
    )
    assert [str(caveat) for caveat in without.caveats] == [HABITS]
    assert without.settings == {
        "outcome": "recommend", "missing": "indicator", "level": 0.95, "folds": 2, "seed": 1,
    }  # fmt: skip
    beside = tpm.driver_diagnostics(drivers, overall=rng.normal(size=120), folds=2)
    assert beside.net.attrs["n"] == 120
    assert [str(caveat) for caveat in beside.caveats] == [
        HABITS,
        "Where the touchpoints themselves have made the marker, holding it still takes part of their effect away as "
        "well; the drivers then lie between both estimates.",
    ]


@pytest.mark.parametrize(("known", "enough"), [(40, True), (39, False)])
def test_a_marker_is_known_for_ten_answers_per_column(known, enough):
    """Three ratings and the constant: forty answers."""
    drivers = tpm.driver_regression(study_of(answers_of()))
    values = np.where(np.arange(120) < known, np.random.default_rng(2).normal(size=120), np.nan)
    table, reason = halo.net_of_halo(drivers, Marker(kind="own", by_answer=values))
    assert (table is not None) == enough
    assert enough or str(reason) == "it is known for 39 answers, and 40 are needed"


def test_a_marker_with_which_no_finite_effect_fits():
    survey = answers_of()
    drivers = tpm.driver_regression(study_of(survey), outcome="promoter")
    known = np.where(np.arange(120) % 2 == 0, np.random.default_rng(2).normal(size=120), np.nan)
    marker = known + 100 * (survey["score"] >= 9)  # it tells the outcome
    _, reason = halo.net_of_halo(drivers, Marker(kind="own", by_answer=marker.to_numpy()))
    assert str(reason) == "no finite effects fit the answers for which it is known"


# Numbers behind the checks


def test_answers_for_each_coefficient_of_every_kind():
    def each(events, kind, n=100):
        design = SimpleNamespace(columns=range(6))
        return checks.events_per_coefficient(
            SimpleNamespace(events=events, n=n, design=design, fit=SimpleNamespace(kind=kind))
        )

    assert each(None, "linear") == 20
    assert each(30, "logit") == each(70, "logit") == 6
    assert each(130, "log") == 26


def test_the_ends_are_those_of_the_scores_given_and_weighted():
    """Scores from 2 to 9; of the weights 1 to 5 the last two, 4 and 5, gave the highest."""
    fit = SimpleNamespace(
        kind="linear", weights=np.arange(1.0, 6), predict=lambda matrix: np.array([1.9, 2.0, 9.0, 9.1, 5.0]), n=5
    )
    drivers = SimpleNamespace(
        fit=fit, observed=np.array([2.0, 5, 5, 9, 9]), design=SimpleNamespace(matrix=np.ones((5, 2)))
    )
    found = checks.ends(drivers)
    assert (found.ceiling, found.outside) == (pytest.approx(9 / 15), pytest.approx(5 / 15))
    fit.kind = "logit"
    assert checks.ends(drivers) is None


def test_components_of_ratings_that_vary():
    ratings = answers_of()[NAMES]
    found = halo.rating_components(ratings, np.ones(120))
    values = np.linalg.eigvalsh(ratings.corr())[::-1]
    np.testing.assert_allclose(found["eigenvalue"], values)
    np.testing.assert_allclose(found["share"], values / 3)
    assert found["component"].tolist() == [1, 2, 3]
    assert len(halo.rating_components(ratings.assign(app=4.0), np.ones(120))) == 2
    assert len(halo.rating_components(ratings.assign(app=4.0, mail=4.0), np.ones(120))) == 0


def test_a_marker_of_every_answer_is_long_enough():
    drivers = tpm.driver_regression(study_of(answers_of(60)))
    assert halo.read_marker(None, drivers) is None
    assert len(halo.read_marker(range(60), drivers).by_answer) == 60
    with pytest.raises(ValueError) as refused:
        halo.read_marker(range(59), drivers)
    assert str(refused.value) == (
        "overall must have one value for each answer of the survey; got 59, and the regression uses the answer in row "
        "59."
    )
    words = halo.read_marker(["x", *range(59)], drivers).by_answer
    assert np.isnan(words[0]) and words[1] == 0


def test_policies_that_use_the_same_answers_differ_by_nothing_at_all():
    found = differences({
        name: tpm.driver_regression(study_of(answers_of()), missing=name) for name in ("indicator", "complete")
    }, np.arange(120), 0.95)  # fmt: skip
    assert (found[["difference", "std_error", "conf_low", "conf_high"]] == 0).all(axis=None)
    assert found[["p_value", "p_adjusted"]].to_numpy().tolist() == [[1, 1]] * 3
