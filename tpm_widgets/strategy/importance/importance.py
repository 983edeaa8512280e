"""How much of what is explained goes with each touchpoint, or with each predictor of any frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.options import check_option
from tpm_widgets.results import Result
from tpm_widgets.statistics.importance.measures import importance_of
from tpm_widgets.statistics.importance.sampled_lmg import sampled_lmg
from tpm_widgets.statistics.importance.shapley import MOST_PLAYERS
from tpm_widgets.statistics.regression.covariance import standardised_slopes
from tpm_widgets.strategy.drivers.chance import adjusted_r_squared, r_squared_by_chance, told_chance
from tpm_widgets.strategy.drivers.outcomes import WORDS
from tpm_widgets.strategy.importance.explanation import Explanation
from tpm_widgets.strategy.importance.source import read_explanation
from tpm_widgets.threads import on_one_thread

Method = Literal["lmg", "relative_weights", "last", "first", "betasq", "pratt", "lmg_sampled"]
METHODS = {
    "lmg": say("LMG"),
    "relative_weights": say("Johnson's relative weights"),
    "last": say("what R² loses without it"),
    "first": say("R² of each alone"),
    "betasq": say("squared standardised coefficients"),
    "pratt": say("Pratt's measure"),
    "lmg_sampled": say("LMG from a sample of orders"),
}
ADDS_UP = ("lmg", "relative_weights", "pratt", "lmg_sampled")  # to R²; only of these a share can be given
ROUNDING = 1e-6
TAKES_ALWAYS = ("lmg", "last", "first", "lmg_sampled")
NEGATIVE = say(
    "Pratt's measure is negative where coefficient and correlation point to different sides; its shares can then be "
    "below 0% or above 100%."
)

SAMPLED = say(
    "Exact LMG of more than {most} touchpoints or predictors would take too long: this is LMG from a sample of orders, "
    "with its error beside it. Joined with groups= they can be exact.",
    most=MOST_PLAYERS,
)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class RelativeImportance(Result):
    """Shares of the variance explained; made by ``relative_importance``, which tells the columns.

    Attributes
    ----------
    r_squared : float
        The share of the outcome's variance that all explain together.
    always_r_squared : float
        What predictors that are in every model explain on their own; importance adds up to the rest of R² for LMG,
        relative weights and Pratt's measure, and to nothing for the others.
    adjusted_r_squared, r_squared_by_chance : float
        R² less what chance adds, and what as many ``coefficients`` of no meaning explain in the mean.
    n, coefficients : int
        Answers or rows used, and columns that explain.
    outcome : str
        What was explained.
    labels : mapping
        The words for touchpoints; empty for a frame.
    """

    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(["importance", "share", "relative_weights"], "percent"),
        "monte_carlo_error": "percent:2",
    }

    r_squared: float
    always_r_squared: float
    n: int
    coefficients: int
    outcome: str
    labels: Mapping[str, str]

    @property
    def adjusted_r_squared(self) -> float:
        """R² less what chance adds; missing where as many coefficients as rows are estimated."""
        return adjusted_r_squared(self.r_squared, self.n, self.coefficients)

    @property
    def r_squared_by_chance(self) -> float:
        """What as many coefficients of no meaning explain in the mean."""
        return r_squared_by_chance(self.n, self.coefficients)

    def __post_init__(self) -> None:
        total, expected = np.nansum(self.table["importance"].to_numpy()), self.r_squared - self.always_r_squared
        if self.settings["method"] in ADDS_UP and abs(total - expected) > 1e-9:
            raise ValueError(f"importance adds up to {total}, not to R² {expected}.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Say how much is explained, by what most of it, and how much chance alone would explain."""
        nothing = not (self.table["importance"] > 0).any()
        return self._explained(), *(() if nothing else told_chance(self.r_squared, self.n, self.coefficients))

    def _explained(self) -> Sentence:
        ranked = self.table[self.table["importance"] > 0].sort_values("rank", kind="stable").head(3)
        values = {
            "r_squared": self.r_squared,
            "outcome": WORDS.get(self.outcome, self.outcome),
            "n": self.n,
            "method": METHODS[self.settings["method"]],
            "names": tuple(str(self.labels.get(name, name)) for name in ranked.iloc[:, 0]),
        }
        if ranked.empty:
            return say(
                "{r_squared:percent} of the variance of {outcome} is explained ({n} rows; {method}); none of it is "
                "carried by anything.",
                **values,
            )
        if self.settings["method"] not in ADDS_UP:
            return say_n(
                "{r_squared:percent} of the variance of {outcome} is explained ({n} rows); by {method}, which does "
                "not divide that, {names:list} comes first.",
                "{r_squared:percent} of the variance of {outcome} is explained ({n} rows); by {method}, which does "
                "not divide that, {names:list} come first.",
                len(ranked),
                **values,
            )
        return say_n(
            "{r_squared:percent} of the variance of {outcome} is explained ({n} rows; {method}); {names:list} "
            "carries {share:percent} of that.",
            "{r_squared:percent} of the variance of {outcome} is explained ({n} rows; {method}); {names:list} "
            "carry {share:percent} of that.",
            len(ranked),
            share=ranked["share"].sum(),
            **values,
        )


@on_one_thread
def relative_importance(
    source: Any,
    outcome: str | None = None,
    predictors: Sequence[str] | None = None,
    weight: str | None = None,
    method: Method = "lmg",
    groups: Mapping[str, Sequence[str]] | None = None,
    always: Sequence[str] = (),
    n: int | None = None,
) -> RelativeImportance:
    """Split what a regression explains among its predictors, however much they overlap.

    Parameters
    ----------
    source : data frame, path, DriverRegression or Study
        Any frame that narwhals knows (pandas, Polars, PyArrow, DuckDB …), one row per case, or the path of a Parquet
        file or of a folder of them (files and lazy frames are summed up without being held); a driver regression; a
        study, whose touchpoints explain ``outcome`` with ``missing="indicator"``; or, with ``n``, a covariance or
        correlation matrix as a pandas frame whose rows and columns have the same names.
    outcome : str, optional
        The column to be explained; for a study as in ``driver_regression`` ("recommend" where None).
    predictors : sequence of str, optional
        The columns that explain it; a column of words (a factor) counts as one. All other numeric columns where None.
        For frames only.
    weight : str, optional
        A column of weights of at least 0. For frames only.
    method : {"lmg", "relative_weights", "last", "first", "betasq", "pratt", "lmg_sampled"}
        LMG, exact up to 25 predictors or groups and from a sample of orders beyond; Johnson's relative weights, for
        any number; what R² loses without a
        predictor; R² of each alone; squared standardised coefficients; Pratt's coefficient times correlation; LMG
        from a sample of orders, for any number, with its error.
    groups : mapping of str to sequence of str, optional
        Predictors or touchpoints that count as one; the others stay on their own.
    always : sequence of str
        Predictors or touchpoints that are in every model, such as overall satisfaction; only what the others add to
        them is divided. With LMG, last and first.
    n : int, optional
        The number of rows that a matrix rests on.

    Returns
    -------
    RelativeImportance
        ``table``: ``touchpoint`` (or ``predictor``); ``importance``, share of the outcome's variance; ``share`` of
        what is explained, adds up to 1 (missing for last, first and betasq, which add up to nothing); ``rank``, 1 for
        the most important; ``sign`` of the coefficient in the regression on all ("+", "-", "mixed" in groups, "" for
        factors); with ``lmg_sampled`` also ``monte_carlo_error``, the standard error that sampling leaves, and where
        LMG was asked for and had to be sampled ``relative_weights`` beside it. Missing where a touchpoint could not be
        estimated.

    Raises
    ------
    DataError
        Where columns are not numeric or do not vary, rows are too few, or a matrix is no covariance matrix.
    ValueError
        For unknown columns, members or options.

    Notes
    -----
    LMG is the increase of R² when a predictor is added, averaged over all orders: the Shapley value, general
    dominance. Relative weights take uncorrelated stand-ins for the predictors and rotate back; in practice close to
    LMG. Neither is ever negative, so neither tells a driver from noise, nor up from down: see ``sign``, and
    ``importance_intervals``. Duplicates share evenly. Rows with a missing value in any column used are left out.

    With β the standardised coefficients and r the correlations with the outcome, ``betasq`` is β² and ``pratt`` βr;
    for a group they are the variance of its part of the fit and the sum of its products.

    References
    ----------
    Lindeman, Merenda & Gold 1980; Grömping 2007, doi:10.1198/000313007X188252; Johnson 2000,
    doi:10.1207/S15327906MBR3501_1; Pratt 1987; Darlington 1968, doi:10.1037/h0025471 (last).

    Examples
    --------
    >>> import pandas as pd
    >>> import tpm_widgets as tpm
    >>> frame = pd.DataFrame({"bought": [1, 2, 3, 5, 4, 6], "price": [9, 7, 8, 5, 6, 5], "staff": [1, 3, 2, 4, 5, 5]})
    >>> tpm.relative_importance(frame, outcome="bought").table.round(3)
      predictor  importance  share  rank sign
    0     price       0.478  0.569     1    -
    1     staff       0.362  0.431     2    +
    """
    check_option("method", method, Method)
    refuse_always(method, always)
    found = read_explanation(source, outcome, predictors, weight, groups, always, n, rows=False)
    beside = method == "lmg" and len(found.groups) > MOST_PLAYERS
    method = "lmg_sampled" if beside else method
    slopes = standardised_slopes(found.covariance)
    everything, alone = found.explain, found.always_explain
    caveats = (*found.caveats, NEGATIVE) if method == "pratt" else found.caveats
    table = _table(found, method, slopes, everything - alone)
    if beside:
        caveats = (*caveats, SAMPLED)
        if not always:
            weights = importance_of("relative_weights", found.covariance, found.groups)
            table["relative_weights"] = found.spread(weights)
    return RelativeImportance(
        table=table,
        r_squared=everything,
        always_r_squared=alone,
        n=found.n,
        coefficients=len(found.covariance) - 1,
        outcome=found.outcome,
        labels=found.labels,
        settings={"method": method, **found.settings},
        caveats=caveats,
        data_hash=found.data_hash,
    )


def refuse_always(method: Method, always: Sequence[str]) -> None:
    """Refuse predictors that are always in for a method that cannot hold them."""
    if always and method not in TAKES_ALWAYS:
        raise ValueError(f"always= goes with the methods {', '.join(map(repr, TAKES_ALWAYS))}; got {method!r}.")


def _table(found: Explanation, method: Method, slopes: np.ndarray, explained: float) -> pd.DataFrame:
    """One row per player."""
    own, error = _importance(found, method)
    total = own.sum()
    if method in ADDS_UP and total and abs(total - explained) < ROUNDING:  # of nearly singular matrices
        own = own * (explained / total)
    values = found.spread(own)
    table = {
        found.kind: list(found.players),
        "importance": values,
        "share": values / total if method in ADDS_UP and total else np.full(len(values), np.nan),
        "rank": ranks(values),
        "sign": signs(found, slopes),
    }
    return pd.DataFrame(table if error is None else {**table, "monte_carlo_error": found.spread(error)})


def _importance(found: Explanation, method: Method) -> tuple[np.ndarray, np.ndarray | None]:
    """Compute the importance of the players that could be estimated; for the sampled one with its error."""
    if method == "lmg_sampled":
        return sampled_lmg(found.covariance, found.groups, found.always)
    return importance_of(method, found.covariance, found.groups, found.always), None


def ranks(values: np.ndarray) -> pd.arrays.IntegerArray:
    """1 for the largest; missing where the value is, equal ones share the better rank."""
    above = (values[:, None] > values).sum(axis=0)
    return pd.arrays.IntegerArray(above + 1, np.isnan(values))


def signs(found: Explanation, slopes: np.ndarray) -> list[str]:
    """Tell the sign of each player's coefficients in the regression on all."""
    values = slopes.tolist()
    return [_sign([values[column] for column in columns]) for columns in found.signed.values()]


def _sign(slopes: Sequence[float]) -> str:
    if not slopes:
        return ""
    if all(slope > 0 for slope in slopes):
        return "+"
    return "-" if all(slope < 0 for slope in slopes) else "mixed"
