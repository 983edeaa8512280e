"""Go on where a study lacks something: say what is missing instead of stopping the notebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from inspect import getdoc
from typing import Any

from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say
from tpm_widgets.results import Result

MISSING = "application/vnd.tpm-missing+json"  # tells a report, beside the words, that a cell has nothing to show


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Missing(Result):
    """A result that this study cannot give; its table says what is missing and how to add it.

    Whatever is asked of it is itself, so that the cells that follow go on; in a notebook it is shown once.
    """

    verb: str
    purpose: str
    told: list[str] = field(default_factory=list)  # shared by all that lack the same; not empty once it was shown

    def sentences(self) -> tuple[Sentence, ...]:
        """Say what was left out, and what it would have told."""
        return (
            say("{verb} was left out, because this study lacks what it needs (below).", verb=self.verb),
            say("It would answer: {purpose}", purpose=self.purpose),
        )

    def lacks(self) -> set[tuple[str, str, str]]:
        """Return what the study would need, whatever for."""
        return set(self.table[["table", "column", "remedy"]].astype(str).itertuples(index=False, name=None))

    def __call__(self, *inputs: Any, **options: Any) -> Missing:
        """Hand itself on: what a missing result could do is missing too."""
        return self

    def __getitem__(self, part: Any) -> Missing:
        return self

    def __iter__(self) -> Iterator[Missing]:
        yield self

    def __getattr__(self, name: str) -> Missing:
        if name.startswith("_"):
            raise AttributeError(name)
        return self

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Show what is missing the first time, and nothing a second time; a report is told both."""
        first = not self.told
        self.told.append(self.verb)
        return {
            "text/plain": repr(self) if first else "",
            "text/html": self._repr_html_() if first else "",
            MISSING: {"verb": self.verb},
        }


def attempt(verb: Callable[..., Any], *inputs: Any, given: Any = None, after: Any = None, **options: Any) -> Any:
    """Call a verb, and where the study lacks what it needs, return what is missing instead of stopping.

    Notebooks that run on anybody's study use it for everything that rests on something optional.

    Parameters
    ----------
    verb : callable
        Any verb, plot or panel, such as ``tpm.referral_rate``.
    *inputs, **options
        What the verb is called with. Where one of them is itself ``Missing``, it is handed on.
    given : Result, optional
        An earlier result without which this one makes no sense, though the verb does not take it.
    after : Result, optional
        An earlier attempt: where it lacked the same, that is told once.

    Returns
    -------
    Result, Axes, Panel or Missing
        What the verb returns; or a ``Missing`` whose ``table`` has one row per thing that the study lacks:
        ``table``, ``column``, ``expected``, ``remedy``.

    Notes
    -----
    Only faults of the data (``DataError``) are caught. A wrong argument still raises.

    Examples
    --------
    >>> import pandas as pd, tpm_widgets as tpm
    >>> survey = pd.DataFrame({"recommend": [9, 10, 3, 8], "desk": [5, 4, 1, 4]})
    >>> study = tpm.make_study(survey=survey, recommend="recommend", touchpoints=["desk"])
    >>> rate = tpm.attempt(tpm.referral_rate, study)
    >>> print(rate.summary().split(".")[0])
    referral_rate was left out, because this study lacks what it needs (below)
    """
    for value in (*inputs, *options.values(), given):
        if isinstance(value, Missing):
            return value
    try:
        return verb(*inputs, **options)
    except DataError as error:
        purpose = (getdoc(verb) or "").split("\n")[0]
        table = error.problems[["table", "column", "expected", "remedy"]]
        missing = Missing(table=table, verb=getattr(verb, "__name__", str(verb)), purpose=purpose)
        if isinstance(after, Missing) and after.lacks() == missing.lacks():
            return after
        return missing
