"""Which predictor dominates which: on average, at every size of model, and in every single model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from tpm_widgets.errors import DataError
from tpm_widgets.language import Names, Sentence, say
from tpm_widgets.options import check_option
from tpm_widgets.results import Result
from tpm_widgets.statistics.importance import subset_mcfadden as mcfadden
from tpm_widgets.statistics.importance.shapley import complete_dominance, conditional_dominance, subset_r_squared
from tpm_widgets.strategy.drivers.outcomes import WORDS
from tpm_widgets.strategy.importance.explanation import Explanation
from tpm_widgets.strategy.importance.importance import ranks
from tpm_widgets.strategy.importance.source import read_explanation
from tpm_widgets.threads import on_one_thread

Metric = Literal["r_squared", "mcfadden"]
Model = Literal["ols", "logit", "ordered", "poisson"]
MOST_PLAYERS = 18  # R² of 2^18 subsets
MOST_CATEGORIES = 20  # of an ordered outcome
MEASURES = {"r_squared": say("R²"), "mcfadden": say("McFadden's R²")}
MODELS = {
    "ols": say("linear regression"),
    "logit": say("logistic regression"),
    "ordered": say("ordered logistic regression"),
    "poisson": say("Poisson regression"),
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Dominance(Result):
    """General, conditional and complete dominance; made by ``dominance``, which tells the columns.

    Attributes
    ----------
    conditional : pandas.DataFrame
        One row per touchpoint or predictor and size: its name, size (of the model with it), gain (the mean of what it
        adds to models of the others).
    complete : pandas.DataFrame
        One row per ordered pair: first, second, share (of the models without both in which the first adds more),
        relation ("dominates", "is dominated", "neither").
    fit : float
        What all explain together; importance adds up to it (less that of what is always in).
    metric : {"r_squared", "mcfadden"}
    model : {"ols", "logit", "ordered", "poisson"}
    n : int
    outcome : str
    labels : mapping
        The words for touchpoints; empty for a frame.
    """

    formats: ClassVar[Mapping[str, str]] = {"importance": "percent", "share": "percent"}

    conditional: pd.DataFrame
    complete: pd.DataFrame
    fit: float
    always_fit: float
    metric: Metric
    model: Model
    n: int
    outcome: str
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        total = np.nansum(self.table["importance"].to_numpy())
        if abs(total - (self.fit - self.always_fit)) > 1e-9:
            raise ValueError(f"importance adds up to {total}, not to {self.fit - self.always_fit}.")

    def matrix(self) -> pd.DataFrame:
        """Return complete dominance as a matrix of words, rows against columns."""
        names = list(dict.fromkeys(self.complete["first"]))
        square = self.complete.pivot_table(index="first", columns="second", values="relation", aggfunc="first")
        return square.reindex(index=names, columns=names).fillna("").rename_axis(index=None, columns=None)

    def sentences(self) -> tuple[Sentence, ...]:
        """Say who comes first on average, and whom it dominates in every model."""
        first = self.table.sort_values("rank", kind="stable").iloc[0]
        name = first.iloc[0]
        below = self.complete.query("first == @name and relation == 'dominates'")["second"]
        general = say(
            "{name} dominates on average: it adds {importance:percent} of {fit:percent} ({measure} of {outcome}; "
            "{model}, {n} rows).",
            name=self._label(name),
            importance=first["importance"],
            fit=self.fit,
            measure=MEASURES[self.metric],
            outcome=WORDS.get(self.outcome, self.outcome),
            model=MODELS[self.model],
            n=self.n,
        )
        if len(below) == len(self.table.dropna(subset="importance")) - 1 > 0:
            return general, say("Whatever else is in the model, it adds more than any other.")
        if len(below):
            names = tuple(self._label(other) for other in below)
            return general, say("Whatever else is in the model, it adds more than {names:list}.", names=names)
        return general, say("It adds more than no other in every model.")

    def _label(self, name: object) -> str:
        return str(self.labels.get(str(name), name))


@on_one_thread
def dominance(
    source: Any,
    outcome: str | None = None,
    predictors: Sequence[str] | None = None,
    weight: str | None = None,
    metric: Metric = "r_squared",
    model: Model | None = None,
    groups: Mapping[str, Sequence[str]] | None = None,
    always: Sequence[str] = (),
    n: int | None = None,
) -> Dominance:
    """Ask which predictor adds more than which: on average, by size of model, and in every model.

    Parameters
    ----------
    source, outcome, predictors, weight, groups, always, n
        As for ``relative_importance``. A matrix (with ``n``) goes with ``metric="r_squared"`` only.
    metric : {"r_squared", "mcfadden"}
        What a model explains: share of variance (up to 18 players), or McFadden's 1 − ℓ/ℓ₀ (up to 12).
    model : {"ols", "logit", "ordered", "poisson"}, optional
        With ``metric="mcfadden"``: *logit* for outcomes of 0 and 1 (where None and the outcome is one), *ordered*
        logit for up to 20 ordered values such as the score 0–10, *poisson* for counts.

    Returns
    -------
    Dominance
        ``table``: ``touchpoint`` (or ``predictor``); ``importance``, general dominance, adds up to what all explain;
        ``share`` of that; ``rank``; ``dominates``, how many others it completely dominates. Missing where a touchpoint
        could not be estimated. ``conditional``, ``complete``: see there; ``matrix()`` shows complete dominance as a
        square.

    Raises
    ------
    DataError
        Where columns do not vary, rows are too few, the outcome does not suit the model, or some predictors tell it
        without error, so that no finite coefficients fit.
    ValueError
        For unknown names or options, options that do not go together, or too many players.

    Notes
    -----
    Complete dominance of i over j: f(S + i) > f(S + j) for every set S of others. Conditional: the mean gain over the
    S of each size is larger. General: the mean of those means, which is LMG for R². Each implies the next. McFadden's
    R² is fitted for every subset by Newton's method, started where a smaller one ended, without a penalty for size.
    Missing values, weights and factors as for ``relative_importance``.

    References
    ----------
    Budescu 1993, doi:10.1037/0033-2909.114.3.542; Azen & Budescu 2003, doi:10.1037/1082-989X.8.2.129; Azen & Traxel
    2009, doi:10.3102/1076998609332754.

    Examples
    --------
    >>> import pandas as pd
    >>> import tpm_widgets as tpm
    >>> frame = pd.DataFrame({"bought": [1, 2, 3, 5, 4, 6], "price": [9, 7, 8, 5, 6, 5], "staff": [1, 3, 2, 4, 5, 5]})
    >>> found = tpm.dominance(frame, outcome="bought")
    >>> found.table.round(3)
      predictor  importance  share  rank  dominates
    0     price       0.478  0.569     1          1
    1     staff       0.362  0.431     2          0
    >>> found.matrix()
                  price      staff
    price                dominates
    staff  is dominated
    """
    check_option("metric", metric, Metric)
    if model is not None:
        check_option("model", model, Model)
        if (model == "ols") != (metric == "r_squared"):
            raise ValueError(
                "metric='r_squared' goes with model='ols', metric='mcfadden' with 'logit', 'ordered' or 'poisson'; got "
                f"{metric!r} and {model!r}."
            )
    found = read_explanation(source, outcome, predictors, weight, groups, always, n, rows=metric == "mcfadden")
    most = MOST_PLAYERS if metric == "r_squared" else mcfadden.MOST_PLAYERS
    if len(found.groups) > most:
        raise ValueError(
            f"Dominance by {metric!r} goes up to {most} players, got {len(found.groups)}: join some with groups=, such "
            "as groups={'service': ['phone', 'mail']}."
        )
    if metric == "r_squared" or model == "ols":  # each says the other
        model, always_fit = "ols", found.always_explain
        fits = subset_r_squared(found.covariance, found.groups, found.always)
    else:
        model, fits, always_fit = _mcfadden(found, model)
    gains = conditional_dominance(fits)
    complete = complete_dominance(fits)
    general = gains.mean(axis=1)
    values = found.spread(general)
    return Dominance(
        table=pd.DataFrame(
            {
                found.kind: list(found.players),
                "importance": values,
                "share": values / (general.sum() or np.nan),
                "rank": ranks(values),
                "dominates": pd.array(found.spread((complete == 1).sum(axis=1)), dtype="Int64"),
            }
        ),
        conditional=_conditional(found, gains),
        complete=_complete(found, complete),
        fit=float(fits[-1]) + always_fit,
        always_fit=always_fit,
        metric=metric,
        model=model,
        n=found.n,
        outcome=found.outcome,
        labels=found.labels,
        settings={**found.settings, "metric": metric, "model": model},
        caveats=found.caveats,
        data_hash=found.data_hash,
    )


def _mcfadden(found: Explanation, model: mcfadden.Model | None) -> tuple[mcfadden.Model, np.ndarray, float]:
    """Fit every subset; the model, McFadden's R² of the subsets less that of what is always in, and that."""
    if found.answers is None:
        raise ValueError("metric='mcfadden' needs the rows themselves: a frame, or a study with missing='indicator'.")
    *columns, outcome = found.answers.data.T
    values = np.unique(outcome)
    if model is None:
        if not np.array_equal(values, [0, 1]):
            raise ValueError(
                f"{found.outcome!r} has other values than 0 and 1: say model='ordered' for values in order, or "
                "model='poisson' for counts."
            )
        model = "logit"
    _check_outcome(model, found.outcome, values)
    try:
        fits = mcfadden.subset_mcfadden(
            np.column_stack(columns), outcome, found.answers.weights, found.groups, found.always, model
        )
    except mcfadden.NoFiniteFitError as refused:
        names = Names(tuple(str(found.labels.get(found.names[j], found.names[j])) for j in refused.players))
        raise DataError(
            [
                {
                    "table": "frame",
                    "column": names.text(),
                    "expected": str(say("values that do not tell the outcome without error")),
                    "remedy": str(say("Leave some out or take more rows: no finite coefficients fit.")),
                }
            ]
        ) from None
    return model, fits.gains, fits.always


def _check_outcome(model: mcfadden.Model, name: str, values: np.ndarray) -> None:
    """Refuse an outcome that a model cannot have."""
    good, expected = {
        "logit": (np.array_equal(values, [0, 1]), say("the values 0 and 1")),
        "poisson": (values[0] >= 0 and (values == np.round(values)).all(), say("counts: 0, 1, 2 …")),
        "ordered": (
            3 <= len(values) <= MOST_CATEGORIES,
            say("3 to {most} different values in order", most=MOST_CATEGORIES),
        ),
    }[model]
    if not good:
        raise DataError([{"table": "frame", "column": name, "expected": str(expected)}])


def _conditional(found: Explanation, gains: np.ndarray) -> pd.DataFrame:
    names = found.names
    sizes = np.arange(1, len(names) + 1)
    return pd.DataFrame(
        {
            found.kind: np.repeat(np.array(names, dtype=object), len(names)),
            "size": np.tile(sizes, len(names)),
            "gain": gains.ravel(),
        }
    )


def _complete(found: Explanation, shares: np.ndarray) -> pd.DataFrame:
    names = np.array(found.names, dtype=object)
    first, second = np.nonzero(~np.eye(len(names), dtype=bool))
    relation = np.where(shares[first, second] == 1, "dominates", "neither")
    relation = np.where(shares[second, first] == 1, "is dominated", relation)
    return pd.DataFrame(
        {"first": names[first], "second": names[second], "share": shares[first, second], "relation": relation}
    )
