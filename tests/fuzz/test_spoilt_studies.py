"""Hundreds of spoilt studies: no traceback, and nothing lost or misread in silence."""

import json

import pytest

from tests.fuzz.oracle import run


def told(found):
    return json.dumps(found, indent=1, ensure_ascii=False)


def test_five_hundred_spoilt_studies():
    found = run(500)
    assert not found, told(found)


@pytest.mark.slow
def test_five_thousand_spoilt_studies():
    found = run(5000, first=1000)
    assert not found, told(found)
