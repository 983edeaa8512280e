"""Where do we stand: do customers do what they say? The score against the recommendations that followed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.classes import checked_cutoffs, excluded_scores
from tpm_widgets.as_is.deeds import COUNTS, SHARES, auc_of_score, by_class, by_response, by_score
from tpm_widgets.as_is.exposure import follow_answers
from tpm_widgets.as_is.linkage import DAYS_PER_MONTH, need_linked
from tpm_widgets.errors import check_level
from tpm_widgets.language import Between, Percent, Sentence, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.statistics.estimate import Estimate
from tpm_widgets.statistics.net_promoter import score_classes
from tpm_widgets.study.model import Study

# Below so many customers who recommended, a bootstrap interval is a rough guide only.
FEW_REFERRERS = 10


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class SayDo(Result):
    """What customers said against what they did, see :func:`say_do`.

    Attributes
    ----------
    classes : pandas.DataFrame
        ``promoter_class``, the measures of ``table``, and of all recommendations the ``recommendation_share`` that
        came from the class, with ``share_low, share_high``.
    auc : Estimate
        How often somebody who recommended had given the higher score than somebody who did not; ½ is chance.
    respondents : pandas.DataFrame
        ``group`` (respondents, never answered, everybody), ``customers, exposure, recommendations, rate, rate_low,
        rate_high`` over their whole time as customers.
    window : int
        Days for which a recommendation is credited to an answer.
    n : int
        Answers that were followed.
    """

    formats: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("estimate", "conf_low", "conf_high", *SHARES), "percent"),
        **dict.fromkeys(("rate", "rate_low", "rate_high"), "number:2"),
        "exposure": "number:0",
    }

    classes: pd.DataFrame
    auc: Estimate
    respondents: pd.DataFrame
    window: int
    n: int

    def __post_init__(self) -> None:
        shares = self.classes["recommendation_share"]
        if shares.notna().all() and not np.isclose(shares.sum(), 1):
            raise ValueError("the classes' shares of all recommendations do not add up to 1.")
        for column in COUNTS:
            if not np.isclose(self.table[column].sum(), self.classes[column].sum()):
                raise ValueError(f"{column} by score and by class do not add up to the same total.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Read how much of what was promised happens, whether the score orders the deeds, and from whom they come."""
        if self.n == 0:
            return (say("No answer could be followed, so nothing can be said about deeds."),)
        return _promise(self), _order(self), _origin(self)


def _rows(result: SayDo) -> dict[str, dict[Any, Any]]:
    """Each class by its name."""
    return {row["promoter_class"]: row for row in result.classes.to_dict("records")}


def _promise(result: SayDo) -> Sentence:
    rows = _rows(result)
    promoter, detractor = rows["promoter"], rows["detractor"]
    if not np.isfinite(promoter["estimate"]):
        return say_n(
            "How many promoters recommend within {window} days cannot be said: of {count} answer by a promoter none "
            "was followed that long.",
            "How many promoters recommend within {window} days cannot be said: of {count} answers by promoters none "
            "was followed that long.",
            int(promoter["n"]),
            window=result.window,
        )
    values = {
        "share": Percent(promoter["estimate"]),
        "interval": Between(Percent(promoter["conf_low"]), Percent(promoter["conf_high"])),
        "level": Percent(result.settings["level"], 0),
        "window": result.window,
        "n": int(promoter["n"]),
    }
    if not np.isfinite(detractor["estimate"]):
        return say(
            "Of those who say that they would recommend (promoters), {share} do so within {window} days "
            "({level} interval {interval}, Kaplan-Meier, {n} answers).",
            **values,
        )
    return say(
        "Of those who say that they would recommend (promoters), {share} do so within {window} days ({level} interval "
        "{interval}, Kaplan-Meier, {n} answers); of the detractors {other} ({other_interval}).",
        other=Percent(detractor["estimate"]),
        other_interval=Between(Percent(detractor["conf_low"]), Percent(detractor["conf_high"])),
        **values,
    )


def _order(result: SayDo) -> Sentence:
    auc = result.auc
    if not np.isfinite(auc.estimate):
        return say("Whether the score orders the deeds cannot be said: there is nothing to compare.")
    values = {
        "auc": Percent(auc.estimate),
        "interval": Between(Percent(auc.conf_low), Percent(auc.conf_high)),
        "n": auc.n,
        "chance": Percent(0.5, 0),
    }
    if not auc.excludes(0.5):
        return say(
            "It is not shown that the score orders the deeds: somebody who recommended had scored higher than "
            "somebody who did not in {auc} of pairs ({interval}, AUC by bootstrap, {n} answers); {chance} is chance.",
            **values,
        )
    if auc.estimate < 0.5:
        return say(
            "The score orders the deeds the wrong way round: somebody who recommended had scored higher than "
            "somebody who did not in only {auc} of pairs ({interval}, AUC by bootstrap, {n} answers); {chance} is "
            "chance.",
            **values,
        )
    return say(
        "The score does order the deeds: somebody who recommended had scored higher than somebody who did not in {auc} "
        "of pairs ({interval}, AUC by bootstrap, {n} answers); {chance} is chance.",
        **values,
    )


def _origin(result: SayDo) -> Sentence:
    count = int(result.classes["recommendations"].sum())
    if count == 0:
        return say("Nobody recommended while followed.")
    shares = {f"{name}s": Percent(row["recommendation_share"]) for name, row in _rows(result).items()}
    return say_n(
        "Of {count} recommendation, {promoters} came from promoters, {passives} from passives and {detractors} from "
        "detractors.",
        "Of {count} recommendations, {promoters} came from promoters, {passives} from passives and {detractors} from "
        "detractors.",
        count,
        **shares,
    )


def say_do(study: Study, window: int | None = None, level: float = 0.95, replicates: int = 500, seed: int = 1) -> SayDo:
    """Tell how many of those who say that they would recommend us do so, and how many of the others.

    Parameters
    ----------
    study : Study
        With ``customer`` and ``date`` in the survey, the tables ``customers`` and ``referrals``, and the permission to
        link them; scores from 0 to 10.
    window : int, optional
        Days after an answer for which a recommendation is credited to it; the study's own (365) where None.
    level : float, default 0.95
        Confidence level, between 0 and 1.
    replicates, seed : int
        Resamples of customers for the interval of the AUC, and where their random numbers start.

    Returns
    -------
    SayDo
        ``table`` with one row per score 0…10: ``score``, ``promoter_class``, ``n`` answers followed, ``exposure`` in
        customer-months, ``referrers`` answers followed by at least one recommendation, ``recommendations`` (counts,
        unweighted); ``estimate`` the share who recommended within the window (0…1), ``conf_low``, ``conf_high``;
        ``rate`` recommendations per 100 customer-months, ``rate_low``, ``rate_high``. Further ``classes``, ``auc``,
        ``respondents``, ``window`` and ``n``, see :class:`SayDo`.

    Raises
    ------
    DataError
        Where answers cannot, or may not, be tied to customers and their recommendations.
    ValueError
        Where ``window``, ``level`` or ``replicates`` is out of range.

    Notes
    -----
    Each answer is followed from the day after it to the earliest of answer + window, the customer's next answer, the
    day the customer left, and ``observed_until``; only recommendations inside count. A naive table of "recommended or
    not" would mistake faster churn of detractors for fewer recommendations.

    *Share*: Kaplan-Meier at the window, Wilson interval with the effective size of the clustered, weighted standard
    error; missing where nobody with that score was followed for the whole window. *Rate*: ratio estimator with
    standard error clustered by customer (the sandwich of a Poisson regression) and gamma interval. *AUC*: answers
    whose window was seen in full, weighted by the inverse probability of being seen (Kaplan-Meier within class);
    interval from resampled customers, on the logit scale. *Share of all recommendations*: clustered ratio, Wilson
    interval.
    *Respondents against everybody*: from being acquired, or the start of recording, to leaving or ``observed_until``;
    customers are not weighted. The study's weight is used everywhere else.

    The shares assume that within a score the end of following tells nothing about recommending. Unrecorded
    recommendations count as not made, so all levels are lower bounds.

    References
    ----------
    Kumar, V., Petersen, J. A. & Leone, R. P. (2007). How valuable is word of mouth? Harvard Business Review 85(10),
    139-146.
    Kaplan, E. L. & Meier, P. (1958). Journal of the American Statistical Association 53, 457-481.
    https://doi.org/10.1080/01621459.1958.10501452
    Uno, H., Cai, T., Tian, L. & Wei, L. J. (2007). Evaluating prediction rules for t-year survivors with censored
    regression models. Journal of the American Statistical Association 102, 527-537.
    https://doi.org/10.1198/016214507000000149

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=400)
    >>> said_and_done = tpm.say_do(study, replicates=100)
    >>> list(said_and_done.classes["promoter_class"])
    ['promoter', 'passive', 'detractor']
    """
    check_level(level)
    if isinstance(replicates, bool) or not isinstance(replicates, (int, np.integer)) or replicates < 1:
        raise ValueError(f"replicates must be a whole number of at least 1; got {replicates!r}.")
    need_linked(study, "say_do")
    cutoffs = checked_cutoffs(study, None)
    exposure = follow_answers(study, window=window)
    scores = study.survey["recommend"].to_numpy(float, na_value=np.nan)
    classes = score_classes(scores, cutoffs, study.recommend_scale)
    answers = exposure.answers.assign(
        score=scores[exposure.answers.index],
        kind=classes[exposure.answers.index],
        weight=study.weights[exposure.answers.index],
        months=exposure.answers["days"] / DAYS_PER_MONTH,
    )
    answers = answers[answers["kind"].notna() & (answers["weight"] > 0)]
    return SayDo(
        table=by_score(answers, exposure.window, level),
        classes=by_class(answers, exposure.window, level),
        auc=auc_of_score(answers, level, replicates, seed),
        respondents=by_response(study, level),
        window=exposure.window,
        n=len(answers),
        settings={"window": exposure.window, "level": level, "replicates": replicates, "seed": seed},
        caveats=(*exposure.caveats, *excluded_scores(study, scores, classes), *_caveats(answers)),
        data_hash=study.data_hash,
    )


def _caveats(answers: pd.DataFrame) -> list[Sentence]:
    """Say what the numbers rest on and what they do not show."""
    referrers = answers.loc[answers["referred"], "customer"].nunique()
    found = [
        say(
            "It rests on {n} answers of {customers} customers, of whom {referrers} recommended. Recommendations that "
            "nobody recorded count as not made; and a score that goes with deeds does not make them happen.",
            n=len(answers),
            customers=answers["customer"].nunique(),
            referrers=referrers,
        )
    ]
    if 0 < referrers < FEW_REFERRERS:
        found.append(
            say_n(
                "With only {count} customer who recommended, the interval of the AUC is a rough guide.",
                "With only {count} customers who recommended, the interval of the AUC is a rough guide.",
                referrers,
            )
        )
    return found
