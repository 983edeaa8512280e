"""Where do we stand: do groups really differ in their Net Promoter Score?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.groups import answer_groups, need_two_groups, split_names, withheld_caveat
from tpm_widgets.as_is.score.classes import Cutoffs, answer_classes, excluded_scores
from tpm_widgets.as_is.score.net_promoter_score import net_promoter_score
from tpm_widgets.columns import formats_of, typed
from tpm_widgets.errors import check_level
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.options import check_option
from tpm_widgets.results import Result
from tpm_widgets.statistics.estimates.multiplicity import Adjustment, adjusted_p_values
from tpm_widgets.statistics.score.difference import difference_by_design
from tpm_widgets.study.model import Study, need
from tpm_widgets.threads import on_one_thread

COLUMNS = {
    **{"group": "", "other": "", "n": "int64", "n_other": "int64"},
    **dict.fromkeys(("group_estimate", "other_estimate", "difference"), "points"),
    **{"std_error": "hundredths", "conf_low": "points", "conf_high": "points"},
    **{"p_value": "p_value", "p_adjusted": "p_value"},
}
ROUGH = 20  # below, a 95 % interval of a difference covers 90 to 93 % (exactly enumerated)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class ScoreComparison(Result):
    """Pairs of groups and the difference of their scores, see :func:`compare_scores`.

    Attributes
    ----------
    groups : pandas.DataFrame
        The table of :func:`net_promoter_score`, one row per group, of all its answers.
    yes_no : bool
        Whether shares of yes are compared.
    """

    formats: ClassVar[Mapping[str, str]] = formats_of(COLUMNS)
    interval_of: ClassVar[str] = "difference"
    first_by: ClassVar[str] = "p_value"

    groups: pd.DataFrame
    yes_no: bool = False

    def __post_init__(self) -> None:
        known = self.table.dropna(subset=["difference"])
        if not np.allclose(known["difference"], known["group_estimate"] - known["other_estimate"]):
            raise ValueError("Each difference is the group's score minus the other's.")

    @property
    def shown(self) -> pd.DataFrame:
        """The pairs that differ by more than chance, after adjusting for their number."""
        return self.table[self.table["p_adjusted"] <= 1 - self.settings["level"]]

    def sentences(self) -> tuple[Sentence, ...]:
        """Say which pairs differ, how many of how many, and the largest difference with its interval."""
        tested = self.table.dropna(subset=["p_adjusted"])
        if tested.empty:
            return (say("No two groups could be compared: too few answers, or all of them alike."),)
        largest = tested.iloc[int(tested["difference"].abs().to_numpy().argmax())].to_dict()
        if len(self.table) == 1:
            return (self._pair(largest),)
        shown = self.shown
        verdict = say_n(
            "{shown} of {count} pair differs by more than chance ({adjusted}).",
            "{shown} of {count} pairs differ by more than chance ({adjusted}): {where:list}.",
            len(tested),
            shown=len(shown),
            adjusted=ADJUSTED[self.settings["adjust"]],
            where=tuple(pair_name(row) for row in shown.sort_values("p_value", kind="stable").to_dict("records")),
        )
        return verdict, say("The largest difference: {pair}", pair=self._pair(largest))

    def _pair(self, row: Mapping[Any, Any]) -> Sentence:
        test = say("paired z test") if self.settings["paired"] else say("two-sample z test")
        if self.yes_no:
            return say(
                "{group} {group_estimate:percent} yes (n = {n:count}), {other} {other_estimate:percent} (n = "
                "{n_other:count}); difference {difference:points} percentage points ({level:percent:0} interval "
                "{conf_interval:points}, {test}, p {p_adjusted:p}).",
                row,
                self.settings,
                test=test,
            )
        return say(
            "{group} {group_estimate:points} (n = {n:count}), {other} {other_estimate:points} (n = {n_other:count}); "
            "difference {difference:points} points ({level:percent:0} interval {conf_interval:points}, {test}, p "
            "{p_adjusted:p}).",
            row,
            self.settings,
            test=test,
        )


ADJUSTED = {"holm": say("p after Holm"), "benjamini_hochberg": say("p after Benjamini–Hochberg")}


def pair_name(row: Mapping[Any, Any]) -> str:
    """Put the two groups of a row into one text."""
    return f"{row['group']} – {row['other']}"


@on_one_thread
def compare_scores(
    study: Study,
    by: str | Sequence[str],
    cutoffs: Cutoffs | None = None,
    adjust: Adjustment = "holm",
    paired: bool = False,
    level: float = 0.95,
) -> ScoreComparison:
    """Test whether groups differ in their Net Promoter Score by more than chance: two, or all pairs of many.

    Parameters
    ----------
    study : Study
        With ``recommend``, and ``weight`` where answers weigh differently.
    by : str or sequence of str
        The groups: ``"wave"``, a segment, or any other column of the survey; several names cross them.
    cutoffs : {"standard", "european"} or (number, number), optional
        As in :func:`net_promoter_score`.
    adjust : {"holm", "benjamini_hochberg"}
        How p values are adjusted for the number of pairs: Holm keeps the chance of even one false claim, Benjamini and
        Hochberg the share of false ones among the claims.
    paired : bool, default False
        With ``by="wave"``: compare only those who answered in both waves of a pair.
    level : float, default 0.95
        Confidence level, between 0 and 1.

    Returns
    -------
    ScoreComparison
        ``table`` with one row per pair: ``group`` and ``other``; ``n`` and ``n_other``, their answers; their scores
        ``group_estimate`` and ``other_estimate`` (−1…1); ``difference``, the first minus the second (of waves: the
        later minus the earlier), its sign kept; ``std_error``, ``conf_low``, ``conf_high``; ``p_value`` (two-sided) and
        ``p_adjusted``. ``groups`` has the score of each group, ``shown`` the pairs that differ. A pair with a group
        below ``study.min_group`` keeps its row, withheld.

    Raises
    ------
    DataError
        Where there are fewer than two groups, or ``paired`` finds nobody's name.
    ValueError
        Where an option is not one of those listed, or ``paired`` is asked for anything but waves.

    Notes
    -----
    z = ΔNPS/√(V₁/n₁ + V₂/n₂), variances not pooled, linearised where answers are weighted. All answers of one person
    (``customer``, else ``respondent``), or of one ``cluster`` where the study has that role, are one cluster, within a
    group and across the two, so whoever answered in both is compared with himself. Where clusters are few, z is widened
    by Student's quantile with the design's degrees of freedom. With ``paired`` and equal weights that is the paired
    difference d of −1, 0, +1 and its standard error √(Σ(d − d̄)²)/n. Intervals are of each pair by itself. Exactly
    enumerated, an interval of level 95 % covers 93 to 94 % with 20 answers in each group and 90 to 93 % with 10.

    Two waves in two ways: without ``paired`` the customers then and now, as :func:`compare_waves` does for successive
    waves and any figure; with ``paired`` the change of mind of the same persons, from which the coming and going of
    others is kept out. A difference of groups is no effect of what tells them apart.

    References
    ----------
    Rocks, B. (2016). Interval estimation for the "Net Promoter Score". The American Statistician 70, 365-372.
    https://doi.org/10.1080/00031305.2016.1158124
    Holm, S. (1979). Scandinavian Journal of Statistics 6, 65-70. https://doi.org/10.2307/4615733
    Benjamini, Y., & Hochberg, Y. (1995). Journal of the Royal Statistical Society B 57, 289-300.
    https://doi.org/10.1111/j.2517-6161.1995.tb02031.x

    Examples
    --------
    >>> import pandas as pd
    >>> import tpm_widgets as tpm
    >>> answers = pd.DataFrame({"q1": [3, 8, 10, 10] * 20 + [3, 3, 8, 10] * 20, "shop": 4,
    ...                         "area": ["north"] * 80 + ["south"] * 80})
    >>> study = tpm.make_study(survey=answers, recommend="q1", touchpoints=["shop"], segments=["area"])
    >>> print(tpm.compare_scores(study, by="area").summary("en"))
    north +25.0 (n = 80), south −25.0 (n = 80); difference +50.0 points (95% interval +24.3 to +75.7, two-sample z test,
    p < 0.001).
    """
    check_level(level)
    check_option("adjust", adjust, Adjustment)
    by_wave = split_names(by) == ["wave"]
    if paired and not by_wave:
        raise ValueError(f"paired=True compares the same persons in two waves: by must be 'wave'; got {by!r}.")
    scores, classes = answer_classes(study, cutoffs)
    if paired and not study.has("survey", "customer"):
        need(study, "compare_scores", survey=("respondent",))
    groups, outside = answer_groups(study, by)
    need_two_groups(by, (group.name for group in groups))
    counted = [group.rows[np.isfinite(classes[group.rows]) & (study.weights[group.rows] > 0)] for group in groups]
    named = list(zip([group.name for group in groups], counted, strict=True))
    pairs = [(later, earlier) if by_wave else (earlier, later) for earlier, later in combinations(named, 2)]
    rows = [_row(study, classes, *pair, paired, level) for pair in pairs]
    table = typed(rows, {**COLUMNS, "shared": "int64"})
    table["p_adjusted"] = adjusted_p_values(table["p_value"].to_numpy(float), adjust)
    small = [name for name, rows in named if len(rows) < study.min_group]
    return ScoreComparison(
        table=table[list(COLUMNS)],
        groups=net_promoter_score(study, by=by, level=level, cutoffs=cutoffs).table,
        yes_no=study.question.yes_no,
        settings={"by": by, "cutoffs": study.question.cut(cutoffs), "adjust": adjust, "paired": paired, "level": level},
        caveats=(
            *excluded_scores(study, scores, classes, cutoffs),
            *outside,
            *withheld_caveat(small, study.min_group),
            *_caveats(table, paired, study.min_group),
        ),
        data_hash=study.data_hash,
    )


def _row(
    study: Study,
    classes: np.ndarray,
    one: tuple[str, np.ndarray],
    two: tuple[str, np.ndarray],
    paired: bool,
    level: float,
) -> dict[str, Any]:
    """Compare two groups, each given as its name and the rows of its answers; unless one is too small to show."""
    (name, rows), (other_name, other_rows) = one, two
    persons = study.persons
    shared = np.intersect1d(persons[rows], persons[other_rows])
    if paired:
        rows, other_rows = (part[np.isin(persons[part], shared)] for part in (rows, other_rows))
    row = {"group": name, "other": other_name, "n": len(rows), "n_other": len(other_rows), "shared": len(shared)}
    if min(len(rows), len(other_rows)) < study.min_group:
        return row
    found = difference_by_design(classes, study.design, rows, other_rows, persons, level=level)
    low, high = found.interval(level)
    return row | {
        "group_estimate": found.later,
        "other_estimate": found.earlier,
        "difference": found.difference,
        "std_error": found.std_error,
        "conf_low": low,
        "conf_high": high,
        "p_value": found.p_value,
    }


def _caveats(table: pd.DataFrame, paired: bool, least: int) -> list[Sentence]:
    """Say what the differences rest on and what they do not show."""
    found = [say("A difference of groups is no effect of what tells them apart: much else differs between them.")]
    known = table[table["difference"].notna()]
    if paired:
        found = [say("Only those who answered in both waves are compared; who came or left in between is not in it.")]
        if len(known) < len(table):
            found.append(
                say_n(
                    "{count} pair of waves is withheld: fewer than {least} persons answered in both.",
                    "{count} pairs of waves are withheld: fewer than {least} persons answered in both.",
                    len(table) - len(known),
                    least=least,
                )
            )
    elif known["shared"].any():
        found.append(
            say(
                "Up to {shared} persons answered in both groups of a pair; their answers are compared as pairs.",
                shared=int(known["shared"].max()),
            )
        )
    if len(known) > 1:
        found.append(say("The p values are adjusted for the number of pairs; each interval is of its pair alone."))
    if (known[["n", "n_other"]].min(axis=1) < ROUGH).any():
        found.append(
            say("With fewer than {rough} answers in a group, an interval of a difference is too short.", rough=ROUGH)
        )
    if known["p_value"].isna().any():
        found.append(say("Where all answers within each group are alike, a difference cannot be tested."))
    return found
