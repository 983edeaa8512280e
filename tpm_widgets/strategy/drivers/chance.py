"""What R² would be by chance: so many coefficients explain some of the variance of any outcome, of few answers much."""

from __future__ import annotations

import numpy as np

from tpm_widgets.language import Sentence, say

ROUNDING = 1e-9
NO_ERROR = say("The ratings fit these answers without an error, from which nothing can be told of others.")
MUCH = 0.1  # the part of R² that chance may make before it has to be said beside it


def r_squared_by_chance(n: int, coefficients: int) -> float:
    """Return what coefficients of no meaning explain in the mean: p / (n − 1).

    >>> r_squared_by_chance(12, 4)
    0.36363636363636365
    """
    return min(coefficients / (n - 1), 1.0) if n > 1 else 1.0


def adjusted_r_squared(r_squared: float, n: int, coefficients: int) -> float:
    """Return R² less what chance adds to it (Ezekiel 1930); missing where no answer is left over for the errors.

    >>> round(adjusted_r_squared(0.9, 12, 4), 4)
    0.8429
    """
    left = n - coefficients - 1
    return 1 - (1 - r_squared) * (n - 1) / left if left > 0 else np.nan


def told_chance(r_squared: float, n: int, coefficients: int) -> tuple[Sentence, ...]:
    """Say what chance alone explains and what is left without it, where that is more than a little of R²."""
    chance, adjusted = r_squared_by_chance(n, coefficients), adjusted_r_squared(r_squared, n, coefficients)
    if chance <= MUCH * r_squared:
        return ()
    values = {"coefficients": coefficients, "n": n, "chance": chance}
    if np.isnan(adjusted):
        return (
            say(
                "{coefficients} coefficients of {n} answers explain everything, whatever was asked: this says nothing.",
                **values,
            ),
        )
    if adjusted <= 0:
        return (
            say(
                "{coefficients} coefficients of {n} answers explain {chance:percent} by chance alone: adjusted for "
                "that, nothing is left of R².",
                **values,
            ),
        )
    return (
        say(
            "{coefficients} coefficients of {n} answers explain {chance:percent} by chance alone: adjusted for that, "
            "R² is {adjusted:percent}.",
            adjusted=adjusted,
            **values,
        ),
    )
