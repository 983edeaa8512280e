"""What a user waits for at the main job: the four notebooks on the sample study, and the report."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from tempfile import TemporaryDirectory

from benchmarks.process import in_turn, surroundings

GOAL = 30.0  # seconds
RUNS = 2
NOTES = f"""\
`tpm run insurer` into an empty folder, modules compiled before; the quicker of {RUNS}. Goal: at most {GOAL:g} s on two
quiet cores."""


def run(before: str = "") -> tuple[float, float]:
    """Run it once; return seconds, and the processor time of all its processes."""
    with TemporaryDirectory() as folder:
        start, spent = time.perf_counter(), _spent()
        command = [sys.executable, "-c", "from tpm_widgets.cli import main; main()", "run", "insurer", "--out", folder]
        subprocess.run(command, env=surroundings(before=before), check=True, capture_output=True)
        return time.perf_counter() - start, _spent() - spent


def section(before: str = "") -> str:
    """Measure, in turn with another checkout; return the rows of the quickest."""
    lines = ["## The four notebooks and the report", "", NOTES, ""]
    lines += ["| `tpm run insurer` | seconds | CPU-seconds | goal |", "|---|---|---|---|"]
    for name, found in in_turn(run, before, RUNS).items():
        seconds, spent = min(found)
        lines.append(f"| {name} | {seconds:.1f} | {spent:.0f} | {'met' if seconds <= GOAL else 'missed'} |")
    return "\n".join(lines)


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
