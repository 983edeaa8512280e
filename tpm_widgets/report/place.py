"""Where a report goes when nobody says where."""

from __future__ import annotations

from pathlib import Path

from tpm_widgets.study.samples import sample_folder

REPORT = "report.html"
MADE_BY_US = '<meta name="generator" content="tpm_widgets'


def usual_place(study_folder: Path) -> Path:
    """Return the folder ``report`` in the study's; for a sample, which lies in the package, one where we stand.

    Raises FileExistsError where a report would take the place of somebody else's file.
    """
    is_sample = study_folder.resolve().parent == sample_folder("insurer").resolve().parent
    folder = Path("report") if is_sample else study_folder / "report"
    there = folder / REPORT
    if there.exists() and MADE_BY_US not in there.read_text(encoding="utf-8", errors="replace")[:4000]:
        raise FileExistsError(str(there))
    return folder
