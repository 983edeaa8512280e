"""Unequal churn is not taken for unequal deeds: METHODS 3's numbers, and a pooled look at 50 fixed seeds.

The whole look, 1,000 seeds, is ``make verify``.
"""

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.integrate import quad

import tpm_widgets as tpm
from tests.verification import churn
from tests.verification.churn import CHURN, HAZARD, LEVEL

SEEDS = range(4_950, 5_000)  # none of those of make verify
SURENESS = 0.999
LARGE = 100_000  # answers; the limits below are about three standard errors


def test_naive_shares_in_closed_form():
    # METHODS 3: "with equal monthly hazards and faster churn of detractors, a naive table shows 7.3 % against 4.5 %".
    shares = {kind: churn.naive_share(HAZARD, CHURN[kind]) for kind in ("promoter", "detractor")}
    assert {kind: round(share, 3) for kind, share in shares.items()} == {"promoter": 0.073, "detractor": 0.045}
    for kind, share in shares.items():  # the chance to recommend at month t and to be there still, summed up

        def density(month, leaving=CHURN[kind]):
            return HAZARD * np.exp(-(HAZARD + leaving) * month)

        assert share == pytest.approx(quad(density, 0, 12)[0], abs=1e-12)


def test_a_large_study_shows_the_naive_shares_and_the_equal_rates():
    drawn = churn.draw(1, LARGE)
    naive = churn.naive_table(drawn)["share"]
    assert naive["promoter"] == pytest.approx(0.073, abs=0.004)
    assert naive["detractor"] == pytest.approx(0.045, abs=0.004)

    classes = tpm.say_do(churn.study_of(drawn), replicates=20).classes.set_index("promoter_class")
    # METHODS' rates, .93 and .99, are those of one sample around the common .95.
    assert classes["rate"].to_list() == pytest.approx([100 * HAZARD] * 3, abs=0.07)
    assert classes["estimate"].to_list() == pytest.approx([-np.expm1(-12 * HAZARD)] * 3, abs=0.015)


def test_recommendations_before_the_answer_do_not_count():
    drawn = churn.draw(2)
    later = drawn.day > churn.ANSWERED
    without = churn.Drawn(
        kind=drawn.kind, score=drawn.score, left=drawn.left, who=drawn.who[later], day=drawn.day[later]
    )
    found, same = (tpm.say_do(churn.study_of(each), replicates=20) for each in (drawn, without))
    assert (~later).sum() > 1_000
    pd.testing.assert_frame_equal(found.classes, same.classes)
    pd.testing.assert_frame_equal(found.table, same.table)


@pytest.mark.slow
def test_unequal_churn_is_not_taken_for_unequal_deeds():
    runs = pd.concat([churn.one_seed(seed) for seed in SEEDS], ignore_index=True)
    shares = churn.shares_of_seeds(runs)
    assert shares["naive_finds_one"] > 0.9
    least = stats.binom.ppf((1 - SURENESS) / len(churn.FINDS_NOTHING), len(SEEDS), LEVEL) / len(SEEDS)
    assert (shares[list(churn.FINDS_NOTHING)] >= least).all(), shares
    assert least > 0.8  # so that the line above can fail
    assert np.exp(np.log(runs["rate_ratio"]).mean()) == pytest.approx(1, abs=0.05)
