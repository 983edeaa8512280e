"""Nothing depends on the order in which a processor, a file system or a set hands out its things, nor on a locale.

NumPy sorts with the widest vectors that a processor has, and an unstable sort leaves ties in an order of its own on
each of them; folders and sets are listed in no order at all; and a text file without a named encoding is read as the
locale has it.
"""

import ast

import pytest

from tests.test_layers import MODULES, PACKAGE

LISTINGS = {"iterdir", "glob", "rglob", "listdir", "scandir", "walk"}
# What is asked of a listing or a set there does not depend on its order.
ORDERLESS = {"sorted", "any", "all", "len", "set", "frozenset", "get_close_matches", "min", "max", "sum"}


def name_of(call):
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def is_stable(call):
    by = next((word.value for word in call.keywords if word.arg == "by"), call.args[0] if call.args else None)
    several = isinstance(by, ast.List) and len(by.elts) > 1  # pandas sorts by several columns stably
    values_only = name_of(call) == "sort_values" and not call.args and not call.keywords  # equal ones are one
    return several or values_only or any(ast.unparse(word) == "kind='stable'" for word in call.keywords)


def reads_or_writes_text(call):
    """Whether a file is opened as text."""
    if isinstance(call.func, ast.Attribute) and name_of(call) in ("read_text", "write_text"):
        return True
    modes = [part.value for part in ast.walk(call) if isinstance(part, ast.Constant) and part.value in ("r", "w", "a")]
    return (
        name_of(call) == "open" and (isinstance(call.func, ast.Name) or bool(modes)) and "b'" not in ast.unparse(call)
    )


def problems(tree):
    """Line and fault, for everything whose order is not the same everywhere."""
    above = {child: node for node in ast.walk(tree) for child in ast.iter_child_nodes(node)}

    def within(node, calls):
        while not isinstance(node, ast.stmt):
            node = above[node]
            if isinstance(node, ast.Call) and name_of(node) in calls:
                return True
        return False

    for node in ast.walk(tree):
        if isinstance(node, (ast.For, ast.comprehension)) and isinstance(node.iter, (ast.Set, ast.SetComp)):
            if not within(node, ORDERLESS):
                yield node.iter.lineno, "a set has no order: sort it"
        elif isinstance(node, ast.Call):
            name, owner = name_of(node), ast.unparse(getattr(node.func, "value", node.func))
            if name in ("argsort", "sort_values") and not is_stable(node):
                yield node.lineno, "ties come in the processor's order: say kind='stable'"
            elif name in ("partition", "argpartition") and owner == "np" and not within(node, {"sort"}):
                yield node.lineno, "what it returns comes in the processor's order: sort it"
            elif name in LISTINGS and not within(node, ORDERLESS):
                yield node.lineno, "a folder has no order: sort what is listed"
            elif reads_or_writes_text(node) and "utf-8" not in ast.unparse(node):
                yield node.lineno, "letters are read and written as the locale has it: say encoding='utf-8'"


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.relative_to(PACKAGE).as_posix())
def test_order_is_everywhere_the_same(path):
    assert list(problems(ast.parse(path.read_text("utf-8")))) == []


@pytest.mark.parametrize(
    ("line", "is_fault"),
    [
        ("np.argsort(x)", True),
        ("np.argsort(x, kind='stable')", False),
        ("table.sort_values('p')", True),
        ("table.sort_values(['p', 'n'])", False),
        ("x[np.argpartition(x, 3)[:3]]", True),
        ("x[np.sort(np.argpartition(x, 3)[:3])]", False),
        ("[f for f in path.glob('*')]", True),
        ("sorted(f for f in path.glob('*'))", False),
        ("[f for f in {1, 2}]", True),
        ("'a-b'.partition('-')", False),
        ("path.read_text()", True),
        ("path.open('w')", True),
        ("path.read_text('utf-8')", False),
        ("open(path, 'rb')", False),
    ],
)
def test_the_rule_itself(line, is_fault):
    assert bool(list(problems(ast.parse(line)))) is is_fault
