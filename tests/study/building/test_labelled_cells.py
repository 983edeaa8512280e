"""Labels where they were not read before: stars of reviews, words for no answer in groups."""

import pandas as pd
import pytest

import tpm_widgets as tpm

ANSWERS = pd.DataFrame({"nps": [9, 8, 3, 10, 7, 6] * 2, "shop": [5, 4, 1, 5, 3, 2] * 2})


@pytest.mark.parametrize(
    ("cells", "stars"),
    [
        (["★★★★", "★☆☆☆☆", "★★★★★"], [4, 1, 5]),
        (["4/5", "1/5", "5/5"], [4, 1, 5]),
        (["4 stars", "1 star", "5 stars"], [4, 1, 5]),
        (["4 von 5", "1 von 5", None], [4, 1, None]),
    ],
)
def test_the_stars_of_reviews_in_labels(cells, stars):
    reviews = pd.DataFrame({"date": "2024-03-01", "platform": "Map", "stars": cells})
    study = tpm.make_study(ANSWERS, recommend="nps", touchpoints=["shop"], reviews=reviews)
    assert study.problems.empty
    assert [None if pd.isna(one) else one for one in study.reviews["stars"]] == stars
    assert any("read by the number in" in sentence.text("en") for sentence in study.remarks)


def test_stars_on_another_scale_and_what_is_no_label():
    reviews = pd.DataFrame({"date": "2024-03-01", "platform": "Map", "stars": ["8/10", "3/10", "fine"]})
    study = tpm.make_study(
        ANSWERS, recommend="nps", touchpoints=["shop"], reviews=reviews, scales={"reviews": {"stars": (1, 10)}}
    )
    assert study.reviews["stars"].tolist()[:2] == [8, 3]
    assert study.problems["value"].tolist() == ["fine"]


@pytest.mark.parametrize("segments", [["region"], []])
def test_a_code_that_is_labelled_no_answer_is_no_group(tmp_path, segments):
    import pyreadstat

    frame = ANSWERS.astype(float).assign(region=[1.0, 1.0, 1.0, 2.0, 2.0, 0.0] * 2)
    labels = {"region": {0.0: "no answer", 1.0: "South", 2.0: "North"}}
    pyreadstat.write_sav(frame, tmp_path / "a.sav", variable_value_labels=labels)
    settings = f'[study]\nmin_group = 1\n[survey]\nfile = "a.sav"\nrecommend = "nps"\nsegments = {segments}\n'
    (tmp_path / "study.toml").write_text(settings, encoding="utf-8")
    table = tpm.net_promoter_score(tpm.load_study(tmp_path), by="region").table
    assert table["group"].tolist() == ["South", "North"]
    assert table["n"].tolist() == [6, 4]


def test_own_words_for_no_answer_are_no_group(tmp_path):
    text = "nps,shop,region\n" + "9,5,0\n8,4,1\n7,4,2\n3,1,1\n" * 3
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    settings = (
        '[study]\nmin_group = 1\n[survey]\nfile = "a.csv"\nrecommend = "nps"\ntouchpoints = ["shop"]\n'
        'segments = ["region"]\n[survey.labels.region]\n0 = "keine Angabe"\n1 = "North"\n2 = "South"\n'
    )
    (tmp_path / "study.toml").write_text(settings, encoding="utf-8")
    assert tpm.net_promoter_score(tpm.load_study(tmp_path), by="region").table["group"].tolist() == ["North", "South"]
