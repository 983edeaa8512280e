"""How much of what is explained goes with each touchpoint, or with each predictor of any frame."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
from scipy.stats import rankdata

from tpm_widgets.errors import check_option
from tpm_widgets.language import Names, Percent, Sentence, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.statistics.covariance import r_squared, standardised_slopes, weighted_covariance
from tpm_widgets.statistics.numeric_columns import read_numbers
from tpm_widgets.statistics.relative_weights import relative_weights
from tpm_widgets.statistics.shapley import lmg
from tpm_widgets.strategy.drivers import DriverRegression, driver_regression
from tpm_widgets.strategy.outcomes import WORDS, Outcome
from tpm_widgets.study.model import Study

Method = Literal["lmg", "relative_weights"]
METHODS = {"lmg": say("LMG"), "relative_weights": say("Johnson's relative weights")}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class RelativeImportance(Result):
    """Shares of the variance explained; made by ``relative_importance``, which tells the columns.

    Attributes
    ----------
    r_squared : float
        The share of the outcome's variance that all explain together; importance adds up to it.
    n : int
        Answers or rows used.
    outcome : str
        What was explained.
    labels : mapping
        The words for touchpoints; empty for a frame.
    """

    formats: ClassVar[Mapping[str, str]] = {"importance": "percent", "share": "percent"}

    r_squared: float
    n: int
    outcome: str
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        if not np.isclose(self.table["importance"].sum(), self.r_squared, rtol=0, atol=1e-9):
            raise ValueError(f"importance adds up to {self.table['importance'].sum()}, not to R² {self.r_squared}.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Say how much is explained, and by what most of it."""
        first = self.table.sort_values("rank").head(3)
        names = tuple(str(self.labels.get(name, name)) for name in first.iloc[:, 0])
        return (
            say(
                "{r_squared} of the variance of {outcome} is explained ({n} rows; {method}); {names} carry {share} of "
                "that.",
                r_squared=Percent(self.r_squared),
                outcome=WORDS.get(self.outcome, self.outcome),
                n=self.n,
                method=METHODS[self.settings["method"]],
                names=Names(names),
                share=Percent(first["share"].sum()),
            ),
        )


def relative_importance(
    source: Any,
    outcome: str | None = None,
    predictors: Sequence[str] | None = None,
    weight: str | None = None,
    method: Method = "lmg",
    groups: Mapping[str, Sequence[str]] | None = None,
) -> RelativeImportance:
    """Split what a regression explains among its predictors, however much they overlap.

    Parameters
    ----------
    source : data frame, DriverRegression or Study
        Any frame that narwhals knows (pandas, Polars, PyArrow, DuckDB …), one row per case; a driver regression; or
        a study, whose touchpoints explain ``outcome`` with ``missing="indicator"``.
    outcome : str, optional
        The column to be explained; for a study as in ``driver_regression`` ("recommend" where None).
    predictors : sequence of str, optional
        The columns that explain it; all other numeric columns where None. For frames only.
    weight : str, optional
        A column of weights of at least 0. For frames only.
    method : {"lmg", "relative_weights"}
        LMG, exact up to 25 predictors or groups; or Johnson's relative weights, for any number.
    groups : mapping of str to sequence of str, optional
        Predictors or touchpoints that count as one; the others stay on their own.

    Returns
    -------
    RelativeImportance
        ``table``: ``touchpoint`` (or ``predictor``); ``importance``, share of the outcome's variance, adds up to R²;
        ``share`` of what is explained, adds up to 1; ``rank``, 1 for the most important; ``sign`` of the coefficient
        in the regression on all ("+", "-", "mixed" in groups). Missing where a touchpoint could not be estimated.

    Raises
    ------
    DataError
        Where columns are not numeric or do not vary, or rows are too few.
    ValueError
        For unknown columns, members or options, or more than 25 players with ``method="lmg"``.

    Notes
    -----
    LMG is the increase of R² when a predictor is added, averaged over all orders: the Shapley value, general
    dominance. Relative weights take uncorrelated stand-ins for the predictors and rotate back; in practice close to
    LMG. Neither is ever negative, so neither tells a driver from noise, nor up from down: see ``sign``, and the
    intervals of ``driver_regression``. Rows with a missing value in any column used are left out.

    References
    ----------
    Lindeman, Merenda & Gold 1980; Grömping 2007, doi:10.1198/000313007X188252; Johnson 2000,
    doi:10.1207/S15327906MBR3501_1.

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
    if isinstance(source, (Study, DriverRegression)):
        if predictors is not None or weight is not None:
            raise ValueError("predictors= and weight= go with a frame; a study has its touchpoints and its own weight.")
        if isinstance(source, DriverRegression) and outcome is not None:
            raise ValueError(f"outcome= goes with a frame or a study; this regression explains {source.outcome!r}.")
        drivers = source if isinstance(source, DriverRegression) else _drivers(source, outcome)
        return _of_drivers(drivers, method, groups or {})
    return _of_frame(source, outcome, predictors, weight, method, groups or {})


def _drivers(study: Study, outcome: str | None) -> DriverRegression:
    outcome = "recommend" if outcome is None else outcome
    check_option("outcome", outcome, Outcome)
    return driver_regression(study, outcome=outcome)  # type: ignore[arg-type]


def _of_drivers(drivers: DriverRegression, method: Method, groups: Mapping[str, Sequence[str]]) -> RelativeImportance:
    design = drivers.design
    everyone = list(drivers.table["touchpoint"])
    columns = dict(zip(design.touchpoints, design.groups(), strict=True))
    ratings = {name: [design.names.index(name) - 1] for name in design.touchpoints}
    players = _players(everyone, groups, "touchpoint")
    return RelativeImportance(
        table=_table("touchpoint", players, columns, ratings, drivers.covariance, method),
        r_squared=drivers.r_squared,
        n=drivers.n,
        outcome=drivers.outcome,
        labels=drivers.labels,
        settings={**drivers.settings, "method": method, **({"groups": dict(groups)} if groups else {})},
        caveats=drivers.caveats,
        data_hash=drivers.data_hash,
    )


def _of_frame(
    source: Any,
    outcome: str | None,
    predictors: Sequence[str] | None,
    weight: str | None,
    method: Method,
    groups: Mapping[str, Sequence[str]],
) -> RelativeImportance:
    numbers = read_numbers(source, outcome, predictors, weight)
    covariance = weighted_covariance(numbers.columns, numbers.weights)
    *predictors, outcome = numbers.names
    columns = {name: [position] for position, name in enumerate(predictors)}
    settings = {"outcome": outcome, "method": method, **({"weight": weight} if weight else {})}
    return RelativeImportance(
        table=_table(
            "predictor", _players(list(predictors), groups, "predictor"), columns, columns, covariance, method
        ),
        r_squared=r_squared(covariance),
        n=len(numbers.weights),
        outcome=outcome,
        labels={},
        settings=settings | ({"groups": dict(groups)} if groups else {}),
        caveats=_frame_caveats(numbers.left_out),
    )


def _players(names: list[str], groups: Mapping[str, Sequence[str]], kind: str) -> dict[str, list[str]]:
    """Who plays: each group with its members, where the first of them stood, and the others on their own."""
    owner: dict[str, str] = {}
    for group, members in groups.items():
        for member in members:
            if member not in names:
                raise ValueError(f"groups[{group!r}] names the unknown {kind} {member!r}; there are {names!r}.")
            if member in owner:
                raise ValueError(f"groups puts {member!r} into both {owner[member]!r} and {group!r}.")
            owner[member] = group
    players: dict[str, list[str]] = {}
    for name in names:
        players.setdefault(owner.get(name, name), []).append(name)
    return players


def _table(
    kind: str,
    players: Mapping[str, Sequence[str]],
    columns: Mapping[str, list[int]],
    signed: Mapping[str, list[int]],
    covariance: np.ndarray,
    method: Method,
) -> pd.DataFrame:
    """One row per player; ``columns`` are those of each member, ``signed`` those whose coefficients have its sign."""
    owned = {player: [c for member in members for c in columns.get(member, [])] for player, members in players.items()}
    present = {player: own for player, own in owned.items() if own}
    if method == "lmg":
        importance = lmg(covariance, list(present.values()))
    else:
        every = [c for own in present.values() for c in own]  # a column that two players share stands there twice
        starts = np.cumsum([0, *(len(own) for own in present.values())])[:-1]
        order = [*every, len(covariance) - 1]
        importance = np.add.reduceat(relative_weights(covariance[np.ix_(order, order)]), starts)
    slopes = standardised_slopes(covariance)
    known = dict(zip(present, importance.tolist(), strict=True))
    values = np.array([known.get(player, np.nan) for player in players])
    signs = [_sign(slopes[[c for member in members for c in signed.get(member, [])]]) for members in players.values()]
    places = pd.array(rankdata(-values, method="min", nan_policy="omit"), dtype="Int64")
    return pd.DataFrame(
        {kind: list(players), "importance": values, "share": values / np.nansum(values), "rank": places, "sign": signs}
    )


def _sign(slopes: np.ndarray) -> str:
    if not len(slopes):
        return ""
    if (slopes > 0).all():
        return "+"
    return "-" if (slopes < 0).all() else "mixed"


def _frame_caveats(left_out: int) -> tuple[Sentence, ...]:
    found = [say("Importance is an association, not a cause, and never negative: the sign stands beside it.")]
    if left_out:
        found.append(
            say_n(
                "{count} row was left out, because a value is missing.",
                "{count} rows were left out, because a value is missing.",
                left_out,
            )
        )
    return tuple(found)
