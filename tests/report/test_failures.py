"""What a report says where a cell failed: a sentence in its language, escaped, without folders."""

import pytest
from nbformat.v4 import new_output

from tpm_widgets.language import say
from tpm_widgets.report.failures import Failure, note_of, told_in_words, without_folders
from tpm_widgets.report.section import make_section


@pytest.mark.parametrize(
    ("error", "shown"),
    [
        ("KeyError: 'x'", "KeyError: 'x'"),
        (
            "FileNotFoundError: [Errno 2] No such file: '/home/jo/My study/a.csv'",
            "FileNotFoundError: [Errno 2] No such file: 'a.csv'",
        ),
        ("OSError: /home/jo/a.csv is gone, and /tmp/b.csv too", "OSError: a.csv is gone, and b.csv too"),
        (r"OSError: C:\Users\Jo\a.csv, 'D:\My study\b.csv'", "OSError: a.csv, 'b.csv'"),
        ("OSError: file:///home/jo/a.csv", "OSError: a.csv"),
        ("IsADirectoryError: '/home/jo/'", "IsADirectoryError: 'jo'"),
        ("ValueError: 4/5, and/or https://e.org/a/b", "ValueError: 4/5, and/or https://e.org/a/b"),
        ("DataError: first line\nsecond line", "DataError: first line"),
        ("E: " + "x" * 400, "E: " + "x" * 297 + "…"),
    ],
)
def test_an_error_is_one_line_without_folders(error, shown):
    assert without_folders(error) == shown


@pytest.fixture
def failed(notebook):
    made = notebook("# Why?", "## First", "one", "## Second", "two", "## Third", "three")
    made.cells[2].outputs = [
        new_output("stream", text="shown before"),
        new_output("error", ename="ValueError", evalue="<b>", traceback=["/home/jo/secret.py:3"]),
    ]
    made.cells[6].outputs = [new_output("stream", text="shown after")]
    return made


def text_of(notebook, failures, language, folder):
    return make_section("00_first", told_in_words(notebook, failures, language), folder, (), language).body


def test_a_sentence_stands_in_its_place_in_both_languages(failed, tmp_path):
    failures = [
        Failure("00_first", 1, 2, "one", "ValueError: <b>'/home/jo/a.csv'"),
        Failure("00_first", 2, 4, "two", "NameError: name 'one' is not defined", rests_on=1),
    ]
    body = text_of(failed, failures, "en", tmp_path)
    assert "shown before" in body and "shown after" in body
    assert "all others went on: ValueError: &lt;b&gt;'a.csv'" in body
    assert "Left out, because it rests on code cell 1, which failed." in body
    assert "/home/jo" not in body and "secret" not in body
    german = text_of(failed, failures, "de", tmp_path)
    assert "Dieser Teil konnte nicht erstellt werden. Codezelle 1 endete mit einem Fehler" in german
    assert "Ausgelassen, weil es auf Codezelle 1 beruht, die fehlgeschlagen ist." in german
    assert [str(note) for note in note_of(failures)] == [
        "1 part of this report could not be made; it says so in its place."
    ]
    assert failed.cells[2].outputs[1].output_type == "error"  # the notebook itself keeps it


def test_after_the_end_of_a_kernel_the_chapter_ends(failed, tmp_path):
    died = Failure("00_first", 2, 4, "two", say("the kernel died, perhaps for want of memory"), ended=True)
    body = text_of(failed, [died], "en", tmp_path)
    assert "the kernel died, perhaps for want of memory. All other chapters are whole." in body
    assert "Third" not in body and "shown after" not in body
    assert "Der Rest dieses Kapitels" in text_of(failed, [died], "de", tmp_path)


def test_nothing_is_said_where_nothing_failed(failed):
    assert told_in_words(failed, [], "en") is failed
    assert note_of([]) == []
