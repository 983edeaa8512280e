"""*No answer* is not *never experienced*: filled in it bends nothing, and where an indicator bends, it is said."""

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

TRUE = [0.8, 0.4, 0.0]
NO_ANSWER, NEVER = 99, 97


def study_of(unanswered=0.3, never=0.0, n=3000, seed=1, **options):
    """Three ratings that go together; of the first some are not given, of the third some do not exist."""
    rng = np.random.default_rng(seed)
    mood = rng.normal(size=(n, 1))
    ratings = np.clip(np.round(3 + 0.8 * mood + 0.8 * rng.normal(size=(n, 3))), 1, 5)
    score = 5 + (ratings - 3) @ TRUE + rng.normal(size=n)
    frame = pd.DataFrame(ratings, columns=["shop", "mail", "app"]).assign(score=score)
    frame.loc[rng.random(n) < unanswered, "shop"] = NO_ANSWER
    frame.loc[rng.random(n) < never, "app"] = NEVER
    options = {"no_answer": [NO_ANSWER], "not_experienced": [NEVER]} | options
    return tpm.make_study(
        frame, recommend="score", recommend_scale=(-20, 30), touchpoints=["shop", "mail", "app"], **options
    )


def said(drivers):
    return [str(caveat) for caveat in drivers.caveats]


def warned(drivers):
    return [caveat for caveat in said(drivers) if "bend the effects" in caveat]


def test_filled_in_it_bends_nothing():
    study = study_of()
    filled = tpm.driver_regression(study, missing="imputed")
    assert filled.table["estimate"].tolist() == pytest.approx(TRUE, abs=0.06)
    assert filled.table["p_value"].iloc[2] > 0.05
    told_apart = tpm.driver_regression(study)
    assert np.abs(told_apart.table["estimate"] - TRUE).max() > 0.1  # so that the lines above can fail
    assert told_apart.table["p_value"].iloc[2] < 0.001
    assert filled.table["importance"].sum() == pytest.approx(filled.r_squared, abs=1e-9)
    assert (filled.n, filled.table["n"].iloc[0]) == (3000, study.ratings["shop"].notna().sum())
    assert filled.settings["imputations"] == 20
    again = tpm.driver_regression(study, missing="imputed")
    pd.testing.assert_frame_equal(filled.table, again.table)


def test_what_was_never_experienced_keeps_its_indicator():
    filled = tpm.driver_regression(study_of(never=0.3), missing="imputed")
    own = filled.terms[filled.terms["part"] == "not_rated"]
    assert own["touchpoint"].tolist() == ["app"]
    assert own["n"].item() == study_of(never=0.3).ratings["app"].isna().sum()


def test_the_warning_and_what_was_filled_in_are_said():
    study = study_of()
    assert warned(tpm.driver_regression(study)) == [
        "More than 5% of the missing ratings of shop are no answer, or nothing says what they are: taken for never "
        'experienced by an indicator, they bend the effects of all touchpoints. missing="imputed" fills them in.'
    ]
    cells = study.ratings["shop"].isna().sum()
    assert said(tpm.driver_regression(study, missing="imputed"))[1] == (
        f"{cells} ratings ({cells / 9000:.1%}) exist, as far as is known, and were not given: they are filled in 20 "
        "times from all others and the outcome. That is right where who did not answer differs from others only as "
        "these tell."
    )
    assert warned(tpm.driver_regression(study, missing="complete")) == []


def test_blanks_of_unknown_meaning_are_warned_of_and_those_never_experienced_are_not():
    assert warned(tpm.driver_regression(study_of(unanswered=0, never=0.3))) == []
    assert warned(tpm.driver_regression(study_of(no_answer=[], not_experienced=[NO_ANSWER]))) == []
    unknown = study_of(no_answer=[], not_experienced=[])  # off the scale and of no code: no answer
    assert len(warned(tpm.driver_regression(unknown))) == 1


def test_nothing_to_fill_in_is_as_the_indicator_has_it():
    study = study_of(unanswered=0, never=0.3)
    filled = tpm.driver_regression(study, missing="imputed")
    pd.testing.assert_frame_equal(filled.table, tpm.driver_regression(study).table)
    assert said(filled)[-1] == (
        "Nothing was filled in: no rating is missing that is not known to be of nothing experienced."
    )


@pytest.mark.parametrize(("outcome", "model"), [("promoter", None), ("recommend", "ordered_logit")])
def test_other_models_are_filled_in_too(outcome, model):
    rng = np.random.default_rng(2)
    ratings = rng.integers(1, 6, (800, 2)).astype(float)
    score = np.clip(np.round(6 + 1.2 * (ratings[:, 0] - 3) + rng.normal(size=800) * 2), 0, 10)
    whole = pd.DataFrame(ratings, columns=["shop", "mail"]).assign(score=score)
    part = whole.assign(shop=whole["shop"].where(rng.random(800) > 0.2, NO_ANSWER))
    options = {"recommend": "score", "touchpoints": ["shop", "mail"], "no_answer": [NO_ANSWER]}
    filled = tpm.driver_regression(tpm.make_study(part, **options), outcome=outcome, model=model, missing="imputed")
    true = tpm.driver_regression(tpm.make_study(whole, **options), outcome=outcome, model=model)
    assert filled.table["estimate"].tolist() == pytest.approx(true.table["estimate"].tolist(), abs=0.1)
    assert filled.effects["estimate"].tolist() == pytest.approx(true.effects["estimate"].tolist(), rel=0.1, abs=0.02)
    assert filled.table["std_error"].iloc[0] > true.table["std_error"].iloc[0]
    assert (filled.effects["conf_low"] < filled.effects["conf_high"]).all()


def test_what_looks_at_single_answers_takes_none_that_were_filled_in():
    filled = tpm.driver_regression(study_of(n=300), missing="imputed")
    with pytest.raises(ValueError) as refused:
        tpm.driver_diagnostics(filled)
    assert str(refused.value) == (
        "driver_diagnostics looks at single answers, and missing='imputed' has filled some in; take the drivers of "
        "'indicator' or 'complete'."
    )
    with pytest.raises(ValueError, match="missing='imputed' takes its covariances from more than the answers"):
        tpm.importance_intervals(filled)


def test_policies_are_held_against_each_other():
    found = tpm.compare_policies(study_of())
    assert set(found.models) == {"indicator", "complete", "pairwise", "imputed"}
    assert (
        "By multiple imputation estimates differ from those by indicator for shop, mail and app (18 Holm-adjusted "
        "comparisons on overlapping answers): ratings that exist and were not given bend the indicator's there; rely "
        "on what is filled in."
    ) in found.summary("en")
    assert "imputed" not in tpm.compare_policies(study_of(unanswered=0, never=0.3)).models
    tpm.plot_policy_comparison(found)
