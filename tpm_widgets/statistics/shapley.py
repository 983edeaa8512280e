"""Exact LMG: each predictor's share of R², averaged over all orders in which predictors can enter.

All 2^p values of R² stand on a tree. The predictors are decided one by one; for every subset of those decided only
the Schur complement of the block of those undecided (and the outcome) is kept. "Without" the next one drops its row,
"with" is one Schur update: about 4·2^p multiply-subtracts instead of p³·2^p. The tree is walked in breadth for the
first players, all their subsets as one vector, and in depth for the rest, so that memory stays flat.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.special import gammaln

from tpm_widgets.statistics.covariance import correlation

MOST_PLAYERS = 25
IN_BREADTH = 12  # players decided in breadth: 2^12 subsets fill one vector, and the vectors of a level stay in cache
NOTHING_LEFT = 1e-12  # a pivot of a standardised column below this adds nothing


def lmg(
    covariance: np.ndarray, groups: Sequence[Sequence[int]] | None = None, always: Sequence[int] = ()
) -> np.ndarray:
    """Split R² among predictors or groups of them (Lindeman, Merenda & Gold; the Shapley value of R²).

    Parameters
    ----------
    covariance : numpy.ndarray, shape (k + 1, k + 1)
        Of k predictors and, last, the outcome (which must vary). Constant predictors get 0, exact duplicates share
        evenly. Positive semi-definite.
    groups : sequence of sequences of int, optional
        The columns that enter together as one player; a column may stand in several groups. Each on its own where
        None.
    always : sequence of int
        Columns that are in every model; what they explain alone is not shared out.

    Returns
    -------
    numpy.ndarray, shape (len(groups),)
        Shares of the outcome's variance; they add up to R² (less that of ``always``).

    Raises
    ------
    ValueError
        For more than 25 players.
    """
    if groups is None:
        groups = [[column] for column in range(len(covariance) - 1) if column not in always]
    if len(groups) > MOST_PLAYERS:
        raise ValueError(
            f"Exact LMG goes up to {MOST_PLAYERS} players, got {len(groups)}: join some with groups=, such as "
            "groups={'service': ['phone', 'mail']}, or choose method='relative_weights'."
        )
    sizes = [len(group) for group in groups]
    order = np.argsort([-size for size in sizes], kind="stable")  # big groups while subsets are few
    columns = [*always, *(column for player in order for column in groups[player]), len(covariance) - 1]
    state = correlation(covariance)[np.ix_(columns, columns)][:, :, None]
    state = _with(state, len(always))
    shares = np.empty(len(groups))
    shares[order] = _split(state, [sizes[player] for player in order])
    return shares


def _with(state: np.ndarray, size: int, out: np.ndarray | None = None) -> np.ndarray:
    """Schur complements after the first ``size`` columns, shape (rest, rest, subsets); the upper triangle is kept."""
    for last in range(size - 1, -1, -1):
        pivot, row = state[0, 0], state[0, 1:]
        used = pivot > NOTHING_LEFT
        scaled = row * np.divide(1.0, pivot, out=np.zeros_like(pivot), where=used)
        rest = np.empty_like(state[1:, 1:]) if out is None or last else out
        for i in range(len(row)):
            np.multiply(row[i:], scaled[i], out=rest[i, i:])
            np.subtract(state[i + 1, i + 1 :], rest[i, i:], out=rest[i, i:])
        state = rest
    return state


def _split(state: np.ndarray, sizes: list[int]) -> np.ndarray:
    """LMG of players that own the columns of ``state`` in turn, from the values of R² of all their subsets."""
    players = len(sizes)
    total = state[-1, -1, 0]
    breadth = min(players, IN_BREADTH)
    for size in sizes[:breadth]:
        subsets = state.shape[2]
        rest = len(state) - size
        both = np.empty((rest, rest, 2 * subsets))
        both[:, :, :subsets] = state[size:, size:]
        _with(state, size, out=both[:, :, subsets:])
        state = both
    entered = np.array([bin(subset).count("1") for subset in range(2**breadth)])
    leaves = _Leaves(players, entered)
    _descend(state, sizes[breadth:], total, leaves, ())
    return leaves.shares()


class _Leaves:
    """Sums over subsets: LMG_j = Σ_{S∋j} (w(|S|−1) + w(|S|)) R²(S) − Σ_S w(|S|) R²(S), w(s) = s!(p−s−1)!/p!."""

    def __init__(self, players: int, entered: np.ndarray) -> None:
        sizes = np.arange(players)
        weight = np.exp(gammaln(sizes + 1) + gammaln(players - sizes) - gammaln(players + 1))
        before, after = np.append(0.0, weight), np.append(weight, 0.0)
        deep = players - int(entered[-1])
        self.member = [(before + after)[entered + more] for more in range(deep + 1)]
        self.missing = [after[entered + more] for more in range(deep + 1)]
        self.by_subset = np.zeros(len(entered))
        self.by_player = np.zeros(deep)
        self.base = 0.0

    def add(self, explained: np.ndarray, deep: tuple[bool, ...]) -> None:
        """R² of all subsets in breadth, together with the players of the walk in depth that are in."""
        more = sum(deep)
        part = self.member[more] * explained
        self.by_subset += part
        self.by_player[np.array(deep, bool)] += part.sum()
        self.base += self.missing[more] @ explained

    def shares(self) -> np.ndarray:
        """One share per player, in the order of the tree."""
        folded, early = self.by_subset, []
        while len(folded) > 1:  # the player decided last tells the upper half of the subsets from the lower
            half = len(folded) // 2
            early.append(folded[half:].sum())
            folded = folded[:half] + folded[half:]
        shares = np.array([*early[::-1], *self.by_player]) - self.base
        return np.maximum(shares, 0.0)  # below 0 only by rounding


def _descend(state: np.ndarray, sizes: list[int], total: float, leaves: _Leaves, chosen: tuple[bool, ...]) -> None:
    if not sizes:
        leaves.add(total - state[-1, -1], chosen)
        return
    _descend(state[sizes[0] :, sizes[0] :], sizes[1:], total, leaves, (*chosen, False))
    _descend(_with(state, sizes[0]), sizes[1:], total, leaves, (*chosen, True))
