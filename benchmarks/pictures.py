"""What pictures cost beside a bare figure of matplotlib."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable
from io import BytesIO
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure

import tpm_widgets as tpm
from benchmarks.process import surroundings
from docs.gallery import run

DPI = 144
GOAL = 2.0
TIMES = 5
NOTES = f"""\
Milliseconds of processor time, the best of {TIMES}, at {DPI} dots per inch. A *bare figure* of matplotlib has as many
axes as the picture, of the same size, with a few artists and words; both are timed in turn."""


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


def everywhere(before: str = "") -> dict[str, dict[str, float]]:
    """Measure every picture in a process of its own, on one thread."""
    command = [sys.executable, "-m", "benchmarks.pictures"]
    done = subprocess.run(command, env=surroundings(1, before), check=True, capture_output=True, text=True)
    return dict(json.loads(done.stdout.splitlines()[-1]))


def section(before: str = "") -> str:
    """Measure, and return the table."""
    return table(everywhere(), everywhere(before) if before else {})


def table(now: dict[str, dict[str, float]], before: dict[str, dict[str, float]]) -> str:
    """Return a row for each picture, the dearest first."""
    met = sum(_times(found) <= GOAL for found in now.values())
    lines = ["## Pictures", "", NOTES, "", f"At most {GOAL:g} times a bare figure: {met} of {len(now)}.", ""]
    head = ["picture", "build", "save", "bare figure", "times", *["before", "times before"] * bool(before)]
    lines += [f"| {' | '.join(head)} |", "|---" * len(head) + "|"]
    for name, found in sorted(now.items(), key=lambda item: -_times(item[1])):
        cells = [f"`{name}`", *(f"{found[part]:.0f}" for part in ("build", "save", "bare")), f"{_times(found):.1f}"]
        if before:
            past = before.get(name)
            cells += [f"{past['build'] + past['save']:.0f}", f"{_times(past):.1f}"] if past else ["", ""]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _times(one: dict[str, float]) -> float:
    return (one["build"] + one["save"]) / one["bare"]


if __name__ == "__main__":
    print(json.dumps({name: measure(name) for name in tpm.__all__ if name.startswith("plot_")}))
