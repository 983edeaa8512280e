"""Go on where a study lacks something: say what is missing instead of stopping the notebook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from inspect import getdoc
from typing import Any

from tpm_widgets.errors import DataError
from tpm_widgets.language import Sentence, say
from tpm_widgets.results import Result


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Missing(Result):
    """A result that this study cannot give; its table says what is missing and how to add it.

    Whatever is asked of it is missing too, so that the cells that follow say the same and go on.
    """

    verb: str
    purpose: str
    again: bool = False  # handed on: what is missing was told before

    def sentences(self) -> tuple[Sentence, ...]:
        """Say what was left out, and what it would have told."""
        if self.again:
            return (say("Left out with {verb}, see above.", verb=self.verb),)
        return (
            say("{verb} was left out, because this study lacks what it needs (below).", verb=self.verb),
            say("It would answer: {purpose}", purpose=self.purpose),
        )

    def __call__(self, *inputs: Any, **options: Any) -> Missing:
        """Hand itself on: what a missing result could do is missing too."""
        return replace(self, again=True)

    def __getitem__(self, part: Any) -> Missing:
        return replace(self, again=True)

    def __getattr__(self, name: str) -> Missing:
        if name.startswith("_"):
            raise AttributeError(name)
        return replace(self, again=True)

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.summary())}</p>" if self.again else Result._repr_html_(self)


def attempt(verb: Callable[..., Any], *inputs: Any, given: Any = None, **options: Any) -> Any:
    """Call a verb, and where the study lacks what it needs, return what is missing instead of stopping.

    Notebooks that run on anybody's study use it for everything that rests on an optional table.

    Parameters
    ----------
    verb : callable
        Any verb, plot or panel, such as ``tpm.referral_rate``.
    *inputs, **options
        What the verb is called with. Where one of them is itself ``Missing``, it is handed on.
    given : Result, optional
        An earlier result without which this one makes no sense, though the verb does not take it.

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
            return replace(value, again=True)
    try:
        return verb(*inputs, **options)
    except DataError as error:
        purpose = (getdoc(verb) or "").split("\n")[0]
        table = error.problems[["table", "column", "expected", "remedy"]]
        return Missing(table=table, verb=getattr(verb, "__name__", str(verb)), purpose=purpose)
