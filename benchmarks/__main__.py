"""Side by side with what else there is, in one run: versions, seconds, ratios and agreement."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib.metadata import version
from typing import Any

import numpy as np
import pandas as pd
import pingouin

import tpm_widgets as tpm

ROWS = 10_000


def seconds(work: Callable[[], Any], most: float = 3.0) -> tuple[float, Any]:
    """Return the best time of as many runs as ``most`` seconds allow, and what the last one returned."""
    best, begun, found = np.inf, time.perf_counter(), None
    while found is None or time.perf_counter() - begun < most:
        start = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - start)
    return best, found


def ratings(predictors: int) -> pd.DataFrame:
    """Ratings from 1 to 5 with a common mood, and an outcome that some of them drive."""
    rng = np.random.default_rng(predictors)
    mood = rng.normal(size=(ROWS, 1))
    frame = pd.DataFrame(np.clip(np.round(3.5 + 0.6 * mood + rng.normal(size=(ROWS, predictors))), 1, 5))
    frame.columns = [f"t{number:02d}" for number in range(predictors)]
    frame["outcome"] = frame.iloc[:, ::2].sum(axis=1) + rng.normal(scale=2, size=ROWS)
    return frame


def importance() -> None:
    """Exact LMG from the data: tpm_widgets against pingouin."""
    print(f"Exact LMG, {ROWS} rows, from the data to the shares")
    print("| predictors | tpm_widgets, s | pingouin, s | ratio | largest difference |")
    print("|---|---|---|---|---|")
    for predictors in (10, 12, 15, 20):
        frame = ratings(predictors)
        ours, result = seconds(lambda frame=frame: tpm.relative_importance(frame, outcome="outcome"))
        if predictors > 15:
            print(f"| {predictors} | {ours:.4f} | (above 15: minutes) | | |")
            continue
        columns = frame.drop(columns="outcome")
        theirs, table = seconds(
            lambda columns=columns, frame=frame: pingouin.linear_regression(columns, frame["outcome"], relimp=True)
        )
        difference = np.abs(table["relimp"].to_numpy()[1:] - result.table["importance"].to_numpy()).max()
        print(f"| {predictors} | {ours:.4f} | {theirs:.3f} | {theirs / ours:.0f} | {difference:.1e} |")


def own_work() -> None:
    """What has no peer: reading a large survey with all checks, and the comparison of drivers."""
    print("\n| work | seconds |\n|---|---|")
    rng = np.random.default_rng(1)
    names = [f"t{number:02d}" for number in range(20)]
    answers = pd.DataFrame(rng.integers(0, 7, (1_000_000, 20)), columns=names)
    answers["recommend"] = rng.integers(0, 11, len(answers))
    options = {"recommend": "recommend", "touchpoints": names, "not_experienced": [6], "no_answer": [0]}
    print(
        f"| make_study, 1,000,000 answers × 20 ratings | {seconds(lambda: tpm.make_study(answers, **options))[0]:.2f} |"
    )
    study = tpm.sample_study("insurer")
    print(f"| compare_drivers on the sample | {seconds(lambda: tpm.compare_drivers(study))[0]:.2f} |")
    print(f"| say_do on the sample | {seconds(lambda: tpm.say_do(study))[0]:.2f} |")


if __name__ == "__main__":
    packages = ("tpm_widgets", "pingouin", "numpy", "pandas", "scipy", "statsmodels")
    print(", ".join(f"{package} {version(package)}" for package in packages), "\n")
    importance()
    own_work()
