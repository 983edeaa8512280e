"""A table of customers that tells only what each of them did at some time needs no first day."""

import pandas as pd
import pytest

import tpm_widgets as tpm
from tests.test_every_scale import EMPTY, OPTIONS, TAKES_DRIVERS, verbs

NEEDS_FIRST_DAY = {
    *("referral_activity", "referral_funnel", "referral_network", "referral_rate", "referral_sources"),
    *("referral_timing", "referral_value"),
}


def frame():
    return pd.DataFrame({
        "q": [0, 5, 7, 9, 10, 8] * 20, "desk": [1, 3, 4, 5, 5, 2] * 20, "app": [3, 3, 4, 2, 5, 1] * 20,
        "c": [f"c{number}" for number in range(120)], "area": ["a", "b", "a"] * 40,
    })  # fmt: skip


def people(**columns):
    return pd.DataFrame({"customer": frame()["c"], **columns})


def study_of(customers, roles, **more):
    return tpm.make_study(
        frame(), recommend="q", touchpoints=["desk", "app"], customer="c", segments=["area"], customers=customers,
        roles={"customers": roles}, **more,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("role", "cells"),
    [("recommended", ["no", "no", "yes", "no", "yes", "yes"]), ("recommendations", [0, 0, 1, 0, 3, 1]),
     ("customers_won", [0, 1, 0, 0, 1, 2])],
)  # fmt: skip
def test_counts_alone_are_enough(role, cells):
    study = study_of(people(did=cells * 20), {role: "did"})
    assert study.problems.empty
    if role != "customers_won":
        assert tpm.say_do(study, replicates=20).kind == "undated"
    drivers = tpm.driver_regression(study, outcome=role)
    assert drivers.n == 120


def test_without_counts_the_first_day_is_asked_for():
    with pytest.raises(tpm.DataError) as refused:
        study_of(people(did=1), {})
    assert str(refused.value) == (
        'customers, column \'acquired\': expected a column of this name. The columns are "customer", "did". Where '
        "customer systems only count what each customer did, delete [customers] and name the counts under [survey]: "
        'recommendations = "…", customers_won = "…" or recommended = "…" (yes or no).'
    )


def test_recommendations_without_days_are_told_how_they_count(tmp_path):
    """One export of a customer system, with a count and no day: the remedy leads to an answer."""
    rows = [f"c{place},{1 + place % 5},{(place * 7) % 4 if place % 3 else 0}" for place in range(60)]
    (tmp_path / "crm.csv").write_text("\n".join(["id,satisfied,referrals", *rows]) + "\n")
    survey = '[survey]\nfile = "crm.csv"\ncustomer = "id"\nrecommend = "satisfied"\nrecommend_scale = [1, 5]\n'
    referrals = '[referrals]\nfile = "crm.csv"\nreferrer = "id"\n'
    (tmp_path / "study.toml").write_text(f"{survey}touchpoints = []\n{referrals}")
    with pytest.raises(tpm.DataError, match=r"delete \[referrals\] and name the counts under \[survey\]"):
        tpm.load_study(tmp_path)
    (tmp_path / "study.toml").write_text(f'{survey}touchpoints = []\nrecommendations = "referrals"\n')
    assert tpm.check_study(tmp_path).exit_code == 0
    assert tpm.say_do(tpm.load_study(tmp_path), replicates=20).kind == "undated"


def test_a_first_day_that_is_named_has_to_be_there():
    with pytest.raises(tpm.DataError, match="customers, column 'since': expected a column of this name"):
        study_of(people(did=1), {"recommendations": "did", "acquired": "since"})


def test_every_verb_answers_or_names_the_first_day():
    study = study_of(
        people(did=[0, 0, 1, 0, 3, 1] * 20, source="other"), {"recommendations": "did"},
        referrals=pd.DataFrame({"referrer": ["c1", "c4"], "date": ["2024-01-01", "2024-02-01"]}),
    )  # fmt: skip
    assert study.problems.empty
    drivers = tpm.driver_regression(study)
    asked_for = set()
    for name in verbs():
        if name == "side_by_side":
            continue
        for options in OPTIONS.get(name, [EMPTY]):
            own = {**options, **({"by": "area"} if options.get("by") == "segment" else {})}
            own |= {"changes": {"app": 0.5}} if name == "what_if" else {}
            try:
                getattr(tpm, name)(drivers if name in TAKES_DRIVERS else study, **own)
            except tpm.DataError as error:
                table = error.problems
                assert table["remedy"].map(str).str.len().gt(0).all(), name
                for row in table[table["column"] == "acquired"].to_dict("records"):
                    asked_for.add(name)
                    assert str(row["remedy"]) == (
                        'Name the column that plays this role under [customers] in study.toml: acquired = "…".'
                    )
    assert asked_for >= NEEDS_FIRST_DAY
