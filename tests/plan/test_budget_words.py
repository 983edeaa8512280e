"""Over- and underspend word for word: caveats, what is refused, and shares that must add up."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tpm_widgets.plan.budget import SpendGap, _caveats, _refuse_empty, _shift

LABELS = {"shop": "The shop", "mail": "The mail", "app": "The app"}


def gaps(budget=2000.0, **columns):
    """Spend .5, .3, .2 against importance .2, .3, .5."""
    table = pd.DataFrame({"touchpoint": list(LABELS), "spend": np.array([0.5, 0.3, 0.2]) * budget})
    table["spend_share"], table["importance_share"] = [0.5, 0.3, 0.2], [0.2, 0.3, 0.5]
    table["gap"] = table["spend_share"] - table["importance_share"]
    table = table.assign(shift=-table["gap"] * budget, sign=1.0, verdict=["overspent", "", "underspent"])
    settings = {"n": 1250, "outcome": "recommend", "level": 0.95}
    tests = {"noise_p_value": 0.001, "equal_p_value": 0.02}
    return SpendGap(table=table.assign(**columns), budget=budget, labels=LABELS, settings=settings, **tests)


def test_summary_word_for_word():
    assert gaps().summary("en") == (
        "Measured by words (the willingness to recommend), more than importance tells is spent on The shop, less on "
        "The app (by more than chance: 95% intervals, Holm-adjusted for 3). To spend 2,000 in proportion to importance "
        "for words (the willingness to recommend) (LMG, 1,250 answers), 600 would move between 3 touchpoints, 30.0% of "
        "the budget."
    )


@pytest.mark.parametrize(
    ("column", "wrong"),
    [("spend_share", [0.5, 0.3, 0.3]), ("importance_share", [0.2, 0.2, 0.5]), ("shift", [-0.3, 0.0, 0.31])],
)
@pytest.mark.parametrize("budget", [0.5, 2000.0, 2e12])
def test_shares_and_shifts_that_do_not_add_up_are_refused(column, wrong, budget):
    """Whatever the currency."""
    gaps(budget)
    with pytest.raises(ValueError) as refused:
        gaps(budget, **{column: np.array(wrong) * (budget if column == "shift" else 1)})
    assert str(refused.value) == "Shares add up to 1, and what is shifted away arrives elsewhere."


def said(**columns):
    study, drivers = SimpleNamespace(labels=LABELS), SimpleNamespace(n=1250)
    return [str(caveat) for caveat in _caveats(study, gaps().table.assign(**columns), drivers)]


NEXT_EURO = (
    "Importance is an association from 1,250 answers, and a share of spend is not its effect: what the next euro "
    "brings is not known from this."
)


def test_caveats_word_for_word():
    assert said() == [NEXT_EURO]
    assert said(sign=[0.0, 1.0, -1.0]) == [
        NEXT_EURO,
        "Better ratings go with less recommendation, all else equal, so do not shift money there on this ground: The "
        "app.",
    ]
    assert said(sign=-1.0, spend_share=np.nan) == [NEXT_EURO]
    assert said(spend=[np.nan, 1234.0, 766.0], importance_share=[0.5, np.nan, np.nan]) == [
        NEXT_EURO,
        "Without known spend, so in no share: The shop.",
        "Not rated or not estimable, so its spend (2,000) is in no share: The mail and The app.",
    ]


def test_nothing_spent_or_nothing_important():
    _refuse_empty(np.array([np.nan, 1.0]), np.array([0.5, np.nan]))
    for spend, importance in (([0.0, 0.0], [0.5, 0.5]), ([1.0, 1.0], [0.0, np.nan]), ([np.nan], [np.nan])):
        with pytest.raises(ValueError, match=r"^touchpoints, column 'spend': expected spend above 0 at touchpoints "):
            _refuse_empty(np.array(spend), np.array(importance))


def test_what_is_not_compared_shifts_nothing():
    spend, importance, shift = _shift(np.array([60.0, np.nan, 40.0]), np.array([0.1, np.nan, 0.3]))
    np.testing.assert_allclose(spend, [0.6, np.nan, 0.4])
    np.testing.assert_allclose(importance, [0.25, np.nan, 0.75])
    np.testing.assert_allclose(shift, [-35, np.nan, 35])
