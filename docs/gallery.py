"""Every picture with the call that makes it, as one page: ``make gallery`` writes build/gallery.html.

The calls are the examples of the docstrings, so that a new ``plot_…`` function is in the gallery as soon as it has one.
"""

from __future__ import annotations

import ast
from base64 import b64encode
from collections.abc import Iterable
from doctest import DocTestParser
from html import escape
from pathlib import Path
from typing import Any

import tpm_widgets as tpm

PAGE = Path("build/gallery.html")
STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem;color:#1f1f1f}"
    "img{max-width:100%;height:auto}pre{background:#f5f5f5;padding:.7em;overflow-x:auto}section{margin:4rem 0}"
)


def names() -> list[str]:
    """Return all pictures, in the order of the package's reading."""
    from tpm_widgets.steps import public_names  # not on top: the benchmark runs examples of older versions, too

    return [name for name in public_names() if name.startswith("plot_")]


def lines(name: str) -> list[str]:
    """Return the statements of a picture's example; the last is the call that draws it."""
    return [example.source.strip() for example in DocTestParser().get_examples(getattr(tpm, name).__doc__)]


def run(name: str) -> tuple[Any, dict[str, Any]]:
    """Run an example up to the picture: return the result that it draws, and the options."""
    *before, last = lines(name)
    space: dict[str, Any] = {}
    for statement in before:
        exec(statement, space)
    call = ast.parse(last, mode="eval").body
    if not isinstance(call, ast.Call) or ast.unparse(call.func) != f"tpm.{name}":
        raise ValueError(f"The example of {name} must end with a call of it; it ends with {last!r}.")
    options = {str(option.arg): eval(ast.unparse(option.value), space) for option in call.keywords}
    return eval(ast.unparse(call.args[0]), space), options


def section(name: str) -> str:
    """Return one picture: its first sentence, its call, and itself."""
    result, options = run(name)
    bundle, details = getattr(tpm, name)(result, **options)._repr_mimebundle_()
    first = str(getattr(tpm, name).__doc__).split("\n\n")[0]
    data = b64encode(bundle["image/png"]).decode("ascii")
    shown = details["image/png"]
    image = f'<img alt="{escape(shown["alt"])}" width="{shown["width"]}" src="data:image/png;base64,{data}">'
    code = escape("\n".join(lines(name)))
    return f'<section id="{name}"><h2>{name}</h2><p>{escape(first)}</p><pre>{code}</pre>{image}</section>'


def page(pictures: Iterable[str]) -> str:
    """Return one page that needs no other file."""
    pictures = list(pictures)
    contents = " · ".join(f'<a href="#{name}">{name.removeprefix("plot_")}</a>' for name in pictures)
    body = "\n".join(section(name) for name in pictures)
    head = f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title><style>{STYLE}</style>'
    return f"{head}<h1>Which picture shows it?</h1><p>{contents}</p>\n{body}</html>\n"


def main() -> None:
    """Write the page."""
    tpm.set_language("en")
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(names()), encoding="utf-8")
    print(f"Written to {PAGE}.")


if __name__ == "__main__":
    main()
