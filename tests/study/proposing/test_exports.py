"""Ten exports, each in the form of its tool: the proposal alone leads to the score and the means that were answered."""

import tomllib

import exports
import numpy as np
import pytest

import tpm_widgets as tpm

FORMS = [
    exports.qualtrics_numeric,
    exports.qualtrics_choice_text,
    exports.surveymonkey,
    exports.limesurvey_codes,
    exports.limesurvey_full_answers,
    exports.google_forms,
    exports.microsoft_forms,
    exports.typeform,
    exports.spss,
    exports.excel_with_titles,
]
TESTS = {"qualtrics.csv": 2, "qualtrics_words.csv": 2}  # previews that are left out


@pytest.fixture(scope="module")
def data():
    return exports.truth()


def written(form, data, folder):
    name, content = form(data, folder) if form is exports.spss else form(data)
    (folder / name).write_bytes(content)
    return name


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_an_export_is_read_without_an_edit(form, data, tmp_path):
    name = written(form, data, tmp_path)
    proposal = tpm.propose_study(tmp_path / name)
    (tmp_path / "study.toml").write_text(proposal.toml, encoding="utf-8")
    check = tpm.check_study(tmp_path)
    assert check.exit_code == 0, str(check.table)
    study = check.study
    assert study.left_out["count"].sum() == TESTS.get(name, 0)
    assert study.survey["recommend"].tolist() == data.score.tolist()
    np.testing.assert_array_equal(study.ratings, data.ratings)
    promoters, detractors = (data.score >= 9).mean(), (data.score <= 6).mean()
    assert tpm.net_promoter_score(study.unweighted()).table["estimate"].item() == pytest.approx(promoters - detractors)
    assert study.ratings.mean().to_numpy() == pytest.approx(np.nanmean(data.ratings, axis=0))
    assert len(study.segments) == 1
    assert len(set(study.survey[study.segments[0]])) == 3
    assert len(proposal.not_understood) <= 3


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_nobody_is_quoted(form, data, tmp_path):
    name = written(form, data, tmp_path)
    proposal = tpm.propose_study(tmp_path / name)
    shown = "\n".join(
        [proposal.toml, proposal.table.to_string(), proposal.summary(), proposal._repr_html_(), repr(proposal)]
    )
    for private in ("parcel came", "went well", "10.0.0.", "118000000000", "R_005xQ", "k7x", "anonymous"):
        assert private not in shown


def test_touchpoints_are_called_as_their_rows(data, tmp_path):
    named = {}
    for form in FORMS:
        name = written(form, data, tmp_path)
        table = tpm.propose_study(tmp_path / name).table
        named[form.__name__] = [touchpoint for touchpoint in table["touchpoint"] if touchpoint]
    german, codes = ["Laden", "Telefon", "Lieferung"], ["SQ001", "SQ002", "SQ003"]
    assert named == {form.__name__: ["Shop", "Phone", "Delivery"] for form in FORMS} | {
        "limesurvey_codes": codes, "limesurvey_full_answers": german, "typeform": ["shop", "phone", "delivery"]
    }  # fmt: skip


def test_labels_of_spss_name_groups_and_touchpoints(data, tmp_path):
    written(exports.spss, data, tmp_path)
    (tmp_path / "study.toml").write_text(tpm.propose_study(tmp_path / "data.sav").toml, encoding="utf-8")
    study = tpm.load_study(tmp_path)
    assert list(study.labels.values()) == exports.TOUCHPOINTS
    assert set(tpm.net_promoter_score(study, by="v_reg").table["group"]) == set(exports.REGIONS)
    assert study.has("survey", "weight")


def test_the_settings_are_the_same_in_german(data, tmp_path):
    name = written(exports.qualtrics_choice_text, data, tmp_path)
    english = tpm.propose_study(tmp_path / name).toml
    tpm.set_language("de")
    try:
        german = tpm.propose_study(tmp_path / name).toml
    finally:
        tpm.set_language("en")
    assert tomllib.loads(german) == tomllib.loads(english)
    assert german.startswith("# Vorgeschlagen nach qualtrics_words.csv: 40 Antworten, 24 Spalten.")
