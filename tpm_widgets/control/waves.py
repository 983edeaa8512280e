"""Did a figure change from wave to wave, or is it noise?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from tpm_widgets.as_is.groups import design_caveats
from tpm_widgets.control.metrics import (
    RATING,
    difference,
    known_metrics,
    meant,
    metric_caveats,
    metric_format,
    metric_words,
    quantity,
)
from tpm_widgets.control.wave_pairs import answer_rows, rate_rows
from tpm_widgets.errors import check_level
from tpm_widgets.language import Between, Sentence, say, say_n
from tpm_widgets.results import Result
from tpm_widgets.statistics.estimates.multiplicity import adjusted_p_values
from tpm_widgets.study.model import Study, need_touchpoints
from tpm_widgets.threads import on_one_thread

COLUMNS = [
    "group", "wave", "previous", "n", "n_previous", "previous_estimate", "estimate", "difference",
    "std_error", "conf_low", "conf_high", "p_value", "p_adjusted", "touchpoint", "shared",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class WaveComparison(Result):
    """Successive waves, and the last against the first; see :func:`compare_waves`."""

    metric: str
    labels: dict[str, str]

    def __post_init__(self) -> None:
        known = self.table.dropna(subset=["difference", "estimate", "previous_estimate"])
        if not np.allclose(known["difference"], known["estimate"] - known["previous_estimate"]):
            raise ValueError("Each difference is the later estimate minus the earlier one.")

    interval_of: ClassVar[str] = "difference"
    first_by: ClassVar[str] = "p_value"

    @property
    def formats(self) -> dict[str, str]:  # type: ignore[override]  # it depends on what is measured
        """The score is read in points, shares in percent, ratings as they are; differences of shares in points."""
        level = metric_format(RATING if self.metric == "ratings" else self.metric)
        change = "points" if level == "percent" else level
        return {
            **dict.fromkeys(["estimate", "previous_estimate"], level),
            **dict.fromkeys(["difference", "conf_low", "conf_high"], change),
            "std_error": "hundredths" if change == "points" else change,
        }

    def sentences(self) -> tuple[Sentence, ...]:
        """Say what changed from the first to the last wave, and how many comparisons are more than chance."""
        tested = self.table.dropna(subset=["p_adjusted"])
        if not len(tested):
            return (say("No two waves could be tested: too few answers, or all of them alike."),)
        shown = tested[tested["p_adjusted"] <= 1 - self.settings["level"]]
        verdict = say_n(
            "{shown} of {count} comparison is more than chance (Holm).",
            "{shown} of {count} comparisons are more than chance, by Holm's correction: {where:list}.",
            len(tested),
            shown=len(shown),
            where=tuple(self._where(row) for row in shown.to_dict("records")),
        )
        widest = tested.iloc[-1].to_dict()
        return (self._said(widest), verdict) if len(self.table.groupby(["group", "touchpoint"])) == 1 else (verdict,)

    def _said(self, row: dict[Any, Any]) -> Sentence:
        metric = self.metric
        return say(
            "{metric}: {previous_estimate} in {previous} (n = {n_previous:count}), {estimate} in {wave} (n = "
            "{n:count}); difference {difference} ({level:percent:0} interval {interval}, two-sample z test, p "
            "{p_adjusted:p} after Holm).",
            row,
            self.settings,
            metric=metric_words(metric, self.labels),
            previous_estimate=quantity(metric, row["previous_estimate"]),
            estimate=quantity(metric, row["estimate"]),
            difference=difference(metric, row["difference"]),
            interval=Between(difference(metric, row["conf_low"]), difference(metric, row["conf_high"])),
        )

    def _where(self, row: dict[Any, Any]) -> str:
        place = [self.labels.get(row["touchpoint"], row["touchpoint"])] if self.metric == "ratings" else []
        place += [str(row["group"])] if row["group"] != "all" else []
        return ", ".join([*place, f"{row['previous']} → {row['wave']}"])


@on_one_thread
def compare_waves(study: Study, metric: str = "nps", by: str | None = None, level: float = 0.95) -> WaveComparison:
    """Test whether a figure changed from one wave to the next, and from the first to the last.

    Parameters
    ----------
    study : Study
        With at least two waves; for ``"referral_rate"`` with the waves' dates and the customers' sources.
    metric : str
        ``"nps"``, ``"promoters"``, ``"passives"``, ``"detractors"``, ``"referral_rate"``, ``"rating:<touchpoint>"``,
        or ``"ratings"`` for every touchpoint at once.
    by : str, optional
        A segment or any column of the survey (for the referral rate: of the customers) to compare within.
    level : float, default 0.95
        Confidence level of the intervals, 0…1.

    Returns
    -------
    WaveComparison
        ``table`` with one row per comparison: ``group`` ("all" when not split); ``wave``, ``previous`` (the later and
        the earlier wave); ``n``, ``n_previous`` (answers, or new customers of known source); ``previous_estimate``,
        ``estimate``; ``difference`` (later minus earlier, the sign kept), ``std_error``, ``conf_low``, ``conf_high``;
        ``p_value`` (two-sided); ``p_adjusted`` (Holm, over all rows); ``touchpoint`` (for ratings, else empty);
        ``shared`` (persons who answered in both waves).

    Raises
    ------
    DataError
        Where there are fewer than two waves, or for ratings no touchpoint.
    ValueError
        Where the metric or the column is unknown.

    Notes
    -----
    z = (m₂ − m₁)/√(V₁/n₁ + V₂/n₂ − 2C) with linearised variances of the weighted means; C is the covariance of the
    answers of persons who stand in both waves (recognised by ``customer``, else ``respondent``), so a panel is tested
    by its paired differences and a partial overlap by what lies between. All answers of one person, or of one
    ``cluster`` where the study has that role, count as one, within ``strata``; where these are few, z is widened by
    Student's quantile with the design's degrees of freedom. For the scores of those alone who answered in both waves,
    or of all pairs of waves, see :func:`compare_scores`. Shares of new customers are compared by Agresti and Caffo's
    interval and test, with the effective numbers of :func:`referral_rate`. A wave is a sample of its own moment:
    seasons, another way of asking or another mix of respondents also change a figure.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal of Statistics 6,
    65-70. https://doi.org/10.2307/4615733
    Agresti, A., & Caffo, B. (2000). Simple and effective confidence intervals for proportions and differences of
    proportions. The American Statistician 54, 280-288. https://doi.org/10.1080/00031305.2000.10474560

    Examples
    --------
    >>> import pandas as pd, tpm_widgets as tpm
    >>> survey = pd.DataFrame({"score": [9, 10, 3, 8] * 20 + [9, 10, 9, 8] * 20, "desk": [5, 4, 1, 4] * 40,
    ...                        "wave": ["2023"] * 80 + ["2024"] * 80})
    >>> study = tpm.make_study(survey=survey, recommend="score", touchpoints=["desk"], wave="wave")
    >>> tpm.compare_waves(study).table[["previous", "wave", "difference", "p_adjusted"]].round(4)
      previous  wave  difference  p_adjusted
    0     2023  2024         0.5         0.0
    """
    check_level(level)
    if by == "wave":
        raise ValueError("by='wave' is what is compared here anyway; split by a segment.")
    metric = meant(study, metric)
    names = _metrics(study, metric)
    if metric == "referral_rate":
        rows = rate_rows(study, by, level)
    else:
        rows = [row for name in names for row in answer_rows(study, name, by, level)]
    counts = "Int64" if metric == "referral_rate" else "int64"  # a withheld rate has no known sources to count
    table = pd.DataFrame(rows, columns=COLUMNS).astype({"n": counts, "n_previous": counts})
    table["p_adjusted"] = adjusted_p_values(table["p_value"].to_numpy(float))
    return WaveComparison(
        table=table,
        metric=metric,
        labels=study.labels,
        settings={"metric": metric, "by": by, "level": level},
        caveats=_caveats(study, table, metric),
        data_hash=study.data_hash,
    )


def _metrics(study: Study, metric: str) -> list[str]:
    if metric == "ratings":
        need_touchpoints(study, "compare_waves")
        return [RATING + name for name in study.touchpoint_names]
    known = known_metrics(study)
    if metric not in known:
        raise ValueError(f"metric must be one of {', '.join(map(repr, [*known, 'ratings']))}; got {metric!r}.")
    return [metric]


def _caveats(study: Study, table: pd.DataFrame, metric: str) -> tuple[Sentence, ...]:
    caveats = [
        say(
            "A difference of waves is no proof of an effect: season, the mix of those who answered, and all else that "
            "changed in between are in it."
        )
    ]
    if study.order_of_waves is not None:
        caveats.append(study.order_of_waves)
    shared = int(table["shared"].fillna(0).max())
    if shared:
        caveats.append(
            say(
                "Up to {shared} persons answered in both of two waves; their answers are compared as pairs.",
                shared=shared,
            )
        )
    if metric != "referral_rate" and study.has("survey", "wave"):
        waves = study.survey["wave"].astype("str")
        caveats += design_caveats(study, [np.flatnonzero(waves == name) for name in waves.dropna().unique()])
    withheld = table[table["difference"].isna()]
    if len(withheld):
        caveats.append(
            say_n(
                "{count} comparison is withheld, because too few new customers of a wave have a known source.",
                "{count} comparisons are withheld, because too few new customers of a wave have a known source.",
                len(withheld),
            )
            if metric == "referral_rate"
            else say_n(
                "{count} comparison is withheld, with fewer than {least} values in a wave.",
                "{count} comparisons are withheld, with fewer than {least} values in a wave.",
                len(withheld),
                least=study.min_group,
            )
        )
    if (table["difference"].notna() & table["p_value"].isna()).any():
        caveats.append(say("Where all answers within each wave are alike, a difference cannot be tested."))
    return (*metric_caveats(study, metric), *caveats)
