"""What a reader of importance has to know: what is in every model, and who overlaps with whom."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from tpm_widgets.language import Names, Percent, Sentence, say
from tpm_widgets.statistics.collinearity import overlap, twins

MUCH = 0.9  # share of a predictor's variance that the others explain: a variance inflation factor of 10


def always_caveat(names: Sequence[str], share: float) -> Sentence:
    """Name what is in every model and the share of variance that it explains on its own."""
    return say(
        "In every model, explaining {share} of the variance on their own: {names}. Importance divides what the others "
        "add to that.",
        names=Names(tuple(names)),
        share=Percent(share),
    )


def collinear_caveats(
    standard: np.ndarray, groups: Sequence[Sequence[int]], words: Sequence[str]
) -> tuple[Sentence, ...]:
    """Name players that carry the same values, and others that the rest explain almost completely."""
    same = twins(standard, groups)
    sentences = [
        say(
            "{first} and {second} carry the same values, or mirror images: nothing can tell them apart.",
            first=words[first],
            second=words[second],
        )
        for first, second in same
    ]
    paired = {player for pair in same for player in pair}
    shares = overlap(standard, groups)
    close = tuple(word for player, word in enumerate(words) if shares[player] > MUCH and player not in paired)
    if close:
        sentences.append(
            say(
                "Of {names} the others explain more than {much} of the variance: how importance divides among them is "
                "unsure.",
                names=Names(close, most=len(close)),
                much=Percent(MUCH, 0),
            )
        )
    return tuple(sentences)
