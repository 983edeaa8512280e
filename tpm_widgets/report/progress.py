"""What a person at the terminal sees while notebooks run: which one, and how long each took."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from tpm_widgets.language import Number, say

ERASE = "\r\x1b[K"


class Progress:
    """Writes one line per notebook; at a terminal it also counts the cells of the one that runs."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._live = stream.isatty()

    @contextmanager
    def notebook(self, name: str, number: int, count: int) -> Iterator[Callable[[int, int], None]]:
        """Announce a notebook; gives the function to be called before each of its cells."""
        begun = time.monotonic()
        title = f"[{number}/{count}] {name}"

        def tell_cell(cell: int, cells: int) -> None:
            if self._live:
                place = say("cell {cell} of {cells}", cell=cell, cells=cells)
                self._write(f"{ERASE}{title}  {place}")

        try:
            yield tell_cell
        finally:
            seconds = say("{seconds} s", seconds=Number(time.monotonic() - begun, 1))
            self._write(f"{ERASE if self._live else ''}{title}  {seconds}\n")

    def _write(self, text: str) -> None:
        self._stream.write(text)
        self._stream.flush()
