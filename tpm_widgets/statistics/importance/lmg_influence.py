"""How LMG shares would move with each answer, without drawing any answer again; and what a random predictor gets.

Both rest on the residual variance σ²(S) of every subset of players: by the envelope theorem its derivative in the
covariance matrix is b b′, with b = (−β(S), 1) the coefficients that make the residual. The tree of ``shapley`` is
walked once more, keeping the coefficients of the players already in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from tpm_widgets.statistics.importance.shapley import IN_BREADTH, NOTHING_LEFT, entry_weights
from tpm_widgets.statistics.regression.covariance import correlation, weighted_covariance

MOST_PLAYERS = 20
DRAWS = 10_000  # random predictors


def lmg_influence(
    data: np.ndarray, weights: np.ndarray, groups: Sequence[Sequence[int]], always: Sequence[int] = ()
) -> np.ndarray:
    """Return what each answer moves the LMG shares by; summed by cluster, its cross-product is their covariance.

    Parameters
    ----------
    data : numpy.ndarray, shape (n, k + 1)
        Predictors and, last, the outcome.
    weights : numpy.ndarray, shape (n,)
    groups : sequence of sequences of int
        The columns of each of p players, at most 20.
    always : sequence of int
        Columns that are in every model.

    Returns
    -------
    numpy.ndarray, shape (n, p)

    Notes
    -----
    LMG_j = Σ_S c_j(S) (1 − σ²(S)/σ²) with Σ_S c_j(S) = 0 has the derivative −Σ_S c_j(S) b b′/σ² + (…) in the
    covariance matrix; as a share does not depend on any column's unit, the rest is LMG_j times the outcome's own term.

    References
    ----------
    Hampel 1974, doi:10.1080/01621459.1974.10482962 (influence functions).
    """
    covariance = weighted_covariance(data, weights)
    scale = np.sqrt(np.diag(covariance))
    scale = np.where(scale > 0, scale, 1.0)
    share = weights / weights.sum()
    z = (data - share @ data) / scale
    gradients = _share_gradients(correlation(covariance), groups, always)
    moved = np.stack([np.einsum("ij,ij->i", z @ gradient, z) for gradient in gradients], axis=1)
    return share[:, None] * (moved - share @ moved)


def _share_gradients(standard: np.ndarray, groups: Sequence[Sequence[int]], always: Sequence[int] = ()) -> np.ndarray:
    """Return the derivatives of the LMG shares in the correlation matrix, symmetric, shape (players, k + 1, k + 1)."""
    players = len(groups)
    before, after = entry_weights(players)
    found = np.zeros((players, *standard.shape))
    everyone = np.zeros(standard.shape)
    for entered, size, coefficients in _residual_makers(standard, groups, always):
        everyone += (coefficients * after[size]) @ coefficients.T
        both = before[size] + after[size]
        for player in range(players):
            chosen = coefficients[:, entered[player]]
            found[player] -= (chosen * both[entered[player]]) @ chosen.T
    found += everyone
    # The outcome's own variance stands below: a share of it falls where the outcome varies more.
    found[:, -1, -1] -= np.einsum("pij,ij->p", found, standard)
    return found


def random_predictor_shares(
    covariance: np.ndarray,
    meat: np.ndarray,
    groups: Sequence[Sequence[int]],
    always: Sequence[int],
    columns: int,
    seed: int,
) -> np.ndarray:
    """Draw the LMG shares that random predictors get when one of them joins the players, shape (10,000,).

    Parameters
    ----------
    covariance : numpy.ndarray, shape (k + 1, k + 1)
    meat : numpy.ndarray, shape (k + 1, k + 1)
        Covariance of the correlations of a random column with the columns and the outcome: for n unweighted,
        independent answers the correlation matrix divided by n − 1.
    groups, always
        As for ``lmg_influence``.
    columns : int
        Of how many random columns the random player consists.
    seed : int

    Notes
    -----
    With r the random column's correlations, R² of a subset S grows by (b′r)² / (1 − R² of the column on S), and the
    mean of the denominator is 1 − |S|·(mean of r²). Averaged over orders this is a quadratic form r′Ar, so that no
    column has to be drawn; its distribution is that of Σ λ χ²₁ with λ the eigenvalues of A·meat.
    """
    players = len(groups)
    next_weight = entry_weights(players + 1)[1]
    standard = correlation(covariance)
    form = np.zeros(standard.shape)
    unit = float(np.diag(meat)[:-1].mean())
    wide = np.array([len(group) for group in groups])
    for entered, size, coefficients in _residual_makers(standard, groups, always):
        used = len(always) + wide @ entered
        form += (coefficients * (next_weight[size] / np.maximum(1 - used * unit, unit))) @ coefficients.T
    values, vectors = np.linalg.eigh(meat)
    root = vectors * np.sqrt(np.maximum(values, 0))
    eigenvalues = np.maximum(np.linalg.eigvalsh(root.T @ form @ root), 0)
    rng = np.random.default_rng(seed)
    return rng.chisquare(columns, size=(DRAWS, len(eigenvalues))) @ eigenvalues


def _residual_makers(
    standard: np.ndarray, groups: Sequence[Sequence[int]], always: Sequence[int]
) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yield, for batches of subsets: who is in (players × subsets), how many, and b (columns × subsets)."""
    if len(groups) > MOST_PLAYERS:
        raise ValueError(
            f"The influence function goes up to {MOST_PLAYERS} players, got {len(groups)}: join some with groups=."
        )
    columns = [*always, *(column for group in groups for column in group)]
    places = np.array([*columns, len(standard) - 1])
    owner = np.zeros((len(standard), len(places)))
    owner[places, np.arange(len(places))] = 1.0  # a column that two players share stands there twice
    start = _State(standard[np.ix_(places, places)][:, :, None], np.empty((len(places), 0, 1)), np.empty((0, 1), bool))
    sizes = [len(group) for group in groups]
    for entered, coefficients in _walk(start.enter(len(always), None), sizes):
        made = np.vstack([coefficients, np.ones(coefficients.shape[1])])
        yield entered, entered.sum(axis=0), owner @ made


@dataclass(frozen=True, slots=True, eq=False)
class _State:
    """The undecided columns and the outcome, as residuals on the columns that are in, for a vector of subsets.

    Attributes
    ----------
    left : numpy.ndarray, shape (rest, rest, subsets)
        Their covariances.
    made : numpy.ndarray, shape (rest, decided, subsets)
        The coefficients of the decided columns in each of them.
    entered : numpy.ndarray, shape (players decided, subsets)
    """

    left: np.ndarray
    made: np.ndarray
    entered: np.ndarray

    def enter(self, size: int, chosen: bool | None) -> _State:
        """Decide the next ``size`` columns: a player that is in or out, or columns that are always in (None)."""
        left, made = self.left, self.made
        if chosen is False:
            left, made = left[size:, size:], made[size:]
            made = np.concatenate([made, np.zeros((len(left), size, left.shape[2]))], axis=1)
        else:
            for _ in range(size):
                pivot, row = left[0, 0], left[0, 1:]
                factor = row * np.divide(1.0, pivot, out=np.zeros_like(pivot), where=pivot > NOTHING_LEFT)
                left = left[1:, 1:] - factor[:, None] * row
                made = np.concatenate([made[1:] - factor[:, None] * made[0], -factor[:, None]], axis=1)
        if chosen is None:
            return _State(left, made, self.entered)
        decided = np.full((1, left.shape[2]), chosen)
        return _State(left, made, np.concatenate([self.entered, decided]))


def _walk(state: _State, sizes: list[int]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """In breadth while one vector holds the subsets, then in depth."""
    if not sizes:
        yield state.entered, state.made[0]
        return
    out, in_ = state.enter(sizes[0], False), state.enter(sizes[0], True)
    if len(state.entered) < IN_BREADTH:
        parts = ((out.left, in_.left), (out.made, in_.made), (out.entered, in_.entered))
        yield from _walk(_State(*(np.concatenate(pair, axis=-1) for pair in parts)), sizes[1:])
    else:
        yield from _walk(out, sizes[1:])
        yield from _walk(in_, sizes[1:])
