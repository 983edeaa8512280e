"""Equal hazards, unequal churn: who leaves sooner has less time to recommend, and a naive table calls that a deed.

Everybody recommends at the same rate, .95 times in 100 customer-months, whatever he answered; detractors leave
sooner. The churn is the one at which the naive shares, "who of those who answered recommended within a year", are
7.3 % of the promoters and 4.5 % of the detractors (``naive_share``). Promoters moreover recommended five times as
often *before* they answered: none of that counts.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

import tpm_widgets as tpm

HAZARD = 0.0095  # recommendations a customer-month, for all
CHURN = {"promoter": 0.0713, "passive": 0.1150, "detractor": 0.1798}  # a month
EARLIER = {"promoter": 5.0, "passive": 2.0, "detractor": 1.0}  # times the hazard, in the year before the answer
SCORES = {"promoter": (9, 10), "passive": (7, 8), "detractor": (0, 6)}
SHARES = (0.40, 0.25, 0.35)  # of the answers, in the order of SCORES
MONTH = 365.25 / 12
WINDOW = 365
ANSWERED = 365  # the day of recording on which all answer
ANSWERS = 6_000
SEEDS = range(5_000, 6_000)
LEVEL = 0.95


def naive_share(hazard: float, churn: float, months: float = 12.0) -> float:
    """Share of customers who recommend at least once before they leave or the months are over, in closed form."""
    either = hazard + churn
    return hazard / either * -np.expm1(-either * months)


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawn:
    """One draw: a value per customer, and the recommendations as (customer, day), days counted from recording."""

    kind: np.ndarray
    score: np.ndarray
    left: np.ndarray
    who: np.ndarray
    day: np.ndarray


def draw(seed: int, answers: int = ANSWERS) -> Drawn:
    """Draw customers who are there all year, answer once, and from then on recommend and leave in continuous time."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(len(SCORES), answers, p=SHARES)
    low, high = np.array(list(SCORES.values())).T
    score = rng.integers(low[kind], high[kind] + 1)
    stay = rng.exponential(MONTH / np.array(list(CHURN.values()))[kind])
    left = ANSWERED + 1 + np.floor(stay).astype(int)
    before = rng.poisson(HAZARD / MONTH * ANSWERED * np.array(list(EARLIER.values()))[kind])
    after = rng.poisson(HAZARD / MONTH * stay)
    everybody = np.arange(answers)
    who = np.concatenate([np.repeat(everybody, before), np.repeat(everybody, after)])
    earlier = np.floor(rng.random(before.sum()) * ANSWERED)
    later = ANSWERED + 1 + np.floor(rng.random(after.sum()) * np.repeat(stay, after))
    return Drawn(kind=kind, score=score, left=left, who=who, day=np.concatenate([earlier, later]).astype(int))


def study_of(drawn: Drawn) -> tpm.Study:
    """Put a draw into a study: one answer each, all on one day; observed until the window is over."""
    start = pd.Timestamp(2023, 1, 1)
    until = ANSWERED + WINDOW
    names = pd.Series([f"C{number:06d}" for number in range(len(drawn.kind))])
    left = (start + pd.to_timedelta(drawn.left, unit="D")).to_series(index=names.index)
    seen = drawn.day <= until
    day = start + pd.to_timedelta(drawn.day[seen], unit="D")
    return tpm.make_study(
        pd.DataFrame({"customer": names, "recommend": drawn.score, "date": start + pd.Timedelta(days=ANSWERED)}),
        customer="customer",
        date="date",
        touchpoints=[],
        customers=pd.DataFrame(
            {
                "customer": names,
                "acquired": start - pd.Timedelta(days=1),
                "left": left.where(drawn.left <= until),
            }
        ),
        referrals=pd.DataFrame({"referrer": names.to_numpy()[drawn.who[seen]], "date": day}),
        recording_start=start,
        observed_until=start + pd.Timedelta(days=until),
    )


def naive_table(drawn: Drawn) -> pd.DataFrame:
    """Who of those who answered recommended within the year afterwards: ``promoter_class, n, recommended, share``."""
    within = (drawn.day > ANSWERED) & (drawn.day <= ANSWERED + WINDOW)
    did = np.isin(np.arange(len(drawn.kind)), drawn.who[within])
    classes = pd.Series(np.array(list(SCORES))[drawn.kind], name="promoter_class")
    table = pd.Series(did).groupby(classes).agg(n="size", recommended="sum", share="mean")
    return table.loc[list(SCORES)]


def one_seed(seed: int, answers: int = ANSWERS) -> pd.DataFrame:
    """Ask both of one draw: ``seed``, and of the naive table and of ``say_do`` what they find."""
    drawn = draw(seed, answers)
    naive = naive_table(drawn).loc[["promoter", "detractor"]]
    found = tpm.say_do(study_of(drawn), replicates=200)
    rows = found.classes.set_index("promoter_class")
    promoter, detractor = rows.loc["promoter"], rows.loc["detractor"]
    ratio, low, high = rate_ratio(promoter, detractor)
    difference, least, most = share_difference(promoter, detractor)
    row = {
        "seed": seed,
        "naive_difference": naive["share"].diff().iloc[-1] * -1,
        "naive_p_value": stats.chi2_contingency(
            [naive["recommended"], naive["n"] - naive["recommended"]], correction=False
        ).pvalue,
        "rate_ratio": ratio,
        "rate_equal": low <= 1 <= high,
        "difference": difference,
        "share_equal": least <= 0 <= most,
        "auc": found.auc.estimate,
        "auc_chance": found.auc.conf_low <= 0.5 <= found.auc.conf_high,
    }
    return pd.DataFrame([row])


def rate_ratio(one: pd.Series, other: pd.Series) -> tuple[float, float, float]:
    """Ratio of two independent rates with its interval, from the intervals that the result prints (logs)."""
    z = stats.norm.ppf((1 + LEVEL) / 2)
    errors = [np.log(row["rate_high"] / row["rate_low"]) / (2 * z) for row in (one, other)]
    ratio, half = one["rate"] / other["rate"], z * np.hypot(*errors)
    return ratio, ratio * np.exp(-half), ratio * np.exp(half)


def share_difference(one: pd.Series, other: pd.Series) -> tuple[float, float, float]:
    """Difference of two independent Kaplan–Meier shares, its interval by Newcombe's method of the printed ones."""
    difference = one["estimate"] - other["estimate"]
    below = np.hypot(one["estimate"] - one["conf_low"], other["conf_high"] - other["estimate"])
    above = np.hypot(one["conf_high"] - one["estimate"], other["estimate"] - other["conf_low"])
    return difference, difference - below, difference + above


FINDS_NOTHING = ("rate_equal", "share_equal", "auc_chance")
AT_LEAST = 0.94  # of the seeds
NAIVE_AT_LEAST = 0.9


def shares_of_seeds(runs: pd.DataFrame) -> pd.Series:
    """Share of the seeds in which the naive table finds a difference, and in which ``say_do`` finds none."""
    naive = (runs["naive_p_value"] < 1 - LEVEL) & (runs["naive_difference"] > 0)
    return pd.Series({"naive_finds_one": naive.mean(), **runs[list(FINDS_NOTHING)].mean()})


def in_words(runs: pd.DataFrame) -> str:
    """Say for the dated page what the draws have shown."""
    found = shares_of_seeds(runs)
    return (
        f"Unequal churn: {len(runs)} draws of {ANSWERS} answers with equal hazards ({HAZARD:.2%} a month) and churn of "
        f"{CHURN['promoter']:.1%} a month (promoters) against {CHURN['detractor']:.1%} (detractors). The naive table "
        f"finds a difference in {found['naive_finds_one']:.1%} of them; `say_do` finds none in "
        f"{found['rate_equal']:.1%} by the ratio of rates, {found['share_equal']:.1%} by the difference of the "
        f"Kaplan-Meier shares, {found['auc_chance']:.1%} by the AUC."
    )


def faults(runs: pd.DataFrame) -> list[str]:
    """Name what was found too often or too rarely."""
    found = shares_of_seeds(runs)
    passed = [f"{name}: {found[name]:.3f}, limit {AT_LEAST}" for name in FINDS_NOTHING if found[name] < AT_LEAST]
    if found["naive_finds_one"] < NAIVE_AT_LEAST:
        passed.append(f"the naive table finds a difference: {found['naive_finds_one']:.3f}, limit {NAIVE_AT_LEAST}")
    return passed
