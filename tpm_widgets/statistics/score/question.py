"""The question on recommendation: its scale, and which of its answers are a promoter's, a passive's, a detractor's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from tpm_widgets.statistics.score.net_promoter import Interval, OfAnyQuestion, score_classes

Cutoffs = Literal["standard", "european"] | tuple[float, float]
# The highest answer of a detractor and of a passive, on the scale 0 to 10.
CUTOFFS: Mapping[str, tuple[float, float]] = {"standard": (6, 8), "european": (5, 7)}
USUAL = (0, 10)
YES_NO = (0, 1)
# Scales that are mistaken for 0 to 10, and from how many answers on that is asked about.
SHORTER: Mapping[tuple[float, float], int] = {(0, 1): 2, (1, 2): 2, (1, 5): 10, (1, 7): 20}
AT_THE_CUT = 1e-9  # an answer whose place is the cut-off itself, but for rounding


@dataclass(frozen=True, slots=True)
class Question:
    """How willingness was asked; everything that depends on it asks here.

    Attributes
    ----------
    scale : pair of numbers
        The lowest and the highest answer. No and yes are 0 and 1.
    cutoffs : pair of numbers or None
        The highest answer of a detractor and of a passive, as the study declares them; None where it does not.
    declared : bool
        Whether the study itself says which scale it was, so that nobody wonders.
    """

    scale: tuple[float, float] = USUAL
    cutoffs: tuple[float, float] | None = None
    declared: bool = False

    @property
    def yes_no(self) -> bool:
        """Whether it was answered by yes or no."""
        return self.scale == YES_NO

    @property
    def answers(self) -> np.ndarray:
        """Every answer that can be given, from the lowest to the highest, shape (k,)."""
        return np.arange(np.ceil(self.scale[0]), np.floor(self.scale[1]) + 1).astype(int)

    @property
    def places(self) -> np.ndarray:
        """Where each answer lies between the lowest, 0, and the highest, 1, shape (k,)."""
        low, high = self.scale
        return (self.answers - low) / (high - low)

    @property
    def kinds(self) -> np.ndarray:
        """The class of each answer, shape (k,)."""
        return self.classes(self.answers).astype(int)

    @property
    def names(self) -> dict[int, str]:
        """Name the classes, the best first."""
        return {1: "yes", 0: "no"} if self.yes_no else {1: "promoter", 0: "passive", -1: "detractor"}

    @property
    def words_of_cutoffs(self) -> tuple[str, str]:
        """Name the two cut-offs by the answers on both sides of them, as in 6|7 and 8|9."""
        lower, upper = (np.floor(cutoff) for cutoff in self.cut())
        return f"{lower:g}|{lower + 1:g}", f"{upper:g}|{upper + 1:g}"

    def cut(self, cutoffs: Cutoffs | None = None) -> tuple[float, float]:
        """Return the cut-offs that apply: those given, else those declared, else the standard ones.

        Parameters
        ----------
        cutoffs : {"standard", "european"} or (number, number), optional

        Raises
        ------
        ValueError
            Where they are neither named ones nor two numbers of the scale, in order; of a yes/no question, where any
            are given.

        Notes
        -----
        The named ones are of the scale 0 to 10. On another an answer belongs to the class in which its place lies: 4
        of 1 to 5 is three quarters up, 7.5 of 10, a passive. That gives 1–6 | 7–8 | 9–10 on 1 to 10 and 1–3 | 4 | 5 on
        1 to 5, which is how both are read in practice, and 1–4 | 5 | 6–7 on 1 to 7, where practice differs (others take
        7 alone for a promoter). Of yes and no, yes is a promoter and no a passive, so that their score, the mean of 1
        and 0, is the share of yes.

        Examples
        --------
        >>> Question((1, 10)).cut(), Question((1, 7)).cut(), Question((1, 5)).cut(), Question((1, 5), (2, 4)).cut()
        ((6, 8), (4, 5), (3, 4), (2, 4))
        """
        if self.yes_no:
            if cutoffs is not None:
                raise ValueError(f"cutoffs do not go with a yes/no question; got {cutoffs!r}.")
            return (-1, 0)
        low, high = self.scale
        cutoffs = (self.cutoffs or "standard") if cutoffs is None else cutoffs
        if isinstance(cutoffs, str):
            if cutoffs not in CUTOFFS:
                named = " or ".join(map(repr, CUTOFFS))
                raise ValueError(f"cutoffs must be {named}, or two numbers; got {cutoffs!r}.")
            detractor, passive = (self._highest(cutoff / USUAL[1]) for cutoff in CUTOFFS[cutoffs])
            return detractor, passive
        if not (len(cutoffs) == 2 and low <= cutoffs[0] <= cutoffs[1] < high):
            raise ValueError(f"cutoffs must be two numbers from {low:g} to below {high:g}, in order; got {cutoffs!r}.")
        return cutoffs

    def interval(self, interval: Interval = "adjusted_wald") -> OfAnyQuestion:
        """Return the interval that is meant: of a share of yes, the adjusted Wald and the score one are Wilson's."""
        return "wilson" if self.yes_no and interval in ("adjusted_wald", "score") else interval

    def likelier(self, scores: np.ndarray) -> tuple[float, float] | None:
        """Return the shorter scale that answers on 0 to 10 seem to be of: all of them lie on it, and at both ends.

        Of a few answers that is no wonder, save of 0 and 1 or of 1 and 2, which nobody means who means 0 to 10.
        """
        given = scores[np.isfinite(scores)]
        if self.declared or self.scale != USUAL or not len(given):
            return None
        ends = float(given.min()), float(given.max())
        return next((scale for scale, least in SHORTER.items() if scale == ends and len(given) >= least), None)

    def _highest(self, place: float) -> int:
        """Return the highest answer that lies no higher than a place."""
        return int(self.answers[self.places <= place + AT_THE_CUT][-1])

    def classes(self, scores: np.ndarray, cutoffs: Cutoffs | None = None) -> np.ndarray:
        """Return the class of each score, −1, 0 or 1, missing for what is no answer, shape (n,)."""
        return score_classes(scores, self.cut(cutoffs), self.scale)
