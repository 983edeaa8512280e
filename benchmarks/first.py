"""What a user waits for before the first number: from ``import tpm_widgets`` to the score of a frame."""

from __future__ import annotations

import json
import subprocess
import sys

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


def section() -> str:
    """Measure in fresh processes, and return the row of the quickest."""
    command = [sys.executable, "-c", PROGRAM]
    runs = [json.loads(subprocess.check_output(command, text=True)) for _ in range(RUNS)]
    libraries, seconds, loaded = min(runs, key=lambda run: run[1])
    return "\n".join(
        [
            "## From the import to the first score",
            "",
            f"CPU-seconds of a fresh Python, modules compiled before; the quickest of {RUNS}.",
            "",
            "| work | pandas and NumPy | all | goal | loaded |",
            "|---|---|---|---|---|",
            f"| import, frame, score | {libraries:.2f} | {seconds:.2f} "
            f"| ≤ {GOAL:g}: {'met' if seconds <= GOAL else 'missed'} | {', '.join(loaded)} |",
        ]
    )
