"""Over- and underspend: the check of METHODS 6 by hand, and what must hold for any budget."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import tpm_widgets as tpm
from tpm_widgets.plan.budget import _shift


@pytest.fixture(scope="module")
def study():
    rng = np.random.default_rng(1)
    survey = pd.DataFrame({name: rng.integers(1, 6, 400) for name in ("shop", "mail", "phone")})
    score = 3 + 0.8 * survey["shop"] + 0.5 * survey["mail"] - 0.3 * survey["phone"] + rng.normal(size=400)
    survey["score"] = score.round().clip(0, 10).astype(int)
    touchpoints = pd.DataFrame({"touchpoint": ["shop", "mail", "phone"], "label": ["Shop", "Mail", "Phone"]})
    touchpoints["spend"] = [50.0, 30.0, 20.0]
    return tpm.make_study(
        survey=survey, recommend="score", touchpoints=["shop", "mail", "phone"], touchpoint_table=touchpoints
    )


@pytest.fixture(scope="module")
def drivers(study):
    return tpm.driver_regression(study)


def with_importance(drivers, shares):
    return replace(drivers, table=drivers.table.assign(importance=drivers.r_squared * np.array(shares)))


def test_the_check_of_the_methods(study, drivers):
    # METHODS 6: spend 50/30/20 and importance .2/.3/.5 of B = 100 → shift −30/0/+30
    result = tpm.spend_gap(study, with_importance(drivers, [0.2, 0.3, 0.5]))
    table = result.table
    np.testing.assert_allclose(table["shift"], [-30, 0, 30], atol=1e-12)
    np.testing.assert_allclose(table["gap"], [0.3, 0, -0.3], atol=1e-12)
    assert result.budget == 100
    assert list(table.columns[:6]) == ["touchpoint", "spend", "spend_share", "importance_share", "gap", "shift"]
    assert result.summary("en") == (
        "Measured by words (the willingness to recommend), most overspent is Shop (50.0% of the spend, 20.0% of the "
        "importance), most underspent Phone (20.0% of the spend, 50.0% of the importance). To spend 100 in proportion "
        "to importance for words (the willingness to recommend) (LMG, 400 answers), 30 would move "
        "between 3 touchpoints, 30.0% of the budget."
    )


def test_importance_is_the_share_of_the_drivers(study, drivers):
    shares = tpm.relative_importance(drivers).table.set_index("touchpoint")["share"]
    found = tpm.spend_gap(study).table.set_index("touchpoint")["importance_share"]
    np.testing.assert_allclose(found, shares[found.index], atol=1e-12)


def test_a_negative_driver_is_flagged(study):
    result = tpm.spend_gap(study)
    assert result.table["sign"].tolist() == [1, 1, -1]
    assert (
        "Better ratings go with less recommendation, all else equal, so do not shift money there on this ground: Phone."
    ) in [str(caveat) for caveat in result.caveats]


def test_unknown_spend_and_unrated_touchpoints_are_in_no_share(study):
    more = pd.DataFrame({"touchpoint": ["fair", "sign"], "label": ["Fair", "Sign"], "spend": [900.0, np.nan]})
    touchpoints = pd.concat([study.touchpoints, more], ignore_index=True)
    touchpoints.loc[1, "spend"] = np.nan
    result = tpm.spend_gap(replace(study, touchpoints=touchpoints))
    table = result.table.set_index("touchpoint")
    assert table.loc[["mail", "fair", "sign"], ["spend_share", "importance_share", "gap", "shift"]].isna().all().all()
    assert table["spend_share"].sum() == pytest.approx(1) and table["importance_share"].sum() == pytest.approx(1)
    assert result.budget == 70
    said = [str(caveat) for caveat in result.caveats]
    assert "Without known spend, so in no share: Mail and Sign." in said
    assert "Not rated or not estimable, so its spend (900) is in no share: Fair." in said


def test_one_touchpoint_has_nothing_to_shift(study):
    touchpoints = study.touchpoints.assign(spend=[50.0, np.nan, np.nan])
    result = tpm.spend_gap(replace(study, touchpoints=touchpoints))
    assert result.table["shift"].tolist()[0] == 0
    assert "Shop" in result.summary()


@given(st.lists(st.tuples(st.floats(0.01, 1e6), st.floats(0.001, 1)), min_size=1, max_size=20), st.floats(0.1, 100))
def test_what_is_shifted_away_arrives_and_the_currency_does_not_matter(pairs, unit):
    spend, importance = np.array(pairs).T
    _, _, shift = _shift(spend, importance)
    assert abs(shift.sum()) < 1e-9 * spend.sum() + 1e-12
    np.testing.assert_allclose(
        _shift(spend * unit, importance)[2], shift * unit, rtol=1e-9, atol=1e-9 * spend.sum() * unit
    )
    np.testing.assert_allclose(spend + shift, spend.sum() * importance / importance.sum(), rtol=1e-6, atol=1e-9)


def test_without_spend_it_is_refused(study):
    with pytest.raises(tpm.DataError) as caught:
        tpm.spend_gap(replace(study, touchpoints=study.touchpoints.drop(columns="spend")))
    assert str(caught.value) == (
        "touchpoints, column 'spend': expected values of this role for spend_gap. Name the column that plays this role "
        'under [touchpoints] in study.toml: spend = "…".'
    )
    with pytest.raises(tpm.DataError) as caught:
        tpm.spend_gap(replace(study, touchpoints=study.touchpoints.assign(spend=0.0)))
    assert str(caught.value) == (
        "touchpoints, column 'spend': expected spend above 0 at touchpoints that customers rated and that go with "
        "recommendation. Give the spend per touchpoint under the names that the survey rates."
    )


def test_the_input_stays(study):
    before = study.data_hash
    tpm.spend_gap(study)
    assert study.data_hash == before


def test_money_is_read_whole_and_shares_in_percent(study, drivers):
    result = tpm.spend_gap(study, with_importance(drivers, [0.2, 0.3, 0.5]))
    assert result.formats == {
        "spend": "number:0", "shift": "number:0", "sign": "number:0",
        "spend_share": "percent", "importance_share": "percent", "gap": "points",
    }  # fmt: skip
