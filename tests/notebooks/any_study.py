"""Studies of every make: with or without each role and table, on every scale, of every size."""

from itertools import combinations, product

import numpy as np
import pandas as pd

import tpm_widgets as tpm

# What a study may have, the poorest first; every pair of two values of two of them is in the covering set.
MAKES = {
    "answers": (60, 1, 8),
    "touchpoints": (3, 0, 1),
    "scale": ((0, 10), (1, 10), (1, 5), "yes/no"),
    "segments": (0, 1, 3),
    "waves": (False, True),
    "dates": (False, True),
    "weights": (False, True),
    "deeds": ("none", "customers", "recommendations", "reported"),
    "tables": ("none", "spend", "all"),
}


def any_study(answers, touchpoints, scale, segments, waves, dates, weights, deeds, tables, seed=1, empty=()):
    """Make one; where it has no choice it draws. ``empty`` are columns of which no cell could be read."""
    rng = np.random.default_rng(seed)
    mood = rng.normal(size=answers)
    names = [f"t{number}" for number in range(touchpoints)]
    survey = pd.DataFrame(index=range(answers))
    for number, name in enumerate(names):
        survey[name] = np.clip(np.round(3.3 + 0.6 * mood + rng.normal(size=answers)), 1, 5)
        if number % 2 == 0:
            survey.loc[rng.random(answers) < 0.2, name] = 6
    low, high = (0, 1) if scale == "yes/no" else scale
    survey["score"] = np.clip(
        np.round(low + (high - low) * (0.7 + 0.15 * mood + 0.1 * rng.normal(size=answers))), low, high
    )
    options = {"segments": [f"s{number}" for number in range(segments)], "roles": {}}
    for number, name in enumerate(options["segments"]):
        survey[name] = rng.choice(["a", "b", "c"][: number + 1] if number < 2 else ["a", "b", "c"], answers)
    if waves:
        survey["wave"] = np.where(np.arange(answers) < answers / 2, "2023", "2024")
        options["wave"] = "wave"
    if dates:
        survey["date"] = pd.Timestamp("2023-01-10") + pd.to_timedelta(rng.integers(0, 500, answers), "D")
        options["date"] = "date"
    if weights:
        survey["weight"] = rng.uniform(0.5, 2, answers)
        options["weight"] = "weight"
    if deeds == "reported":
        survey["gave"] = rng.choice(["yes", "no"], answers)
        options["roles"] = {"recommended_12m": "gave"}
    if deeds in ("customers", "recommendations"):
        survey["customer"] = [f"c{number}" for number in range(answers)]
        options["customer"] = "customer"
        options["customers"] = pd.DataFrame(
            {
                "customer": survey["customer"],
                "acquired": pd.Timestamp("2020-01-01") + pd.to_timedelta(rng.integers(0, 900, answers), "D"),
                "source": rng.choice(["recommendation", "other", "unknown"], answers),
            }
        )
    if deeds == "recommendations":
        made = max(1, answers // 2)
        options["referrals"] = pd.DataFrame(
            {
                "referrer": [f"c{number}" for number in rng.integers(0, answers, made)],
                "date": pd.Timestamp("2023-02-01") + pd.to_timedelta(rng.integers(0, 650, made), "D"),
            }
        )
        options |= {"recording_start": "2022-12-01", "observed_until": "2025-12-31"}
    if tables != "none" and names:
        options["touchpoint_table"] = pd.DataFrame({"touchpoint": names, "spend": 100.0})
    if tables == "all":
        options["actions"] = pd.DataFrame(
            {"action": ["A", "B"], "touchpoint": ["t0", "t1"], "cost": [100, 0], "effort": [1, 2]}
        ).assign(expected_change=[0.5, 0.3])
        options["goals"] = pd.DataFrame(
            {"metric": ["nps", "referral_rate"], "baseline": [0.1, 0.2], "target": [0.3, 0.4], "due": "2025-01-01"}
        )
    survey[list(empty)] = np.nan
    return tpm.make_study(
        survey, recommend="score", touchpoints=names, recommend_scale=scale, not_experienced=(6,), **options
    )


def _gain(left, make, trait, value):
    """How many of the pairs left a value would meet, with the values chosen already and with all others."""
    met = sum(((other, at), (trait, value)) in left for other, at in make.items())
    return met, sum((trait, value) in pair for pair in left)


def covering():
    """Choose few makes, so that every two values of every two traits meet in one of them."""
    traits = list(MAKES)
    left = {
        ((one, first), (two, second))
        for one, two in combinations(traits, 2)
        for first, second in product(range(len(MAKES[one])), range(len(MAKES[two])))
    }
    chosen = []
    while left:
        make = {}
        for trait in traits:
            gains = [_gain(left, make, trait, value) for value in range(len(MAKES[trait]))]
            make[trait] = gains.index(max(gains))
        left -= {((one, make[one]), (two, make[two])) for one, two in combinations(traits, 2)}
        chosen.append({trait: MAKES[trait][value] for trait, value in make.items()})
    return chosen


def every_subset():
    """Every subset of what a study may have, on scales and of sizes in turn."""
    ends = {trait: (values[0], values[-1]) for trait, values in MAKES.items() if trait not in ("answers", "scale")}
    ends["touchpoints"], ends["deeds"] = (0, 5), ("none", "customers", "recommendations", "reported")
    return [
        dict(zip(ends, subset, strict=True))
        | {"answers": (300, 30, 8, 1)[number * 7 // 4 % 4], "scale": MAKES["scale"][number % len(MAKES["scale"])]}
        for number, subset in enumerate(product(*ends.values()))
    ] + [{trait: values[0] for trait, values in MAKES.items()} | {"answers": 300, "touchpoints": 60, "segments": 1}]


def name_of(make):
    return " ".join(f"{trait}={value}" for trait, value in make.items())
