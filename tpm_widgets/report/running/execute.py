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
from nbclient.exceptions import DeadKernelError
from nbformat import NotebookNode

from tpm_widgets.language import Language, say
from tpm_widgets.report.failures import Failure, cause_of
from tpm_widgets.report.running.fork_server import WITHOUT_FOLDER
from tpm_widgets.report.running.forking import ForkServer
from tpm_widgets.report.running.kernels import at_once, make_manager
from tpm_widgets.threads import kernel_environment

TellCell = Callable[[int, int], None]
Watch = Callable[[str], AbstractContextManager[TellCell]]
EXPECTED = "raises-exception"  # the tag, as Jupyter has it, of a cell that is meant to end with an error


def execute(
    notebooks: Mapping[str, NotebookNode],
    folder: Path,
    language: Language,
    watch: Watch = lambda _: nullcontext(lambda *_: None),
    server: ForkServer | None = None,
    environment: Mapping[str, str] | None = None,
) -> list[Failure]:
    """Run every cell of some notebooks in ``folder``, keep the outputs in them, and return the cells that failed.

    After an error the cells that follow are run all the same; after the end of a kernel, those of other notebooks.

    ``watch(name)`` is entered while a notebook runs, and gives what is called before each code cell with its number
    and their count. The kernels are forked from ``server`` where there is one, and end with the call, also when it
    is interrupted. ``environment`` is added to that of the kernels.
    """

    async def execute_one(name: str) -> list[Failure]:
        beside = None if server is None else server.folder
        with watch(name) as tell_cell, TemporaryDirectory(prefix="tpm-", dir=beside) as private:
            manager = make_manager(Path(private), server)
            # with allow_errors a kernel does not refuse what it is asked next
            options = {"timeout": None, "store_widget_state": False, "allow_errors": True}
            client = NotebookClient(notebooks[name], km=manager, extra_arguments=list(WITHOUT_FOLDER), **options)
            # what a kernel puts down for a while, as matplotlib does where nobody has a home, goes with it
            own = {"TPM_LANGUAGE": language, "TMPDIR": private, **(environment or {})}
            async with _kernel(manager, client, folder, own):
                return await _execute_cells(name, client, tell_cell)

    found = asyncio.run(_side_by_side(list(notebooks), execute_one))
    return [failure for failures in found for failure in failures]


async def _side_by_side(
    names: list[str], execute_one: Callable[[str], Coroutine[Any, Any, list[Failure]]]
) -> list[list[Failure]]:
    """Execute as many at the same time as the machine has room for, each begun in its turn."""
    room = asyncio.Semaphore(at_once(len(names)))

    async def in_turn(name: str) -> list[Failure]:
        async with room:
            return await execute_one(name)

    tasks = [asyncio.create_task(in_turn(name)) for name in names]
    try:
        return [await task for task in tasks]
    finally:
        for task in tasks:
            if not task.cancelling():  # a second time would stop it while it ends its kernel
                task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@asynccontextmanager
async def _kernel(
    manager: AsyncKernelManager, client: NotebookClient, folder: Path, own: Mapping[str, str]
) -> AsyncIterator[None]:
    """Start a client's kernel, and end it; the client's own ``async_setup_kernel`` takes Ctrl-C for itself."""
    try:
        await client.async_start_new_kernel(cwd=str(folder.absolute()), env={**kernel_environment(os.environ), **own})
        await client.async_start_new_kernel_client()
        yield
    finally:
        if client.kc is not None:
            client.kc.stop_channels()
        if manager.has_kernel:
            await manager.shutdown_kernel(now=True)
        await manager.cleanup_resources()


async def _execute_cells(name: str, client: NotebookClient, tell_cell: TellCell) -> list[Failure]:
    code = [(place, cell) for place, cell in enumerate(client.nb.cells) if cell.cell_type == "code" and cell.source]
    found: list[Failure] = []
    failed: list[tuple[int, str]] = []  # number and source
    for number, (place, cell) in enumerate(code, start=1):
        tell_cell(number, len(code))
        first_line = cell.source.strip().split("\n", 1)[0]
        try:
            await client.async_execute_cell(cell, place)
        except DeadKernelError:
            if (task := asyncio.current_task()) and task.cancelling():  # the client takes the one for the other
                raise asyncio.CancelledError from None
            died = say("the kernel died, perhaps for want of memory")
            return [*found, Failure(name, number, place, first_line, died, ended=True)]
        error = next((output for output in cell.outputs if output.output_type == "error"), None)
        if error is not None and EXPECTED not in cell.metadata.get("tags", ()):
            cause = cause_of(error.evalue, failed) if error.ename == "NameError" else None
            failed.append((cause or number, cell.source))
            found.append(Failure(name, number, place, first_line, f"{error.ename}: {error.evalue}", cause))
    return found
