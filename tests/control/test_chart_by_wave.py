"""A chart of answers that carry no date: their waves are its periods."""

import numpy as np
import pandas as pd

import tpm_widgets as tpm


def study_of(waves, folder):
    scores = np.tile([10, 9, 8, 3, 7, 10], 3)
    frame = pd.concat([pd.DataFrame({"q": scores, "year": wave, "desk": 4}) for wave in waves])
    frame.to_csv(folder / "answers.csv", index=False)
    ends = "".join(f"[waves.{wave}]\nstart = {wave}-05-01\nend = {wave}-05-31\n" for wave in waves)
    (folder / "study.toml").write_text(
        f'[survey]\nfile = "answers.csv"\nrecommend = "q"\nwave = "year"\ntouchpoints = ["desk"]\n{ends}'
    )
    return tpm.load_study(folder)


def test_waves_are_the_periods_in_the_order_of_time(tmp_path):
    chart = tpm.control_chart(study_of([2021, 2022, 2023, 2024, 2025], tmp_path))
    assert chart.table["period"].tolist() == ["2021", "2022", "2023", "2024", "2025"]
    assert chart.settings["period"] == "wave"
    words = [caveat.text("en") for caveat in chart.caveats]
    assert words[0] == "The answers carry no date, so their waves are the periods."
    assert not any("too few to tell" in caveat for caveat in words)


def test_with_too_few_waves_it_says_so(tmp_path):
    chart = tpm.control_chart(study_of([2023, 2024], tmp_path))
    assert len(chart.table) == 2
    words = [caveat.text("en") for caveat in chart.caveats]
    assert words[1:3] == [
        "Only 2 waves: too few to tell what is usual.",
        "A chart takes 4 and later ones to judge; compare_waves tests two.",
    ]
