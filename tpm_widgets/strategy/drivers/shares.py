"""How what is explained is shared among touchpoints: exactly, or where they are too many from a sample of orders."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say
from tpm_widgets.statistics.importance.measures import importance_of
from tpm_widgets.statistics.importance.sampled_lmg import FEW_SQUARES, lmg_of_any, sampled_lmg
from tpm_widgets.statistics.importance.shapley import lmg
from tpm_widgets.statistics.regression.design import Design

PARTS = ("importance_rating", "importance_not_rated")
MOST_EXACT = 18  # touchpoints up to which both parts are exact; they take as long again as the whole


def shares_of(design: Design, covariance: np.ndarray) -> pd.DataFrame:
    """Share R² among the touchpoints that could be estimated.

    Returns
    -------
    pandas.DataFrame
        By touchpoint: ``importance`` (LMG); ``importance_rating``, what ratings add to who rated what, and
        ``importance_not_rated``, what goes with who did not rate, each shared by LMG and together R² as well; where
        they are too many for exactness also ``monte_carlo_error``, the standard error that sampling leaves, and
        ``relative_weights``, Johnson's, beside it.
    """
    groups = design.groups()
    importance, error = lmg_of_any(covariance, groups)
    table = pd.DataFrame({"importance": importance}, index=list(design.touchpoints))
    table[list(PARTS)] = np.column_stack(_parts(design, covariance, groups, importance))
    if error is not None:
        table["monte_carlo_error"] = error
        table["relative_weights"] = importance_of("relative_weights", covariance, groups)
    return table


def _parts(
    design: Design, covariance: np.ndarray, groups: Sequence[Sequence[int]], importance: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return what ratings add to all indicators, and what the indicators explain, shape (touchpoints,) each."""
    ratings = [design.names.index(name) - 1 for name in design.touchpoints]
    absent = [[column for column in group if column != own] for group, own in zip(groups, ratings, strict=True)]
    indicators = sorted({column for group in absent for column in group})
    if not indicators:
        return importance, np.zeros(len(groups))
    share = lmg if len(groups) <= MOST_EXACT else _sampled
    some = [place for place, group in enumerate(absent) if group]
    not_rated = np.zeros(len(groups))
    not_rated[some] = share(covariance, [absent[place] for place in some], ())
    return share(covariance, [[own] for own in ratings], indicators), not_rated


def _sampled(covariance: np.ndarray, groups: Sequence[Sequence[int]], always: Sequence[int]) -> np.ndarray:
    return sampled_lmg(covariance, groups, always, squares=FEW_SQUARES)[0]


def with_importance(table: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Add the shares to a table of touchpoints; missing where one could not be estimated."""
    names = [str(name) for name in shares if name not in PARTS]
    return table.assign(**{name: table["touchpoint"].map(shares[name]).astype(float) for name in names})


def with_parts(table: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """Add both parts of the importance, as last columns."""
    return table.assign(**{name: table["touchpoint"].map(shares[name]).astype(float) for name in PARTS})


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
