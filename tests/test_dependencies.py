"""What the package imports is declared in pyproject.toml, and what is declared is used."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def deptry(*options):
    command = [sys.executable, "-m", "deptry", ".", "--no-ansi", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def test_what_is_used_is_declared_and_what_is_declared_is_used():
    done = deptry()
    assert done.returncode == 0, done.stderr


def test_a_library_that_nobody_imports_would_be_named():
    done = deptry("--extend-exclude", "tpm_widgets/(cli.py|report/terminal/.*)")  # all that import it
    assert "'typer' defined as a dependency but not used" in done.stderr
