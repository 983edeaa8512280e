"""Small changes to the package that a test should notice: which there are, and a sample of them that stays the same."""

from __future__ import annotations

import ast
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

COMPARED = {
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",), "!=": ("==",),
    "is": ("is not",), "is not": ("is",), "in": ("not in",), "not in": ("in",),
}  # fmt: skip
COMPUTED = {"+": "-", "-": "+", "*": "/", "/": "*", "**": "*", "//": "/", "%": "*", "&": "|", "|": "&", "@": "*"}
JOINED = {"and": "or", "or": "and"}
SIGNS = {
    ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">=", ast.Eq: "==", ast.NotEq: "!=", ast.Is: "is",
    ast.IsNot: "is not", ast.In: "in", ast.NotIn: "not in", ast.Add: "+", ast.Sub: "-", ast.Mult: "*", ast.Div: "/",
    ast.Pow: "**", ast.FloorDiv: "//", ast.Mod: "%", ast.BitAnd: "&", ast.BitOr: "|", ast.MatMult: "@",
    ast.And: "and", ast.Or: "or",
}  # fmt: skip
KEPT_IN_ORDER = {"say", "say_n", "isinstance", "hasattr", "getattr"}
ANY_ORDER = {"min", "max", "np.minimum", "np.maximum", "np.hypot", "np.clip"}
UNTOUCHED = ("annotation", "returns", "decorator_list", "ops")


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: ``old``, at ``start`` to ``end`` (bytes of the file), becomes ``new``."""

    path: str
    scope: str
    line: int
    start: int
    end: int
    old: str
    new: str
    place: int = 0  # among equal changes of one scope

    @property
    def name(self) -> str:
        """How it is called, wherever lines move."""
        return f"{self.path}, {self.scope or 'module'}: {self.old} → {self.new}" + f" ({self.place})" * bool(self.place)

    def planted(self, source: bytes) -> bytes:
        """Return the file's source with the change."""
        return source[: self.start] + self.new.encode() + source[self.end :]


def mutants_of(source: bytes, path: str) -> list[Mutant]:
    """Every change of one module; wording, refusals, annotations and decorators are left as they are."""
    begins = [0]
    for line in source.splitlines(keepends=True):
        begins.append(begins[-1] + len(line))
    found: list[Mutant] = []
    seen: dict[tuple[str, str, str], int] = {}
    for scope, node, new in _changes(ast.parse(source), ""):
        start, end = begins[node.lineno - 1] + node.col_offset, begins[node.end_lineno - 1] + node.end_col_offset
        key = scope, ast.unparse(node), new
        seen[key] = seen.get(key, -1) + 1
        found.append(Mutant(path, scope, node.lineno, start, end, key[1], new, seen[key]))
    return found


def drawn(mutants: Sequence[Mutant], size: int, seed: int = 1) -> list[Mutant]:
    """Draw by a hash of the name: as good as at random, and a change of other code leaves the sample as it is."""
    return sorted(mutants, key=lambda one: hashlib.sha256(f"{seed} {one.name}".encode()).digest())[:size]


def all_mutants(root: Path, step: str) -> list[Mutant]:
    """Return the changes of every module of a step, in the order of their paths."""
    paths = sorted((root / "tpm_widgets" / step).rglob("*.py"))
    return [one for path in paths for one in mutants_of(path.read_bytes(), path.relative_to(root).as_posix())]


def _changes(node: ast.AST, scope: str) -> Iterator[tuple[str, ast.expr, str]]:
    """Walk through the code: in which function, which expression, and what it becomes."""
    if isinstance(node, (ast.JoinedStr, ast.Raise)) or (isinstance(node, ast.keyword) and node.arg == "strict"):
        return  # ``zip`` is strict where lengths are equal
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        scope = f"{scope}.{node.name}".lstrip(".")
    if isinstance(node, ast.Return) and node.value and ast.unparse(node.value) != "None":
        yield scope, node.value, "None"
    if isinstance(node, ast.expr):
        for new in _instead(node):
            yield scope, node, new
    for field, value in ast.iter_fields(node):
        if field not in UNTOUCHED:
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST):
                    yield from _changes(child, scope)


def _instead(node: ast.expr) -> Iterator[str]:
    """Tell what one expression can be changed to."""
    if isinstance(node, ast.Constant):
        yield from _other_values(node.value)
    elif isinstance(node, ast.Compare) and len(node.ops) == 1:
        for sign in COMPARED[SIGNS[type(node.ops[0])]]:
            yield f"(({ast.unparse(node.left)}) {sign} ({ast.unparse(node.comparators[0])}))"
    elif isinstance(node, ast.BinOp) and type(node.op) in SIGNS:
        yield f"(({ast.unparse(node.left)}) {COMPUTED[SIGNS[type(node.op)]]} ({ast.unparse(node.right)}))"
    elif isinstance(node, ast.BoolOp):
        yield "(" + f" {JOINED[SIGNS[type(node.op)]]} ".join(f"({ast.unparse(part)})" for part in node.values) + ")"
    elif isinstance(node, ast.UnaryOp):
        yield f"({ast.unparse(node.operand)})"
    elif isinstance(node, ast.IfExp):
        yield f"({ast.unparse(node.orelse)})"
    elif isinstance(node, ast.Call) and len(node.args) > 1 and not any(isinstance(x, ast.Starred) for x in node.args):
        called = ast.unparse(node.func)
        if called not in KEPT_IN_ORDER | ANY_ORDER and ast.unparse(node.args[0]) != ast.unparse(node.args[1]):
            args = [node.args[1], node.args[0], *node.args[2:], *node.keywords]
            yield f"{called}({', '.join(ast.unparse(part) for part in args)})"


def _other_values(value: object) -> Iterator[str]:
    if isinstance(value, bool):
        yield str(not value)
    elif isinstance(value, int):
        yield from (str(value + 1), f"({value - 1})")
    elif isinstance(value, float):
        yield repr(1.1 * value + 0.1 * (value == 0))
