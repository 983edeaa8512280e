"""Which groups are enough to compare, when a difference is negligible, and what is said of it."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from tpm_widgets.strategy.compare.groups import _record, _verdict

PAIR = ("a", "b")


def used(n, events):
    return SimpleNamespace(rows=np.arange(n), observed=np.repeat([1.0, 0.0], [events, n - events]))


@pytest.mark.parametrize(("events", "rarer"), [(100, 100), (900, 100), (500, 500)])
def test_answers_per_coefficient_are_those_of_the_rarer_outcome(events, rarer):
    """900 promoters of 1,000 say as little about what makes one as 100 do."""
    found = _record("a", used(1000, events), 11, "promoter", 5)
    assert found["per_coefficient"] == pytest.approx(rarer / 11)
    assert found["withheld"] == (rarer < 110)


def test_of_a_score_every_answer_counts():
    found = _record("a", used(110, 0), 11, "recommend", 5)
    assert (found["per_coefficient"], found["withheld"]) == (10, False)
    assert _record("a", used(110, 0), 11, "recommend", 111)["withheld"]


@pytest.mark.parametrize(
    ("level", "negligible", "verdict"),
    [
        (0.95, 1.66, "no"), (0.95, 1.63, "yes"), (0.90, 1.29, "no"), (0.90, 1.27, "yes"),
    ],
)  # fmt: skip
def test_negligible_is_held_by_two_one_sided_tests(level, negligible, verdict):
    """z of .95 is 1.645 (two-sided, 1.960, would be too strict); of .90 it is 1.282."""
    table = pd.DataFrame({"group": ["a"], "other": ["b"], "difference": [0.0], "std_error": [1.0]})
    test = SimpleNamespace(p_value=0.01)
    assert _verdict(table, test, negligible, level, [PAIR]) == verdict
    shifted = table.assign(difference=-0.5)
    assert _verdict(shifted, test, negligible + 0.5, level, [PAIR]) == verdict


def test_yes_takes_a_test_that_rejects_at_the_level():
    table = pd.DataFrame({"group": ["a"], "other": ["b"], "difference": [3.0], "std_error": [1.0]})
    found = [_verdict(table, SimpleNamespace(p_value=p), 0.1, 0.95, [PAIR]) for p in (0.049, 0.051)]
    assert found == ["yes", "cannot be told"]
    assert _verdict(table, None, 0.1, 0.95, [PAIR]) == "cannot be told"


def test_pairs_of_withheld_groups_do_not_decide():
    table = pd.DataFrame(
        {"group": ["a", "a"], "other": ["b", "c"], "difference": [0.0, np.nan], "std_error": [0.01, np.nan]}
    )
    assert _verdict(table, SimpleNamespace(p_value=0.5), 0.1, 0.95, [PAIR]) == "no"
