"""Raking: against R's survey, and what raked weights keep, leave alone and refuse."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tpm_widgets.statistics.estimates.design import Design, Raking, mean_by_design
from tpm_widgets.statistics.estimates.raking import Margin, raked

R = 1e-11  # R's survey 4.1-1 prints 13 digits and rakes to 1e-12

PLACE = np.arange(60)
VALUES = ((7 * PLACE**2 + 3 * PLACE) % 11).astype(float)
SCORES = np.where(VALUES >= 9, 1.0, -1.0)
WEIGHTS = 1 + (PLACE % 4) / 2
CLUSTERS, STRATA, GROUP = PLACE // 4, PLACE // 20, PLACE**2 % 3
AGE, SEX = (PLACE * 5 + PLACE // 7) % 3, (PLACE % 5 > 2).astype(int)
BY_AGE, BY_SEX = Margin(AGE, np.array([0.3, 0.45, 0.25])), Margin(SEX, np.array([45.0, 55.0]))
CELLS = Margin(3 * SEX + AGE, np.array([150.0, 200, 100, 150, 250, 150]))


def designs(margins):
    weights = raked(WEIGHTS, margins)
    raking = Raking.of(WEIGHTS, weights, margins)
    return [Design(weights, PLACE, None, True, raking), Design(weights, CLUSTERS, STRATA, True, raking)]


def test_weights_are_those_of_the_survey_package():
    """R: calibrate(svydesign(…, weights=~w), ~a + b, calfun = "raking"), and rake(), for 1,000 persons."""
    found = 1000 * raked(WEIGHTS, [BY_AGE, BY_SEX]) / WEIGHTS.sum()
    expected = [
        5.1196468179075,
        9.6785432335174,
        22.4910268194430,
        22.6603037778875,
        11.4236385229692,
        16.8682701145823,
    ]
    assert found[:6] == pytest.approx(expected, abs=R)


@pytest.mark.parametrize(
    ("margins", "means", "errors"),
    [
        (
            [BY_AGE, BY_SEX],
            (4.1984340968330, -0.6037724694706),
            [(0.5378672436211, 0.1306959397080), (0.3633249652277, 0.1055335171355)],
        ),
        (
            [CELLS],  # postStratify
            (4.1846583795462, -0.6070355186609),
            [(0.5255866777433, 0.1232837095024), (0.34776600500422, 0.09094043706899)],
        ),
    ],
)
def test_errors_are_those_of_the_survey_package(margins, means, errors):
    """R: svymean after calibrate(calfun = "raking") and after postStratify; strata and clusters in the second."""
    for design, expected in zip(designs(margins), errors, strict=True):
        found = [mean_by_design(values, design) for values in (VALUES, SCORES)]
        assert [one.estimate for one in found] == pytest.approx(means, abs=R)
        assert [one.std_error for one in found] == pytest.approx(expected, abs=R)


def test_errors_of_a_group_are_those_of_the_survey_package():
    """R: svymean(subset(…, g == 1))."""
    expected = [(0.6449412987954, 0.1757001969870), (0.5592812186211, 0.1602032735523)]
    for design, errors in zip(designs([BY_AGE, BY_SEX]), expected, strict=True):
        found = [mean_by_design(values, design, np.flatnonzero(GROUP == 1)) for values in (VALUES, SCORES)]
        assert [one.std_error for one in found] == pytest.approx(errors, abs=R)


def test_what_the_margins_tell_has_no_error():
    design = designs([BY_AGE, BY_SEX])[0]
    share = mean_by_design((SEX == 1).astype(float), design)
    assert share.estimate == pytest.approx(0.55) and share.std_error == pytest.approx(0, abs=1e-12)


@settings(max_examples=40)
@given(st.lists(st.floats(0.1, 10), min_size=60, max_size=60), st.floats(0.05, 0.9))
def test_every_share_is_kept_and_what_does_not_count_stays_so(weights, share):
    weights = np.array(weights)
    weights[7] = 0
    before = weights.copy()
    sex, age = Margin(SEX, np.array([share, 1 - share])), Margin(np.where(PLACE < 9, -1, AGE), np.ones(3))
    found = raked(weights, [sex, age])
    assert (weights == before).all() and found[7] == 0 and (found >= 0).all()
    assert found.sum() == pytest.approx(weights.sum())
    assert found[SEX == 0].sum() / found.sum() == pytest.approx(share)
    known = PLACE >= 9
    without = weights[~known].sum() / weights.sum()
    assert found[~known].sum() / found.sum() == pytest.approx(without)
    assert np.bincount(AGE[known], found[known]) / found.sum() == pytest.approx([(1 - without) / 3] * 3)


def test_margins_that_are_met_change_nothing():
    kept = Margin(SEX, np.bincount(SEX, WEIGHTS))
    assert raked(WEIGHTS, [kept]) == pytest.approx(WEIGHTS)


def test_margins_that_nobody_can_meet_are_refused():
    all_alike = np.array([0, 0, 1, 1])
    with pytest.raises(ValueError) as refused:
        raked(np.ones(4), [Margin(all_alike, np.array([0.5, 0.5])), Margin(all_alike, np.array([0.3, 0.7]))])
    assert str(refused.value) == "no weights give every category its share."
