"""Which touchpoints can delight, and which can only disappoint? The penalty–reward contrast: from a regression on low
and high ratings to tables of reward, penalty and their asymmetry, and the factor's odds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal, cast

import numpy as np
import pandas as pd
from scipy import stats

from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.ties import told_ties
from tpm_widgets.errors import DataError, check_level, check_replicates
from tpm_widgets.language import Between, Number, Points, Sentence, say
from tpm_widgets.options import check_option
from tpm_widgets.results import Result
from tpm_widgets.statistics.association.asymmetry import (
    CLASSES,
    asymmetry,
    asymmetry_interval,
    class_of,
    class_shares,
    rating_cuts,
)
from tpm_widgets.statistics.importance.resampled import resampled_slopes
from tpm_widgets.statistics.regression.design import Design, make_contrasts
from tpm_widgets.statistics.regression.linear_and_logit import Fit, fit_linear
from tpm_widgets.strategy.aims.factor_caveats import factor_caveats
from tpm_widgets.strategy.drivers.outcomes import WORDS, asked, known_answers
from tpm_widgets.strategy.drivers.tables import refuse_one_customer
from tpm_widgets.study.model import Study, need_study, need_touchpoints
from tpm_widgets.threads import on_one_thread

Wanted = Literal["recommend", "promoter", "referred", "won", "recommended", "reported", "yes"]
ROUNDING = 1e-9  # of a perfect fit
SURE = 0.8  # share of resamples with the same factor from which on it is called sure


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class PenaltyReward(Result):
    """Rewards of high and penalties of low ratings; made by ``penalty_reward``, which tells the columns.

    Attributes
    ----------
    probabilities : pandas.DataFrame
        One row per touchpoint: touchpoint, and how often each factor came out under the bootstrap: delighter,
        satisfier, hybrid, dissatisfier, frustrator; they add up to 1, and are missing where no factor is told.
    outcome : {"recommend", "promoter", "referred", "won"}
        What was explained.
    cuts : mapping
        For each touchpoint the highest low and the lowest high rating.
    n : int
        Answers used.
    labels : mapping
        The words for each touchpoint.
    """

    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(["reward", "penalty", "riocs", "asymmetry"], "number:2"),
        "probability": "percent:0",
    }

    probabilities: pd.DataFrame
    outcome: Wanted
    cuts: Mapping[str, tuple[int, int]]
    n: int
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        if (self.table["asymmetry"].abs() > 1).any():
            raise ValueError("asymmetry lies between −1 and 1.")
        if (self.probabilities[list(CLASSES)].sum(axis=1, min_count=1).sub(1).abs() > 1e-9).any():
            raise ValueError("the probabilities of a touchpoint's factors add up to 1.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Say what kind each touchpoint is, how sure that is, and where a low rating costs most."""
        kinds = {factor: self._named(self.table["factor"] == factor) for factor in CLASSES}
        found = say(
            "Low and high against middle ratings of all touchpoints in one linear regression of {outcome} ({n} "
            "answers) show as delighters: {delighter:list:8}; satisfiers: {satisfier:list:8}; hybrids: "
            "{hybrid:list:8}; dissatisfiers: {dissatisfier:list:8}; frustrators: {frustrator:list:8}; open: "
            "{unknown:list:8}.",
            outcome=WORDS[self.outcome],
            n=self.n,
            unknown=self._named(self.table["factor"].isna()),
            **kinds,
        )
        sure = say(
            "In at least {much:percent:0} of {replicates} resamples the factor is the same for: {touchpoints:list:8}.",
            self.settings,
            much=SURE,
            touchpoints=self._named(self.table["probability"] >= SURE),
        )
        rows = self.table.sort_values("penalty", kind="stable").to_dict("records")  # missing ones go last
        unit = Number if self.outcome == "recommend" else Points
        if not self.table["penalty_high"].lt(-ROUNDING).any():
            return (
                found,
                sure,
                say(
                    "At no touchpoint is it shown that a low rating instead of a middle one goes with less "
                    "({level:percent:0} intervals, robust errors).",
                    self.settings,
                ),
            )
        cost = say(
            "A low rating instead of a middle one goes with most at {touchpoint}: {penalty} points of {outcome} "
            "({level:percent:0} interval {interval}, robust errors).",
            self.settings,
            outcome=WORDS[self.outcome],
            touchpoint=self.labels[rows[0]["touchpoint"]],
            penalty=unit(rows[0]["penalty"]),
            interval=Between(unit(rows[0]["penalty_low"]), unit(rows[0]["penalty_high"])),
        )
        return found, sure, cost, *told_ties(rows, "penalty", lambda r: self.labels[r["touchpoint"]], lowest=True)

    def _named(self, rows: pd.Series) -> tuple[str, ...]:
        return tuple(self.labels[name] for name in self.table.loc[rows, "touchpoint"])


@on_one_thread
def penalty_reward(
    study: Study, outcome: Wanted = "recommend", level: float = 0.95, replicates: int = 1000, seed: int = 1
) -> PenaltyReward:
    """Ask at which touchpoints a high rating pays, and at which a low one costs: delight, OK, disappointment.

    Parameters
    ----------
    study : Study
        With a rating per touchpoint.
    outcome : {"recommend", "promoter", "referred", "won"}
        What is to be explained, as in ``driver_regression``.
    level : float, default 0.95
        Confidence level of the intervals, 0…1.
    replicates : int, default 1000
        Resamples behind the probabilities, at least 100.
    seed : int
        Where random numbers start.

    Returns
    -------
    PenaltyReward
        ``table``, one row per touchpoint: ``touchpoint``; ``n`` answers that rated it; ``reward``, what a high
        instead of a middle rating goes with (points of the score; a difference of shares for 0/1 outcomes), with
        ``reward_low``, ``reward_high``; ``penalty``, the same for a low rating, normally negative, with
        ``penalty_low``, ``penalty_high``; ``riocs`` |reward| + |penalty|, the range of impact; ``asymmetry`` −1…1,
        with ``asymmetry_low``, ``asymmetry_high``; ``factor`` ("delighter" above 0.7, "satisfier" above 0.2, "hybrid"
        to −0.2, "dissatisfier" to −0.7, "frustrator" below) and its ``probability``, the share of resamples with the
        same factor; ``note``: "wrong sign" where a high rating goes with less or a low one with more, "too uncertain"
        where the range might be 0. ``probabilities``: see there.

    Raises
    ------
    DataError
        Where no touchpoint has low, middle and high ratings, answers are too few, or all have the same outcome.
    ValueError
        For an unknown option.

    Notes
    -----
    One least-squares regression holds, for every touchpoint, a dummy for low and one for high ratings (below and
    above the middle third of the scale: 1–2 | 3 | 4–5, or 0–3 | 4–6 | 7–10; the same cuts make customers disappointed,
    OK and delighted) and an indicator for who did not rate it; HC3 errors, or CR2 as in ``driver_regression`` where
    customers answered repeatedly. With reward r and penalty p: RIOCS = |r| + |p| and asymmetry = (r − |p|)/RIOCS. A
    part with the wrong sign counts for neither side of the asymmetry.

    With the right signs RIOCS is r − p, the difference between high and low ratings, whose interval is that of a
    linear contrast of two coefficients and can reach 0. (The interval of |r| + |p| itself never can: noise alone makes
    it positive.) Where it does, asymmetry and factor are withheld.

    The interval of the asymmetry is Fieller's: with the right signs asymmetry is the ratio of r + p and r − p, and its
    set of ratios is an interval exactly where r − p differs from 0. A percentile interval would never contain −1 or 1,
    the asymmetry of a touchpoint that can only disappoint or only delight. Where r − p only just differs from 0 the
    interval covers less often than ``level`` says, as every interval that is shown only after a test.

    The factor is uncertain near its limits: ``probabilities`` tells how often each comes out when customers are drawn
    again with all their answers, among the resamples in which high ratings go with more than low ones.

    References
    ----------
    Brandt 1987; Mikulić & Prebežac 2008, doi:10.1108/09604520810920068; Fieller 1954,
    doi:10.1111/j.2517-6161.1954.tb00159.x.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> factors = tpm.penalty_reward(tpm.simulate_study(seed=1, respondents=1500, touchpoints=6))
    >>> bool((factors.table["riocs"] >= 0).all())
    True
    """
    check_option("outcome", outcome, Wanted)
    need_study(study, "penalty_reward")
    outcome = cast(Wanted, asked(study, outcome, "penalty_reward"))
    check_level(level)
    check_replicates(replicates, 100)
    need_study(study, "penalty_reward")
    need_touchpoints(study, "penalty_reward")
    answers = known_answers(Observed(study, "penalty_reward"), outcome)
    ratings = study.ratings.iloc[answers.rows].reset_index(drop=True)
    cuts = {name: rating_cuts(study.rating_scales[name]) for name in study.touchpoint_names}
    design = make_contrasts(ratings, answers.weights, cuts)
    _refuse_too_few(design, answers.observed)
    refuse_one_customer(answers.clusters)
    fit = fit_linear(answers.observed, design.matrix, design.names, answers.weights, answers.clusters)
    table = contrast_table(design, fit, level)
    table, probabilities = resampled_classes(table, design, fit, answers.observed, replicates, seed)
    return PenaltyReward(
        table=table,
        probabilities=probabilities,
        outcome=outcome,
        cuts=cuts,
        n=fit.n,
        labels=study.labels,
        settings={"outcome": outcome, "level": level, "replicates": replicates, "seed": seed},
        caveats=factor_caveats(table, design, fit, study.labels) + answers.caveats,
        data_hash=study.data_hash,
    )


def _refuse_too_few(design: Design, observed: np.ndarray) -> None:
    n, k = design.matrix.shape
    remedy = say("Take more answers or fewer touchpoints.")
    if 1 < k < n and np.ptp(observed) > 0:
        return
    if k == 1:
        expected = say("at least one touchpoint with low, middle and high ratings")
    elif k >= n:
        expected = say("more answers than coefficients; here {n} and {k}", n=n, k=k)
    else:
        expected = say("answers that differ in the outcome; here all {n} are the same", n=n)
        remedy = say("Where nothing differs nothing can be explained.")
    raise DataError([{"table": "survey", "expected": str(expected), "remedy": str(remedy)}])


def contrast_table(design: Design, fit: Fit, level: float) -> pd.DataFrame:
    """One row per touchpoint: reward and penalty with intervals, and what kind of touchpoint they make."""
    return pd.DataFrame([_row(str(name), design, fit, level) for name in design.ratings])


def _row(touchpoint: str, design: Design, fit: Fit, level: float) -> dict[str, object]:
    places = _places(design, touchpoint)
    known = [place for place in places if place is not None]
    params, cov = np.full(2, np.nan), np.full((2, 2), np.nan)
    told = [place is not None for place in places]
    params[told], cov[np.ix_(told, told)] = fit.params[known], fit.cov[np.ix_(known, known)]
    margin = np.full(2, np.nan)
    margin[told] = _reach(fit, np.eye(len(fit.params))[:, known], level) * np.sqrt(np.diag(cov)[told])
    (reward, penalty), low, high = params, params - margin, params + margin
    limits = (np.nan, np.nan)
    if all(told):
        apart = np.zeros((len(fit.params), 1))
        apart[known, 0] = 1, -1
        limits = asymmetry_interval(reward, penalty, cov, float(_reach(fit, apart, level)[0]))
    certain = not np.isnan(limits[0])
    value = float(asymmetry(reward, penalty)) if certain else np.nan
    return {
        "touchpoint": touchpoint,
        "n": int(design.rated(touchpoint).sum()),
        "reward": reward,
        "reward_low": low[0],
        "reward_high": high[0],
        "penalty": penalty,
        "penalty_low": low[1],
        "penalty_high": high[1],
        "riocs": abs(reward) + abs(penalty),
        "asymmetry": value,
        "asymmetry_low": limits[0],
        "asymmetry_high": limits[1],
        "factor": CLASSES[int(class_of(np.array(value)))] if certain else None,
        "note": "wrong sign" if reward < 0 or penalty > 0 else "" if certain else "too uncertain",
    }


def _reach(fit: Fit, contrasts: np.ndarray, level: float) -> np.ndarray:
    """How many standard errors an interval of each contrast reaches."""
    return np.asarray(stats.t.ppf((1 + level) / 2, fit.degrees(contrasts)))


def _places(design: Design, touchpoint: str) -> tuple[int | None, int | None]:
    """Where a touchpoint's reward and penalty stand among the coefficients."""
    return design.position(touchpoint, "high"), design.position(touchpoint, "low")


def resampled_classes(
    table: pd.DataFrame, design: Design, fit: Fit, outcome: np.ndarray, replicates: int, seed: int
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Draw the customers again: the table with the ``probability`` of each factor, and those of all factors.

    Both are missing where the table tells no factor.
    """
    shares = np.full((len(table), len(CLASSES)), np.nan)
    told = np.flatnonzero(table["factor"].notna())
    if len(told):
        drawn = resampled_slopes(design.matrix, outcome, fit.weights, fit.clusters, replicates, seed)
        for row in told:
            places = [place - 1 for place in _places(design, table["touchpoint"][row]) if place is not None]
            shares[row] = class_shares(*drawn[:, places].T)
    own = [shares[row, CLASSES.index(table["factor"][row])] if row in told else np.nan for row in range(len(table))]
    table = table.copy()
    table.insert(list(table).index("factor") + 1, "probability", own)
    return table, pd.DataFrame({"touchpoint": table["touchpoint"], **dict(zip(CLASSES, shares.T, strict=True))})
