"""Generations and amplification: the example that everybody quotes, and the geometric series."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tpm_widgets.statistics.estimates.concentration import amplification, generations


def test_the_example():
    """K = .8: 1,000 → 800 → 640; five customers in the end for each to begin with (METHODS, section 2)."""
    assert generations(1000, 0.8, 2) == pytest.approx([1000, 800, 640])
    assert amplification(0.8) == pytest.approx(5)


@given(st.floats(0, 0.95))
def test_amplification_is_the_sum_of_all_generations(k):
    assert generations(1.0, k, 600).sum() == pytest.approx(amplification(k), rel=1e-9)


def test_from_one_on_there_is_no_end():
    assert amplification(1.0) == amplification(1.7) == np.inf
    assert np.isnan(amplification(np.nan))
