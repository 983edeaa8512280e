"""The effects of the touchpoints in several groups, and the tests of what differs between them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from tpm_widgets.statistics.group_contrasts import (
    WaldTest,
    coefficient_influence,
    effect_influence,
    left_by_leverage,
    sum_by_person,
    wald_test,
)
from tpm_widgets.statistics.multiplicity import adjusted_p_values
from tpm_widgets.statistics.regression import wald_table
from tpm_widgets.strategy.drivers import DriverRegression

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
