"""Which customers left within the window after an answer, and for which answers that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from tpm_widgets.as_is.exposure import answer_spells, check_window, left_out_caveats, weights_within_class
from tpm_widgets.as_is.linkage import customer_spans, day_number, day_numbers, need_permission, recorded_period
from tpm_widgets.language import Sentence, say
from tpm_widgets.study.model import Study, need


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Leaving:
    """The answers that can be tied to a customer's staying or leaving.

    Attributes
    ----------
    answers : pandas.DataFrame
        One row per answer that was followed for at least one day; the index is the row of ``study.survey``.
        ``left`` within the window · ``time`` days from the answer to leaving or to the end · ``complete`` whether the
        whole window, or the leaving, was seen · ``censoring_weight`` 1/G where complete, 0 where not.
    window : int
        Days after the answer.
    left_out : mapping
        Answers that were not followed, counted by reason (a key of ``exposure.REASONS``).
    caveats : tuple of Sentence
    """

    answers: pd.DataFrame
    window: int
    left_out: Mapping[str, int]
    caveats: tuple[Sentence, ...]


def follow_leaving(study: Study, *, window: int | None, verb: str) -> Leaving:
    """Follow each answer until its customer left, the window ended, or observation did.

    Parameters
    ----------
    study : Study
        With ``customer`` and ``date`` in the survey, ``acquired`` and ``left`` in the customers.
    window : int or None
        Days; the study's own where None.
    verb : str
        Who asks; named in a refusal.

    Raises
    ------
    DataError
        Where answers cannot, or may not, be tied to customers.

    Notes
    -----
    As ``exposure.follow_answers``, but a next answer ends nothing: it shows that the customer is still one. Where the
    study does not declare ``observed_until``, the last day on which somebody is known to have left counts too. Answers
    given before recording began have weight 0, because whether those who left then were kept is not known.
    """
    window = check_window(study.period.window if window is None else window)
    need_permission(study, verb)
    need(study, verb, survey=("customer", "date"), customers=("customer", "acquired", "left"))
    first_day, last_day = recorded_period(study)
    people = customer_spans(study)
    if study.period.observed_until is None and people["left"].notna().any():
        last_day = max(last_day, people["left"].max())
    spells, left_out = answer_spells(
        study, people, window, day_number(first_day), day_number(last_day), until_next=False
    )
    gone = people["left"].reindex(spells["person"])
    left = gone.notna().to_numpy() & (day_numbers(gone.fillna(last_day)) == spells["end"].to_numpy())
    time = (spells["end"] - spells["answered"]).to_numpy()
    complete = (spells["entry"].to_numpy() == 0) & (left | (time == window))
    answers = pd.DataFrame(
        {
            "left": left,
            "time": time,
            "complete": complete,
            "censoring_weight": weights_within_class(study, spells, time, complete),
        },
        index=spells.index,
    )
    found = list(left_out_caveats(left_out))
    if study.period.observed_until is None:
        found.append(
            say("The study does not declare observed_until; the last day in the data ends the observation instead.")
        )
    return Leaving(answers=answers.sort_index(), window=window, left_out=left_out, caveats=tuple(found))
