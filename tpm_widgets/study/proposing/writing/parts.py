"""Which files and sheets are read: those that are put together, and what is left out, with the line that takes it."""

from __future__ import annotations

import shlex

from tpm_widgets.language import say, say_n
from tpm_widgets.study.proposing.opening import Opened
from tpm_widgets.study.proposing.roles import Roles
from tpm_widgets.study.proposing.writing.draft import Draft, line


def write_parts(draft: Draft, opened: Opened) -> None:
    """Write which files and sheets are read, and ask about others that have the same columns."""
    parts = opened.parts
    if opened.part is not None:
        draft.comment(
            say(
                "{parts:all} have the same columns and are read together; the column {column} says which a row is of.",
                parts=parts,
                column=opened.part,
            )
        )
    files = list(parts) if opened.kind == "file" and opened.part is not None else opened.raw.file
    draft.set("file", files)
    if opened.kind == "sheet" and parts:
        draft.set("sheet", list(parts) if opened.part is not None else parts[0])
    if opened.copies:
        question = say_n(
            "{copies:all} is not read, because its rows stand in {parts:list}, too. Is that wrong?",
            "{copies:all} are not read, because their rows stand in {parts:list}, too. Is that wrong?",
            len(opened.copies),
            copies=opened.copies,
            parts=parts or (opened.raw.file,),
        )
        draft.ask(question, line(opened.kind, [*(parts or (opened.raw.file,)), *opened.copies]))
    if opened.beside:
        command = [
            "tpm",
            "new",
            "DIR",
            *(word for name in (opened.raw.file, *opened.beside) for word in ("--from", name)),
        ]
        draft.ask(
            say_n(
                "{others:all} lies beside {file} and has the same columns. Is it of the same survey? It is not read; "
                "all together: {command}",
                "{others:all} lie beside {file} and have the same columns. Are they of the same survey? They are not "
                "read; all together: {command}",
                len(opened.beside),
                others=opened.beside,
                file=opened.raw.file,
                command=shlex.join(command),
            )
        )
    for name in opened.strange:
        question = say("{file} has other columns and is not read. Of what is it? Name it in a section.", file=name)
        draft.ask(question, "[customers]", line("file", name))


def write_numbers_anew(draft: Draft, roles: Roles) -> None:
    """Ask whether numbers that begin anew in each part are of the same persons; as long as that is open, of nobody."""
    for name in roles.anew:
        draft.ask(
            say(
                "{column} has the same numbers in several of the files or sheets. Are they the same persons, who "
                "answered again? They are taken for others.",
                column=name,
            ),
            line("wave", str(roles.part)),
            line("respondent", name),
        )
        if name in ("respondent", "customer"):
            draft.set(name, "")
