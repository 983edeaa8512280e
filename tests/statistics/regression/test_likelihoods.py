"""Newton's method where a whole step goes too far, against fits that are known in closed form."""

import numpy as np
import pytest

from tpm_widgets.statistics.regression.likelihoods import likelihood, maximise

ONE_APART = np.append(np.zeros(200), 1.0)[None]  # a column that one answer alone has


def climbed(model, outcome, columns=ONE_APART, weights=None):
    law = likelihood(model, outcome, np.ones(len(outcome)) if weights is None else weights)
    return law, maximise(law, columns, np.append(law.start, np.zeros(len(columns))))


def test_a_step_that_goes_too_far_is_cut():
    """A mean of 1/4 and one count of 50: the first whole step would ask for exp(200)."""
    law, best = climbed("poisson", np.append(np.tile([1.0, 0, 0, 0], 50), 50))
    assert best.converged
    assert best.parameters == pytest.approx([np.log(0.25), np.log(200)], rel=1e-9)
    found = law.slopes(best.parameters, ONE_APART)
    assert found.gradient == pytest.approx([0, 0], abs=1e-6)
    assert best.curvature == pytest.approx(found.curvature)
    assert found.curvature == pytest.approx(np.array([[100, 50], [50, 50]]), rel=1e-6)


def test_two_groups_have_the_log_odds_of_their_shares():
    groups, outcome = np.repeat([0.0, 1], 100)[None], np.concatenate([np.arange(100) < 2, np.arange(100) < 97])
    _, best = climbed("logit", outcome.astype(float), groups)
    assert best.parameters == pytest.approx([np.log(2 / 98), np.log(97 / 3) - np.log(2 / 98)], rel=1e-9)
    _, three = climbed("ordered", np.repeat([1.0, 2, 5], [20, 30, 50]), np.empty((0, 100)))
    assert three.parameters == pytest.approx([np.log(0.2 / 0.8), 0], abs=1e-9)


def test_a_start_far_off_ends_at_the_same_place():
    outcome = np.append(np.tile([1.0, 0, 0, 0], 50), 50)
    law, best = climbed("poisson", outcome)
    for start in ([5.0, -5.0], [-5.0, 0.0], [0.0, 12.0]):
        again = maximise(law, ONE_APART, np.array(start))
        assert again.converged
        assert again.parameters == pytest.approx(best.parameters, rel=1e-8)
