"""The sums of a driver regression over packed rows by NumPy: the route of ``regression_sums`` that needs no engine.

Rows are widened in blocks of shape (chunks, columns, ``CHUNK``): a product of such a stack is many small products, for
which BLAS starts no threads of its own (the threads are ours, one batch each). In chunks of 256 rows the products of
bytes add up to at most 255² · 256 < 2²⁴, so that single precision is exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from tpm_widgets.statistics.regression.likelihoods import Logit, Slopes
from tpm_widgets.statistics.regression.linear_and_logit import NOTHING_LEFT
from tpm_widgets.statistics.tables.rating_blocks import PackedRows
from tpm_widgets.statistics.tables.rating_columns import (
    LinearMeat,
    LogitSums,
    RatingColumns,
    RatingProducts,
    add_slopes,
)

CHUNK = 256  # rows of one small product
CHUNKS = 16  # in a block: 32 columns of them as floats fit into a core’s cache


class Block(NamedTuple):
    """Some rows, widened; rows beyond the last one have zeros everywhere.

    Attributes
    ----------
    z : numpy.ndarray, shape (chunks, m, CHUNK)
    spare : numpy.ndarray
        Room of the same shape: a new array of this size costs more than what is computed in it.
    outcome : numpy.ndarray, shape (chunks, CHUNK)
    weights : numpy.ndarray of the same shape; ones where there are none
    n : int
        Rows.
    """

    z: np.ndarray
    spare: np.ndarray
    outcome: np.ndarray
    weights: np.ndarray
    n: int


def rating_products(rows: PackedRows, columns: RatingColumns) -> RatingProducts:
    """Sum the products of one part."""
    m, n = columns.width, len(rows.score)
    counts, products = np.zeros((m + 1, m + 1)), np.zeros((m + 1, m + 1))
    low, high = np.inf, -np.inf
    kind = np.float32 if _bytes_only(rows, columns) else np.float64
    for z, spare, outcome, weights, size in _blocks(rows, columns, kind, room_for=1):
        z[:, -1] = outcome
        spare[:] = z
        counts += _product(spare, z)
        own = outcome.reshape(-1)[:size]
        low, high = min(low, own.min()), max(high, own.max())
        if rows.weights is not None:
            products += _product(_times(z, weights, spare), z)
    places = slice(m - len(columns.absent), m)
    return RatingProducts(
        n=n,
        left_out=rows.left_out,
        weight=float(n if rows.weights is None else rows.weights.sum()),
        weight_squared=float(n if rows.weights is None else rows.weights @ rows.weights),
        absent=counts[0, places],
        events=float(counts[0, m]),
        absent_events=counts[places, m],
        low=float(low) if n else 0.0,
        high=float(high) if n else 0.0,
        products=counts if rows.weights is None else products,
        off_scale=rows.off_scale,
    )


def linear_meat(rows: PackedRows, columns: RatingColumns, params: np.ndarray, bread: np.ndarray) -> LinearMeat:
    """Sum what HC3 errors need of one part."""
    meat, decisive = np.zeros_like(bread), [np.empty((0, len(params)))]
    for z, spare, outcome, weights, _ in _blocks(rows, columns, np.float64):
        np.matmul(bread, z, out=spare)
        left = 1 - weights * np.einsum("ckr,ckr->cr", spare, z)
        alone = left < NOTHING_LEFT
        if alone.any():
            decisive.append(np.moveaxis(z, 1, -1)[alone])
            left[alone] = 1
        residual = weights * (outcome - params @ z) / left
        meat += _product(_times(z, residual**2, spare), z)
    return LinearMeat(meat=meat, decisive=np.concatenate(decisive))


def logit_slopes(rows: PackedRows, columns: RatingColumns, params: np.ndarray) -> Slopes:
    """Sum log-likelihood, gradient and negative Hessian of one part."""
    m = columns.width
    total = Slopes(0.0, np.zeros(m), np.zeros((m, m)))
    for block in _blocks(rows, columns, np.float64):
        total = add_slopes(total, _derive(block, params)[0])
    return total


def logit_sums(rows: PackedRows, columns: RatingColumns, params: np.ndarray) -> LogitSums:
    """Sum what the errors of a logistic regression and of its average effects need of one part."""
    m = columns.width
    total = Slopes(0.0, np.zeros(m), np.zeros((m, m)))
    meat, bend, largest = np.zeros((m, m)), np.zeros((m, m)), 0.0
    for block in _blocks(rows, columns, np.float64):
        slopes, linear, slope, curve = _derive(block, params)
        total = add_slopes(total, slopes)
        if rows.weights is not None:
            meat += _product(_times(block.z, slope**2, block.spare), block.z)
        bend -= _product(_times(block.z, curve * np.tanh(linear / 2), block.spare), block.z)  # 1 − 2p = −tanh(η/2)
        largest = max(largest, np.abs(linear).max())
    return LogitSums(slopes=total, meat=meat, bend=bend, largest=float(largest))


def _bytes_only(rows: PackedRows, columns: RatingColumns) -> bool:
    """Tell whether z and y are whole numbers from −255 to 255, and nothing is weighted."""
    small = columns.event is not None or max(map(abs, columns.scale)) <= 255
    return small and rows.weights is None and rows.steps.dtype == rows.score.dtype == np.uint8


def _derive(block: Block, params: np.ndarray) -> tuple[Slopes, np.ndarray, np.ndarray, np.ndarray]:
    """Return the block's slopes, and each row's log odds, first and negative second derivative (weighted)."""
    linear = params @ block.z
    value, slope, curve = Logit(block.outcome, np.empty(0), np.empty(0)).at(linear)
    value, slope, curve = value * block.weights, slope * block.weights, curve * block.weights
    gradient = (block.z @ slope[..., None])[..., 0].sum(axis=0)
    total = float(value.reshape(-1)[: block.n].sum())
    return Slopes(total, gradient, _product(_times(block.z, curve, block.spare), block.z)), linear, slope, curve


def _product(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Sum the products of all pairs of columns, shape (k, k)."""
    return (one @ other.transpose(0, 2, 1)).sum(axis=0, dtype=float)


def _times(z: np.ndarray, factor: np.ndarray, room: np.ndarray) -> np.ndarray:
    """Multiply each row by its factor."""
    return np.multiply(z, factor[:, None], out=room)


def _outcome(score: np.ndarray, columns: RatingColumns) -> np.ndarray:
    """Return y of steps on the scale; 0 where there is no answer."""
    lowest = columns.scale[0]
    if columns.event is None:
        return np.where(score > 0, score + (lowest - 1.0), 0.0)
    first, last = (end - lowest + 1 for end in columns.event)
    return ((score >= max(first, 1)) & (score <= last)).astype(float)


def _blocks(rows: PackedRows, columns: RatingColumns, kind: type, room_for: int = 0) -> Iterator[Block]:
    """Widen rows block by block, into the same room each time; ``room_for`` more columns at its end."""
    ratings, m, n = len(columns.ratings), columns.width, len(rows.score)
    absent = list(columns.absent)
    everyone = absent == list(range(ratings))
    room: np.ndarray = np.zeros((CHUNKS, m + room_for, CHUNK), dtype=kind)
    spare = np.empty_like(room)
    for start in range(0, n, CHUNKS * CHUNK):
        size = min(CHUNKS * CHUNK, n - start)
        z = room[: -(-size // CHUNK)]
        steps, score = _chunks(rows.steps, start, len(z)), _chunks(rows.score[None], start, len(z))[:, 0]
        z[:, 0] = 1
        z[:, 1 : 1 + ratings] = steps
        z[:, 1 + ratings : m] = (steps if everyone else steps[:, absent]) == 0
        z[-1, :, size - (len(z) - 1) * CHUNK :] = 0
        weights = np.ones_like(score, dtype=float)
        if rows.weights is not None:
            weights = _chunks(rows.weights[None], start, len(z))[:, 0]
        yield Block(z, spare[: len(z)], _outcome(score, columns), weights, size)


def _chunks(lines: np.ndarray, start: int, chunks: int) -> np.ndarray:
    """Cut some lines into chunks, shape (chunks, lines, CHUNK), zeros beyond their end; a view where it can be one."""
    part = lines[:, start : start + chunks * CHUNK]
    missing = chunks * CHUNK - part.shape[1]
    if missing:
        part = np.pad(part, ((0, 0), (0, missing)))
    return part.reshape(len(lines), chunks, CHUNK).transpose(1, 0, 2)
