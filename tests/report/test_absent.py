"""What is kept away is not loaded, and comes when it is asked for afterwards."""

import subprocess
import sys

import pytest

from tpm_widgets.report.absent import WEB_ADDRESSES, seemingly_absent


def loaded(*lines):
    """Which of the libraries a fresh Python has loaded after these lines."""
    program = [
        *lines,
        "import sys",
        f"print(*[name for name in ('nbformat', {WEB_ADDRESSES!r}) if name in sys.modules])",
    ]
    return subprocess.run([sys.executable, "-c", "\n".join(program)], capture_output=True, text=True, check=True).stdout


def test_a_report_can_be_made_without_grammars_of_web_addresses():
    away = f"from tpm_widgets.report.absent import *\nwith seemingly_absent({WEB_ADDRESSES!r}):"
    assert loaded(f"{away} import tpm_widgets.report.run, tpm_widgets.report.starter") == "nbformat\n"


def test_afterwards_it_can_be_imported(monkeypatch):
    monkeypatch.delitem(sys.modules, "colorsys", raising=False)
    with seemingly_absent("colorsys"), pytest.raises(ImportError):
        import colorsys
    import colorsys

    with seemingly_absent("colorsys"):  # loaded already: it stays
        import colorsys as again
    assert again is colorsys
