import json
import os
import signal
import sys
import time
from contextlib import contextmanager

import psutil
import pytest

from tpm_widgets.report.failures import Failure
from tpm_widgets.report.running import execute as executing
from tpm_widgets.report.running.execute import execute
from tpm_widgets.report.running.forking import CAN_FORK, fork_server


def text_of(cell):
    return "".join(output.get("text", "") for output in cell.outputs).strip()


@pytest.fixture(scope="module")
def server():
    """One server for the tests that do not end it."""
    with fork_server() as started:
        yield started


@pytest.fixture(params=[pytest.param("forked", marks=pytest.mark.skipif(not CAN_FORK, reason="no fork")), "plain"])
def run(request, tmp_path):
    """Execute notebooks, named by letters, in a kernel of either kind; English unless told."""

    def execute_all(*notebooks, language="en", **options):
        options["server"] = request.getfixturevalue("server") if request.param == "forked" else None
        return execute(dict(zip("abcdef", notebooks, strict=False)), tmp_path, language, **options)

    return execute_all


def watcher(told):
    """Keep what is told of each cell."""

    @contextmanager
    def watch(name):
        yield lambda number, count: told.append((name, number, count))

    return watch


def test_it_runs_in_the_folder_in_this_python_and_in_the_language(run, tmp_path, notebook, monkeypatch):
    wrong = tmp_path / "jupyter" / "kernels" / "python3"
    wrong.mkdir(parents=True)
    specification = {"argv": ["false"], "display_name": "somebody else's", "language": "python"}
    (wrong / "kernel.json").write_text(json.dumps(specification))
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "jupyter"))
    made = notebook(
        "# Where?",
        "import os, sys; print(os.getcwd())",
        "print(sys.executable)",
        "print(os.environ['TPM_LANGUAGE'], os.environ['OPENBLAS_NUM_THREADS'])",
    )
    told = []
    run(made, language="de", watch=watcher(told))
    assert [text_of(cell) for cell in made.cells[1:]] == [str(tmp_path), sys.executable, "de 1"]
    assert [cell.execution_count for cell in made.cells[1:]] == [1, 2, 3]
    assert told == [("a", 1, 3), ("a", 2, 3), ("a", 3, 3)]


def test_no_module_beside_the_notebook_is_imported(run, tmp_path, notebook):
    for name in ("my_codes.py", "lazy_loader.py", "random.py", "json.py", "sitecustomize.py", "usercustomize.py"):
        (tmp_path / name).write_text("open('imported', 'w').close(); raise SystemExit")
    made = notebook(
        "import random, json, lazy_loader, tpm_widgets; print(tpm_widgets.versions is not None)", "import my_codes"
    )
    failures = run(made)
    assert text_of(made.cells[0]) == "True"
    assert [failure.error for failure in failures] == ["ModuleNotFoundError: No module named 'my_codes'"]
    assert not (tmp_path / "imported").exists()


def test_a_failing_cell_is_named_and_all_others_run(run, notebook):
    made = notebook("# Why?", "print('before')", "\nvalue = {}\nvalue['x']", "print('after')")
    other = notebook("print('another')")
    failures = run(made, other)
    assert failures == [Failure("a", 2, 2, "value = {}", "KeyError: 'x'")]
    assert made.cells[2].outputs[0].ename == "KeyError"
    assert [text_of(made.cells[1]), text_of(made.cells[3]), text_of(other.cells[0])] == ["before", "after", "another"]


def test_a_cell_that_misses_what_a_failed_one_would_have_made_rests_on_it(run, notebook):
    made = notebook(
        "first = {}['x']", "second = first + 1", "print(second)", "third", "import no_such as nothing", "nothing"
    )
    assert [(failure.number, failure.rests_on) for failure in run(made)] == [
        (1, None),
        (2, 1),
        (3, 1),  # second is missing because first is
        (4, None),
        (5, None),
        (6, 5),
    ]


def test_a_cell_that_is_expected_to_fail_is_no_failure(run, notebook):
    made = notebook(("1 / 0", "raises-exception"), "print('after')")
    assert run(made) == []
    assert text_of(made.cells[1]) == "after"


def test_a_kernel_that_dies_costs_its_notebook_only(run, notebook):
    made = notebook("print('before')", "import os; os._exit(1)", "print('never')")
    other = notebook("import time; time.sleep(.5); print('another')")
    failures = run(made, other)
    assert [(failure.notebook, failure.number, failure.ended) for failure in failures] == [("a", 2, True)]
    assert str(failures[0].error) == "the kernel died, perhaps for want of memory"
    assert [text_of(made.cells[0]), text_of(other.cells[0])] == ["before", "another"]
    assert not made.cells[2].outputs


def test_an_interruption_ends_the_kernel(run, notebook):
    made = notebook("import os; print(os.getpid(), flush=True)", "x = 1")

    @contextmanager
    def interrupt(name):
        def tell_cell(number, count):
            if number == 2:
                raise KeyboardInterrupt

        yield tell_cell

    with pytest.raises(KeyboardInterrupt):
        run(made, watch=interrupt)
    assert has_ended(int(text_of(made.cells[0])))


def has_ended(process, seconds=10.0):
    """Wait for a process to end; one that has ended is a zombie as long as its parent has not heard of it."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not psutil.pid_exists(process) or psutil.Process(process).status() == psutil.STATUS_ZOMBIE:
            return True
        time.sleep(0.05)
    return False


def waiting_for(name):
    """Code that waits until another notebook has written a file."""
    return f"import os, time\nwhile not os.path.exists('{name}'): time.sleep(0.01)"


def test_notebooks_run_side_by_side(run, notebook, monkeypatch):
    monkeypatch.setattr(executing, "at_once", lambda count: count)
    first = notebook("open('first', 'w').close()", waiting_for("second"), "print('met')")
    second = notebook("open('second', 'w').close()", waiting_for("first"), "print('met')")
    run(first, second)
    assert [text_of(made.cells[2]) for made in (first, second)] == ["met", "met"]


def test_where_there_is_room_for_one_they_take_turns(run, notebook, monkeypatch):
    monkeypatch.setattr(executing, "at_once", lambda count: 1)
    told = []
    run(*[notebook("import os", "os.getpid()") for _ in range(3)], watch=watcher(told))
    assert [(name, number) for name, number, _ in told] == [(name, number) for name in "abc" for number in (1, 2)]


def test_failures_are_told_in_the_order_of_the_notebooks(run, notebook, monkeypatch):
    monkeypatch.setattr(executing, "at_once", lambda count: count)
    slow = notebook("open('begun', 'w').close()", waiting_for("failed"), "1 / 0")
    quick = notebook(waiting_for("begun"), "open('failed', 'w').close()\nraise OSError('quick')")
    assert [(failure.notebook, failure.error) for failure in run(slow, quick)] == [
        ("a", "ZeroDivisionError: division by zero"),
        ("b", "OSError: quick"),
    ]


# What only a forked kernel has to be asked.
forked = pytest.mark.skipif(not CAN_FORK, reason="kernels are forked on Linux only")

TRAITS = """import json, os, signal, sys
signals = [signal.SIGINT, signal.SIGCHLD, signal.SIGTERM, signal.SIGPIPE]
print(json.dumps({
    "path": sys.path, "program": sys.argv[0], "flags": str(sys.flags),
    "environment": {name: value for name, value in os.environ.items() if not name.startswith("JPY_")},
    "signals": [str(signal.getsignal(number)) for number in signals],
    "blocked": list(map(int, signal.pthread_sigmask(signal.SIG_BLOCK, []))),
    "leads its session": os.getsid(0) == os.getpid(),
}))"""


@forked
def test_a_forked_kernel_is_like_a_plain_one(server, tmp_path, notebook):
    kinds = [notebook(TRAITS), notebook(TRAITS)]
    for made, source in zip(kinds, (server, None), strict=True):
        execute({"a": made}, tmp_path, "en", server=source)
    first, second = (json.loads(text_of(made.cells[0])) for made in kinds)
    for traits in (first, second):
        traits["environment"].pop("TMPDIR")  # of each kernel its own
    assert first == second


@forked
def test_everything_is_loaded_before_the_fork_and_no_thread_is_running_then(server, tmp_path, notebook):
    made = notebook("import sys; print({'tpm_widgets.study.model', 'statsmodels', 'ipywidgets'} - set(sys.modules))")
    execute({"a": made}, tmp_path, "en", server=server)
    assert text_of(made.cells[0]) == "set()"


@forked
def test_where_a_library_has_started_a_thread_the_kernel_begins_anew(tmp_path, notebook, monkeypatch):
    (tmp_path / "started").mkdir()
    (tmp_path / "started" / "sitecustomize.py").write_text(
        "import threading; threading.Thread(target=threading.Event().wait, daemon=True).start()"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path / "started"))
    made = notebook("import sys; print('statsmodels' in sys.modules)")
    with fork_server() as server:
        execute({"a": made}, tmp_path, "en", server=server)
    assert text_of(made.cells[0]) == "False"


@forked
def test_chance_differs_from_kernel_to_kernel(server, tmp_path, notebook):
    made = [notebook("import numpy, random; print(numpy.random.random(), random.random())") for _ in range(2)]
    execute(dict(zip("ab", made, strict=True)), tmp_path, "en", server=server)
    first, second = (text_of(one.cells[0]).split() for one in made)
    assert not set(first) & set(second)


@forked
def test_without_the_server_a_kernel_is_started_all_the_same(tmp_path, notebook):
    made = notebook("import os; print(os.getppid())")
    with fork_server() as server:
        os.kill(server.pid, signal.SIGKILL)
        execute({"a": made}, tmp_path, "en", server=server)
    assert text_of(made.cells[0]) == str(os.getpid())


@forked
def test_when_the_server_is_killed_its_kernels_end(tmp_path, notebook):
    made = notebook("import os; print(os.getpid(), flush=True)", "import time; time.sleep(60)")
    with fork_server() as server:

        @contextmanager
        def watch(name):
            yield lambda number, count: number == 2 and os.kill(server.pid, signal.SIGKILL)

        (failure,) = execute({"a": made}, tmp_path, "en", watch, server)
    assert failure.ended
    assert has_ended(int(text_of(made.cells[0])))


def test_temporary_files_too_deep_for_a_socket(notebook, tmp_path, monkeypatch):
    deep = tmp_path / ("a" * 120)
    deep.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(deep))
    with fork_server() as server:
        made = notebook("print('run')")
        assert execute({"a": made}, tmp_path, "en", server=server) == []
    assert text_of(made.cells[-1]) == "run"
    assert list(deep.iterdir()) == []
