"""The study.toml of a study that has no data yet: how to name one's own files and columns, and nothing else."""

from __future__ import annotations

from tpm_widgets.language import say
from tpm_widgets.study.proposing.writing.draft import Draft, line


def blank_study() -> str:
    """Return a study.toml in which every line is still a comment."""
    draft = Draft()
    draft.comment(
        say(
            "A study of your own. Put the export of your survey beside this file, name it and its columns here, "
            "and take away "
            "the # before each line that holds for you. Nothing has to be renamed in the export."
        )
    )
    draft.comment(say("A proposal for an export is written by: tpm new DIR --from FILE."))
    draft.section("study")
    draft.comment(line("title", "…"))
    draft.section("survey")
    draft.comment(say("The file as it was exported: CSV, Excel, SPSS (.sav) or Parquet."))
    draft.comment(line("file", "answers.csv"))
    draft.comment(say("The question how likely it is that somebody would recommend you, and its scale."))
    draft.comment(line("recommend", "Q1"))
    draft.comment(line("recommend_scale", [0, 10]))
    draft.comment(say("The scale of the ratings, and the codes for “never used” and “no answer”, if there are any."))
    draft.comment(line("rating_scale", [1, 5]))
    draft.comment(line("not_experienced", [6]))
    draft.comment(line("no_answer", [99]))
    draft.comment(say("What else the survey knows, as far as it does; groups are compared."))
    for role, column in (
        ("respondent", "id"),
        ("date", "submitted"),
        ("wave", "year"),
        ("weight", "weight"),
        ("text", "why"),
    ):
        draft.comment(line(role, column))
    draft.comment(line("segments", ["region", "product"]))
    draft.blank()
    draft.comment("[survey.touchpoints]")
    draft.comment(say("Column = name of the touchpoint, which is shown everywhere and can be changed."))
    draft.comment(line("Q2_1", "Shop"))
    draft.comment(line("Q2_2", "Phone"))
    draft.blank()
    draft.comment(say("Customers and their recommendations, if they are recorded: a section and a file each."))
    draft.comment("[customers]")
    draft.comment(line("file", "customers.csv"))
    draft.comment("[referrals]")
    draft.comment(line("file", "referrals.csv"))
    return draft.text()
