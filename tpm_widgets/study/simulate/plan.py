"""The simulated company's plans: measures, one of them done, and goals set in the first wave."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from tpm_widgets.study.simulate.companies.profile import Measure, Touchpoint
from tpm_widgets.study.simulate.model import Calendar, Model

COLUMNS = [
    "action",
    "touchpoint",
    "cost",
    "effort",
    "expected_change",
    "probability",
    "time_to_effect",
    "owner",
    "start",
    "due",
    "status",
    "needs",
]


def action_table(model: Model, calendar: Calendar, touchpoints: tuple[Touchpoint, ...]) -> pd.DataFrame:
    """List the measures that concern the study's touchpoints; the improvement of the model is the one that is done."""
    measures = [measure for measure in model.profile.measures if measure.touchpoint in model.names]
    improved = model.names[model.improvement.touchpoint] if model.improvement else None
    if improved is not None and improved not in [measure.touchpoint for measure in measures]:
        label = touchpoints[model.names.index(improved)].words.label
        measures.insert(0, Measure(improved, f"Improve: {label}", 40_000, 50, 0.5, 0.7, 8, "Service"))
    done = next((m for m in measures if m.touchpoint == improved), None)
    rows = []
    for place, measure in enumerate(measures):
        if measure is done and model.improvement is not None:
            start, due, status = model.improvement.day - 90, model.improvement.day, "done"
        else:
            start = calendar.until + 1 + 14 * place
            due, status = start + round(7 * measure.weeks), "planned"
        rows.append(
            {
                "action": measure.action,
                "touchpoint": measure.touchpoint,
                "cost": float(measure.cost),
                "effort": float(measure.effort),
                "expected_change": measure.expected_change,
                "probability": measure.probability,
                "time_to_effect": float(measure.weeks),
                "owner": measure.owner,
                "start": calendar.recording_start + pd.Timedelta(days=start),
                "due": calendar.recording_start + pd.Timedelta(days=due),
                "status": status,
                "needs": measure.needs,
            }
        )
    return pd.DataFrame(rows, columns=COLUMNS).astype({"needs": "str"})


def goal_table(calendar: Calendar, touchpoints: tuple[Touchpoint, ...], baseline: Mapping[str, float]) -> pd.DataFrame:
    """Set one goal per metric of ``baseline``, a step above it, due at the end of the waves or of observation."""
    labels = {f"rating:{touchpoint.name}": touchpoint.words.label for touchpoint in touchpoints}
    rows = []
    for metric, value in baseline.items():
        if metric == "nps":
            goal, step, due = "More promoters, fewer detractors", 0.10, int(calendar.ends[-1])
        elif metric == "referral_rate":
            goal, step, due = "Every third new customer by recommendation", 0.06, calendar.until
        else:
            goal, step, due = f"Better experiences: {labels[metric]}", 0.40, int(calendar.ends[-1])
        day = calendar.recording_start + pd.Timedelta(days=due)
        rows.append({"goal": goal, "metric": metric, "baseline": value, "target": round(value + step, 2), "due": day})
    return pd.DataFrame(rows)
