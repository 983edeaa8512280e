"""The order of time in the names of waves."""

import pandas as pd
import pytest

import tpm_widgets as tpm
from tpm_widgets.study.building.wave_names import names_in_time, names_in_year


@pytest.mark.parametrize(
    "names",
    [
        ["2022", "2023", "2024"],
        ["2022/23", "2023/24"],
        ["FY23", "FY24"],
        ["Q3/23", "Q4/23", "Q1/24"],
        ["2023 Q4", "2024 Q1"],
        ["2023Q4", "2024Q1"],
        ["4Q23", "1Q24"],
        ["Q4'23", "Q1'24"],
        ["Q4 FY23", "Q1 FY24"],
        ["4. Quartal 2023", "1. Quartal 2024"],
        ["IV/2023", "I/2024"],
        ["Nov 2023", "Dec 2023", "Jan 2024"],
        ["Okt 23", "Nov 23", "Jan 24"],
        ["November 2023", "Januar 2024", "März 2024"],
        ["décembre 2023", "janvier 2024"],
        ["Oct-Dec 2023", "Jan-Mar 2024"],
        ["2023-11", "2024-03"],
        ["11/2023", "03/2024"],
        ["202311", "202402"],
        ["2023M11", "2024M02"],
        ["H2 2023", "H1 2024"],
        ["2. Halbjahr 2023", "1. Halbjahr 2024"],
        ["KW 50 2023", "KW 2 2024"],
        ["2023-W50", "2024-W02"],
        ["Frühjahr 2023", "Herbst 2023", "Frühjahr 2024"],
        ["Winter 2022/23", "Summer 2023", "Winter 2023/24"],
        ["W1", "W2", "W10"],
        ["Welle 1 (2023)", "Welle 2 (2023)", "Welle 1 (2024)"],
        ["1st wave", "2nd wave"],
        ["1", "2", "10"],
        ["2023", "Q2 2024"],
        ["2023-11-15", "15.01.2024"],
        ["Customer survey Q4 2023", "Customer survey Q1 2024"],
        ["Wave 1: Nov 2023", "Wave 2: Jan 2024"],
    ],
)
def test_names_that_tell_their_time(names):
    assert names_in_time(names[::-1]) == names
    assert names_in_time([f" {name.upper()} " for name in names[::-1]]) == [f" {name.upper()} " for name in names]


@pytest.mark.parametrize(
    "names",
    [["Q1", "Q2"], ["before", "after"], ["2023", "pilot"], ["2024", "Q1 2024"], ["Q1 2023", "Q2"],
     ["03/04/2024", "05/06/2024"], ["2023-13", "2024-13 x"]],
)  # fmt: skip
def test_names_that_do_not(names):
    assert names_in_time(names) is None


def test_names_without_a_year():
    assert names_in_year(["Nov", "Dec", "Jan", "Feb"]) == ["Nov", "Dec", "Jan", "Feb"]
    assert names_in_year(["Q3", "Q1", "Q2", "Q4"]) == ["Q1", "Q2", "Q3", "Q4"]
    assert names_in_year(["before", "after"]) is None
    assert names_in_year(["Q1", "Jan"]) is None


def frame(names, scores=(3, 5, 8, 10)):
    waves = [name for name in names for _ in range(5)]
    return pd.DataFrame({"wave": waves, "nps": [scores[names.index(name)] for name in waves]})


def waves_of(study):
    return list(study.survey["wave"].cat.categories)


@pytest.mark.parametrize("shuffled", [False, True])
def test_a_rise_is_told_as_a_rise(shuffled):
    answers = frame(["Q3/23", "Q4/23", "Q1/24", "Q2/24"])
    answers = answers.sample(frac=1, random_state=1) if shuffled else answers
    study = tpm.make_study(answers, recommend="nps", wave="wave")
    assert waves_of(study) == ["Q3/23", "Q4/23", "Q1/24", "Q2/24"]
    table = tpm.compare_waves(study).table
    assert table["difference"].tolist() == [0, 1, 1, 2]
    assert study.remarks == ()
    assert tpm.net_promoter_score(answers, by="wave", recommend="nps").table["wave"].tolist() == waves_of(study)


def test_an_order_that_nothing_tells_is_that_of_the_file_and_is_said_everywhere():
    study = tpm.make_study(frame(["pilot", "main", "after"]), recommend="nps", wave="wave")
    assert waves_of(study) == ["pilot", "main", "after"]
    told = (
        "Nothing tells when the waves were; they stand in the order of the file: pilot, main and after. "
        "If that is wrong, give their days under [waves.pilot] and so on."
    )
    assert [remark.text("en") for remark in tpm.check_study(study).caveats] == [told]
    assert told in [caveat.text("en") for caveat in tpm.compare_waves(study).caveats]
    assert told in [caveat.text("en") for caveat in tpm.control_chart(study, period="wave").caveats]


def test_months_without_a_year_run_on_and_are_said():
    study = tpm.make_study(frame(["Nov", "Dec", "Jan"]), recommend="nps", wave="wave")
    assert waves_of(study) == ["Nov", "Dec", "Jan"]
    assert study.remarks[0].text("en") == (
        "The names of the waves tell no year; they are taken in the order Nov, Dec and Jan. "
        "If that is wrong, give their days under [waves.Nov] and so on."
    )


def test_the_order_that_is_given_comes_first():
    answers = frame(["b", "a", "c"])
    ordered = answers.assign(wave=pd.Categorical(answers["wave"], ["c", "b", "a"], ordered=True))
    assert waves_of(tpm.make_study(ordered, recommend="nps", wave="wave")) == ["c", "b", "a"]
    days = {"b": "2024-03-01", "a": "2024-01-01", "c": "2024-02-01"}
    dated = tpm.make_study(answers.assign(day=answers["wave"].map(days)), recommend="nps", wave="wave", date="day")
    assert waves_of(dated) == ["a", "c", "b"]
    table = pd.DataFrame({"wave": list("bca"), "start": list(days.values()), "end": "2024-12-31"}).assign(
        start=["2024-01-01", "2024-02-01", "2024-03-01"]
    )
    listed = tpm.make_study(answers, recommend="nps", wave="wave", waves=table)
    assert waves_of(listed) == ["b", "c", "a"]
    assert dated.remarks == listed.remarks == ()
