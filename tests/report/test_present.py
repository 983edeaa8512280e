"""Chapters with nothing in them are not reported; what has something to show keeps its prose."""

from nbformat.v4 import new_output

from tpm_widgets.attempt import MISSING
from tpm_widgets.report.present import without_empty_chapters

SHOWN = [new_output("display_data", {"text/html": "42"})]
LACKS = [new_output("execute_result", {"text/html": "left out", MISSING: {"verb": "say_do"}})]


def sources(made, *outputs):
    code = [cell for cell in made.cells if cell.cell_type == "code"]
    for cell, own in zip(code, outputs, strict=True):
        cell.outputs = list(own)
    present = without_empty_chapters(made)
    return None if present is None else [cell.source for cell in present.cells]


def test_a_chapter_of_which_nothing_is_there_goes_with_its_prose(notebook):
    made = notebook("# Where?", "import x", "## Score", "score", "## Deeds", "deeds", "### More", "more", "## End")
    assert sources(made, [], SHOWN, LACKS, LACKS) == ["# Where?", "import x", "## Score", "score", "## End"]
    assert len(made.cells) == 9  # the notebook itself stays as it is


def test_of_a_chapter_the_heading_and_what_is_there_stay(notebook):
    made = notebook("## Order", "deeds", "# And by words:", "words", "# Both:", "both")
    made.cells[2].source, made.cells[4].source = "And by words:", "Both:"
    assert sources(made, LACKS, SHOWN, LACKS) == ["## Order", "And by words:", "words"]


def test_a_notebook_without_any_answer_is_not_in_the_report(notebook):
    made = notebook("# Did it work?", "chart", ("panel", "remove-cell"))
    assert sources(made, LACKS, SHOWN) is None  # a panel is not in a report


def test_a_notebook_that_lacks_nothing_stays_as_it_is(notebook):
    made = notebook("# Why?", "## Quiet", "x = 1")
    assert without_empty_chapters(made) is made
