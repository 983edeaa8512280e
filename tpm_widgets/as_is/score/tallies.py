"""What a score needs of the answers, group by group: from a study, or from a table of any size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from tpm_widgets.as_is.groups import Group, answer_groups, design_caveats, line_groups, split_names
from tpm_widgets.as_is.score.classes import (
    Cutoffs,
    answer_classes,
    excluded_scores,
    exclusions,
    place_caveats,
)
from tpm_widgets.language import Sentence, say, say_n
from tpm_widgets.statistics.score.net_promoter import Tally
from tpm_widgets.statistics.score.question import Question
from tpm_widgets.statistics.tables.batches import refuse_columns
from tpm_widgets.statistics.tables.reductions import Counts, weighted_counts
from tpm_widgets.study.building.wave_names import names_in_time
from tpm_widgets.study.building.waves import natural
from tpm_widgets.study.model import Scale, Study

LEAST = 5  # answers of a group of a table; a study says it itself


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Tallies:
    """Groups in their order with the tally of each, and what comes with them.

    Attributes
    ----------
    groups : list of (Group, Tally)
    cutoffs : pair of numbers
        The highest answer of a detractor and of a passive.
    question : Question
    least : int
        Groups with fewer answers are withheld.
    caveats : list of Sentence
    data_hash : str
    """

    groups: list[tuple[Group, Tally]]
    cutoffs: tuple[float, float]
    question: Question
    least: int
    caveats: list[Sentence]
    data_hash: str


def tally_study(study: Study, by: str | Sequence[str] | None, cutoffs: Cutoffs | None, *, alike: bool) -> Tallies:
    """Count the answers of a study; ``alike`` keeps different weights apart, to be resampled."""
    scores, classes = answer_classes(study, cutoffs)
    groups, caveats = answer_groups(study, by)
    design = study.design
    return Tallies(
        groups=[(group, Tally.by_design(classes, design, group.rows, alike=alike)) for group in groups],
        cutoffs=study.question.cut(cutoffs),
        question=study.question,
        least=study.min_group,
        caveats=[
            *excluded_scores(study, scores, classes, cutoffs),
            *design_caveats(study, [group.rows for group in groups]),
            *caveats,
        ],
        data_hash=study.data_hash,
    )


def tally_table(
    source: Any,
    by: str | Sequence[str] | None,
    cutoffs: Cutoffs | None,
    recommend: str,
    weight: str | None,
    scale: Scale,
    *,
    alike: bool,
) -> Tallies:
    """Count the answers of a frame or of Parquet files by group, score and, to be resampled, weight."""
    question, names = Question(scale), split_names(by)
    ends = question.cut(cutoffs)
    lines = [*names, recommend, *([weight] if alike and weight else [])]
    counts = weighted_counts(source, list(dict.fromkeys(lines)), weight)
    scores = _scores(counts, recommend)
    classes = question.classes(scores, cutoffs)
    groups, caveats = line_groups(_in_order(counts.keys[names]), counts.rows)
    return Tallies(
        groups=[(group, _tally(counts, classes, group.rows, weight if alike else None, alike)) for group in groups],
        cutoffs=ends,
        question=question,
        least=LEAST,
        caveats=[
            *place_caveats(question, cutoffs),
            *_excluded(counts, scores, classes, scale),
            persons_unknown(),
            *caveats,
        ],
        data_hash=counts.digest,
    )


def _tally(counts: Counts, classes: np.ndarray, lines: np.ndarray, weight: str | None, alike: bool) -> Tally:
    if alike:
        weights = None if weight is None else counts.keys[weight].to_numpy(float, na_value=np.nan)[lines]
        return Tally.of(classes[lines], weights, counts.n[lines], alike=True)
    used = lines[np.isfinite(classes[lines])]
    sums = (counts.n[used], counts.weight[used], counts.weight_squared[used])
    return Tally(classes=classes[used], n=sums[0], weight=sums[1], weight_squared=sums[2])


def _scores(counts: Counts, recommend: str) -> np.ndarray:
    answers = counts.keys[recommend]
    written = [value for value in answers.dropna() if not isinstance(value, (int, float))]
    refuse_columns(say("a column of numbers"), [recommend] if written else [])
    return answers.to_numpy(float, na_value=np.nan)


def _in_order(keys: pd.DataFrame) -> pd.DataFrame:
    """Order waves by the time in their names, else as people count them, where the table gives no order of its own."""
    if "wave" not in keys or isinstance(keys["wave"].dtype, pd.CategoricalDtype):
        return keys
    waves = keys["wave"].map(str, na_action="ignore")
    present = list(waves.dropna().unique())
    return keys.assign(wave=pd.Categorical(waves, names_in_time(present) or sorted(present, key=natural), ordered=True))


def _excluded(counts: Counts, scores: np.ndarray, classes: np.ndarray, scale: Scale) -> list[Sentence]:
    missing, valid = np.isnan(scores), ~np.isnan(classes)
    negative = int(counts.negative[valid].sum())
    unweighted = int((counts.rows - counts.n)[valid].sum()) - negative
    found = exclusions(int(counts.rows[missing].sum()), int(counts.rows[~missing & ~valid].sum()), unweighted, scale)
    if negative:
        found.append(
            say_n(
                "{count} answer has a weight below 0 and does not count.",
                "{count} answers have a weight below 0 and do not count.",
                negative,
            )
        )
    return found


def persons_unknown() -> Sentence:
    """Say that answers of one person are not told apart in a table."""
    return say(
        "The interval takes all answers as independent; who answered is not looked at. Where persons answer more than "
        "once, it is too short: make a Study with respondents, which counts them."
    )
