"""Where do we stand: how many answers does a Net Promoter Score need?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.score.classes import answer_classes, class_caveats, need_classes
from tpm_widgets.columns import formats_of, typed
from tpm_widgets.errors import check_level
from tpm_widgets.language import Sentence, say
from tpm_widgets.results import Result
from tpm_widgets.statistics.score.net_promoter import Score, Tally
from tpm_widgets.statistics.score.precision import size_for_difference, size_for_margin
from tpm_widgets.study.model import Study
from tpm_widgets.threads import on_one_thread

COLUMNS = {
    **{"question": "", "target": "hundredths", "n": "Int64", "total": "Int64"},
    **{"variance": "number:3", "design_effect": "number:2"},
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ScoreSampleSize(Result):
    """How many answers are needed, see :func:`score_sample_size`.

    Attributes
    ----------
    score : float
        The score that the shares make, −1…1; missing where the study has no answer.
    """

    formats: ClassVar[Mapping[str, str]] = formats_of(COLUMNS)

    score: float

    def sentences(self) -> tuple[Sentence, ...]:
        """Say for each question how many answers it needs."""
        if np.isnan(self.score):
            return (say("No answer counts, so nothing is known that a size could rest on."),)
        return tuple(self._need(row) for row in self.table.to_dict("records"))

    def _need(self, row: Mapping[Any, Any]) -> Sentence:
        if pd.isna(row["n"]):
            return say(
                "How many answers a difference of {target:hundredths} points needs cannot be told from answers that "
                "are all alike.",
                row,
                self.settings,
            )
        if row["question"] == "difference":
            return say(
                "For a difference of {target:hundredths} points from a score of {score:points} to show, with a "
                "probability of {power:percent:0} in a two-sided test at {level:percent:0}, each of two groups needs "
                "{n:count} answers, {total:count} in all.",
                row,
                self.settings,
                score=self.score,
            )
        if self.settings["population"]:
            return say(
                "To know a score of {score:points} to within {target:hundredths} points ({level:percent:0}, adjusted "
                "Wald), {n:count} answers of a population of {population} are needed.",
                row,
                self.settings,
                score=self.score,
            )
        return say(
            "To know a score of {score:points} to within {target:hundredths} points ({level:percent:0}, adjusted "
            "Wald), {n:count} answers are needed.",
            row,
            self.settings,
            score=self.score,
        )


@on_one_thread
def score_sample_size(
    source: Study | Sequence[float],
    margin: float | Sequence[float] | None = None,
    difference: float | Sequence[float] | None = None,
    power: float = 0.8,
    population: int | None = None,
    level: float = 0.95,
) -> ScoreSampleSize:
    """Tell how many answers are needed to know a score well enough, or for a difference to show.

    Parameters
    ----------
    source : Study or (detractors, passives, promoters)
        What is expected: the shares of a study that was made before, with what its weights and clusters cost; or three
        shares, 0…1, which add up to 1. (⅓, ⅓, ⅓) is a careful guess, (½, 0, ½) the worst case.
    margin : float or sequence of float, optional
        Half the width of the interval that is aimed at, 0…1: 0.05 are five points.
    difference : float or sequence of float, optional
        The smallest difference of two groups or waves that shall not be missed, 0…2.
    power : float, default 0.8
        The probability that a difference of this size shows, between 0 and 1.
    population : int, optional
        How many customers there are in all, where they are few; for the margin.
    level : float, default 0.95
        Confidence level, between 0 and 1.

    Returns
    -------
    ScoreSampleSize
        ``table`` with one row per target: ``question`` ("margin" or "difference"), ``target``, ``n`` answers (for a
        difference: in each group), ``total``, the ``variance`` of one answer (0…1) and the ``design_effect`` of the
        weights and clusters (from 1 on) that were assumed. Missing where a study's answers are all alike or none.

    Raises
    ------
    ValueError
        Where neither margin nor difference is given, or a number is out of its range.

    Notes
    -----
    *Margin*: the smallest n at which the adjusted Wald interval reaches no further, about z²V/m² − 3, times
    √((N − n)/(N − 1)) where the population is finite. *Difference*: (V₁ + V₂)(z_α + z_β)²/d² − 3 in each group, with
    V₁ = V₂ = p_pro + p_det − NPS²; a population makes it no smaller, because a comparison asks about more than the
    customers of today. Both are rounded up and multiplied by the design effect, n/n_eff. They are numbers of
    answers: divide by the response rate to know how many to ask, and remember that more answers cure no bias.

    References
    ----------
    Rocks, B. (2016). The American Statistician 70, 365-372. https://doi.org/10.1080/00031305.2016.1158124
    Lewis, J., & Sauro, J. Sample sizes for comparing Net Promoter Scores. MeasuringU.
    https://measuringu.com/nps-sig-test-sample-size/

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> print(tpm.score_sample_size((0.2, 0.3, 0.5), margin=0.05, difference=0.1).summary("en"))
    To know a score of +30.0 to within 5.0 points (95%, adjusted Wald), 935 answers are needed. For a difference of
    10.0 points from a score of +30.0 to show, with a probability of 80% in a two-sided test at 95%, each of two groups
    needs 955 answers, 1,910 in all.
    """
    check_level(level)
    margins, differences = _targets("margin", margin, 1), _targets("difference", difference, 2)
    if not margins and not differences:
        raise ValueError("Give margin=, difference= or both.")
    if not isinstance(power, (int, float)) or not 0 < power < 1:
        raise ValueError(f"power must be a number between 0 and 1, such as 0.8; got {power!r}.")
    if population is not None and (not isinstance(population, (int, np.integer)) or population < 1):
        raise ValueError(f"population must be a whole number of at least 1; got {population!r}.")
    if isinstance(source, Study):
        need_classes(source, "score_sample_size")
    score = _expected(source)
    effect = score.n / score.n_eff if score.n else np.nan
    rows: list[list[Any]] = []
    for target in margins:
        n = size_for_margin(score.detractors, score.promoters, target, level, effect, population) if score.n else None
        rows.append(["margin", target, n, n, score.variance, effect])
    for target in differences:
        n = None
        if score.variance > 0:
            n = int(np.ceil(size_for_difference(score.variance, score.variance, target, level, power) * effect))
        rows.append(["difference", target, n, None if n is None else 2 * n, score.variance, effect])
    table = typed(rows, COLUMNS)
    return ScoreSampleSize(
        table=table,
        score=score.estimate,
        settings={"margin": margin, "difference": difference, "power": power, "population": population, "level": level},
        caveats=(
            *(class_caveats(source) if isinstance(source, Study) else ()),
            say("These are answers that count: divide by the response rate to know how many customers to ask."),
            say("A larger sample makes chance smaller, not the difference of those who answer to those who do not."),
        ),
        data_hash=source.data_hash if isinstance(source, Study) else "",
    )


def _targets(name: str, value: float | Sequence[float] | None, most: float) -> list[float]:
    """Return the targets as a list, all of them within reach."""
    if value is None:
        return []
    targets = [value] if isinstance(value, (int, float)) else list(value)
    if not targets or not all(isinstance(one, (int, float)) and 0 < one <= most for one in targets):
        raise ValueError(f"{name} must be above 0 and at most {most}, such as 0.05 for five points; got {value!r}.")
    return [float(one) for one in targets]


def _expected(source: Study | Sequence[float]) -> Score:
    """Return the score to expect: that of a study, or of shares, as if one answer had told them."""
    if isinstance(source, Study):
        return Tally.by_design(answer_classes(source)[1], source.design).score()
    shares = np.asarray(source, dtype=float)
    if shares.shape != (3,) or not (shares >= 0).all() or not np.isclose(shares.sum(), 1):
        raise ValueError(
            f"source must be a study, or the shares of detractors, passives and promoters, which add up to 1; got "
            f"{source!r}."
        )
    detractors, passives, promoters = shares.tolist()
    return Score(detractors=detractors, passives=passives, promoters=promoters, std_error=np.nan, n=1, n_eff=1.0)
