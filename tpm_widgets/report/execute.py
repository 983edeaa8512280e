"""Notebooks executed side by side, each in a kernel of its own."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from jupyter_client import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, DeadKernelError
from nbformat import NotebookNode

from tpm_widgets.language import Language, say
from tpm_widgets.report.forking import ForkServer
from tpm_widgets.report.kernels import at_once, make_manager
from tpm_widgets.threads import kernel_environment

TellCell = Callable[[int, int], None]
Watch = Callable[[str], AbstractContextManager[TellCell]]


class CellError(Exception):
    """A cell that ended with an error; its notebook keeps what ran before it, and the error."""

    def __init__(self, notebook: str, number: int, source: str, error: str) -> None:
        self.notebook = notebook
        self.number = number
        self.first_line = source.strip().split("\n", 1)[0]
        self.error = error
        super().__init__(f"{notebook}, cell {number} ({self.first_line}): {error}")


def execute(
    notebooks: Mapping[str, NotebookNode],
    folder: Path,
    language: Language,
    watch: Watch = lambda _: nullcontext(lambda *_: None),
    server: ForkServer | None = None,
) -> None:
    """Run every cell of some notebooks in ``folder`` and keep the outputs in them.

    ``watch(name)`` is entered while a notebook runs, and gives what is called before each code cell with its number
    and their count. The kernels are forked from ``server`` where there is one, and end with the call, also when it
    is interrupted.

    Raises
    ------
    CellError
        For the first notebook, in their order, in which a cell ends with an error, whichever of them is quicker.
        Those before it were executed, those after it are given up.
    """

    async def execute_one(name: str) -> None:
        with watch(name) as tell_cell, TemporaryDirectory(prefix="tpm-") as private:
            manager = make_manager(Path(private), server)
            client = NotebookClient(notebooks[name], km=manager, timeout=None, store_widget_state=False)
            async with _kernel(manager, client, folder, language):
                await _execute_cells(name, client, language, tell_cell)

    asyncio.run(_side_by_side(list(notebooks), execute_one))


async def _side_by_side(names: list[str], execute_one: Callable[[str], Coroutine[Any, Any, None]]) -> None:
    """Execute as many at the same time as the machine has room for, each begun in its turn."""
    room = asyncio.Semaphore(at_once(len(names)))
    tasks: list[asyncio.Task[None]] = []

    async def in_turn(place: int) -> None:
        async with room:
            try:
                await execute_one(names[place])
            except CellError:
                _give_up(tasks[place + 1 :])
                raise

    tasks += [asyncio.create_task(in_turn(place)) for place in range(len(names))]
    try:
        for task in tasks:
            await task
    finally:
        _give_up(tasks)
        await asyncio.gather(*tasks, return_exceptions=True)


def _give_up(tasks: list[asyncio.Task[None]]) -> None:
    for task in tasks:
        if not task.cancelling():  # a second time would stop it while it ends its kernel
            task.cancel()


@asynccontextmanager
async def _kernel(
    manager: AsyncKernelManager, client: NotebookClient, folder: Path, language: Language
) -> AsyncIterator[None]:
    """Start a client's kernel, and end it; the client's own ``async_setup_kernel`` takes Ctrl-C for itself."""
    try:
        await client.async_start_new_kernel(
            cwd=str(folder.absolute()), env={**kernel_environment(os.environ), "TPM_LANGUAGE": language}
        )
        await client.async_start_new_kernel_client()
        yield
    finally:
        if client.kc is not None:
            client.kc.stop_channels()
        if manager.has_kernel:
            await manager.shutdown_kernel(now=True)
        await manager.cleanup_resources()


async def _execute_cells(name: str, client: NotebookClient, language: Language, tell_cell: TellCell) -> None:
    code = [(index, cell) for index, cell in enumerate(client.nb.cells) if cell.cell_type == "code" and cell.source]
    for number, (index, cell) in enumerate(code, start=1):
        tell_cell(number, len(code))
        try:
            await client.async_execute_cell(cell, index)
        except CellExecutionError as failure:
            raise CellError(name, number, cell.source, f"{failure.ename}: {failure.evalue}") from None
        except DeadKernelError:
            if (task := asyncio.current_task()) and task.cancelling():  # the client takes the one for the other
                raise asyncio.CancelledError from None
            died = say("the kernel died, perhaps for want of memory")
            raise CellError(name, number, cell.source, died.text(language)) from None
