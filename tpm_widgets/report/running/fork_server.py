"""A process that loads once what notebooks need; each kernel is a copy of it, forked when it is asked for.

It is started with the number of a socket and the folder that holds what a run puts down:
``python -m tpm_widgets.report.running.fork_server 7 FOLDER``. A line of JSON asks for a kernel. The answers are lines,
too: which process has become that kernel, and later that the process has ended.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import signal
import socket
import sys
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

from tpm_widgets.report.absent import seemingly_absent

LIBRARIES = ["numpy", "ipykernel.kernelapp", "ipykernel.ipkernel", "matplotlib.backends.backend_agg"]
WITHOUT_FOLDER = ("--InteractiveShellApp.ignore_cwd=True",)  # no module is imported from where a kernel stands
STARTS_THREADS = "polars"  # when it is imported, and statsmodels imports it where it is installed


def main() -> None:
    """Serve until whoever asked is gone; what that one leaves behind then, killed, is cleared away."""
    channel = socket.socket(fileno=int(sys.argv[1]))
    folders = [sys.argv[2]]
    try:
        _load()
    except OSError:
        if Path(folders[0]).exists():
            raise
        return  # whoever asked was interrupted at once, and has cleared the ground that this stands on
    signal.signal(signal.SIGCHLD, lambda *_: _tell_ends(channel))
    kernels: list[int] = []
    for line in channel.makefile("r", encoding="utf-8"):
        request = json.loads(line)
        if "clear" in request:
            folders.append(request["clear"])
            continue
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})  # a beginning is told before its end
        process = os.fork()
        if not process:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        else:
            kernels.append(process)
            _tell(channel, {"kernel": request["connection_file"], "process": process})
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        if not process:
            channel.close()
            _become_kernel(**request)
    _clear(kernels, folders)


def _clear(kernels: list[int], folders: list[str]) -> None:
    """End the kernels that are left, and remove the temporary folders."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for process in kernels:
        with suppress(OSError):
            os.killpg(process, signal.SIGKILL)
    for process in kernels:
        with suppress(OSError):
            os.waitpid(process, 0)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


def _load() -> None:
    """Import what kernels are going to use, without starting a thread: a copy has only the thread that forked it."""
    import tpm_widgets

    with seemingly_absent(STARTS_THREADS):
        for library in LIBRARIES:
            import_module(library)
        for name in dir(tpm_widgets):
            getattr(tpm_widgets, name)
    gc.collect()
    gc.freeze()  # so that collecting garbage does not write to pages that the copies share


def _tell_ends(channel: socket.socket) -> None:
    """Tell of every kernel that has ended since."""
    while True:
        try:
            process, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if not process:
            return
        _tell(channel, {"ended": process})


def _tell(channel: socket.socket, message: dict[str, Any]) -> None:
    with suppress(OSError):  # nobody listens any more, which the loop is going to see
        channel.sendall(json.dumps(message).encode() + b"\n")


def _become_kernel(connection_file: str, folder: str, environment: dict[str, str]) -> None:
    """Go on as ``python -m ipykernel_launcher`` would, in a folder and an environment of one's own."""
    import ipykernel_launcher
    import numpy as np
    from ipykernel.kernelapp import launch_new_instance

    os.setsid()  # so that it is ended together with what it starts, and not by a key that is meant for others
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment, JPY_PARENT_PID=str(os.getppid()))
    sys.argv = [ipykernel_launcher.__file__, "-f", connection_file, *WITHOUT_FOLDER]
    if len(list(Path(f"/proc/{os.getppid()}/task").iterdir())) > 1:  # some library's threads: this copy is not whole
        os.execv(sys.executable, [sys.executable, "-m", Path(ipykernel_launcher.__file__).stem, *sys.argv[1:]])
    np.random.seed()  # noqa: NPY002  # else chance would be the same in every kernel
    launch_new_instance(parent_handle=os.getppid())  # without the server the kernel ends, too
    sys.exit()


if __name__ == "__main__":
    main()
