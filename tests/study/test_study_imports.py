"""What reading costs: pandera stays off the way to the numbers."""

import subprocess
import sys


def test_the_numbers_do_not_import_the_checks():
    code = "import sys; import tpm_widgets.study.model, tpm_widgets.as_is.nps; sys.exit('pandera' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
