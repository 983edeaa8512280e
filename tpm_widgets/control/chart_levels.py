"""What a control chart is made of: the level of each period with its size, and which periods say what is usual."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from tpm_widgets.as_is.customers_won.rate import referral_rate
from tpm_widgets.as_is.deeds.new_customers import period_name
from tpm_widgets.control.metrics import answer_values
from tpm_widgets.control.rhythm import LEAST_BASELINE, ChartMetric, Rhythm, answer_periods
from tpm_widgets.errors import DataError
from tpm_widgets.language import say
from tpm_widgets.statistics.estimates.design import mean_by_design, pooled_sizes
from tpm_widgets.statistics.score.intervals import adjusted_shares
from tpm_widgets.statistics.score.net_promoter import net_promoter
from tpm_widgets.study.model import Study

LEVELS = ["period", "n", "n_eff", "estimate", "up", "down", "weight"]


def levels_of_scores(study: Study, period: Rhythm) -> pd.DataFrame:
    """One row per period: n, n_eff, estimate, and the weighted shares of promoters (up) and detractors (down)."""
    classes, design = answer_values(study, "nps"), study.design
    labels = answer_periods(study, period)
    used = labels.notna().to_numpy() & np.isfinite(classes) & (design.weights > 0)
    rows, parts = [], []
    for label, places in pd.Series(range(len(labels)))[used].groupby(labels[used], observed=True, sort=True):
        score = net_promoter(classes[places], design.weights[places])
        parts.append(mean_by_design(classes, design, places.to_numpy()))
        row = {"n": score.n, "estimate": score.estimate if score.n >= study.min_group else np.nan}
        name = period_name(label) if isinstance(label, pd.Period) else str(label)
        rows.append({"period": name, **row, "up": score.promoters, "down": score.detractors})
        rows[-1]["weight"] = design.weights[places].sum()
    return pd.DataFrame(rows, columns=LEVELS).assign(n_eff=pooled_sizes(parts))


def levels_of_rates(study: Study, period: Rhythm) -> pd.DataFrame:
    """One row per period of acquisition, as :func:`levels_of_scores` has: recommended customers up, nobody down."""
    found = referral_rate(study, period=period)
    rates = found.table
    return pd.DataFrame(
        {
            "period": rates["period"].astype(str),
            "n": rates["known"],
            "n_eff": pooled_sizes(found.shares),
            "estimate": rates["estimate"].where(rates["known"] >= study.min_group),
            "up": rates["estimate"],
            "down": 0.0,
            "weight": rates["known"].astype(float),
        }
    )


def imagined(figure: str, promoters: float, detractors: float, size: float) -> tuple[float, float]:
    """Return the shares of a baseline with the imagined answers of the adjusted Wald interval."""
    if figure == "nps":
        adjusted = adjusted_shares(detractors, promoters, size)
        return float(adjusted[1]), float(adjusted[0])
    return (promoters * size + 0.75) / (size + 1.5), 0.0


def need_periods(levels: pd.DataFrame, metric: ChartMetric) -> None:
    """Refuse, in words, a chart without any period to show."""
    if levels["estimate"].notna().any():
        return
    fault = {
        "table": "survey" if metric == "nps" else "customers",
        "column": "recommend" if metric == "nps" else "source",
        "expected": say("at least one period with enough values for control_chart"),
        "remedy": say("Take longer periods: period='year'."),
    }
    raise DataError([{key: str(value) for key, value in fault.items()}])


def usual_periods(periods: pd.Series, shown: pd.Series, baseline: Sequence[str] | None) -> np.ndarray:
    """Which periods say what is usual, shape (periods,); only those that are not withheld."""
    if baseline is None:
        first = max(LEAST_BASELINE, math.ceil(shown.sum() / 2))
        return (shown & (shown.cumsum() <= first)).to_numpy(bool)
    if isinstance(baseline, str):
        raise TypeError(f"baseline must be a sequence of periods such as [{baseline!r}]; got a str.")
    wanted = [str(name) for name in baseline]
    known = periods[shown].tolist()
    for name in wanted:
        if name not in known:
            raise ValueError(f"baseline names the period {name!r}; the chart has {', '.join(map(repr, known))}.")
    if not wanted:
        raise ValueError(f"baseline must name at least one period; the chart has {', '.join(map(repr, known))}.")
    return (shown & periods.isin(wanted)).to_numpy(bool)
