"""What a user waits for before the first number: from ``import tpm_widgets`` to the score of a frame."""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks.process import in_turn, surroundings

GOAL = 1.3  # seconds
RUNS = 5
PROGRAM = """
import json, sys, time
import numpy, pandas
libraries = time.process_time()
import tpm_widgets as tpm
frame = pandas.DataFrame({"recommend": [9, 10, 3, 8, 7, 9], "bread": [5, 4, 1, 4, 3, 5]})
tpm.net_promoter_score(tpm.make_study(frame, recommend="recommend", touchpoints=["bread"])).table
seconds = time.process_time()
loaded = {name.split(".")[0] for name in sys.modules} - set(sys.stdlib_module_names)
print(json.dumps([libraries, seconds, sorted(name for name in loaded if not name.startswith("_"))]))
"""
NOTES = f"CPU-seconds of a fresh Python, modules compiled before; the quickest of {RUNS}. Goal: at most {GOAL:g}."


def run(before: str = "") -> tuple[float, float, list[str]]:
    """Run it once; return CPU-seconds of the libraries, of all, and what is loaded."""
    told = subprocess.check_output([sys.executable, "-c", PROGRAM], env=surroundings(before=before), text=True)
    libraries, seconds, loaded = json.loads(told)
    return libraries, seconds, loaded


def section(before: str = "") -> str:
    """Measure in fresh processes, in turn with those of another checkout; return the rows of the quickest."""
    lines = ["## From the import to the first score", "", NOTES, ""]
    lines += ["| import, frame, score | pandas and NumPy | all | goal | loaded |", "|---|---|---|---|---|"]
    for name, found in in_turn(run, before, RUNS).items():
        libraries, seconds, loaded = min(found, key=lambda run: run[1])
        goal = "met" if seconds <= GOAL else "missed"
        lines.append(f"| {name} | {libraries:.2f} | {seconds:.2f} | {goal} | {', '.join(loaded)} |")
    return "\n".join(lines)
