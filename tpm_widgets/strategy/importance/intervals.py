"""How sure importance is: intervals of shares and ranks, differences, and what a random predictor would get."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd

from tpm_widgets.errors import check_level, check_replicates
from tpm_widgets.language import Sentence, say
from tpm_widgets.options import check_option
from tpm_widgets.results import Result
from tpm_widgets.statistics.importance.lmg_influence import MOST_PLAYERS
from tpm_widgets.statistics.importance.measures import Measure, importance_of
from tpm_widgets.statistics.regression.covariance import is_matrix
from tpm_widgets.strategy.drivers.outcomes import WORDS
from tpm_widgets.strategy.importance.errors import by_bootstrap, by_influence, noise_table
from tpm_widgets.strategy.importance.explanation import Explanation
from tpm_widgets.strategy.importance.importance import ADDS_UP, METHODS, NEGATIVE, ranks, refuse_always
from tpm_widgets.strategy.importance.source import read_explanation
from tpm_widgets.threads import on_one_thread

How = Literal["bootstrap", "influence"]
NEVER_BELOW_0 = say(
    "A share is never negative, so that its interval excludes 0 says nothing; p compares it with random predictors, "
    "and what only goes along with a driver passes that, too."
)
NO_ROWS = (
    "Intervals draw rows again, and a matrix or its sums have none: give the frame or study itself, or a sample of it."
)
NOISE = 0.05  # p value from which on a predictor is told from random ones


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ImportanceIntervals(Result):
    """How sure importance is; made by ``importance_intervals``, which tells the columns.

    Attributes
    ----------
    differences : pandas.DataFrame
        One row per pair: first, second, difference (of their importance), std_error, conf_low, conf_high.
    noise : pandas.DataFrame
        One row per touchpoint or predictor: its name, importance, random_high (what ``level`` of random predictors
        stay below), p_value (the share of random predictors that get at least as much).
    r_squared : float
        What all explain together; LMG, relative weights and Pratt's measure add up to it (less that of what is always
        in).
    n : int
        Answers or rows used.
    outcome : str
    labels : mapping
        The words for touchpoints; empty for a frame.
    """

    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(["importance", "std_error", "share", "random_high"], "percent"),
        "top": "percent:0",
        **dict.fromkeys(["rank", "rank_low", "rank_high"], ""),
    }
    interval_of: ClassVar[str] = "importance"

    differences: pd.DataFrame
    noise: pd.DataFrame
    r_squared: float
    n: int
    outcome: str
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        known = self.table.dropna(subset="importance")
        least = -np.inf if self.settings["method"] == "pratt" else 0.0
        if not ((known["conf_low"] >= least) & (known["conf_low"] <= known["conf_high"])).all():
            raise ValueError("an interval of importance begins below 0 or ends before it begins.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Say how sure the first place is, and who gets no more than random predictors do."""
        row = self.table.sort_values("rank", kind="stable").iloc[0]
        values = {
            "name": self._label(row.iloc[0]),
            "outcome": WORDS.get(self.outcome, self.outcome),
            "method": METHODS[self.settings["method"]],
            "n": self.n,
        }
        if self.settings["how"] == "bootstrap":
            first = say(
                "{name} comes first with {importance:percent} of the variance of {outcome} ({method}; "
                "{level:percent:0} interval {conf_interval:percent}; {n} rows), and it is among the first three in "
                "{top:percent:0} of {replicates} resamples.",
                row,
                self.settings,
                **values,
            )
        else:
            first = say(
                "{name} comes first with {importance:percent} of the variance of {outcome} ({method}; "
                "{level:percent:0} interval {conf_interval:percent}, by the influence function; {n} rows).",
                row,
                self.settings,
                **values,
            )
        quiet = self.noise.loc[self.noise["p_value"] > NOISE].iloc[:, 0]
        if len(quiet):
            return first, say(
                "No more than a random predictor may get (p > 0.05): {names:list}.",
                names=tuple(self._label(name) for name in quiet),
            )
        return first, say("Each gets more than 95% of random predictors would.")

    def _label(self, name: object) -> str:
        return str(self.labels.get(str(name), name))


@on_one_thread
def importance_intervals(
    source: Any,
    outcome: str | None = None,
    predictors: Sequence[str] | None = None,
    weight: str | None = None,
    method: Measure = "lmg",
    groups: Mapping[str, Sequence[str]] | None = None,
    always: Sequence[str] = (),
    how: How = "bootstrap",
    replicates: int = 1000,
    level: float = 0.95,
    seed: int = 1,
) -> ImportanceIntervals:
    """Ask how sure importance and its order are, and which predictors are no better than random ones.

    Parameters
    ----------
    source, outcome, predictors, weight, groups, always
        As for ``relative_importance``. A matrix does not do: the answers themselves are needed.
    method : {"lmg", "relative_weights", "last", "first", "betasq", "pratt"}
        As for ``relative_importance``; LMG up to 20 touchpoints, predictors or groups; beyond, relative weights
        take its place, and a caveat says so.
    how : {"bootstrap", "influence"}
        Draw the customers again, with all their answers, and take percentiles; or, for LMG, the influence function,
        which needs no draws and gives symmetric errors.
    replicates : int, default 1000
        Resamples, at least 100.
    level : float, default 0.95
        Confidence level of all intervals, 0…1.
    seed : int
        Where random numbers start.

    Returns
    -------
    ImportanceIntervals
        ``table``: ``touchpoint`` (or ``predictor``); ``importance``, share of the outcome's variance, with
        ``std_error``, ``conf_low``, ``conf_high``; ``share`` of what is explained, with ``share_low``, ``share_high``
        (missing for last, first and betasq, which add up to nothing);
        ``rank`` with ``rank_low``, ``rank_high``; ``top``, the share of resamples in which it is among the first three
        (missing with ``how="influence"``, where ``rank_low`` and ``rank_high`` count those whose importance is surely
        above or below). ``differences`` and ``noise``: see there.

    Raises
    ------
    DataError
        Where columns are not numeric or do not vary, or rows are too few.
    ValueError
        For a matrix, covariances of different answers (``missing="pairwise"``), unknown names or options, or options
        that do not go together, also ``always`` for more than 20 players with LMG.

    Notes
    -----
    A share is never negative. That its interval excludes 0 therefore says nothing, and a bootstrap pushes shares near
    0 upwards. Noise is told by ``noise``: the share that a predictor of random numbers would get if it joined the
    others. LMG of such a predictor is a quadratic form r′Ar in its chance correlations r with the columns, where A
    is the mean over subsets of the products of residual coefficients; 10,000 values are drawn, and p is
    (1 + those at least as large) / 10,001. A predictor that is independent of everything is called a driver at
    p ≤ 0.05 in about 5 % of samples. For the other methods 1,000 columns are really drawn. Where customers
    answered repeatedly, random numbers of one customer are as alike as the ratings that they are compared with (their
    intraclass correlation, in steps of 0.05). Not noise is not yet a
    cause, nor an effect of its own: LMG also gives a share to what only goes along with a driver; for that see the
    intervals of ``driver_regression``. p values are not adjusted for their number.

    The influence function uses ∂σ²(S)/∂Σ = bb′ for each subset's residual b; intervals are symmetric in the log odds
    of the share, those of differences in the difference. It is of no use for shares close to 0.

    References
    ----------
    Grömping 2007, doi:10.1198/000313007X188252; Hampel 1974, doi:10.1080/01621459.1974.10482962; Tonidandel, LeBreton
    & Johnson 2009, doi:10.1037/a0017735 (random predictors).

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=600, touchpoints=4)
    >>> sure = tpm.importance_intervals(study, replicates=200)
    >>> list(sure.table.columns[:5])
    ['touchpoint', 'importance', 'std_error', 'conf_low', 'conf_high']
    >>> bool((sure.noise["p_value"] <= 0.05).any())
    True
    """
    check_option("method", method, Measure)
    check_option("how", how, How)
    check_level(level)
    check_replicates(replicates, 100)
    refuse_always(method, always)
    if how == "influence" and method != "lmg":
        raise ValueError(f"how='influence' goes with method='lmg'; choose how='bootstrap' for {method!r}.")
    if is_matrix(source):
        raise ValueError(NO_ROWS)
    found = read_explanation(source, outcome, predictors, weight, groups, always, None)
    if found.settings.get("missing") in ("pairwise", "imputed"):
        raise ValueError(
            f"missing={found.settings['missing']!r} takes its covariances from more than the answers, so that none can "
            "be drawn again; choose 'indicator' or 'complete'."
        )
    if found.answers is None:
        raise ValueError(NO_ROWS)
    many: tuple[Sentence, ...] = ()
    if method == "lmg" and len(found.groups) > MOST_PLAYERS:
        if always:
            raise ValueError(
                f"Intervals of LMG go up to {MOST_PLAYERS} players, got {len(found.groups)}, and relative weights, "
                "which take its place beyond, know no always=: join some with groups=, or leave always= out."
            )
        many = (
            say(
                "LMG of more than {most} players would take too long to draw again: these are Johnson's relative "
                "weights. Joined with groups= they can be LMG.",
                most=MOST_PLAYERS,
            ),
        )
        method, how = "relative_weights", "bootstrap"
    importance = importance_of(method, found.covariance, found.groups, found.always)
    if how == "bootstrap":
        table, differences = by_bootstrap(found, found.answers, method, importance, replicates, level, seed)
    else:
        table, differences = by_influence(found, found.answers, importance, level)
    drawn = {"replicates": replicates, "seed": seed} if how == "bootstrap" else {}
    settings = {"method": method, "how": how, **drawn, "level": level}
    return ImportanceIntervals(
        table=_in_order(found, table, divides=method in ADDS_UP),
        differences=_pairs(found, differences),
        noise=noise_table(found, found.answers, method, importance, level, seed),
        r_squared=found.explain,
        n=found.n,
        outcome=found.outcome,
        labels=found.labels,
        settings={**found.settings, **settings},
        caveats=(*many, *found.caveats, NEGATIVE if method == "pratt" else NEVER_BELOW_0),
        data_hash=found.data_hash,
    )


def _in_order(found: Explanation, table: Mapping[str, np.ndarray], divides: bool) -> pd.DataFrame:
    """One row per touchpoint or predictor, the columns in their fixed order; shares only of what ``divides`` R²."""
    frame = pd.DataFrame({found.kind: list(found.players)} | {name: found.spread(own) for name, own in table.items()})
    whole = frame[["rank_low", "rank_high"]].astype("Int64")
    frame = frame.assign(
        share=frame["importance"] / frame["importance"].sum(), rank=ranks(frame["importance"].to_numpy()), **whole
    )
    if not divides:
        frame[["share", "share_low", "share_high"]] = np.nan
    names = ["importance", "std_error", "conf_low", "conf_high", "share", "share_low", "share_high"]
    return frame[[found.kind, *names, "rank", "rank_low", "rank_high", "top"]]


def _pairs(found: Explanation, differences: Mapping[str, np.ndarray]) -> pd.DataFrame:
    names = np.array(found.names, dtype=object)
    first, second = np.triu_indices(len(names), 1)
    return pd.DataFrame({"first": names[first], "second": names[second], **differences})
