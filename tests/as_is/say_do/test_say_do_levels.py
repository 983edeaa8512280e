"""A level that a study cannot give says what would mend that, in the language of whoever reads it."""

import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.errors import DataError

PEOPLE = [f"customer {number}" for number in range(20)]


def of_level(study, level, language, **options):
    """What the second answer says of a level."""
    return tpm.say_do(study, replicates=5, **options).answers()[1].values[level].text(language)  # noqa: PD011


@pytest.fixture
def answered(linked_study):
    """Make a study of twenty customers who answered on one day."""

    def make(customers=None, **columns):
        people = {"customer": PEOPLE, "acquired": "2020-01-01"} | (customers or {})
        answers = {"customer": PEOPLE, "date": "2023-03-01", "recommend": [9.0, 2.0] * 10} | columns
        return linked_study(answers, people, [(PEOPLE[0], "2023-04-01")])

    return make


@pytest.mark.parametrize(
    "language, words",
    [
        (
            "en",
            "Between groups nothing can be said yet. Give both tables a column of the same name, such as a region, or "
            "name the wave under [survey].",
        ),
        (
            "de",
            "Zwischen Gruppen lässt sich noch nichts sagen. Geben Sie beiden Tabellen eine Spalte gleichen Namens, "
            "etwa eine Region, oder nennen Sie die Welle unter [survey].",
        ),
    ],
)
def test_nothing_ties_answers_to_groups(language, words, answered):
    assert of_level(answered(), "groups", language) == words


@pytest.fixture
def half_dated(answered):
    """Two waves, one of which has no day on which it ended."""
    study = answered(wave=pd.Categorical(["one", "two"] * 10, ordered=True))
    study.survey.loc[study.survey["wave"] == "two", "date"] = pd.NaT
    return study


@pytest.mark.parametrize(
    "language, words",
    [
        (
            "en",
            "Between groups nothing can be said yet. Declare each wave's start and end as a table [waves], or name the "
            "column of the answers' dates.",
        ),
        (
            "de",
            "Zwischen Gruppen lässt sich noch nichts sagen. Nennen Sie Beginn und Ende jeder Welle als Tabelle "
            "[waves], oder nennen Sie die Spalte mit dem Datum der Antworten.",
        ),
    ],
)
def test_one_wave_has_no_days(language, words, half_dated):
    assert of_level(half_dated, "groups", language) == words
    result = tpm.say_do(half_dated, replicates=5)
    assert result.groups is None and result.time is not None
    picture = tpm.plot_say_do(result, view="groups")
    assert "Declare each wave's" in " ".join(text.get_text().replace("\n", " ") for text in picture.texts)


def test_a_study_of_no_kind_is_told_what_its_groups_need(half_dated):
    """Its answers have no date, so that waves are all that could tie them to deeds."""
    half_dated.survey["date"] = pd.NaT
    with pytest.raises(DataError) as refusal:
        tpm.say_do(half_dated)
    assert str(refusal.value).split("\n")[1] == (
        "customers: expected or, without a link, something that customers and answers have in common, for say_do. "
        "Declare each wave's start and end as a table [waves], or name the column of the answers' dates."
    )


@pytest.mark.parametrize(
    "language, words",
    [
        (
            "en",
            "Between groups it cannot be said: 9 of 10 are withheld, having too few answers or customers, and an "
            "interval takes 4 groups. Choose larger ones with by=.",
        ),
        (
            "de",
            "Zwischen Gruppen lässt es sich nicht sagen: 9 von 10 sind wegen zu weniger Antworten oder Kunden "
            "zurückgehalten, und ein Intervall braucht 4 Gruppen. Wählen Sie mit by= größere.",
        ),
    ],
)
def test_groups_are_withheld(language, words, answered):
    houses = {"house": [*"abcdefghi", *"j" * 11]}
    assert of_level(answered(houses), "groups", language, by="house") == words


@pytest.mark.parametrize(
    "language, words",
    [
        (
            "en",
            "Over time nothing can be said yet. Name the column that plays this role under [survey] in study.toml: "
            'date = "…".',
        ),
        (
            "de",
            "Über die Zeit lässt sich noch nichts sagen. Nennen Sie die Spalte, die diese Rolle spielt, unter [survey] "
            'in study.toml: date = "…".',
        ),
    ],
)
def test_a_report_has_no_date(language, words):
    study = tpm.make_study(
        survey=pd.DataFrame({"score": [9.0, 2.0] * 10, "shop": [5, 1] * 10, "did": ["yes", "no"] * 10}),
        recommend="score",
        touchpoints=["shop"],
        roles={"recommended_12m": "did"},
    )
    assert of_level(study, "time", language) == words
