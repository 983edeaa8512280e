"""Which touchpoints go with saying (recommend, promoter, detractor) and with doing (referred, won, left …)?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, overload

from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.errors import check_level
from tpm_widgets.options import check_option
from tpm_widgets.statistics.regression.design import Missing
from tpm_widgets.statistics.tables.batches import Progress
from tpm_widgets.strategy.drivers.filled import IMPUTATIONS, SEED
from tpm_widgets.strategy.drivers.models import Model, choose_model
from tpm_widgets.strategy.drivers.of_study import DriverRegression, regress
from tpm_widgets.strategy.drivers.of_table import FrameDrivers, frame_drivers
from tpm_widgets.strategy.drivers.outcomes import Outcome, asked, known_answers
from tpm_widgets.study.model import Scale, Study
from tpm_widgets.threads import on_one_thread

OF_A_TABLE = {
    "recommend": "recommend",
    "weight": None,
    "recommend_scale": (0, 10),
    "rating_scale": (1, 5),
    "not_experienced": (),
    "no_answer": (),
}


@overload
def driver_regression(
    source: Study,
    outcome: Outcome = ...,
    missing: Missing = ...,
    level: float = ...,
    window: int | None = ...,
    model: Model | None = ...,
) -> DriverRegression: ...


@overload
def driver_regression(
    source: Any,
    outcome: Outcome = ...,
    missing: Missing = ...,
    level: float = ...,
    window: int | None = ...,
    model: Model | None = ...,
    *,
    recommend: str = ...,
    touchpoints: Mapping[str, str] | Sequence[str],
    weight: str | None = ...,
    recommend_scale: Scale = ...,
    rating_scale: Scale = ...,
    not_experienced: Sequence[Any] = ...,
    no_answer: Sequence[Any] = ...,
    progress: Progress | None = ...,
) -> FrameDrivers: ...


@on_one_thread
def driver_regression(
    source: Any,
    outcome: Outcome = "recommend",
    missing: Missing = "indicator",
    level: float = 0.95,
    window: int | None = None,
    model: Model | None = None,
    *,
    recommend: str = "recommend",
    touchpoints: Mapping[str, str] | Sequence[str] | None = None,
    weight: str | None = None,
    recommend_scale: Scale = (0, 10),
    rating_scale: Scale = (1, 5),
    not_experienced: Sequence[Any] = (),
    no_answer: Sequence[Any] = (),
    progress: Progress | None = None,
) -> DriverRegression | FrameDrivers:
    """Ask which touchpoints go with saying that one would recommend, or with what customers really did.

    Parameters
    ----------
    source : Study, data frame or path
        A study with a rating per touchpoint; for deeds with customers and, but for ``bought_again``, dates; for
        ``referred``, ``won``, ``referrals`` and ``referrals_won`` with recommendations. Or, for *recommend*,
        *promoter* and *detractor*, a table of any size with one row per answer, which is summed without being held: a
        frame of pandas, Polars (eager or lazy), PyArrow, a DuckDB relation, or the path of a Parquet file or of a
        folder of them.
    outcome : str
        Said: *recommend* (the score), *promoter* (9–10 on 0 to 10), *detractor* (0–6); of a yes/no question *yes*,
        which is what *recommend* and *promoter* mean there. Done within the window after the answer: *referred* (at
        least one recommendation made), *won* (at least one customer won), *left* (customer no longer), *referrals* and
        *referrals_won* (how many were made, and won). Done at any time: *bought_again*; *recommended* (at least one
        recommendation), *recommendations* and *customers_won* (how many), of the roles of these names in the survey or
        the customers. *reported*: what respondents say that they did (``recommended_12m``), which looks back.
    missing : {"indicator", "complete", "pairwise", "imputed"}
        What becomes of touchpoints that a respondent did not rate. *indicator*: the rating is centred among those who
        rated, others get 0 and an indicator. *complete*: only answers that rated all (refused below 10 per
        coefficient). *pairwise*: each covariance from the answers that have both (linear model only). *imputed*: what
        was experienced, as far as is known, and not answered is filled in 20 times from all other ratings and the
        outcome; what was never experienced is told apart as by *indicator*.
    level : float, default 0.95
        Confidence level of the intervals, 0…1.
    window : int, optional
        Days after the answer in which deeds count; the study's own (365) where None.
    model : {"ols", "ordered_logit", "logit", "poisson", "negative_binomial"}, optional
        *ols* (default) or *ordered_logit* for the score; *logit* for what did or did not happen; *poisson* (default) or
        *negative_binomial* for counts.
    recommend, touchpoints, weight, recommend_scale, rating_scale, not_experienced, no_answer
        Of a table: its columns, scales and codes, as in ``make_study``. A cell off its scale is no answer.
    progress : callable, optional
        Of a table: ``progress(rows_done, rows_in_all)`` after each batch of each pass; what it raises ends them.

    Returns
    -------
    DriverRegression, or FrameDrivers for a table
        ``table``, one row per touchpoint: ``touchpoint``; ``n`` answers that rated it; ``estimate``, the coefficient of
        one rating point (points of the score; log odds; for an ordered logit log odds of a higher score; for counts log
        rate ratio), with ``std_error``, ``conf_low``, ``conf_high``, ``p_value``; ``importance``, the LMG share of
        variance, rating and indicator together, and its parts: ``importance_rating``, what ratings add to who rated
        what, and ``importance_not_rated``, what goes with who did not rate (beyond 25 touchpoints from a sample of
        orders, with its ``monte_carlo_error`` and Johnson's ``relative_weights`` beside it); ``experienced``, the share
        of the answers used that rated it (missing where blank cells may also mean no answer). Missing where a
        touchpoint could not be estimated, with a caveat. ``effects``: touchpoint, n, and the average change per rating
        point among those who rated it (of the expected score, the probability, or the count per 100 customer-years),
        with the same columns. ``terms``: one row per coefficient (term, touchpoint, part, estimate, std_error,
        conf_low, conf_high, p_value, ``n`` answers that it is about, ``policy`` for what was not rated).

    Raises
    ------
    DataError
        Where the outcome is not known or does not vary, answers are too few, or no finite effect fits.
    ValueError
        For an unknown option, or options that do not go together.

    Notes
    -----
    With η = β₀ + Σ(β_j(x_j − x̄_j) + γ_j·[j not rated]): *ols* y = η with HC3 errors; *logit* P(1) = 1/(1 + exp(−η));
    *ordered_logit* P(y > c) = 1/(1 + exp(θ_c − η)) without β₀; *poisson* and *negative_binomial* E(y) = years·exp(η),
    the latter with variance μ + αμ², α estimated (``dispersion``), their errors always robust. An average change is
    the mean slope over those who rated j (of a rate weighted by time), its error by the delta method. Where customers
    answered repeatedly all errors are clustered by customer: those of *ols*, *logit* and *poisson* are CR2 with
    Satterthwaite's degrees of freedom, which hold for 15 customers; those of the other models have the factor
    G/(G − 1) · (n − 1)/(n − k) and G − 1 degrees of freedom for G customers. The study's weight is used throughout.

    *referred*, *won* and *left* need answers followed to the end of the window; those cut short are made up for by
    weights within promoter classes. Counts need not: each answer counts with its own time as exposure.

    An indicator is right for what was never experienced: there is no rating. Where a rating exists and was not given
    (*no answer*, or a blank of unknown meaning) it bends all coefficients, so *imputed* fills it in by chained
    equations and pools the 20 fits by Rubin's rules, with Barnard and Rubin's degrees of freedom. That is right where
    who did not answer differs from others only as ratings and outcome tell. R² and importance are those of the mean
    covariance, average changes those at the pooled coefficients.

    Importance is LMG: the increase of R² when the touchpoint is added, averaged over all orders. For 0/1 outcomes it
    is that of the linear probability model, so that saying and doing share one scale; for an ordered logit that of
    the linear model of the score; for counts that of the linear model of the rate, each answer weighted by its time. A
    share of R² is never negative: whether a driver is more than noise is told by its interval, not by its share. Its
    two parts are LMG of the ratings where all indicators are in every model, and LMG of the indicators alone; each adds
    up, together to R². How good a touchpoint is can only matter by the first.

    Everything here is an association. Ratings and score stand in one questionnaire, so a general mood moves both.

    References
    ----------
    Grömping 2007, doi:10.1198/000313007X188252 (LMG); MacKinnon & White 1985, doi:10.1016/0304-4076(85)90158-7 (HC3);
    Bell & McCaffrey 2002, Survey Methodology 28, 169-181, and Pustejovsky & Tipton 2018,
    doi:10.1080/07350015.2016.1247004 (CR2);
    Cohen & Cohen 1983, ch. 7 (indicator for what was not rated); Rubin 1987, doi:10.1002/9780470316696, and van Buuren
    & Groothuis-Oudshoorn 2011, doi:10.18637/jss.v045.i03 (filled in); McCullagh 1980,
    doi:10.1111/j.2517-6161.1980.tb01109.x (ordered logit); Cameron & Trivedi 2013, doi:10.1017/CBO9781139013567
    (counts).

    Examples
    --------
    >>> import pandas as pd
    >>> import tpm_widgets as tpm
    >>> answers = pd.DataFrame({"score": [9, 3, 8, 6, 10, 5, 7, 2] * 5, "shop": [5, 2, 4, 3, 5, 3, 4, 1] * 5,
    ...                         "mail": [3, 3, 4, 2, 5, 1, 2, 2] * 5})
    >>> study = tpm.make_study(survey=answers, recommend="score", touchpoints=["shop", "mail"])
    >>> drivers = tpm.driver_regression(study)
    >>> drivers.table[["touchpoint", "n", "estimate", "importance"]].round(3)
      touchpoint   n  estimate  importance
    0       shop  40     1.831       0.782
    1       mail  40     0.273       0.194
    """
    check_option("outcome", outcome, Outcome)
    check_option("missing", missing, Missing)
    check_level(level)
    columns: dict[str, Any] = {"recommend": recommend, "weight": weight, "recommend_scale": recommend_scale}
    columns |= {"rating_scale": rating_scale, "not_experienced": not_experienced, "no_answer": no_answer}
    if not isinstance(source, Study):
        return frame_drivers(source, outcome, missing, level, window, model, touchpoints, progress=progress, **columns)
    if touchpoints is not None or progress is not None or columns != OF_A_TABLE:
        raise ValueError(f"touchpoints=, progress=, {'=, '.join(columns)}= go with a table; a study has its own.")
    outcome = asked(source, outcome, "driver_regression")
    chosen = choose_model(outcome, model)
    if missing == "pairwise" and outcome != "recommend":
        raise ValueError("missing='pairwise' goes with outcome='recommend' only; choose 'indicator' or 'complete'.")
    if missing == "pairwise" and chosen != "ols":
        raise ValueError("missing='pairwise' goes with model='ols' only; choose 'indicator' or 'complete'.")
    answers = known_answers(Observed(source, "driver_regression"), outcome, window)
    settings: dict[str, object] = {"outcome": outcome, "missing": missing, "level": level}
    if missing == "imputed":
        settings |= {"imputations": IMPUTATIONS, "seed": SEED}
    settings |= {name: value for name, value in (("window", window), ("model", model)) if value}
    return regress(source, answers, outcome, missing, level, settings, model=chosen)
