"""The samples in the repository are what the writer writes, and are found wherever the package is installed."""

import json
import shutil
from pathlib import Path
from typing import get_args

import numpy as np
import pytest

import tpm_widgets as tpm
from tpm_widgets.study import samples
from tpm_widgets.study.simulate.sample_files import SAMPLES, draw_sample, rounded, write_sample

FOLDER = Path(__file__).parents[2] / "data" / "samples"


@pytest.fixture(scope="module")
def insurer():
    return tpm.sample_study("insurer")


@pytest.mark.parametrize("name", SAMPLES)
def test_committed_files_are_those_that_the_writer_writes(tmp_path, name):
    write_sample(draw_sample(name), tmp_path, name)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    committed = {path.name: path.read_bytes() for path in (FOLDER / name).iterdir()}
    assert sorted(committed) == sorted(written)
    different = [file for file in written if written[file] != committed[file]]
    assert not different, f"run make samples: {different}"
    assert sum(map(len, committed.values())) < 2_000_000


def test_every_sample_is_offered():
    assert list(SAMPLES) == list(get_args(samples.Sample))
    assert {path.name for path in FOLDER.iterdir()} == set(SAMPLES)


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_is_without_a_fault(name):
    study = tpm.sample_study(name)
    assert study.problems.empty
    assert study.left_out.empty
    assert tpm.check_study(FOLDER / name).exit_code == 0


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_is_what_was_drawn(name):
    study, drawn = tpm.sample_study(name), draw_sample(name)
    assert study.data_hash == drawn.data_hash
    assert study.truth == rounded(drawn.truth)
    assert (study.name, study.title) == (name, SAMPLES[name]["title"])
    assert study.linkage == drawn.linkage
    assert study.period == drawn.period


def test_hotels_serve_the_group_and_the_period_level():
    hotels = tpm.sample_study("hotels")
    assert hotels.survey["date"].dt.to_period("M").nunique() >= 24
    assert hotels.survey["house"].value_counts().min() >= 50
    # What is in the answers by house shows the truth's relation, within what 16 houses can tell (Fisher's z).
    made = hotels.referrals.merge(hotels.customers, left_on="referrer", right_on="customer")["house"].value_counts()
    score = tpm.net_promoter_score(hotels, by="house").table.set_index("group")["estimate"]
    rate = (made / hotels.customers["house"].value_counts()).loc[score.index]
    assert len(score) == 16
    found, true = np.corrcoef(score, rate)[0, 1], hotels.truth["house_relation"]["pearson"]
    assert abs(np.arctanh(found) - np.arctanh(true)) < 2 / np.sqrt(16 - 3)


def test_software_has_no_deed_but_what_is_said_of_it():
    assert {path.name for path in (FOLDER / "software").glob("*.csv")} == {"survey.csv", "touchpoints.csv"}
    reported = tpm.sample_study("software").survey["recommended_12m"]
    assert reported.notna().all()
    assert reported.sum() > 200


def test_insurer_has_the_size_that_its_course_needs(insurer):
    assert (len(insurer.survey), len(insurer.waves), len(insurer.touchpoint_names)) == (2_500, 8, 18)
    assert len(insurer.customers) == pytest.approx(10_000, rel=0.02)
    for name in ("survey", "customers", "referrals", "incidents", "reviews", "revenue", "actions", "goals", "waves"):
        assert len(getattr(insurer, name)) > 2, name
    followed = insurer.period.observed_until - insurer.survey["date"].max()
    assert followed.days >= 270


@pytest.mark.parametrize("name", SAMPLES)
def test_readme_names_every_column_and_every_truth(name):
    readme = (FOLDER / name / "README.md").read_text(encoding="utf-8")
    for table in sorted((FOLDER / name).glob("*.csv")):
        for column in table.read_text(encoding="utf-8").splitlines()[0].split(","):
            assert f"`{column}`" in readme, (table.name, column)
    study = tpm.sample_study(name)
    for label in study.labels.values():
        assert f"| {label} |" in readme
    for house, region in study.truth.get("house_region", {}).items():
        effects = (study.truth[column][house] for column in ("house_share", "say_house", "do_house"))
        assert f"| {house} | {region} | {' | '.join(map(str, effects))} |" in readme
    if name != "insurer":
        assert "insurer" not in readme
        assert "policy" not in readme


@pytest.mark.parametrize("name", SAMPLES)
def test_comments_hold_what_exports_and_pages_trip_over(name):
    text = "".join(tpm.sample_study(name).survey["text"].dropna())
    for trap in ("<b>", "=SUM(", "&", '"', "ü", ",", "<3"):
        assert trap in text, trap


@pytest.mark.parametrize("name", SAMPLES)
def test_sample_is_found_in_an_installed_package(tmp_path, monkeypatch, name):
    bundled = tmp_path / "tpm_widgets" / "bundled" / "samples" / name
    shutil.copytree(FOLDER / name, bundled)
    monkeypatch.setattr(samples, "PACKAGE", tmp_path / "tpm_widgets")
    assert samples.sample_folder(name) == bundled
    assert len(tpm.sample_study(name).survey) == SAMPLES[name]["respondents"]


def test_each_caller_gets_a_study_of_his_own(insurer):
    mine = tpm.sample_study("insurer")
    mine.survey["recommend"] = 0.0
    mine.ratings.iloc[:, 0] = 1.0
    mine.truth["roles"]["claim"] = "neither"
    del mine.customers["source"]
    yours = tpm.sample_study("insurer")
    assert yours.data_hash == insurer.data_hash
    assert yours.truth == insurer.truth


def test_truth_file_is_plain_json():
    truth = json.loads((FOLDER / "insurer" / "truth.json").read_text(encoding="utf-8"))
    assert truth["roles"]["claim"] == "both"
    assert truth["improvement"]["touchpoint"] == "service_line"


def test_unknown_sample_is_refused_in_words():
    with pytest.raises(ValueError) as refusal:
        tpm.sample_study("bank")
    assert str(refusal.value) == "name must be one of 'insurer', 'hotels', 'software'; got 'bank'."
