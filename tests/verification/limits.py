"""How many of the runs may fail before a claim is refuted: exact binomial limits."""

from __future__ import annotations

from scipy import stats

SURENESS = 0.999  # that no true claim is refuted, over all the checks of one table


def most(share: float, runs: int, checks: int = 1) -> int:
    """Return the largest number of runs that a claim "in at most this share" can explain, one of several checks."""
    return int(stats.binom.ppf(1 - (1 - SURENESS) / checks, runs, share))


def least(share: float, runs: int, checks: int = 1) -> int:
    """Return the smallest number of runs that a claim "in at least this share" can explain, one of several checks."""
    return int(stats.binom.ppf((1 - SURENESS) / checks, runs, share))
