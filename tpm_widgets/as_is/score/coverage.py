"""Where do we stand: does an interval of the Net Promoter Score keep its promise?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import ClassVar, Literal

import numpy as np
import pandas as pd

from tpm_widgets.as_is.score.net_promoter_score import METHODS
from tpm_widgets.columns import formats_of
from tpm_widgets.errors import check_level
from tpm_widgets.language import Between, Sentence, say
from tpm_widgets.options import check_option
from tpm_widgets.results import Result
from tpm_widgets.statistics.score.precision import TIE, exact_coverage
from tpm_widgets.threads import on_one_thread

ExactInterval = Literal["adjusted_wald", "score", "wald"]
COLUMNS = {"interval": "", "n": "", "score": "points"} | dict.fromkeys(("passives", "coverage"), "percent")
COLUMNS |= {"width": "hundredths"}
SCORES = tuple((np.arange(-8, 9) / 10).tolist())
LARGEST = 1000  # 501,501 outcomes; beyond, all three intervals agree


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ScoreCoverage(Result):
    """How often intervals cover the true score, see :func:`score_coverage`."""

    formats: ClassVar[Mapping[str, str]] = formats_of(COLUMNS)
    first_by: ClassVar[str] = "coverage"

    def __post_init__(self) -> None:
        if not self.table["coverage"].between(0, 1 + 1e-9).all():
            raise ValueError("A coverage lies outside 0…1.")

    @property
    def by_size(self) -> pd.DataFrame:
        """The lowest, mean and highest coverage over all truths, and the mean width: one row per interval and n."""
        groups = self.table.groupby(["interval", "n"], sort=False)
        return groups.agg(
            lowest=("coverage", "min"), mean=("coverage", "mean"), highest=("coverage", "max"), width=("width", "mean")
        ).reset_index()

    def sentences(self) -> tuple[Sentence, ...]:
        """Say for each interval between what its coverage lies at the smallest and at the largest size."""
        sizes, by_size = self.settings["sizes"], self.by_size.set_index(["interval", "n"])
        found = []
        for interval in self.settings["intervals"]:
            small, large = by_size.loc[(interval, min(sizes))], by_size.loc[(interval, max(sizes))]
            found.append(
                say(
                    "Where {level:percent:0} are promised, {interval} covers {small:percent} with n = {smallest} and "
                    "{large:percent} with n = {largest} (exact, over {count} true scores and shares of passives).",
                    self.settings,
                    interval=METHODS[interval],
                    small=Between(small["lowest"], small["highest"]),
                    large=Between(large["lowest"], large["highest"]),
                    smallest=min(sizes),
                    largest=max(sizes),
                    count=len(self.table) // len(by_size),
                )
            )
        return tuple(found)


@on_one_thread
def score_coverage(
    sizes: Sequence[int] = (20, 50, 100, 200),
    scores: Sequence[float] = SCORES,
    passives: Sequence[float] = (0.1, 0.2, 0.3, 0.4, 0.5),
    intervals: Sequence[ExactInterval] = ("adjusted_wald", "score", "wald"),
    level: float = 0.95,
) -> ScoreCoverage:
    """Tell how often each interval of the score really covers the truth, exactly, without any simulation.

    Parameters
    ----------
    sizes : sequence of int, default (20, 50, 100, 200)
        Numbers of answers, each 1 to 1,000.
    scores : sequence of float
        True scores, −1…1; by default −0.8, −0.7, … 0.8.
    passives : sequence of float, default (0.1, 0.2, 0.3, 0.4, 0.5)
        True shares of passives, 0…1. Combinations that cannot be are left out: a score reaches 1 − passives at most.
    intervals : sequence of {"adjusted_wald", "score", "wald"}
        Which intervals; by default all three.
    level : float, default 0.95
        The coverage that is intended, between 0 and 1.

    Returns
    -------
    ScoreCoverage
        ``table`` with one row per interval and truth: ``interval``, ``n``, ``score``, ``passives``, ``coverage`` (0…1)
        and ``width``, the mean width. ``by_size`` has for each interval and n the ``lowest``, ``mean`` and ``highest``
        coverage and the mean width.

    Raises
    ------
    ValueError
        Where an interval is not one of those listed, a number is out of its range, or no combination can be.

    Notes
    -----
    Every outcome of n answers, (n + 1)(n + 2)/2 of them, is weighed with its multinomial probability; the coverage is
    the sum over the outcomes whose interval holds the true score. Answers are taken as independent and equally
    weighted. On the default grid, at 95 %, adjusted Wald covers 91.3 to 96.3 % with 20 answers and 93.3 to 96.1 % with
    50. The score interval covers 94.4 to 97.5 % and 93.5 to 96.4 %, but 98.3 % with 20 answers at the two truths ±70
    points with 30 % passives, where nobody is a detractor, or nobody a promoter. Wald falls to 86.4 and 90.0 %.

    References
    ----------
    Rocks, B. (2016). Interval estimation for the "Net Promoter Score". The American Statistician 70, 365-372.
    https://doi.org/10.1080/00031305.2016.1158124

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> tpm.score_coverage(sizes=[20], intervals=["adjusted_wald", "wald"]).by_size.round(3)
            interval   n  lowest   mean  highest  width
    0  adjusted_wald  20   0.913  0.948    0.963  0.586
    1           wald  20   0.864  0.924    0.959  0.605
    """
    check_level(level)
    intervals, sizes = tuple(dict.fromkeys(intervals)), tuple(dict.fromkeys(sizes))
    if not intervals or not sizes:
        raise ValueError("Give at least one interval and one size.")
    for interval in intervals:
        check_option("intervals", interval, ExactInterval)
    for n in sizes:
        if isinstance(n, bool) or not isinstance(n, (int, np.integer)) or not 1 <= n <= LARGEST:
            raise ValueError(f"sizes must be whole numbers from 1 to {LARGEST}; got {n!r}.")
    _within("scores", scores, -1, 1)
    _within("passives", passives, 0, 1)
    truths = np.array([truth for truth in product(scores, passives) if abs(truth[0]) <= 1 - truth[1] + TIE])
    if not len(truths):
        raise ValueError("No score fits a share of passives: |score| can be at most 1 - passives.")
    found = {n: exact_coverage(int(n), truths[:, 0], truths[:, 1], intervals, level) for n in sizes}
    table = pd.concat(
        [
            pd.DataFrame(dict(zip(COLUMNS, (interval, n, *truths.T, *found[n][interval]), strict=True)))
            for interval, n in product(intervals, sizes)
        ],
        ignore_index=True,
    )
    return ScoreCoverage(
        table=table,
        settings={"sizes": sizes, "intervals": intervals, "level": level},
        caveats=(say("Exact for independent answers of equal weight; weights make as if there were fewer."),),
    )


def _within(name: str, values: Sequence[float], low: float, high: float) -> None:
    wrong = [value for value in values if not low <= value <= high]
    if wrong:
        raise ValueError(f"{name} must lie between {low} and {high}; got {wrong[0]!r}.")
