"""Small problems have one thread of linear algebra, large ones keep theirs, and afterwards everything is as before."""

import inspect
import os
import subprocess
import sys
from threading import Event, Thread, local

import jupyterlab.labapp
import pandas as pd
import pytest
from threadpoolctl import OpenBLASController, threadpool_info, threadpool_limits

import tpm_widgets as tpm
from tpm_widgets import cli, threads
from tpm_widgets.language import current_language
from tpm_widgets.report.running.execute import execute
from tpm_widgets.strategy.drivers import of_study
from tpm_widgets.threads import BLAS_VARIABLES, kernel_environment, on_one_thread

STEPS = {"as_is", "strategy", "plan", "control"}
VERBS = [
    name
    for name in tpm.__all__
    if inspect.isfunction(verb := getattr(tpm, name)) and verb.__module__.split(".")[1] in STEPS
]


def blas_threads():
    return {library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas"}


@pytest.fixture
def two_threads():
    """Two threads of linear algebra, whatever the environment of the tests."""
    with threadpool_limits(2, user_api="blas"):
        OpenBLASController.clear_controlling_thread()  # as from the environment, not reserved for this Python thread
        assert blas_threads() == {2}
        yield


@pytest.fixture
def seen(two_threads, monkeypatch):
    """The numbers of threads that the fit of each driver regression had."""
    found, fit = [], of_study.fit_model

    def observed(*args, **options):
        found.append(blas_threads())
        return fit(*args, **options)

    monkeypatch.setattr(of_study, "fit_model", observed)
    return found


@pytest.fixture(scope="module")
def study():
    rows = {"recommend": [9, 10, 3, 8, 7, 9, 2, 6], "bread": [5, 4, 1, 4, 3, 5, 2, 4], "shop": [4, 4, 2, 3, 5, 5, 1, 2]}
    return tpm.make_study(pd.DataFrame(rows), recommend="recommend", touchpoints=["bread", "shop"])


@pytest.mark.parametrize("name", [*VERBS, "simulate_study"])
def test_every_verb_that_computes_is_limited(name):
    assert getattr(tpm, name).__code__ is on_one_thread(len).__code__


def test_a_verb_keeps_its_name_its_signature_and_its_doctests():
    assert tpm.driver_regression.__name__ == "driver_regression"
    assert next(iter(inspect.signature(tpm.driver_regression).parameters)) == "source"
    assert ">>>" in tpm.driver_regression.__doc__


def test_a_small_fit_has_one_thread_and_afterwards_all_are_back(study, seen):
    tpm.driver_regression(study)
    assert seen == [{1}]
    assert blas_threads() == {2}


def test_nested_verbs_restore_what_was_before_the_outer_one(two_threads):
    inner = on_one_thread(blas_threads)
    outer = on_one_thread(lambda: [blas_threads(), inner(), blas_threads()])
    assert outer() == [{1}, {1}, {1}]
    assert blas_threads() == {2}


def test_an_exception_restores_them_as_well(two_threads):
    @on_one_thread
    def fails():
        raise ValueError(f"with {blas_threads()}")

    with pytest.raises(ValueError, match=r"^with \{1\}$"):
        fails()
    assert blas_threads() == {2}


@pytest.mark.parametrize("first_out", [0, 1])
def test_two_python_threads_at_once_restore_them_whoever_ends_last(two_threads, first_out):
    entered, leave, seen = [Event(), Event()], [Event(), Event()], {}

    @on_one_thread
    def work(number):
        entered[number].set()
        leave[number].wait(30)
        seen[number] = blas_threads()

    workers = [Thread(target=work, args=[number]) for number in (0, 1)]
    for number in (0, 1):
        workers[number].start()
        assert entered[number].wait(30)
    for number in (first_out, 1 - first_out):
        assert blas_threads() == {1}
        leave[number].set()
        workers[number].join(30)
    assert seen == {0: {1}, 1: {1}}
    assert blas_threads() == {2}


def test_numbers_that_belong_to_each_python_thread_are_restored_in_each(monkeypatch):
    """BLAS on OpenMP, which this machine need not have: a stand-in keeps a number for each Python thread."""

    class Library(local):
        threading_layer, num_threads = "openmp", 2

        def set_num_threads(self, number):
            self.num_threads = number

    library, entered, leave, seen = Library(), Event(), Event(), []
    monkeypatch.setattr(threads, "_process", process := threads._Process())
    monkeypatch.setattr(process, "_look", lambda: None)
    process.libraries = [library]

    def other():
        with threads._one_thread:
            seen.append(library.num_threads)
            entered.set()
            leave.wait(30)
        seen.append(library.num_threads)

    worker = Thread(target=other)
    with threads._one_thread:
        worker.start()
        assert entered.wait(30)
        seen.append(library.num_threads)
    seen.append(library.num_threads)
    leave.set()
    worker.join(30)
    assert seen == [1, 1, 2, 2]


@pytest.mark.parametrize("keyword", [False, True])
def test_a_large_study_keeps_its_threads(study, seen, monkeypatch, keyword):
    monkeypatch.setattr(threads, "LARGE", study.ratings.size)
    tpm.driver_regression(source=study) if keyword else tpm.driver_regression(study)
    assert seen == [{2}]


def test_a_large_frame_keeps_its_threads_whatever_its_columns_are_called(two_threads, monkeypatch):
    frame = pd.DataFrame({"ratings": [1, 2, 3]})
    observed = on_one_thread(lambda given: blas_threads())
    assert observed(frame) == {1}
    monkeypatch.setattr(threads, "LARGE", 3)
    assert observed(frame) == {2}


def test_a_library_that_was_loaded_later_is_limited_too():
    program = """
from threadpoolctl import threadpool_info, threadpool_limits
from tpm_widgets.threads import on_one_thread
def blas():
    return sorted(library["num_threads"] for library in threadpool_info() if library["user_api"] == "blas")
first = on_one_thread(blas)()
import scipy.linalg
with threadpool_limits(2, user_api="blas"):
    print(len(first), len(blas()), set(first), set(on_one_thread(blas)()), set(blas()))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    earlier, later, *seen = done.stdout.split()
    assert int(later) >= int(earlier)  # NumPy and SciPy share one library on some systems
    assert seen == ["{1}", "{1}", "{2}"]


def test_a_kernel_has_one_thread_unless_its_environment_says_how_many():
    safe = {"PYTHONSAFEPATH": "1"}  # no module is taken from the folder of a study
    assert kernel_environment({"HOME": "/"}) == {"HOME": "/", **safe, **dict.fromkeys(BLAS_VARIABLES, "1")}
    for name in (*BLAS_VARIABLES, "OMP_NUM_THREADS"):
        assert kernel_environment({name: "3"}) == {name: "3", **safe}


def test_the_kernels_of_a_run_have_one_thread(notebook, tmp_path, monkeypatch):
    monkeypatch.setattr(os, "environ", _without_threads())
    asked = notebook("import os; print(*[os.environ[name] for name in " + repr(BLAS_VARIABLES) + "])")
    execute({"asked": asked}, tmp_path, current_language())
    assert asked.cells[0].outputs[0]["text"] == "1 1 1\n"


def test_the_kernels_of_the_lab_have_one_thread(tmp_path, monkeypatch):
    from typer.testing import CliRunner

    environment, opened = _without_threads(), []
    monkeypatch.setattr(os, "environ", environment)
    monkeypatch.setattr(jupyterlab.labapp, "main", lambda arguments: opened.append((arguments, dict(os.environ))))
    assert CliRunner().invoke(cli.app, ["lab", str(tmp_path)]).exit_code == 0
    [(arguments, given)] = opened
    assert arguments[0] == str(tmp_path)
    assert {name: given.get(name) for name in BLAS_VARIABLES} == dict.fromkeys(BLAS_VARIABLES, "1")


def _without_threads():
    return {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
