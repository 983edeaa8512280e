"""Where do we stand: do groups of customers that would rather recommend us also recommend us more?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.as_is.groups import group_name, withheld_caveat, withhold
from tpm_widgets.as_is.say_do.cells import (
    FORMATS,
    MEASURE,
    OBSERVED,
    SaidAndDone,
    Span,
    said_and_done,
    table_of,
    undated_waves,
    wave_spans,
)
from tpm_widgets.as_is.say_do.group_findings import (
    ACROSS_WAVES,
    ASSOCIATION,
    by_person,
    caveats_of,
    over_groups,
    sentences_of,
    within_waves,
    without_each,
)
from tpm_widgets.as_is.say_do.tied_groups import TiedGroups, is_linked, tie_groups
from tpm_widgets.as_is.score.classes import check_scores
from tpm_widgets.columns import with_ends
from tpm_widgets.errors import check_level
from tpm_widgets.language import Sentence, say
from tpm_widgets.results import Result
from tpm_widgets.study.model import Study
from tpm_widgets.threads import on_one_thread

DONE = ["exposure", *OBSERVED, *(name for deed in OBSERVED for name in with_ends(MEASURE[deed]))]


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class SayDoGroups(Result):
    """What groups of customers said against what they did, see :func:`say_do_groups`.

    Attributes
    ----------
    association : pandas.DataFrame
        ``level, measure, deed, estimate, conf_low, conf_high, n``. Levels: *all groups* (over the rows of ``table``);
        with waves also *within waves* (groups compared inside each wave) and *across waves* (over the waves, groups
        together); where persons are known also *within* and *between* groups, both as the ``slope`` of what a person
        did per step from detractor to passive to promoter (100 points). ``n`` groups, pairs, waves, answers.
    leave_one_out : pandas.DataFrame
        ``group`` (left out), ``deed``, ``measure``, ``estimate`` without it, ``change`` by leaving it out.
    deeds : tuple of str
        ``recommendations`` and ``won``, or in a reported study ``reported``.
    by : tuple of str
        The columns that make the groups, and ``wave`` where time does.
    p_difference : float
        Of the hypothesis that the slopes inside and between groups are the same; NaN where persons are not known.
    yes_no : bool
        Whether the score is a share of yes.
    """

    formats: ClassVar[Mapping[str, str]] = FORMATS

    association: pd.DataFrame
    leave_one_out: pd.DataFrame
    deeds: tuple[str, ...]
    by: tuple[str, ...]
    p_difference: float = np.nan
    yes_no: bool = False

    def __post_init__(self) -> None:
        check_scores(self.table["score"])
        found = self.association[self.association["measure"] != "slope"]["estimate"].dropna()
        if (found.abs() > 1 + 1e-12).any():
            raise ValueError("a correlation lies outside -1…1.")

    def sentences(self) -> tuple[Sentence, ...]:
        """Read the correlation over groups, the group that changes it most, and what holds inside the groups."""
        level = self.settings["level"]
        return sentences_of(self.table, self.association, self.leave_one_out, self.deeds[0], level, yes_no=self.yes_no)


@on_one_thread
def say_do_groups(study: Study, by: str | Sequence[str] | None = None, level: float = 0.95) -> SayDoGroups:
    """Tell whether groups of customers that say they would recommend us more also recommend us more.

    No answer needs to be tied to a person: a group is tied to itself by a column of the same name in the survey and
    in the customers table, and a wave to the time that followed it.

    Parameters
    ----------
    study : Study
        With ``recommend``, and the tables ``customers`` and ``referrals``; or with ``recommended_12m`` alone.
    by : str or sequence of str, optional
        Columns that the survey and the customers table have in common (in linked studies any column of the customers
        table, taken to the answers by the link; in reported ones any of the survey), and ``"wave"``. Several are
        crossed. None: all common columns that make at least two groups and on average groups of ``study.min_group``
        answers, crossed where every combination holds as many answers and customers, else the one that makes most
        groups; ``"wave"`` where there is none.
    level : float, default 0.95
        Confidence level, between 0 and 1.

    Returns
    -------
    SayDoGroups
        ``table`` with one row per group: ``group``, ``n`` answers, ``score`` (NPS −1…1), ``score_low``,
        ``score_high``, ``exposure`` customer-years, ``recommendations`` made and ``won`` of them those that became
        customers, ``recommendation_rate`` and ``won_rate`` per 100 customer-years with ``…_low`` and ``…_high``. In a
        reported study instead of deeds ``known`` answers, ``reported`` yes, ``reported_share`` (0…1) with its
        interval. Further ``association``, ``leave_one_out``, ``deeds``, ``by``, see :class:`SayDoGroups`. Groups with
        fewer than ``study.min_group`` answers or customers are withheld.

    Raises
    ------
    DataError
        Where the study knows of no deeds, or nothing ties its answers to its customers.
    ValueError
        Where ``by`` is no common column, or ``level`` out of range.

    Notes
    -----
    *Score*: weighted, adjusted Wald interval. *Rates*: recommendations in the customers' observed time, credited to
    the recommender's group; each customer is one observation (ratio estimator, gamma interval). A wave is followed
    from the day after its end to the end of the next one, one window at most. *Correlations* are over groups, each
    counting the same however large: Spearman with the interval of Bonett and Wright, Pearson with Fisher's, from four
    groups on; within waves the repeated measures correlation. *Slopes*: least squares on the promoter class (−1, 0,
    +1) less its group mean, and on that mean; answers weigh by their time, errors are clustered by customer.

    What holds between groups need not hold between the persons in them, and the other way round (Robinson 1950); that
    is why both are shown where persons are known. Scores and rates are both estimates; the error in either pulls the
    correlation towards 0. Do not use it to rank groups, or to say what raising a score would do.

    References
    ----------
    Bonett, D. G. & Wright, T. A. (2000). Sample size requirements for estimating Pearson, Kendall and Spearman
    correlations. Psychometrika 65, 23-28. https://doi.org/10.1007/BF02294183
    Bakdash, J. Z. & Marusich, L. R. (2017). Repeated measures correlation. Frontiers in Psychology 8, 456.
    https://doi.org/10.3389/fpsyg.2017.00456
    Robinson, W. S. (1950). Ecological correlations and the behavior of individuals. American Sociological Review 15,
    351-357. https://doi.org/10.2307/2087176

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1000)
    >>> groups = tpm.say_do_groups(study, by="segment")
    >>> list(groups.table["group"])
    ['business', 'family', 'single']
    """
    check_level(level)
    return groups_of(said_and_done(Observed(study, "say_do_groups"), level), by)


def groups_of(measured: SaidAndDone, by: str | Sequence[str] | None) -> SayDoGroups:
    """Make the group level of what was said and done."""
    study, level = measured.observed.study, measured.level
    if measured.time is None:
        study = replace(study, customers=None)
    people = pd.DataFrame() if measured.time is None else measured.time.people
    tied = tie_groups(study, by, people, "say_do_groups")
    spans = _spans(study, measured, tied)
    cells = _cells(measured, tied, spans)
    cells, withheld, idle = _withhold(cells, study.min_group, measured.deeds)
    rows = over_groups(cells, measured.deeds, level)
    if tied.by_wave and tied.columns:
        rows += within_waves(cells, measured.deeds, level)
        waves = _cells(measured, replace(tied, columns=()), spans)
        rows += over_groups(waves, measured.deeds, level, ACROSS_WAVES)
    p_difference = np.nan
    if tied.columns and (measured.time is None or is_linked(study)):
        slopes, p_difference = by_person(measured, tied.answers)
        rows += slopes
    return SayDoGroups(
        table=table_of(cells, "group", DONE),
        association=pd.DataFrame(rows, columns=ASSOCIATION),
        leave_one_out=without_each(cells, measured.deeds),
        deeds=measured.deeds,
        by=(*tied.columns, *(("wave",) if tied.by_wave else ())),
        p_difference=p_difference,
        yes_no=study.question.yes_no,
        settings={"by": by if by is None or isinstance(by, str) else list(by), "level": level},
        caveats=(
            *caveats_of(cells, measured.deeds[0], tied.by_wave),
            *measured.caveats,
            *tied.caveats,
            *withheld_caveat(withheld, study.min_group),
            *idle,
        ),
        data_hash=study.data_hash,
    )


def _spans(study: Study, measured: SaidAndDone, tied: TiedGroups) -> list[Span | None]:
    """Return the waves with the time after each, or one None for all time."""
    if not tied.by_wave:
        return [None]
    if measured.time is None:
        return list(undated_waves(study, "say_do_groups(by='wave')"))
    return list(wave_spans(study, measured.time.observed_until, "say_do_groups(by='wave')"))


def _cells(measured: SaidAndDone, tied: TiedGroups, spans: Sequence[Span | None]) -> pd.DataFrame:
    """Measure every group in every span of time."""
    rows: list[dict[str, Any]] = []
    for name in tied.names if tied.columns else ["all"]:
        answers = np.flatnonzero(tied.answers == name) if tied.columns else np.arange(len(tied.answers))
        members = tied.customers == name if tied.columns else np.ones(len(tied.customers), dtype=bool)
        for span in spans:
            own = answers if span is None else np.intersect1d(answers, span.rows)
            wave, between = (None, ()) if span is None else (span.name, (span.first, span.last))
            done = measured.told(own) if measured.time is None else measured.done(members, *between)
            rows.append({"group": group_name(name, wave), "wave": wave, **measured.said(own), **done})
    return pd.DataFrame(rows)


def _withhold(
    cells: pd.DataFrame, least: int, deeds: tuple[str, ...]
) -> tuple[pd.DataFrame, list[str], list[Sentence]]:
    """Blank groups that are small, name them, and name those that were shown but never observed."""
    small = cells["n"] < least
    if "customers" in cells:
        small |= cells["customers"].between(1, least - 1)
    shown, withheld = withhold(cells, small)
    unseen = shown.loc[~small & shown[MEASURE[deeds[0]]].isna(), "group"]
    idle = say("Nobody was observed, or nobody told, in: {groups:list}.", groups=tuple(unseen))
    return shown, [row["group"] for row in withheld], [idle] if len(unseen) else []
