"""Exact LMG: each predictor's share of R², averaged over all orders in which predictors can enter.

All 2^p values of R² stand on a tree. The predictors are decided one by one; for every subset of those decided only
the Schur complement of the block of those undecided (and the outcome) is kept. "Without" the next one drops its row,
"with" is one Schur update: about 4·2^p multiply-subtracts instead of p³·2^p. The tree is walked in breadth for the
first players, all their subsets and all matrices as one vector, and in depth for the rest, so that memory stays flat.

General, conditional and complete dominance, from the fit of every subset of players.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import gammaln

from tpm_widgets.statistics.regression.covariance import correlation

MOST_PLAYERS = 25
IN_BREADTH = 13  # players decided in breadth, of one matrix: vectors of 2^13 numbers, so that a level stays in cache
SHORT = 256  # numbers of a vector up to which one pass over a square is quicker than one per row of its triangle
NOTHING_LEFT = 1e-12  # a pivot of a standardised column below this adds nothing

TIE = 1e-10  # fits that differ by less are the same but for rounding


def lmg(
    covariance: np.ndarray, groups: Sequence[Sequence[int]] | None = None, always: Sequence[int] = ()
) -> np.ndarray:
    """Split R² among predictors or groups of them (Lindeman, Merenda & Gold; the Shapley value of R²).

    Parameters
    ----------
    covariance : numpy.ndarray, shape (…, k + 1, k + 1)
        Of k predictors and, last, the outcome (which must vary); one matrix or many (resamples). Constant predictors
        get 0, exact duplicates share evenly. Positive semi-definite.
    groups : sequence of sequences of int, optional
        The columns that enter together as one player; a column may stand in several groups. Each on its own where
        None.
    always : sequence of int
        Columns that are in every model; what they explain alone is not shared out.

    Returns
    -------
    numpy.ndarray, shape (…, len(groups))
        Shares of the outcome's variance; they add up to R² (less that of ``always``).

    Raises
    ------
    ValueError
        For more than 25 players.
    """
    if groups is None:
        groups = [[column] for column in range(covariance.shape[-1] - 1) if column not in always]
    if len(groups) > MOST_PLAYERS:
        raise ValueError(
            f"Exact LMG goes up to {MOST_PLAYERS} players, got {len(groups)}: join some with groups=, such as "
            "groups={'service': ['phone', 'mail']}, or choose method='lmg_sampled' (with its error stated) or "
            "method='relative_weights'."
        )
    order = np.argsort([-len(group) for group in groups], kind="stable")  # big groups while subsets are few
    ordered = [groups[player] for player in order]
    state = _trunk(covariance, ordered, always)
    sizes = [len(group) for group in ordered]
    matrices = state.shape[-1]
    breadth = min(len(groups), max(0, IN_BREADTH - (matrices - 1).bit_length()))
    leaves = _Leaves(state[-1, -1, 0], len(groups), breadth)
    _descend(_all_subsets(state, sizes[:breadth]), sizes[breadth:], leaves, 0)
    shares = np.empty((len(groups), matrices))
    shares[order] = leaves.shares()
    return np.moveaxis(shares, 0, -1).reshape(*covariance.shape[:-2], len(groups))


def subset_r_squared(covariance: np.ndarray, groups: Sequence[Sequence[int]], always: Sequence[int] = ()) -> np.ndarray:
    """Return R² of every subset of players, less that of ``always``; parameters as for ``lmg``, for one matrix.

    Returns
    -------
    numpy.ndarray, shape (2^players,)
        At place Σ 2^j over the players j that are in.
    """
    state = _trunk(covariance, groups, always)
    left = _all_subsets(state, [len(group) for group in groups])[-1, -1, :, 0]
    return state[-1, -1, 0, 0] - left


def _trunk(covariance: np.ndarray, groups: Sequence[Sequence[int]], always: Sequence[int]) -> np.ndarray:
    """Correlations in the order of the tree, after what is always in; shape (rest, rest, 1, matrices)."""
    columns = [*always, *(column for group in groups for column in group), covariance.shape[-1] - 1]
    standard = correlation(covariance)[..., np.array(columns)[:, None], columns]
    standard = standard.reshape(-1, len(columns), len(columns))
    return _with(np.ascontiguousarray(np.moveaxis(standard, 0, -1))[:, :, None], len(always))


def _with(state: np.ndarray, size: int, out: np.ndarray | None = None) -> np.ndarray:
    """Schur complements after the first ``size`` columns, shape (rest, rest, …); the upper triangle is kept."""
    for last in range(size - 1, -1, -1):
        pivot, row = state[0, 0], state[0, 1:]
        if pivot.min() > NOTHING_LEFT:
            scaled = row * (1.0 / pivot)
        else:
            scaled = row * np.divide(1.0, pivot, out=np.zeros_like(pivot), where=pivot > NOTHING_LEFT)
        rest = np.empty_like(state[1:, 1:]) if out is None or last else out
        if pivot.size <= SHORT:
            np.subtract(state[1:, 1:], scaled[:, None] * row, out=rest)
        else:
            for i in range(len(row)):
                np.multiply(row[i:], scaled[i], out=rest[i, i:])
                np.subtract(state[i + 1, i + 1 :], rest[i, i:], out=rest[i, i:])
        state = rest
    return state


def _all_subsets(state: np.ndarray, sizes: Sequence[int]) -> np.ndarray:
    """Decide the players that own the first columns, in breadth; shape (rest, rest, 2^players, matrices)."""
    for size in sizes:
        subsets, rest = state.shape[2], len(state) - size
        both = np.empty((rest, rest, 2 * subsets, state.shape[3]))
        both[:, :, :subsets] = state[size:, size:]
        _with(state, size, out=both[:, :, subsets:])
        state = both
    return state


class _Leaves:
    """Sums over subsets: LMG_j = Σ_{S∋j} (w(|S|−1) + w(|S|)) R²(S) − Σ_S w(|S|) R²(S), w(s) = s!(p−s−1)!/p!.

    Attributes
    ----------
    explained : numpy.ndarray, shape (deep + 1, 2^breadth, matrices)
        Sums of R² by how many of the players of the walk in depth are in, and by the subset of the others.
    by_player : numpy.ndarray, shape (deep, matrices)
        The first sum, for the players of the walk in depth.
    """

    def __init__(self, total: np.ndarray, players: int, breadth: int) -> None:
        deep = players - breadth
        entered = subset_sizes(breadth)
        before, after = entry_weights(players)
        self.total = total
        self.member = [(before + after)[entered + more] for more in range(deep + 1)]
        self.missing = [after[entered + more] for more in range(deep + 1)]
        self.explained = np.zeros((deep + 1, len(entered), len(total)))
        self.by_player = np.zeros((deep, len(total)))

    def add(self, left: np.ndarray, more: int) -> np.ndarray:
        """Take what all subsets in breadth leave, together with ``more`` in depth; return their weighted sum."""
        explained = self.total - left
        self.explained[more] += explained
        return self.member[more] @ explained

    def shares(self) -> np.ndarray:
        """One share per player, in the order of the tree."""
        base = sum(weight @ part for weight, part in zip(self.missing, self.explained, strict=True))
        folded = sum(weight[:, None] * part for weight, part in zip(self.member, self.explained, strict=True))
        early = []
        while len(folded) > 1:  # the player decided last tells the upper half of the subsets from the lower
            half = len(folded) // 2
            early.append(folded[half:].sum(axis=0))
            folded = folded[:half] + folded[half:]
        shares = np.array([*early[::-1], *self.by_player]) - base
        return np.maximum(shares, 0.0)  # below 0 only by rounding


def subset_sizes(players: int) -> np.ndarray:
    """Return how many players are in each subset, shape (2^players,)."""
    sizes = np.zeros(1, dtype=int)
    for _ in range(players):
        sizes = np.concatenate([sizes, sizes + 1])
    return sizes


def entry_weights(players: int) -> tuple[np.ndarray, np.ndarray]:
    """Return w(s−1) and w(s) for subsets of 0…p players: the shares of orders in which one enters last, or next."""
    sizes = np.arange(players)
    weight = np.exp(gammaln(sizes + 1) + gammaln(players - sizes) - gammaln(players + 1))
    return np.append(0.0, weight), np.append(weight, 0.0)


def _descend(state: np.ndarray, sizes: Sequence[int], leaves: _Leaves, more: int) -> np.ndarray:
    """Decide the other players in depth, ``more`` of them being in; return the sum of what the leaves return."""
    if not sizes:
        return leaves.add(state[-1, -1], more)
    without = _descend(state[sizes[0] :, sizes[0] :], sizes[1:], leaves, more)
    included = _descend(_with(state, sizes[0]), sizes[1:], leaves, more + 1)
    leaves.by_player[-len(sizes)] += included
    return without + included


def gains(fits: np.ndarray, player: int) -> np.ndarray:
    """How much each subset of the other players gains when one enters, shape (2^(players − 1),).

    Parameters
    ----------
    fits : numpy.ndarray, shape (2^players,)
        At place Σ 2^j over the players j that are in.
    player : int
    """
    halves = fits.reshape(-1, 2, 2**player)
    return (halves[:, 1] - halves[:, 0]).ravel()


def conditional_dominance(fits: np.ndarray) -> np.ndarray:
    """Return the mean gain by how many are in with the player included, shape (players, players).

    The mean of a row is general dominance: the Shapley value.
    """
    players = int(np.log2(len(fits)))
    sizes = subset_sizes(players - 1)
    counts = np.bincount(sizes)
    return np.stack([np.bincount(sizes, weights=gains(fits, player)) / counts for player in range(players)])


def complete_dominance(fits: np.ndarray) -> np.ndarray:
    """In what share of the subsets without both the first of two adds more than the second, shape (players, players).

    1: the row's player completely dominates the column's. Ties count for neither; the diagonal is missing.
    """
    players = int(np.log2(len(fits)))
    shares = np.full((players, players), np.nan)
    for first in range(players):
        for second in range(first):
            pairs = fits.reshape(-1, 2, 2 ** (first - second - 1), 2, 2**second)
            more = pairs[:, 1, :, 0] - pairs[:, 0, :, 1]  # with the first only, less with the second only
            shares[first, second] = (more > TIE).mean()
            shares[second, first] = (more < -TIE).mean()
    return shares
