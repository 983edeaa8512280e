"""The importances of the touchpoints in several groups, in the data and in resamples of everybody's persons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from tpm_widgets.statistics.lmg_bootstrap import bootstrap_lmg
from tpm_widgets.strategy.drivers import DriverRegression
from tpm_widgets.strategy.group_effects import Pair
from tpm_widgets.strategy.importance_ranks import correlate_ranks, share_differences
from tpm_widgets.study.model import Study


class GroupShares:
    """The importances of all groups, in the data and in the same resamples of everybody's persons."""

    def __init__(self, study: Study, models: Mapping[str, DriverRegression], replicates: int, seed: int) -> None:
        everybody = np.unique(np.concatenate([model.design.rows for model in models.values()]))
        persons = study.persons[everybody]
        self.names = {name: model.design.touchpoints for name, model in models.items()}
        self.exact, self.drawn = {}, {}
        for name, model in models.items():
            place = np.searchsorted(everybody, model.design.rows)
            columns = np.zeros((len(everybody), model.design.matrix.shape[1] - 1))
            outcome, weights = np.zeros((len(everybody), 1)), np.zeros(len(everybody))
            columns[place], outcome[place, 0] = model.design.matrix[:, 1:], model.observed
            weights[place] = model.fit.weights  # others weigh nothing here, but who stands in two groups is drawn once
            moved = bootstrap_lmg(columns, outcome, weights, persons, model.design.groups(), replicates, seed)[:, 0]
            self.exact[name] = model.table.set_index("touchpoint")["importance"].loc[list(self.names[name])].to_numpy()
            self.drawn[name] = self.exact[name] + moved

    def pair(self, pair: Pair) -> tuple[list[str], np.ndarray, np.ndarray]:
        """Touchpoints that both have; their importances, shape (2, p); those in resamples, shape (replicates, 2, p)."""
        both = [name for name in self.names[pair[0]] if name in self.names[pair[1]]]
        places = [[self.names[group].index(name) for name in both] for group in pair]
        exact = np.stack([self.exact[group][place] for group, place in zip(pair, places, strict=True)])
        drawn = np.stack([self.drawn[group][:, place] for group, place in zip(pair, places, strict=True)], axis=1)
        return both, exact, drawn


def with_shares(
    table: pd.DataFrame, models: Mapping[str, DriverRegression], shares: GroupShares | None, level: float
) -> pd.DataFrame:
    """Add each group's importance and the difference of their shares of what is explained."""
    importance = {
        (name, touchpoint): value
        for name, model in models.items()
        for touchpoint, value in zip(model.table["touchpoint"], model.table["importance"], strict=True)
    }
    for column, side in (("importance", "group"), ("other_importance", "other")):
        keys = zip(table[side], table["touchpoint"], strict=True)
        table[column] = [importance.get(key, np.nan) for key in keys]
    ends = ["share_difference", "share_difference_low", "share_difference_high"]
    table[ends] = np.nan
    if shares is None:
        return table
    for group, other in dict.fromkeys(zip(table["group"], table["other"], strict=True)):
        if group in models and other in models:
            names, exact, drawn = shares.pair((group, other))
            here = (table["group"] == group) & (table["other"] == other) & table["touchpoint"].isin(names)
            table.loc[here, ends] = share_differences(exact, drawn, level).T
    return table


def rank_correlations(
    pairs: Sequence[Pair], models: Mapping[str, DriverRegression], shares: GroupShares | None, level: float
) -> pd.DataFrame:
    """Say how alike the rankings of each pair of groups are, one row per pair."""
    rows = []
    for one, two in pairs:
        row = {
            "group": one,
            "other": two,
            "touchpoints": 0,
            "estimate": np.nan,
            "conf_low": np.nan,
            "conf_high": np.nan,
        }
        if shares is not None and one in models and two in models:
            names, exact, drawn = shares.pair((one, two))
            found = correlate_ranks(exact, drawn, level, models[one].n + models[two].n)
            row |= {"touchpoints": len(names), "estimate": found.estimate}
            row |= {"conf_low": found.conf_low, "conf_high": found.conf_high}
        rows.append(row)
    return pd.DataFrame(rows)
