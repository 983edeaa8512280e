"""At which distance in time saying and doing go together: Bonferroni's bound, and each sentence word for word."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tpm_widgets.as_is.say_do.time import _lags, profile_of


def test_apart_is_bonferronis_bound_over_all_distances():
    """``apart`` is where the p value, by the interval's own error, times the number of distances is below 5 %."""
    rng = np.random.default_rng(4)
    score, other = rng.normal(size=(2, 40))
    measured = SimpleNamespace(time=True, deeds=("recommendations",), level=0.95)
    for lags in (0, 2, 4):
        found = pd.concat(
            _lags(
                pd.DataFrame({"score": score, "recommendation_rate": share * score + (1 - share) * other}),
                measured, lags, 40,
            )
            for share in np.linspace(0, 0.6, 200)
        )  # fmt: skip
        centre = np.arctanh(found["estimate"])
        error = (np.arctanh(found["conf_high"]) - centre) / stats.norm.ppf(0.975)
        p_value = 2 * stats.norm.sf(np.abs(centre / error))
        together = p_value * (2 * lags + 1)
        assert (found["apart"] == (together < 0.05)).all()
        assert ((together > 0.05) & (together < 0.056)).any()  # misses by little: another divisor would count it
        assert ((together < 0.05) & (together > 0.044)).any()


def lags_of(lag, estimate=0.5, apart=True):
    return pd.DataFrame(
        {"lag": [lag, 9], "deed": "recommendations", "estimate": [estimate, 0.1], "conf_low": [0.2, -0.2],
         "conf_high": [0.7, 0.3], "n": [30, 22], "apart": [apart, False]}
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lag", "words"),
    [
        (0, "Beyond their trends the score and the rate go together most in the same period: +0.50 (95% interval +0.20 "
         "to +0.70, 30 pairs; apart from 0 also when all 2 distances are counted)."),
        (1, "Beyond their trends they go together most where the deeds come 1 period after the answers: +0.50 (95% "
         "interval +0.20 to +0.70, 30 pairs; apart from 0 also when all 2 distances are counted)."),
        (3, "Beyond their trends they go together most where the deeds come 3 periods after the answers: +0.50 (95% "
         "interval +0.20 to +0.70, 30 pairs; apart from 0 also when all 2 distances are counted)."),
        (-1, "Beyond their trends they go together most where the deeds come 1 period before the answers: +0.50 (95% "
         "interval +0.20 to +0.70, 30 pairs; apart from 0 also when all 2 distances are counted)."),
        (-2, "Beyond their trends they go together most where the deeds come 2 periods before the answers: +0.50 (95% "
         "interval +0.20 to +0.70, 30 pairs; apart from 0 also when all 2 distances are counted)."),
    ],
)  # fmt: skip
def test_the_distance_at_which_both_go_together_most(lag, words):
    assert profile_of(lags_of(lag), "recommendations", 30, 0.95).text("en") == words


def test_the_largest_of_several_counts_in_either_direction():
    both = lags_of(1).assign(estimate=[0.5, -0.6], apart=True)
    assert "9 periods after the answers: −0.60" in profile_of(both, "recommendations", 30, 0.95).text("en")
