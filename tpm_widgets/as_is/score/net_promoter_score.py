"""Where do we stand: would customers recommend us? The Net Promoter Score."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.as_is.groups import highest_and_lowest, name_of, withheld_caveat, withhold
from tpm_widgets.as_is.pooled import highest_when_pooled, with_pooled
from tpm_widgets.as_is.score.classes import Cutoffs, check_scores
from tpm_widgets.as_is.score.tallies import tally_study, tally_table
from tpm_widgets.as_is.ties import told_ends
from tpm_widgets.columns import formats_of, typed
from tpm_widgets.errors import check_level
from tpm_widgets.language import Percent, Points, Sentence, say, say_n
from tpm_widgets.options import check_option
from tpm_widgets.results import Result
from tpm_widgets.statistics.score.net_promoter import DETRACTOR, PASSIVE, PROMOTER, Interval, OfAnyQuestion, Tally
from tpm_widgets.study.model import Scale, Study
from tpm_widgets.threads import on_one_thread

CLASSES = ["promoters", "passives", "detractors"]
COLUMNS = {
    **{"group": "str", "wave": "str", "n": "int64", "n_eff": "number:1"},
    **dict.fromkeys(CLASSES, "percent"),
    **{"estimate": "points", "std_error": "hundredths", "conf_low": "points", "conf_high": "points"},
}
YES_NO = ["yes", "no"]  # the classes of a yes/no question
COUNTS = {"group": "str", "wave": "str", "n": "int64", **dict.fromkeys(CLASSES, "float64")}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class NetPromoterScore(Result):
    """The Net Promoter Score by group, see :func:`net_promoter_score`.

    Attributes
    ----------
    counts : pandas.DataFrame
        ``group, wave, n, promoters, passives, detractors``: answers, unweighted. Missing where withheld.
    """

    counts: pd.DataFrame

    @property
    def formats(self) -> dict[str, str]:  # type: ignore[override]  # a share of yes is read in percent
        """The score is read in points, shares in percent."""
        return {name: "percent" if self.yes_no and how == "points" else how for name, how in FORMATS.items()}

    @property
    def yes_no(self) -> bool:
        """Whether the question was answered by yes or no, so that the share of yes stands in the score's place."""
        return "yes" in self.table

    def __post_init__(self) -> None:
        shares = self.table[YES_NO if self.yes_no else CLASSES].sum(axis=1, skipna=False).dropna()
        if not np.allclose(shares, 1):
            raise ValueError("the shares of the classes do not add up to 1.")
        check_scores(self.table["estimate"])

    def sentences(self) -> tuple[Sentence, ...]:
        """Read the score, or the highest and the lowest group, with interval, n and method."""
        shown = self.table.dropna(subset=["estimate"])
        if shown.empty:
            return (say("No Net Promoter Score can be given: no answer counts.") if not self.yes_no else NO_YES,)
        method = METHODS[self.settings["interval"]]
        if self.yes_no:
            ends = told_ends(shown.to_dict("records"), name_of) if len(self.table) > 1 else ()
            return (self._share_of_yes(shown, method), *ends, *self._when_pooled(shown))
        if len(self.table) == 1:
            (row,) = shown.to_dict("records")
            return (
                say_n(
                    "The Net Promoter Score is {estimate:points} ({level:percent:0} interval {conf_interval:points}, "
                    "{method}), from {n:count} answer.",
                    "The Net Promoter Score is {estimate:points} ({level:percent:0} interval {conf_interval:points}, "
                    "{method}), from {n:count} answers.",
                    int(row["n"]),
                    row,
                    self.settings,
                    method=method,
                ),
                say(
                    "{promoters:percent} are promoters, {passives:percent} passives, {detractors:percent} detractors.",
                    row,
                ),
            )
        best, worst = highest_and_lowest(shown.to_dict("records"))
        return (
            say_n(
                "Of {n} answers in all, only {best_group} is large enough to show: Net Promoter Score "
                "{best.estimate:points} ({level:percent:0} interval {best.conf_interval:points}, {method}).",
                "Among {count} groups with {n} answers in all, the Net Promoter Score runs from "
                "{worst.estimate:points} in {worst_group} ({level:percent:0} interval {worst.conf_interval:points}) to "
                "{best.estimate:points} in {best_group} ({best.conf_interval:points}), intervals: {method}.",
                len(shown),
                self.settings,
                n=int(self.table["n"].sum()),
                method=method,
                best=best,
                best_group=name_of(best),
                worst=worst,
                worst_group=name_of(worst),
            ),
            *told_ends(shown.to_dict("records"), name_of),
            *self._when_pooled(shown),
        )

    @property
    def pooled(self) -> pd.DataFrame:
        """The groups that are shown with their ``estimate`` and the partly ``pooled`` one, which is drawn to the mean.

        Missing for fewer than three groups; see the notes of :func:`net_promoter_score`.
        """
        return with_pooled(self.table, self.settings["level"])

    def _when_pooled(self, shown: pd.DataFrame) -> list[Sentence]:
        """Say which groups are highest and lowest when chance is taken from them."""
        read = Percent if self.yes_no else Points
        return highest_when_pooled(shown.to_dict("records"), self.settings["level"], name_of, read)

    def _share_of_yes(self, shown: pd.DataFrame, method: Sentence) -> Sentence:
        """Read the share of yes, or the highest and the lowest group."""
        if len(self.table) == 1:
            return say(
                "The share of yes is {estimate:percent} ({level:percent:0} interval {conf_interval:percent}, "
                "{method}), from {n:count} answers.",
                shown.iloc[0],
                self.settings,
                method=method,
            )
        best, worst = highest_and_lowest(shown.to_dict("records"))
        return say_n(
            "Of {n} answers in all, only {best_group} is large enough to show: share of yes {best.estimate:percent} "
            "({level:percent:0} interval {best.conf_interval:percent}, {method}).",
            "Among {count} groups with {n} answers in all, the share of yes runs from {worst.estimate:percent} in "
            "{worst_group} ({level:percent:0} interval {worst.conf_interval:percent}) to {best.estimate:percent} in "
            "{best_group} ({best.conf_interval:percent}), intervals: {method}.",
            len(shown),
            self.settings,
            n=int(self.table["n"].sum()),
            method=method,
            best=best,
            best_group=name_of(best),
            worst=worst,
            worst_group=name_of(worst),
        )


NO_YES = say("No share of yes can be given: no answer counts.")
FORMATS = {**formats_of(COLUMNS), **dict.fromkeys(YES_NO, "percent")}
METHODS = {
    "wilson": say("Wilson"),
    "adjusted_wald": say("adjusted Wald"),
    "score": say("score interval"),
    "wald": say("Wald"),
    "bootstrap": say("bootstrap"),
}


@on_one_thread
def net_promoter_score(
    source: Any,
    by: str | Sequence[str] | None = None,
    level: float = 0.95,
    interval: Interval = "adjusted_wald",
    cutoffs: Cutoffs | None = None,
    *,
    recommend: str | None = None,
    weight: str | None = None,
    recommend_scale: Scale = (0, 10),
) -> NetPromoterScore:
    """Tell how many more customers would recommend us than would not, of a hundred.

    Parameters
    ----------
    source : Study, data frame or path
        A study with ``recommend``, and ``weight`` where answers weigh differently. Or a table of any size with one row
        per answer, which is counted without being held: a frame of pandas, Polars (eager or lazy), PyArrow, a DuckDB
        relation, or the path of a Parquet file or of a folder of them.
    by : str or sequence of str, optional
        Split by ``"wave"``, a segment, or any other column of the survey; several names cross them.
    level : float, default 0.95
        Confidence level, between 0 and 1.
    interval : {"adjusted_wald", "score", "wald", "bootstrap"}
        How the interval is made; of a share of yes the first two are Wilson's. Wald is offered for comparison: it is
        too short for small groups and can leave −1…1.
    cutoffs : {"standard", "european"} or (number, number), optional
        The highest answer of a detractor and of a passive: (6, 8) is standard, (5, 7) European, on the scale 0 to 10;
        on another the answers in their place. None: those of the study, else the standard ones.
    recommend, weight : str, optional
        Of a table: the columns of the answers ("recommend" where None) and of the weights. Codes off the scale and
        missing answers do not count; the caveats tell how many there are.
    recommend_scale : (number, number), default (0, 10)
        Of a table: the lowest and the highest answer.

    Returns
    -------
    NetPromoterScore
        ``table`` with one row per group: ``group`` ("all" where not split), ``wave`` (where split by wave), ``n``
        answers with a score and a positive weight, ``n_eff`` the effective size, the weighted shares ``promoters``,
        ``passives``, ``detractors`` (0…1), ``estimate`` (−1…1), ``std_error``, ``conf_low``, ``conf_high``.
        ``counts`` has the unweighted counts, ``pooled`` the partly pooled scores. Groups with fewer than
        ``study.min_group`` answers (5 for a table) are withheld. Of a yes/no question ``estimate`` is the share of
        ``yes`` (0…1), beside which ``no`` stands; there are no other classes.

    Raises
    ------
    DataError
        Where a table's answers or weights are no numbers, or its groups (for the bootstrap: with the weights in them)
        are too many to count.
    ValueError
        Where an option is not one of those listed, or ``by`` is no column.

    Notes
    -----
    NPS = p_pro − p_det. Its standard error is linearised, √(Σ(Σw(x − NPS))²)/Σw with x = −1, 0, +1 and the inner sum
    over a cluster: the answers of one person (``customer``, else ``respondent``), or of one ``cluster`` where the study
    has that role. For independent answers without weights that is √((p_pro + p_det − NPS²)/n). With the roles
    ``strata`` or ``cluster`` it is Σ_h n_h/(n_h − 1) Σ(z_hi − z̄_h)² over the strata, as in survey packages (Binder
    1983). n_eff = min(Kish's, V/se²): as many independent answers would be as sure. The adjusted Wald interval adds ¾,
    1½ and ¾ imagined answers to detractors, passives and promoters and is centred on the score so adjusted (Rocks
    2016), starting from the shares times n_eff; where the design has fewer degrees of freedom (clusters less strata)
    than n_eff − 1, n_eff is made smaller by Student's quantiles (Korn and Graubard 1998). A table of any size needs
    only n, Σw and Σw² of each class and gives what a study of it gives where answers are independent; the bootstrap
    draws answers of one class and one weight together, and whole clusters where there are some. Do not compare scores
    of companies that asked in different ways; and willingness is not a deed: see :func:`say_do`. The highest and the
    lowest of several groups are so in part by chance: ``pooled`` draws each group to the mean of all as far as it is
    unsure (empirical Bayes), and which is highest or lowest is said of these values.

    References
    ----------
    Reichheld, F. F. (2003). The one number you need to grow. Harvard Business Review 81(12), 46-54.
    Rocks, B. (2016). Interval estimation for the "Net Promoter Score". The American Statistician 70, 365-372.
    https://doi.org/10.1080/00031305.2016.1158124
    Kish, L. (1965). Survey Sampling. Wiley.
    Binder, D. A. (1983). International Statistical Review 51, 279-292. https://doi.org/10.2307/1402588
    Korn, E. L., & Graubard, B. I. (1998). Confidence intervals for proportions with small expected number of positive
    counts estimated from survey data. Survey Methodology 24, 193-201.

    Examples
    --------
    >>> import pandas as pd
    >>> import tpm_widgets as tpm
    >>> answers = pd.DataFrame({"q1": [3] * 6 + [7] * 12 + [9] * 18, "shop": [4] * 36})
    >>> study = tpm.make_study(survey=answers, recommend="q1", touchpoints=["shop"])
    >>> tpm.net_promoter_score(study).summary("en")
    'The Net Promoter Score is +33.3 (95% interval +7.3 to +54.2, adjusted Wald), from 36 answers. 50.0% are promoters,
    33.3% passives, 16.7% detractors.'
    >>> tpm.net_promoter_score(answers, recommend="q1").table[["n", "estimate", "conf_low", "conf_high"]].round(4)
        n  estimate  conf_low  conf_high
    0  36    0.3333     0.073     0.5424
    """
    check_level(level)
    check_option("interval", interval, Interval)
    alike = interval == "bootstrap"
    if isinstance(source, Study):
        if recommend is not None or weight is not None or recommend_scale != (0, 10):
            raise ValueError("recommend=, weight= and recommend_scale= go with a table; a study has its own.")
        answers = tally_study(source, by, cutoffs, alike=alike)
        columns = {}
    else:
        recommend = recommend or "recommend"
        answers = tally_table(source, by, cutoffs, recommend, weight, recommend_scale, alike=alike)
        columns = {"recommend": recommend, "weight": weight, "recommend_scale": recommend_scale}
    least = answers.least if by else 0
    meant = answers.question.interval(interval)
    rows = [[group.group, group.wave, *_score(tally, meant, level)] for group, tally in answers.groups]
    counts = [[group.group, group.wave, *_counts(tally)] for group, tally in answers.groups]
    measured = typed(rows, COLUMNS)
    table, withheld = withhold(measured, measured["n"] < least)
    counted = withhold(typed(counts, COUNTS), measured["n"] < least)[0]
    if answers.question.yes_no:
        table, counted = (_of_yes_no(frame) for frame in (table, counted))
    return NetPromoterScore(
        table=table,
        counts=counted,
        settings={"by": by, "level": level, "interval": meant, "cutoffs": answers.cutoffs, **columns},
        caveats=(*answers.caveats, *withheld_caveat(map(name_of, withheld), least)),
        data_hash=answers.data_hash,
    )


def _of_yes_no(frame: pd.DataFrame) -> pd.DataFrame:
    """Call the classes by what was answered."""
    return frame.drop(columns="detractors").rename(columns={"promoters": "yes", "passives": "no"})


def _score(tally: Tally, interval: OfAnyQuestion, level: float) -> list[float]:
    """Return the numbers of one group, from n on."""
    score = tally.score()
    shares = [score.promoters, score.passives, score.detractors]
    return [score.n, score.n_eff, *shares, score.estimate, score.std_error, *tally.interval(interval, level)]


def _counts(tally: Tally) -> list[int]:
    """Return how many answered, and how many of each class, unweighted."""
    return [tally.score().n, *(tally.count(kind) for kind in (PROMOTER, PASSIVE, DETRACTOR))]
