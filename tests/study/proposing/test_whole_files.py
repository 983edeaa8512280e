"""What is told of a file as a whole: one row for each answer, decimals, its title, names that are codes, choices."""

import tomllib

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.study.building.wave_names import is_period

ROWS = 60
ASKED = "How likely are you to recommend us?"


@pytest.fixture
def propose(tmp_path):
    def propose(frame, name="answers.csv", **form):
        frame.to_csv(tmp_path / name, index=False, **form)
        proposal = tpm.propose_study(tmp_path / name)
        (tmp_path / "study.toml").write_text(proposal.toml, encoding="utf-8")
        return proposal, tomllib.loads(proposal.toml), tpm.check_study(tmp_path)

    return propose


def wide(count=3):
    random = np.random.default_rng(4)
    mood = random.normal(size=ROWS)
    rated = {
        f"Q7_{place}": np.clip(np.round(3 + mood + random.normal(scale=0.7, size=ROWS)), 1, 5).astype(int)
        for place in range(1, count + 1)
    }
    score = np.clip(np.round(7 + 2 * mood), 0, 10).astype(int)
    score[0] = 0
    return pd.DataFrame({"id": np.arange(1, ROWS + 1), ASKED: score, **rated})


@pytest.mark.parametrize("person", ["respondent_id", "customer_no", "Fragebogen-Nr."])
@pytest.mark.parametrize(
    ("question", "answer"), [("question", "answer"), ("Frage", "Antwort"), ("item", "value_given")]
)
def test_a_file_with_one_row_for_each_answer(propose, person, question, answer):
    answers = wide().rename(columns={"id": person, "Q7_1": "Shop", "Q7_2": "Phone", "Q7_3": "App"})
    answers["region"] = np.tile(["North", "South"], ROWS // 2)
    long = answers.melt([person, "region"], var_name=question, value_name=answer).sort_values(person, kind="stable")
    proposal, settings, check = propose(long)
    assert settings["survey"]["long"] == {"question": question, "answer": answer}
    assert settings["survey"]["respondent"] == person
    assert settings["survey"]["recommend"] == ASKED
    assert set(settings["survey"]["touchpoints"]) == {"Shop", "Phone", "App"}
    assert settings["survey"]["segments"] == ["region"]
    assert check.exit_code == 0, str(check.table)
    assert check.study.survey["recommend"].tolist() == answers[ASKED].tolist()
    assert check.study.ratings["Shop"].tolist() == answers["Shop"].tolist()
    assert len(proposal.table) == 6
    assert proposal.settings["rows"] == ROWS


def test_persons_who_answered_in_several_waves_have_no_long_file(propose):
    answers = pd.concat([wide().assign(wave=wave) for wave in ("Q1/24", "Q2/24", "Q3/24")], ignore_index=True)
    _, settings, check = propose(answers)
    assert "long" not in settings["survey"]
    assert settings["survey"]["wave"] == "wave"
    assert check.exit_code == 0


@pytest.mark.parametrize(("sep", "decimal"), [(";", ","), (";", "."), ("\t", ",")])
def test_three_decimals_of_weights_and_years_are_no_thousands(propose, sep, decimal):
    answers = wide().assign(
        weight=np.tile(["1.125", "1.250", "1.500"], ROWS // 3),
        tenure_years=np.tile(["2.125", "3.500", "7.250", "4.000"], ROWS // 4),
    )
    for name in ("weight", "tenure_years"):
        answers[name] = answers[name].str.replace(".", decimal)
    _, settings, check = propose(answers, sep=sep)
    assert settings["survey"]["decimal"] == decimal
    assert (settings["survey"]["weight"], settings["survey"]["tenure"]) == ("weight", "tenure_years")
    assert check.exit_code == 0, str(check.table)
    assert check.study.survey["weight"].tolist()[:3] == [1.125, 1.25, 1.5]
    assert check.study.survey["tenure"].tolist()[:2] == [2.125, 3.5]


@pytest.mark.parametrize(
    ("file", "title"),
    [
        ("Customer survey_March 12, 2024_09.41.csv", "Customer survey March 12, 2024"),
        ("Spoke & Wheel customer survey (Responses) - Form Responses 1.csv", "Spoke & Wheel customer survey"),
        ("Gästebefragung 2024(1-160).csv", "Gästebefragung 2024"),
        ("bakery_2024.csv", "bakery 2024"),
        ("survey.csv", None),
        ("results-survey417283.csv", None),
        ("responses-Xk3dQp1z-01HZ.csv", None),
        ("Umfrage_Export_final2.csv", None),
        ("data (1).csv", None),
    ],
)
def test_the_title_is_the_name_of_the_file_where_that_says_something(propose, file, title):
    _, settings, check = propose(wide(), file)
    assert settings["study"].get("title") == title
    assert check.study.title == (title or check.study.name)


def test_touchpoints_without_words_are_asked_for_in_their_section(propose):
    proposal, settings, check = propose(wide(25))
    assert len(settings["survey"]["touchpoints"]) == 25
    comment = '# The file has no words for 25 of them: write what is rated into the quotes, as in Q7_1 = "…"'
    assert comment in proposal.toml
    assert proposal.not_understood == ()
    assert check.exit_code == 0


def test_several_choices_in_a_cell_are_no_groups(propose):
    choices = {
        "Which do you use?": ["Shop;", "Shop;App;", "App;Phone;"],
        "Was nutzen Sie?": ["Laden", "Laden, Telefon", "Telefon, App"],
        "Q9": ["1", "1,2", "1,2,4"],
        "City, district": ["Bonn, South", "Bonn, North", "Ulm, South"],
        "Fee": ["1,5", "2", "2,5"],
    }
    answers = wide().assign(**{name: np.tile(cells, ROWS // 3) for name, cells in choices.items()})
    table = propose(answers)[0].table.set_index("column")
    reason = "its cells hold several choices each"
    assert [table.loc[name, "reason"] == reason for name in choices] == [True, True, True, False, False]
    assert table.loc["City, district", "role"] == "segment"


@pytest.mark.parametrize(
    "name", ["2023", "2023/24", "Q1/24", "1. Quartal 2024", "Okt 23", "März", "Wave 2", "T1", "KW 12/2024"]
)
def test_names_of_periods(name):
    assert is_period(name)


@pytest.mark.parametrize(
    "name", ["7", "1850", "18-29", "18 bis 29", "1.05", "105", "III", "12 Monate", "North", "31.03.2024", "A1"]
)
def test_names_of_no_period(name):
    assert not is_period(name)


def test_the_names_of_import_ids_count(tmp_path):
    codes, days = ("recordedDate", "_recordId", "QID1_NPS_GROUP", "QID1", "QID2_1", "QID2_2"), range(1, 29)
    rows = [
        "A,B,C,D,E,F", "Eins,Zwei,Drei,Vier,Fünf,Sechs",
        ",".join('"{""ImportId"":""' + code + '""}"' for code in codes),
        *(f"2024-03-{day:02},R_{day}x,{1 + (day % 11 > 6)},{day % 11},{1 + day % 5},{1 + day % 4}" for day in days),
    ]  # fmt: skip
    (tmp_path / "a.csv").write_text("\n".join(rows), encoding="utf-8")
    table = tpm.propose_study(tmp_path / "a.csv").table.set_index("column")
    assert table.loc[["A", "B", "C", "D"], "role"].tolist() == ["date", "respondent", "none", "recommend"]
    assert table.loc["C", "reason"] == "it is made of the score"
    assert "others are called alike" not in table.loc["E", "reason"]  # of two columns it is no wonder


@pytest.mark.parametrize("codes", [["1", "2"], ["A1", "A2"]])
def test_codes_of_groups_are_to_be_named_as_the_file_writes_them(propose, tmp_path, codes):
    proposal, settings, _ = propose(wide().assign(region=np.tile(codes, ROWS // 2)))
    assert settings["survey"]["segments"] == ["region"]
    lines = "".join(f'# {code} = "…"\n' for code in codes)
    assert f"# [survey.labels.region]\n{lines}" in proposal.toml
    named = proposal.toml.replace("# [survey.labels.region]", "[survey.labels.region]")
    for code, word in zip(codes, ("North", "South"), strict=True):
        named = named.replace(f'# {code} = "…"', f'{code} = "{word}"')
    (tmp_path / "study.toml").write_text(named, encoding="utf-8")
    assert set(tpm.load_study(tmp_path).survey["region"]) == {"North", "South"}


HALVES = "Satisfaction with {} (1 = very bad, 6 = very good)"


@pytest.mark.parametrize("decimal", [".", ","])
@pytest.mark.parametrize(("form", "scale"), [(HALVES, [1, 6]), ("Zufriedenheit {} (0-10)", [0, 10]), ("{}", [1, 5])])
def test_ratings_in_halves_are_ratings(propose, decimal, form, scale):
    answers = wide()
    rated = {f"Q7_{place}": form.format(name) for place, name in enumerate(("shop", "phone", "app"), start=1)}
    answers = answers.rename(columns=rated)
    halves = (answers[list(rated.values())] - 0.5 * (np.arange(ROWS)[:, None] % 2)).clip(lower=1)
    answers[list(rated.values())] = halves.map(lambda value: f"{value:.1f}".replace(".", decimal))
    _, settings, check = propose(answers)
    assert list(settings["survey"]["touchpoints"]) == list(rated.values())
    assert settings["survey"]["rating_scale"] == scale
    assert check.exit_code == 0, str(check.table)
    assert check.study.ratings.to_numpy().tolist() == halves.to_numpy().tolist()


FOOTERS = {
    "a mean": [["Mittelwert", "7,28", "3,1", "3,2", "3,3"]],
    "a count and a mean": [["n", "60", "60", "60", "60"], ["Mean", "7.2", "3.1", "3.2", "3.3"]],
    "a source after a blank row": [
        ["Mittelwert", "7,28", "3,1", "3,2", "3,3"],
        ["Gesamt", "", "60", "", ""],
        ["", "", "", "", ""],
        ["Quelle: Bäckerei Muster", "", "", "", ""],
    ],
    "many": [
        *([name, "2", "2", "2", "60"] for name in ("N=60", "Mean", "SD", "Min", "Max", "Median", "Total")),
        ["Source: shop survey", "", "", "", ""],
        ["Stand: 3/2024", "", "", "", ""],
    ],
    "in another column": [["", "Mean", "3.1", "3.2", "60"], ["", "", "Source: us", "", ""]],
}


@pytest.mark.parametrize("footer", FOOTERS.values(), ids=FOOTERS)
def test_what_stands_below_a_table_is_dropped_and_makes_no_code(propose, footer):
    answers = wide().astype(str)
    below = pd.DataFrame(footer, columns=answers.columns)
    proposal, settings, check = propose(pd.concat([answers, below], ignore_index=True))
    dropped = [value for values in settings["survey"]["drop"].values() for value in values]
    assert sorted(dropped) == sorted(next(filter(None, row)) for row in footer if any(row))
    assert "no_answer" not in settings["survey"]
    assert proposal.settings["rows"] == ROWS
    assert check.exit_code == 0, str(check.table)
    assert check.study.survey["recommend"].tolist() == answers[ASKED].astype(float).tolist()


def test_the_last_no_of_a_first_column_is_an_answer(propose):
    answers = wide(3).drop(columns="id")
    answers.insert(0, "Würden Sie wieder kommen? (j/n)", ["j", "n"] * (ROWS // 2))
    _, settings, _ = propose(answers)
    assert "drop" not in settings["survey"]


@pytest.mark.parametrize("name", ["Any comments?", "Sonstige Anmerkungen", "Kommentar"])
def test_comments_that_repeat_are_no_groups(propose, name):
    _, settings, _ = propose(wide().assign(**{name: np.tile(["none", "all fine", "too dear"], ROWS // 3)}))
    assert "segments" not in settings["survey"]


@pytest.mark.parametrize(
    "form",
    [
        "%b %d, %Y",
        "%b. %d, %Y, %I:%M %p",
        "%B %d %Y %I:%M %p",
        "%d. {month} %Y",
        "%d. {short}. %Y, %H:%M Uhr",
        "%d-%b-%y",
        "%Y/%m/%d %H:%M:%S GMT+1",
        "%Y/%m/%d %I:%M:%S %p GMT+1",
        "%H:%M %d.%m.%Y",
        "%d.%m.%Y - %H:%M",
    ],
)
def test_days_in_any_manner_are_the_day_of_the_answer(propose, form):
    months = ["", "Januar", "Februar", "M\u00e4rz", "April"]
    short = ["", "J\u00e4n", "Feb", "Mrz", "Apr"]
    days = pd.Timestamp("2025-01-03 15:04") + pd.to_timedelta(np.arange(ROWS) * 31, unit="h")
    cells = [
        day.strftime(form).replace("{month}", months[day.month]).replace("{short}", short[day.month]) for day in days
    ]
    _, settings, check = propose(wide().assign(Eingang=cells))
    assert settings["survey"]["date"] == "Eingang"
    assert check.exit_code == 0, str(check.table)
    assert check.study.survey["date"].tolist() == days.normalize().tolist()
