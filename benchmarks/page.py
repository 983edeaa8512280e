"""What was measured as Markdown: every row for docs/benchmarks.md, a short table for the README."""

from __future__ import annotations

import os
import platform
import subprocess
import time
from collections.abc import Sequence
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np

from benchmarks.cases import Case
from benchmarks.process import Measurement

PAGE = Path("docs/benchmarks.md")
README = Path("README.md")
BEGIN, END = "<!-- benchmark: written by make benchmark -->", "<!-- /benchmark -->"
PACKAGES = ("numpy", "pandas", "pyarrow", "scipy", "statsmodels")
NOTES = """\
Everything is measured in one run, each package in a fresh process: the time of the work itself, packages loaded and
small data in memory before (the best of the runs that fit into three seconds, one where a run takes longer); with the
large table once, from the closed file, after the same on 1,000 rows. *Memory* is the most that the process held,
interpreter, packages and data included. *Differs by* is the largest difference of any number from ours; *goal* is what
we set ourselves. Linear algebra has one thread on small data, all cores on the large table, the same for everybody.
Small data: whole ratings from 1 to 5 with a common mood, an outcome that every second rating drives.
"""

Results = Sequence[tuple[Case, Sequence[Measurement]]]


def heading() -> str:
    """Return when, and with what."""
    packages = ", ".join(f"{package} {version(package)}" for package in PACKAGES)
    where = f"{date.today().isoformat()}, {os.cpu_count()} cores, Python {platform.python_version()}, {packages}."
    return f"{where} Ten million turns of an empty loop take {duration(_empty_loop())} here."


def _empty_loop() -> float:
    """Time what every machine can be compared by; the quickest of three."""
    found = []
    for _ in range(3):
        begun = time.process_time()
        for _ in range(10_000_000):
            pass
        found.append(time.process_time() - begun)
    return min(found)


def section(title: str, results: Results) -> str:
    """Return one part, a row for each package."""
    lines = [f"## {title}", "", "| work | package | time | times ours | memory | differs by | goal |", "|---" * 7 + "|"]
    for case, (ours, *others) in results:
        lines.append(_row(case.name, ours, "", "", _goal(case, ours)))
        lines += [_row("", other, _times(other, ours), _difference(other, ours), "") for other in others]
    return "\n".join(lines)


def write(parts: Sequence[tuple[str, Results]], more: Sequence[str] = (), before: str = "") -> None:
    """Write the page, and the short table between the markers of the README."""
    told = f"\n*Before* is the commit {named_commit(before)}.\n" if before else ""
    title = "# Side by side\n\n`make benchmark` wrote this page: "
    body = "\n\n".join([*(section(*part) for part in parts), *more])
    PAGE.write_text(f"{title}{heading()}\n\n{NOTES}{told}\n{body}\n", encoding="utf-8")
    above, rest = README.read_text(encoding="utf-8").split(BEGIN)
    below = rest.split(END)[1]
    results = [result for _, part in parts for result in part]
    README.write_text(f"{above}{BEGIN}\n{_short(results)}\n{END}{below}", encoding="utf-8")


def named_commit(folder: str) -> str:
    """Return the commit of a checkout, and its day."""
    command = ["git", "-C", folder, "log", "-1", "--format=%h of %cs"]
    return subprocess.check_output(command, text=True).strip()


def _short(results: Results) -> str:
    """Return ours beside the quickest of the others, where there is one."""
    lines = ["| work | tpm_widgets | quickest other | times |", "|---|---|---|---|"]
    for case, (ours, *others) in results:
        done = [other for other in others if not other.failure]
        if done and not ours.failure:
            best = min(done, key=lambda other: other.seconds)
            cells = [case.name, _cost(case, ours), f"{best.package} {_cost(case, best)}", _times(best, ours)]
            lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _cost(case: Case, measured: Measurement) -> str:
    return duration(measured.seconds) + (f", {measured.peak:,.0f} MB" if case.megabytes else "")


def _row(work: str, measured: Measurement, times: str, difference: str, goal: str) -> str:
    package = f"{measured.package} {measured.version}".strip()
    if measured.failure:
        return f"| {work} | {package} | – ({measured.failure.replace('|', ' ')}) | | | | {goal} |"
    cells = [work, package, duration(measured.seconds), times, f"{measured.peak:,.0f} MB", difference, goal]
    return f"| {' | '.join(cells)} |"


def _times(other: Measurement, ours: Measurement) -> str:
    if other.failure or ours.failure:
        return ""
    ratio = other.seconds / ours.seconds
    return f"{ratio:,.0f}" if ratio >= 10 else f"{ratio:.1f}"


def _difference(other: Measurement, ours: Measurement) -> str:
    if other.answer is None or ours.answer is None or not other.answer.size:
        return ""
    theirs, own = other.answer.ravel(), ours.answer.ravel()  # one that gives no standard errors has fewer
    return f"{np.abs(theirs - own[: len(theirs)]).max():.0e}"


def _goal(case: Case, ours: Measurement) -> str:
    if case.seconds is None:
        return ""
    goal = f"≤ {duration(case.seconds)}" + (f", {case.megabytes:.0f} MB" if case.megabytes else "")
    met = ours.seconds <= case.seconds and not (case.megabytes and ours.peak > case.megabytes)
    return f"{goal}: {'met' if met else 'missed'}"


def duration(seconds: float) -> str:
    """Write a time with two or three digits."""
    if seconds < 1:
        return f"{seconds * 1e3:.1f} ms" if seconds < 0.01 else f"{seconds * 1e3:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"
