import pytest

import tpm_widgets as tpm
from tpm_widgets.study.model import given


def test_a_table_that_nobody_asked_for_is_refused():
    study = tpm.sample_study("insurer")
    assert given(study.customers) is study.customers
    with pytest.raises(TypeError, match=r"^A table is read that was not asked for with need\(\)\.$"):
        given(None)
