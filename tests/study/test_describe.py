"""What a study has and what it lacks, by table, and in words."""

import pandas as pd

import tpm_widgets as tpm

ANSWERS = pd.DataFrame(
    {
        "nps": [9, 8, 7],
        "q1": [4, 5, 3],
        "q2": [1, 2, 3],
        "w": ["a", "b", "b"],
        "day": ["2024-02-01", "2024-05-03", None],
    }
)


def study_of(**more):
    return tpm.make_study(ANSWERS, recommend="nps", touchpoints=["q1", "q2"], date="day", **more)


def test_only_what_is_there_is_shown_and_the_table_has_the_rest():
    found = tpm.describe_study(study_of())
    assert found.summary() == "study: 3 answers on 2 touchpoints in 1 wave."
    assert found.absent[:2] == ("customers", "referrals")
    assert "customers" in set(found.table["table"]) and ">customers<" not in found._repr_html_()
    assert tpm.describe_study(study_of(wave="w")).summary() == "study: 3 answers on 2 touchpoints in 2 waves."


def test_simulated_tables_are_said_to_be():
    found = tpm.describe_study(tpm.sample_study("software")).summary()
    assert "Simulated, not observed: survey and touchpoints." in found


def test_size_span_and_roles_of_each_table():
    table = tpm.describe_study(study_of()).table.set_index("table")
    assert table["rows"].to_dict() == {
        "survey": 3, "touchpoints": 2, "customers": 0, "referrals": 0, "incidents": 0, "reviews": 0, "revenue": 0,
        "actions": 0, "goals": 0, "waves": 0,
    }  # fmt: skip
    survey = table.loc["survey"]
    assert (survey["first"], survey["last"]) == (pd.Timestamp("2024-02-01"), pd.Timestamp("2024-05-03"))
    assert survey["roles"] == "recommend, date"
    assert "respondent" in survey["open_roles"].split(", ") and "date" not in survey["open_roles"].split(", ")
    assert pd.isna(table.loc["touchpoints", "first"]) and table.loc["customers", "roles"] == ""
