"""What pictures cost beside a bare figure of matplotlib: ``python -m benchmarks.pictures``.

A bare figure has as many axes as the picture, of the same size, with a few artists and words, saved at the same
resolution. Both are timed in turn, in processor time, the best of several. ``--before FOLDER`` measures another
checkout in the same run.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

import tpm_widgets as tpm
from docs.gallery import names, run

DPI = 144
GOAL = 2.0
TIMES = 5


def panels(ax: Any) -> int:
    """Count axes and the axes within them."""
    return 1 + sum(panels(child) for child in ax.child_axes)


def save(ax: Axes) -> None:
    """Write the figure of some axes as PNG."""
    ax.get_figure(root=True).savefig(BytesIO(), format="png", dpi=DPI)


def bare(count: int, size: tuple[float, float]) -> None:
    """Draw what every picture needs: axes with dots, a line, a title and labels."""
    figure = Figure(figsize=size)
    for ax in figure.subplots(1, count, squeeze=False)[0]:
        ax.plot([1, 2, 3], [1, 3, 2], "o")
        ax.axvline(2)
        ax.set(title="Title", xlabel="Label", ylabel="Label")
    save(figure.axes[0])


def best(work: dict[str, Callable[[], Any]]) -> dict[str, float]:
    """Do all work in turn; return the least milliseconds of processor time of each."""
    least = dict.fromkeys(work, float("inf"))
    for _ in range(TIMES):
        for name, do in work.items():
            start = time.process_time()
            do()
            least[name] = min(least[name], 1000 * (time.process_time() - start))
    return least


def measure(name: str) -> dict[str, float]:
    """Measure one picture and its bare figure."""
    result, options = run(name)
    plot = getattr(tpm, name)
    first = plot(result, **options)
    figure = first.get_figure(root=True)
    count, size = sum(panels(ax) for ax in figure.axes), tuple(figure.get_size_inches())
    built: list[Axes] = []
    return best({
        "build": lambda: built.append(plot(result, **options)),
        "save": lambda: save(built.pop()),
        "bare": lambda: bare(count, size),
    })  # fmt: skip


def elsewhere(folder: str) -> dict[str, dict[str, float]]:
    """Measure the pictures of another checkout."""
    path = os.pathsep.join([folder, str(Path.cwd())])
    command = [sys.executable, "-P", "-m", "benchmarks.pictures", "--json"]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout))


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures")
    parser.add_argument("--before", metavar="FOLDER", help="another checkout to be measured in the same run")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = {name: measure(name) for name in names()}
    if given.json:
        print(json.dumps(found))
        return
    earlier = elsewhere(given.before) if given.before else {}
    print("| picture | build | save | bare figure | times | before | times before |", "|---" * 7 + "|", sep="\n")
    for name, now in sorted(found.items(), key=lambda item: -_times(item[1])):
        before = earlier.get(name)
        past = f"{before['build'] + before['save']:.0f} | {_times(before):.1f}" if before else " | "
        print(f"| `{name}` | {now['build']:.0f} | {now['save']:.0f} | {now['bare']:.0f} | {_times(now):.1f} | {past} |")
    met = sum(_times(now) <= GOAL for now in found.values())
    print(f"\nMilliseconds of processor time. At most {GOAL:g} times a bare figure: {met} of {len(found)}.")


def _times(one: dict[str, float]) -> float:
    return (one["build"] + one["save"]) / one["bare"]


if __name__ == "__main__":
    main()
