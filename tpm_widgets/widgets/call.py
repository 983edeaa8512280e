"""A call of a verb that can be made and written down: what was clicked is what can be published."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tpm_widgets.study.model import Study

KEPT = 16  # results that a panel remembers, so that going back and forth costs nothing


@dataclass(frozen=True, slots=True, eq=False)
class Call:
    """A verb, what it is given first (the study, or another call), and its options."""

    verb: Callable[..., Any]
    source: Study | Call
    options: Mapping[str, Any]

    def __str__(self) -> str:
        """Write the call as a line that runs where ``tpm`` is the package and ``study`` the study."""
        source = str(self.source) if isinstance(self.source, Call) else "study"
        options = write_options(self.options)
        return f"{verb_name(self.verb)}({source}{', ' if options else ''}{options})"


def write_options(options: Mapping[str, Any]) -> str:
    """Write options as keyword arguments; any mapping as a plain dictionary."""
    plain = {name: dict(value) if isinstance(value, Mapping) else value for name, value in options.items()}
    return ", ".join(f"{name}={value!r}" for name, value in plain.items())


def verb_name(verb: Callable[..., Any]) -> str:
    """Return ``tpm.say_do`` for a verb of the package, and its own name for anybody else's function."""
    prefix = "tpm." if verb.__module__.startswith("tpm_widgets.") else ""
    return prefix + verb.__name__


class Calls:
    """Makes calls and remembers the last ones; a source that is itself a call (a fitted model) is made only once."""

    def __init__(self) -> None:
        self._results: dict[str, Any] = {}  # in the order of their last use

    def knows(self, call: Call) -> bool:
        """Tell whether the call was made before."""
        return str(call) in self._results

    def make(self, call: Call) -> Any:
        """Return what the verb returns, or returned before."""
        text = str(call)
        if text in self._results:
            self._results[text] = self._results.pop(text)
            return self._results[text]
        source = self.make(call.source) if isinstance(call.source, Call) else call.source
        result = self._results[text] = call.verb(source, **call.options)
        if len(self._results) > KEPT:
            self._results.pop(next(iter(self._results)))
        return result
