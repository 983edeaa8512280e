"""What would be first if deeds were the aim, beside what would be first if words were."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.plan.actions import ActionRanking
from tpm_widgets.plan.first_action import AIMS
from tpm_widgets.results import Result
from tpm_widgets.strategy.aims.priorities import Priorities
from tpm_widgets.strategy.drivers.outcomes import SAID
from tpm_widgets.threads import on_one_thread


@dataclass(frozen=True, slots=True, kw_only=True, repr=False, eq=False)
class SideBySide(Result):
    """Two rankings, for deeds and for words; see :func:`side_by_side`.

    Attributes
    ----------
    first : mapping of str to tuple of str
        What each of them would begin with: "deeds", "words", and "both".
    labels : mapping
        The words for each touchpoint.
    """

    first: Mapping[str, tuple[str, ...]]
    labels: Mapping[str, str]

    def sentences(self) -> tuple[Sentence, ...]:
        """Say what to begin with for deeds, for words, and for both."""
        if "action" in self.table:
            apart = int((self.table["quick_win_deeds"] != self.table["quick_win_words"]).sum())
            return (
                say(
                    "Quick wins for deeds (referral rate): {deeds:list:8}; for {aim}: {words:list:8}; for both: "
                    "{both:list:8}.",
                    self.first,
                    aim=AIMS[self.settings["words"]],
                ),
                say_n(
                    "{count} action is a quick win for one of the two only.",
                    "{count} actions are quick wins for one of the two only.",
                    apart,
                ),
            )
        apart = int((self.table["quadrant_deeds"] != self.table["quadrant_words"]).sum())
        return (
            say(
                "To concentrate on for deeds: {deeds:list:8}; for words: {words:list:8}; for both: {both:list:8}.",
                self.first,
            ),
            say_n(
                "{count} touchpoint stands elsewhere on the map for deeds than for words.",
                "{count} touchpoints stand elsewhere on the map for deeds than for words.",
                apart,
            ),
        )


@on_one_thread
def side_by_side(deeds: Any, words: Any) -> SideBySide:
    """Put the order that deeds give beside the one that words give.

    Parameters
    ----------
    deeds : ActionRanking or Priorities
        By the referral rate, or by the drivers of a deed.
    words : ActionRanking or Priorities
        The same by the Net Promoter Score (of yes and no: the share of yes), or by the drivers of saying.

    Returns
    -------
    SideBySide
        ``table`` in the order of deeds. Of actions: ``action``, ``touchpoint``, ``rank_deeds``, ``quick_win_deeds``,
        ``rank_words``, ``quick_win_words``. Of priorities: ``touchpoint``, ``quadrant_deeds``, ``certain_deeds``,
        ``quadrant_words``, ``certain_words``. ``first``: what each would begin with, and both.

    Raises
    ------
    TypeError
        Where the two are not two rankings of one kind.
    ValueError
        Where the first is not of deeds, or the second not of words.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.sample_study("insurer")
    >>> models = tpm.what_if_models(study)
    >>> deeds, words = (tpm.rank_actions(study, models=models, metric=aim) for aim in ("referral_rate", "nps"))
    >>> list(tpm.side_by_side(deeds, words).first)
    ['deeds', 'words', 'both']
    """
    kind = next(
        (kind for kind in (ActionRanking, Priorities) if isinstance(deeds, kind) and isinstance(words, kind)), None
    )
    if kind is None:
        raise TypeError(
            "side_by_side takes two results of rank_actions or two of priorities; got "
            f"{type(deeds).__name__} and {type(words).__name__}."
        )
    if _is_of_words(deeds) or not _is_of_words(words):
        raise ValueError("side_by_side takes the ranking for deeds first and the one for words second.")
    key, columns, first = (
        ("action", ["rank", "quick_win"], "quick_win")
        if kind is ActionRanking
        else ("touchpoint", ["quadrant", "certain"], "quadrant")
    )
    order = (
        deeds.table if kind is ActionRanking else deeds.table.sort_values("importance", ascending=False, kind="stable")
    )
    kept = list(dict.fromkeys([key, "touchpoint"]))
    table = order[[*kept, *columns]].merge(words.table[[*kept, *columns]], on=kept, suffixes=("_deeds", "_words"))
    begun = {part: _begun(table[f"{first}_{part}"]) for part in ("deeds", "words")}
    names = table[key].map(lambda name: deeds.labels.get(name, name)) if key == "touchpoint" else table[key]
    begun["both"] = begun["deeds"] & begun["words"]
    return SideBySide(
        table=table,
        first={part: tuple(names[wanted]) for part, wanted in begun.items()},
        labels=deeds.labels,
        settings={"deeds": _aim(deeds), "words": _aim(words)},
        caveats=(say("Words and deeds need not agree: what lifts the score need not win a customer."),),
        data_hash=deeds.data_hash,
    )


def _aim(ranking: ActionRanking | Priorities) -> str:
    return str(ranking.settings["metric"] if isinstance(ranking, ActionRanking) else ranking.outcome)


def _is_of_words(ranking: ActionRanking | Priorities) -> bool:
    return _aim(ranking) in ("nps", *SAID)


def _begun(column: pd.Series) -> pd.Series:
    """Tell which rows come first: quick wins, or where to concentrate."""
    return column.astype(bool) if column.dtype == bool else column == "concentrate here"
