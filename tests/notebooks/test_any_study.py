"""The five notebooks go on whatever a study has, say once what it lacks, and ``check`` said so before.

All in one process, without a kernel: a small set in which every two traits of a study meet, and, slow, every subset.
"""

from itertools import pairwise

import pytest

import tpm_widgets as tpm
from tests.notebooks.any_study import any_study, covering, every_subset, name_of
from tests.notebooks.in_process import FLOW, is_missing, run_notebook

OTHERS = ("insurance", "insurer", "sample stud", "the sample", "sample_study", "simulated", "Exercise")


def hold_what_was_promised(make):
    study = any_study(**make)
    asked = tpm.study_questions(study)
    open_verbs = {
        verb
        for row in asked.table.to_dict("records")
        if row["answer"] != "answered"
        for verb in row["verbs"].split(", ")
    }
    for name in FLOW:
        shown = run_notebook(name, study)
        told = [value for _, value, bundle in shown if is_missing(bundle) and bundle.get("text/html")]
        missing = [value for value in told if hasattr(value, "lacks")]
        for value in missing:
            assert value.verb in open_verbs, f"{name}: check did not say that {value.verb} lacks {value.lacks()}"
        for before, after in pairwise(missing):
            assert before.lacks() != after.lacks(), f"{name}: told twice in a row: {before.verb}, {after.verb}"
        learned = shown[-1][1]
        assert "left out, because this study lacks" not in learned.summary()


@pytest.mark.parametrize("make", covering(), ids=name_of)
def test_every_two_traits_of_a_study(make):
    hold_what_was_promised(make)


@pytest.mark.slow
@pytest.mark.parametrize("make", every_subset(), ids=name_of)
def test_every_subset_of_what_a_study_may_have(make):
    hold_what_was_promised(make)


RICH = {"answers": 60, "touchpoints": 3, "scale": (0, 10), "segments": 1, "waves": True, "dates": True, "weights": True}
RICH |= {"deeds": "recommendations", "tables": "all"}


@pytest.mark.parametrize(
    "empty", [("score",), ("t0", "t1", "t2"), ("date",), ("s0", "wave"), ("customer",), ("weight",)]
)
def test_a_column_of_which_nothing_could_be_read(empty):
    hold_what_was_promised({**RICH, "empty": empty})


@pytest.mark.parametrize("name", FLOW)
def test_a_study_of_ones_own_is_not_told_of_the_sample(name):
    from tpm_widgets.report.notebooks import point_at, read_notebook, shipped

    notebook = read_notebook(shipped() / f"{name}.ipynb")
    kept = len(notebook.cells)
    point_at(notebook, ".")
    assert len(notebook.cells) < kept
    for cell in notebook.cells:
        for word in OTHERS:
            assert word not in cell.source, f"{name}: {word} in {cell.source[:80]!r}"
