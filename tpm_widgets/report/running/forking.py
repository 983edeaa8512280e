"""The server that kernels are forked from, as seen by the process that asks for them."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryDirectory

PATIENCE = 10  # seconds for the server to end its kernels itself
CAN_FORK = sys.platform == "linux"  # elsewhere the system's own libraries start threads, which a copy would lack
# The server must have no thread but its own, neither of linear algebra nor for tidying up in pyarrow's allocator.
NO_OTHER_THREAD = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "BLIS_NUM_THREADS"), "1"),
    "JE_ARROW_MALLOC_CONF": "background_thread:false",
    "PYTHONSAFEPATH": "1",  # it stands in a folder of its own, and looks for no module there
}


@contextmanager
def fork_server() -> Iterator[ForkServer | None]:
    """Start a server, which loads while one does other things, and end it with all its kernels; None without fork."""
    if not CAN_FORK:
        yield None
        return
    with TemporaryDirectory(prefix="tpm-", ignore_cleanup_errors=True) as private:  # of all that a run puts down
        server = ForkServer(Path(private))
        try:
            yield server
        finally:
            server.close()


class ForkServer:
    """Asks the server for kernels, and keeps what it tells of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._channel, theirs = socket.socketpair()
        self._channel.setblocking(False)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tpm_widgets.report.running.fork_server", str(theirs.fileno()), str(folder)],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                cwd=folder,
                env={**os.environ, **NO_OTHER_THREAD},
                start_new_session=True,  # Ctrl-C is for the one who asks
            )
        self.pid = self._process.pid
        self._unread = b""
        self._processes: dict[str, int] = {}
        self._ended: set[int] = set()
        self._asked = 0

    def clear_afterwards(self, folder: Path) -> None:
        """Have a folder removed if whoever asks is killed before its end."""
        with suppress(OSError):
            self._channel.sendall(json.dumps({"clear": str(folder)}).encode() + b"\n")

    async def fork(self, connection_file: str, folder: str, environment: Mapping[str, str]) -> ForkedProcess | None:
        """Ask for a kernel; None where the server is gone, as when something could not be loaded."""
        request = {"connection_file": connection_file, "folder": folder, "environment": dict(environment)}
        self._asked += 1
        with suppress(OSError):
            await asyncio.get_running_loop().sock_sendall(self._channel, json.dumps(request).encode() + b"\n")
        while self._listen():
            if process := self._processes.get(connection_file):
                return ForkedProcess(self, process)
            await asyncio.sleep(0.01)
        return None

    def has_ended(self, process: int) -> bool:
        """Tell whether a kernel has ended; without the server it is as good as ended."""
        return not self._listen() or process in self._ended

    def close(self) -> None:
        """End the server and every kernel that is left."""
        self._listen()
        for process in set(self._processes.values()) - self._ended:
            with suppress(OSError):
                os.killpg(process, signal.SIGKILL)
        if self._asked > len(self._processes):  # a kernel that has just begun is known to the server only
            with suppress(OSError):
                self._channel.shutdown(socket.SHUT_WR)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(PATIENCE)
        self._channel.close()
        self._process.kill()
        self._process.wait()

    def _listen(self) -> bool:
        """Take in what the server has said by now; False where it is gone."""
        try:
            while heard := self._channel.recv(65536):
                *lines, self._unread = (self._unread + heard).split(b"\n")
                for message in map(json.loads, lines):
                    if "ended" in message:
                        self._ended.add(message["ended"])
                    else:
                        self._processes[message["kernel"]] = message["process"]
        except BlockingIOError:
            return True
        except OSError:
            pass
        return False


class ForkedProcess:
    """A process that is not our child, in the manner of ``subprocess.Popen``."""

    stdin = stdout = stderr = None

    def __init__(self, server: ForkServer, pid: int) -> None:
        self._server = server
        self.pid = pid

    def poll(self) -> int | None:
        """Return None as long as it runs, and then a number that says nothing more."""
        return 1 if self._server.has_ended(self.pid) else None

    wait = poll

    def send_signal(self, number: int) -> None:
        """Send a signal to it, unless it has ended."""
        with suppress(ProcessLookupError):
            if self.poll() is None:
                os.kill(self.pid, number)
