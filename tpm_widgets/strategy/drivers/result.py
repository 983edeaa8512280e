"""What drivers of a study and drivers of a table of any size have in common: their tables and what they say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.language import Between, Sentence, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.statistics.regression.design import Missing
from tpm_widgets.strategy.drivers.chance import NO_ERROR, ROUNDING, adjusted_r_squared, r_squared_by_chance, told_chance
from tpm_widgets.strategy.drivers.models import Model
from tpm_widgets.strategy.drivers.outcomes import WORDS, Outcome
from tpm_widgets.strategy.drivers.words import POLICIES, effect_quantity, effect_template, method_words

MOST = 0.5  # share of what is explained from which on it is most of it
A_LITTLE = 0.1  # share of what is explained


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Drivers(Result):
    """What goes with an outcome, one row per touchpoint; made by ``driver_regression``, which tells the columns.

    Attributes
    ----------
    table, effects, terms : pandas.DataFrame
        One row per touchpoint; the same with average changes of the outcome; one row per coefficient.
    intercept : float
        The constant; missing for an ordered logit, which has thresholds.
    r_squared, adjusted_r_squared, r_squared_by_chance : float
        Share of variance explained (by a linear model also where ``model`` is another), to which importance adds up;
        the same less what chance adds; and what as many coefficients of no meaning explain in the mean.
    model : {"ols", "logit", "ordered_logit", "poisson", "negative_binomial"}
        The regression.
    outcome : str
        What was explained.
    missing : {"indicator", "complete", "pairwise", "imputed"}
        What was done about touchpoints that were not rated.
    n : int
        Answers used.
    events : int or None
        Answers with the outcome, or what was counted in all, unweighted; None for ``recommend``.
    covariance : numpy.ndarray, shape (k, k)
        Weighted covariance of the columns (without the constant) and, last, the outcome.
    labels : mapping
        The words for each touchpoint.
    """

    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(["estimate", "std_error"], "number:3"),
        **dict.fromkeys(["importance", "importance_rating", "importance_not_rated"], "percent"),
        **dict.fromkeys(["relative_weights", "experienced"], "percent"),
        "monte_carlo_error": "percent:2",
    }

    effects: pd.DataFrame
    terms: pd.DataFrame
    intercept: float
    r_squared: float
    model: Model
    outcome: Outcome
    missing: Missing
    n: int
    events: int | None
    covariance: np.ndarray
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        if not np.isclose(self.table["importance"].sum(), self.r_squared, rtol=0, atol=1e-9):
            raise ValueError(f"importance adds up to {self.table['importance'].sum()}, not to R² {self.r_squared}.")

    @property
    def dispersion(self) -> float:
        """α of the counts' variance μ + αμ²: 0 for Poisson, missing where nothing is counted."""
        return np.nan

    @property
    def coefficients(self) -> int:
        """How many coefficients explain: those of ratings, and of touchpoints that were not rated."""
        return len(self.covariance) - 1

    @property
    def adjusted_r_squared(self) -> float:
        """R² less what chance adds; missing where as many coefficients as answers are estimated."""
        return adjusted_r_squared(self.r_squared, self.n, self.coefficients)

    @property
    def r_squared_by_chance(self) -> float:
        """What as many coefficients of no meaning explain in the mean."""
        return r_squared_by_chance(self.n, self.coefficients)

    def leaders(self, most: int = 3) -> tuple[str, ...]:
        """Return the touchpoints whose ratings carry most of what is explained, those without a share left out."""
        carry = self.table[self.table["importance_rating"] > 0]
        return tuple(carry.sort_values("importance_rating", ascending=False, kind="stable")["touchpoint"].head(most))

    def sentences(self) -> tuple[Sentence, ...]:
        """Say what is explained, which touchpoints carry it, and what a point more at the first goes with."""
        names = self.leaders()
        leaders = tuple(self.labels[name] for name in names)
        values = {
            "r_squared": self.r_squared,
            "outcome": WORDS[self.outcome],
            "n": self.n,
            "method": method_words(self.model, self.dispersion, self.outcome),
            "policy": POLICIES[self.missing],
        }
        if not leaders:
            return (
                say(
                    "The ratings explain {r_squared:percent} of the variance of {outcome} ({n} answers; {method}; "
                    "{policy}); no touchpoint carries any of it.",
                    **values,
                ),
            )
        carried = float(self.table.set_index("touchpoint")["importance_rating"].loc[list(names)].sum())
        share = carried / self.r_squared
        values |= {"touchpoints": leaders, "share": share}
        if share > 1 - ROUNDING:
            explained = say(
                "The ratings explain {r_squared:percent} of the variance of {outcome} ({n} answers; {method}; "
                "{policy}); all of it goes with {touchpoints:list}.",
                **values,
            )
        elif share > MOST:
            explained = say_n(
                "The ratings explain {r_squared:percent} of the variance of {outcome} ({n} answers; {method}; "
                "{policy}); most of it goes with {touchpoints:list}, which carries {share:percent} of what is "
                "explained.",
                "The ratings explain {r_squared:percent} of the variance of {outcome} ({n} answers; {method}; "
                "{policy}); most of it goes with {touchpoints:list}, which carry {share:percent} of what is explained.",
                len(leaders),
                **values,
            )
        else:
            explained = say(
                "The ratings explain {r_squared:percent} of the variance of {outcome} ({n} answers; {method}; "
                "{policy}); {share:percent} of what is explained goes with the ratings of {touchpoints:list}.",
                **values,
            )
        first = self.effects[self.effects["touchpoint"] == names[0]].iloc[0]
        low, high = (effect_quantity(self.outcome, first[end]) for end in ("conf_low", "conf_high"))
        effect = (
            effect_template(
                self.outcome,
                touchpoint=leaders[0],
                change=effect_quantity(self.outcome, first["estimate"]),
                level=self.settings["level"],
                interval=Between(low, high),
            )
            if not first["conf_high"] - first["conf_low"] <= ROUNDING
            else NO_ERROR
        )
        chance = told_chance(self.r_squared, self.n, self.coefficients)
        return explained, *chance, *self._not_rated_said(), effect

    def _not_rated_said(self) -> tuple[Sentence, ...]:
        """Say how much of what is explained goes with who did not rate, where that is more than a little."""
        absent = self.table.set_index("touchpoint")["importance_not_rated"].fillna(0)
        if not absent.sum() > A_LITTLE * self.r_squared:
            return ()
        return (
            say(
                "{share:percent} of what is explained goes with whether touchpoints were rated at all, most of all "
                "{touchpoint}: that is not how good they are, and no priority or budget rests on it.",
                share=float(absent.sum()) / self.r_squared,
                touchpoint=self.labels[str(absent.idxmax())],
            ),
        )
