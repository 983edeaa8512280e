"""What a reader of importance has to know: what is in every model, and who overlaps with whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from tpm_widgets.language import Names, Percent, Sentence, say
from tpm_widgets.statistics.collinearity import overlap, twins
from tpm_widgets.statistics.covariance import correlation
from tpm_widgets.statistics.design import Design, Part

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
    rest = [player for player in range(len(groups)) if player not in paired]
    return (*sentences, *close_caveat(standard, groups, words, rest))


def close_touchpoints(
    design: Design, covariance: np.ndarray, labels: Mapping[str, str], parts: Sequence[Part]
) -> tuple[Sentence, ...]:
    """Name touchpoints whose columns of these parts the same parts of the others explain almost completely."""
    standard = correlation(covariance)
    members: dict[str, list[int]] = {}
    for position, column in enumerate(design.columns[1:]):
        if column.part in parts:
            members.setdefault(column.touchpoint, []).append(position)
    return close_caveat(standard, list(members.values()), [labels[name] for name in members])


def close_caveat(
    standard: np.ndarray, groups: Sequence[Sequence[int]], words: Sequence[str], among: Sequence[int] | None = None
) -> tuple[Sentence, ...]:
    """Name the players (``among`` those given) that the rest explain almost completely; nothing where there is none."""
    shares = overlap(standard, groups)
    among = range(len(groups)) if among is None else among
    close = tuple(words[player] for player in among if shares[player] > MUCH)
    if not close:
        return ()
    return (
        say(
            "Of {names} the others explain more than {much} of the variance: what goes with which of them is unsure.",
            names=Names(close, most=len(close)),
            much=Percent(MUCH, 0),
        ),
    )
