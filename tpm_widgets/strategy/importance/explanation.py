"""Who explains what, and from which answers: the one form of everything that importance is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from tpm_widgets.language import Sentence
from tpm_widgets.statistics.regression.covariance import correlation, explained, r_squared
from tpm_widgets.strategy.drivers.caveats import always_caveat, collinear_caveats


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Answers:
    """The rows behind a covariance matrix.

    Attributes
    ----------
    data : numpy.ndarray, shape (n, k + 1)
        Columns and, last, the outcome.
    weights, clusters : numpy.ndarray, shape (n,)
    """

    data: np.ndarray
    weights: np.ndarray
    clusters: np.ndarray


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Explanation:
    """Who explains what.

    Attributes
    ----------
    kind : {"touchpoint", "predictor"}
        The first column of the tables.
    players : mapping of str to list of int
        The columns of each touchpoint, predictor or group; none where it could not be estimated.
    signed : mapping of str to list of int
        Those whose coefficients have a player's sign: ratings and numbers, no dummies.
    always : list of int
        Columns that are in every model.
    covariance : numpy.ndarray, shape (k + 1, k + 1)
        Of the columns and, last, the outcome.
    answers : Answers or None
        None for a matrix, and for covariances of different answers.
    n : int
    outcome : str
    labels, settings : mapping
    notes : tuple of Sentence
        What the source itself has to say.
    data_hash : str
    """

    kind: Literal["touchpoint", "predictor"]
    players: Mapping[str, list[int]]
    signed: Mapping[str, list[int]]
    always: list[int]
    covariance: np.ndarray
    answers: Answers | None
    n: int
    outcome: str
    labels: Mapping[str, str]
    settings: Mapping[str, Any]
    notes: tuple[Sentence, ...]
    data_hash: str = ""

    @property
    def groups(self) -> list[list[int]]:
        """The columns of the players that could be estimated."""
        return [columns for columns in self.players.values() if columns]

    @property
    def names(self) -> list[str]:
        """Their names."""
        return [player for player, columns in self.players.items() if columns]

    @property
    def caveats(self) -> tuple[Sentence, ...]:
        """Everything to be known beforehand: also what is always in, and who overlaps with whom."""
        words = [self.labels.get(name, name) for name in self.names]
        found = [*self.notes]
        if self.always:
            found.append(
                always_caveat([self.labels.get(name, name) for name in self.settings["always"]], self.always_explain)
            )
        found += collinear_caveats(correlation(self.covariance), self.groups, words)
        return tuple({str(sentence): sentence for sentence in found}.values())  # the source may have said it, too

    @property
    def explain(self) -> float:
        """R² of all columns."""
        return r_squared(self.covariance)

    @property
    def always_explain(self) -> float:
        """R² of the columns that are in every model."""
        return float(explained(correlation(self.covariance), self.always)) if self.always else 0.0

    def spread(self, values: np.ndarray, absent: Any = np.nan) -> np.ndarray:
        """Give every player its value, in the order of the table; missing where it could not be estimated."""
        known = iter(values)
        return np.array([next(known) if columns else absent for columns in self.players.values()])
