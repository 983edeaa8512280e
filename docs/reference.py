"""Every public name by step, with its call and the first sentence of its docstring: ``python -m docs.reference``.

It writes docs/reference.md; ``tests/test_reference.py`` fails where that is not up to date.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import tpm_widgets as tpm
from tpm_widgets.steps import names_of, public_names

PAGE = Path(__file__).with_name("reference.md")
STEPS = [name for name in tpm.__all__ if inspect.ismodule(getattr(tpm, name))]
KINDS = ("Verbs", "Results", "Pictures", "Panels")
HEAD = """# Reference

<!-- written by python -m docs.reference -->

Every public name, by step and in the order of the flow. All are used from the top: `import tpm_widgets as tpm`, then
`tpm.net_promoter_score(study)`. `help(tpm.net_promoter_score)` tells everything about one of them, `help(tpm.as_is)`
about a whole step, and `dir(tpm.as_is)` lists what belongs to it."""


def parameters(called: Callable[..., Any]) -> str:
    """Return the parameters as they are written in a call, without the types, whose names are not public."""
    signature = inspect.signature(called)
    bare = [parameter.replace(annotation=inspect.Parameter.empty) for parameter in signature.parameters.values()]
    return str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))


def kind(name: str) -> str:
    """Return the heading under which a name stands."""
    if name.startswith("plot_"):
        return "Pictures"
    if ".widgets." in public_names()[name]:
        return "Panels"
    return "Results" if inspect.isclass(getattr(tpm, name)) else "Verbs"


def first_sentence(public: Any) -> str:
    """Return what a docstring begins with, in Markdown."""
    paragraph = " ".join(inspect.cleandoc(public.__doc__).split("\n\n")[0].split())
    sentence = re.split(r"(?<=[.?!])\s+(?=[A-Z`])", paragraph)[0]
    return re.sub(r":\w+:(?=`)", "", sentence.replace("``", "`"))


def line(name: str) -> str:
    """Return one name: its call, linked to where it is written, and what it is; results are not called but returned."""
    public = getattr(tpm, name)
    call = name if kind(name) == "Results" else f"{name}{parameters(public)}"
    return f"- [`{call}`](../{public_names()[name].replace('.', '/')}.py): {first_sentence(public)}"


def section(title: str, names: Iterable[str]) -> str:
    """Return one step, its names under the headings of their kinds."""
    listed: dict[str, list[str]] = {heading: [] for heading in KINDS}
    for name in names:
        listed[kind(name)].append(line(name))
    blocks = ["\n".join([f"### {heading}", "", *lines]) for heading, lines in listed.items() if lines]
    return "\n\n".join([f"## {title}", *blocks])


def page() -> str:
    """Return the whole page."""
    order = list(public_names())
    steps = sorted(STEPS, key=lambda step: order.index(names_of(step)[0]))
    sections = [
        section(f"`{step}` – {first_sentence(getattr(tpm, step)).rstrip('.')}", names_of(step)) for step in steps
    ]
    others = [name for name in order if not any(name in names_of(step) for step in steps)]
    return "\n\n".join([HEAD, *sections, section("Around the steps", others)]) + "\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    print(f"Written to {PAGE}.")
