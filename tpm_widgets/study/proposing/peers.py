"""The ratings of a file beside each other: what a person says elsewhere, and what goes with it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

ENOUGH = 30  # answers that a correlation is told from
BY_CHANCE = 2.5  # standard errors


class Peers:
    """Answers of several columns in standard deviations from each one's mean, shape (rows,) each."""

    def __init__(self, answers: Mapping[str, np.ndarray]) -> None:
        self._scored = {name: scored for name, values in answers.items() if (scored := _scored(values)) is not None}
        shape = next(iter(answers.values())).shape if answers else (0,)
        self.rows = shape[0]
        self._total, self._count = np.zeros(shape), np.zeros(shape)
        for values in self._scored.values():
            self._total += np.nan_to_num(values)
            self._count += ~np.isnan(values)

    def without(self, name: str) -> np.ndarray:
        """Return each person's mean over all columns but one; NaN where there is no other answer."""
        own = self._scored.get(name)
        total = self._total if own is None else self._total - np.nan_to_num(own)
        count = self._count if own is None else self._count - ~np.isnan(own)
        return np.divide(total, count, out=np.full(len(total), np.nan), where=count > 0)

    def correlation(self, name: str, other: str | None = None) -> float | None:
        """Return how a column goes with another, or with the mean of all others; 0 where that may be chance.

        None where too few persons have both.
        """
        own, beside = self._scored.get(name), self._scored.get(other) if other else self.without(name)
        if own is None or beside is None:
            return None
        both = ~np.isnan(own) & ~np.isnan(beside)
        count = int(both.sum())
        own, beside = own[both], beside[both]
        if count < ENOUGH or not (spread := own.std() * beside.std()):
            return None
        found = float(np.mean((own - own.mean()) * (beside - beside.mean())) / spread)
        return found if abs(found) >= BY_CHANCE / np.sqrt(count) else 0.0


def _scored(values: np.ndarray) -> np.ndarray | None:
    read = values[~np.isnan(values)]
    if len(read) < 2 or not read.std():
        return None
    return (values - read.mean()) / read.std()
