"""Classes that were made of the score are the score where nothing else is; few answers do not tell where scales end."""

import tomllib

import numpy as np
import pandas as pd
import pytest

import tpm_widgets as tpm

SCORE = pd.Series([*range(11)] * 12)
SHOP = pd.Series(np.clip(SCORE // 2, 1, 5), name="shop")
RIGHT = 12 * (2 - 7) / len(SCORE)


def proposed(tmp_path, *columns):
    pd.concat(columns, axis=1).to_csv(tmp_path / "a.csv", index=False)
    proposal = tpm.propose_study(tmp_path / "a.csv")
    (tmp_path / "study.toml").write_text(proposal.toml, encoding="utf-8")
    return tomllib.loads(proposal.toml)["survey"], tpm.check_study(tmp_path)


def classes(low, middle, high, name):
    return pd.Series(np.where(SCORE > 8, high, np.where(SCORE > 6, middle, low)), name=name)


MADE = [
    classes(-100, 0, 100, "NPS"),
    classes(-1, 0, 1, "Weiterempfehlung"),
    classes("Detractor", "Passive", "Promoter", "group"),
    classes("Kritiker", "Indifferent", "Promotor", "NPS-Gruppe"),
]


@pytest.mark.parametrize("made", MADE, ids=[str(made.name) for made in MADE])
def test_classes_alone_are_read_as_what_they_are(tmp_path, made):
    settings, check = proposed(tmp_path, made, SHOP)
    assert settings["recommend"] == made.name
    end = 1 if made.min() == -1 else 100
    assert (settings["recommend_scale"], settings["cutoffs"]) == ([-end, end], [-end, 0])
    assert check.exit_code == 0
    assert tpm.net_promoter_score(check.study).table["estimate"][0] == pytest.approx(RIGHT)


@pytest.mark.parametrize("made", MADE, ids=[str(made.name) for made in MADE])
def test_classes_beside_the_score_play_no_role(tmp_path, made):
    settings, check = proposed(tmp_path, made, SCORE.rename("How likely are you to recommend us?"), SHOP)
    assert settings["recommend"].startswith("How likely")
    assert settings["recommend_scale"] == [0, 10]
    assert tpm.net_promoter_score(check.study).table["estimate"][0] == pytest.approx(RIGHT)


def test_numbers_like_classes_under_another_name_are_none(tmp_path):
    settings, _ = proposed(tmp_path, classes(-1, 0, 1, "trend"), SCORE.rename("NPS"), SHOP)
    assert settings["recommend"] == "NPS"
    assert "cutoffs" not in settings


@pytest.mark.parametrize(("rows", "scale"), [(3, [1, 5]), (60, [1, 4])])
def test_few_ratings_do_not_tell_that_a_scale_ends_with_4(tmp_path, rows, scale):
    rng = np.random.default_rng(1)  # else the file would begin anew after four rows
    score, *ratings = (rng.permutation(np.resize(answers, rows)) for answers in ([0, 4, 5, 3], *[[4, 3, 1, 2]] * 6))
    rated = pd.DataFrame({f"{name} service": answers for name, answers in zip("abcdef", ratings, strict=True)})
    settings, _ = proposed(tmp_path, pd.Series(score, name="Would you recommend us (0-10)?"), rated)
    assert settings["rating_scale"] == scale


def test_few_low_answers_leave_willingness_its_usual_scale(tmp_path):
    settings, _ = proposed(tmp_path, pd.Series([0, 4, 5, 3], name="Would you recommend us?"), SHOP.head(4))
    assert settings["recommend_scale"] == [0, 10]


@pytest.mark.parametrize(
    ("name", "shown", "words"),
    [
        ("Geschlecht (1 = m, 2 = w)", "Geschlecht", ["m", "w"]),
        ("Gender: 1=male, 2=female, 3=diverse", "Gender", ["male", "female", "diverse"]),
        ("Alter [1 = bis 29; 2 = 30-49; 3 = 50-64; 4 = 65+]", "Alter", ["bis 29", "30-49", "50-64", "65+"]),
        ("Kunde seit 1=neu 2=alt", "Kunde seit", ["neu", "alt"]),
    ],
)
def test_codes_that_the_words_over_a_column_name_are_groups(tmp_path, name, shown, words):
    codes = pd.Series(np.resize(np.arange(1, len(words) + 1), len(SCORE)), name=name)
    settings, check = proposed(tmp_path, SCORE.rename("NPS"), SHOP, codes)
    assert settings["segments"] == [name]
    assert settings["labels"] == {name: {shown: {str(place): word for place, word in enumerate(words, start=1)}}}
    assert check.study.segments == (shown,)
    assert tpm.net_promoter_score(check.study, by=shown).table["group"].tolist() == words


@pytest.mark.parametrize(
    "name", ["Shop (1 = schlecht, 5 = gut)", "Shop: 1 = very good, 2 = good, 3 = ok, 4 = bad, 5 = awful"]
)
def test_words_of_good_and_bad_answers_are_no_groups(tmp_path, name):
    settings, _ = proposed(tmp_path, SCORE.rename("NPS"), SHOP.rename(name))
    assert list(settings["touchpoints"]) == [name]
    assert "segments" not in settings
