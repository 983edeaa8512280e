"""The report: one HTML file of all executed notebooks that needs nothing but a browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from nbformat import NotebookNode
from pygments.formatters import HtmlFormatter

from tpm_widgets.language import Language, Sentence, say, say_n, word
from tpm_widgets.report.failures import Failure, note_of, told_in_words
from tpm_widgets.report.present import without_empty_chapters
from tpm_widgets.report.questions import study_questions
from tpm_widgets.report.section import TEMPLATES, Section, make_section
from tpm_widgets.study.cells.faults import loud_sentences
from tpm_widgets.study.model import Study
from tpm_widgets.visible import visible


def make_report(
    study: Study,
    notebooks: Mapping[str, NotebookNode],
    folder: Path,
    language: Language,
    failures: Sequence[Failure] = (),
) -> str:
    """Write the executed notebooks of a study as one HTML page; where a cell failed, a sentence stands in its place.

    The same study and the same outputs give the same page: it bears the hash of the data, not today's date.
    """
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True)
    told = {
        name: present
        for name, notebook in notebooks.items()
        if (present := without_empty_chapters(_in_words(name, notebook, failures, language))) is not None
    }
    code_style = HtmlFormatter(style="default").get_style_defs(".highlight")
    page = environment.get_template("report.html.j2").render(
        language=language,
        title=study.title,
        version=version("tpm_widgets"),
        style=f"{(TEMPLATES / 'report.css').read_text(encoding='utf-8')}\n{code_style}",
        words={name: words.text(language) for name, words in _frame().items()},
        facts=[(term.text(language), word(value, language)) for term, value in _facts(study)],
        notes=[note.text(language) for note in (*note_of(failures), *_notes(study))],
        sections=[
            *(make_section(name, notebook, folder, told, language) for name, notebook in told.items()),
            *_closing(study, language),
        ],
    )
    return visible(page)


def _in_words(name: str, notebook: NotebookNode, failures: Sequence[Failure], language: Language) -> NotebookNode:
    return told_in_words(notebook, [failure for failure in failures if failure.notebook == name], language)


def _closing(study: Study, language: Language) -> list[Section]:
    """Make the closing table: the questions that a study does not answer, and what they need; nothing without any."""
    found = study_questions(study)
    left = [row for answer, *row in found.rows(language) if answer != "answered"]
    if not left:
        return []
    title = say("What can this study not answer yet?").text(language)
    heads = (say("Answer"), say("Question"), say("What would be needed"))
    head = "".join(f'<th scope="col">{escape(words.text(language))}</th>' for words in heads)
    rows = "".join(f"<tr>{''.join(f'<td>{escape(cell)}</td>' for cell in row)}</tr>" for row in left)
    body = (
        f'<div class="prose"><h2>{escape(title)}</h2><p>{escape(found.summary(language))}</p></div>'
        f'<div class="html"><table class="tpm-table"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>'
    )
    return [Section("not-answered", title, (), body)]


def _frame() -> dict[str, Sentence]:
    return {
        "kind": say("Touchpoint report"),
        "contents": say("Contents"),
        "skip": say("Skip to the report"),
        "all_code": say("Show all code"),
    }


def _facts(study: Study) -> list[tuple[Sentence, Any]]:
    """Say of the data what belongs on a title page, with the hash that tells it from any other."""
    facts: list[tuple[Sentence, Any]] = [
        (say("Answers"), len(study.survey)),
        (say("Touchpoints"), len(study.touchpoint_names)),
    ]
    if study.has("survey", "date"):
        dates = study.survey["date"]
        facts.append((say("Answered"), say("{low} to {high}", low=dates.min(), high=dates.max())))
    if study.period.observed_until is not None:
        facts.append((say("Recommendations observed until"), study.period.observed_until))
    return [
        *facts,
        (say("Hash of the data"), study.data_hash),
        (say("Made with"), f"tpm_widgets {version('tpm_widgets')}"),
    ]


def _notes(study: Study) -> list[Sentence]:
    """Say first what a reader has to know of the data: columns that lose much, faults, and how cells were read."""
    found = [*study.doubts, *loud_sentences(study.losses)]
    if study.simulated:
        found.append(say("Simulated, not observed: {tables:list:9}.", tables=study.simulated))
    if study.problems.empty:
        return [*found, *study.remarks]
    return [
        *found,
        say_n(
            "{count} fault in the data was left out; “tpm check” names it.",
            "{count} faults in the data were left out; “tpm check” names them.",
            len(study.problems),
        ),
        *study.remarks,
    ]
