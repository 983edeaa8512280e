"""What a command says at a terminal, and how it ends: in one sentence and with an exit code."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn

import typer

from tpm_widgets.language import say
from tpm_widgets.visible import visible

UNUSABLE, INTERRUPTED = 2, 130
LONGEST = 200  # letters of a path in a sentence


def take_any_letter() -> None:
    """Let a terminal that lacks a letter, as many do under LANG=C, show its number instead of an error."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def tell(words: object, *, err: bool = False) -> None:
    """Write words for a reader, in which nothing that data hold can command a terminal."""
    typer.echo(visible(str(words)), err=err)


def shorten(path: object) -> str:
    """Return a path as it can be read in a sentence: without what lies in the middle of a very long one."""
    text = str(path)
    return text if len(text) <= LONGEST else f"{text[: LONGEST // 2]}…{text[-LONGEST // 2 :]}"


def stop(message: object, code: int) -> NoReturn:
    """Say why a command ends, and end it."""
    tell(message, err=True)
    raise typer.Exit(code)


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """End a command that writes in one sentence when it is interrupted, or when there is no room or no permission."""

    def interrupt(*_: object) -> NoReturn:
        raise KeyboardInterrupt

    earlier = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except KeyboardInterrupt:
        stop(say("Interrupted. Nothing was written."), INTERRUPTED)
    except OSError as error:
        path, reason = shorten(error.filename2 or error.filename or Path()), error.strerror or str(error)
        stop(say("Nothing was written: {path}: {reason}", path=path, reason=reason), UNUSABLE)
    finally:
        signal.signal(signal.SIGTERM, earlier)


def tell_of_other_languages() -> None:
    """Say that the language which the environment asks for is not there, where that is so."""
    asked = os.environ.get("TPM_LANGUAGE", "")
    if asked and not asked.lower().startswith(("en", "de")):
        tell(say("TPM_LANGUAGE is {asked}; there are en and de. English is taken.", asked=shorten(asked)), err=True)
