"""What a person at the terminal sees while notebooks run: which ones do, and how long each took."""

from __future__ import annotations

import shutil
import time
from asyncio import CancelledError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from tpm_widgets.language import say

ERASE = "\r\x1b[K"


class Progress:
    """Writes one line for each notebook that has ended; at a terminal a last one counts the cells of those that run."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()
        self._running: dict[str, str] = {}
        self._ended = 0

    @contextmanager
    def notebook(self, name: str, count: int) -> Iterator[Callable[[int, int], None]]:
        """Tell of one of so many notebooks; gives the function to be called before each of its cells."""
        begun = time.monotonic()

        def tell_cell(cell: int, cells: int) -> None:
            self._running[name] = f"{name} {cell}/{cells}"
            self._write("")

        given_up = False
        try:
            yield tell_cell
        except CancelledError:  # another one has failed, or Ctrl-C
            given_up = True
            raise
        finally:
            self._running.pop(name, None)
            self._ended += not given_up
            seconds = say("{seconds:number:1} s", seconds=time.monotonic() - begun)
            self._write("" if given_up else f"[{self._ended}/{count}] {name}  {seconds}\n")

    def _write(self, line: str) -> None:
        """Write a line, and under it anew the one of those that run, which must not wrap."""
        if self._live:
            width = shutil.get_terminal_size().columns - 1
            line = f"{ERASE}{line}{'  '.join(self._running.values())[:width]}"
        self._stream.write(line)
        self._stream.flush()
