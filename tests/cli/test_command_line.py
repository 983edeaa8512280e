"""What a person at a terminal sees: one message, the right exit code, no traceback, nothing half-written."""

import re
import signal
import subprocess
import time
import tomllib
from asyncio import CancelledError
from importlib.metadata import version
from pathlib import Path

import nbformat
import pytest

from tpm_widgets.report.place import usual_place
from tpm_widgets.report.progress import Progress
from tpm_widgets.study.load import load_study
from tpm_widgets.study.samples import sample_folder


def files(folder):
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))


def break_cells(folder):
    text = (folder / "survey.csv").read_text()
    (folder / "survey.csv").write_text(text.replace("9,5,4", "9,many,4").replace("3,1,2", "3,1,9"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["frob"], "Error: No such command 'frob'."),
        (["rnu"], "Error: No such command 'rnu'. Did you mean 'run'?"),
        (["check"], "Error: Missing argument 'STUDY'."),
        (
            ["check", "nowhere"],
            "Error: Invalid value for 'STUDY': nowhere is no folder and no sample; "
            "the samples: insurer, hotels and software.",
        ),
        (["run", "bakery", "--out", "here", "--frob"], "Error: No such option: --frob"),
        (["run", "bakery", "--out", "file"], "Error: Invalid value for --out: file is a file, not a folder."),
        (
            ["run", "bakery", "--out", "here", "--language", "fr"],
            "Error: Invalid value for --language: language must be one of 'en', 'de'; got 'fr'.",
        ),
        (["new", "mine", "--from", "nowhere"], "Error: Invalid value for '--from': file 'nowhere' does not exist."),
        (
            ["new", "mine", "--sample", "bakery"],
            "Error: Invalid value for --sample: bakery is no sample; there are insurer, hotels and software.",
        ),
        (
            ["new", "mine", "--sample", "insurer", "--from", "file"],
            "Error: Invalid value for --sample: Take either --from or --sample.",
        ),
        (["lab", "nowhere"], "Error: Invalid value for '[DIR]': dir 'nowhere' does not exist."),
    ],
)
def test_a_wrong_call_ends_with_one_message(tpm, tmp_path, study_folder, arguments, message):
    (tmp_path / "file").touch()
    done = tpm(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == message
    assert isinstance(done.exception, SystemExit)  # anything else would be a traceback
    assert not (tmp_path / "here").exists()


def test_without_a_command_it_helps(tpm):
    assert "check  Name every fault in a study's data." in tpm("--help").stdout


def test_check_clean(tpm, study_folder):
    done = tpm("check", "bakery")
    assert (done.exit_code, done.stderr) == (0, "")
    found, questions = done.stdout.split("\n\n")
    assert found == "The study has 6 answers; touchpoints rated: 2. No fault was found."
    first, *lines = questions.splitlines()
    assert first == "Of 17 questions of the notebooks this study answers 3, 1 in part, 13 not."
    assert lines[0] == "answered      What do customers say?"
    assert lines[-1] == "not answered  How far are the goals reached? Needed in study.toml: [goals]."
    assert len(lines) == 17
    assert tpm("check", study_folder / "study.toml").stdout == done.stdout


def test_check_a_sample_by_its_name(tpm):
    found, questions = tpm("check", "insurer").stdout.split("\n\n")
    assert found == "The study has 2,500 answers; touchpoints rated: 18. No fault was found."
    assert questions.startswith("Of 17 questions of the notebooks this study answers 17, 0 in part, 0 not.")


def test_check_names_every_faulty_cell(tpm, study_folder):
    break_cells(study_folder)
    done = tpm("check", "bakery")
    assert (done.exit_code, done.stderr) == (1, "")
    first, second, last = done.stdout.split("\n\n")[0].splitlines()
    assert re.fullmatch(r"survey\.csv, row 2, column 'bread': found 'many', expected .+\. .+", first)
    assert re.fullmatch(r"survey\.csv, row 4, column 'shop': found .+, expected .+\. .+", second)
    assert last.endswith("2 faults were found; cells and rows left out: 2. Everything else is used.")


def test_check_refuses_what_cannot_be_used(tpm, study_folder):
    (study_folder / "survey.csv").write_text("recommend,bread\n9,5\n")
    done = tpm("check", "bakery")
    assert (done.exit_code, done.stderr) == (2, "")
    fault, last = done.stdout.splitlines()
    assert re.fullmatch(r"survey\.csv, column 'shop': expected a column of this name\. .+", fault)
    assert last == "The study cannot be used: 1 fault has to be corrected first."


def test_check_refuses_a_folder_without_settings(tpm, tmp_path):
    done = tpm("check", tmp_path)
    assert done.exit_code == 2
    assert done.stdout.startswith("study.toml: expected a file study.toml in the folder of the study.")


def test_the_command_line_speaks_german(tpm, study_folder, monkeypatch):
    monkeypatch.setenv("TPM_LANGUAGE", "de")
    done = tpm("check", "bakery")
    found, questions = done.stdout.split("\n\n")
    assert found == "Die Studie hat 6 Antworten; bewertete Kontaktpunkte: 2. Es wurde kein Fehler gefunden."
    assert questions.startswith("Von 17 Fragen der Notebooks beantwortet diese Studie 3, 1 teilweise, 13 nicht.")
    assert "nicht beantwortet  Wie weit sind die Ziele erreicht? Nötig in study.toml: [goals]." in questions


NOTEBOOKS = ["00_your_data.ipynb", "deep_dives", "deep_dives/deeper.ipynb", "recipes", "recipes/adding_your_own.ipynb"]


def test_new_with_a_sample_makes_a_study_that_loads_itself(tpm, shipped, tmp_path):
    done = tpm("new", str(tmp_path / "mine"), "--sample", "insurer")
    assert done.exit_code == 0
    assert files(tmp_path / "mine") == [*NOTEBOOKS, "study.toml", "survey.csv"]
    assert load_study(tmp_path / "mine").title == "Bakery <b>& sons</b>"
    first = nbformat.read(tmp_path / "mine" / "00_your_data.ipynb", as_version=4)
    assert first.cells[2].source == 'study = tpm.load_study(".")\nlevel = 0.9'
    deeper = nbformat.read(tmp_path / "mine" / "deep_dives" / "deeper.ipynb", as_version=4)
    assert deeper.cells[2].source == 'study = tpm.load_study("..")'
    mine = tmp_path / "mine"
    assert done.stdout.splitlines() == [
        f"{mine} holds a sample study and the notebooks.",
        "Its data are simulated. Your own data: tpm new DIR --from FILE",
        f"To work in them: tpm lab {mine}",
        f"To make a report: tpm run {mine}",
    ]


def test_every_table_of_a_sample_is_marked_as_simulated(tpm, tmp_path):
    assert tpm("new", "mine", "--sample", "hotels").exit_code == 0
    sections = tomllib.loads((tmp_path / "mine" / "study.toml").read_text("utf-8"))
    assert {name for name, section in sections.items() if "file" in section and not section.get("simulated")} == set()


def test_new_alone_holds_no_data_of_others(tpm, shipped, tmp_path):
    done = tpm("new", "mine")
    assert files(tmp_path / "mine") == [*NOTEBOOKS, "study.toml"]
    assert tomllib.loads((tmp_path / "mine" / "study.toml").read_text("utf-8")) == {"study": {}, "survey": {}}
    assert done.stdout.splitlines() == [
        "mine holds the notebooks, and no data yet.",
        f"Name your file and its columns in {Path('mine') / 'study.toml'}. Next: tpm check mine",
        "To work in them: tpm lab mine",
        "To make a report: tpm run mine",
    ]
    assert tpm("check", "mine").exit_code == 2


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_line_of_the_empty_study_holds_once_it_is_no_comment(tpm, shipped, tmp_path, language):
    assert tpm("new", "mine", "--language", language).exit_code == 0
    settings = (tmp_path / "mine" / "study.toml").read_text("utf-8")
    open_lines = re.sub(r"^# ((?:\[[a-z.]+\]|\w+ = [\"\[\d].*)$)", r"\1", settings, flags=re.MULTILINE)
    open_lines = open_lines.replace("[customers]", "").replace('file = "customers.csv"', "")
    (tmp_path / "mine" / "study.toml").write_text(open_lines.split("[referrals]")[0], encoding="utf-8")
    columns = ["id", "submitted", "year", "weight", "why", "region", "product", "Q1", "Q2_1", "Q2_2"]
    cells = ["1", "2024-03-31", "2024", "1.5", "so", "north", "car", "9", "6", "4"]
    (tmp_path / "mine" / "answers.csv").write_text(f"{','.join(columns)}\n{','.join(cells)}\n", encoding="utf-8")
    study = load_study(tmp_path / "mine")
    assert study.problems.empty
    assert study.labels == {"Shop": "Shop", "Phone": "Phone"}
    assert study.segments == ("region", "product")


def test_new_from_a_file_proposes_its_study(tpm, shipped, tmp_path):
    rows = "".join(f"{number},{number % 11},{1 + number % 5},{1 + number % 4}\n" for number in range(22))
    (tmp_path / "export.csv").write_text(f"No,Would you recommend us?,Shop,Phone\n{rows}", encoding="utf-8")
    done = tpm("new", "mine", "--from", "export.csv")
    assert files(tmp_path / "mine") == [*NOTEBOOKS[:3], "export.csv", *NOTEBOOKS[3:], "study.toml"]
    assert done.stdout.splitlines() == [
        "export.csv: 22 answers; the score is asked in Would you recommend us?, touchpoints rated: 2, groups: none.",
        f"What was proposed, with reasons, stands in {Path('mine') / 'study.toml'}. Next: tpm check mine",
        "To work in them: tpm lab mine",
        "To make a report: tpm run mine",
    ]
    assert load_study(tmp_path / "mine").survey["recommend"].tolist() == [number % 11 for number in range(22)]
    assert tpm("check", "mine").exit_code == 0


def test_new_says_what_it_did_not_understand(tpm, shipped, tmp_path):
    rows = "".join(f"{number % 11},{number * 7 % 11},{1 + number % 5}\n" for number in range(22))
    (tmp_path / "export.csv").write_text(f"recommend A,recommend B,Shop\n{rows}", encoding="utf-8")
    done = tpm("new", "mine", "--from", "export.csv", "--language", "de")
    assert done.stdout.splitlines()[1] == (
        "- Fragt recommend A nach der Weiterempfehlung? Es könnte auch recommend B sein."
    )


def test_new_from_what_is_no_file_leaves_nothing_behind(tpm, shipped, tmp_path):
    (tmp_path / "export.csv").write_bytes(b"")
    done = tpm("new", "mine", "--from", "export.csv")
    assert (done.exit_code, done.stderr) == (
        2, "export.csv: expected a header with the names of the columns. The file is empty: export it again.\n"
    )  # fmt: skip
    assert not (tmp_path / "mine").exists()


def test_new_fills_an_empty_folder_and_refuses_another(tpm, shipped, tmp_path):
    mine = tmp_path / "mine"
    mine.mkdir()
    assert tpm("new", str(mine)).exit_code == 0
    before = files(mine)
    done = tpm("new", str(mine))
    assert (done.exit_code, done.stderr) == (2, f"{mine} is not empty. Name a folder that does not exist yet.\n")
    assert files(mine) == before


def test_new_leaves_nothing_behind_when_there_is_no_permission(tpm, tmp_path):
    done = tpm("new", "/proc/mine")
    assert done.exit_code == 2
    assert re.fullmatch(r"Nothing was written: /proc/.+: .+\n", done.stderr)


def test_run_writes_the_report_of_this_study(tpm, own_server, study_folder, tmp_path, notebook, save):
    own = notebook("# What do I ask?", "open('survey.csv').readline()")
    save(own, study_folder / "my_own.ipynb")
    out = tmp_path / "deep" / "out"
    done = tpm("run", str(study_folder), "--out", str(out))
    assert done.exit_code == 0
    assert files(tmp_path / "deep") == ["out", "out/report.html"]
    report = (out / "report.html").read_text("utf-8")
    assert report.index("Where do we stand?") < report.index("What do I ask?")
    assert "Bakery &lt;b&gt;&amp; sons&lt;/b&gt;" in report
    assert "recommend,bread,shop" in report
    assert str(tmp_path) not in report
    lines = done.stderr.splitlines()
    assert [line.split(" ")[0] for line in lines] == ["[1/2]", "[2/2]"]
    assert {re.sub(r"\d+\.\d", "0.0", line.split(" ", 1)[1]) for line in lines} == {
        "00_your_data  0.0 s",
        "my_own  0.0 s",
    }
    assert done.stdout == f"The report is {out / 'report.html'}: open it in a browser.\n"


def test_run_without_a_folder_writes_beside_the_study_and_replaces_only_its_own(tpm, shipped, study_folder):
    report = study_folder / "report" / "report.html"
    command = ["run", "bakery", "--notebook", "00_your_data"]
    assert [tpm(*command).exit_code for _ in range(2)] == [0, 0]
    assert report.is_file()
    report.write_text("<html>a report that somebody else wrote</html>")
    done = tpm(*command)
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1] == (
        "Error: Invalid value for --out: bakery/report/report.html is not a report of this program. "
        "Name another folder."
    )
    assert report.read_text() == "<html>a report that somebody else wrote</html>"


def test_the_report_of_a_sample_lies_where_one_stands(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert usual_place(sample_folder("insurer")) == Path("report")


def test_it_tells_its_version(tpm):
    assert tpm("--version").stdout == f"tpm_widgets {version('tpm_widgets')}\n"


def test_run_in_german(tpm, shipped, study_folder):
    assert tpm("run", "bakery", "--out", "out", "--language", "de").stdout.startswith("Der Bericht ist out/report.html")
    assert "Kontaktpunkt-Bericht" in (study_folder.parent / "out" / "report.html").read_text("utf-8")


def test_run_says_that_faulty_cells_are_left_out(tpm, shipped, study_folder, tmp_path):
    break_cells(study_folder)
    done = tpm("run", str(study_folder), "--out", str(tmp_path / "out"))
    assert done.exit_code == 0
    said = f"2 faults in the data are left out; named by: tpm check {study_folder}"
    assert done.stderr.splitlines()[0] == said


def test_run_of_one_notebook_and_of_an_unknown_one(tpm, shipped, study_folder, tmp_path):
    command = ["run", str(study_folder), "--out", str(tmp_path / "out"), "--notebook"]
    done = tpm(*command, "more")
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1] == (
        "Error: Invalid value for --notebook: more is no notebook; there are 00_your_data and deeper."
    )
    assert tpm(*command, "deeper").exit_code == 0
    assert "How is it done?" in (tmp_path / "out" / "report.html").read_text("utf-8")


def test_run_on_unusable_data_starts_nothing(tpm, shipped, study_folder, tmp_path):
    (study_folder / "survey.csv").unlink()
    done = tpm("run", str(study_folder), "--out", str(tmp_path / "out"))
    assert done.exit_code == 2
    assert "survey.csv" in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_no_notebook_is_named(tpm, shipped, study_folder, tmp_path):
    (study_folder / "broken.ipynb").write_text("no notebook")
    done = tpm("run", str(study_folder), "--out", str(tmp_path / "out"))
    assert (done.exit_code, done.stderr) == (
        2,
        "broken.ipynb is not a notebook. Repair it, or take it out of the folder.\n",
    )


def test_a_failing_cell_costs_its_own_part_only(tpm, shipped, study_folder, tmp_path, notebook, save):
    failing = notebook(
        "# Why?",
        "print('before')",
        "level = 2\nraise ValueError('level must be below 1.')",
        "level = 3\nprint('after')",
    )
    save(failing, study_folder / "failing.ipynb")
    out = tmp_path / "out"
    out.mkdir()
    (out / "report.html").write_text("older")
    command = ["run", str(study_folder), "--out", str(out)]
    done = tpm(*command)
    assert done.exit_code == 3
    assert done.stderr.splitlines()[2:] == [
        "failing, code cell 2 (level = 2): ValueError: level must be below 1.",
        f"It says where a part failed; all else is written. With the error: {out / 'failing.failed.ipynb'}.",
    ]
    assert done.stdout == f"The report is {out / 'report.html'}: open it in a browser.\n"
    assert files(out) == ["failing.failed.ipynb", "report.html"]
    report = (out / "report.html").read_text("utf-8")
    for said in (
        "Where do we stand?",
        "before",
        "after",
        "1 part of this report could not be made; it says so in its place.",
        "This part could not be made. Code cell 2 ended with an error, all others went on: "
        "ValueError: level must be below 1.",
    ):
        assert said in report
    kept = nbformat.read(out / "failing.failed.ipynb", as_version=4)
    assert kept.cells[2].outputs[0].ename == "ValueError"

    save(notebook("# Why?", "print('mended')"), study_folder / "failing.ipynb")
    assert tpm(*command).exit_code == 0
    assert files(out) == ["report.html"]


def test_a_notebook_kept_with_its_error_is_not_run(tpm, shipped, study_folder, notebook, save):
    save(notebook("# Why?", "1 / 0"), study_folder / "failing.ipynb")
    assert [tpm("run", study_folder, "--out", study_folder).exit_code for _ in range(2)] == [3, 3]
    assert (study_folder / "failing.failed.ipynb").exists()
    assert not (study_folder / "failing.failed.failed.ipynb").exists()


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_nothing(study_folder, tmp_path, notebook, save, tpm_program, sent):
    waiting = notebook("# Why?", "open('started', 'w').close()\nimport time; time.sleep(60)")
    save(waiting, study_folder / "waiting.ipynb")
    command = [tpm_program, "run", study_folder, "--out", tmp_path / "out", "--notebook", "waiting"]
    process = subprocess.Popen(list(map(str, command)), stderr=subprocess.PIPE, text=True)
    deadline = time.monotonic() + 60
    while not (study_folder / "started").exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    process.send_signal(sent)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 130
    assert errors.splitlines()[-1] == "Interrupted. Nothing was written."
    assert "Traceback" not in errors
    assert files(tmp_path) == [
        "bakery",
        "bakery/started",
        "bakery/study.toml",
        "bakery/survey.csv",
        "bakery/waiting.ipynb",
    ]


class Terminal(list):
    write = list.append

    def isatty(self):
        return True

    def flush(self):
        pass


def test_at_a_terminal_the_cells_are_counted(monkeypatch):
    monkeypatch.setenv("COLUMNS", "30")
    seen = Terminal()
    progress = Progress(seen)
    with progress.notebook("01_as_is", 2) as tell_first, progress.notebook("02_strategy", 2) as tell_second:
        tell_first(3, 12)
        tell_second(10, 40)
    assert seen[:2] == ["\r\x1b[K01_as_is 3/12", "\r\x1b[K01_as_is 3/12  02_strategy 10"]  # it must not wrap
    assert re.fullmatch(r"\r\x1b\[K\[1/2\] 02_strategy  0\.\d s\n01_as_is 3/12", seen[2])
    assert re.fullmatch(r"\r\x1b\[K\[2/2\] 01_as_is  0\.\d s\n", seen[3])


def test_of_a_notebook_that_is_given_up_nothing_is_told():
    seen = Terminal()
    with pytest.raises(CancelledError), Progress(seen).notebook("01_as_is", 2) as tell_cell:
        tell_cell(3, 12)
        raise CancelledError
    assert seen == ["\r\x1b[K01_as_is 3/12", "\r\x1b[K"]
