"""The layers of the house: numbers never import pictures, pictures never import hands, nothing points upward."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

import tpm_widgets

PACKAGE = Path(tpm_widgets.__file__).parent

# Lowest first; a module may import its own layer's package and those before it.
ORDER = ["base", "statistics", "study", "as_is", "strategy", "plan", "control", "plots", "hands"]
BASE = {"columns", "errors", "rounding", "language", "results", "about", "attempt", "takeaways", "threads", "steps"}
BASE |= {"visible", "options"}
HANDS = {"widgets", "report", "cli"}
STATISTICS_LIBRARIES = {"numpy", "scipy", "pandas", "statsmodels", "narwhals"}
ARROW = {"batches.py", "batch_reductions.py", "rating_blocks.py"}  # they read tables of any size in batches
NO_NUMBERS = {"matplotlib", "seaborn", "ipywidgets", "anywidget", "IPython", "nbconvert", "nbclient", "typer"}

# What lies in the folder of a step, lowest first: what stands in one line knows nothing of its neighbours.
ROOMS = {
    "statistics": ["estimates", "score regression", "importance association tables"],
    "study": [
        "schema",
        "model",
        "cells",
        "reading",
        "building",
        "make load",
        "check describe proposing samples simulate",
    ],
    "as_is": ["groups ties", "pooled", "score deeds", "recommendations customers_won", "say_do touchpoints"],
    "strategy": ["drivers", "importance compare aims", "trust"],
}
MOST_FILES, MOST_LINES = 20, 320

TESTS = Path(__file__).parent
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def layer_of(part):
    if part in BASE:
        return "base"
    return "hands" if part in HANDS else part


def imported(path):
    """Every module that a file imports, wherever the statement stands."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}: absolute imports only"
            yield from (f"{node.module}.{name.name}" for name in node.names)


def own_and_foreign(path):
    names = list(imported(path))
    own = {name.split(".")[1] for name in names if name.startswith("tpm_widgets.")}
    foreign = {name.split(".")[0] for name in names} - {"tpm_widgets"}
    return own, foreign - set(sys.stdlib_module_names)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_a_module_imports_only_what_lies_below_it(path):
    part = path.relative_to(PACKAGE).parts[0].removesuffix(".py")
    layer = layer_of(part)
    assert layer in ORDER, f"{part} belongs to no layer"
    own, foreign = own_and_foreign(path)
    for other in own - {part}:
        assert ORDER.index(layer_of(other)) <= ORDER.index(layer), f"{path.name} imports {other}, which is above it"
    if layer == "hands":
        assert not own & HANDS - {part} or part == "cli", f"{path.name} imports a neighbour: {own & HANDS - {part}}"
    if layer == "statistics":
        assert own <= {"statistics", "errors", "options", "language"}  # a refusal has to be worded
        assert foreign <= STATISTICS_LIBRARIES | ({"pyarrow"} if path.name in ARROW else set())
    if layer not in ("plots", "hands"):
        assert not foreign & NO_NUMBERS


def parts_of(path):
    return path.relative_to(PACKAGE).with_suffix("").parts


def own_modules(path):
    """The modules of this package that a file imports, each by the folders that it lies in and its name."""
    for name in imported(path):
        parts = tuple(name.split(".")[1:]) if name.startswith("tpm_widgets.") else ()
        yield from (parts[:end] for end in (len(parts), len(parts) - 1) if end > 0 and parts[:end] in KNOWN)


KNOWN = {parts_of(path) for path in MODULES}


@pytest.mark.parametrize("step", ROOMS)
def test_a_room_knows_only_the_rooms_before_it(step):
    height = {room: place for place, rooms in enumerate(ROOMS[step]) for room in rooms.split()}
    inside = [path for path in MODULES if parts_of(path)[0] == step and path.stem != "__init__"]
    assert {parts_of(path)[1] for path in inside} == set(height)
    upward = {
        f"{path.relative_to(PACKAGE)} imports {'.'.join(other)}"
        for path in inside
        for other in own_modules(path)
        if other[0] == step and other[1] != parts_of(path)[1] and height[other[1]] >= height[parts_of(path)[1]]
    }
    assert not upward


@pytest.mark.parametrize("folder", sorted({path.parent for path in MODULES}), ids=lambda path: path.name)
def test_nothing_goes_in_a_circle(folder):
    """Neither modules nor rooms: of what lies in one folder, one thing comes first."""
    inside = folder.relative_to(PACKAGE).parts
    depth = len(inside)
    below = {}
    for path in folder.rglob("*.py"):
        if path != PACKAGE / "__init__.py":
            own = below.setdefault(parts_of(path)[depth], set())
            own |= {other[depth] for other in own_modules(path) if other[:depth] == inside}
    try:
        TopologicalSorter({name: others - {name} for name, others in below.items()}).prepare()
    except CycleError as circle:
        pytest.fail(f"a circle: {' imports '.join(reversed(circle.args[1]))}")


@pytest.mark.parametrize("step", ORDER[1:-2])
def test_pictures_and_tests_have_the_rooms_of_their_step(step):
    def rooms(folder):
        return {path.name for path in folder.iterdir() if path.is_dir() and path.name != "__pycache__"}

    assert rooms(TESTS / step) <= rooms(PACKAGE / step)
    if (PACKAGE / "plots" / step).exists():
        assert rooms(PACKAGE / "plots" / step) <= rooms(PACKAGE / step)
        assert rooms(TESTS / "plots" / step) <= rooms(PACKAGE / "plots" / step)


@pytest.mark.parametrize("tree", [PACKAGE, TESTS], ids=lambda path: path.name)
def test_a_folder_can_be_taken_in_at_a_glance(tree):
    folders = [tree, *(path for path in tree.rglob("*") if path.is_dir() and path.name != "__pycache__")]
    listed = {folder.relative_to(tree): sum(path.is_file() for path in folder.iterdir()) for folder in folders}
    assert not {folder: files for folder, files in listed.items() if files > MOST_FILES}


def test_a_module_can_be_read_in_one_sitting():
    lines = {path.relative_to(PACKAGE): len(path.read_text("utf-8").splitlines()) for path in MODULES}
    assert not {path: count for path, count in lines.items() if count > MOST_LINES}


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_pyplot_is_nowhere(path):
    """It is global state, and since ipykernel 7 the messages of widgets run in a second thread of the kernel."""
    assert not [name for name in imported(path) if "pyplot" in name or name.split(".")[0] == "pylab"]


def test_inner_packages_are_empty_and_those_of_the_steps_only_list_their_names():
    def statements(path):
        _docstring, *others = ast.parse(path.read_text("utf-8")).body
        return [ast.unparse(statement) for statement in others]

    written = {path for path in PACKAGE.rglob("*/__init__.py") if path.read_text("utf-8").strip()}
    assert written == {PACKAGE / step / "__init__.py" for step in ORDER[2:-2]}
    listing = ["from tpm_widgets.steps import list_public_names", "list_public_names(__name__)"]
    assert [path for path in written if statements(path) != listing] == []


def test_modules_are_named_after_what_they_do():
    assert not {path.stem for path in MODULES} & {"utils", "util", "helpers", "helper", "common", "misc", "core"}


def test_the_package_is_imported_quickly():
    """Nothing heavy before it is used, and numbers without widgets."""
    heavy = ["pandas", "numpy", "scipy", "statsmodels", "matplotlib", "seaborn", "ipywidgets", "nbconvert"]
    program = f"import sys, tpm_widgets as tpm; print([name for name in {heavy} if name in sys.modules])"
    program += "; tpm.Study; print([name for name in ('ipywidgets', 'matplotlib', 'IPython') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n[]\n"


def test_every_public_name_is_there():
    assert not [name for name in tpm_widgets.__all__ if getattr(tpm_widgets, name, None) is None]


@pytest.mark.parametrize("name", tpm_widgets.__all__)
def test_a_public_name_says_what_it_is(name):
    assert (getattr(tpm_widgets, name).__doc__ or "").strip()
