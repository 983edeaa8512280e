"""The lines of a study.toml: settings, comments above them, and questions with the other answer to take instead."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

from tpm_widgets.language import Sentence, say
from tpm_widgets.study.cells.toml import toml_line

WIDTH = 110
SHOWN = 160  # letters of a question's words in a comment


class Draft:
    """Gathers the lines of a study.toml, and the questions that it asks."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self.questions: list[Sentence] = []
        self._repeated: dict[str, Sentence] = {}

    def section(self, name: str) -> None:
        """Begin a section."""
        self.blank()
        self._lines.append(f"[{name}]")

    def blank(self) -> None:
        """Leave a line free, once."""
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def comment(self, *words: Sentence | str) -> None:
        """Write a comment, in the language of the moment."""
        text = " ".join(str(part) for part in words)
        self._lines += [
            f"# {line}" for line in textwrap.wrap(text, WIDTH, break_long_words=False, break_on_hyphens=False)
        ]

    def set(self, key: str, value: Any) -> None:
        """Write a setting."""
        self._lines.append(line(key, value))

    def codes(self, column: str, values: Mapping[str, Any]) -> None:
        """Write the codes of one column."""
        self._lines.append(codes_line(column, values))

    def setting_in(self, table: str, values: Mapping[str, Any]) -> None:
        """Write a section with one setting for each key."""
        self.section(table)
        for key, value in values.items():
            self.set(key, value)

    def ask(self, question: Sentence, *instead: str, repeated: bool = True) -> None:
        """Ask what could not be known, and write each other answer as a line that only has to be uncommented.

        ``repeated``: the check and the report repeat it until it is answered; else they see the doubt themselves.
        """
        self.questions.append(question)
        if repeated:
            self._repeated[str(len(self.questions))] = question
        self.comment(say("QUESTION {number}:", number=len(self.questions)), question)
        if instead:
            self.offer(say("If so, take instead:"), *instead)

    def offer(self, words: Sentence, *lines: str) -> None:
        """Write lines that only have to be uncommented, and when to take them."""
        self.comment(words)
        self._lines += [f"# {row}" for line in lines for row in line.splitlines()]

    def text(self) -> str:
        """Return the whole file."""
        if self._repeated:
            self.section("questions")
            self.comment(say("The check and the report repeat these. Delete each when it is answered, in either way."))
            for number, question in self._repeated.items():
                self.set(number, str(question))
            self._repeated = {}
        return "\n".join([*self._lines, ""])


def line(key: str, value: Any) -> str:
    """Return one setting as a line."""
    return toml_line(key, value, WIDTH)


def codes_line(column: str, values: Mapping[str, Any]) -> str:
    """Return the codes of one column as a line of [survey]."""
    return f"codes.{line(column, values)}"


def shortened(words: str) -> str:
    """Return the words of a question, cut where they are long."""
    return words if len(words) <= SHOWN else words[: SHOWN - 1].rstrip() + "…"
