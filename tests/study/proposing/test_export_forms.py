"""Ten exports in the form of their tools, as long as surveys are: from the file alone to the right figures."""

import tomllib

import export_forms
import export_forms_office
import numpy as np
import pytest

import tpm_widgets as tpm
from tpm_widgets.report.starter import start_study

FORMS = [
    export_forms.qualtrics_numeric,
    export_forms.qualtrics_choice_text,
    export_forms.surveymonkey,
    export_forms.limesurvey_codes,
    export_forms.limesurvey_full_answers,
    export_forms_office.google_forms,
    export_forms_office.microsoft_forms,
    export_forms_office.typeform,
    export_forms_office.spss,
    export_forms_office.excel_with_titles,
]


@pytest.fixture(scope="module", params=FORMS, ids=lambda form: form.__name__)
def begun(request, tmp_path_factory):
    """The export, and the folder and the proposal of a study that was started from it."""
    folder = tmp_path_factory.mktemp(request.param.__name__)
    export = request.param()
    file = folder / export.name
    file.write_bytes(export.content)
    proposal = start_study(folder / "study", files=[file])
    return export, folder / "study", proposal


def test_the_figures_are_those_that_were_answered(begun):
    export, folder, _ = begun
    check = tpm.check_study(folder)
    assert check.exit_code == 0, "\n".join(map(str, check.table.to_dict("records")))
    study = check.study
    assert study.left_out["count"].sum() == export.left_out
    np.testing.assert_array_equal(study.survey["recommend"], export.score)
    assert list(study.labels.values()) == list(export.ratings)
    np.testing.assert_array_equal(study.ratings, np.column_stack(list(export.ratings.values())))
    assert study.ratings.mean().to_numpy() == pytest.approx(export.means)
    n, promoters, detractors = export.shares
    row = tpm.net_promoter_score(study).table.iloc[0]
    assert row["n"] == n
    assert [row["promoters"], row["detractors"]] == pytest.approx([promoters, detractors])
    assert row["estimate"] == pytest.approx(promoters - detractors)


def test_deeds_and_groups_are_found(begun):
    export, folder, _ = begun
    study = tpm.load_study(folder)
    for role, deeds in export.flags.items():
        assert study.survey[role].astype("Float64").tolist() == deeds.tolist()
    assert {name: study.survey[name].nunique() for name in study.segments} == export.groups
    assert study.has("survey", "date")


def test_what_is_not_understood_is_told_in_three_lines_and_nobody_is_quoted(begun):
    export, _, proposal = begun
    assert len(proposal.not_understood) <= 3
    shown = "\n".join([proposal.toml, proposal.table.to_string(), proposal.summary(), proposal._repr_html_()])
    for private in export.private:
        assert private not in shown


def test_the_settings_are_the_same_in_german(tmp_path):
    export = export_forms.qualtrics_choice_text()
    (tmp_path / export.name).write_bytes(export.content)
    english = tpm.propose_study(tmp_path / export.name).toml
    tpm.set_language("de")
    try:
        german = tpm.propose_study(tmp_path / export.name).toml
    finally:
        tpm.set_language("en")
    assert tomllib.loads(german) == tomllib.loads(english)
    assert german.startswith("# Vorgeschlagen nach Kundenbefragung_12. März 2024_09.41.csv: 180 Antworten, 29 Spalten.")


def test_labels_of_spss_name_groups(tmp_path):
    export = export_forms_office.spss()
    (tmp_path / export.name).write_bytes(export.content)
    (tmp_path / "study.toml").write_text(tpm.propose_study(tmp_path / export.name).toml, encoding="utf-8")
    groups = tpm.net_promoter_score(tpm.load_study(tmp_path), by="altersgr").table["group"]
    assert groups.tolist() == ["18 bis 29", "30 bis 44", "45 bis 59", "60 und älter"]
