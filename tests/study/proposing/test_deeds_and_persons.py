"""Deeds that stand in a file only where they were done, questions on how somebody came, and names of persons."""

import tomllib

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.study.proposing.kinds.counted_words import least_numbers
from tpm_widgets.study.proposing.kinds.persons import is_person

ROWS = 120
FIRST = ("Anna", "Jörg", "Petra", "Thomas", "Sabine", "Michael")
LAST = ("Weber", "Schmidt", "Nowak", "Huber", "Klein", "Smith")


@pytest.fixture
def propose(tmp_path):
    def propose(**more):
        random = np.random.default_rng(4)
        mood = random.normal(size=ROWS)
        frame = pd.DataFrame(
            {
                "Kundennummer": np.arange(3000, 3000 + ROWS),
                "Weiterempfehlung (0-10)": np.clip(np.round(7 + 2 * mood), 0, 10).astype(int),
                "Laden": np.clip(np.round(3.4 + mood), 1, 5).astype(int),
                "Telefon": np.clip(np.round(3.2 + mood + random.normal(size=ROWS)), 1, 5).astype(int),
                **more,
            }
        )
        frame.to_csv(tmp_path / "answers.csv", index=False)
        proposal = tpm.propose_study(tmp_path / "answers.csv")
        (tmp_path / "study.toml").write_text(proposal.toml, encoding="utf-8")
        return proposal, tomllib.loads(proposal.toml)["survey"], tpm.check_study(tmp_path)

    return propose


def every(kinds, rows=ROWS):
    return [kinds[row % len(kinds)] for row in range(rows)]


def role_of(proposal, column):
    return proposal.table.set_index("column")["role"][column]


@pytest.mark.parametrize("mark", ["x", "X", "ja", "Yes", "1", "✓"])
@pytest.mark.parametrize("name", ["Empfohlen", "Hat uns weiterempfohlen", "Referred someone"])
def test_a_blank_beside_a_mark_is_taken_for_a_no_and_asked_about(propose, name, mark):
    proposal, settings, check = propose(**{name: every([mark, "", ""])})
    assert settings["recommended"] == name
    assert settings["codes"][name] == {"true": [mark], "false": [""]}
    assert "Can a blank cell of" in proposal.toml
    assert check.exit_code == 0
    assert check.study.survey["recommended"].tolist() == every([True, False, False])
    assert "nobody has a no" not in check.summary() + " ".join(map(str, check.caveats))


@pytest.mark.parametrize(
    ("name", "role"), [("Anz. Empfehlungen", "recommendations"), ("Gewonnene Kunden", "customers_won")]
)
def test_a_blank_of_a_count_without_any_0_is_taken_for_0(propose, name, role):
    _, settings, check = propose(**{name: every(["2", "", "1", ""])})
    assert settings[role] == name
    assert settings["codes"][name] == {"false": [""]}
    assert check.study.survey[role].tolist() == every([2.0, 0.0, 1.0, 0.0])


def test_the_customers_won_of_those_who_have_recommended(propose):
    _, settings, check = propose(Empfohlen=every(["x", "x", "", ""]), **{"davon Neukunden": every(["1", "0", "", ""])})
    assert settings["customers_won"] == "davon Neukunden"
    assert check.study.survey["customers_won"].tolist() == every([1.0, 0.0, 0.0, 0.0])


def test_a_few_blank_cells_beside_a_yes_stay_unknown_and_are_asked_about(propose):
    proposal, settings, check = propose(Empfohlen=["ja"] * (ROWS - 12) + [""] * 12)
    assert settings["codes"]["Empfohlen"] == {"true": ["ja"]}
    assert '# codes.Empfohlen = { true = ["ja"], false = [""] }' in proposal.toml
    assert int(check.study.survey["recommended"].isna().sum()) == 12


def test_a_count_with_zeros_keeps_its_blank_cells(propose):
    proposal, settings, check = propose(**{"Anzahl Empfehlungen": every(["0", "1", "", "0"])})
    assert "codes" not in settings
    assert "blank cell" not in proposal.toml
    assert check.study.survey["recommendations"].isna().tolist() == every([False, False, True, False])


def test_until_it_is_declared_the_check_says_what_to_write_and_that_works(tmp_path):
    frame = pd.DataFrame({"nps": every([9, 4, 7]), "shop": every([5, 2, 4]), "won": every([1, None, None])})
    given = {"recommend": "nps", "touchpoints": ["shop"], "roles": {"customers_won": "won"}}
    check = tpm.check_study(tpm.make_study(frame, **given))
    assert [str(remark) for remark in check.caveats] == [
        "survey, column 'won': nobody has a no or a 0, and 80 cells are blank: not known. Where a blank means no, "
        'or none, write codes={"won": {"false": [""]}} under [survey].'
    ]
    declared = tpm.check_study(tpm.make_study(frame, **given, codes={"won": {"false": [""]}}))
    assert declared.caveats == ()
    assert declared.study.survey["customers_won"].tolist() == every([1.0, 0.0, 0.0])
    unknown = tpm.check_study(tpm.make_study(frame, **given, codes={"won": {"no_answer": [""]}}))
    assert unknown.caveats == ()
    assert int(unknown.study.survey["customers_won"].isna().sum()) == 80


def test_a_blank_of_the_customers_table_means_none_where_it_is_said():
    survey = pd.DataFrame({"nps": [9, 4], "shop": [5, 2], "customer": ["a", "b"]})
    customers = pd.DataFrame(
        {
            "customer": ["a", "b"],
            "acquired": ["2024-01-01"] * 2,
            "recommended": ["x", None],
            "recommendations": [2, None],
        }
    )
    codes = {"customers": {"recommended": {"true": ["x"], "false": [""]}, "recommendations": {"false": [""]}}}
    roles = {"customers": {"recommended": "recommended", "recommendations": "recommendations"}}
    study = tpm.make_study(survey, recommend="nps", touchpoints=["shop"], customers=customers, codes=codes, roles=roles)
    assert study.customers["recommended"].tolist() == [True, False]
    assert study.customers["recommendations"].tolist() == [2.0, 0.0]


@pytest.mark.parametrize(
    "question",
    [
        "Did you come to us because somebody recommended us?",
        "Were you referred by a friend?",
        "Has someone recommended us to you?",
        "Sind Sie durch eine Empfehlung zu uns gekommen?",
        "Hat uns Ihnen jemand empfohlen?",
        "Where did you first hear about us?",
    ],
)
def test_how_somebody_came_is_no_deed(propose, question):
    deed = "Have you recommended us in the past 12 months?"
    proposal, settings, _ = propose(**{question: every(["Yes", "No"]), deed: every(["Yes", "No", "No"])})
    assert settings["recommended_12m"] == deed
    assert not {"recommended", "recommendations"} & set(settings)
    assert role_of(proposal, question) in ("segment", "none")


@pytest.mark.parametrize(
    ("name", "role"), [("Hat empfohlen (J/N)", "recommended"), ("Empfohlen letzte 12 Monate", "recommended_12m")]
)
def test_only_a_window_makes_a_deed_one_of_the_past_year(propose, name, role):
    _, settings, _ = propose(**{name: every(["J", "N"])})
    assert settings[role] == name


@pytest.mark.parametrize(
    ("words", "numbers"),
    [
        (["nie", "1-mal", "2- bis 3-mal", "öfter"], [0, 1, 2, 4]),
        (["never", "once", "twice", "more often"], [0, 1, 2, 3]),
        (["0", "1", "2-4", "5+"], [0, 1, 2, 5]),
        (["niemandem", "einer Person", "2 bis 5 Personen", "mehr als 5"], None),
        (["none", "1 person", "2 to 4 people", "5 or more"], [0, 1, 2, 5]),
        (["North", "South"], None),
    ],
)
def test_words_for_how_often(words, numbers):
    assert least_numbers(words) == (None if numbers is None else dict(zip(words, map(float, numbers), strict=True)))


def test_how_often_in_words_is_a_count_by_the_least_that_each_says(propose):
    name = "Wie oft haben Sie uns im letzten Jahr weiterempfohlen?"
    _, settings, check = propose(**{name: every(["nie", "1-mal", "2- bis 3-mal", "öfter"])})
    assert settings["recommendations"] == name
    assert check.exit_code == 0
    assert check.study.survey["recommendations"].tolist() == every([0.0, 1.0, 2.0, 4.0])


def test_a_count_is_asked_of_those_who_said_yes_before(propose):
    yes, count = "Have you recommended us?", "If yes, to how many people?"
    _, settings, check = propose(**{yes: every(["Yes", "No", "Yes"]), count: every(["1", "", "5 or more"])})
    assert settings["recommendations"] == count
    assert check.study.survey["recommendations"].tolist() == every([1.0, 0.0, 5.0])


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("First Name", FIRST),
        ("Nachname", ("Ostrowski", "Grabbe", "Tietjen")),
        ("Name", ("Ostrowski, P.", "Grabbe, U.")),
        ("Contact: Full Name", [f"{first} {last}" for first, last in zip(FIRST, LAST, strict=True)]),
        ("Agent", [f"{first} {last}" for first, last in zip(FIRST, LAST, strict=True)]),
        ("Ansprechpartner", [f"Frau {last}" for last in LAST]),
        ("Q12", [f"{last}, {first}" for first, last in zip(FIRST, LAST, strict=True)]),
    ],
)
def test_names_of_persons_play_no_role(propose, name, cells):
    proposal, settings, _ = propose(**{name: every(cells)})
    assert role_of(proposal, name) == "none"
    assert "segments" not in settings


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        ("Store name", ("North Mall", "City Centre", "Airport")),
        ("Kunde", ("Privat", "Gewerbe")),
        ("Contact", ("Phone", "E-mail", "Chat")),
        ("Agent", ("Bot", "Human")),
        ("City", ("New York", "Bad Homburg", "Saint Louis")),
    ],
)
def test_groups_that_are_no_persons_stay_groups(propose, name, cells):
    _, settings, _ = propose(**{name: every(cells)})
    assert settings["segments"] == [name]


def test_a_touchpoint_that_is_called_like_a_person_is_rated(propose):
    content = np.random.default_rng(4).normal(size=ROWS)  # as the others' answers
    _, settings, _ = propose(Berater=np.clip(np.round(3 + content), 1, 5).astype(int))
    assert "Berater" in settings["touchpoints"]


@pytest.mark.parametrize("text", ["Anna Müller", "Weber, J.", "Dr. Ostrowski", "Petra"])
def test_names_of_persons(text):
    assert is_person(text)


@pytest.mark.parametrize("text", ["New York", "Shop", "Very good", "Customer service", "Müller 24"])
def test_what_is_no_name_of_a_person(text):
    assert not is_person(text)
