"""Which segments tell customers apart, and the score in every group of every segment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.groups import answer_groups, highest_and_lowest, withheld_caveat
from tpm_widgets.as_is.pooled import highest_when_pooled, with_pooled
from tpm_widgets.as_is.score.net_promoter_score import NetPromoterScore, net_promoter_score
from tpm_widgets.as_is.ties import told_ends
from tpm_widgets.columns import formats_of, typed
from tpm_widgets.errors import DataError, check_level
from tpm_widgets.language import Percent, Points, Sentence, say
from tpm_widgets.results import Result
from tpm_widgets.statistics.estimates.multiplicity import adjusted_p_values
from tpm_widgets.statistics.regression.contrasts import WaldTest
from tpm_widgets.statistics.regression.linear_and_logit import Fit, fit_linear
from tpm_widgets.study.model import Study, need_study
from tpm_widgets.threads import on_one_thread

COLUMNS = {
    **{"segment": "str", "groups": "int64", "n": "int64", "explained": "percent"},
    **{"p_value": "p_value", "p_adjusted": "p_value"},
}


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class SegmentRanking(Result):
    """The segments in the order of what they explain; see :func:`rank_segments`."""

    formats: ClassVar[Mapping[str, str]] = formats_of(COLUMNS)

    @property
    def names(self) -> tuple[str, ...]:
        """The segments, that which explains most first."""
        return tuple(self.table["segment"])

    def sentences(self) -> tuple[Sentence, ...]:
        """Name the segment that explains most, and how much the others do."""
        known = self.table.dropna(subset=["explained"])
        if known.empty:
            return (
                say(
                    "Whether answers differ by segment cannot be told: in none of {segments:list} do two groups hold "
                    "enough answers that differ.",
                    segments=self.names,
                ),
            )
        first, *others = known.to_dict("records")
        found = [
            say(
                "Of what customers say, {segment} explains most: {explained:percent} of the variance between its "
                "{groups} groups (robust F test, p {p_adjusted:p} after Holm; {n:count} answers).",
                first,
            )
        ]
        if others:
            shares = tuple(say("{segment} {explained:percent}", row) for row in others)
            found.append(say("The others explain: {segments:list:8}.", segments=shares))
        return tuple(found)


@on_one_thread
def rank_segments(study: Study) -> SegmentRanking:
    """Tell by which of the declared segments customers answer differently, and how much that explains.

    Parameters
    ----------
    study : Study
        With ``segments``.

    Returns
    -------
    SegmentRanking
        ``table`` with one row per segment, that which explains most first: ``segment``; ``groups`` that hold at least
        ``study.min_group`` answers; ``n`` answers in them; ``explained``, the share of the variance of the answers to
        the question on recommendation (0…1; missing where there are not two groups); ``p_value`` of the test that
        all groups have the same mean; ``p_adjusted`` (Holm). ``names``: the segments in that order.

    Raises
    ------
    DataError
        Where the study has no segment.

    Notes
    -----
    Explained is ε² = 1 − (1 − R²)(n − 1)/(n − k) of a weighted regression on the k groups, at least 0: R² alone would
    favour segments of many groups. The test is the Wald test with HC3 errors, clustered where persons answered
    repeatedly. A segment that explains little can still matter to a group of it.

    References
    ----------
    Kelley, T. L. (1935). An unbiased correlation ratio measure. PNAS 21, 554-559. https://doi.org/10.1073/pnas.21.9.554

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> ranking = tpm.rank_segments(tpm.sample_study("insurer"))
    >>> sorted(ranking.names)
    ['age_group', 'product', 'region']
    """
    need_segments(study, "rank_segments")
    rows = [_row(study, name) for name in study.segments]
    table = typed(rows, COLUMNS)
    table["p_adjusted"] = adjusted_p_values(table["p_value"].to_numpy(float))
    table = table.sort_values("explained", ascending=False, na_position="last", kind="stable", ignore_index=True)
    return SegmentRanking(
        table=table,
        settings={"min_group": study.min_group},
        caveats=(say("A difference of groups is no effect of what tells them apart: much else differs between them."),),
        data_hash=study.data_hash,
    )


def need_segments(study: Study, verb: str) -> None:
    """Refuse a study that declares no segments."""
    need_study(study, verb)
    if study.segments:
        return
    expected = say("at least one segment, for {verb}", verb=verb)
    remedy = say('Name the columns that group your customers under [survey] in study.toml: segments = ["…"].')
    raise DataError([{"table": "survey", "column": "segments", "expected": expected, "remedy": remedy}])


def _row(study: Study, name: str) -> dict[str, object]:
    """Regress the answers on the groups of one segment that are large enough."""
    scores = study.survey["recommend"].to_numpy(float, na_value=np.nan)
    counts = np.isfinite(scores) & (study.weights > 0)
    groups = [group.rows[counts[group.rows]] for group in answer_groups(study, name)[0]]
    groups = [rows for rows in groups if len(rows) >= max(study.min_group, 2)]
    row: dict[str, object] = {"segment": name, "groups": len(groups), "n": sum(map(len, groups))}
    row |= dict.fromkeys(["explained", "p_value", "p_adjusted"], np.nan)
    used = np.concatenate(groups) if groups else np.zeros(0, int)
    if len(groups) < 2 or not np.ptp(scores[used]) > 0:
        return row
    member = np.repeat(np.arange(len(groups)), [len(rows) for rows in groups])
    matrix = np.column_stack([np.ones(len(used)), *(member == place for place in range(1, len(groups)))]).astype(float)
    weights, persons = study.weights[used], study.clusters[used]
    fit = fit_linear(scores[used], matrix, [str(place) for place in range(len(groups))], weights, persons)
    left = weights @ (scores[used] - fit.predict(matrix)) ** 2
    whole = weights @ (scores[used] - np.average(scores[used], weights=weights)) ** 2
    explained = 1 - left / whole * (len(used) - 1) / (len(used) - len(groups))
    return row | {"explained": max(0.0, float(explained)), "p_value": _p_value(fit)}


def _p_value(fit: Fit) -> float:
    """Test that all groups have one mean; missing where an error is not known, as where a group answers alike."""
    cov, apart = fit.cov[1:, 1:], fit.params[1:]
    if not np.isfinite(cov).all() or np.linalg.matrix_rank(cov) < len(apart):
        return np.nan
    test = WaldTest(chi2=float(apart @ np.linalg.solve(cov, apart)), df=len(apart), df_residual=fit.df)
    return test.p_value


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class SegmentScores(NetPromoterScore):
    """The Net Promoter Score of every group of every segment, see :func:`segment_scores`.

    Attributes
    ----------
    counts : pandas.DataFrame
        As in ``NetPromoterScore``.
    segments : pandas.DataFrame
        The table of :func:`rank_segments`.
    """

    segments: pd.DataFrame

    @property
    def pooled(self) -> pd.DataFrame:
        """As in ``NetPromoterScore``, the groups of each segment among themselves."""
        segment = self.table["group"].str.split(": ", n=1).str[0]
        parts = [part for _, part in self.table.groupby(segment, sort=False)]
        return pd.concat([with_pooled(part, self.settings["level"]) for part in parts], ignore_index=True)

    def sentences(self) -> tuple[Sentence, ...]:
        """Name for each segment, variable and value, where the score is highest and lowest."""
        found = []
        for name in self.segments["segment"]:
            own = self.table[self.table["group"].str.startswith(f"{name}: ")].dropna(subset=["estimate"])
            if len(own) > 1:
                best, worst = highest_and_lowest(own.to_dict("records"))
                values = {"segment": name, "best": best, "worst": worst}
                read = Percent if self.yes_no else Points
                records, level = own.to_dict("records"), self.settings["level"]
                pooled = highest_when_pooled(records, level, lambda row: str(row["group"]), read)
                found.append(
                    say(
                        "By {segment}, the share of yes runs from {worst.estimate:percent} in {worst.group} "
                        "({level:percent:0} interval {worst.conf_interval:percent}) to {best.estimate:percent} in "
                        "{best.group} ({best.conf_interval:percent}).",
                        self.settings,
                        **values,
                    )
                    if self.yes_no
                    else say(
                        "By {segment}, the Net Promoter Score runs from {worst.estimate:points} in {worst.group} "
                        "({level:percent:0} interval {worst.conf_interval:points}) to {best.estimate:points} in "
                        "{best.group} ({best.conf_interval:points}).",
                        self.settings,
                        **values,
                    )
                )
                found += [*told_ends(records, lambda row: str(row["group"])), *pooled]
        return tuple(found) or (
            say("In none of {segments:list} are two groups large enough to show.", segments=self.segments["segment"]),
        )


@on_one_thread
def segment_scores(study: Study, level: float = 0.95) -> SegmentScores:
    """Tell the Net Promoter Score in every group of every segment, the segments that explain most first.

    Parameters
    ----------
    study : Study
        With ``segments``.
    level : float, default 0.95
        Confidence level, between 0 and 1.

    Returns
    -------
    SegmentScores
        ``table`` as of :func:`net_promoter_score`, one row per group of a segment, called after both ("region:
        north"); the groups of one segment overlap with those of another. ``segments``: the table of
        :func:`rank_segments`.

    Raises
    ------
    DataError
        Where the study has no segment.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> scores = tpm.segment_scores(tpm.sample_study("insurer"))
    >>> len(scores.table)
    10
    """
    check_level(level)
    need_segments(study, "segment_scores")
    ranked = rank_segments(study)
    found = {name: net_promoter_score(study, by=name, level=level) for name in ranked.names}
    tables, counts = (
        [
            getattr(result, part).assign(group=name + ": " + getattr(result, part)["group"])
            for name, result in found.items()
        ]
        for part in ("table", "counts")
    )
    table = pd.concat(tables, ignore_index=True)
    first = next(iter(found.values()))
    withheld = table.loc[table["estimate"].isna(), "group"]
    outside = {
        str(caveat): caveat
        for result in found.values()
        for caveat in result.caveats
        if "{groups" not in caveat.template
    }
    return SegmentScores(
        table=table,
        counts=pd.concat(counts, ignore_index=True),
        segments=ranked.table,
        settings={**first.settings, "by": ranked.names},
        caveats=(
            *outside.values(),
            *withheld_caveat(withheld, study.min_group),
            say("Every customer is in one group of each segment, so groups of different segments overlap."),
        ),
        data_hash=study.data_hash,
    )
