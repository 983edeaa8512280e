"""Where do we stand: would customers recommend us? The Net Promoter Score."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.groups import highest_and_lowest, name_of, withheld_caveat, withhold
from tpm_widgets.as_is.score.classes import Cutoffs, check_scores
from tpm_widgets.as_is.score.tallies import tally_study, tally_table
from tpm_widgets.columns import formats_of, typed
from tpm_widgets.errors import check_level, check_option
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.statistics.score.net_promoter import DETRACTOR, PASSIVE, PROMOTER, Interval, Tally
from tpm_widgets.study.model import Scale, Study
from tpm_widgets.threads import on_one_thread

CLASSES = ["promoters", "passives", "detractors"]
COLUMNS = {
    **{"group": "str", "wave": "str", "n": "int64", "n_eff": "number:1"},
    **dict.fromkeys(CLASSES, "percent"),
    **{"estimate": "points", "std_error": "hundredths", "conf_low": "points", "conf_high": "points"},
}
COUNTS = {"group": "str", "wave": "str", "n": "int64", **dict.fromkeys(CLASSES, "float64")}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class NetPromoterScore(Result):
    """The Net Promoter Score by group, see :func:`net_promoter_score`.

    Attributes
    ----------
    counts : pandas.DataFrame
        ``group, wave, n, promoters, passives, detractors``: answers, unweighted. Missing where withheld.
    """

    formats: ClassVar[Mapping[str, str]] = formats_of(COLUMNS)

    counts: pd.DataFrame

    def __post_init__(self) -> None:
        shares = self.table[CLASSES].sum(axis=1, skipna=False).dropna()
        if not np.allclose(shares, 1):
            raise ValueError("promoters, passives and detractors do not add up to 1.")
        check_scores(self.table["estimate"])

    def sentences(self) -> tuple[Sentence, ...]:
        """Read the score, or the highest and the lowest group, with interval, n and method."""
        shown = self.table.dropna(subset=["estimate"])
        if shown.empty:
            return (say("No Net Promoter Score can be given: no answer counts."),)
        method = METHODS[self.settings["interval"]]
        if len(self.table) == 1:
            (row,) = shown.to_dict("records")
            return (
                say(
                    "The Net Promoter Score is {estimate:points} ({level:percent:0} interval {conf_interval:points}, "
                    "{method}), from {n:count} answers.",
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
        )


METHODS = {
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
        How the interval is made. Wald is offered for comparison: it is too short for small groups and can leave −1…1.
    cutoffs : {"standard", "european"} or (number, number), optional
        The highest answer of a detractor and of a passive: (6, 8) is standard, (5, 7) European, on the scale 0 to 10.
    recommend, weight : str, optional
        Of a table: the columns of the answers ("recommend" where None) and of the weights. Codes off the scale and
        missing answers do not count; the caveats tell how many there are.
    recommend_scale : (number, number), default (0, 10)
        Of a table: the lowest and the highest answer.

    Returns
    -------
    NetPromoterScore
        ``table`` with one row per group: ``group`` ("all" where not split), ``wave`` (where split by wave), ``n``
        answers with a score and a positive weight, ``n_eff`` Kish's effective size, the weighted shares ``promoters``,
        ``passives``, ``detractors`` (0…1), ``estimate`` (−1…1), ``std_error``, ``conf_low``, ``conf_high``.
        ``counts`` has the unweighted counts. Groups with fewer than ``study.min_group`` answers (5 for a table) are
        withheld.

    Raises
    ------
    DataError
        Where the scale of the question is not 0 to 10 and no ``cutoffs`` are given; where a table's answers or weights
        are no numbers, or its groups (for the bootstrap: with the weights in them) are too many to count.
    ValueError
        Where an option is not one of those listed, or ``by`` is no column.

    Notes
    -----
    NPS = p_pro − p_det. Its standard error is linearised, √(Σw²(x − NPS)²)/Σw with x = −1, 0, +1; without weights
    that is √((p_pro + p_det − NPS²)/n). The adjusted Wald interval adds ¾, 1½ and ¾ imagined answers to detractors,
    passives and promoters and is centred on the score so adjusted (Rocks 2016); with weights it starts from the shares
    times n_eff. All of it needs only n, Σw and Σw² of each class, so that a table of any size gives what a study of it
    gives; the bootstrap draws answers of one class and one weight together. It assumes that answers are independent of
    each other. Do not compare scores of companies that asked in different ways; and willingness is not a deed: see
    :func:`say_do`.

    References
    ----------
    Reichheld, F. F. (2003). The one number you need to grow. Harvard Business Review 81(12), 46-54.
    Rocks, B. (2016). Interval estimation for the "Net Promoter Score". The American Statistician 70, 365-372.
    https://doi.org/10.1080/00031305.2016.1158124
    Kish, L. (1965). Survey Sampling. Wiley.

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
    rows = [[group.group, group.wave, *_score(tally, interval, level)] for group, tally in answers.groups]
    counts = [[group.group, group.wave, *_counts(tally)] for group, tally in answers.groups]
    measured = typed(rows, COLUMNS)
    table, withheld = withhold(measured, measured["n"] < least)
    return NetPromoterScore(
        table=table,
        counts=withhold(typed(counts, COUNTS), measured["n"] < least)[0],
        settings={"by": by, "level": level, "interval": interval, "cutoffs": answers.cutoffs, **columns},
        caveats=(*answers.caveats, *withheld_caveat(map(name_of, withheld), least)),
        data_hash=answers.data_hash,
    )


def _score(tally: Tally, interval: Interval, level: float) -> list[float]:
    """Return the numbers of one group, from n on."""
    score = tally.score()
    shares = [score.promoters, score.passives, score.detractors]
    return [score.n, score.n_eff, *shares, score.estimate, score.std_error, *tally.interval(interval, level)]


def _counts(tally: Tally) -> list[int]:
    """Return how many answered, and how many of each class, unweighted."""
    return [tally.score().n, *(tally.count(kind) for kind in (PROMOTER, PASSIVE, DETRACTOR))]
