"""The work as tpm_widgets does it: each function prepares, and returns what is timed, which returns numbers to compare.

A verb is named while preparing, because only then its module is imported.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

import tpm_widgets as tpm
from benchmarks.data import MANY_RATINGS
from benchmarks.frames import answers
from benchmarks.process import Work


def lmg(path: str) -> Work:
    frame = answers(path)
    verb = tpm.relative_importance
    return lambda: verb(frame, outcome="outcome").table["importance"]


def lmg_of_matrix(path: str) -> Work:
    frame = answers(path)
    matrix, rows = frame.corr(), len(frame)
    verb = tpm.relative_importance
    return lambda: verb(matrix, outcome="outcome", n=rows).table["importance"]


def relative_weights(path: str) -> Work:
    frame = answers(path)
    verb = tpm.relative_importance
    return lambda: verb(frame, outcome="outcome", method="relative_weights").table["importance"]


def bootstrap(path: str) -> Work:
    frame = answers(path)
    verb = tpm.importance_intervals
    return lambda: verb(frame, outcome="outcome", replicates=1000).table["std_error"]


def logit_dominance(path: str) -> Work:
    frame = answers(path)
    verb = tpm.dominance
    return lambda: verb(frame, outcome="outcome", metric="mcfadden").table["importance"]


def ordered_logit(path: str) -> Work:
    frame = answers(path)
    study = tpm.make_study(frame, recommend="outcome", touchpoints=list(frame.columns[:-1]))
    verb = tpm.driver_regression
    return lambda: verb(study, model="ordered_logit").table["estimate"]


def ols(path: str, small: str) -> Work:
    return _large(path, small, "recommend", ["estimate", "std_error"])


def logit(path: str, small: str) -> Work:
    return _large(path, small, "promoter", ["estimate"])


def _large(path: str, small: str, outcome: str, columns: list[str]) -> Work:
    def work(source: str = path) -> np.ndarray:
        found = tpm.driver_regression(source, outcome=outcome, recommend="score", touchpoints=MANY_RATINGS)
        if not np.isclose(found.table["importance"].sum(), found.r_squared):
            raise ValueError("importance does not add up to R².")
        return found.table[columns].to_numpy().T

    work(small)
    return work


def proposing(path: str) -> Work:
    verb = tpm.propose_study
    return lambda: verb(path).table["confidence"]


def reading() -> Work:
    rng = np.random.default_rng(1)
    names = [f"t{number:02d}" for number in range(20)]
    frame = pd.DataFrame(rng.integers(0, 7, (1_000_000, 20)), columns=names)
    frame["recommend"] = rng.integers(0, 11, len(frame))
    options = {"recommend": "recommend", "touchpoints": names, "not_experienced": [6], "no_answer": [0]}
    verb = tpm.make_study
    return lambda: [len(verb(frame, **options).survey)]


def comparison() -> Work:
    study = tpm.sample_study("insurer")
    verb = tpm.compare_drivers
    return lambda: verb(study).table["say_estimate"]


def say_do() -> Work:
    study = tpm.sample_study("insurer")
    verb = tpm.say_do
    return lambda: [verb(study).auc.estimate]
