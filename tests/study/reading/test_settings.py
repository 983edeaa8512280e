"""study.toml: every key that is wrong is told at once, with the nearest that is known."""

import pandas as pd
import pytest

import tpm_widgets as tpm

SURVEY = '[survey]\nfile = "a.csv"\nrecommend = "nps"\n'


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "a.csv").write_text("nps,q1,day\n9,5,2024-01-01\n8,4,2024-08-01\n", encoding="utf-8")
    return tmp_path


def refusal(folder, settings):
    (folder / "study.toml").write_text(settings, encoding="utf-8")
    with pytest.raises(tpm.DataError) as error:
        tpm.load_study(folder)
    return str(error.value).splitlines()


def test_what_a_study_says_of_itself(folder):
    settings = """
    [study]
    title = "A shop"
    min_group = 10
    [period]
    recording_start = 2023-01-01
    observed_until = "2025-12-31"
    window = 180
    [linkage]
    permitted = true
    basis = "consent"
    """
    (folder / "study.toml").write_text(settings + SURVEY, encoding="utf-8")
    study = tpm.load_study(folder / "study.toml")
    assert (study.name, study.title, study.min_group) == (folder.name, "A shop", 10)
    assert study.period.recording_start == pd.Timestamp("2023-01-01")
    assert study.period.observed_until == pd.Timestamp("2025-12-31")
    assert study.period.window == 180
    assert study.linkage == {"permitted": True, "basis": "consent"}


def test_waves_may_stand_in_the_settings(folder):
    waves = (
        "[waves.first]\nstart = 2024-01-01\nend = 2024-06-30\n[waves.second]\nstart = 2024-07-01\nend = 2024-12-31\n"
    )
    (folder / "study.toml").write_text(SURVEY + 'date = "day"\n' + waves, encoding="utf-8")
    study = tpm.load_study(folder)
    assert study.survey["wave"].tolist() == ["first", "second"]
    assert study.waves["start"].tolist() == [pd.Timestamp("2024-01-01"), pd.Timestamp("2024-07-01")]


def test_every_wrong_key_and_value_at_once(folder):
    settings = """
    survy = 1
    [study]
    titel = "x"
    min_group = "many"
    [survey]
    file = "a.csv"
    recommend = 5
    delimiter = ";;"
    decimal = "point"
    header_rows = 0
    blank = "nothing"
    rating_scale = [5]
    touchpoints = { q1 = 3 }
    xyz = 1
    [survey.codes.q1]
    no_answers = [9]
    [survey.scales]
    q1 = "1-5"
    [customers]
    [customers.codes.source]
    recomendation = ["x"]
    [customers.codes.colour]
    red = [1]
    [period]
    recording_start = "soon"
    window = 0
    [linkage]
    permitted = "yes"
    [waves.first]
    start = 2024-01-01
    finish = 2024-02-01
    """
    assert refusal(folder, settings) == [
        "study.toml: found 'survy', expected a section of study.toml. Did you mean 'survey'?",
        "study.toml: found 'titel', expected a key of [study]. Did you mean 'title'?",
        "study.toml: found 'colour', expected a key of [customers.codes]. "
        "There are: source, bought_again, would_have_joined, recommended, recommendations, customers_won.",
        "study.toml, column 'customers.file': expected the name of the file. Add file = \"…\" under [customers].",
        "study.toml: found 'recomendation', expected a key of [customers.codes.source]. Did you mean 'recommendation'?",
        "study.toml, column 'study.min_group': found 'many', expected a whole number, 1 or more.",
        "study.toml: found 'xyz', expected a key of [survey]. There are: file, header_rows, delimiter, decimal, "
        "encoding, sheet, date_order, simulated, keep, drop, respondent, recommend, customer, date, wave, weight, "
        "strata, cluster, overall, annoyance, recommended_12m, recommended, recommendations, customers_won, tenure, "
        "text, recommend_scale, cutoffs, rating_scale, scales, not_experienced, no_answer, codes, words, reversed, "
        "blank, repeated_rows, segments, touchpoints, aware, stated_importance, long, labels.",
        "study.toml, column 'survey.rating_scale': found '[5]', "
        "expected the lowest and the highest value of the scale, such as [1, 5].",
        "study.toml, column 'survey.delimiter': found ';;', expected one character.",
        "study.toml, column 'survey.header_rows': found '0', expected a whole number, 1 or more.",
        "study.toml, column 'survey.decimal': found 'point', expected one of '.', ','.",
        "study.toml, column 'survey.recommend': found '5', expected a text.",
        "study.toml: found 'no_answers', expected a key of [survey.codes.q1]. Did you mean 'no_answer'?",
        "study.toml, column 'survey.touchpoints': found \"{'q1': 3}\", "
        "expected columns, each with a touchpoint of its own.",
        "study.toml, column 'survey.scales.q1': found '1-5', "
        "expected the lowest and the highest value of the scale, such as [1, 5].",
        "study.toml, column 'survey.blank': found 'nothing', expected one of 'no_answer', 'not_experienced'.",
        "study.toml: found 'finish', expected a key of [waves.first]. There are: start, end.",
        "study.toml, column 'period.recording_start': found 'soon', expected a day such as 2024-03-31.",
        "study.toml, column 'period.window': found '0', expected a whole number, 1 or more.",
        "study.toml, column 'linkage.permitted': found 'yes', expected true or false.",
        'a.csv, column \'recommend\': expected a column of this name. The columns are "nps", "q1", "day".',
    ]


def test_a_file_that_is_no_toml_and_a_folder_without_settings(folder):
    assert refusal(folder, "[survey\n") == [
        "study.toml: expected settings in TOML. The parser says: "
        "Expected ']' at the end of a table declaration (at line 1, column 8)."
    ]
    (folder / "study.toml").unlink()
    with pytest.raises(tpm.DataError) as error:
        tpm.load_study(folder)
    assert str(error.value) == (
        "study.toml: expected a file study.toml in the folder of the study. "
        "Write one that names the survey's file and columns, or begin with: tpm new."
    )
    (folder / "study.toml").write_bytes("[study]\ntitle = 'Größe'\n".encode("cp1252"))
    assert str(tpm.check_study(folder).table["remedy"].item()) == "Save the file again in UTF-8."


def test_settings_without_a_survey(folder):
    assert refusal(folder, "[study]\nname = 'x'\n") == [
        "study.toml, column 'survey.file': expected the name of the file. Add file = \"…\" under [survey]."
    ]


def test_scales_and_codes_name_columns_that_are_there(folder):
    assert refusal(folder, SURVEY + "[survey.scales]\nq2 = [1, 7]\n[survey.codes.q3]\nno_answer = [9]\n") == [
        'a.csv, column \'q2\': expected a column of this name. The columns are "nps", "q1", "day".',
        'a.csv, column \'q3\': expected a column of this name. The columns are "nps", "q1", "day".',
    ]


def test_an_empty_role_says_that_no_column_plays_it(tmp_path):
    (tmp_path / "a.csv").write_text("nps,weight\n9,1\n8,5\n", encoding="utf-8")
    (tmp_path / "study.toml").write_text(SURVEY, encoding="utf-8")
    assert tpm.load_study(tmp_path).weights.tolist() == [1, 5]
    (tmp_path / "study.toml").write_text(SURVEY + 'weight = ""\n', encoding="utf-8")
    assert tpm.load_study(tmp_path).weights.tolist() == [1, 1]


def test_values_that_settings_cannot_have(folder):
    settings = """
    linkage = 1
    [period]
    recording_start = 2024-01-02
    observed_until = 2024-01-01
    """
    more = "not_experienced = [true, 1979-05-27]\n"
    assert refusal(folder, settings + SURVEY + more) == [
        "study.toml, column 'survey.not_experienced': found '[True, datetime.date(1979, 5, 27)]', "
        "expected a list of numbers or texts.",
        "study.toml, column 'period.observed_until': found '2024-01-01', expected a day on or after recording_start.",
        "study.toml, column 'linkage': found '1', expected a section of its own, [linkage].",
    ]


def test_settings_that_are_no_text_and_files_that_are_not_there(folder):
    (folder / "study.toml").write_bytes(b'[study]\ntitle = "Gr\xf6\xdfe"\n')
    with pytest.raises(tpm.DataError) as error:
        tpm.load_study(folder)
    assert str(error.value) == "study.toml: expected text in UTF-8. Save the file again in UTF-8."
    assert refusal(folder, '[survey]\nfile = "elsewhere.xlsx"\n') == [
        "elsewhere.xlsx: expected a file in the folder of study.toml. Put it there, or correct the name."
    ]
