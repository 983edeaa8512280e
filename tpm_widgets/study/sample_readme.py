"""The README of a simulated sample, made from its tables and its truth, so that it cannot differ from them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from tpm_widgets.study.model import Study

COLUMNS: dict[str, dict[str, str]] = {
    "survey": {
        "respondent": "person who answers; the same in all waves",
        "recommend": '"How likely would you recommend us to a friend or colleague?", 0–10',
        "customer": "key to customers.csv",
        "date": "day of the answer",
        "wave": "quarter of the wave, see waves.csv",
        "weight": "post-stratification by region and age group within the wave; mean 1 in each wave",
        "overall": "overall satisfaction, 1–5",
        "recommended_12m": '"Have you recommended us in the last 12 months?", yes or no, as remembered',
        "tenure": "years as a customer, one decimal",
        "region": "segment",
        "product": "segment: the main policy",
        "age_group": "segment, years",
        "text": "comment, in the respondent's own (invented) words; missing where none was made",
    },
    "touchpoints": {
        "touchpoint": "name, a column of survey.csv",
        "label": "words for it",
        "phase": "phase of the customer's journey",
        "order": "place in the journey, 1 first",
        "channel": "where it happens",
        "medium": "online or offline",
        "control": "owned, paid, earned or partner",
        "function": "what it is for",
        "status": "new, current or retire",
        "listed_by": "who knows of it: company, customers or both",
        "first_contact": "share of customers whose first contact it was, 0–1",
        "spend": "EUR a year",
        "cost_per_contact": "EUR",
        "staff_rating": "what the staff believe customers would give, mean, 1–5",
        "worst_case": "what could happen at worst",
    },
    "customers": {
        "customer": "key, numbered by the day of coming",
        "acquired": "day of becoming a customer",
        "source": "recommendation, other or unknown; unknown for all who came before the recording, when nobody asked",
        "recommended_by": "key of the recommender; missing where the source is not a recommendation",
        "aware_through": '"How did you become aware of us?"; new customers of known source only',
        "what_said": '"What exactly did the recommender say?"; invented',
        "left": "day of leaving; missing for those who stay until the end of observation",
        "bought_again": "bought a second policy, yes or no; missing in the first year",
        "value": "expected contribution margin over the customer's life, EUR",
        "acquisition_cost": "EUR; missing for those who came before the recording",
        "would_have_joined": '"Would you have come without the recommendation?", yes or no; won by recommendation only',
        "segment": "household or business",
    },
    "referrals": {
        "referrer": "key of the customer who recommends",
        "date": "day of the recommendation",
        "perspective": "one_to_one, one_to_many or many_to_many",
        "recipients": "how many people were addressed",
        "channel": "where it was made",
        "contacted": "day on which the insurer and the recommended person came into contact; missing where never",
        "converted": "day on which that person became a customer; missing where never",
        "new_customer": "key of the new customer; missing where none, or where the new customer's source is unknown",
        "incentive": "voucher or donation promised; missing where none",
        "consent": "the recommended person agreed to be contacted, yes or no",
        "consent_date": "day of the consent",
        "consent_basis": "how it was given",
    },
    "incidents": {
        "customer": "key",
        "touchpoint": "name",
        "date": "day of the incident",
        "valence": "positive or negative, told in interviews or registered",
        "problem": "kind of problem; missing where positive",
        "severity": "1 slight … 5 grave",
        "annoyance": "0 none … 10 furious",
        "complained": "day of the complaint; missing for those who kept silent",
        "registered": "day on which the complaint was registered",
        "acknowledged": "day of the acknowledgement",
        "resolved": "day of the solution",
        "first_contact": "solved at the first contact, yes or no",
        "satisfied": "content with the solution, yes or no",
        "informed": "told afterwards what has changed, yes or no",
    },
    "reviews": {
        "date": "day of the review",
        "platform": "invented",
        "stars": "1–5",
        "touchpoint": "what it is about; missing where about the whole",
        "text": "invented; missing where there are stars only",
    },
    "revenue": {
        "customer": "key",
        "period": "calendar year; only whole years of the recording",
        "revenue": "premiums of the year, EUR",
        "margin": "contribution margin of the year, EUR",
    },
    "actions": {
        "action": "measure",
        "touchpoint": "name",
        "cost": "EUR",
        "effort": "person-days",
        "expected_change": "rating points",
        "probability": "of success, 0–1",
        "time_to_effect": "weeks until customers notice",
        "owner": "department",
        "start": "day",
        "due": "day",
        "status": "planned or done",
        "needs": "the measure that has to come first",
    },
    "goals": {
        "goal": "words for it",
        "metric": "nps (−1…1), referral_rate (0…1) or rating:touchpoint (1–5)",
        "baseline": "where it stood: first wave, or first year of new customers",
        "target": "same unit",
        "due": "day",
    },
    "waves": {"wave": "quarter", "start": "first day in the field", "end": "last day in the field"},
}
SCALARS = {
    "intercept": "answer of somebody who gives every touchpoint its expected rating, before segments and halo",
    "mean_score": "mean of the noiseless answer before the improvement",
    "noise": "standard deviation of an answer around its noiseless value",
    "halo": "share of the variance of a rating (before rounding) that all ratings have in common",
    "halo_on_score": "added to the answer per standard deviation of the halo",
    "overall_on_halo": "the same, added to the overall satisfaction, which knows nothing else",
    "deed_rate": "expected recommendations per customer-year before the improvement",
    "daily_rate": "recommendations a day of somebody who gives every touchpoint its expected rating",
    "churn": "hazard of leaving, a year, at the mean answer",
    "churn_by_score": "fall of the log hazard per point of the noiseless answer",
    "consent": "P(the recommended person agrees to be contacted)",
    "contact_delay": "mean days from the recommendation to the contact",
    "conversion_delay": "mean days from the contact to the conversion",
    "would_have_joined": "share of those won by a recommendation who would have come anyway",
    "unknown": "share of new customers whose source stays unknown, completely at random",
    "no_answer": "share of ratings left out, completely at random",
    "recall": "P(reports a recommendation | made one in the last 12 months)",
    "false_recall": "P(reports a recommendation | made none)",
    "answers_by_halo": "log odds of answering, per standard deviation of the halo",
}
GROUPS = {
    "say_region": "added to the answer",
    "say_age": "added to the answer",
    "do_age": "added to the log rate of recommendations",
    "answers_by_age": "added to the log odds of answering",
    "conversion": "P(becomes a customer | contacted)",
}


def sample_readme(study: Study, truth: Mapping[str, Any], tables: Mapping[str, pd.DataFrame]) -> str:
    """Write what is in the files, in which units and codes, and the truth that they were drawn from."""
    period, new = study.period, truth["new_customers"]
    parts = [
        f"# {study.title}",
        "An invented company with invented customers, drawn from a model whose every parameter is known: what an "
        "analysis finds can be held against the truth below. Nothing in it is about real people, and no text is a real "
        "person's.",
        f"Drawn by `simulate_study(seed={truth['seed']}, respondents={truth['respondents']}, "
        f"touchpoints={len(truth['touchpoints'])}, waves={len(truth['waves'])})` and written by `make samples`, "
        "byte for byte the same each time. Do not edit the files by hand. `tpm.sample_study("
        f'"{study.name}")` loads them; its `.truth` is `truth.json`.',
        f"Deeds are recorded from {period.recording_start:%Y-%m-%d} to {period.observed_until:%Y-%m-%d}. "
        "CSV files in UTF-8, comma between cells, point in numbers, days as YYYY-MM-DD, empty cells are missing. Yes "
        "and no are written as words.",
        "## Files",
        markdown(["file", "rows", "columns"], [[f"{n}.csv", len(t), t.shape[1]] for n, t in tables.items()]),
        *(column_lists(study, tables)),
        "## The truth",
        "With r a rating, m its expected value (`centre`), e = 1 where the touchpoint was ever experienced, and "
        "h ~ N(0, 1) a customer's halo:",
        "- rating = round(location + spread·(√halo·h + √(1 − halo)·noise)), cut to 1–5; a customer keeps his ratings "
        "in all waves, but for the improvement\n"
        "- answer = round(intercept + Σ say·e·(r − m) + Σ say_never·(1 − e) + halo_on_score·h + age + region + "
        "N(0, noise)), cut to 0–10\n"
        "- recommendations a day ~ Poisson(daily_rate·exp(Σ do·e·(r − m) + Σ do_never·(1 − e) + age))\n"
        "- hazard of leaving, a year = churn·exp(−churn_by_score·(noiseless answer − mean_score))",
        "Rounding and the cut at 10 shrink the coefficients of a linear regression of the answer to about 90 %; the "
        "halo, left out of it, adds about .03 to each.",
        touchpoint_truth(study, truth),
        "`promoter_effect` and `referred_effect` are `say` and `do` on the scale of shares: the average slope of "
        "P(promoter) and of P(recommends within 365 days) per rating point, over the answers, with complete follow-up. "
        "The halo adds about .01 to the former. Answers before the improvement, followed up beyond it, show less of "
        "the improved touchpoint's effect on deeds.",
        improvement_truth(study, truth),
        f"**New customers.** {new['recommendation']} really came because of a recommendation, {new['other']} "
        f"otherwise: a referral rate of {new['recommendation'] / (new['recommendation'] + new['other']):.3f}. Some of "
        "them were won by recommendations of the half year before the recording, which are not in referrals.csv.",
        "**Complaints.** However a complaint was settled, it changes neither what its customer says nor what he does: "
        "any recovery paradox found here is chance.",
        markdown(["parameter", "value", "meaning"], [[f"`{k}`", truth[k], text] for k, text in SCALARS.items()]),
        markdown(
            ["parameter", "values", "meaning"],
            [[f"`{k}`", ", ".join(f"{g} {v}" for g, v in truth[k].items()), text] for k, text in GROUPS.items()],
        ),
    ]
    return "\n\n".join(parts) + "\n"


def improvement_truth(study: Study, truth: Mapping[str, Any]) -> str:
    """Say which touchpoint was improved when and by how much."""
    change = truth["improvement"]
    if change is None:
        return "**Improvement.** No touchpoint was improved."
    name = change["touchpoint"]
    return (
        f"**Improvement.** {study.labels[name]} (`{name}`) is improved on {change['date']}, before wave "
        f"{change['wave']}: {change['size']} points before rounding, so that its expected rating rises from "
        f"{truth['centre'][name]:.2f} to {change['centre']:.2f} among those who experience it. In actions.csv it is "
        "the measure that is done."
    )


def column_lists(study: Study, tables: Mapping[str, pd.DataFrame]) -> list[str]:
    """One list of columns per file; the ratings share one row."""
    parts = []
    for name, table in tables.items():
        rows = [[f"`{c}`", COLUMNS[name][str(c)]] for c in table if c not in study.ratings]
        if name == "survey":
            named = ", ".join(f"`{touchpoint}`" for touchpoint in study.touchpoint_names)
            rating = "rating 1 very bad … 5 very good; **6 = never experienced, 0 = no answer**"
            rows.insert(len(rows) - 1, [named, rating])
        parts += [f"### {name}.csv", markdown(["column", "meaning"], rows)]
    return parts


def touchpoint_truth(study: Study, truth: Mapping[str, Any]) -> str:
    """List what each touchpoint drives: effects per rating point, and of never having experienced it."""
    names = ("reach", "location", "spread", "centre", "say", "say_never", "do", "do_never")
    effects = ("promoter_effect", "referred_effect")
    rows = [
        [
            study.labels[t],
            *(f"{truth[name][t]:.2f}" for name in names),
            *(f"{truth[name][t]:.3f}" for name in effects),
            truth["roles"][t],
        ]
        for t in study.touchpoint_names
    ]
    return markdown(["touchpoint", *names, *effects, "drives"], rows)


def markdown(head: list[str], rows: list[list[Any]]) -> str:
    """Write a table in Markdown; upright strokes in cells are escaped."""
    lines = [head, ["--"] * len(head), *rows]
    return "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
