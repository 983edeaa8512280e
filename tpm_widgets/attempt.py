"""Go on where a study lacks something: say what is missing instead of stopping the notebook."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
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

    def sentences(self) -> tuple[Sentence, ...]:
        """Say what was left out, and what it would have told."""
        return (
            say("{verb} was left out, because this study lacks what it needs (below).", verb=self.verb),
            say("It would answer: {purpose}", purpose=self.purpose),
        )

    def __call__(self, *inputs: Any, **options: Any) -> Missing:
        """Return itself: what a missing result could do is missing too."""
        return self

    def __getattr__(self, name: str) -> Missing:
        if name.startswith("_"):
            raise AttributeError(name)
        return self


def attempt(verb: Callable[..., Any], *inputs: Any, **options: Any) -> Any:
    """Call a verb, and where the study lacks what it needs, return what is missing instead of stopping.

    Notebooks that run on anybody's study use it for everything that rests on an optional table.

    Parameters
    ----------
    verb : callable
        Any verb, plot or panel, such as ``tpm.referral_rate``.
    *inputs, **options
        What the verb is called with. Where one of them is itself ``Missing``, it is handed on.

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
    for value in (*inputs, *options.values()):
        if isinstance(value, Missing):
            return value
    try:
        return verb(*inputs, **options)
    except DataError as error:
        purpose = (getdoc(verb) or "").split("\n")[0]
        table = error.problems[["table", "column", "expected", "remedy"]]
        return Missing(table=table, verb=getattr(verb, "__name__", str(verb)), purpose=purpose)
