"""One thread of linear algebra for small problems, whatever the user's environment: on many, small matrices only wait.

BLAS spreads even the product of two small matrices over all cores, and each of its threads spins until the others are
there: on a busy machine that takes ten times as long as the work itself. Every verb that computes is therefore
``on_one_thread``; large tables keep the cores.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from itertools import compress
from threading import Lock, local
from typing import Any, ParamSpec, TypeVar

import pandas as pd
from threadpoolctl import OpenBLASController, ThreadpoolController

LARGE = 10_000_000  # numbers in a table, from which on the products of its columns are worth several threads
BLAS_VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS")

P = ParamSpec("P")
R = TypeVar("R")


class _OneThread(local):
    """One thread from the first entrance to the last exit, of nested calls as of several Python threads at once.

    The number of BLAS threads belongs to the process (with OpenMP to each Python thread): who enters first notes it,
    who leaves last restores it.
    """

    depth = 0  # in this Python thread

    def __enter__(self) -> None:
        if not self.depth:
            _process.enter()
        self.depth += 1

    def __exit__(self, *_: object) -> None:
        self.depth -= 1
        if not self.depth:
            _process.leave()


class _Process:
    """How many Python threads are inside, and how many threads each BLAS library had before the first."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.inside = 0
        self.seen = 0
        self.libraries: list[Any] = []
        self.earlier: list[int] = []

    def enter(self) -> None:
        with self.lock:
            if not self.inside:
                self._look()
                self.earlier = [library.num_threads for library in self.libraries]
            self.inside += 1
            self._set([1] * len(self.libraries), self.libraries)

    def leave(self) -> None:
        with self.lock:
            self.inside -= 1
            own = [not self.inside or getattr(library, "threading_layer", "") == "openmp" for library in self.libraries]
            self._set(compress(self.earlier, own), compress(self.libraries, own))

    def _look(self) -> None:
        """Look for BLAS libraries again only where a module was imported since: that takes 50 times as long."""
        if self.seen != len(sys.modules):
            self.libraries = ThreadpoolController().select(user_api="blas").lib_controllers
            self.seen = len(sys.modules)

    @staticmethod
    def _set(numbers: Iterable[int], libraries: Iterable[Any]) -> None:
        for number, library in zip(numbers, libraries, strict=True):
            library.set_num_threads(number)
        # threadpoolctl lets only the Python thread that set the number first set it again; the last may be another.
        OpenBLASController.clear_controlling_thread()


_process = _Process()
_one_thread = _OneThread()


def on_one_thread(verb: Callable[P, R]) -> Callable[P, R]:
    """Make a verb use one thread of linear algebra, unless it is given a large study or frame.

    Tables that are read in batches need no exception: there the threads are ours, one batch each.
    """

    @wraps(verb)
    def limited(*args: P.args, **options: P.kwargs) -> R:
        if any(_is_large(given) for given in (*args, *options.values())):
            return verb(*args, **options)
        with _one_thread:
            return verb(*args, **options)

    return limited


def _is_large(given: object) -> bool:
    tables = (given, getattr(given, "ratings", None))  # a frame, or a study's answers
    return any(isinstance(table, pd.DataFrame) and table.size >= LARGE for table in tables)


def kernel_environment(given: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that gives a kernel one thread of linear algebra, unless it says itself how many.

    ``OMP_NUM_THREADS`` is respected and not set: Arrow reads files with as many threads. No module is looked for in
    the folder that a kernel stands in: with a study that somebody sent it holds somebody's files.
    """
    given = {**given, "PYTHONSAFEPATH": "1"}
    if {*BLAS_VARIABLES, "OMP_NUM_THREADS"} & set(given):
        return dict(given)
    return {**given, **dict.fromkeys(BLAS_VARIABLES, "1")}
