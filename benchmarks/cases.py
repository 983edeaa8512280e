"""What is measured: each piece of work, who does it, and the goal that is set for ours."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.data import MANY_ROWS, ROWS, export_file, large_file, small_file
from benchmarks.process import Measurement, in_python, measure

OLD = Path("build/dominance_analysis")  # the environment of dominance-analysis
REPEATED = 3.0  # seconds in which the work is done again and again, and the best time is taken
ALL_CORES = os.cpu_count() or 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A piece of work.

    Attributes
    ----------
    name : str
    options : callable
        Writes the data where need be, and returns the arguments of the functions.
    ours : str
        A function of ``ours``.
    python : mapping of str to str
        Packages, and their functions of ``peers``.
    r : mapping of str to str
        Packages, and their tasks of ``peers.R``.
    seconds, megabytes : float
        The goals, where one is set.
    threads : int
        Of linear algebra, for everybody.
    repeated : float
        Seconds; 0: once.
    """

    name: str
    options: Callable[[], Mapping[str, Any]]
    ours: str
    python: Mapping[str, str] = field(default_factory=dict)
    r: Mapping[str, str] = field(default_factory=dict)
    seconds: float | None = None
    megabytes: float | None = None
    threads: int = 1
    repeated: float = REPEATED

    def run(self) -> list[Measurement]:
        """Measure ours, and then each of the others."""
        options, rest = self.options(), (self.repeated, self.threads)
        found = [in_python("tpm_widgets", f"ours:{self.ours}", options, *rest)]
        for package, function in self.python.items():
            python = old_python() if package == "dominance-analysis" else sys.executable
            found.append(in_python(package, f"peers:{function}", options, *rest, python))
        for package, task in self.r.items() if shutil.which("Rscript") else ():
            path = str(Path(options["path"]).with_suffix(".csv"))
            command = ["Rscript", "benchmarks/peers.R", package, task, path, str(self.repeated)]
            found.append(measure(package, command, self.threads))
        return found


def old_python() -> str:
    """Return the Python that has dominance-analysis; make its environment where there is none."""
    python = OLD / "bin" / "python"
    if not (OLD / "installed").exists():
        subprocess.run([sys.executable, "-m", "venv", OLD], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "--requirement", "benchmarks/dominance_analysis.txt"]
        if subprocess.run(install, check=False).returncode == 0:  # else its rows say that it is not there
            (OLD / "installed").touch()
    return str(python)


def _small(predictors: int, promoter: bool = False) -> Callable[[], dict[str, str]]:
    return lambda: {"path": small_file(predictors, promoter)}


def _large() -> dict[str, str]:
    return {"path": large_file(MANY_ROWS), "small": large_file(1000)}


def _lmg(predictors: int, seconds: float, **more: Any) -> Case:
    name = f"exact LMG, {predictors} predictors"
    return Case(name=name, options=_small(predictors), ours="lmg", seconds=seconds, **more)


PINGOUIN = {"pingouin": "pingouin_lmg"}
RELAIMPO = {"relaimpo": "relaimpo_lmg"}

PARTS: dict[str, tuple[str, list[Case]]] = {
    "importance": (
        f"Importance: {ROWS:,} answers, from the frame to the shares",
        [
            _lmg(
                10,
                0.002,
                python={**PINGOUIN, "dominance-analysis": "dominance_analysis_lmg"},
                r={**RELAIMPO, "domir": "domir_lmg"},
            ),
            _lmg(12, 0.003, python=PINGOUIN, r=RELAIMPO),
            _lmg(15, 0.005, python=PINGOUIN, r=RELAIMPO),
            _lmg(20, 0.025, python=PINGOUIN, r=RELAIMPO),
            Case(
                name="exact LMG, 25 predictors, from their correlations",
                options=_small(25),
                ours="lmg_of_matrix",
                seconds=0.5,
            ),
            Case(
                name="relative weights, 20 predictors",
                options=_small(20),
                ours="relative_weights",
                r={"rwa": "rwa_weights"},
            ),
        ],
    ),
    "bootstrap": (
        f"Intervals: {ROWS:,} answers, 1,000 resamples",
        [
            Case(
                name="exact LMG in each resample, 12 predictors",
                options=_small(12),
                ours="bootstrap",
                r={"relaimpo": "relaimpo_bootstrap"},
                seconds=0.35,
            )
        ],
    ),
    "likelihood": (
        f"Logit and ordered logit: {ROWS:,} answers, 10 predictors",
        [
            Case(
                name="dominance in a logit, all 1,024 models",
                options=_small(10, promoter=True),
                ours="logit_dominance",
                python={"dominance-analysis": "dominance_analysis_logit"},
                seconds=1.5,
            ),
            Case(
                name="ordered logit of a score 0–10",
                options=_small(10),
                ours="ordered_logit",
                python={"statsmodels": "statsmodels_ordered"},
                r={"ordinal": "clm_ordered"},
            ),
        ],
    ),
    "large": (
        f"Tables of any size: {MANY_ROWS:,} answers × 15 ratings, from the Parquet file",
        [
            Case(
                name=f"OLS with robust errors (ours: and LMG), {MANY_ROWS:,} × 15",
                options=_large,
                ours="ols",
                python={
                    "statsmodels": "statsmodels_ols",
                    "pyfixest": "pyfixest_ols",
                    "scikit-learn": "scikit_learn_ols",
                },
                seconds=6,
                megabytes=700,
                threads=ALL_CORES,
                repeated=0,
            ),
            Case(
                name=f"logit (ours: with robust errors), {MANY_ROWS:,} × 15",
                options=_large,
                ours="logit",
                python={
                    "statsmodels": "statsmodels_logit",
                    "pyfixest": "pyfixest_logit",
                    "scikit-learn": "scikit_learn_logit",
                },
                seconds=8,
                megabytes=700,
                threads=ALL_CORES,
                repeated=0,
            ),
        ],
    ),
    "own": (
        "What has no peer",
        [
            Case(
                name="make_study, 1,000,000 answers × 20 ratings, with all checks",
                options=dict,
                ours="reading",
                seconds=1.5,
                threads=ALL_CORES,
            ),
            Case(
                name=f"propose_study, a file of {ROWS:,} rows × 100 columns",
                options=lambda: {"path": export_file()},
                ours="proposing",
                seconds=3,
            ),
            Case(name="compare_drivers on the sample study", options=dict, ours="comparison"),
            Case(name="say_do on the sample study", options=dict, ours="say_do"),
        ],
    ),
}
