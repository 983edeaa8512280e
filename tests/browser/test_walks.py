"""One walk through JupyterLab and one through Voilà, with the eyes and the hands of a user."""

from __future__ import annotations

import re

import pytest

import tpm_widgets as tpm
from tpm_widgets.plots.picture import one_line
from tpm_widgets.widgets.picture import png

pytestmark = pytest.mark.browser

STUDY = "tpm.simulate_study(seed=1, respondents=1500, touchpoints=4)"
SETUP = f"import tpm_widgets as tpm\nstudy = {STUDY}"
BUSY = """from time import monotonic
from matplotlib import pyplot
end = monotonic() + 4
while monotonic() < end:  # a kernel that draws its own pictures while sliders are moved
    pyplot.close(pyplot.figure())"""

# Menus race with the session's start, so the command is executed; not awaited, because the last cell is busy.
RUN_ALL = """async () => {
    const lab = window.jupyterapp;
    await lab.restored;
    const notebook = await lab.commands.execute("docmanager:open", {path: "panel.ipynb"});
    await notebook.context.ready;
    await notebook.sessionContext.ready;
    void lab.commands.execute("notebook:run-all-cells");
}"""
BYTES = "async image => Array.from(new Uint8Array(await (await fetch(image.src)).arrayBuffer()))"


@pytest.fixture(scope="module")
def study():
    return tpm.simulate_study(seed=1, respondents=1500, touchpoints=4)


def press(page, slider, key):
    """Move a slider by the keyboard; mouse drags are a matter of luck."""
    handle = page.locator(".noUi-handle").nth(slider)
    handle.focus()
    handle.press(key)


def see(page, code, axes):
    """Wait until the panel shows a call; then the picture, and what is read aloud for it, have to be that call's."""
    page.locator("pre", has_text=re.compile(f"^{re.escape(code)}$")).wait_for()
    image = page.get_by_role("img", name=one_line(axes), exact=True)
    image.wait_for()
    assert bytes(image.evaluate(BYTES)) == png(axes)


@pytest.mark.slow
def test_jupyterlab_two_fast_sliders_over_a_busy_kernel(page, jupyter, study, tmp_path):
    models = "tpm.what_if(tpm.what_if_models(study), "
    with jupyter(
        "jupyterlab",
        [SETUP, "tpm.WhatIfPanel(study)", BUSY],
        "--allow-root",
        "--IdentityProvider.token=",
        "--LabApp.expose_app_in_browser=True",
    ) as address:
        page.goto(f"{address}/lab")
        page.wait_for_function("window.jupyterapp !== undefined")
        page.evaluate(RUN_ALL)
        page.locator("pre", has_text=f"{models}changes={{}}, level=0.95)").wait_for()
        for slider in (0, 1, 0, 1, 0):
            press(page, slider, "ArrowRight")
        changes = dict(zip(study.touchpoint_names, (0.3, 0.2), strict=False))
        see(page, f"{models}changes={changes}, level=0.95)", tpm.plot_what_if(tpm.what_if(study, changes)))
        page.get_by_role("button", name="Reset").click()
        see(page, f"{models}changes={{}}, level=0.95)", tpm.plot_what_if(tpm.what_if(study, {})))
        press(page, 0, "ArrowRight")
        see(
            page,
            f"{models}changes={{{study.touchpoint_names[0]!r}: 0.1}}, level=0.95)",
            tpm.plot_what_if(tpm.what_if(study, {study.touchpoint_names[0]: 0.1})),
        )
        page.screenshot(path=tmp_path / "jupyterlab.png")


def test_voila(page, jupyter, study, tmp_path):
    with jupyter("voila", [SETUP, "tpm.SayDoPanel(study)"], "panel.ipynb") as address:
        page.goto(address)
        see(page, "tpm.say_do(study, window=365, level=0.95)", tpm.plot_say_do(tpm.say_do(study, window=365)))
        press(page, 0, "ArrowLeft")
        see(page, "tpm.say_do(study, window=360, level=0.95)", tpm.plot_say_do(tpm.say_do(study, window=360)))
        assert page.get_by_text("import tpm_widgets").count() == 0
        page.screenshot(path=tmp_path / "voila.png")
