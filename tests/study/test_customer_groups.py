"""What is known of customers without playing a role: groups are kept under their own names, identifiers are not."""

import pandas as pd

import tpm_widgets as tpm

SURVEY = pd.DataFrame({"recommend": [9, 3, 10, 7], "house": ["Dunes", "Opera", "Dunes", "Opera"]})
CUSTOMERS = pd.DataFrame(
    {
        "customer": ["C1", "C2", "C3", "C4"],
        "acquired": ["2023-01-01"] * 4,
        "house": ["Dunes", " Opera", "Opera", None],
        "floor": [1, 1, 2, 2],
        "e-mail": ["a@b.example", "c@d.example", "e@f.example", "g@h.example"],
        "empty": [None] * 4,
    }
)


def made(**more):
    return tpm.make_study(SURVEY, touchpoints=[], segments=["house"], customers=CUSTOMERS, **more)


def test_groups_are_kept_as_texts_under_their_own_names():
    study = made()
    assert list(study.customers) == ["customer", "acquired", "house", "floor"]
    assert study.customers["floor"].to_list() == ["1", "1", "2", "2"]
    assert study.customers["house"].to_list()[:3] == ["Dunes", "Opera", "Opera"]
    assert study.problems.empty


def test_an_address_is_not_kept():
    many = pd.DataFrame(
        {
            "customer": [f"C{number}" for number in range(40)],
            "acquired": "2023-01-01",
            "house": ["Dunes", "Opera"] * 20,
            "name": [f"Name {number // 1.2:.0f}" for number in range(40)],
            "e-mail": [f"{number}@example.org" for number in range(40)],
        }
    )
    before = many.copy(deep=True)
    study = tpm.make_study(SURVEY, touchpoints=[], segments=["house"], customers=many)
    assert list(study.customers) == ["customer", "acquired", "house"]
    assert not any("example.org" in str(cell) for cell in study.customers.to_numpy().ravel())
    pd.testing.assert_frame_equal(many, before)


def test_a_column_called_like_a_role_that_another_one_plays_is_no_group():
    many = pd.concat([CUSTOMERS] * 3, ignore_index=True).assign(customer=[f"C{n}" for n in range(12)], segment="all")
    study = tpm.make_study(
        SURVEY, touchpoints=[], customers=many.assign(kind="b2b"), roles={"customers": {"segment": "kind"}}
    )
    assert study.customers["segment"].to_list() == ["b2b"] * 12
    assert "kind" not in study.customers


def test_other_tables_hold_their_roles_only():
    referrals = pd.DataFrame({"referrer": ["C1", "C2"], "date": "2023-05-01", "note": "same"})
    assert list(made(referrals=referrals).referrals) == ["referrer", "date"]
