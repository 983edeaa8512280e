"""What was observed is found once in a verb, whoever of its helpers asks for it; and refused when it is used."""

import sys
from collections import Counter
from dataclasses import replace

import pytest

import tpm_widgets as tpm
from tpm_widgets.as_is.deeds.customer_time import customer_time
from tpm_widgets.as_is.deeds.exposure import follow_answers
from tpm_widgets.as_is.deeds.linkage import known_customers
from tpm_widgets.as_is.deeds.observed import Observed
from tpm_widgets.errors import DataError


@pytest.fixture(scope="module")
def insurer():
    return tpm.sample_study("insurer")


@pytest.fixture
def asked(monkeypatch):
    """Count the calls of a function by the data and the window asked for, whichever module has imported it."""

    def count(function):
        calls = Counter()
        modules = [module for name, module in sys.modules.items() if name.startswith("tpm_widgets.")]

        def counted(study, *others):
            calls[study.data_hash, *(other for other in others if isinstance(other, int))] += 1
            return function(study, *others)

        for module in modules:
            if vars(module).get(function.__name__) is function:
                monkeypatch.setattr(module, function.__name__, counted)
        return calls

    return count


@pytest.mark.parametrize(
    "verb, options, times, followed",
    [
        ("say_do", {}, 1, 1),
        ("say_do", {"response_weights": True}, 1, 1),
        ("say_do", {"window": 180}, 1, 2),  # its groups are those of say_do_groups, which has the study's own window
        ("driver_regression", {"outcome": "referred"}, 0, 1),
        ("compare_drivers", {"replicates": 20}, 0, 1),
        ("referral_funnel", {}, 1, 3),  # all answers, each customer's first one, and the contacts after that
    ],
)
def test_nothing_is_found_twice(verb, options, times, followed, insurer, asked):
    call = getattr(tpm, verb)  # loads the modules that are looked through
    customers, time, answers = asked(known_customers), asked(customer_time), asked(follow_answers)
    call(insurer, **options)
    assert list(customers.values()) == [1]
    assert list(time.values()) == [1] * times
    assert list(answers.values()) == [1] * followed


def test_a_part_is_made_at_its_first_use_and_kept(insurer):
    observed = Observed(insurer, "anybody")
    assert observed.time is observed.time
    assert observed.time.people is observed.customers
    assert observed.answers() is observed.answers(insurer.period.window)
    assert observed.answers(30) is not observed.answers()


def test_a_part_that_nobody_uses_is_not_refused(insurer):
    observed = Observed(replace(insurer, referrals=None), "anybody")
    assert len(observed.spans) == len(observed.customers) == insurer.customers["customer"].nunique()
    needed = (
        "referrals: expected a table for anybody. Add the table as a file under [referrals] in study.toml, or as "
        "referrals= to make_study."
    )
    for part in (lambda: observed.time, observed.answers):
        with pytest.raises(DataError) as refusal:
            part()
        assert str(refusal.value) == needed
    with pytest.raises(DataError) as refusal:
        Observed(replace(insurer, customers=None), "anybody").spans
    assert str(refusal.value) == (
        "customers: expected a table for anybody. Add the table as a file under [customers] in study.toml, or as "
        "customers= to make_study."
    )
