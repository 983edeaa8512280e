"""How long customers were observed, and which recommendations fell into that time: by hand."""

from dataclasses import replace

import numpy as np
import pytest

from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.errors import DataError

YEAR = 365.25


def test_by_hand(linked_study):
    """a stays, b comes in June and leaves in August 2023, c had left before recording began."""
    study = linked_study(
        {"customer": ["a"], "date": ["2023-03-01"], "recommend": [9.0]},
        {
            "customer": list("abc"),
            "acquired": ["2020-01-01", "2023-06-01", "2020-01-01"],
            "left": [None, "2023-08-31", "2022-05-01"],
        },
        [("a", "2022-12-31"), ("a", "2023-01-01"), ("b", "2023-08-31"), ("b", "2023-09-01"), ("x", "2023-05-05")],
        until="2023-12-31",
    )
    before = study.data_hash
    time = Observed(study, "anybody").time
    assert time.years().tolist() == pytest.approx([365 / YEAR, 92 / YEAR, 0])
    assert time.deeds["person"].tolist() == [0, 1]
    assert time.deeds.index.tolist() == [1, 2]
    assert time.counts().tolist() == [1, 1, 0]
    assert time.counts(won=True).tolist() == [0, 0, 0]
    assert time.left_out == {"unknown": 1, "outside": 2}
    july = [int(np.datetime64(day).astype(int)) for day in ("2023-07-01", "2023-07-31")]
    assert time.years(*july).tolist() == pytest.approx([31 / YEAR, 31 / YEAR, 0])
    assert [caveat.text("en") for caveat in time.caveats] == [
        "1 recommendation was left out: the customers table does not know who recommended.",
        "2 recommendations were left out: made before recording began, or by somebody who was no customer on that day.",
    ]
    assert study.data_hash == before


def test_customers_of_whom_nobody_has_a_day(linked_study):
    study = linked_study(
        {"recommend": [9.0], "date": ["2023-03-01"]},
        {"customer": ["a", None], "acquired": [None, "2020-01-01"]},
        [("a", "2023-04-01")],
    )
    time = Observed(study, "anybody").time
    assert len(time.years()) == len(time.deeds) == 0
    assert time.left_out == {"unknown": 1, "outside": 0}


def test_a_study_without_recommendations_is_refused(linked_study):
    study = linked_study({"customer": ["a"], "date": ["2023-03-01"], "recommend": [9.0]})
    with pytest.raises(DataError) as refusal:
        Observed(replace(study, referrals=None), "anybody").time
    assert str(refusal.value) == (
        "referrals: expected a table for anybody. Add the table as a file under [referrals] in study.toml, or as "
        "referrals= to make_study."
    )
