"""The recipe "Adding your own" of CONTRIBUTING.md as a notebook that works where it lies."""

from __future__ import annotations

import re

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tpm_widgets.report.notebooks import PACKAGE, PARAMETERS, point_at

HEADING = "## Adding your own\n"


def recipe_text() -> str:
    """Read the recipe: a checkout (or an editable install) has it itself, an installed package a copy."""
    checkout = PACKAGE.parent / "CONTRIBUTING.md"
    path = checkout if (PACKAGE.parent / "pyproject.toml").exists() else PACKAGE / "bundled" / checkout.name
    return path.read_text(encoding="utf-8").split(HEADING)[1].split("\n## ")[0]


def recipe_notebook(study_folder: str) -> NotebookNode:
    """Write the recipe as a notebook about the study in ``study_folder``: prose and code by turns."""
    cells: list[NotebookNode] = [
        new_markdown_cell("# How do I add a statistic, a plot, a panel of my own?", id="title")
    ]
    for number, part in enumerate(re.split(r"^```(?:python)?\n", recipe_text(), flags=re.MULTILINE)):
        if text := part.strip():
            tags = [PARAMETERS] if re.search(r"^study = ", text, re.MULTILINE) else []
            make = new_code_cell if number % 2 else new_markdown_cell
            cells.append(make(text, id=f"part-{number}", metadata={"tags": tags} if tags else {}))
    notebook = new_notebook(cells=cells)
    point_at(notebook, study_folder)
    return notebook
