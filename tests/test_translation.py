"""The German catalogue: complete, and with the same names in braces as the English sentences."""

import ast
import os
import re
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import tpm_widgets
from tpm_widgets.language import say, say_n

PACKAGE = Path(tpm_widgets.__file__).parent
KEYWORDS = {"say": (1,), "say_n": (1, 2)}


@pytest.fixture(scope="module")
def german():
    with (PACKAGE / "locale" / "de" / "LC_MESSAGES" / "tpm_widgets.po").open("rb") as file:
        return read_po(file, locale="de")


def names_in(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def calls_in(tree):
    """Every call of say and say_n below a node."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            yield node


def forms(message):
    """The English and the German wordings of one message."""
    english = message.id if isinstance(message.id, tuple) else (message.id,)
    translated = message.string if isinstance(message.string, tuple) else (message.string,)
    return english, translated


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_every_sentence_can_be_found_for_translation(path):
    """Extraction reads literal texts, and none inside an f-string."""
    tree = ast.parse(path.read_text("utf-8"))
    inside = [call for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for call in calls_in(node)]
    assert [f"line {call.lineno}: {call.func.id} inside an f-string" for call in inside] == []
    for call in calls_in(tree):
        for text in call.args[: len(KEYWORDS[call.func.id])]:
            reworded = isinstance(text, ast.Attribute) and text.attr == "template"  # of a sentence made elsewhere
            assert reworded or isinstance(text, ast.Constant), (
                f"line {call.lineno}: {ast.unparse(text)} is no literal text"
            )


def test_every_sentence_of_the_package_is_in_the_catalogue(german):
    found = extract_from_dir(str(PACKAGE), [("**.py", "python")], keywords=KEYWORDS)
    sentences = {text[0] if isinstance(text, tuple) else text for _, _, text, _, _ in found}
    known = {forms(message)[0][0] for message in german if message.id}
    assert sorted(sentences - known) == [], "run: make messages"


def test_every_sentence_is_translated(german):
    assert [message.id for message in german if message.id and (not all(forms(message)[1]) or message.fuzzy)] == []


def test_no_name_in_braces_gets_lost(german):
    for message in german:
        english, translated = forms(message)
        for before, after in zip(english, translated, strict=True):
            if not after:
                continue  # found by the test above
            assert names_in(after) <= names_in(" ".join(english)), message.id
            assert names_in(before) - {"count"} <= names_in(after), message.id  # "one" may stand for its number


def test_a_german_reader_gets_german():
    assert say("Contents").text("de") == "Inhalt"
    assert say_n("{count} other", "{count} others", 1).text("de") == "1 weiterer"
    assert say_n("{count} other", "{count} others", 3).text("de") == "3 weitere"


def test_a_sentence_without_translation_is_read_in_english():
    assert say("No catalogue knows {this}.", this="it").text("de") == "No catalogue knows it."


def test_the_catalogue_names_no_machine_and_nobody(german):
    text = (PACKAGE / "locale" / "de" / "LC_MESSAGES" / "tpm_widgets.po").read_text("utf-8")
    assert not re.search(r"@|FULL NAME|ORGANIZATION", text)
    assert str(Path.home()) + os.sep not in text
