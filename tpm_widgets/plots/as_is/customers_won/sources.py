"""How new customers became aware, what was said, who said it: the three questions, answer by answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from tpm_widgets.as_is.customers_won.sources import QUESTIONS, ReferralSources, answer_words
from tpm_widgets.as_is.ties import names_tied
from tpm_widgets.language import Names, Number, Percent, Sentence, say
from tpm_widgets.plots.draws import draws
from tpm_widgets.plots.marks import column, row_axes, row_estimates
from tpm_widgets.plots.picture import canvas, caption, nothing_to_draw
from tpm_widgets.plots.scales import grid, percent_axis
from tpm_widgets.plots.theme import DOING

INTERVAL = ("estimate", "conf_low", "conf_high")
MOST = 4  # answers of a question that a picture has room for


@draws(ReferralSources, "referral_sources")
def plot_referral_sources(result: ReferralSources, ax: Axes | None = None) -> Axes:
    """Draw the most frequent answers of new customers to the three questions, with their intervals.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=1500)
    >>> tpm.plot_referral_sources(tpm.referral_sources(study))
    <Picture: New customers mostly became aware through ...>
    """
    known = result.table[result.table["estimate"].notna()]
    if known.empty:
        reason = say("No answer of a new customer is on record, or too few gave the same one.")
        return nothing_to_draw(canvas(ax), say("How new customers became aware, what was said, who it was"), reason)
    names, table = _rows(known)
    ax, rows = row_axes(ax, names)
    for name, answer in zip(ax.get_yticklabels(), table["answer"], strict=True):
        name.set_fontweight("bold" if pd.isna(answer) else "normal")
    row_estimates(ax, rows, table, INTERVAL, color=DOING)
    grid(ax, "x")
    ax.set_xlim(0, min(1.02, 1.15 * float(table["conf_high"].max())))
    percent_axis(ax.xaxis, say("Share of those who answered the question (percent)"))
    end = column(ax, rows, [_percent(value) for value in table["estimate"]], say("Share"))
    column(ax, rows, [_count(value) for value in table["n"]], say("n"), end)
    return caption(ax, _finding(known), _shown(result, known))


def _rows(known: pd.DataFrame) -> tuple[list[str], pd.DataFrame]:
    """Return a heading row for each question, and below it its most frequent answers."""
    names: list[str] = []
    parts = []
    for question, answers in known.groupby("question", sort=False):
        if question == "who" and (known["question"] == "who_segment").any():
            continue  # what kind of customer it was says more than that it was one
        shown = answers.head(MOST)
        names += [QUESTIONS[str(question)].text(), *(_words(question, name) for name in shown["answer"])]
        parts += [pd.DataFrame({"question": [question], "n": [answers["answered"].iloc[0]]}), shown]
    return names, pd.concat(parts, ignore_index=True)


def _words(question: object, answer: str) -> str:
    words = answer_words(str(question), answer)
    return words if isinstance(words, str) else words.text()


def _percent(value: float) -> str:
    return "" if np.isnan(value) else Percent(value).text()


def _count(value: float) -> str:
    return Number(value, 0).text()


def _finding(known: pd.DataFrame) -> Sentence:
    first = known.iloc[0]
    own = known[known["question"] == first["question"]].to_dict("records")
    answer = Names(names_tied(own, "estimate", lambda row: answer_words(row["question"], row["answer"])))
    if first["question"] == "aware_through":
        return say(
            "New customers mostly became aware through {answer} ({share:percent})",
            answer=answer,
            share=first["estimate"],
        )
    return say(
        "{question} Mostly {answer} ({share:percent})",
        question=QUESTIONS[first["question"]],
        answer=answer,
        share=first["estimate"],
    )


def _shown(result: ReferralSources, known: pd.DataFrame) -> Sentence:
    return say(
        "What new customers answered: the most frequent answers to each question, shares of those who answered it, "
        "with the {level:percent:0} interval (Wilson). {n} answered the first question.",
        result.settings,
        n=int(known["answered"].iloc[0]),
    )
