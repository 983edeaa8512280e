"""Cells that ended with an error, and what a report says in their place: a sentence, and no folder of the machine."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from html import escape

from nbformat import NotebookNode
from nbformat.v4 import new_output

from tpm_widgets.language import Language, Sentence, Worded, say, say_n, word

LONGEST = 300  # letters of an error that a report shows
# An absolute path, in quotes or bare, of any system; what follows its last slash stays.
QUOTED = re.compile(r"""(['"])(?:file://)?(?:[A-Za-z]:)?[\\/][^'"\n]*[\\/]([^'"\\/\n]+)[\\/]?\1""")
BARE = re.compile(
    r"""(?:file://|(?<![\w:/\\.]))(?:[A-Za-z]:)?(?:[\\/]+[^\\/\s'"<>|:,;()]+)*[\\/]+([^\\/\s'"<>|:,;()]+)"""
)
UNKNOWN_NAME = re.compile(r"^name '(\w+)' is not defined")


@dataclass(frozen=True, slots=True)
class Failure:
    """A code cell that ended with an error.

    Attributes
    ----------
    notebook, number, place
        Where it stands: its notebook, its number among the code cells, and its place among all cells.
    first_line : str
        The first line of its code.
    error : Worded or str
        What it ended with.
    rests_on : int or None
        The number of an earlier cell whose failure is the reason for this one.
    ended : bool
        Whether the kernel ended with it, so that no later cell of the notebook ran.
    """

    notebook: str
    number: int
    place: int
    first_line: str
    error: Worded | str
    rests_on: int | None = None
    ended: bool = False

    def sentence(self) -> Sentence:
        """Say it at the terminal: where it happened, and what."""
        return say("{notebook}, code cell {number} ({first_line}): {error}", self)


def cause_of(error: str, failed: Sequence[tuple[int, str]]) -> int | None:
    """Return which of the failed cells (number, source) would have made the name that an error misses."""
    missed = UNKNOWN_NAME.match(error)
    if missed is None:
        return None
    return next((number for number, source in failed if missed.group(1) in _names_made(source)), None)


def _names_made(source: str) -> set[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:  # as with a cell that IPython alone understands
        return set()
    made = set()
    for node in set(ast.walk(tree)):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            made.add(node.id)
        elif isinstance(node, ast.Import):
            made |= {name.asname or name.name for name in node.names}
    return made


def told_in_words(notebook: NotebookNode, failures: Sequence[Failure], language: Language) -> NotebookNode:
    """Return a copy with a sentence where a cell failed, and without the cells that were not run any more."""
    if not failures:
        return notebook
    told = deepcopy(notebook)
    for failure in failures:
        cell = told.cells[failure.place]
        sentence = escape(_in_place(failure, language).text(language))
        kept = [output for output in cell.outputs if output.output_type != "error"]
        cell.outputs = [*kept, new_output("display_data", {"text/html": f'<p class="failed">{sentence}</p>'})]
    if failures[-1].ended:
        del told.cells[failures[-1].place + 1 :]
    return told


def _in_place(failure: Failure, language: Language) -> Sentence:
    error = without_folders(word(failure.error, language))
    if failure.ended:
        return say("The rest of this chapter could not be made: {error}. All other chapters are whole.", error=error)
    if failure.rests_on is not None:
        return say("Left out, because it rests on code cell {number}, which failed.", number=failure.rests_on)
    return say(
        "This part could not be made. Code cell {number} ended with an error, all others went on: {error}",
        number=failure.number,
        error=error,
    )


def without_folders(text: str) -> str:
    """Return the first line of an error, not too long, with files named without the folders that they lie in."""
    line = text.strip().split("\n", 1)[0]
    line = BARE.sub(r"\1", QUOTED.sub(r"\1\2\1", line))
    return line if len(line) <= LONGEST else f"{line[:LONGEST]}…"


def note_of(failures: Sequence[Failure]) -> list[Sentence]:
    """Say on the title page that something failed."""
    if not (count := sum(failure.rests_on is None for failure in failures)):
        return []
    return [
        say_n(
            "{count} part of this report could not be made; it says so in its place.",
            "{count} parts of this report could not be made; each says so in its place.",
            count,
        )
    ]
