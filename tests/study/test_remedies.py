"""What is wrong with a cell, whole: where it stands, what is expected there, and what mends it."""

import pandas as pd
import pytest

import tpm_widgets as tpm

ANSWERS = pd.DataFrame({"nps": [9, 3], "q1": [5, 1], "id": ["a", "b"], "day": ["2024-01-31", "2024-04-01"]})
WAVES = pd.DataFrame(
    {"wave": ["one", "two"], "start": ["2024-01-01", "2024-04-01"], "end": ["2024-01-31", "2024-04-30"]}
)
PEOPLE = pd.DataFrame({"customer": ["a", "b"], "acquired": "2020-01-01"})


def faults(survey=ANSWERS, **more):
    """What make_study finds wrong, and what it leaves out."""
    study = tpm.make_study(survey, recommend="nps", touchpoints={"q1": "shop"}, **more)
    told = [
        {
            name: value
            for name, value in fault.items()
            if name not in ("table", "file") and pd.notna(value) and value != ""
        }
        for fault in study.problems.to_dict("records")
    ]
    return told, dict(zip(study.left_out["reason"], study.left_out["count"], strict=True)), study


def test_whether_a_touchpoint_is_known_is_yes_or_no():
    told, left_out, study = faults(ANSWERS.assign(know=["yes", "perhaps"]), roles={"aware": {"know": "shop"}})
    assert told == [
        {"row": 2, "column": "know", "value": "perhaps", "expected": "yes or no",
         "remedy": 'A slip? Correct the cell. No answer? `no_answer=["perhaps"]`. Yes, 1, or no, 0? '
                   '`words={"perhaps": ""}`. (for make_study)'}
    ]  # fmt: skip
    assert left_out == {"neither yes nor no": 1}
    assert study.aware["shop"].tolist() == [True, pd.NA]


def test_consent_is_yes_or_no():
    referrals = pd.DataFrame({"referrer": ["a", "b"], "date": "2024-02-01", "consent": ["perhaps", "no"]})
    told, left_out, study = faults(customers=PEOPLE, referrals=referrals)
    assert told == [
        {"row": 1, "column": "consent", "value": "perhaps", "expected": "yes or no",
         "remedy": "Name the file's own words under [referrals.codes.consent]."}
    ]  # fmt: skip
    assert left_out == {"neither yes nor no": 1}
    assert study.referrals["consent"].tolist() == [pd.NA, False]


def test_a_source_is_one_of_three():
    told, left_out, study = faults(customers=PEOPLE.assign(source=["other", "advert"]))
    assert told == [
        {"row": 2, "column": "source", "value": "advert", "expected": "one of recommendation, other, unknown",
         "remedy": "Name the file's own words under [customers.codes.source]."}
    ]  # fmt: skip
    assert left_out == {"outside the values of source": 1}
    assert study.customers["source"].isna().tolist() == [False, True]


def test_a_row_without_its_key_is_left_out():
    told, left_out, study = faults(customers=PEOPLE.assign(customer=["a", None]))
    assert told == [
        {"row": 2, "column": "customer", "expected": "a value",
         "remedy": "Fill in the cell; until then the row is left out."}
    ]  # fmt: skip
    assert left_out == {"no customer": 1}
    assert study.customers["customer"].tolist() == ["a"]


def test_a_touchpoint_that_the_table_does_not_list_stays():
    listed = pd.DataFrame({"touchpoint": ["call"], "label": ["The call"]})
    told, left_out, study = faults(touchpoint_table=listed)
    assert told == [
        {"column": "touchpoint", "value": "shop", "expected": "a row for each touchpoint that the survey rates",
         "remedy": "Add the row, or correct the name in the survey's touchpoints."}
    ]  # fmt: skip
    assert left_out == {}
    assert study.touchpoints["touchpoint"].tolist() == ["call", "shop"]


@pytest.mark.parametrize(("day", "inside"), [("2024-01-01", True), ("2024-01-31", True), ("2024-02-01", False)])
def test_a_day_lies_in_a_wave(day, inside):
    told, left_out, study = faults(ANSWERS.assign(day=[day, "2024-04-01"]), date="day", waves=WAVES)
    fault = {
        "row": 1, "column": "day", "value": day, "expected": "a day within a wave",
        "remedy": "Correct the day, or a wave's start or end.",
    }  # fmt: skip
    assert told == [fault] * (not inside)
    assert left_out == ({} if inside else {"day outside every wave": 1})
    assert study.survey["wave"].isna().tolist() == [not inside, False]


def test_a_wave_is_one_of_the_table():
    told, left_out, study = faults(ANSWERS.assign(wave=["one", "three"]), wave="wave", waves=WAVES)
    assert told == [
        {"row": 2, "column": "wave", "value": "three", "expected": "a wave of the table of waves",
         "remedy": "Correct the cell, or list the wave in the table of waves."}
    ]  # fmt: skip
    assert left_out == {"unknown wave": 1}
    assert study.survey["wave"].isna().tolist() == [False, True]


def test_one_answer_and_several_faults(tmp_path):
    one = tpm.make_study(ANSWERS.head(1), recommend="nps", touchpoints={"q1": "shop"})
    assert tpm.check_study(one).summary("en") == "The study has 1 answer; touchpoints rated: 1. No fault was found."
    (tmp_path / "survey.csv").write_text("id,nps\n1,9\n", encoding="utf-8")
    (tmp_path / "study.toml").write_text(
        '[survey]\nfile = "survey.csv"\nrecommend = "score"\ndate = "day"\n', encoding="utf-8"
    )
    assert tpm.check_study(tmp_path).summary("en") == ("The study cannot be used: 2 faults have to be corrected first.")


def test_a_study_is_described_with_what_it_lacks():
    _, _, study = faults(date="day", waves=WAVES, customers=PEOPLE, roles={"respondent": "id"})
    found = tpm.describe_study(study)
    assert found.summary("en") == (f"{study.title}: 2 answers on 1 touchpoint in 2 waves.")
    rows = found.table.set_index("table")
    assert rows["rows"].to_dict() == {
        "survey": 2, "touchpoints": 1, "customers": 2, "referrals": 0, "incidents": 0, "reviews": 0, "revenue": 0,
        "actions": 0, "goals": 0, "waves": 2,
    }  # fmt: skip
    assert rows.loc["survey", ["first", "last"]].tolist() == [pd.Timestamp("2024-01-31"), pd.Timestamp("2024-04-01")]
    assert rows.loc["waves", ["first", "last"]].tolist() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-04-30")]
    assert rows.loc["touchpoints", ["first", "last"]].isna().all()
    assert rows.loc["customers", "roles"] == "customer, acquired"
    assert rows.loc["customers", "open_roles"].startswith("source, recommended_by, ")
    assert rows.loc["referrals", "roles"] == ""
    one_wave = tpm.describe_study(tpm.make_study(ANSWERS, recommend="nps", touchpoints={"q1": "shop"}))
    assert "answers on 1 touchpoint in 1 wave." in one_wave.summary("en")
