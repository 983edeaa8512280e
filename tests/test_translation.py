"""The German catalogue: complete, and with the same names and formats in braces as the English sentences."""

import ast
import os
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po

import tpm_widgets
from tpm_widgets.language import Names, fields, say, say_n

PACKAGE = Path(tpm_widgets.__file__).parent
TEXTS = {"say": 1, "say_n": 2}


@pytest.fixture(scope="module")
def german():
    with (PACKAGE / "locale" / "de" / "LC_MESSAGES" / "tpm_widgets.po").open("rb") as file:
        return read_po(file, locale="de")


def fields_in(text):
    """The names in braces, each with its format; an unknown format is a ValueError."""
    return {(name, how) for _, name, how in fields(text) if name}


def calls_in(tree):
    """Every call of say and say_n below a node."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in TEXTS:
            yield node


def forms(message):
    """The English and the German wordings of one message."""
    english = message.id if isinstance(message.id, tuple) else (message.id,)
    translated = message.string if isinstance(message.string, tuple) else (message.string,)
    return english, translated


def test_every_sentence_of_the_package_is_in_the_catalogue(german):
    known = {text for message in german for text in forms(message)[0]}
    absent = [
        f"{path.relative_to(PACKAGE)}, line {text.lineno}: {ast.unparse(text)}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for call in calls_in(ast.parse(path.read_text("utf-8")))
        for text in call.args[: TEXTS[call.func.id]]
        # A text that comes from a variable is a sentence made elsewhere; an f-string or a sum never is.
        if isinstance(text, (ast.JoinedStr, ast.BinOp)) or (isinstance(text, ast.Constant) and text.value not in known)
    ]
    assert absent == [], "run: make messages (which finds no sentence inside an f-string)"


def test_every_sentence_is_translated(german):
    assert [message.id for message in german if message.id and (not all(forms(message)[1]) or message.fuzzy)] == []


def lost_and_strange(message):
    """What one of several wordings lacks of its English one, and what it has that no English one has."""
    english, translated = forms(message)
    known = fields_in(" ".join(english))
    for before, after in zip(english, translated, strict=True):
        if after:  # else found by the test above
            yield from fields_in(before) - {("count", "")} - fields_in(after)  # "one" may stand for its number
            yield from fields_in(after) - known


def test_no_name_in_braces_gets_lost_and_every_format_is_the_same(german):
    assert {message.id: found for message in german if (found := [*lost_and_strange(message)])} == {}


@pytest.mark.parametrize(
    "translated, found",
    [
        ("{n:count} Antworten: {rate:percent:0}", []),
        ("{rate:percent:0} der Antworten", [("n", "count")]),
        ("{n:count}: {rate:percent:0} {other}", [("other", "")]),
        ("{n:count}: {rate:percent}", [("rate", "percent:0"), ("rate", "percent")]),
        ("{n}: {rate:percent:0}", [("n", "count"), ("n", "")]),
    ],
)
def test_a_translation_with_other_fields_or_formats_is_found(translated, found):
    message = Message("{rate:percent:0} of {n:count} answers", translated)
    assert [*lost_and_strange(message)] == found


def test_a_translation_with_an_unknown_format_is_found():
    with pytest.raises(ValueError, match=r"^\{rate:prozent\} in '\{rate:prozent\}': the formats are count, "):
        [*lost_and_strange(Message("{rate:percent}", "{rate:prozent}"))]


def test_a_german_reader_gets_german():
    assert say("Contents").text("de") == "Inhalt"
    assert say_n("{count} other", "{count} others", 1).text("de") == "1 weiterer"
    assert say_n("{count} other", "{count} others", 3).text("de") == "3 weitere"


def test_a_sentence_in_a_list_is_read_in_the_language_of_the_list():
    assert Names((say("yes"), "x")).text("de") == "ja und x"


def test_a_sentence_without_translation_is_read_in_english():
    assert say("No catalogue knows {this}.", this="it").text("de") == "No catalogue knows it."


def test_the_catalogue_names_no_machine_and_nobody(german):
    text = (PACKAGE / "locale" / "de" / "LC_MESSAGES" / "tpm_widgets.po").read_text("utf-8")
    assert not re.search(r"@|FULL NAME|ORGANIZATION", text)
    assert str(Path.home()) + os.sep not in text
