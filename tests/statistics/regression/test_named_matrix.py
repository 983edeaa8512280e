"""A covariance matrix that somebody else computed: read by name, and refused in words where it is none."""

import numpy as np
import pandas as pd
import pytest

from tpm_widgets.errors import DataError
from tpm_widgets.statistics.regression.covariance import explained, is_matrix, pseudo_inverse, read_matrix

NAMES = ["shop", "mail", "score"]
MATRIX = pd.DataFrame([[1.0, 0.3, 0.5], [0.3, 2.0, 0.4], [0.5, 0.4, 3.0]], index=NAMES, columns=NAMES)


def test_the_outcome_goes_last_and_predictors_are_those_that_are_named():
    found = read_matrix(MATRIX, "shop", None, 50)
    assert found.names == ("mail", "score", "shop")
    assert found.covariance.tolist() == [[2, 0.4, 0.3], [0.4, 3, 0.5], [0.3, 0.5, 1]]
    some = read_matrix(MATRIX, "score", ["mail"], 50)
    assert (some.names, some.covariance.tolist()) == (("mail", "score"), [[2, 0.4], [0.4, 3]])


def test_a_matrix_has_the_same_names_on_both_sides():
    assert is_matrix(MATRIX)
    assert not is_matrix(MATRIX.rename(columns={"shop": "store"}))
    assert not is_matrix(MATRIX.iloc[:1, :1]) and not is_matrix(MATRIX.to_numpy())
    assert is_matrix(MATRIX.iloc[:2, :2])
    with pytest.raises(ValueError) as refused:
        read_matrix(MATRIX.head(2), "score", None, 50)
    assert str(refused.value) == (
        "n= goes with a covariance or correlation matrix: a square pandas DataFrame whose rows and columns have the "
        "same names in the same order."
    )


@pytest.mark.parametrize(
    ("outcome", "predictors", "message"),
    [
        (None, None, "outcome must name the row to be explained, one of 'shop', 'mail', 'score'."),
        ("nps", None, "outcome must name the row to be explained, one of 'shop', 'mail', 'score'."),
        ("score", ["web"], "'web' is no predictor of the matrix; it has 'shop', 'mail', 'score'."),
        ("score", ["shop", "score"], "'score' is no predictor of the matrix; it has 'shop', 'mail', 'score'."),
    ],
)
def test_names_that_are_not_there_are_refused(outcome, predictors, message):
    with pytest.raises(ValueError) as refused:
        read_matrix(MATRIX, outcome, predictors, 50)
    assert str(refused.value) == message


def changed(row, column, value):
    matrix = MATRIX.copy()
    matrix.loc[row, column] = value
    return matrix


@pytest.mark.parametrize(
    ("matrix", "n", "message"),
    [
        (changed("shop", "mail", 0.31), 50, "matrix: expected known values, the same on both sides."),
        (changed("shop", "shop", np.nan), 50, "matrix: expected known values, the same on both sides."),
        (MATRIX * np.outer([0, 1, 0], [0, 1, 0]), 50, "matrix, column 'shop': expected a variance above 0.\n"
         "matrix, column 'score': expected a variance above 0."),
        (pd.DataFrame([[1, 0.9, -0.9], [0.9, 1, 0.9], [-0.9, 0.9, 1]], index=NAMES, columns=NAMES), 50,
         "matrix: expected a covariance matrix of one set of rows (positive semi-definite)."),
        (MATRIX, 3, "matrix: expected more complete rows than columns; here 3 and 3."),
        (MATRIX, 2, "matrix: expected more complete rows than columns; here 2 and 3."),
    ],
)  # fmt: skip
def test_what_is_no_covariance_matrix_is_refused(matrix, n, message):
    with pytest.raises(DataError) as refused:
        read_matrix(matrix, "score", None, n)
    assert str(refused.value) == message


def test_rounding_and_one_row_more_are_enough():
    assert read_matrix(changed("shop", "mail", 0.3 * (1 + 1e-9)), "score", None, 4).names == tuple(NAMES)
    twins = pd.DataFrame([[1, 1, 0.5], [1, 1, 0.5], [0.5, 0.5, 1]], index=NAMES, columns=NAMES)
    assert read_matrix(twins, "score", None, 4).names == tuple(NAMES)


def test_of_several_matrices_each_is_explained_as_alone_and_twins_are_inverted_evenly():
    standard = np.array([[1, 0.3, 0.5], [0.3, 1, 0.4], [0.5, 0.4, 1]])
    both = np.stack([standard, np.eye(3)])
    assert explained(both, [0, 1]).tolist() == [float(explained(standard, [0, 1])), 0]
    assert float(explained(standard, [1])) == pytest.approx(0.16)
    assert float(explained(standard, [])) == 0
    twins = np.array([[1.0, 1], [1, 1]])
    assert pseudo_inverse(twins) == pytest.approx(np.linalg.pinv(twins), abs=1e-12)
    assert pseudo_inverse(both)[0] == pytest.approx(np.linalg.inv(standard), abs=1e-12)
