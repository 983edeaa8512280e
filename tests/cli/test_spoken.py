"""The command line speaks one language: its help, its refusals, and what it finds."""

import re

import pytest

from tpm_widgets.language import current_language

ENGLISH = re.compile(r"\b(?:the|and|is|are|of|for|or|with|found|expected|row|Usage|Options|Error|Show|Try)\b")
NAMES = r"report\.html|“report”|study\.toml|Exit-Code|--[a-z-]+|tpm lab DIR --port=8889"


@pytest.fixture
def german(monkeypatch):
    monkeypatch.setenv("TPM_LANGUAGE", "de_AT.UTF-8")


@pytest.mark.parametrize("command", [[], ["new"], ["check"], ["run"], ["lab"]])
def test_help_in_german_has_no_english_word(tpm, german, command):
    done = tpm(*command, "--help")
    assert done.exit_code == 0
    assert done.stdout.startswith("Aufruf: tpm")
    assert "Diese Hilfe zeigen und enden." in done.stdout
    assert ENGLISH.findall(re.sub(NAMES, "", done.stdout)) == []


def test_help_in_english_is_as_it_was(tpm):
    told = tpm("run", "--help").stdout
    assert told.startswith("Usage: tpm run [OPTIONS]")
    assert "\n\n  Exit code: 0 whole" in told


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["rnu"], "Fehler: Es gibt keinen Befehl 'rnu'. Meinten Sie 'run'?"),
        (["check"], "Fehler: 'STUDY' fehlt."),
        (["run", "hotels", "--frob"], "Fehler: Es gibt keine Option --frob"),
        (["new", "mine", "--from", "nowhere"], "Fehler: Falscher Wert für '--from': 'nowhere' gibt es nicht."),
    ],
)
def test_refusals_in_german(tpm, german, arguments, message):
    done = tpm(*arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.splitlines()[-1] == message
    assert ENGLISH.findall(done.stderr) == []


def test_faults_in_german(tpm, german, study_folder):
    text = (study_folder / "survey.csv").read_text()
    (study_folder / "survey.csv").write_text(text.replace("3,1,2", "3,1,9"))
    told = tpm("check", "bakery", "--cells").stdout.splitlines()[0]
    assert re.match(r"survey.csv, Zeile \d+, Spalte '\w+': gefunden: '9', erwartet: eine Zahl von 1 bis 5\.", told)


@pytest.mark.parametrize(("asked", "count"), [("fr", 1), ("Deutsch", 0), ("en_GB", 0), ("", 0)])
def test_another_language_is_told_once_and_english_is_taken(tpm, study_folder, monkeypatch, asked, count):
    monkeypatch.setenv("TPM_LANGUAGE", asked)
    done = tpm("check", "bakery")
    assert done.stderr.count(f"TPM_LANGUAGE is {asked}; there are en and de. English is taken.\n") == count
    assert done.exit_code == 0
    assert current_language() == ("de" if asked == "Deutsch" else "en")
