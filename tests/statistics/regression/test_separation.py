"""Which data have no finite fit: found by linear programming, held against what the data show by construction."""

import numpy as np
import pytest

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.regression.separation import refuse_no_variation, refuse_separation

REMEDY = "Leave touchpoints out or take more answers: no finite effect fits these ratings."
OVERLAP = "expected ratings that overlap between answers with and without the outcome"


def test_two_columns_that_only_together_tell_the_outcome_are_refused_without_a_name():
    x = np.array([[1, 1, 0], [1, 3, 2], [1, 0, 1], [1, 2, 3]], dtype=float)
    side = np.array([1, 1, -1, -1])  # the sign of a − b
    with pytest.raises(DataError) as refused:
        refuse_separation(["a", "b"], side[:, None] * x)
    assert str(refused.value) == f"survey: {OVERLAP}. {REMEDY}"


def test_one_answer_on_the_other_side_is_enough_for_a_finite_fit():
    x = np.column_stack([np.ones(6), [1.0, 2, 3, 4, 5, 3.5]])
    outcome = np.array([-1, -1, -1, 1, 1, -1])
    with pytest.raises(DataError, match="column 'a'"):
        refuse_separation(["a"], outcome[:, None] * x)
    x[-1, 1] = 4.5
    refuse_separation(["a"], outcome[:, None] * x)


def test_counts_separate_only_where_those_above_0_stay_where_they_are():
    """Correia, Guimarães & Zylkin 2019: a column that is 0 wherever something was counted, and one-sided elsewhere."""
    counts = np.array([0, 0, 1, 4, 0, 2])
    x = np.column_stack([np.ones(6), [3.0, 1, 2, 2, 1, 3], [1.0, 1, 0, 0, 0, 0]])
    with pytest.raises(DataError) as refused:
        refuse_separation(["a", "b"], -x[counts == 0], x[counts > 0])
    assert str(refused.value) == f"survey, column 'b': {OVERLAP}. {REMEDY}"
    x[2, 2] = 1
    refuse_separation(["a", "b"], -x[counts == 0], x[counts > 0])


def test_the_same_outcome_for_everybody_is_refused():
    with pytest.raises(DataError) as refused:
        refuse_no_variation(np.ones(7))
    assert str(refused.value) == (
        "survey: found 'all 7', expected answers with and without the outcome. "
        "A longer period or window may bring some; until then nothing can be compared."
    )
