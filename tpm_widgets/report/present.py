"""What of an executed notebook a report shows: not the chapters in which this study has nothing to show."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import copy

from nbformat import NotebookNode

from tpm_widgets.attempt import MISSING

CHAPTER, PROSE = re.compile(r"#{1,2} "), re.compile("")
LEFT_OUT = "remove-cell"  # the tag, as Jupyter Book writes it, of a cell that is not for the report


def without_empty_chapters(notebook: NotebookNode) -> NotebookNode | None:
    """Return a copy without cells that say what is missing, and without prose that leads to nothing else.

    None where a notebook that asked the study something got no answer at all.
    """
    if not any(_lacks(cell) for cell in notebook.cells):
        return notebook
    if not any(_shows(cell) for cell in notebook.cells):
        return None
    present = copy(notebook)
    present.cells = [cell for chapter in _split(notebook.cells, CHAPTER) for cell in _present(chapter)]
    return present


def _present(chapter: list[NotebookNode]) -> list[NotebookNode]:
    """Keep of a chapter what has something to show, with the prose before it; nothing where that is nothing."""
    if not any(_lacks(cell) for cell in chapter):
        return chapter
    if not any(_shows(cell) for cell in chapter):
        return []
    kept = []
    for place, part in enumerate(_split(chapter, PROSE)):
        told = [cell for cell in part if _shows(cell) or not _lacks(cell)]
        if any(_shows(cell) for cell in part) or not any(_lacks(cell) for cell in part):
            kept += told
        elif place == 0:
            kept.append(part[0])  # the heading of what follows
    return kept


def _split(cells: list[NotebookNode], beginning: re.Pattern[str]) -> Iterator[list[NotebookNode]]:
    """Cut before each piece of prose that begins so."""
    part: list[NotebookNode] = []
    for cell in cells:
        if part and cell.cell_type == "markdown" and beginning.match(cell.source):
            yield part
            part = []
        part.append(cell)
    if part:
        yield part


def _lacks(cell: NotebookNode) -> bool:
    """Whether a cell says what is missing."""
    return cell.cell_type == "code" and any(MISSING in output.get("data", {}) for output in cell.outputs)


def _shows(cell: NotebookNode) -> bool:
    """Whether a cell shows anything else, to readers of the report."""
    if cell.cell_type != "code" or LEFT_OUT in cell.metadata.get("tags", ()):
        return False
    return any(MISSING not in output.get("data", {}) for output in cell.outputs)
