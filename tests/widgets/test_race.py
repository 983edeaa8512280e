"""Since ipykernel 7 the messages of widgets run in a second thread beside the cells: no picture may be a wrong one.

The bug that this keeps away is JupyterLab's issue 19719: with pyplot in a callback, 3 of 4 runs under load showed
another call's figure.
"""

import sys
from itertools import product
from threading import Thread

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from own_panel import TopShare
from traitlets import Int

import tpm_widgets as tpm
from tpm_widgets.widgets.picture import png

STEPS = 4
ROUNDS = 20


def pair(study, left, right):
    table = pd.DataFrame({"touchpoint": ["left", "right"], "n": [left, right]})
    return TopShare(table=table, settings={"limit": 1.0})


class PairPanel(tpm.Panel):
    left = Int(0, min=0, max=STEPS - 1)
    right = Int(0, min=0, max=STEPS - 1)

    def compute(self):
        return self.call(pair, left=self.left, right=self.right)

    def draw(self, result):
        ax = Figure(figsize=(1, 1)).add_subplot()
        ax.bar([0, 1], result.table["n"])
        ax.set(ylim=(0, STEPS), title=f"{list(result.table['n'])}")
        return ax


@pytest.fixture
def often_switched_threads():
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(interval)


def move_all(panel, moves):
    """Move each slider through its values in a thread of its own, while this one draws as a notebook's cells do."""
    mpl.use("agg")
    from matplotlib import pyplot

    def move(name, values):
        for value in values:
            panel.controls[name].value = value

    threads = [Thread(target=move, args=item) for item in moves.items()]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        pyplot.figure(figsize=(1, 1)).add_subplot().plot([1, 2])
        pyplot.close("all")
    for thread in threads:
        thread.join()


def test_two_fast_sliders_over_a_busy_kernel_never_show_a_wrong_picture(small_study, often_switched_threads):
    panel = PairPanel(small_study)
    pictures = {
        (left, right): png(panel.draw(pair(small_study, left, right)))
        for left, right in product(range(STEPS), repeat=2)
    }
    rng = np.random.default_rng(1)
    for _ in range(ROUNDS):
        left, right = rng.integers(STEPS, size=(2, 2)).tolist()
        move_all(panel, {"left": left, "right": right})
        assert (panel.left, panel.right) == (left[-1], right[-1])
        assert panel.code == f"pair(study, left={left[-1]}, right={right[-1]})"
        assert bytes(panel._picture.value) == pictures[left[-1], right[-1]]


def test_code_and_control_agree_after_both_were_moved_at_once(small_study, often_switched_threads):
    panel = PairPanel(small_study)

    def assign():
        for value in [*range(STEPS)] * 4:
            panel.left = value

    assigning = Thread(target=assign)
    assigning.start()
    move_all(panel, {"left": [*range(STEPS)] * 4})
    assigning.join()
    assert panel.left == panel.controls["left"].value
    assert panel.code == f"pair(study, left={panel.left}, right=0)"
