"""Tables of any size → the sums that a regression of an outcome on ratings is made of.

Two routes behind one interface, as in ``reductions``, held equal to 1e-9 by a test: ``"batches"``, NumPy on packed rows
(:mod:`batch_regression`), and ``"engine"``, narwhals expressions that the table's own engine computes
(:mod:`engine_regression`). What is summed, and over what, :mod:`rating_columns` tells. Each function is one pass; the
functions take the table as :func:`open_ratings` returns it, or any table that has not been opened yet.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np

from tpm_widgets.statistics.regression.likelihoods import Slopes
from tpm_widgets.statistics.tables import batch_regression, engine_regression
from tpm_widgets.statistics.tables.batches import Progress, as_frame
from tpm_widgets.statistics.tables.rating_blocks import RatingTable
from tpm_widgets.statistics.tables.rating_columns import (
    LinearMeat,
    LogitSums,
    RatingColumns,
    RatingProducts,
    add_slopes,
)
from tpm_widgets.statistics.tables.reductions import Route, open_source


def open_ratings(
    source: Any, columns: RatingColumns, route: Route | None = None, progress: Progress | None = None
) -> Any:
    """Open a table for several passes.

    Parameters
    ----------
    source, route, progress
        As in ``reductions.weighted_counts``; each pass reports anew.
    columns : RatingColumns

    Returns
    -------
    RatingTable or narwhals frame
        The frame where its own engine is to sum.

    Raises
    ------
    ValueError, TypeError, DataError
        Where a column is not there or named twice, or the source is no table.
    """
    if isinstance(source, RatingTable):
        return source
    batches = open_source(source, columns.names, [columns.outcome, *columns.ratings], route)
    return as_frame(source) if batches is None else RatingTable(batches=batches, columns=columns, progress=progress)


def sample_of(table: Any, columns: RatingColumns, n: int) -> RatingTable | None:
    """Return some of a table's n rows, for Newton's method to begin with; None where its engine draws none."""
    if isinstance(table, RatingTable):
        return table.some()
    rows = engine_regression.sample(table, columns, n)
    return None if rows is None else open_ratings(rows, columns)


def rating_products(
    source: Any, columns: RatingColumns, route: Route | None = None, progress: Progress | None = None
) -> RatingProducts:
    """Sum the products of outcome, ratings and indicators."""
    table = open_ratings(source, columns, route, progress)
    if not isinstance(table, RatingTable):
        return engine_regression.rating_products(table, columns)
    return table.sum(partial(batch_regression.rating_products, columns=columns))


def linear_meat(
    source: Any,
    columns: RatingColumns,
    params: np.ndarray,
    bread: np.ndarray,
    route: Route | None = None,
    progress: Progress | None = None,
) -> LinearMeat:
    """Sum what HC3 errors need: with ``params`` (m,) and ``bread`` (m, m) in terms of z."""
    table = open_ratings(source, columns, route, progress)
    if not isinstance(table, RatingTable):
        return engine_regression.linear_meat(table, columns, params, bread)
    return table.sum(partial(batch_regression.linear_meat, columns=columns, params=params, bread=bread))


def logit_slopes(
    source: Any,
    columns: RatingColumns,
    params: np.ndarray,
    route: Route | None = None,
    progress: Progress | None = None,
) -> Slopes:
    """Sum the log-likelihood of a logistic regression with its two derivatives, at ``params`` (m,) in terms of z."""
    table = open_ratings(source, columns, route, progress)
    if not isinstance(table, RatingTable):
        return engine_regression.logit_slopes(table, columns, params)
    return table.sum(partial(batch_regression.logit_slopes, columns=columns, params=params), add_slopes)


def logit_sums(
    source: Any,
    columns: RatingColumns,
    params: np.ndarray,
    route: Route | None = None,
    progress: Progress | None = None,
) -> LogitSums:
    """Sum what the errors of a logistic regression need besides, at ``params`` (m,) in terms of z."""
    table = open_ratings(source, columns, route, progress)
    if not isinstance(table, RatingTable):
        return engine_regression.logit_sums(table, columns, params)
    return table.sum(partial(batch_regression.logit_sums, columns=columns, params=params))
