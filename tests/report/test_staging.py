import pytest

from tpm_widgets.report.staging import staged


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def test_a_new_folder_appears_as_a_whole_with_ordinary_rights(tmp_path):
    target = tmp_path / "a" / "b"
    with staged(target) as stage:
        (stage / "one.txt").write_text("1")
        assert not target.exists()
    assert files(tmp_path) == ["a", "a/b", "a/b/one.txt"]
    ordinary = tmp_path / "ordinary"
    ordinary.mkdir()
    assert target.stat().st_mode == ordinary.stat().st_mode


def test_files_in_a_folder_that_is_there_are_replaced_and_others_kept(tmp_path):
    (tmp_path / "report.html").write_text("old")
    (tmp_path / "other.txt").write_text("other")
    with staged(tmp_path) as stage:
        (stage / "report.html").write_text("new")
        assert (tmp_path / "report.html").read_text() == "old"
    assert files(tmp_path) == ["other.txt", "report.html"]
    assert (tmp_path / "report.html").read_text() == "new"


@pytest.mark.parametrize("fault", [KeyboardInterrupt, OSError, SystemExit])
@pytest.mark.parametrize("exists", [True, False])
def test_nothing_is_left_after_an_interruption(tmp_path, fault, exists):
    target = tmp_path / "out"
    if exists:
        target.mkdir()
    before = files(tmp_path)
    with pytest.raises(fault), staged(target) as stage:
        (stage / "half.txt").write_text("ha")
        raise fault
    assert files(tmp_path) == before


def test_the_folder_one_stands_in(tmp_path, monkeypatch):
    from pathlib import Path

    monkeypatch.chdir(tmp_path)
    with staged(Path()) as stage:
        (stage / "one.txt").write_text("1")
    assert files(tmp_path) == ["one.txt"]
