"""Where do we stand: would another cut-off, weighting or interval lead to another conclusion about the score?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, ClassVar, get_args

import numpy as np

from tpm_widgets.as_is.groups import Group, answer_groups, withheld_caveat
from tpm_widgets.as_is.score.classes import Cutoffs, excluded_scores, need_classes
from tpm_widgets.columns import formats_of, typed, with_ends
from tpm_widgets.errors import check_level
from tpm_widgets.language import Sentence, say
from tpm_widgets.results import Result
from tpm_widgets.statistics.estimates.design import Design
from tpm_widgets.statistics.score.intervals import mover
from tpm_widgets.statistics.score.net_promoter import Interval, Tally
from tpm_widgets.statistics.score.question import Question
from tpm_widgets.study.model import Study
from tpm_widgets.threads import on_one_thread

COLUMNS = {**dict.fromkeys(("cutoffs", "weighted", "interval", "n"), ""), **dict.fromkeys(with_ends(), "points")}
ABOVE, BELOW, UNDECIDED = "above 0", "below 0", "undecided"
CONCLUSIONS = {
    ABOVE: say("it is above 0"),
    BELOW: say("it is below 0"),
    UNDECIDED: say("it may be above or below 0"),
}
CHOICES = {"cutoffs": say("the cut-offs"), "weighted": say("the weights"), "interval": say("the interval")}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ScoreSensitivity(Result):
    """The score, or the difference of two groups, computed in every usual way; see :func:`score_sensitivity`.

    Attributes
    ----------
    groups : tuple of str
        The two groups of which the difference, first minus second, is taken; empty for the score.
    """

    formats: ClassVar[Mapping[str, str]] = formats_of(COLUMNS)

    groups: tuple[str, ...] = ()

    @property
    def changes(self) -> bool:
        """Whether any way of computing leads to another conclusion than the first row."""
        return not bool(self.table["same"].all())

    @property
    def causes(self) -> tuple[str, ...]:
        """Which choice alone, made otherwise than in the first row, changes the conclusion."""
        alone = {
            choice: (self.table[list(CHOICES)] != self.table.loc[0, list(CHOICES)]).drop(columns=choice).sum(axis=1)
            for choice in CHOICES
        }
        return tuple(choice for choice in CHOICES if not self.table.loc[alone[choice] == 0, "same"].all())

    def sentences(self) -> tuple[Sentence, ...]:
        """Say whether the conclusion changes, between what the estimates lie, and whether the weights matter."""
        if self.table["estimate"].isna().any():
            return (say("Nothing can be compared: too few answers count."),)
        found = [self._verdict(), self._spread()]
        if self.table["weighted"].any():
            found.append(self._weights())
        return tuple(found)

    def _verdict(self) -> Sentence:
        first, count = self._first(), len(self.table)
        stated = {
            "what": self._what(),
            "conclusion": CONCLUSIONS[first["conclusion"]],
            "same": int(self.table["same"].sum()),
            "count": count,
        }
        if not self.changes:
            return say(
                "The conclusion on {what} does not depend on cut-offs, weighting or interval: {conclusion} in all "
                "{count} ways of computing ({level:percent:0} intervals).",
                self.settings,
                **stated,
            )
        if not self.causes:
            return say(
                "The conclusion on {what} changes where several choices are made otherwise: {conclusion} in {same} of "
                "{count} ways of computing ({level:percent:0} intervals).",
                self.settings,
                **stated,
            )
        return say(
            "The conclusion on {what} changes with {causes:list}: {conclusion} in {same} of {count} ways of computing "
            "({level:percent:0} intervals).",
            self.settings,
            causes=tuple(CHOICES[choice] for choice in self.causes),
            **stated,
        )

    def _first(self) -> Mapping[Any, Any]:
        return self.table.iloc[0].to_dict()

    def _what(self) -> Sentence:
        if not self.groups:
            return say("the Net Promoter Score")
        return say("the difference {group} – {other}", group=self.groups[0], other=self.groups[1])

    def _spread(self) -> Sentence:
        first, low, high = self._first(), float(self.table["estimate"].min()), float(self.table["estimate"].max())
        return say(
            "Computed as usual it is {estimate:points} ({conf_interval:points}), from {n:count} answers; over all ways "
            "it lies between {low:points} and {high:points}.",
            first,
            low=low,
            high=high,
        )

    def _weights(self) -> Sentence:
        """Compare the first row with the one that differs from it in the weights only."""
        first = self._first()
        alike = (self.table["cutoffs"] == first["cutoffs"]) & (self.table["interval"] == first["interval"])
        (plain,) = self.table[alike & ~self.table["weighted"]].to_dict("records")
        inside = first["conf_low"] <= plain["estimate"] <= first["conf_high"]
        if inside and plain["same"]:
            return say(
                "The weights do not matter to it: {estimate:points} weighted ({conf_interval:points}), "
                "{unweighted:points} unweighted.",
                first,
                unweighted=plain["estimate"],
            )
        return say(
            "The weights matter: {estimate:points} weighted ({conf_interval:points}), {unweighted:points} unweighted.",
            first,
            unweighted=plain["estimate"],
        )


@on_one_thread
def score_sensitivity(
    study: Study,
    by: str | Sequence[str] | None = None,
    cutoffs: Sequence[Cutoffs] | None = None,
    level: float = 0.95,
) -> ScoreSensitivity:
    """Tell whether the conclusion about the score depends on cut-offs, weighting or the kind of interval.

    Parameters
    ----------
    study : Study
        With ``recommend``; with ``weight``, everything is computed weighted and unweighted.
    by : str or sequence of str, optional
        A column that splits the answers into two groups: then the difference of their scores is examined.
    cutoffs : sequence of {"standard", "european"} or (number, number), optional
        The cut-offs to try, the usual ones first; where None, those that the study declares and
        both named ones.
    level : float, default 0.95
        Confidence level, between 0 and 1.

    Returns
    -------
    ScoreSensitivity
        ``table`` with one row per way of computing: ``cutoffs``, ``weighted``, ``interval``, ``n`` answers,
        ``estimate`` (of the score −1…1, or of the difference, first group minus second), ``conf_low``, ``conf_high``,
        ``conclusion`` ("above 0", "below 0", or "undecided" where the interval holds 0) and ``same``, whether it is
        that of the first row: the first cut-offs, weighted, adjusted Wald. ``changes`` tells whether any differs,
        ``causes`` which choice alone does it.

    Raises
    ------
    ValueError
        Where ``by`` makes more or fewer than two groups, or no cut-offs are given.

    Notes
    -----
    Intervals are those of :func:`net_promoter_score`; of a difference they are made of the groups' own by variance
    estimates recovery, which for Wald is the z interval of :func:`compare_scores` for different persons. The weights
    are said to matter where they change the conclusion, or the unweighted score lies outside the weighted interval.
    That a conclusion holds in all ways does not make it true: all ways share the same answers. Scores of different
    cut-offs are different measures; never compare one with the other.

    References
    ----------
    Steegen, S., Tuerlinckx, F., Gelman, A., & Vanpaemel, W. (2016). Increasing transparency through a multiverse
    analysis. Perspectives on Psychological Science 11, 702-712. https://doi.org/10.1177/1745691616658637
    Zou, G. Y., & Donner, A. (2008). Statistics in Medicine 27, 1693-1702. https://doi.org/10.1002/sim.3095

    Examples
    --------
    >>> import pandas as pd
    >>> import tpm_widgets as tpm
    >>> answers = pd.DataFrame({"q1": [3] * 6 + [6] * 8 + [7] * 8 + [9] * 20, "shop": 4})
    >>> study = tpm.make_study(survey=answers, recommend="q1", touchpoints=["shop"])
    >>> print(tpm.score_sensitivity(study).sentences()[0])
    The conclusion on the Net Promoter Score changes with the cut-offs: it may be above or below 0 in 4 of 8 ways of
    computing (95% intervals).
    """
    check_level(level)
    need_classes(study, "score_sensitivity")
    if cutoffs is None:
        cutoffs = _usual(study.question)
    if isinstance(cutoffs, str) or not len(cutoffs):
        raise ValueError(f"cutoffs must be a sequence such as ('standard', 'european'); got {cutoffs!r}.")
    chosen = {_cutoffs_name(one): study.question.cut(one) for one in cutoffs}
    groups, caveats = answer_groups(study, by)
    if by and len(groups) != 2:
        raise ValueError(f"by must split the answers into two groups; {by!r} makes {len(groups)}.")
    scores = study.survey["recommend"].to_numpy(float, na_value=np.nan)
    design = study.design
    designs = {True: design, False: design.unweighted()} if "weight" in study.survey else {False: design}
    classes = {name: study.question.classes(scores, cuts) for name, cuts in chosen.items()}
    rows = [
        [name, weighted, interval, *_way(classes[name], designs[weighted], groups, study.min_group, interval, level)]
        for name, weighted, interval in product(chosen, designs, get_args(Interval))
    ]
    table = typed(rows, COLUMNS)
    table["conclusion"] = np.select([table["conf_low"] > 0, table["conf_high"] < 0], [ABOVE, BELOW], UNDECIDED)
    table["same"] = table["conclusion"] == table.loc[0, "conclusion"]
    usual = classes[next(iter(chosen))]
    small = [group.name for group in groups if by and np.isfinite(usual[group.rows]).sum() < study.min_group]
    return ScoreSensitivity(
        table=table,
        groups=tuple(group.name for group in groups) if by else (),
        settings={"by": by, "cutoffs": tuple(chosen), "level": level},
        caveats=(
            *excluded_scores(study, scores, usual, next(iter(cutoffs))),
            *caveats,
            *withheld_caveat(small, study.min_group),
            say("All ways share the same answers: what is wrong with these is wrong in every row."),
        ),
        data_hash=study.data_hash,
    )


def _usual(question: Question) -> list[Cutoffs]:
    """Return the cut-offs of the study, where it declares any, and both named ones, unless they are the same."""
    named: list[Cutoffs] = ["standard", "european"]
    own = question.cutoffs
    return named if own is None else [own, *(name for name in named if question.cut(name) != own)]


def _cutoffs_name(cutoffs: Cutoffs) -> str:
    return cutoffs if isinstance(cutoffs, str) else ", ".join(f"{cut:g}" for cut in cutoffs)


def _way(
    classes: np.ndarray, design: Design, groups: Sequence[Group], least: int, interval: Interval, level: float
) -> tuple[Any, ...]:
    """Return n, estimate and interval of the score, or of the difference of two groups, computed in one way."""
    parts = []
    n = 0
    for group in groups:
        tally = Tally.by_design(classes, design, group.rows, alike=interval == "bootstrap")
        score, ends = tally.score(), tally.interval(interval, level)
        parts.append((score.estimate, *ends) if score.n >= (least if len(groups) > 1 else 1) else (np.nan,) * 3)
        n += score.n
    if len(parts) == 1:
        return n, *parts[0]
    return n, parts[0][0] - parts[1][0], *mover(*parts)
