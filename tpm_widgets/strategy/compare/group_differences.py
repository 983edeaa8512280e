"""The effects and importances of the touchpoints in several groups, in the data and in resamples of everybody's
persons, and the tests of what differs between them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from tpm_widgets.statistics.estimates.multiplicity import adjusted_p_values
from tpm_widgets.statistics.importance.resampled import bootstrap_lmg
from tpm_widgets.statistics.regression.contrasts import (
    WaldTest,
    coefficient_influence,
    effect_influence,
    left_by_leverage,
    sum_by_person,
    wald_test,
)
from tpm_widgets.statistics.regression.linear_and_logit import wald_table
from tpm_widgets.strategy.compare.ranks import correlate_ranks, share_differences
from tpm_widgets.strategy.drivers.of_study import DriverRegression
from tpm_widgets.study.model import Study

Pair = tuple[str, str]


class GroupEffects:
    """The average effects of all groups, and what each person moves them by."""

    def __init__(self, models: Mapping[str, DriverRegression]) -> None:
        self.models = models
        self.persons: dict[str, np.ndarray] = {}
        self.value: dict[tuple[str, str], tuple[float, np.ndarray]] = {}
        self.coefficient: dict[tuple[str, str], tuple[float, np.ndarray]] = {}
        if not models:
            return
        fits = [model.fit for model in models.values()]
        estimates, moved = {}, []
        for name, model in models.items():
            fit, design = model.fit, model.design
            self.persons[name] = np.unique(fit.clusters)
            own = coefficient_influence(fit, design.matrix, model.observed)
            own /= left_by_leverage(fit, design.matrix)[:, None]
            columns = [design.names.index(touchpoint) for touchpoint in design.touchpoints]
            found = [
                effect_influence(fit, design.matrix, own, column, design.rated(touchpoint))
                for touchpoint, column in zip(design.touchpoints, columns, strict=True)
            ]
            for touchpoint, column, (effect, _) in zip(design.touchpoints, columns, found, strict=True):
                estimates[name, touchpoint] = effect, float(fit.params[column])
            moved.append(np.column_stack([*(influence for _, influence in found), own[:, columns]]))
        by_person = sum_by_person(moved, [fit.clusters for fit in fits])
        for (name, model), summed in zip(models.items(), by_person, strict=True):
            names = model.design.touchpoints
            for place, touchpoint in enumerate(names):
                effect, coefficient = estimates[name, touchpoint]
                self.value[name, touchpoint] = effect, summed[:, place]
                self.coefficient[name, touchpoint] = coefficient, summed[:, len(names) + place]

    def difference(self, touchpoint: str, pair: Pair, level: float) -> pd.DataFrame | None:
        """Subtract the second group's effect from the first's; None where one has none."""
        if not all((name, touchpoint) in self.value for name in pair):
            return None
        (one, one_moved), (two, two_moved) = (self.value[name, touchpoint] for name in pair)
        std_error = np.sqrt(np.sum((one_moved - two_moved) ** 2))
        return wald_table(np.array([one - two]), np.array([std_error]), self._clusters(pair) - 1.0, level)

    def test(self) -> WaldTest | None:
        """Test all touchpoints and groups at once, by their average effects."""
        return self._test(self.value, self._touchpoints())

    def log_odds_test(self) -> WaldTest | None:
        """Test them by their coefficients: the interactions of touchpoint and group."""
        return self._test(self.coefficient, self._touchpoints())

    def by_touchpoint(self, names: Sequence[str]) -> pd.DataFrame:
        """Test each touchpoint in all groups that have it."""
        rows = []
        for name in names:
            test = self._test(self.value, [name])
            rows.append(
                {
                    "touchpoint": name,
                    "groups": sum((group, name) in self.value for group in self.models),
                    "chi2": test.chi2 if test else np.nan,
                    "df": test.df if test else 0,
                    "p_value": test.p_value if test else np.nan,
                }
            )
        table = pd.DataFrame(rows)
        return table.assign(p_adjusted=adjusted_p_values(table["p_value"].to_numpy(float)))

    def _touchpoints(self) -> list[str]:
        return list(dict.fromkeys(touchpoint for _, touchpoint in self.value))

    def _test(
        self, found: Mapping[tuple[str, str], tuple[float, np.ndarray]], touchpoints: Sequence[str]
    ) -> WaldTest | None:
        """Test that each touchpoint's value in the first group that has it is its value in every other."""
        differences, moved, used = [], [], set()
        for touchpoint in touchpoints:
            groups = [group for group in self.models if (group, touchpoint) in found]
            for group in groups[1:]:
                (first, first_moved), (other, other_moved) = found[groups[0], touchpoint], found[group, touchpoint]
                differences.append(other - first)
                moved.append(other_moved - first_moved)
            used |= set(groups) if len(groups) > 1 else set()
        if not differences:
            return None
        return wald_test(np.array(differences), np.column_stack(moved), self._clusters(sorted(used)))

    def _clusters(self, groups: Sequence[str]) -> int:
        return len(np.unique(np.concatenate([self.persons[group] for group in groups])))


class GroupShares:
    """The importances of all groups, in the data and in the same resamples of everybody's persons."""

    def __init__(self, study: Study, models: Mapping[str, DriverRegression], replicates: int, seed: int) -> None:
        everybody = np.unique(np.concatenate([model.design.rows for model in models.values()]))
        persons = study.clusters[everybody]
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
