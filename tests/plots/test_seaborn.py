"""seaborn draws into the axes that it is given: no figure of pyplot, from no thread, and nothing is loaded before."""

import subprocess
import sys
from threading import Thread

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

import tpm_widgets as tpm
from tpm_widgets.plots.forms import bars, cloud

QUIET = """
import sys
import tpm_widgets as tpm
score = tpm.net_promoter_score(tpm.simulate_study(seed=1, respondents=300))
tpm.plot_net_promoter_score(score)
assert not {"seaborn", "matplotlib.pyplot"} & set(sys.modules)
import matplotlib
from matplotlib.figure import Figure
import numpy as np
from tpm_widgets.plots.forms import cloud
before = dict.__getitem__(matplotlib.rcParams, "backend")
cloud(Figure().subplots(), np.arange(3.0), np.arange(3.0), color="k", gid="dots")
import matplotlib.pyplot as plt
assert plt.get_fignums() == []
assert dict.__getitem__(matplotlib.rcParams, "backend") is before  # no backend was chosen
"""


def test_nothing_is_loaded_before_it_is_needed_and_no_backend_is_chosen():
    subprocess.run([sys.executable, "-c", QUIET], check=True, timeout=120)


@pytest.mark.parametrize("name", ["plot_relative_importance", "plot_driver_diagnostics"])
def test_no_figure_is_registered_also_from_a_second_thread(name, result_of):
    import matplotlib.pyplot as plt

    result, drawn = result_of(name), []
    thread = Thread(target=lambda: drawn.append(getattr(tpm, name)(result)))
    thread.start()
    drawn.append(getattr(tpm, name)(result))
    thread.join()
    assert len(drawn) == 2
    assert repr(drawn[0]) == repr(drawn[1])
    assert plt.get_fignums() == []


def test_bars_stand_in_their_rows_and_leave_the_limits():
    ax = Figure().subplots()
    ax.set_ylim(4.5, -0.5)
    bars(ax, np.array([0.0, 2.0, 3.0]), np.array([0.5, np.nan, -0.25]), color="#0072B2", gid="bar")
    drawn = {(bar.get_y() + bar.get_height() / 2, bar.get_width()) for bar in ax.patches}
    assert drawn == {(0.0, 0.5), (3.0, -0.25)}
    assert ax.get_ylim() == (4.5, -0.5)
    assert {matplotlib.colors.to_hex(bar.get_facecolor()) for bar in ax.patches} == {"#0072b2"}
    bars(ax, np.array([1.0]), np.array([np.nan]), color="#0072B2")
    assert len(ax.patches) == 2


def test_a_cloud_is_every_answer_without_a_line():
    ax = Figure().subplots()
    x, y = np.random.default_rng(1).normal(size=(2, 50))
    cloud(ax, x, y, color="#0072B2", gid="dots")
    (dots,) = ax.collections
    assert np.allclose(dots.get_offsets(), np.column_stack([x, y]))
    assert dots.get_gid() == "dots"
    assert not ax.lines
