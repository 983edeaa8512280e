"""A faulty cell is shown where it can name nobody, and masked where it may."""

import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.study.cells.faults import shown
from tpm_widgets.study.cells.masking import tells_of_persons

PLANTED = (
    "maria.muster@example.org", "Maria Muster", "Muster, Maria", "Müller", "Anna", "+49 170 1234567", "0170/1234567",
    "01701234567", "DE89 3704 0044 0532 0130 00", "DE89370400440532013000", "K-104711", "MM19700131",
    "Ja, Maria Muster weiß es", "unknown (Maria Muster)", "Schulstraße 5", "no answer from maria.muster@example.org",
)  # fmt: skip
HARMLESS = (
    "12", "-1", "99999", "4,5", "1.234,50", "1e400", "45.000", "2024-02-30", "31.02.2024", "2024-01-02 10:30", "often",
    "good", "Sehr gut", "very good", "Don't know (6)", "k.A.", "n/a", "TRUE", "#DIV/0!", "=1+3", "January", "5x", "4*",
)  # fmt: skip


@pytest.mark.parametrize("text", PLANTED)
def test_what_may_name_somebody_is_masked(text):
    assert shown(text) == "•••"


@pytest.mark.parametrize("text", HARMLESS)
def test_what_is_short_and_harmless_is_shown(text):
    assert shown(text) == text


def test_a_word_that_many_gave_is_shown_unless_it_looks_like_a_name():
    assert (shown("Zumeist", 1), shown("Zumeist", 3), shown("Maria Muster", 30)) == ("•••", "Zumeist", "•••")
    assert shown("maria@example.org", 30) == "•••"


def test_what_tells_of_persons():
    assert [tells_of_persons(text) for text in ("Total", "Source: a@b.org", "0170 1234567")] == [False, True, True]


@pytest.mark.parametrize("text", PLANTED)
@pytest.mark.parametrize("column", ["nps", "q1", "w", "day", "done"])
def test_no_planted_person_is_told_of_in_any_column(text, column):
    cells = {"nps": [9, 8, 7, 6], "q1": [5, 4, 3, 2], "w": [1.0, 0.5, 1.5, 1.0], "day": ["2024-01-02"] * 4}
    table = pd.DataFrame({**cells, "done": ["yes", "no", "yes", "no"]}).astype(object)
    table.loc[1, column] = text
    study = tpm.make_study(
        table, recommend="nps", touchpoints=["q1"], weight="w", date="day", roles={"recommended_12m": "done"}
    )
    check = tpm.check_study(study)
    assert len(study.survey) == 4
    told = [*check.table.astype(str).to_numpy().ravel(), check.summary(), repr(check), check._repr_html_()]
    told += [*map(str, check.caveats), *check.by_column.astype(str).to_numpy().ravel()]
    assert not [words for words in told if text in words]
