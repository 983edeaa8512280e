"""What was learned: the sentences of several results under one another."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from tpm_widgets.attempt import MISSING, Missing
from tpm_widgets.language import Language, Sentence, current_language, read, say
from tpm_widgets.results import Result


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class Takeaways(Result):
    """The findings of a notebook, in the order in which they were given; ``table`` has ``result`` and ``finding``."""

    findings: tuple[tuple[Sentence, ...], ...]

    def sentences(self) -> tuple[Sentence, ...]:
        """Every sentence of every result."""
        if not self.findings:
            return (say("Nothing yet: this study lacks what these steps need."),)
        return tuple(sentence for finding in self.findings for sentence in finding)

    def __repr__(self) -> str:
        return f"Takeaways({len(self.findings)} findings)"

    def _repr_html_(self) -> str:
        language: Language = current_language()
        if not self.findings:
            return f"<p>{escape(self.summary(language))}</p>"
        points = "".join(f"<li>{escape(read(finding, language))}</li>" for finding in self.findings)
        return f'<ul class="tpm-takeaways">{points}</ul>'

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Tell a report that nothing is in it."""
        return {} if self.findings else {MISSING: {"verb": "takeaways"}}


def takeaways(*results: Result) -> Takeaways:
    """Gather what several results found, in sentences that the data wrote.

    Parameters
    ----------
    *results : Result
        Results in the order of the story; what is missing has found nothing and is passed over.

    Returns
    -------
    Takeaways
        ``table`` with one row per result: ``result`` (its kind), ``finding`` (its sentences in the current language).

    Raises
    ------
    TypeError
        Where something is no result.

    Examples
    --------
    >>> import pandas as pd, tpm_widgets as tpm
    >>> survey = pd.DataFrame({"recommend": [9, 10, 3, 8], "desk": [5, 4, 1, 4]})
    >>> study = tpm.make_study(survey=survey, recommend="recommend", touchpoints=["desk"])
    >>> tpm.takeaways(tpm.net_promoter_score(study))
    Takeaways(1 findings)
    """
    for result in results:
        if not isinstance(result, Result):
            raise TypeError(f"takeaways() gathers results; got {type(result).__name__}.")
    found = [result for result in results if not isinstance(result, Missing)]
    findings = tuple(result.sentences() for result in found)
    table = pd.DataFrame(
        {"result": [type(result).__name__ for result in found], "finding": [read(finding) for finding in findings]}
    )
    return Takeaways(table=table, findings=findings)
