"""The reference lists every public name once, in its step, and is what the docstrings say today."""

import re

import pytest

import tpm_widgets as tpm
from docs.reference import PAGE, STEPS, first_sentence, page
from tpm_widgets.steps import names_of

LINE = re.compile(r"^- \[`(\w+)(?:\(.*\))?`\]\((.+?)\): (.+)$", re.MULTILINE)


def test_the_reference_is_up_to_date():
    assert PAGE.read_text("utf-8") == page(), "python -m docs.reference writes it anew"


def test_every_public_name_stands_there_once_and_links_to_its_module():
    lines = LINE.findall(page())
    assert sorted([*(name for name, _, _ in lines), *STEPS]) == dir(tpm)
    assert [(name, link) for name, link, _ in lines if f"{name}" not in (PAGE.parent / link).read_text("utf-8")] == []


def test_the_steps_stand_in_the_order_of_the_flow_each_with_its_names():
    parts = re.split(r"^## `?(\w+)", page(), flags=re.MULTILINE)
    titles, contents = parts[1::2], parts[2::2]
    assert titles == ["study", "as_is", "strategy", "plan", "control", "Around"]
    for step, content in zip(titles[:-1], contents[:-1], strict=True):
        assert sorted(name for name, _, _ in LINE.findall(content)) == sorted(names_of(step))
    assert "### Verbs\n\n- [`spend_gap(study, drivers=None)`](../tpm_widgets/plan/budget.py): Tell which" in contents[3]


@pytest.mark.parametrize(
    ("docstring", "sentence"),
    [
        ("Tell the score.", "Tell the score."),
        ("Tell the\n    score. Then more.\n\n    Notes", "Tell the score."),
        ("A score; see :func:`score`.", "A score; see `score`."),
        ("Made by ``load``, e.g. from files.", "Made by `load`, e.g. from files."),
    ],
)
def test_the_first_sentence_of_a_docstring_is_taken(docstring, sentence):
    def public():
        pass

    public.__doc__ = docstring
    assert first_sentence(public) == sentence
