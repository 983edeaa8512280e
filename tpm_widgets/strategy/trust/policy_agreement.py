"""Where the drivers under two policies agree: in order and sign, and by how much their estimates differ."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from tpm_widgets.statistics.estimates.multiplicity import adjusted_p_values
from tpm_widgets.statistics.regression.design import Missing
from tpm_widgets.statistics.regression.imputation import Rubin
from tpm_widgets.statistics.regression.linear_and_logit import robust_covariance, wald_table
from tpm_widgets.strategy.drivers.of_study import DriverRegression
from tpm_widgets.strategy.drivers.tables import ESTIMATES

ROUNDING = 1e-9  # an error below this: both policies use the same answers in the same way


def agreement(models: Mapping[Missing, DriverRegression]) -> pd.DataFrame:
    """Compare the order of the importance of every two policies, and the signs of their estimates."""
    rows = []
    for first, second in combinations(models, 2):
        both = models[first].table.merge(models[second].table, on="touchpoint", suffixes=("", "_other"))
        both = both.dropna(subset=["importance", "importance_other"])
        varies = len(both) > 2 and np.ptp(both["importance"]) > 0 and np.ptp(both["importance_other"]) > 0
        order = stats.spearmanr(both["importance"], both["importance_other"]).statistic if varies else np.nan
        signs = int((both["estimate"] * both["estimate_other"] < 0).sum())
        rows.append((first, second, len(both), float(order), signs))
    return pd.DataFrame(rows, columns=["first", "second", "n", "rank_correlation", "signs"])


def differences(models: Mapping[Missing, DriverRegression], persons: np.ndarray, level: float) -> pd.DataFrame:
    """Estimate by how much estimates of every two policies differ, with the error that overlapping answers leave."""
    tables = []
    for first, second in combinations(models, 2):
        names = [name for name in models[first].design.touchpoints if name in models[second].design.touchpoints]
        influence = _influence(models[first], names, len(persons)) - _influence(models[second], names, len(persons))
        covariance = robust_covariance(influence, persons) + sum(
            _between(models[own], names) for own in (first, second)
        )
        difference = _slopes(models[first], names) - _slopes(models[second], names)
        errors = np.sqrt(np.diag(covariance))
        same = errors < ROUNDING * np.abs(_slopes(models[first], names)).max(initial=1.0)
        table = wald_table(np.where(same, 0.0, difference), np.where(same, 0.0, errors), np.inf, level)
        table = table.rename(columns={"estimate": "difference"})
        table.loc[same, "p_value"] = 1.0
        tables.append(pd.DataFrame({"touchpoint": names, "first": first, "second": second}).join(table))
    columns = ["touchpoint", "first", "second", "difference", *ESTIMATES[1:]]
    found = pd.concat(tables, ignore_index=True) if tables else pd.DataFrame(columns=columns)
    return found.assign(p_adjusted=adjusted_p_values(found["p_value"].to_numpy(float)))


def _slopes(model: DriverRegression, names: list[str]) -> np.ndarray:
    return model.fit.params[[model.design.names.index(name) for name in names]]


def _between(model: DriverRegression, names: list[str]) -> np.ndarray:
    """Return what several fillings differ by, shape (names, names); 0 of other policies."""
    rules = model.fit.freedom
    places = [model.design.names.index(name) for name in names]
    return rules.between[np.ix_(places, places)] if isinstance(rules, Rubin) else np.zeros((len(names), len(names)))


def _influence(model: DriverRegression, names: list[str], answers: int) -> np.ndarray:
    """Each answer's influence on the slopes; 0 where the policy does not use it, shape (answers, names)."""
    influence = np.zeros((answers, len(names)))
    influence[model.design.rows] = model.fit.influence[:, [model.design.names.index(name) for name in names]]
    return influence
