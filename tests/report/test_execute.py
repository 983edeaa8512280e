import json
import sys
from pathlib import Path

import pytest

from tpm_widgets.report.execute import CellError, execute


def text_of(cell):
    return "".join(output.get("text", "") for output in cell.outputs).strip()


def test_it_runs_in_the_folder_in_this_python_and_in_the_language(tmp_path, notebook, monkeypatch):
    wrong = tmp_path / "jupyter" / "kernels" / "python3"
    wrong.mkdir(parents=True)
    specification = {"argv": ["false"], "display_name": "somebody else's", "language": "python"}
    (wrong / "kernel.json").write_text(json.dumps(specification))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    made = notebook(
        "# Where?",
        "import os, sys; print(os.getcwd())",
        "print(sys.executable)",
        "print(os.environ['TPM_LANGUAGE'])",
    )
    told = []
    execute(made, tmp_path, "de", lambda *cell: told.append(cell))
    assert [text_of(cell) for cell in made.cells[1:]] == [str(tmp_path), sys.executable, "de"]
    assert [cell.execution_count for cell in made.cells[1:]] == [1, 2, 3]
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_a_failing_cell_is_named_and_what_ran_before_is_kept(tmp_path, notebook):
    made = notebook("# Why?", "print('before')", "\nvalue = {}\nvalue['x']", "print('after')")
    with pytest.raises(CellError) as failure:
        execute(made, tmp_path, "en")
    assert (failure.value.number, failure.value.first_line, failure.value.error) == (2, "value = {}", "KeyError: 'x'")
    assert text_of(made.cells[1]) == "before"
    assert made.cells[2].outputs[0].ename == "KeyError"
    assert not made.cells[3].outputs


def test_a_cell_that_is_expected_to_fail_goes_on(tmp_path, notebook):
    made = notebook(("1 / 0", "raises-exception"), "print('after')")
    execute(made, tmp_path, "en")
    assert text_of(made.cells[1]) == "after"


def test_a_kernel_that_dies_is_a_failing_cell(tmp_path, notebook):
    made = notebook("import os; os._exit(1)")
    with pytest.raises(CellError) as failure:
        execute(made, tmp_path, "en")
    assert failure.value.error == "the kernel died, perhaps for want of memory"


def test_an_interruption_ends_the_kernel(tmp_path, notebook):
    made = notebook("import os; print(os.getpid(), flush=True)", "x = 1")

    def interrupt(number, count):
        if number == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        execute(made, tmp_path, "en", interrupt)
    assert not Path(f"/proc/{text_of(made.cells[0])}").exists()
