"""Commands that speak the reader's language: their help, and what the library of commands says by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import StringIO
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

from tpm_widgets.language import Sentence, current_language, say


class Command(TyperCommand):
    """A command whose help is in the reader's language; its texts are templates of sentences."""

    def get_help(self, ctx: Any) -> str:
        """Return the help page."""
        with _texts_in_own_language(self):
            return _in_own_words(super().get_help(ctx))


class Commands(TyperGroup):
    """The commands, with help and refusals in the reader's language."""

    def get_help(self, ctx: Any) -> str:
        """Return the help page."""
        with _texts_in_own_language(self, *self.commands.values()):
            return _in_own_words(super().get_help(ctx))

    def make_context(self, *args: Any, **options: Any) -> Any:
        """Take the arguments apart."""
        with _refusals_in_own_words():
            return super().make_context(*args, **options)

    def invoke(self, ctx: Any) -> Any:
        """Run a command."""
        with _refusals_in_own_words():
            return super().invoke(ctx)


@contextmanager
def _texts_in_own_language(*commands: Any) -> Iterator[None]:
    """Put the texts of commands and of their options into the reader's language, as long as help is written."""
    holders = [*commands, *(option for command in commands for option in command.params)]
    kept = [(holder, holder.help) for holder in holders if getattr(holder, "help", None)]
    for holder, text in kept:
        holder.help = Sentence(text, {}).text()
    try:
        yield
    finally:
        for holder, text in kept:
            holder.help = text


@contextmanager
def _refusals_in_own_words() -> Iterator[None]:
    """Let a refusal of arguments show itself in the reader's language."""
    try:
        yield
    except Exception as refusal:
        if hasattr(refusal, "format_message") and "show" not in vars(refusal):
            show = refusal.show  # type: ignore[attr-defined]

            def show_in_own_words(file: Any = None) -> None:
                held = StringIO()
                show(held)
                typer.echo(_in_own_words(held.getvalue()), nl=False, file=file, err=file is None)

            refusal.show = show_in_own_words  # type: ignore[attr-defined]
        raise


def _in_own_words(text: str) -> str:
    """Put what the library of commands says by itself into the reader's language, line by line."""
    if current_language() == "en":
        return text
    for pattern, sentence in _words():
        text = re.sub(pattern, lambda found, own=sentence: _filled(own, found), text, flags=re.MULTILINE)  # type: ignore[misc]
    return text


def _filled(sentence: Sentence, found: re.Match[str]) -> str:
    return Sentence(sentence.template, found.groupdict()).text()


def _words() -> tuple[tuple[str, Sentence], ...]:
    """Return what the library says, as patterns, and the sentences for it."""
    return (
        (r"^Usage:", say("Usage:")),
        (r"^Options:$", say("Options:")),
        (r"^Arguments:$", say("Arguments:")),
        (r"^Commands:$", say("Commands:")),
        (r"\[OPTIONS\]", say("[OPTIONS]")),
        (r"COMMAND \[ARGS\]\.\.\.", say("COMMAND [ARGS]...")),
        (r"\[required\]", say("[required]")),
        (r"\[default: ", say("[default: ")),
        (r"Show this message and exit\.", say("Show this message and exit.")),
        (r"^Try '(?P<command>.*)' for help\.$", say("Try '{command}' for help.", command="")),
        (r"^Error: ", say("Error: ")),
        (r"No such command (?P<name>'.*?')\.", say("No such command {name}.", name="")),
        (r"No such option: (?P<name>\S+)", say("No such option: {name}", name="")),
        (r"Did you mean (?P<name>'.*?')\?", say("Did you mean {name}?", name="")),
        (r"Missing (?:argument|option) (?P<name>'.*?')\.", say("{name} is missing.", name="")),
        (r"Invalid value for (?P<name>\S+): ", say("Wrong value for {name}: ", name="")),
        (
            r"(?:[Ff]ile|[Pp]ath|[Dd]ir|[Dd]irectory) (?P<name>'.*?') does not exist\.",
            say("{name} does not exist.", name=""),
        ),
        (r"Got unexpected extra arguments? (?P<names>\(.*?\))", say("Too many arguments: {names}", names="")),
        (r"Option (?P<name>'.*?') requires an argument\.", say("{name} needs a value.", name="")),
    )
