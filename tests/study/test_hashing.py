"""The hash of the data: any cell of any table counts, the type of a column and the library do not."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm


@pytest.fixture(scope="module")
def study():
    answers = pd.DataFrame(
        {"nps": [9, 3], "shop": [5, 4], "know": [1, 0], "matters": [4, 5], "zip": ["01", None], "age": [31, 45]}
    )
    roles = {"aware": {"know": "shop"}, "stated_importance": {"matters": "shop"}}
    customers = pd.DataFrame({"customer": ["a", "b"], "acquired": ["2024-01-01", "2024-02-01"]})
    return tpm.make_study(answers, recommend="nps", touchpoints=["shop"], roles=roles, customers=customers)


@pytest.mark.parametrize(
    ("table", "column", "value"),
    [
        ("survey", "recommend", 8),
        ("ratings", "shop", np.nan),
        ("experienced", "shop", False),
        ("other_columns", "zip", "02"),
        ("other_columns", "age", 32),
        ("aware", "shop", False),
        ("stated_importance", "shop", 1),
        ("customers", "acquired", pd.Timestamp("2024-01-02")),
        ("customers", "customer", None),
    ],
)
def test_every_cell_counts(study, table, column, value):
    changed = getattr(study, table).copy()
    changed.loc[0, column] = value
    assert replace(study, **{table: changed}).data_hash != study.data_hash
    assert replace(study, **{table: getattr(study, table).copy()}).data_hash == study.data_hash


def test_a_missing_text_is_no_empty_text_and_cells_do_not_run_into_each_other(study):
    def hash_of(texts):
        return replace(study, other_columns=pd.DataFrame({"x": pd.Series(texts, dtype="str")})).data_hash

    assert len({hash_of(["ab", "c"]), hash_of(["a", "bc"]), hash_of(["", None]), hash_of([None, ""])}) == 4


def test_a_change_in_place_is_seen(study):
    """The tests that a verb leaves its input alone rest on this: the hash is never remembered."""
    own = replace(study, survey=study.survey.copy())
    before = own.data_hash
    survey = own.survey
    survey.loc[0, "recommend"] = 0
    assert own.data_hash != before


def test_the_type_of_a_column_does_not_count(study):
    as_floats = study.other_columns.astype({"age": float})
    as_words = study.other_columns.assign(zip=study.other_columns["zip"].astype("category"))
    assert replace(study, other_columns=as_floats).data_hash == study.data_hash
    assert replace(study, other_columns=as_words).data_hash == study.data_hash
