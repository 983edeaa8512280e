"""McFadden's R² of every subset of players: Newton's method, each subset started where a smaller one ended."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from tpm_widgets.statistics.regression.likelihoods import Likelihood, Model, likelihood

MOST_PLAYERS = 12
MOST_STEPS = 60
CLOSE = 1e-9  # gain per answer of a last Newton step: what is then left of R² is below 1e-11
RUNAWAY = 0.1  # log odds that a last step still moves an answer by, only where the outcome is told without error
RIDGE = 1e-10  # of a curvature's diagonal: duplicates then have a solution, and no other moves


class NoFiniteFitError(ArithmeticError):
    """Some columns tell the outcome without error, so that their coefficients would be infinite.

    Attributes
    ----------
    players : tuple of int
        Those that it takes: without any one of them there is a finite fit.
    """

    def __init__(self, players: tuple[int, ...]) -> None:
        self.players = players
        super().__init__(f"no finite fit for players {players}")


class SubsetFits(NamedTuple):
    """McFadden's R².

    Attributes
    ----------
    gains : numpy.ndarray, shape (2^players,)
        Of every subset, less that of what is always in; at place Σ 2^j over the players j that are in.
    always : float
        Of what is always in.
    """

    gains: np.ndarray
    always: float


def subset_mcfadden(
    columns: np.ndarray,
    outcome: np.ndarray,
    weights: np.ndarray,
    groups: Sequence[Sequence[int]],
    always: Sequence[int],
    model: Model,
) -> SubsetFits:
    """Compute McFadden's R², 1 − ℓ(S)/ℓ(∅), of every subset of players.

    Parameters
    ----------
    columns : numpy.ndarray, shape (n, k)
    outcome, weights : numpy.ndarray, shape (n,)
    groups : sequence of sequences of int
        The columns of each player, at most 12 players.
    always : sequence of int
        Columns that are in every model.
    model : {"logit", "ordered", "poisson"}

    Raises
    ------
    NoFiniteFitError
        Where a subset tells the outcome without error.

    References
    ----------
    McFadden 1974; Azen & Traxel 2009, doi:10.3102/1076998609332754 (dominance in logistic regression).
    """
    law = likelihood(model, outcome, weights)
    standard = (columns - columns.mean(axis=0)) / columns.std(axis=0)
    blocks = [np.ascontiguousarray(standard[:, list(group)].T) for group in (always, *groups)]
    room = np.empty((sum(len(block) for block in blocks), len(outcome)))
    values = np.empty(2 ** len(groups))

    def enter(player: int, subset: int, used: int, parameters: np.ndarray) -> None:
        """Fit with the player's columns added, and then with each later player added to that."""
        more = len(blocks[player])
        room[used : used + more] = blocks[player]
        used += more
        value, parameters = _fit(law, room[:used], np.append(parameters, np.zeros(more)))
        if not np.isfinite(value):
            raise NoFiniteFitError(_needed(law, blocks, [j for j in range(len(groups)) if subset >> j & 1]))
        values[subset] = value
        for later in range(player + 1, len(blocks)):
            enter(later, subset | 1 << (later - 1), used, parameters)

    nothing = law.slopes(law.start, room[:0]).value
    enter(0, 0, 0, law.start)
    return SubsetFits((values[0] - values) / nothing, float(1 - values[0] / nothing))


def _needed(law: Likelihood, blocks: Sequence[np.ndarray], players: list[int]) -> tuple[int, ...]:
    """Leave out those players whom it does not take for there to be no finite fit."""
    for player in players.copy():
        rest = [other for other in players if other != player]
        columns = np.vstack([blocks[0], *(blocks[1 + other] for other in rest)])
        if not np.isfinite(_fit(law, columns, np.append(law.start, np.zeros(len(columns))))[0]):
            players = rest
    return tuple(players)


def _fit(law: Likelihood, columns: np.ndarray, parameters: np.ndarray) -> tuple[float, np.ndarray]:
    """Maximise; the value is not finite where the coefficients run away."""
    now = law.slopes(parameters, columns)
    for _ in range(MOST_STEPS):
        curvature = now.curvature.copy()
        curvature[np.diag_indices(len(curvature))] *= 1 + RIDGE
        step = np.linalg.solve(curvature, now.gradient)
        gain = float(now.gradient @ step) / 2
        if gain < CLOSE * columns.shape[1]:
            runs_away = np.abs(step[len(law.start) :] @ columns).max() > RUNAWAY
            return (np.inf if runs_away else now.value + gain), parameters + step
        shorter = 1.0
        while (then := law.slopes(parameters + shorter * step, columns)).value < now.value and shorter > 1e-6:
            shorter /= 2
        parameters, now = parameters + shorter * step, then
    return np.inf, parameters
