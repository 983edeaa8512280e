"""Promoters, passives and detractors where a score is expected: one remedy, and pasted it gives their score."""

import pandas as pd
import pytest

import tpm_widgets as tpm

SHARES = {1: 5, 0: 7, -1: 8}
NUMBERS = "`recommend_scale = [-100, 100]`. With it: `cutoffs = [-100, 0]`. (under [survey])"


@pytest.mark.parametrize(
    ("cells", "remedy"),
    [
        ({1: 100, 0: 0, -1: -100}, f"Another scale? {NUMBERS}"),
        (
            {1: "Promoter", 0: "Passive", -1: "Detractor"},
            "The usual numbers? `words = { Promoter = 100, Passive = 0, Detractor = -100 }`. With it: " + NUMBERS,
        ),
    ],
)
def test_the_remedy_for_classes_gives_their_score(tmp_path, cells, remedy):
    made = [cells[one] for one, count in SHARES.items() for _ in range(count)]
    pd.DataFrame({"nps": made, "shop": [4, 5] * 10}).to_csv(tmp_path / "a.csv", index=False)
    settings = '[survey]\nfile = "a.csv"\nrecommend = "nps"\ntouchpoints = ["shop"]\n'
    (tmp_path / "study.toml").write_text(settings, encoding="utf-8")
    check = tpm.check_study(tmp_path)
    assert set(check.study.problems["remedy"]) == {remedy}
    lines = "".join(f"{line}\n" for line in remedy.split("`")[1::2])
    (tmp_path / "study.toml").write_text(settings + lines, encoding="utf-8")
    study = tpm.load_study(tmp_path)
    assert study.problems.empty
    assert tpm.net_promoter_score(study).table["estimate"][0] == pytest.approx(-3 / 20)


def test_codes_on_both_sides_of_a_scale_are_no_classes():
    frame = pd.DataFrame({"nps": [*range(11), -100, 100] * 2, "shop": 4})
    study = tpm.make_study(frame, recommend="nps", touchpoints=["shop"])
    assert all("cutoffs" not in remedy for remedy in study.problems["remedy"])
