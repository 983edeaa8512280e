"""Do the touchpoints that make customers say they would recommend also make them do it?"""

from __future__ import annotations

from typing import Literal

from tpm_widgets.options import check_option
from tpm_widgets.strategy.compare.options import NEGLIGIBLE, Options, Policy
from tpm_widgets.strategy.compare.say_against_do import DriverComparison, compare_outcomes
from tpm_widgets.strategy.drivers.outcomes import asked, best_known
from tpm_widgets.study.model import Study, need_study
from tpm_widgets.threads import on_one_thread

Saying = Literal["promoter", "detractor"]
Doing = Literal["referred", "won", "recommended", "reported"]


@on_one_thread
def compare_drivers(
    study: Study,
    saying: Saying = "promoter",
    doing: Doing | None = None,
    negligible: tuple[float, float | None] = NEGLIGIBLE,
    missing: Policy = "indicator",
    level: float = 0.95,
    window: int | None = None,
    replicates: int = 200,
    seed: int = 1,
) -> DriverComparison:
    """Hold what drives saying that one would recommend against what drives really recommending.

    Parameters
    ----------
    study : Study
        With ratings, and with customers, dates and recommendations, or with deeds that have no date.
    saying : {"promoter", "detractor"}
        What is said: 9–10 or 0–6 on the question.
    doing : {"referred", "won", "recommended", "reported"}, optional
        What is done within the window: at least one recommendation made, at least one customer won; or, where no dates
        are known, at least one made at any time (the role ``recommended`` or ``recommendations``), or reported in the
        survey (``recommended_12m``, which looks back). None: the first that the study knows of *referred*,
        *recommended*, *reported*.
    negligible : tuple of two floats, default (0.03, None)
        δ, the average change per rating point that is too small to matter, for saying and for doing. None for doing: a
        tenth of the share who did it, so that a rare deed is not held against what only frequent ones can reach.
    missing : {"indicator", "complete"}
        As in ``driver_regression``.
    level : float, default 0.95
        Confidence level of the intervals, 0…1.
    window : int, optional
        Days after the answer in which deeds count; the study's own (365) where None.
    replicates, seed : int
        Of the bootstrap behind the rank correlation and the differences of importance.

    Returns
    -------
    DriverComparison
        ``table``, one row per touchpoint: ``touchpoint``; ``n`` answers that rated it; ``say_estimate``, the average
        change in the probability of saying per rating point among those who rated it, ``say_low``, ``say_high`` its
        Holm-adjusted interval, ``say_verdict`` ("effect", "negligible", "undecided"); the same for ``do_``;
        ``verdict`` ("both", "talk only", "deeds only", "neither", "undecided"); ``say_importance`` and
        ``do_importance``, LMG shares of variance; ``say_relative`` and ``do_relative``, the average changes as parts
        of the share who said and who did it.

    Raises
    ------
    DataError
        Where answers cannot be tied to deeds, or a model cannot be fitted.
    ValueError
        For an unknown option.

    Notes
    -----
    Both models are logistic regressions on the same answers: those whose deeds are known to
    the end of the window, weighted so that they stand for all that were followed; errors are clustered by customer.
    For each outcome an effect is *negligible* where its interval of level 2·level − 1 (two one-sided tests) lies
    within ±δ, even if it excludes 0, because a general mood always leaves a little; *an effect* where its
    Holm-adjusted interval excludes 0; else *undecided*. Both: an effect on both. Talk only: an effect on saying, and
    on doing negligible. Deeds only: the reverse. Neither: both negligible. All others are undecided, whatever is known
    of one side. "Significant here and not there" is never read as a difference. The Holm-adjusted interval agrees with
    Holm's test among the touchpoints of one outcome (``statistics.multiplicity.holm_levels`` tells how).

    An effect is one of more than nothing, not of more than δ, and may be negative; a caveat names those. The rank
    correlation's interval is a percentile interval over customers drawn again; resampling adds noise to both rankings,
    so it need not lie evenly around the estimate.

    References
    ----------
    Holm 1979, doi:10.2307/4615733; Schuirmann 1987, doi:10.1007/BF01068419; Strassburger & Bretz 2008,
    doi:10.1002/sim.3338; Gelman & Stern 2006, doi:10.1198/000313006X152649 (significant and not significant).

    See Also
    --------
    compare_driver_groups : The drivers of one outcome, segment against segment or wave against wave.

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=2500, touchpoints=6)
    >>> comparison = tpm.compare_drivers(study, replicates=50)
    >>> list(comparison.lists)
    ['both', 'talk only', 'deeds only', 'neither', 'undecided']
    """
    check_option("saying", saying, Saying)
    need_study(study, "compare_drivers")
    if doing is not None:
        check_option("doing", doing, Doing)
    options = Options(missing=missing, level=level, window=window, replicates=replicates, seed=seed)
    return compare_outcomes(
        study,
        asked(study, saying, "compare_drivers"),
        doing or best_known(study),
        _checked_negligible(negligible),
        options,
    )


def _checked_negligible(negligible: tuple[float, float | None]) -> tuple[float, float | None]:
    try:
        say_delta, do_delta = negligible
        good = all(0 < float(delta) < 1 for delta in (say_delta, 0.01 if do_delta is None else do_delta))
    except (TypeError, ValueError):
        good = False
    if not good:
        raise ValueError(
            "negligible must be two changes of a probability per rating point, for saying and for doing, such as "
            f"(0.03, 0.01); got {negligible!r}."
        )
    return say_delta, do_delta
