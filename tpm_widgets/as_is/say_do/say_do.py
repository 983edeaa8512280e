"""Where do we stand: do customers do what they say? The score against the recommendations that followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tpm_widgets.as_is.deeds.exposure import check_window
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.say_do.answers import answers_of
from tpm_widgets.as_is.say_do.found import SayDoFound
from tpm_widgets.as_is.say_do.kinds import kind_of, levels_of, linked, unlinked
from tpm_widgets.as_is.say_do.sentences import sentences_of
from tpm_widgets.as_is.say_do.told import reported, undated
from tpm_widgets.errors import check_level, check_replicates
from tpm_widgets.language import Sentence
from tpm_widgets.study.model import Study
from tpm_widgets.threads import on_one_thread


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class SayDo(SayDoFound):
    """What customers said against what they did, see :func:`say_do`.

    Attributes
    ----------
    kind : {"linked", "undated", "unlinked", "reported"}
        What the study knows: answers tied to what their customers did afterwards; or to what they did at some time;
        answers and deeds side by side; or what respondents themselves report to have done before they answered.
    classes : pandas.DataFrame
        ``promoter_class``, the measures of ``table``, of all recommendations (where they are not counted: of all who
        made or report one) the ``recommendation_share`` that came from the class, with ``share_low, share_high``, and
        its ``answer_share``.
        Unlinked: only ``n`` and ``answer_share`` are known.
    auc : Estimate
        How often somebody who recommended had given the higher score than somebody who did not; ½ is chance.
    person : PersonLevel
        What the following four rest on.
    association : pandas.DataFrame
        ``deed`` (referred, won; undated: recommended, won; or reported),
        ``measure`` (``auc``; ``auc_classes`` of promoter, passive, detractor
        alone; ``kendall_tau_b``; ``somers_d`` of the deed given the score; ``brier`` of the calibrated forecast, its
        ``brier_skill`` against one forecast for all, ``brier_cross_validated``; ``rate_ratio`` per point of the
        score), ``n``, ``estimate``, ``conf_low``, ``conf_high``.
    calibration : pandas.DataFrame
        ``deed, score, n``, ``predicted`` by a logistic line fitted to other people, ``estimate`` observed, interval.
    brier : pandas.DataFrame
        ``deed``, ``forecast`` ("at its word": score ÷ 10 is the chance; "calibrated": the logistic line), ``n``,
        ``brier`` = ``reliability`` − ``resolution`` + ``uncertainty`` over the scores, ``skill``.
    forms : pandas.DataFrame
        ``deed``, ``smaller`` and ``larger`` form (none, linear, classes, linear and classes, spline, categories),
        ``n, df, likelihood_ratio, statistic, p_value``: does the larger form fit better?
    deeds : pandas.DataFrame
        ``deed`` (referred: made at least one recommendation; won: at least one became a customer),
        ``promoter_class`` (or all), ``n``, ``made``, ``estimate`` the share within the window, interval. Linked only.
    respondents : pandas.DataFrame
        ``group`` (respondents, never answered, everybody; unlinked: everybody), ``customers, exposure``
        (customer-months), ``recommendations, rate, rate_low, rate_high`` over their whole time as customers.
    response : pandas.DataFrame
        With ``response_weights``: ``deeds`` with the weights, ``unweighted`` without, and the ``change``.
    groups : SayDoGroups or None
        The group level, see :func:`say_do_groups`.
    time : SayDoTime or None
        The time level, see :func:`say_do_time`.
    remedies : mapping
        "groups", "time" → what the study would need for that level, where it is None.
    window : int
        Days for which a recommendation is credited to an answer.
    n : int
        Answers that were followed (unlinked: that have a score; reported: that have a score and a report).
    """

    def sentences(self) -> tuple[Sentence, ...]:
        """Read three sentences on what lies behind, and then the two plain answers."""
        return (*sentences_of(self), *self.answers())

    def answers(self) -> tuple[Sentence, Sentence]:
        """Answer how much of a promised recommendation happens, and whether our NPS predicts it: where, how well."""
        return answers_of(self)


@on_one_thread
def say_do(
    study: Study,
    window: int | None = None,
    level: float = 0.95,
    replicates: int = 500,
    seed: int = 1,
    *,
    by: str | Sequence[str] | None = None,
    response_weights: bool = False,
) -> SayDo:
    """Tell how many of those who say that they would recommend us do so, and how many of the others.

    Parameters
    ----------
    study : Study
        With ``recommend``, and one of these, the first that the study has: *linked*, ``customer`` and ``date`` in the
        survey, the tables ``customers`` and ``referrals``, and the permission to link them; *undated*, one of
        ``recommended``, ``recommendations`` and ``customers_won`` in the survey, or in the customers that answers name;
        *unlinked*, ``customers`` and ``referrals``, and a column of one name in survey and customers, or dates;
        *reported*, ``recommended_12m`` in the survey.
    window : int, optional
        Days after an answer for which a recommendation is credited to it; the study's own (365) where None.
    level : float, default 0.95
        Confidence level, between 0 and 1.
    replicates : int, default 500
        Resamples of customers for the intervals of AUC, τ-b, Somers' D and Brier score.
    seed : int, default 1
        Where their random numbers start.
    by : str or sequence of str, optional
        The groups of the group level, see :func:`say_do_groups`.
    response_weights : bool, default False
        Weight the answers to all customers by what is known of everybody (segment × year of acquisition).

    Returns
    -------
    SayDo
        ``table`` with one row per score: ``score``, ``promoter_class``, ``n`` answers followed, ``exposure`` in
        customer-months, ``referrers`` answers followed by at least one recommendation, ``recommendations`` (counts,
        unweighted); ``estimate`` the share who recommended within the window (0…1), ``conf_low``, ``conf_high``;
        ``rate`` recommendations per 100 customer-months, ``rate_low``, ``rate_high``. In an undated study ``n``,
        ``referrers``, their share and its interval, and where they are counted ``recommendations`` and their ``rate``
        per 100 customers; in a reported one ``n``, ``referrers`` who report a recommendation, their share and its
        interval only; in an unlinked study the table
        of :func:`say_do_groups` (or else :func:`say_do_time`), its score as ``nps``. For all else see :class:`SayDo`.

    Raises
    ------
    DataError
        Where the study is of none of these kinds; it says what each would need.
    ValueError
        Where ``window``, ``level``, ``replicates`` or ``by`` is out of range.

    Notes
    -----
    Each answer is followed from the day after it to the earliest of answer + window, the customer's next answer, the
    day the customer left, and ``observed_until``; only recommendations inside count. A naive table of "recommended or
    not" would mistake faster churn of detractors for fewer recommendations.

    *Share*: Kaplan-Meier at the window, Wilson interval with the effective size of the clustered, weighted standard
    error; missing where nobody with that score was followed for the whole window. *Rate*: ratio estimator with
    standard error clustered by customer (the sandwich of a Poisson regression) and gamma interval. *Won* is told by
    the day of the recommendation; one that becomes a customer after the records end counts as not won.
    *Person level*: answers whose window was seen in full, weighted by the inverse probability of being seen
    (Kaplan-Meier within class) times the study's weight; answers that enter late are left out there, though not from
    shares and rates. AUC, τ-b, Somers' D and Brier score are functions of the weighted counts score × deed, so one
    resampling of customers serves all (AUC on the logit scale). Forecast and censoring weights are held fixed in it:
    with 43 % of 500 answers censored, by class, that left the AUC without bias and its 95 % interval with a coverage
    of 96 % (500 simulations). *Rate ratio*: Poisson regression with the
    logarithm of exposure as offset, clustered. *Forms*: logistic regressions, see the generalised score tests of
    :func:`tpm_widgets.statistics.association.score_forms.compare_forms`; with weights the likelihood ratio is a pseudo
    one and its p value would be wrong.
    *Respondents against everybody*: from being acquired, or the start of recording, to leaving or ``observed_until``;
    customers are not weighted. The study's weight is used everywhere else. *Reported*: weighted shares, Wilson
    interval, clustered by person; a report precedes the answer, so it is nothing that the answer could predict.

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
    >>> said_and_done.kind
    'linked'
    >>> list(said_and_done.classes["promoter_class"])
    ['promoter', 'passive', 'detractor']
    """
    check_level(level)
    check_replicates(replicates, least=1)
    window = check_window(study.period.window if window is None else window)
    observed = Observed(study, "say_do")
    levels = levels_of(observed, by, level)
    kind = kind_of(study, levels)
    if kind == "linked":
        found = linked(observed, window, level, replicates, seed, response_weights)
    elif kind == "unlinked":
        found = unlinked(observed, window, level, levels)
    elif kind == "undated":
        found = undated(study, level, replicates, seed)
    else:
        found = reported(study, level, replicates, seed)
    return SayDo(
        **found,
        kind=kind,
        question=study.question,
        groups=levels.groups,
        time=levels.time,
        remedies=levels.remedies,
        settings={
            "window": found["window"],
            "by": by if by is None or isinstance(by, str) else list(by),
            "level": level,
            "replicates": replicates,
            "seed": seed,
            "response_weights": response_weights,
        },
        data_hash=study.data_hash,
    )
