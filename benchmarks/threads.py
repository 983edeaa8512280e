"""What a user waits for with BLAS as it is shipped and with one thread, on an idle and on a busy machine."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import tpm_widgets as tpm
from benchmarks.process import Work, in_python

GOAL = 1.3  # times the time with one thread
SPINNING = "import os; parent = os.getppid()\nwhile os.getppid() == parent: pass"  # ends with us, however we end
NOTES = f"""\
Seconds on the sample study, the second run of each, in one process for each column: linear algebra
with the machine's own number of threads, and with one. On the *busy* machine each core has a second process that never
waits. Goal: *own* at most {GOAL:g} times *one*."""


def verbs() -> dict[str, Callable[[], object]]:
    """Name the calls that stand in the notebooks; whatever they are given is made here."""
    study = tpm.sample_study("insurer")
    by_group = getattr(tpm, "compare_driver_groups", tpm.compare_drivers)  # an earlier version has one verb for both
    drivers, models = tpm.driver_regression(study), tpm.what_if_models(study)
    first = study.touchpoints["touchpoint"].iloc[0]
    return {
        "driver_diagnostics": lambda: tpm.driver_diagnostics(drivers),
        "compare_drivers": lambda: tpm.compare_drivers(study),
        "compare_drivers by segment": lambda: by_group(study, by=study.segments[0]),
        "what_if_models and what_if": lambda: tpm.what_if(tpm.what_if_models(study), changes={first: 0.5}),
        "what_if": lambda: tpm.what_if(models, changes={first: 0.5}),
        "say_do": lambda: tpm.say_do(study),
        "importance_intervals": lambda: tpm.importance_intervals(study),
        "penalty_reward": lambda: tpm.penalty_reward(study),
    }


def seconds() -> Work:
    """Measure every verb; the answer is their seconds."""
    calls = verbs()

    def work() -> list[float]:
        found = []
        for call in calls.values():
            call()
            start = time.perf_counter()
            call()
            found.append(time.perf_counter() - start)
        return found

    return work


@contextmanager
def busy() -> Iterator[None]:
    """Keep each core busy with a process that never waits."""
    others = [subprocess.Popen([sys.executable, "-c", SPINNING]) for _ in range(os.cpu_count() or 1)]
    try:
        yield
    finally:
        for other in others:
            other.kill()
            other.wait()


def section(before: str = "") -> str:
    """Measure, and return the table."""
    folders = ["", *[before] * bool(before)]
    idle = [[_column(None, folder), _column(1, folder)] for folder in folders]
    with busy():
        loaded = [[_column(None, folder), _column(1, folder)] for folder in folders]
    return table(list(verbs()), *(first + second for first, second in zip(idle, loaded, strict=True)))


def table(names: list[str], now: list[list[float]], before: list[list[float]] | None = None) -> str:
    """Return a row for each verb, and whether the goal is met; columns: idle and busy, each with own and with one."""
    lines = ["## Threads of linear algebra", "", NOTES, ""]
    lines += ["| work | idle: own | one | times | busy: own | one | times | goal |", "|---" * 8 + "|"]
    for place, name in enumerate(names):
        lines.append(_row(name, [column[place] for column in now]))
        if before:
            lines.append(_row("… before", [column[place] for column in before]))
    return "\n".join(lines)


def _row(name: str, found: list[float]) -> str:
    idle, loaded = found[0] / found[1], found[2] / found[3]
    cells = [f"{found[0]:.2f}", f"{found[1]:.2f}", f"{idle:.1f}", f"{found[2]:.2f}", f"{found[3]:.2f}", f"{loaded:.1f}"]
    return f"| {' | '.join([name, *cells, 'met' if max(idle, loaded) <= GOAL else 'missed'])} |"


def _column(threads: int | None, before: str) -> list[float]:
    found = in_python("tpm_widgets", "threads:seconds", {}, 0.0, threads, before=before)
    if found.answer is None:
        raise RuntimeError(found.failure)
    return list(found.answer)
