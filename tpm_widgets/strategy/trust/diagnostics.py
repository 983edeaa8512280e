"""Can these drivers be believed? Collinearity, influence, accuracy on other people, the scale's ends, and the halo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.statistics.estimates.estimate import Estimate
from tpm_widgets.strategy.drivers.models import Model
from tpm_widgets.strategy.drivers.of_study import DriverRegression
from tpm_widgets.strategy.drivers.outcomes import WORDS
from tpm_widgets.strategy.trust import checks as driver_checks
from tpm_widgets.strategy.trust import diagnoses as judge
from tpm_widgets.strategy.trust.halo import MARKERS, net_of_halo, rating_components, read_marker
from tpm_widgets.study.model import Study
from tpm_widgets.threads import on_one_thread


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class DriverDiagnostics(Result):
    """What speaks for and against a driver regression; made by ``driver_diagnostics``, which tells the columns.

    Attributes
    ----------
    checks : pandas.DataFrame
        One row per check: check, value, limit (from which it matters), matters (bool).
    findings : tuple of Sentence
        One for each check: what was found, whether it matters, what to do.
    condition_number : float
        √(largest ÷ smallest eigenvalue) of the correlations of all columns.
    r_squared : float
        As in the regression.
    measure : {"r_squared", "auc", "deviance"}
        What ``apparent`` and ``cross_validated`` are: share of the variance explained (scores), area under the ROC
        curve (0/1), share of the deviance explained (counts).
    apparent, cross_validated : Estimate
        Of the answers that the model was fitted to; of other people's answers.
    events_per_coefficient : float
        Answers (0/1: of the rarer outcome; counts: what was counted) per coefficient.
    halo : float
        Share of the first principal component of the ratings; missing below two ratings.
    components : pandas.DataFrame
        component, eigenvalue, share.
    calibration : pandas.DataFrame
        Ten groups by what other people's answers predict: group, n, predicted, observed, conf_low, conf_high.
    calibration_slope : Estimate
        For 0/1 outcomes; 1 where predictions for other people hold.
    heteroscedasticity : Spread or None
        Breusch–Pagan's test (statistic, df, p_value) of a linear regression.
    ends : Ends or None
        For scores: ``ceiling``, share of answers with the highest score; ``outside``, share predicted beyond those
        given.
    net : pandas.DataFrame or None
        Drivers net of halo, on the answers whose marker is known: touchpoint, n, estimate, conf_low, conf_high,
        net_estimate, net_low, net_high, importance, net_importance.
    predicted, observed : numpy.ndarray, shape (n,)
        What the model expects and what was seen.
    model, outcome : str
    n : int
    labels : mapping
        The words for each touchpoint.
    """

    formats: ClassVar[Mapping[str, str]] = {
        "experienced": "percent",
        **dict.fromkeys(["estimate", "std_error", "estimate_without"], "number:3"),
        **dict.fromkeys(["vif", "gvif", "influence"], "number:2"),
    }

    checks: pd.DataFrame
    findings: tuple[Sentence, ...]
    condition_number: float
    r_squared: float
    measure: driver_checks.Measure
    apparent: Estimate
    cross_validated: Estimate
    events_per_coefficient: float
    halo: float
    components: pd.DataFrame
    calibration: pd.DataFrame
    calibration_slope: Estimate
    heteroscedasticity: driver_checks.Spread | None
    ends: driver_checks.Ends | None
    net: pd.DataFrame | None
    predicted: np.ndarray
    observed: np.ndarray
    model: Model
    outcome: str
    n: int
    labels: Mapping[str, str]

    def __post_init__(self) -> None:
        if (self.table["vif"] < 1 - 1e-9).any():
            raise ValueError("a variance inflation factor lies below 1.")
        if len(self.findings) < len(self.checks):
            raise ValueError("each check needs its sentence.")

    @property
    def mattering(self) -> tuple[str, ...]:
        """The checks that matter."""
        return tuple(self.checks.loc[self.checks["matters"], "check"])

    def sentences(self) -> tuple[Sentence, ...]:
        """Say how many checks matter, and then what each found."""
        values = {"checks": len(self.checks), "outcome": WORDS[self.outcome], "n": self.n}
        if not self.mattering:
            first = say("None of {checks} checks speaks against these drivers of {outcome} ({n} answers).", **values)
        else:
            first = say_n(
                "Of {checks} checks one matters for these drivers of {outcome} ({n} answers): {names:all}.",
                "Of {checks} checks {count} matter for these drivers of {outcome} ({n} answers): {names:all}.",
                len(self.mattering),
                names=tuple(judge.CHECKS[name] for name in self.mattering),
                **values,
            )
        return first, *self.findings


@on_one_thread
def driver_diagnostics(
    drivers: DriverRegression, overall: Study | Sequence[float] | None = None, folds: int = 10, seed: int = 1
) -> DriverDiagnostics:
    """Ask whether drivers can be believed: every check as one sentence that says whether it matters and what to do.

    Parameters
    ----------
    drivers : DriverRegression
        From ``driver_regression``, any outcome and model.
    overall : Study, sequence of float, optional
        What knows the general mood without being made of the ratings, to see the drivers net of halo: the study itself
        (its role ``overall``, or else what the same person answered to the recommendation question before), or one
        value per answer of the survey.
    folds : int, default 10
        Parts into which customers are divided for cross-validation, at least 2.
    seed : int
        Where the random numbers of that division start.

    Returns
    -------
    DriverDiagnostics
        ``table``, one row per touchpoint: ``touchpoint``; ``n`` answers that rated it; ``experienced``, the share of
        the answers that did; ``estimate`` and ``std_error`` as in the regression; ``vif``, the variance inflation
        factor of its rating; ``gvif``, the generalised one of its rating and its indicator of not having rated
        together, per column, so that it compares with ``vif``; ``influence``, the largest change of the estimate when
        one customer is left out, in standard errors (infinite where there is no estimate without him);
        ``estimate_without``, the estimate after it. Missing where a touchpoint could not be estimated. ``checks`` and
        the attributes: see there.

    Raises
    ------
    TypeError
        Where ``drivers`` is no driver regression.
    ValueError
        For ``folds`` below 2, or an ``overall`` that does not belong to the regression's answers.

    Notes
    -----
    Variance inflation comes from the correlations that the errors rest on: weighted, and for a logit or counts of the
    working weights, as in R's ``car::vif``. A rating and its indicator are one thing, and with ratings centred among
    those who rated they are uncorrelated with each other; indicators of touchpoints used by the same people inflate
    each other, but not the ratings. Hence two columns: ``vif`` belongs to the estimate, ``gvif`` to the importance.
    The condition number is that of standardised columns without the constant.

    Influence (DFBETAS) leaves out a customer with all answers; exact for linear regression, one Newton step for logit
    and counts, first order for ordered logit and ``missing="pairwise"``. Its unit is the model's own standard error
    without that customer, not the robust one: HC3's square is the sum of these squared changes, so that one customer
    could never exceed it. Cross-validation divides customers, not answers;
    the intervals of R², deviance and AUC are linearised, clustered by customer, and take the predictions as they are.
    Limits from which a check matters are habits, not laws: 10 answers per coefficient, variance inflation 5, condition
    number 30, 1 standard error, a tenth of the accuracy, a slope of 0.9, a ceiling of 15 %, half of the ratings'
    variance. Uneven residuals are told but never matter, because all errors here are robust.

    Net of halo the marker stands beside the ratings in the same model. If the touchpoints themselves have made it (as
    they do with overall satisfaction), that takes part of their effect away as well: then the drivers lie between the
    two estimates. The mean of the ratings is no marker; it is made of them and identifies nothing.

    References
    ----------
    Fox & Monette 1992, doi:10.1080/01621459.1992.10475190 (generalised VIF); Belsley, Kuh & Welsch 1980,
    doi:10.1002/0471725153; Cook & Weisberg 1982, Residuals and Influence in Regression; Pregibon 1981,
    doi:10.1214/aos/1176345513; Breusch & Pagan 1979, doi:10.2307/1911963, and Koenker 1981,
    doi:10.1016/0304-4076(81)90062-2; Stone 1974, doi:10.1111/j.2517-6161.1974.tb00994.x; Cox 1958,
    doi:10.1093/biomet/45.3-4.562 (slope of calibration); Terwee et al. 2007, doi:10.1016/j.jclinepi.2006.03.012
    (ceiling); Podsakoff et al. 2003, doi:10.1037/0021-9010.88.5.879 (one common factor, and why that is a weak test).

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=600, touchpoints=4)
    >>> found = tpm.driver_diagnostics(tpm.driver_regression(study), overall=study)
    >>> found.table[["touchpoint", "vif", "influence"]].round(2).shape
    (4, 3)
    >>> list(found.checks["check"])[:3]
    ['answers', 'collinearity', 'condition']
    >>> print(found.sentences()[1])
    There are 75.0 answers per coefficient, which is enough (10 are needed).
    """
    if not isinstance(drivers, DriverRegression):
        raise TypeError(
            f"drivers must be a DriverRegression, as driver_regression returns it; got {type(drivers).__name__}."
        )
    if drivers.missing == "imputed":
        raise ValueError(
            "driver_diagnostics looks at single answers, and missing='imputed' has filled some in; take the drivers of "
            "'indicator' or 'complete'."
        )
    if not isinstance(folds, (int, np.integer)) or folds < 2:
        raise ValueError(f"folds must be a whole number of at least 2; got {folds!r}.")
    marker = read_marker(overall, drivers)
    collinear = driver_checks.collinearity(drivers)
    table = drivers.table[["touchpoint", "n", "experienced", "estimate", "std_error"]]
    for part in (collinear.table, driver_checks.influence(drivers)):
        table = table.merge(part, on="touchpoint", how="left")
    accuracy = driver_checks.accuracy(drivers, folds, seed)
    spread, ends = driver_checks.heteroscedasticity(drivers), driver_checks.ends(drivers)
    slope = driver_checks.calibration_slope(drivers, accuracy.predicted)
    components = rating_components(drivers.design.ratings, drivers.fit.weights)
    each, kind = driver_checks.events_per_coefficient(drivers), drivers.fit.kind
    found = [
        judge.judge_answers(each, kind),
        judge.judge_collinearity(table, drivers.labels),
        judge.judge_condition(collinear.condition),
        judge.judge_influence(table, drivers.labels),
        judge.judge_accuracy(accuracy, drivers.settings["level"], folds),
    ]
    if np.isfinite(slope.estimate):
        found.append(judge.judge_calibration(slope))
    if spread:
        found.append(judge.judge_spread(spread))
    if kind == "log":
        found.append(judge.judge_dispersion(driver_checks.dispersion(drivers), drivers.model))
    if ends:
        found.append(judge.judge_ends(ends, kind))
    if len(components):
        found.append(judge.judge_halo(components))
    net, reason = net_of_halo(drivers, marker) if marker else (None, None)
    if net is not None and marker:
        found.append(judge.judge_net(net, marker, drivers.labels))
    findings = [one.said for one in found]
    if reason and marker:
        findings.append(
            say("Net of halo nothing can be said by {marker}: {reason}.", marker=MARKERS[marker.kind], reason=reason)
        )
    elif net is None:
        findings.append(NO_MARKER)
    return DriverDiagnostics(
        table=table,
        checks=pd.DataFrame([one[:-1] for one in found], columns=["check", "value", "limit", "matters"]),
        findings=tuple(findings),
        condition_number=collinear.condition,
        r_squared=drivers.r_squared,
        measure=accuracy.measure,
        apparent=accuracy.apparent,
        cross_validated=accuracy.cross_validated,
        events_per_coefficient=each,
        halo=float(components["share"].iloc[0]) if len(components) else np.nan,
        components=components,
        calibration=driver_checks.calibration(drivers, accuracy.predicted),
        calibration_slope=slope,
        heteroscedasticity=spread,
        ends=ends,
        net=net,
        predicted=driver_checks.means(drivers),
        observed=driver_checks.seen(drivers),
        model=drivers.model,
        outcome=drivers.outcome,
        n=drivers.n,
        labels=drivers.labels,
        settings={**drivers.settings, "folds": folds, "seed": seed},
        caveats=CAVEATS if net is None else (*CAVEATS, MEDIATOR),
        data_hash=drivers.data_hash,
    )


NO_MARKER = say(
    "Net of halo nothing can be said: that takes a marker which is not made of the ratings, such as overall "
    "satisfaction or an answer of an earlier wave; give the study as overall=."
)
CAVEATS = (
    say(
        "Limits are habits, not laws, and no check makes a cause of an association: what was not asked can stand "
        "behind all of it."
    ),
)
MEDIATOR = say(
    "Where the touchpoints themselves have made the marker, holding it still takes part of their effect away as well; "
    "the drivers then lie between both estimates."
)
