"""Forty odd studies: what their sentences claim is so, and they claim nothing of one thing, of nobody or of nothing."""

import re

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm


def made(n=60, touchpoints=3, score=None, ratings=None, seed=0):
    """A study of everything a file can hold, with scores from ``score(rng, ratings)``."""
    rng = np.random.default_rng(seed)
    rated = rng.integers(1, 6, (n, touchpoints)) if ratings is None else ratings(rng, n, touchpoints)
    moved = 0.5 * (rated - 3).sum(axis=1) / max(touchpoints, 1)
    scores = np.clip(np.round(7 + moved + 1.5 * rng.normal(size=n)), 0, 10) if score is None else score(rng, rated)
    names = [f"t{place}" for place in range(touchpoints)]
    later = np.arange(n) >= n // 2
    table = pd.DataFrame(
        {
            "score": scores,
            **{name: rated[:, place] for place, name in enumerate(names)},
            "region": np.where(np.arange(n) % 3 == 0, "north", "south"),
            "wave": np.where(later, "2025", "2024"),
            "date": np.where(later, "2025-03-04", "2024-02-03"),
            "customer": [f"c{row}" for row in range(n)],
            "did": rng.random(n) < 0.3,
        }
    )
    return tpm.make_study(
        table, recommend="score", touchpoints=names, segments=["region"], wave="wave", date="date",
        customer="customer", roles={"recommended": "did"},
        touchpoint_table=pd.DataFrame({"touchpoint": names, "spend": np.arange(1.0, touchpoints + 1) * 100}),
        actions=pd.DataFrame({"action": ["A", "B"], "touchpoint": [names[0], names[-1]], "cost": [100, 50],
                              "effort": [1, 3], "expected_change": [1.0, 0.5], "time_to_effect": [1, 6]}),
        goals=pd.DataFrame({"metric": ["nps", "promoters"], "baseline": [0.1, 0.3], "target": [0.3, 0.4],
                            "due": ["2026-01-01"] * 2}),
    )  # fmt: skip


def all_are(value):
    return lambda rng, rated: np.full(len(rated), value)


def noise(rng, rated):
    return rng.integers(0, 11, len(rated))


STUDIES = {
    **{f"{n} answers": {"n": n} for n in (1, 2, 5, 12, 30, 60, 400)},
    **{f"{count} touchpoints": {"touchpoints": count, "n": 300} for count in (1, 2, 8, 30, 60)},
    **{f"all {value}": {"score": all_are(value)} for value in (0, 7, 8, 9, 10)},
    "one differs": {"score": lambda rng, rated: np.where(np.arange(len(rated)) == 3, 0, 10)},
    "ratings equal": {"ratings": lambda rng, n, count: np.full((n, count), 4)},
    "one touchpoint equal": {
        "ratings": lambda rng, n, count: np.column_stack([np.full(n, 5), rng.integers(1, 6, (n, count - 1))])
    },
    "nobody delighted": {"ratings": lambda rng, n, count: rng.integers(1, 3, (n, count))},
    "one touchpoint, nobody delighted": {"touchpoints": 1, "ratings": lambda rng, n, count: rng.integers(1, 3, (n, 1))},
    "all delighted": {"ratings": lambda rng, n, count: np.full((n, count), 5)},
    "separation": {"n": 200, "score": lambda rng, rated: np.where(rated[:, 0] >= 4, 10, 0)},
    "one harms": {"n": 300, "score": lambda rng, rated: np.clip(np.round(
        8 - (rated[:, 0] - 3) + 0.3 * (rated[:, 1] - 3) + 1.5 * rng.normal(size=len(rated))), 0, 10)},
    "all harm": {"n": 300, "score": lambda rng, rated: np.clip(np.round(
        6 - 0.7 * (rated - 3).sum(axis=1) + rng.normal(size=len(rated))), 0, 10)},
    "noise": {"n": 300, "score": noise},
    "perfect": {"n": 100, "score": lambda rng, rated: np.minimum(rated.sum(axis=1) - 3, 10)},
    "ratings alike": {"ratings": lambda rng, n, count: np.repeat(rng.integers(1, 6, (n, 1)), count, axis=1)},
    "ties": {"ratings": lambda rng, n, count: np.column_stack(
        [np.roll(np.resize([1, 2, 3, 4, 5], n), place) for place in range(count)])},
    **{f"12 of noise, {seed}": {"n": 12, "seed": seed, "score": noise} for seed in range(1, 6)},
    **{f"150, {seed}": {"n": 150, "seed": seed} for seed in range(1, 6)},
}  # fmt: skip

VERBS = {
    "describe_study": tpm.describe_study,
    "net_promoter_score": tpm.net_promoter_score,
    "net_promoter_score by region": lambda study: tpm.net_promoter_score(study, by="region"),
    "touchpoint_map": tpm.touchpoint_map,
    "driver_regression": tpm.driver_regression,
    "relative_importance": tpm.relative_importance,
    "driver_diagnostics": lambda study: tpm.driver_diagnostics(tpm.driver_regression(study)),
    "compare_drivers": lambda study: tpm.compare_drivers(study, doing="recommended", replicates=20),
    "priorities": tpm.priorities,
    "penalty_reward": lambda study: tpm.penalty_reward(study, replicates=100),
    "what_if": lambda study: tpm.what_if(study, {"t0": 1}),
    "rank_actions": tpm.rank_actions,
    "spend_gap": tpm.spend_gap,
    "goal_progress": tpm.goal_progress,
    "compare_waves": tpm.compare_waves,
    "control_chart": tpm.control_chart,
    "say_do": lambda study: tpm.say_do(study, replicates=50),
}
WRONG = {
    "the most of nothing": r"[Mm]ost[^.;:]*: 0(?:\.0)?%",
    "an interval of one value": r"interval (\S+?%?) to \1[ ;,.)]|\((\d[\d.]*%?) to \2\)",
    "an interval of nothing": r"– to –|\bnan\b|\bNaN\b|\bNone of it\b$",
    "one, as several": r"\b1 (?:answers|customers|touchpoints|actions|goals|periods|ratings|groups|waves|persons)\b",
    "several, as one": r"\b(?:[2-9]|\d\d+) (?:answer|customer|touchpoint|action|goal|period|rating|group)\b(?! of)",
    "more, of a minus": r"\b(?:more|higher) by −|\bby −\S+ more",
}
OF_ONE = (
    r"\b(?:Most are|furthest|comes first with|first three|concentrate on|tie with|ties with)\b|\bmost of it goes with\b"
)


@pytest.fixture(scope="module")
def studies():
    return {name: made(**given) for name, given in STUDIES.items()}


def test_there_are_forty():
    assert len(STUDIES) == 40


@pytest.mark.parametrize("verb", VERBS)
def test_sentences_claim_what_is_so(studies, verb):
    said, wrong = 0, []
    for name, study in studies.items():
        try:
            text = VERBS[verb](study).summary("en")
        except tpm.DataError:
            continue  # refused with its own words
        said += 1
        found = {claim: match[0] for claim, form in WRONG.items() if (match := re.search(form, text))}
        if len(study.touchpoint_names) == 1 and (match := re.search(OF_ONE, text)):
            found["a superlative of one"] = match[0]
        if {"customers", "respondents"} <= set(re.findall(r"\w+", text)):
            found["customers, or respondents"] = text
        wrong += [f"{name}: {claim}: {words}" for claim, words in found.items()]
    assert not wrong, "\n".join(wrong)
    assert said >= 20


def test_the_forms_find_what_they_are_for():
    for text in (
        "Most are delighted by x: 0.0% of 12.", "95% interval +2.00 to +2.00)", "its mean is 5.00 (– to –)",
        "from 1 answers", "in 12 answer", "higher by −2",
    ):  # fmt: skip
        assert any(re.search(form, text) for form in WRONG.values()), text
