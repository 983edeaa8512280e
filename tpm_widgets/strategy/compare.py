"""Do the touchpoints that make customers say they would recommend also make them do it? Here as there, now as then?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, overload

from tpm_widgets.errors import check_level, check_option, check_replicates
from tpm_widgets.strategy.compare_groups import compare_groups
from tpm_widgets.strategy.compare_outcomes import compare_outcomes
from tpm_widgets.strategy.driver_comparison import DriverComparison
from tpm_widgets.strategy.driver_groups import DriverGroups
from tpm_widgets.strategy.outcomes import SAID
from tpm_widgets.study.model import Study, need_study
from tpm_widgets.threads import on_one_thread

Saying = Literal["promoter", "detractor"]
Doing = Literal["referred", "won"]
Compared = Literal["recommend", "promoter", "detractor", "referred", "won"]
Policy = Literal["indicator", "complete"]
NEGLIGIBLE = (0.03, 0.01)  # changes of a probability per rating point, for saying and for doing
NEGLIGIBLE_SCORE = 0.1  # points of the score per rating point


@overload
def compare_drivers(
    study: Study,
    saying: Saying = "promoter",
    doing: Doing = "referred",
    negligible: tuple[float, float] | None = None,
    missing: Policy = "indicator",
    level: float = 0.95,
    window: int | None = None,
    replicates: int = 200,
    seed: int = 1,
    *,
    by: None = None,
) -> DriverComparison: ...


@overload
def compare_drivers(
    study: Study,
    *,
    by: str | Sequence[str],
    outcome: Compared = "promoter",
    groups: Sequence[str] | Mapping[str, Sequence[str]] | None = None,
    negligible: float | None = None,
    missing: Policy = "indicator",
    level: float = 0.95,
    window: int | None = None,
    replicates: int = 200,
    seed: int = 1,
) -> DriverGroups: ...


@on_one_thread
def compare_drivers(
    study: Study,
    saying: Saying | None = None,
    doing: Doing | None = None,
    negligible: tuple[float, float] | float | None = None,
    missing: Policy = "indicator",
    level: float = 0.95,
    window: int | None = None,
    replicates: int = 200,
    seed: int = 1,
    *,
    by: str | Sequence[str] | None = None,
    outcome: Compared | None = None,
    groups: Sequence[str] | Mapping[str, Sequence[str]] | None = None,
) -> DriverComparison | DriverGroups:
    """Hold what drives saying that one would recommend against what drives really recommending.

    With ``by=`` hold the drivers of one outcome in one segment or wave against those in another instead.

    Parameters
    ----------
    study : Study
        With ratings; to hold saying against doing with customers, dates and recommendations.
    saying : {"promoter", "detractor"}
        What is said: 9–10 or 0–6 on the question.
    doing : {"referred", "won"}
        What is done within the window: at least one recommendation made, at least one customer won.
    negligible : tuple of two floats, or float, optional
        δ, the average change per rating point that is too small to matter: for saying and for doing (0.03, 0.01)
        where None; with ``by`` one value for a difference of effects, 0.03 where something is said, 0.01 where it is
        done, 0.1 points of the score.
    missing : {"indicator", "complete"}
        As in ``driver_regression``.
    level : float, default 0.95
        Confidence level of the intervals, 0…1.
    window : int, optional
        Days after the answer in which deeds count; the study's own (365) where None.
    replicates, seed : int
        Of the bootstrap behind rank correlations and differences of importance.
    by : str or sequence of str, optional
        The groups: ``"wave"``, a segment, or any other column of the survey; several names cross them.
    outcome : {"promoter", "recommend", "detractor", "referred", "won"}
        With ``by``: what is explained.
    groups : sequence of str, or mapping of str to sequence of str, optional
        With ``by``: which of the groups to compare, in this order; all where None. A mapping joins groups under a new
        name, such as ``{"2023": ["2023-Q1", "2023-Q2"], "2024": ["2024-Q1", "2024-Q2"]}``.

    Returns
    -------
    DriverComparison
        ``table``, one row per touchpoint: ``touchpoint``; ``n`` answers that rated it; ``say_estimate``, the average
        change in the probability of saying per rating point among those who rated it, ``say_low``, ``say_high`` its
        Holm-adjusted interval, ``say_verdict`` ("effect", "negligible", "undecided"); the same for ``do_``;
        ``verdict`` ("both", "talk only", "deeds only", "neither", "undecided"); ``say_importance`` and
        ``do_importance``, LMG shares of variance.
    DriverGroups
        With ``by``. ``table``, one row per touchpoint and pair of groups (of waves: each with the one before it, and
        the last with the first): ``touchpoint``, ``group``, ``other``; ``n`` and ``n_other``, their answers that rated
        it; ``estimate`` and ``other_estimate``, the average change of the outcome per rating point; ``difference``,
        the first minus the second (of waves: the later minus the earlier), ``std_error``, ``conf_low``, ``conf_high``,
        ``p_value``, ``p_adjusted`` (Holm, over all rows); ``importance``, ``other_importance``, LMG shares of
        variance; ``share_difference``, of the shares of what is explained, ``share_difference_low``,
        ``share_difference_high`` (bootstrap). ``verdict``, ``test`` and ``touchpoints`` answer whether the groups
        differ at all, and where. A group with fewer than 10 answers (of the rarer outcome) per coefficient keeps its
        rows, withheld.

    Raises
    ------
    DataError
        Where answers cannot be tied to deeds, a model cannot be fitted, or ``by`` makes fewer than two groups.
    ValueError
        For an unknown option, or one that does not go with ``by``.

    Notes
    -----
    **Saying against doing.** Both models are logistic regressions on the same answers: those whose deeds are known to
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

    **Group against group.** One regression per group. That is one model in which the group interacts with every term;
    the covariance is that model's HC3, summed by customer (else respondent), so whoever answered in two waves is
    compared with himself. For 0/1 outcomes the effects compared are average changes of the probability (delta method):
    coefficients on the scale of log odds also differ between groups in which other things move the outcome more or
    less. The Wald test of all differences at once is held against F(q, G − 1) for G customers; by touchpoint the
    same, Holm-adjusted over the touchpoints. *No*: every pair's difference has its interval of level 2·level − 1
    within ±δ. *Yes*: else, where the joint test rejects. In all other cases it cannot be told: a test that does not
    reject shows nothing. Simulated with 1,500 answers and equal drivers, the joint test rejects in 5 to 6 % with two
    groups and in 3 to 8 % with three, most where the same persons answer in all of them. ``log_odds_test`` is the
    joint test of the coefficients. The intervals of the table are of each row by itself. The noise of a small group
    raises the importance of touchpoints that matter little, so rankings of groups of different size differ a little
    for that alone.

    References
    ----------
    Holm 1979, doi:10.2307/4615733; Schuirmann 1987, doi:10.1007/BF01068419; Strassburger & Bretz 2008,
    doi:10.1002/sim.3338; Gelman & Stern 2006, doi:10.1198/000313006X152649 (significant and not significant);
    MacKinnon & White 1985, doi:10.1016/0304-4076(85)90158-7 (HC3); Cameron & Miller 2015, doi:10.3368/jhr.50.2.317
    (clusters); Mize, Doan & Long 2019, doi:10.1177/0081175019852763 (effects of several models compared).

    Examples
    --------
    >>> import tpm_widgets as tpm
    >>> study = tpm.simulate_study(seed=1, respondents=2500, touchpoints=6)
    >>> comparison = tpm.compare_drivers(study, replicates=50)
    >>> list(comparison.lists)
    ['both', 'talk only', 'deeds only', 'neither', 'undecided']
    >>> products = tpm.compare_drivers(study, by="product", outcome="recommend", replicates=50)
    >>> products.verdict
    'cannot be told'
    """
    _check_task(by, saying, doing, outcome, groups)
    check_option("missing", missing, Policy)
    check_level(level)
    check_replicates(replicates, least=20)
    need_study(study, "compare_drivers")
    if by is not None:
        outcome = outcome or "promoter"
        check_option("outcome", outcome, Compared)
        delta = _difference_that_matters(negligible, outcome)
        return compare_groups(study, by, outcome, groups, delta, missing, level, window, replicates, seed)
    saying, doing = saying or "promoter", doing or "referred"
    check_option("saying", saying, Saying)
    check_option("doing", doing, Doing)
    deltas = _checked_negligible(NEGLIGIBLE if negligible is None else negligible)
    return compare_outcomes(study, saying, doing, deltas, missing, level, window, replicates, seed)


def _check_task(
    by: str | Sequence[str] | None,
    saying: str | None,
    doing: str | None,
    outcome: str | None,
    groups: Sequence[str] | Mapping[str, Sequence[str]] | None,
) -> None:
    """Refuse options of the one comparison where the other is asked for."""
    named = {"saying": saying, "doing": doing} if by is not None else {"outcome": outcome, "groups": groups}
    wrong = [name for name, value in named.items() if value is not None]
    if wrong and by is not None:
        raise ValueError(f"{wrong[0]} does not go with by, which compares groups in one outcome: outcome='promoter'.")
    if wrong:
        raise ValueError(f"{wrong[0]} goes with by only, which names the groups to compare, such as by='wave'.")


def _difference_that_matters(negligible: tuple[float, float] | float | None, outcome: Compared) -> float:
    if negligible is None:
        if outcome == "recommend":
            return NEGLIGIBLE_SCORE
        return NEGLIGIBLE[0] if outcome in SAID else NEGLIGIBLE[1]
    number = isinstance(negligible, (int, float)) and not isinstance(negligible, bool)
    if not number or not negligible > 0:  # type: ignore[operator]
        raise ValueError(
            "negligible must be, with by, one difference of effects per rating point above 0, such as 0.03; got "
            f"{negligible!r}."
        )
    return float(negligible)  # type: ignore[arg-type]


def _checked_negligible(negligible: tuple[float, float] | float) -> tuple[float, float]:
    try:
        say_delta, do_delta = negligible  # type: ignore[misc]
        good = all(0 < float(delta) < 1 for delta in (say_delta, do_delta))
    except (TypeError, ValueError):
        good = False
    if not good:
        raise ValueError(
            "negligible must be two changes of a probability per rating point, for saying and for doing, such as "
            f"(0.03, 0.01); got {negligible!r}."
        )
    return say_delta, do_delta
