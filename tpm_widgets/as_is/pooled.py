"""The highest and the lowest of many groups, said of values from which chance is taken as far as it can be."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.columns import with_ends
from tpm_widgets.language import Sentence, Worded, say
from tpm_widgets.statistics.estimates.pooling import Pooled, partly_pooled
from tpm_widgets.statistics.score.intervals import normal_quantile


def pool_rows(rows: Sequence[Mapping[Any, Any]], level: float) -> Pooled | None:
    """Pool the estimates of groups; how sure each is stands in its interval, half of whose width is z errors."""
    estimate, low, high = (np.array([row[name] for row in rows], dtype=float) for name in with_ends())
    return partly_pooled(estimate, (high - low) / 2 / normal_quantile(level))


def with_pooled(table: pd.DataFrame, level: float) -> pd.DataFrame:
    """Return the groups with their estimate and the pooled one, which is missing where they cannot be pooled."""
    shown = table.dropna(subset=["estimate"])
    found = pool_rows(shown.to_dict("records"), level)
    values = np.nan if found is None else found.estimates
    names = [name for name in ("group", "wave", "period", "n", "estimate") if name in shown]
    return shown[names].assign(pooled=values).reset_index(drop=True)


def highest_when_pooled(
    rows: Sequence[Mapping[Any, Any]],
    level: float,
    name: Callable[[Mapping[Any, Any]], str],
    read: Callable[[float], Worded],
) -> list[Sentence]:
    """Say which of at least three groups is highest and which lowest when they are pooled, if any."""
    found = pool_rows(rows, level)
    if found is None:
        return []
    if not found.spread > 0:
        return [
            say(
                "The groups differ by no more than chance makes: pooled, each has {mean}.",
                mean=read(found.mean),
            )
        ]
    best, worst = int(found.estimates.argmax()), int(found.estimates.argmin())
    return [
        say(
            "As the ends of several groups are so in part by chance: partly pooled, {best_group} is highest with "
            "{best} and {worst_group} lowest with {worst}.",
            best_group=name(rows[best]),
            best=read(float(found.estimates[best])),
            worst_group=name(rows[worst]),
            worst=read(float(found.estimates[worst])),
        )
    ]
