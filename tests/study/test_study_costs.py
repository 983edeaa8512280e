"""What reading costs: pandera stays off the way to the numbers, and a million answers take seconds."""

import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm


def test_the_numbers_do_not_import_the_checks():
    code = "import sys; import tpm_widgets.study.model, tpm_widgets.as_is.nps; sys.exit('pandera' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.slow
def test_a_million_answers_on_twenty_touchpoints():
    rng = np.random.default_rng(1)
    rows, names = 1_000_000, [f"q{number}" for number in range(20)]
    answers = pd.DataFrame(rng.integers(0, 7, (rows, 20)), columns=names)
    answers = answers.assign(nps=rng.integers(0, 11, rows), id=np.arange(rows), group=rng.choice(["a", "b"], rows))
    begin = time.process_time()
    study = tpm.make_study(
        answers,
        recommend="nps",
        touchpoints=names,
        respondent="id",
        segments=["group"],
        not_experienced=[6],
        no_answer=[0],
    )
    assert time.process_time() - begin < 10  # measured: 2 s
    assert study.problems.empty
    np.testing.assert_array_equal(study.ratings["q7"], answers["q7"].where(answers["q7"].between(1, 5)))
