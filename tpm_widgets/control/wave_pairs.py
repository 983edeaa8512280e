"""Which waves are compared with which, and the test of each pair: rows for :func:`compare_waves`."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.as_is.customers_won.rate import referral_rate
from tpm_widgets.as_is.groups import answer_groups
from tpm_widgets.control.metrics import RATING, answer_values
from tpm_widgets.errors import DataError
from tpm_widgets.language import say
from tpm_widgets.statistics.estimates.design import Design
from tpm_widgets.statistics.score.difference import agresti_caffo, difference_by_design
from tpm_widgets.study.model import Study, need


def answer_rows(study: Study, metric: str, by: str | None, level: float) -> list[dict[str, Any]]:
    """Compare the waves in one metric of the answers, group by group."""
    pairs = _pairs(study)
    values, design, waves = answer_values(study, metric), study.design, study.survey["wave"]
    persons = study.persons
    used = np.isfinite(values) & (design.weights > 0)
    groups, _ = answer_groups(study, by)
    rows = []
    for group in groups:
        inside = np.isin(np.arange(len(values)), group.rows) & used
        for wave, previous in pairs:
            later, earlier = (np.flatnonzero(inside & (waves == name).to_numpy()) for name in (wave, previous))
            row = {
                "group": group.group,
                "wave": wave,
                "previous": previous,
                "n": len(later),
                "n_previous": len(earlier),
            }
            row["touchpoint"] = metric.partition(RATING)[2]
            if min(len(later), len(earlier)) >= study.min_group:
                row |= _tested(values, design, persons, later, earlier, metric.startswith(RATING), level)
            rows.append(row)
    return rows


def _pairs(study: Study) -> list[tuple[str, str]]:
    """Each wave with the one before it, and the last with the first."""
    need(study, "compare_waves", survey=("wave",))
    waves = study.survey["wave"].astype("category").cat.remove_unused_categories().cat.categories
    names = [str(wave) for wave in waves]
    _need_two(names)
    successive = [(wave, previous) for previous, wave in pairwise(names)]
    return [*successive, (names[-1], names[0])] if len(names) > 2 else successive


def _need_two(names: list[str]) -> None:
    if len(names) >= 2:
        return
    fault = {
        "table": "survey",
        "column": "wave",
        "value": ", ".join(names),
        "expected": say("at least two waves to compare"),
        "remedy": say("Add the answers of another wave to the survey, and tell the waves apart in this column."),
    }
    raise DataError([{key: str(value) for key, value in fault.items()}])


def _tested(
    values: np.ndarray,
    design: Design,
    persons: np.ndarray,
    later: np.ndarray,
    earlier: np.ndarray,
    unbiased: bool,
    level: float,
) -> dict[str, Any]:
    """Test one pair of waves; p is missing where nobody differs from anybody within the waves."""
    found = difference_by_design(values, design, later, earlier, persons, unbiased, level)
    low, high = found.interval(level)
    return {
        "previous_estimate": found.earlier,
        "estimate": found.later,
        "difference": found.difference,
        "std_error": found.std_error,
        "shared": found.shared,
        "conf_low": low,
        "conf_high": high,
        "p_value": found.p_value,
    }


def rate_rows(study: Study, by: str | None, level: float) -> list[dict[str, Any]]:
    """Compare the referral rates of the waves' new customers, group by group."""
    found = referral_rate(study, by=by, period="wave")
    worth = [share.n_eff / share.n if share.n else 1.0 for share in found.shares]
    rows = []
    for group, one in found.table.assign(worth=worth).groupby("group", sort=False):
        records = {str(row["period"]): row for row in one.to_dict("records")}
        _need_two(list(records))
        names = list(records)
        pairs = list(pairwise(names)) + ([(names[0], names[-1])] if len(names) > 2 else [])
        for previous, wave in pairs:
            before, after = records[previous], records[wave]
            pair = {"group": group, "wave": wave, "previous": previous, "touchpoint": "", "shared": 0}
            pair |= {"n": after["known"], "n_previous": before["known"]}  # missing where withheld
            if all(pd.notna(row["known"]) and row["known"] >= study.min_group for row in (before, after)):
                pair |= _tested_rates(after, before, level)
            rows.append(pair)
    return rows


def _tested_rates(after: dict[Any, Any], before: dict[Any, Any], level: float) -> dict[str, float]:
    """Test two rates; customers won by one recommender count as what they are worth together."""
    won, known, won_before, known_before = (
        row["worth"] * int(row[name]) for row in (after, before) for name in ("recommended", "known")
    )
    std_error, low, high, p_value = agresti_caffo(won, known, won_before, known_before, level)
    return {
        "previous_estimate": before["estimate"],
        "estimate": after["estimate"],
        "difference": after["estimate"] - before["estimate"],
        "std_error": std_error,
        "conf_low": low,
        "conf_high": high,
        "p_value": p_value,
    }
