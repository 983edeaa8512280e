"""Do the tests notice? Plant small changes one by one and run the tests of their room: ``python -m
tests.verification.mutation``.

A change that no test notices is a survivor: the tests lack something, or the change is none (``survivors.toml`` tells
which). Results are kept and taken again until the module or one of its tests changes.
"""

from __future__ import annotations

import argparse
import compileall
import datetime
import hashlib
import importlib
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path

import pytest
from statsmodels.stats.proportion import proportion_confint  # the package itself is loaded by the tests only

from tests.verification.mutants import Mutant, all_mutants, drawn

STEPS = ("statistics", "as_is", "strategy", "plan", "control")
ROOT = Path(__file__).parents[2]
REASONS = Path(__file__).with_name("survivors.toml")
HEAVY = ("pandas", "statsmodels.api", "sklearn.metrics", "hypothesis", "matplotlib.figure", "babel.numbers")
LEAST = 0.85  # of the sample has to be noticed
CPU_SECONDS = 600  # a change after which the tests run on and on is noticed, too


def tests_of(path: str) -> list[str]:
    """The module's doctests, and the tests of its step that lie in its room or name what it defines, nearest first."""
    module = Path(path)
    step, room = Path("tests", module.parts[1]), Path("tests", *module.parts[1:-1])
    defined = re.findall(r"^(?:def|class) (\w+)", (ROOT / path).read_text("utf-8"), re.MULTILINE)
    named = re.compile(r"\b(" + "|".join([*defined, re.escape(".".join(module.with_suffix("").parts))]) + r")\b")
    nearness = {}
    for test in sorted((ROOT / step).rglob("test_*.py")):
        inside, names = (ROOT / room) in test.parents, len(named.findall(test.read_text("utf-8")))
        if inside or names:
            nearness[test.relative_to(ROOT).as_posix()] = (not inside, -names)
    return [path, *sorted(nearness, key=lambda test: (not nearness[test][1], *nearness[test]))]


def mark(*paths: str) -> str:
    """A short hash of what these files hold."""
    return hashlib.sha256(b"".join((ROOT / path).read_bytes() for path in paths)).hexdigest()[:16]


def known(mutant: Mutant, results: dict[str, dict[str, str]]) -> bool:
    """Whether a kept result still holds: of a survivor while no test changes, else while its test is there."""
    kept = results.get(mutant.name)
    if kept is None or kept["module"] != mark(mutant.path):
        return False
    if kept["outcome"] == "survived":
        return kept["tests"] == mark(*tests_of(mutant.path))
    path, _, test = kept["by"].partition("::")
    return not test or ((ROOT / path).exists() and test.rpartition(".")[2] in (ROOT / path).read_text("utf-8"))


class Tree:
    """A copy of the project, in which changes are planted."""

    def __init__(self, place: Path) -> None:
        self.place = place
        shutil.rmtree(place, ignore_errors=True)
        files = subprocess.run(
            ["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT, capture_output=True, text=True
        )
        for name in files.stdout.splitlines():
            if (ROOT / name).is_file():
                (place / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, place / name)
        compileall.compile_dir(place, quiet=2)

    def run(self, mutant: Mutant) -> int:
        """Start the tests with the change planted; the process that was started."""
        (self.place / mutant.path).write_bytes(mutant.planted((ROOT / mutant.path).read_bytes()))
        return self.start(tests_of(mutant.path))

    def start(self, tests: Sequence[str], stop: bool = True) -> int:
        """Fork, so that pandas and the like are imported once for all changes."""
        process = os.fork()
        if process:
            return process
        os.setpgid(0, 0)
        os.chdir(self.place)
        sys.path.insert(0, str(self.place))
        for name in [name for name in sys.modules if name == "tests" or name.startswith("tests.")]:
            del sys.modules[name]
        sys.dont_write_bytecode = True  # a changed file could pass for the one compiled before it
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
        silent = os.open(self.place / "output.txt", os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(silent, 1)
        os.dup2(silent, 2)
        options = [
            *["-x"] * stop,
            "-q",
            "-n0",
            "--assert=plain",
            "--hypothesis-seed=0",
            "-m",
            "not slow",
            "--tb=line",
            "-rfE",
        ]
        os._exit(int(pytest.main([*options, *tests])))

    def restore(self, mutant: Mutant, status: int) -> dict[str, str]:
        """Take the change back and tell what came of it."""
        shutil.copy2(ROOT / mutant.path, self.place / mutant.path)
        said = (self.place / "output.txt").read_text("utf-8", "replace")
        by = re.findall(r"^(?:FAILED|ERROR) (\S+)", said, re.MULTILINE)
        code = os.waitstatus_to_exitcode(status)
        outcome = "survived" if code == 0 else "killed"
        return {"outcome": outcome, "by": by[0].partition("[")[0] if by else f"exit {code}" if code else ""}


def run(mutants: Sequence[Mutant], kept: Path, workers: int, seconds: float) -> dict[str, dict[str, str]]:
    """Run what is not known yet, several at a time, until the time is over; keep each result at once."""
    results = json.loads(kept.read_text()) if kept.exists() else {}
    for name in HEAVY:  # before the first fork
        importlib.import_module(name)
    waiting = [mutant for mutant in mutants if not known(mutant, results)]
    trees = [Tree(kept.parent / f"tree{number}") for number in range(min(workers, len(waiting)))]
    running: dict[int, tuple[Tree, Mutant]] = {}
    end = time.monotonic() + seconds
    while running or (waiting and time.monotonic() < end):
        while trees and waiting and time.monotonic() < end:
            tree, mutant = trees.pop(), waiting.pop(0)
            running[tree.run(mutant)] = tree, mutant
        process, status = os.wait()
        tree, mutant = running.pop(process)
        came = tree.restore(mutant, status)
        marks = {"module": mark(mutant.path), "tests": mark(*tests_of(mutant.path))}
        results[mutant.name] = {**came, **marks}
        print(f"{len(waiting)} to go, {came['outcome']}: {mutant.name}", flush=True)
        kept.write_text(json.dumps(results, indent=1, ensure_ascii=False))
        trees.append(tree)
    return results


def failing_anyway(results: Sequence[dict[str, str]], out: Path) -> set[str]:
    """Run the tests that noticed something without any change: what fails then has noticed nothing."""
    tests = sorted({kept["by"] for kept in results if "::" in kept["by"]})
    if not tests:
        return set()
    tree = Tree(out / "unchanged")
    _, status = os.waitpid(tree.start(tests, stop=False), 0)
    said = (tree.place / "output.txt").read_text("utf-8", "replace")
    if os.waitstatus_to_exitcode(status) not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        raise SystemExit(f"The tests could not be run without a change: {said[-500:]}")
    return {test.partition("[")[0] for test in re.findall(r"^(?:FAILED|ERROR) (\S+)", said, re.MULTILINE)}


def row(step: str, population: int, outcomes: Sequence[str]) -> str:
    """One line of the table, the share with Wilson's interval."""
    noticed = outcomes.count("killed")
    low, high = proportion_confint(noticed, max(len(outcomes), 1), method="wilson")
    share = f"{noticed / len(outcomes):.0%} ({low:.0%} to {high:.0%})" if outcomes else "–"
    return f"| {step} | {population:,} | {len(outcomes)} | {noticed} | {share} |"


def page(every: dict[str, list[Mutant]], tried: dict[str, list[Mutant]], results: dict[str, dict[str, str]]) -> str:
    """Write the table of steps, and every survivor with the reason that was found for it."""
    reasons = tomllib.loads(REASONS.read_text("utf-8"))
    outcomes = {step: [results[one.name]["outcome"] for one in mutants] for step, mutants in tried.items()}
    together = [outcome for own in outcomes.values() for outcome in own]
    lines = [
        "# Would the tests notice?",
        f"Written by `python -m tests.verification.mutation` on {datetime.date.today()}: {len(together)} small "
        "changes, drawn at random (one fixed seed, by step) and planted one by one; the module's doctests are run, the "
        "tests of its room, and those of its step that name it. The interval is Wilson's at 95 %; in the last line "
        "each change counts the same, whatever the size of its step. Wording, refusals, annotations and decorators are "
        "not changed.",
        "| step | changes there are | drawn | noticed | share |\n|---|---:|---:|---:|---:|\n"
        + "\n".join([
            *(row(step, len(every[step]), outcomes[step]) for step in STEPS),
            row("all", sum(map(len, every.values())), together),
        ]),
        "## Not noticed",
    ]  # fmt: skip
    survivors = [one for own in tried.values() for one in own if results[one.name]["outcome"] == "survived"]
    told = [f"- `{one.name}` (line {one.line}): {reasons.get(one.name, 'not looked at yet')}" for one in survivors]
    return "\n\n".join([*lines, "\n".join(told) or "None."]) + "\n"


def main() -> None:
    """Run a sample, write the page, and leave with an error where too little is noticed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=30, help="changes drawn from each step")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=60, help="until no further change is begun")
    parser.add_argument("--out", type=Path, default=ROOT / "build" / "mutation", help="where results are kept")
    parser.add_argument("--page", type=Path, default=ROOT / "docs" / "mutation.md")
    options = parser.parse_args()
    options.out = options.out.resolve()  # the tests run in a folder of their own
    options.out.mkdir(parents=True, exist_ok=True)
    every = {step: all_mutants(ROOT, step) for step in STEPS}
    samples = {step: drawn(mutants, options.size) for step, mutants in every.items()}
    turns = [one for turn in zip_longest(*samples.values()) for one in turn if one is not None]
    results = run(turns, options.out / "results.json", options.workers, 60 * options.minutes)
    tried = {step: [one for one in mutants if known(one, results)] for step, mutants in samples.items()}
    red = failing_anyway([results[one.name] for own in tried.values() for one in own], options.out)
    tried = {step: [one for one in own if results[one.name]["by"] not in red] for step, own in tried.items()}
    options.page.write_text(page(every, tried, results), encoding="utf-8")
    print(options.page.read_text("utf-8"))
    if red:
        raise SystemExit(f"These tests fail without any change, so what they noticed is left out: {', '.join(red)}")
    noticed = [results[one.name]["outcome"] == "killed" for own in tried.values() for one in own]
    if sum(noticed) < LEAST * len(noticed):
        raise SystemExit(f"{sum(noticed)} of {len(noticed)} changes were noticed; {LEAST:.0%} are expected.")


if __name__ == "__main__":
    main()
