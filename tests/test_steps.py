"""Each step lists its public names, and nothing that was imported before changes what they are."""

import subprocess
import sys
from itertools import combinations
from pydoc import plaintext, render_doc

import pytest

import tpm_widgets as tpm
from tpm_widgets.steps import names_of, public_names

STEPS = ["study", "as_is", "strategy", "plan", "control"]


def after(*statements):
    done = subprocess.run([sys.executable, "-c", "\n".join(statements)], capture_output=True, text=True, check=True)
    return done.stdout


def test_the_one_list_is_that_of_the_package():
    assert sorted([*public_names(), *STEPS]) == dir(tpm)


@pytest.mark.parametrize("step", STEPS)
def test_a_step_lists_its_names_which_are_those_at_the_top(step):
    package = getattr(tpm, step)
    assert dir(package) == sorted(package.__all__) == sorted(names_of(step))
    assert [name for name in dir(package) if getattr(package, name) is not getattr(tpm, name)] == []


def test_a_name_belongs_to_one_step_with_its_picture_and_its_panel():
    assert not [pair for pair in combinations(STEPS, 2) if set(names_of(pair[0])) & set(names_of(pair[1]))]
    assert names_of("plan")[:2] == ["SpendGap", "spend_gap"]
    assert {"say_do", "SayDo", "plot_say_do", "SayDoPanel"} < set(names_of("as_is"))
    around = {name for name in public_names() if not any(name in names_of(step) for step in STEPS)}
    assert around == {
        *("Panel", "PerTouchpoint", "ProgressBar"),
        *(
            "attempt",
            "takeaways",
            "study_questions",
            "StudyQuestions",
            "Result",
            "DataError",
            "set_language",
            "cite",
            "versions",
        ),
    }


def test_another_steps_name_is_not_there():
    with pytest.raises(AttributeError, match=r"^module 'tpm_widgets\.plan' has no attribute 'say_do'$"):
        tpm.plan.say_do


@pytest.mark.parametrize(
    "before",
    ["", "import tpm_widgets.as_is.say_do.found", "from tpm_widgets.as_is.say_do import found", "tpm.say_do"],
    ids=["nothing", "room", "module", "verb"],
)
def test_where_verb_and_room_have_one_name_the_attribute_is_the_verb(before):
    assert after("import tpm_widgets as tpm", before, "print(tpm.as_is.say_do is tpm.say_do)") == "True\n"


def test_a_module_does_not_hide_the_verb_of_its_name():
    alike = [name for name, module in public_names().items() if module == f"tpm_widgets.{name}"]
    assert alike == ["attempt", "takeaways"]
    loaded = [f"import tpm_widgets.{name}" for name in alike]
    assert after("import tpm_widgets as tpm", *loaded, "print(callable(tpm.attempt), callable(tpm.takeaways))") == (
        "True True\n"
    )


def test_rooms_are_imported_by_their_full_names():
    rooms = "from tpm_widgets.as_is import groups", "from tpm_widgets.as_is.say_do.say_do import say_do as verb"
    told = after("import tpm_widgets as tpm", *rooms, "print(groups.__name__, verb is tpm.as_is.say_do)")
    assert told == "tpm_widgets.as_is.groups True\n"


def test_a_step_is_there_at_once_and_loads_nothing_before_it_is_used():
    heavy = "[name for name in ('pandas', 'numpy', 'matplotlib', 'ipywidgets') if name in sys.modules]"
    assert after("import sys, tpm_widgets as tpm", "names = dir(tpm.as_is)", f"print('say_do' in names, {heavy})") == (
        "True []\n"
    )


def test_help_names_the_steps_and_a_step_its_verbs():
    top = plaintext.document(tpm)
    for step in STEPS:
        package = getattr(tpm, step)
        assert f"    {step} " in tpm.__doc__
        assert package.__doc__.partition(": ")[2].rstrip(".") in " ".join(top.split())
    told = render_doc(tpm.plan, renderer=plaintext)
    assert "spend_gap(" in told
    assert "class ActionRanking" in told
