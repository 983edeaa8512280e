"""The samples in the repository are what the writer writes, and are found wherever the package is installed."""

import json
import shutil
from pathlib import Path

import pytest

import tpm_widgets as tpm
from tpm_widgets.study import samples
from tpm_widgets.study.sample_files import SAMPLES, draw_sample, rounded, write_sample

FOLDER = Path(__file__).parents[2] / "data" / "samples"


@pytest.fixture(scope="module")
def insurer():
    return tpm.sample_study("insurer")


@pytest.mark.parametrize("name", SAMPLES)
def test_committed_files_are_those_that_the_writer_writes(tmp_path, name):
    write_sample(draw_sample(name), tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    committed = {path.name: path.read_bytes() for path in (FOLDER / name).iterdir()}
    assert sorted(committed) == sorted(written)
    different = [file for file in written if written[file] != committed[file]]
    assert not different, f"run make samples: {different}"
    assert sum(map(len, committed.values())) < 5_000_000


def test_insurer_is_without_a_fault(insurer):
    assert insurer.problems.empty
    assert insurer.left_out.empty
    check = tpm.check_study(FOLDER / "insurer")
    assert check.exit_code == 0


def test_insurer_is_what_was_drawn(insurer):
    drawn = draw_sample("insurer")
    assert insurer.data_hash == drawn.data_hash
    assert insurer.truth == rounded(drawn.truth)
    assert (insurer.name, insurer.title) == ("insurer", "An insurance company")


def test_insurer_has_the_size_that_its_course_needs(insurer):
    assert (len(insurer.survey), len(insurer.waves), len(insurer.touchpoint_names)) == (2_500, 8, 18)
    assert len(insurer.customers) == pytest.approx(10_000, rel=0.02)
    for name in ("survey", "customers", "referrals", "incidents", "reviews", "revenue", "actions", "goals", "waves"):
        assert len(getattr(insurer, name)) > 2, name
    followed = insurer.period.observed_until - insurer.survey["date"].max()
    assert followed.days >= 270


def test_readme_names_every_column(insurer):
    readme = (FOLDER / "insurer" / "README.md").read_text(encoding="utf-8")
    for table in sorted((FOLDER / "insurer").glob("*.csv")):
        for column in table.read_text(encoding="utf-8").splitlines()[0].split(","):
            assert f"`{column}`" in readme, (table.name, column)
    for label in insurer.labels.values():
        assert f"| {label} |" in readme


def test_comments_hold_what_exports_and_pages_trip_over(insurer):
    text = "".join(insurer.survey["text"].dropna())
    for trap in ("<b>", "=SUM(", "&", '"', "ü", ",", "<3"):
        assert trap in text, trap


def test_sample_is_found_in_an_installed_package(tmp_path, monkeypatch):
    bundled = tmp_path / "tpm_widgets" / "bundled" / "samples" / "insurer"
    shutil.copytree(FOLDER / "insurer", bundled)
    monkeypatch.setattr(samples, "PACKAGE", tmp_path / "tpm_widgets")
    assert samples.sample_folder("insurer") == bundled
    assert len(tpm.sample_study("insurer").survey) == 2_500


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
    assert str(refusal.value) == "name must be one of 'insurer'; got 'bank'."
