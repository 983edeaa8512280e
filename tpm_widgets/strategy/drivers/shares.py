"""How what is explained is shared among touchpoints: exactly, or where they are too many from a sample of orders."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say
from tpm_widgets.statistics.importance.measures import importance_of
from tpm_widgets.statistics.importance.sampled_lmg import lmg_of_any


def shares_of(touchpoints: Sequence[str], covariance: np.ndarray, groups: Sequence[Sequence[int]]) -> pd.DataFrame:
    """Share R² among the touchpoints that could be estimated.

    Returns
    -------
    pandas.DataFrame
        By touchpoint: ``importance`` (LMG); where they are too many for exactness also ``monte_carlo_error``, the
        standard error that sampling leaves, and ``relative_weights``, Johnson's, beside it.
    """
    importance, error = lmg_of_any(covariance, groups)
    table = pd.DataFrame({"importance": importance}, index=list(touchpoints))
    if error is not None:
        table["monte_carlo_error"] = error
        table["relative_weights"] = importance_of("relative_weights", covariance, groups)
    return table


def with_importance(table: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Add the shares to a table of touchpoints; missing where one could not be estimated."""
    return table.assign(**{str(name): table["touchpoint"].map(own).astype(float) for name, own in shares.items()})


def experienced(table: pd.DataFrame, answers: int, unknown: Collection[str]) -> pd.Series:
    """Return which share of the answers rated each touchpoint; missing where blanks may also mean no answer."""
    share = table["n"] / answers
    return share.mask(table["touchpoint"].isin(list(unknown)) & (share < 1))


def sampled_caveat(shares: pd.DataFrame) -> tuple[Sentence, ...]:
    """Say that importance is from a sample of orders, where it is, and how exact that is."""
    if "monte_carlo_error" not in shares:
        return ()
    return (
        say(
            "With {count} touchpoints exact LMG would take too long: importance is from a sample of the orders "
            "(standard error at most {error:percent:2} of the variance), and Johnson's relative weights stand beside "
            "it.",
            count=len(shares),
            error=shares["monte_carlo_error"].max(),
        ),
    )
