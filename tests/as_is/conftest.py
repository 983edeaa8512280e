"""Small studies whose deeds are known to the day."""

import pandas as pd
import pytest

from tpm_widgets.study.model import Period, Study


def _dated(frame, *columns):
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in columns if name in frame})


@pytest.fixture
def linked_study():
    """Make a study from answers (customer, date, recommend, …), customers and referrals, given as lists or columns."""

    def make(answers, customers=None, referrals=(), start="2023-01-01", until="2024-12-31", window=365, **more):
        survey = _dated(pd.DataFrame(answers), "date")
        if customers is None:
            customers = {"customer": survey["customer"].dropna().unique(), "acquired": "2020-01-01"}
        people = _dated(pd.DataFrame(customers), "acquired", "left")
        if not isinstance(referrals, pd.DataFrame):
            referrals = pd.DataFrame(list(referrals), columns=["referrer", "date"])
        nothing = pd.DataFrame(index=survey.index)
        return Study(
            name="linked",
            title="A linked study",
            survey=survey,
            ratings=nothing,
            experienced=nothing,
            touchpoints=pd.DataFrame({"touchpoint": [], "label": []}),
            rating_scales={},
            customers=people,
            referrals=_dated(referrals, "date", "converted"),
            period=Period(
                recording_start=None if start is None else pd.Timestamp(start),
                observed_until=None if until is None else pd.Timestamp(until),
                window=window,
            ),
            **more,
        )

    return make
