"""One piece of work in a process of its own: how long it takes, what memory it needs at most, what it finds."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

Work = Callable[[], Any]
Found = TypeVar("Found")
LONGEST = 900  # seconds until a process is given up
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
STATUS = Path("/proc/self/status")
ROOT = Path(__file__).parents[1]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """What a process found.

    Attributes
    ----------
    package, version : str
    seconds : float
        The best of as many runs as fitted into the time.
    peak : float
        The most memory that the process held, in MB: interpreter, packages and data included.
    answer : numpy.ndarray
        The numbers to be compared.
    failure : str
        Why there are none; "" where there are.
    """

    package: str
    version: str = ""
    seconds: float = np.nan
    peak: float = np.nan
    answer: np.ndarray | None = None
    failure: str = ""


def surroundings(threads: int | None = None, before: str = "") -> dict[str, str]:
    """Environment of a child; threads: None: the machine's own; before: another checkout, whose package it takes."""
    environment = {name: value for name, value in os.environ.items() if name not in THREADS}
    environment |= {"PYTHONWARNINGS": "ignore"} | (dict.fromkeys(THREADS, str(threads)) if threads else {})
    return environment | ({"PYTHONPATH": os.pathsep.join([before, str(ROOT)]), "PYTHONSAFEPATH": "1"} if before else {})


def in_turn(work: Callable[[str], Found], before: str, runs: int) -> dict[str, list[Found]]:
    """Do the work several times, in turn with another checkout where one is named; the work is given its folder."""
    folders = {"now": "", **({"before": before} if before else {})}
    found: dict[str, list[Found]] = {name: [] for name in folders}
    for _ in range(runs):
        for name, folder in folders.items():
            found[name].append(work(folder))
    return found


def measure(package: str, command: list[str], threads: int | None, before: str = "") -> Measurement:
    """Run a command whose last line is JSON: version, seconds, peak (MB), answer."""
    environment = surroundings(threads, before)
    try:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LONGEST, check=True)
    except subprocess.TimeoutExpired:
        return Measurement(package=package, failure=f"more than {LONGEST // 60} minutes")
    except subprocess.CalledProcessError as failed:
        return Measurement(package=package, failure=(failed.stderr.strip().splitlines() or ["ended"])[-1])
    found = json.loads(done.stdout.splitlines()[-1])
    return Measurement(package=package, **{**found, "answer": np.array(found["answer"], dtype=float)})


def in_python(
    package: str,
    task: str,
    options: Mapping[str, Any],
    most: float,
    threads: int | None,
    python: str = sys.executable,
    before: str = "",
) -> Measurement:
    """Measure a function of ``ours`` or ``peers`` in a fresh Python; most: seconds after which it is not run again."""
    given = json.dumps({"package": package, "task": task, "options": options, "most": most})
    return measure(package, [python, "-m", "benchmarks.process", given], threads, before)


def _peak() -> float:
    """Most memory held, in MB. On Linux that of getrusage begins with what the parent held, the status does not."""
    if STATUS.exists():
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) / 1024
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1024**2 if sys.platform == "darwin" else most / 1024


def _run(package: str, task: str, options: Mapping[str, Any], most: float) -> dict[str, Any]:
    module, function = task.split(":")
    with redirect_stdout(sys.stderr):
        work = getattr(import_module(f"benchmarks.{module}"), function)(**options)
        best, begun, answer = np.inf, time.perf_counter(), None
        while answer is None or time.perf_counter() - begun < most:
            start = time.perf_counter()
            answer = work()
            best = min(best, time.perf_counter() - start)
    answer = np.asarray(answer, dtype=float)
    return {"version": version(package), "seconds": best, "peak": _peak(), "answer": answer.tolist()}


if __name__ == "__main__":
    print(json.dumps(_run(**json.loads(sys.argv[1]))))
